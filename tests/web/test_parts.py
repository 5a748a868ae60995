"""Groups of fields that stand in tabs: all in one page, each with its own fields and the number of its errors."""

import re
from typing import Any

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Site

ADD, EDIT, SHOW = (f"/admin/customerview/{page}" for page in ("add", "edit/3", "show/3"))
GROUPS = [
    (None, {"tab": "Person", "fields": ["name"]}),
    ("Billing", {"tab": "Money", "fields": ["email"]}),
    ("Top", {"fields": ["status"]}),
    (None, {"tab": "Person", "fields": ["since", "notes"]}),
]


def _site(make_host: MakeHost, groups: Any = GROUPS, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        pages = dict.fromkeys(("show_fieldsets", "add_fieldsets", "edit_fieldsets"), groups)
        attributes = {"datamodel": SQLAInterface(site.models.Customer), **pages, **options}
        return [type("CustomerView", (ModelView,), attributes)]

    return site_of(make_host, declare)


def _links(page: str) -> list[tuple[str, str]]:
    nav = re.search(r"<nav [^>]*data-tabs.*?</nav>", page, re.S)
    return re.findall(r'href="#(part-\d)"[^>]*>\s*(.*?)\s*</a>', nav[0], re.S) if nav else []


def test_a_form_has_its_tabs_below_each_other_and_links_to_them(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    for url in (ADD, EDIT):
        page = admin.get(url).text
        assert _links(page) == [("part-1", "Person"), ("part-2", "Money")]
        assert [name for name in sent_form(page, url) if not name.startswith("_") and name != "csrf_token"] == [
            "status",
            "name",
            "since",
            "notes",
            "email",
        ]
        assert (
            page.index('id="status"') < page.index('id="part-1"') < page.index('id="notes"') < page.index('id="part-2"')
        )


def test_the_page_of_a_record_has_them_too(make_host: MakeHost) -> None:
    page = _site(make_host).admin().get(SHOW).text
    assert _links(page) == [("part-1", "Person"), ("part-2", "Money")]
    assert page.index('id="part-2"') < page.index("c2@example.org")


def test_a_tab_tells_how_many_of_its_fields_have_errors(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    answer = admin.client.post(ADD, data={**sent_form(admin.get(ADD).text, ADD), "name": "", "since": "never"})
    assert answer.status_code == 422
    assert [label.replace("\n", "") for _anchor, label in _links(answer.text)] == [
        'Person <span class="ab-danger-text">(2 faults)</span>',
        "Money",
    ]


def test_one_tab_alone_needs_no_links(make_host: MakeHost) -> None:
    site = _site(make_host, can_access_field=lambda _view, _user, column, _action: column != "email")
    page = site.admin().get(EDIT).text
    assert _links(page) == []
    assert "Money" not in page


def test_a_page_without_tabs_is_as_it_was(make_host: MakeHost) -> None:
    page = _site(make_host, [("Person", {"fields": ["name"]})]).admin().get(EDIT).text
    assert "ab-tab" not in page
    assert "record.js" in page
