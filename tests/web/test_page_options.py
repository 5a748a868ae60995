"""Labels, help and formatters of one page alone come before those of all pages."""

from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Site

PAGES: dict[str, Any] = {
    "list": {"label_columns": {"name": "L-name"}, "formatters_columns": {"email": lambda _value: "L-hidden"}},
    "show": {
        "label_columns": {"name": "S-name"},
        "description_columns": {"name": "S-help"},
        "formatters_columns": {"name": lambda value: f"S-{value}"},
    },
    "add": {"label_columns": {"name": "A-name"}, "description_columns": {"name": "A-help"}},
    "edit": {"label_columns": {"email": "E-email"}},
}


def page_site(make_host: MakeHost, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        attributes = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "email"],
            "show_columns": ["name", "email"],
            "add_columns": ["name", "email"],
            "edit_columns": ["name", "email"],
            "search_columns": ["name", "email"],
            "label_columns": {"name": "Any-name", "email": "Any-email"},
            "description_columns": {"name": "Any-help"},
            "formatters_columns": {"email": lambda _value: "Any-hidden"},
            "page_options": PAGES,
            **options,
        }
        return [type("CustomerView", (ModelView,), attributes)]

    return site_of(make_host, declare)


@pytest.mark.parametrize(
    ("path", "has", "lacks"),
    [
        ("list/", ("L-name", "Any-email", "L-hidden"), ("Any-name", "Any-hidden", "S-name")),
        ("filter", ("L-name", "Any-email"), ("Any-name",)),
        (
            "show/1",
            ("S-name", "S-help", "Any-email", "Any-hidden", "S-Customer 00"),
            ("Any-name", "L-hidden", "Any-help"),
        ),
        ("add", ("A-name", "A-help", "Any-email"), ("Any-name", "Any-help")),
        ("edit/1", ("Any-name", "Any-help", "E-email"), ("A-name", "Any-email")),
    ],
)
def test_a_page_has_its_own_words_and_those_of_all_for_the_rest(
    make_host: MakeHost, path: str, has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    page = page_site(make_host).admin().get(f"/admin/customerview/{path}")
    assert page.status_code == 200
    assert [text for text in has if text not in page.text] == []
    assert [text for text in lacks if text in page.text] == []


@pytest.mark.parametrize("is_hidden", [True, False])
def test_what_the_list_hides_stands_in_no_address_of_its_pages(make_host: MakeHost, is_hidden: bool) -> None:
    pages = {"list" if is_hidden else "show": {"formatters_columns": {"email": lambda _value: "hidden"}}}
    site = page_site(make_host, formatters_columns={}, page_size=2, page_sizes=[2], page_options=pages)
    page = site.admin().get("/admin/customerview/list/?sort=email").text
    assert ("after=" in page) is not is_hidden


def test_what_the_list_hides_is_not_found_by_the_search_over_all_views(make_host: MakeHost) -> None:
    found = page_site(make_host, formatters_columns={}).admin().get("/admin/search?q=example").text
    assert "Customer 00" in found
    assert "c1@" not in found


def test_a_duplicate_takes_nothing_that_the_records_page_hides(make_host: MakeHost) -> None:
    columns = {"show_columns": ["name", "since"], "add_columns": ["name", "since"]}
    site = page_site(make_host, exclude_route_methods=["edit"], **columns)
    url = "/admin/customerview/add"
    form = sent_form(site.admin().get(f"{url}?_from=1").text, url)
    assert (form["name"], form["since"][:4]) == ("", "2024")
