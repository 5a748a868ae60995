"""The related views below the form of a record: those of its page, on every edit page that stands by itself."""

from collections.abc import Sequence
from typing import Any

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import CompactCRUDMixin, ModelView, Rejected, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import customer_views, site_of
from tests.web.sent_form import sent_form
from tests.web.site import Site
from tests.web.test_related import tabs
from tests.web.test_templates import Document

EDIT = "/admin/countryview/edit/1"
SHOW = "/admin/countryview/show/1"
NORWEGIANS = ["Customer 000", "Customer 002", "Customer 004"]
TWO = ["BuyerView", "VisitorView"]
ONLY_FIRST: dict[str, Any] = {"base_filters": [["name", FilterEqual, "Customer 000"]]}


def _site(
    make_host: MakeHost, names: Sequence[str], *bases: type[Any], country: dict[str, Any] | None = None, **options: Any
) -> Site:
    """A country with customers, each of these views showing them; `options` are those of the last."""

    def declare(site: Site) -> list[type[Any]]:
        views = customer_views(site, names, **options)
        own = {"datamodel": SQLAInterface(site.models.Country), "related_views": views, **(country or {})}
        return [*views, type("CountryView", (*bases, ModelView), own)]

    return site_of(make_host, declare)


def _rows(answer: TestResponse) -> list[str]:
    return [cell.text for cell in Document(answer.text).all("th", scope="row")]


def _related(page: Document) -> list[str | None]:
    return [section.get("id") for section in page.all("section") if "ab-related" in section.get("class")]


@pytest.mark.databases
def test_what_belongs_to_a_record_is_listed_below_its_form(make_host: MakeHost) -> None:
    admin = _site(make_host, TWO, **ONLY_FIRST).admin()
    answer, shown = admin.get(EDIT), admin.get(SHOW)
    assert _rows(answer) == _rows(shown) == NORWEGIANS
    assert _related(Document(answer.text)) == ["related"]
    for one in (answer, shown):
        assert tabs(Document(one.text)) == {
            "Buyer (3)": "?related=buyerview#related",
            "Visitor (1)": "?related=visitorview#related",
        }
        assert 'href="/admin/buyerview/edit/1"' in one.text
    assert _rows(admin.get(f"{EDIT}?related=visitorview")) == NORWEGIANS[:1]


def test_nothing_of_it_is_sent_with_the_form(make_host: MakeHost) -> None:
    text = _site(make_host, TWO).admin().get(EDIT).text
    assert text.index('class="ab-related"') > text.index("</form>", text.index('class="ab-form"'))
    assert set(sent_form(text, EDIT)) == {"csrf_token", "_fields", "_loaded", "_shown", "name"}


@pytest.mark.parametrize("names", [TWO[:1], TWO], ids=len)
def test_they_cost_below_a_form_what_they_cost_below_a_record(
    make_host: MakeHost, count_statements: CountStatements, names: Sequence[str]
) -> None:
    admin = _site(make_host, names).admin()
    admin.get(EDIT)
    with count_statements() as seen:
        admin.get(EDIT)
    # Who asks and the record; the rows, which are few; the numbers of all others.
    assert len(seen) == 2 + 1 + len(names) - 1, seen


def test_a_save_does_not_read_them(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host, TWO).admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    body["name"] = "Sweden"
    with count_statements() as seen:
        assert admin.client.post(EDIT, data=body).status_code == 302
    assert not [text for text in seen.texts if "FROM customer" in text]


def test_a_view_that_the_person_may_not_open_is_left_out(make_host: MakeHost) -> None:
    site = _site(make_host, TWO)
    site.user("olga", ("can_edit", "CountryView"), ("can_list", "VisitorView"))
    site.user("hugo", ("can_edit", "CountryView"))
    answer = site.sign_in("olga").get(f"{EDIT}?related=buyerview")
    assert (_rows(answer), "Buyer" in answer.text) == (NORWEGIANS, False)
    assert _related(Document(site.sign_in("hugo").get(EDIT).text)) == []


@pytest.mark.databases
@pytest.mark.parametrize("name", ["", "Spain"], ids=["not valid", "refused by the database"])
def test_a_form_that_comes_back_has_them_too(make_host: MakeHost, name: str) -> None:
    admin = _site(make_host, TWO).admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    body["name"] = name
    answer = admin.client.post(EDIT, data=body)
    assert (answer.status_code, _rows(answer)) == (422, NORWEGIANS)
    assert sent_form(answer.text, EDIT)["name"] == name


def test_a_form_that_is_stale_or_has_expired_has_them_too(make_host: MakeHost) -> None:
    admin = _site(make_host, TWO).admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    body["name"] = "Sweden"
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    answer = admin.client.post(EDIT, data={**body, "csrf_token": "old"}, headers=headers)
    assert (answer.status_code, _rows(answer)) == (400, NORWEGIANS)
    assert admin.send(EDIT, name="Denmark").status_code == 302
    answer = admin.client.post(EDIT, data=body)
    assert (answer.status_code, _rows(answer)) == (409, NORWEGIANS)


def test_a_record_that_is_not_the_persons_to_see_any_more_has_none_and_what_was_typed_is_there(
    make_host: MakeHost,
) -> None:
    gone: list[int] = []

    def scope(view: Any, query: Any, user: Any) -> Any:
        return query.where(view.datamodel.model.name != "Norway") if gone else query

    def pre_update(view: Any, item: Any) -> None:
        gone.append(item.id)
        raise Rejected("Too late.")

    admin = _site(make_host, TWO, country={"scope": scope, "pre_update": pre_update}).admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    body["name"] = "Sweden"
    answer = admin.client.post(EDIT, data=body)
    assert (answer.status_code, _related(Document(answer.text))) == (422, [])
    assert sent_form(answer.text, EDIT)["name"] == "Sweden"


def test_a_form_in_a_dialog_and_one_of_a_new_record_have_none(make_host: MakeHost) -> None:
    admin = _site(make_host, TWO).admin()
    assert _related(Document(admin.get(f"{EDIT}?_related=1").text)) == []
    body = sent_form(admin.get(f"{EDIT}?_related=1").text, EDIT)
    assert _related(Document(admin.client.post(EDIT, data={**body, "name": ""}).text)) == []
    assert _related(Document(admin.get("/admin/countryview/add").text)) == []


def test_a_form_beside_a_list_has_none(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host, TWO, CompactCRUDMixin).admin()
    with count_statements() as seen:
        answer = admin.get("/admin/countryview/list/edit/1")
    assert (answer.status_code, _related(Document(answer.text))) == (200, [])
    assert not [text for text in seen.texts if "FROM customer" in text]
    assert _related(Document(admin.get(EDIT).text)) == ["related"]


@pytest.mark.parametrize(
    ("country", "script"),
    [
        ({}, "related.js"),
        ({"edit_fieldsets": [("A", {"fields": ["name"], "tab": "One"})]}, "record_fields.js"),
    ],
    ids=["plain", "tabs"],
)
def test_they_open_in_place_below_a_form_that_does_not_move_itself(
    make_host: MakeHost, country: dict[str, Any], script: str
) -> None:
    assert f"/{script}" in _site(make_host, TWO, country=country).admin().get(EDIT).text
