"""Fields that look for records: above the limit of choices, in forms and in filters, with scripts and without."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual, FilterStartsWith
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Site

ADD = "/admin/orderview/add"
CHOICES = "/admin/orderview/choices/add/customer"


def _view(site: Site, model: str, **options: Any) -> type[ModelView]:
    return type(f"{model}View", (ModelView,), {"datamodel": SQLAInterface(getattr(site.models, model)), **options})


def look_up_site(make_host: MakeHost, customers: dict[str, Any] | None = None, **orders: Any) -> Site:
    """A site whose orders look for their 30 customers, and whose customers for their tags."""

    def declare(site: Site) -> list[type[Any]]:
        options = {"list_columns": ["name"], "search_columns": ["name", "email"], **(customers or {})}
        return [_view(site, "Order", **orders), _view(site, "Customer", **options), _view(site, "Tag")]

    return site_of(make_host, declare, rows=30, APPBUILDER_CHOICES_LIMIT=1)


def names(answer: TestResponse) -> list[str]:
    """The names in an answer to a script."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return [choice["name"] for choice in found["choices"]]


def boxes(page: str, name: str = "customer") -> dict[str, bool]:
    """Name -> whether it is chosen, of what a look-up offers on a page."""
    found = re.findall(rf'name="{name}" value="[^"]*"( checked)?><label for="[^"]*">([^<]*)</label>', page)
    return {label: bool(checked) for checked, label in found}


def test_above_the_limit_a_relation_is_looked_for(make_host: MakeHost) -> None:
    page = look_up_site(make_host).admin().get(ADD).text
    assert f'data-look-up="{CHOICES}"' in page
    assert 'name="customer-find"' in page
    assert boxes(page) == {}


def test_scripts_find_records_by_all_of_the_words_in_any_searched_column(make_host: MakeHost) -> None:
    admin = look_up_site(make_host).admin()
    assert names(admin.get(f"{CHOICES}?q=customer+c11")) == ["Customer 011"]
    assert names(admin.get(f"{CHOICES}?q=c7@example")) == ["Customer 007"]
    assert names(admin.get(f"{CHOICES}?q=nobody")) == []
    assert admin.get(f"{CHOICES}?q=007").json == {"choices": [{"key": "8", "name": "Customer 007"}], "more": False}


def test_what_is_found_comes_page_by_page_in_the_order_of_the_list(make_host: MakeHost) -> None:
    admin = look_up_site(make_host, {"base_order": ("name", "desc")}).admin()
    first, second = admin.get(CHOICES), admin.get(f"{CHOICES}?page=2")
    assert (first.get_json()["more"], second.get_json()["more"]) == (True, False)
    assert [*names(first), *names(second)] == [f"Customer {number:03}" for number in range(29, -1, -1)]
    assert names(admin.get(f"{CHOICES}?page=3")) == []


@pytest.mark.parametrize("page", ["0", "-1", "x", "101", "9" * 5000])
def test_a_page_that_cannot_be_is_told(make_host: MakeHost, page: str) -> None:
    assert look_up_site(make_host).admin().get(f"{CHOICES}?page={page}").status_code == 400


@pytest.mark.parametrize("words", ["x" * 501, "a\0b"])
def test_words_that_nobody_types_are_told(make_host: MakeHost, words: str) -> None:
    answer = (
        look_up_site(make_host).admin().client.get(CHOICES, query_string={"q": words.encode("utf-8", "surrogatepass")})
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["number", "nothing", "customer_id", "id"])
def test_there_is_nothing_to_look_for_in_other_columns(make_host: MakeHost, name: str) -> None:
    assert look_up_site(make_host).admin().get(f"/admin/orderview/choices/add/{name}").status_code == 404


def test_a_look_up_costs_one_statement(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = look_up_site(make_host).admin()
    admin.get(CHOICES)
    with count_statements() as seen:
        assert len(names(admin.get(f"{CHOICES}?q=customer"))) == 20
    assert len(seen) == 2, seen.texts


def test_only_records_of_the_scope_are_found(make_host: MakeHost) -> None:
    admin = look_up_site(make_host, {"base_filters": [["country_id", FilterEqual, 1]]}).admin()
    assert names(admin.get(f"{CHOICES}?q=00")) == [f"Customer 00{number}" for number in range(0, 10, 2)]
    assert admin.send(ADD, number="B1", customer="2").status_code == 422
    assert admin.send(ADD, number="B1", customer="1").status_code == 302


def test_the_filters_of_a_form_limit_what_is_found(make_host: MakeHost) -> None:
    only = {"customer": [["name", FilterStartsWith, "Customer 00"]]}
    admin = look_up_site(make_host, add_form_query_rel_fields=only).admin()
    assert names(admin.get(f"{CHOICES}?q=1")) == ["Customer 001"]
    assert len(names(admin.get("/admin/orderview/choices/edit/customer?q=1"))) > 1


def test_a_column_that_the_person_does_not_meet_is_not_searched(make_host: MakeHost) -> None:
    def access(_view: Any, user: Any, column: str, _action: str) -> bool:
        return column != "email" or user.username == "admin"

    site = look_up_site(make_host, {"can_access_field": access})
    site.user("olga", ("can_add", "OrderView"), ("can_list", "CustomerView"))
    assert names(site.admin().get(f"{CHOICES}?q=c7@example")) == ["Customer 007"]
    olga = site.sign_in("olga")
    assert names(olga.get(f"{CHOICES}?q=c7@example")) == []
    assert names(olga.get(f"{CHOICES}?q=007")) == ["Customer 007"]


def test_who_may_not_list_the_records_types_a_key(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    site.user("olga", ("can_add", "OrderView"))
    olga = site.sign_in("olga")
    page = olga.get(ADD).text
    assert "data-look-up" not in page
    assert "The record&#39;s key." in page
    assert olga.get(CHOICES).status_code == 404


def test_each_way_asks_for_the_permission_of_its_form(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    site.user("olga", ("can_add", "OrderView"), ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    codes = {way: olga.get(f"/admin/orderview/choices/{way}/customer").status_code for way in ("add", "edit", "list")}
    assert codes == {"add": 200, "edit": 403, "list": 403}
    answer = site.app.test_client().get(CHOICES, headers={"Accept": "application/json"})
    assert answer.status_code == 401


def test_a_model_without_a_view_is_searched_by_what_names_its_records(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        named = {"label_columns_of": {"customer": ("name",)}}
        return [_view(site, "Order", **named), type("BareView", (_view(site, "Order"),), {})]

    admin = site_of(make_host, declare, rows=30, APPBUILDER_CHOICES_LIMIT=1).admin()
    assert names(admin.get(f"{CHOICES}?q=007")) == ["Customer 007"]
    assert names(admin.get(f"{CHOICES}?q=c7@example")) == []
    assert admin.get("/admin/bareview/choices/add/customer").status_code == 404


def test_without_scripts_the_form_comes_back_with_what_was_found(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    admin = site.admin()
    page = admin.send(ADD, number="B1", **{"customer-find": "00", "customer-found": "", "_find": "1:customer"})
    assert page.status_code == 200
    assert 'name="number" value="B1"' in page.text
    assert 'name="customer-find" value="00"' in page.text
    assert boxes(page.text) == {f"Customer 00{number}": False for number in range(10)}
    assert site.count(site.models.Order) == 30
    chosen = {"customer-find": "00", "customer-found": "00"}
    assert admin.send(ADD, number="B1", customer="8", **chosen).status_code == 302
    assert site.count(site.models.Order) == 31


def test_without_scripts_further_ones_are_a_button_away(make_host: MakeHost) -> None:
    admin = look_up_site(make_host).admin()
    first = admin.send(ADD, **{"customer-find": "customer", "_find": "1:customer"}).text
    assert 'name="_find" value="2:customer"' in first
    sent = {"customer-find": "customer", "customer-found": "customer", "_find": "2:customer"}
    second = admin.send(ADD, **sent).text
    assert list(boxes(second)) == [f"Customer {number:03}" for number in range(20, 30)]
    assert 'name="_find" value="3:customer"' not in second
    assert "Customer 000" in admin.send(ADD, **{**sent, "customer-found": "other words"}).text


def test_words_that_nobody_looked_for_are_looked_for_before_a_save(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    admin = site.admin()
    page = admin.send(ADD, number="B1", **{"customer-find": "007"})
    assert (page.status_code, list(boxes(page.text))) == (200, ["Customer 007"])
    edit = "/admin/orderview/edit/1"
    unchanged = {"customer": "1", "customer-find": " Customer  000", "customer-found": ""}
    assert admin.send(edit, number="A7", **unchanged).status_code == 302
    page = admin.send(edit, number="A8", **{**unchanged, "customer-find": "007"})
    assert (page.status_code, boxes(page.text)) == (200, {"Customer 000": True, "Customer 007": False})
    with site.app.app_context():
        assert site.db.session.get(site.models.Order, 1).number == "A7"


def test_a_button_of_no_field_saves_nothing(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    assert site.admin().send(ADD, number="B1", customer="1", _find="1:nothing").status_code == 200
    assert site.count(site.models.Order) == 30


def test_several_records_are_looked_for_beside_those_that_are_chosen(make_host: MakeHost) -> None:
    admin = look_up_site(make_host, {"edit_columns": ["name", "tags"]}).admin()
    edit = "/admin/customerview/edit/2"
    assert boxes(admin.get(edit).text, "tags") == {"loyal": True}
    sent: dict[str, Any] = {"name": "C", "tags": ["1"], "tags-find": "late"}
    assert boxes(admin.send(edit, **sent).text, "tags") == {"loyal": True, "late": False}
    assert admin.send(edit, **{**sent, "tags": ["1", "2"], "tags-found": "late"}).status_code == 302
    assert boxes(admin.get(edit).text, "tags") == {"late": True, "loyal": True}
    assert admin.send(edit, **{**sent, "tags": [], "tags-find": ""}).status_code == 302
    assert boxes(admin.get(edit).text, "tags") == {}


def test_a_record_that_may_be_left_out_can_be_taken_away(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_view(site, "Customer", edit_columns=["name", "country"]), _view(site, "Country")]

    site = site_of(make_host, declare, APPBUILDER_CHOICES_LIMIT=1)
    admin = site.admin()
    assert boxes(admin.get("/admin/customerview/edit/1").text, "country") == {"(none)": False, "Norway": True}
    assert admin.send("/admin/customerview/edit/1", name="C", country="", **{"country-find": ""}).status_code == 302
    with site.app.app_context():
        assert site.db.session.get(site.models.Customer, 1).country is None


def test_a_form_that_is_opened_and_saved_changes_nothing(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    admin, edit = look_up_site(make_host).admin(), "/admin/orderview/edit/3"
    admin.get(edit)
    sent = {"number": "A00002", "customer": "3", "customer-find": "Customer 002", "customer-found": ""}
    with count_statements() as seen:
        assert admin.send(edit, **sent).status_code == 302
    assert not [text for text in seen.texts if text.startswith("UPDATE customer_order")]


def test_a_filter_looks_for_records_too(make_host: MakeHost) -> None:
    admin = look_up_site(make_host, list_columns=["number", "customer"]).admin()
    page = admin.get("/admin/orderview/filter").text
    assert 'data-look-up="/admin/orderview/choices/list/customer"' in page
    name = re.search(r'name="(\d+\.customer\.value)-find"', page)
    assert name is not None
    field = name[1]
    find = {f"{field.removesuffix('value')}op": "eq", f"{field}-find": "007", "_find": f"1:{field}"}
    found = admin.client.get("/admin/orderview/filter", query_string=find)
    assert boxes(found.text, re.escape(field)) == {"Any": True, "Customer 007": False}
    apply = {**find, field: "8", f"{field}-found": "007"}
    del apply["_find"]
    assert admin.client.get("/admin/orderview/filter", query_string=apply).location.endswith("/list/?customer__eq=8")
    again = admin.get("/admin/orderview/filter?customer__eq=8").text
    assert boxes(again, re.escape(field)) == {"Any": False, "Customer 007": True}
    assert f'name="{field}-find" value="Customer 007"' in again
    assert names(admin.get("/admin/orderview/choices/list/customer?q=007")) == ["Customer 007"]


def test_names_that_follow_relations_are_read_at_once(make_host: MakeHost, count_statements: CountStatements) -> None:
    def declare(site: Site) -> list[type[Any]]:
        site.models.Customer.__str__ = lambda self: f"{self.name} of {self.country}"
        return [_view(site, "Order", list_eager=["customer.country"]), _view(site, "Customer")]

    admin = site_of(make_host, declare, rows=30, APPBUILDER_CHOICES_LIMIT=1).admin()
    admin.get(CHOICES)
    with count_statements() as seen:
        assert names(admin.get(CHOICES))[:2] == ["Customer 000 of Norway", "Customer 001 of Spain"]
    assert len(seen) == 2, seen.texts


def test_the_name_of_what_is_chosen_is_no_search_however_long_it_is(make_host: MakeHost) -> None:
    long = "Anna " * 150

    def declare(site: Site) -> list[type[Any]]:
        site.models.Customer.__str__ = lambda _self: long
        return [_view(site, "Order"), _view(site, "Customer")]

    admin = site_of(make_host, declare, APPBUILDER_CHOICES_LIMIT=1).admin()
    sent = {"number": "A9", "customer": "1", "customer-find": long.strip(), "customer-found": long.strip()}
    assert admin.send("/admin/orderview/edit/1", **sent).status_code == 302
    assert admin.send("/admin/orderview/edit/1", **{**sent, "customer-found": ""}).status_code == 302


def test_a_name_that_has_changed_since_is_no_search(make_host: MakeHost) -> None:
    site = look_up_site(make_host)
    admin = site.admin()
    assert 'name="customer-found" value="Customer 000"' in admin.get("/admin/orderview/edit/1").text
    sent = {"number": "A9", "customer": "1", "customer-find": "Once called so", "customer-found": "Once called so"}
    assert admin.send("/admin/orderview/edit/1", **sent).status_code == 302


def test_one_wrong_key_takes_none_of_the_others_away(make_host: MakeHost) -> None:
    admin = look_up_site(make_host, {"edit_columns": ["name", "tags"]}).admin()
    sent: dict[str, Any] = {"name": "C", "tags": ["1", "2", "999"]}
    page = admin.send("/admin/customerview/edit/1", **sent)
    assert page.status_code == 422
    assert boxes(page.text, "tags") == {"loyal": True, "late": True}


def test_without_its_route_a_look_up_works_as_without_scripts(make_host: MakeHost) -> None:
    site = look_up_site(make_host, exclude_route_methods={"add_choices", "list_choices"}, list_columns=["customer"])
    admin = site.admin()
    page = admin.get(ADD).text
    assert "data-look-up" not in page
    assert 'name="customer-find"' in page
    assert admin.get("/admin/orderview/filter").status_code == 200
    assert admin.get(CHOICES).status_code == 404


class TestSameNames:
    """Records of one name are told apart by what else the person may look for."""

    @pytest.fixture
    def site(self, make_host: MakeHost) -> Site:
        site = look_up_site(make_host)
        with site.app.app_context():
            for key in (4, 5):
                site.db.session.get_one(site.models.Customer, key).name = "Same"
            site.db.session.commit()
        return site

    def test_scripts_are_told_what_differs(self, site: Site, count_statements: CountStatements) -> None:
        admin = site.admin()
        admin.get(CHOICES)
        with count_statements() as one:
            admin.get(f"{CHOICES}?q=007")
        with count_statements() as seen:
            found = admin.get(f"{CHOICES}?q=same").get_json()
        assert found["choices"] == [
            {"key": "4", "name": "Same", "detail": "c3@example.org"},
            {"key": "5", "name": "Same", "detail": "c4@example.org"},
        ]
        assert len(seen) == len(one)

    def test_without_scripts_it_stands_beside_the_name(self, site: Site) -> None:
        page = site.admin().send(ADD, number="N", **{"customer-find": "same", "_find": "1:customer"})
        assert re.findall(r">(Same <span[^>]*>[^<]*</span>)</label>", page.text) == [
            'Same <span class="ab-muted">(c3@example.org)</span>',
            'Same <span class="ab-muted">(c4@example.org)</span>',
        ]

    def test_a_column_that_the_person_does_not_meet_tells_nothing(self, make_host: MakeHost) -> None:
        def hidden(self: Any, user: Any, column: str, action: str) -> bool:
            return column != "email"

        site = look_up_site(make_host, {"can_access_field": hidden})
        with site.app.app_context():
            for key in (4, 5):
                site.db.session.get_one(site.models.Customer, key).name = "Same"
            site.db.session.commit()
        assert [one["detail"] for one in site.admin().get(f"{CHOICES}?q=same").get_json()["choices"]] == ["4", "5"]

    def test_a_select_tells_them_apart_too(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            return [_view(site, "Order"), _view(site, "Customer", search_columns=["name", "email"])]

        site = site_of(make_host, declare, rows=3)
        with site.app.app_context():
            for key in (2, 3):
                site.db.session.get_one(site.models.Customer, key).name = "Same"
            site.db.session.commit()
        page = site.admin().get(ADD).text
        assert re.findall(r"Same[^<]*<span[^>]*>([^<]*)", page) == ["(c1@example.org)", "(c2@example.org)"]
