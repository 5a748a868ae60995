"""From a row of a form to the records that it points to: links for who may go there, and choices brought anew."""

import re
from typing import Any

import pytest

from appbuilder_lite.filters import FilterEqual
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.order_lines import EDIT, ROWS, lines, order_site, send, sent_of, shown
from tests.web.site import Site

NEW = "/admin/productview/add?_related=1"


def ways(page: str, row: str) -> dict[str, str]:
    """Words -> address, of the links that a row shows."""
    found = re.search(rf'data-relation="{ROWS}-{row}-product".*?</div>', page, re.DOTALL)
    links = re.findall(r'<a href="([^"]*)"([^>]*)>.*?<span class="ab-vh">([^<]*)</span></a>', found[0] if found else "")
    return {words: url for url, attributes, words in links if not attributes.endswith(" hidden")}


def edit_of(key: int) -> str:
    return f"/admin/productview/edit/{key}?_related=1"


def product_site(make_host: MakeHost, limit: int = 100, **product_view: Any) -> Site:
    return order_site(make_host, product_view=product_view, config={"APPBUILDER_CHOICES_LIMIT": limit})


@pytest.mark.parametrize("limit", [100, 1])
def test_each_row_leads_to_a_new_record_and_to_its_own(make_host: MakeHost, limit: int) -> None:
    page = product_site(make_host, limit).admin().get(EDIT).text
    assert ways(page, "0") == {"New product": NEW, "Edit product": edit_of(1)}
    assert ways(page, "1") == {"New product": NEW, "Edit product": edit_of(2)}
    assert ways(page, "2") == ways(page, "new") == {"New product": NEW}
    assert page.count('data-pattern="/admin/productview/edit/{key}?_related=1"') == 4


def test_links_of_rows_lead_only_where_the_person_may_go(make_host: MakeHost) -> None:
    site = product_site(make_host)
    own = [("can_edit", "OrderView"), ("can_list", "ProductView")]
    for name, further in {"olga": (), "ada": ("can_add",), "ed": ("can_edit",)}.items():
        site.user(name, *own, *((permission, "ProductView") for permission in further))
    found = {name: site.sign_in(name).get(EDIT).text for name in ("olga", "ada", "ed")}
    assert {name: set(ways(page, "0")) for name, page in found.items()} == {
        "olga": set(),
        "ada": {"New product"},
        "ed": {"Edit product"},
    }
    assert "data-relation=" not in found["olga"]
    assert "Update choices" not in found["olga"]
    assert "Update choices" in found["ada"]


def test_rows_of_a_model_without_a_view_have_no_links(make_host: MakeHost) -> None:
    assert "data-relation=" not in order_site(make_host).admin().get(EDIT).text


def test_a_row_that_cannot_be_changed_leads_nowhere(make_host: MakeHost) -> None:
    only_second = {"can_edit_item": lambda _view, _user, item: item.id == 2}
    page = order_site(make_host, line_view=only_second, product_view={}).admin().get(EDIT).text
    assert ways(page, "0") == {}
    assert set(ways(page, "1")) == {"New product", "Edit product"}


@pytest.mark.parametrize("limit", [100, 1])
@pytest.mark.parametrize(
    "view",
    [
        {"can_edit_item": lambda _view, _user, item: item.id == 2},
        {"base_filters": [["id", FilterEqual, 2]]},
    ],
    ids=["item", "scope"],
)
def test_a_record_that_the_person_may_not_edit_has_no_link_in_a_row(
    make_host: MakeHost, view: dict[str, Any], limit: int
) -> None:
    page = product_site(make_host, limit, **view).admin().get(EDIT).text
    assert set(ways(page, "0")) == {"New product"}
    assert ways(page, "1")["Edit product"] == edit_of(2)


@pytest.mark.parametrize("limit", [100, 1])
@pytest.mark.parametrize("view", [{}, {"base_filters": [["id", FilterEqual, 2]]}], ids=["all", "scope"])
def test_the_links_of_many_rows_cost_no_more_statements_than_those_of_one(
    make_host: MakeHost, view: dict[str, Any], limit: int
) -> None:
    site = product_site(make_host, limit, **view)
    admin = site.admin()
    for url in (EDIT, "/admin/orderview/edit/2"):
        admin.get(url)
    with statements() as few:
        admin.get("/admin/orderview/edit/2")
    with statements() as many:
        assert len(re.findall("data-relation=", admin.get(EDIT).text)) == 4
    assert len(many) == len(few), many.texts


def test_what_was_typed_into_rows_comes_back_with_the_new_choices(make_host: MakeHost) -> None:
    site = product_site(make_host)
    admin = site.admin()
    form = shown(admin)
    with site.app.app_context():
        site.db.session.add(site.models.Product(id=50, name="Zither"))
        site.db.session.commit()
    form["_update"] = f"{ROWS}-2-product"
    answer = send(admin, form, r0={"quantity": "42"}, r2={"product": "50", "note": "new"})
    assert answer.status_code == 200
    assert "ab-error" not in answer.text
    back = sent_of(answer)
    assert (back[f"{ROWS}-0-quantity"], back[f"{ROWS}-2-product"], back[f"{ROWS}-2-note"]) == ("42", "50", "new")
    assert ways(answer.text, "2")["Edit product"] == edit_of(50)
    assert ways(answer.text, "new") == {"New product": NEW}
    assert lines(site) == [(1, 5), (2, 7)]


def test_a_forged_key_leads_nowhere_from_a_row(make_host: MakeHost) -> None:
    site = product_site(make_host, base_filters=[["id", FilterEqual, 2]])
    admin = site.admin()
    form = shown(admin)
    form["_update"] = f"{ROWS}-2-product"
    answer = send(admin, form, r2={"product": "3"})
    assert "Plum" not in answer.text
    assert set(ways(answer.text, "2")) == {"New product"}
