"""From a form to the records it points to: links, a tab without scripts, a dialog with them; nothing typed is lost."""

import re
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual, FilterStartsWith
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

ADD = "/admin/orderview/add"
EDIT = "/admin/orderview/edit/1"
NEW = "/admin/customerview/add"
CHOSEN = "/admin/customerview/edit/1"


def _view(site: Site, model: str, **options: Any) -> type[ModelView]:
    return type(f"{model}View", (ModelView,), {"datamodel": SQLAInterface(getattr(site.models, model)), **options})


def relating_site(
    make_host: MakeHost, customers: dict[str, Any] | None = None, *, limit: int = 100, **orders: Any
) -> Site:
    """Orders of six customers, who have tags and a country."""

    def declare(site: Site) -> list[type[Any]]:
        options = {"search_columns": ["name", "email"], **(customers or {})}
        return [_view(site, "Order", **orders), _view(site, "Customer", **options), _view(site, "Tag")]

    return site_of(make_host, declare, APPBUILDER_CHOICES_LIMIT=limit)


def links(page: str) -> dict[str, str]:
    """Words -> address, of the ways from the fields of a form to their records."""
    found = re.findall(
        r'<a href="([^"]*)" target="_blank" rel="noopener" data-relate[^>]*?( hidden)?>([^<]*)</a>', page
    )
    return {words: address for address, hidden, words in found if not hidden}


def typed(browser: Browser, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends of a form in which somebody has typed."""
    return {**sent_form(browser.get(path).text, path).to_dict(), **changes}


@pytest.mark.parametrize("limit", [100, 1])
def test_a_relation_leads_to_a_new_record_and_to_the_chosen_one(make_host: MakeHost, limit: int) -> None:
    admin = relating_site(make_host, limit=limit).admin()
    assert links(admin.get(ADD).text) == {"New customer": f"{NEW}?_related=1"}
    assert links(admin.get(EDIT).text) == {"New customer": f"{NEW}?_related=1", "Edit customer": f"{CHOSEN}?_related=1"}
    assert links(admin.get(NEW).text) == {"New tag": "/admin/tagview/add?_related=1"}


def test_links_lead_only_where_the_person_may_go(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    own = [("can_edit", "OrderView"), ("can_list", "CustomerView")]
    for name, further in {"olga": (), "ada": ("can_add",), "ed": ("can_edit",)}.items():
        site.user(name, *own, *((permission, "CustomerView") for permission in further))
    found = {name: set(links(site.sign_in(name).get(EDIT).text)) for name in ("olga", "ada", "ed")}
    assert found == {"olga": set(), "ada": {"New customer"}, "ed": {"Edit customer"}}
    assert "data-relation" not in site.sign_in("olga").get(EDIT).text


def test_a_record_that_the_person_may_not_edit_has_no_link(make_host: MakeHost) -> None:
    only_odd = {"can_edit_item": lambda _view, _user, item: item.id % 2 == 0}
    admin = relating_site(make_host, only_odd).admin()
    assert "Edit customer" not in links(admin.get(EDIT).text)
    page = admin.get("/admin/orderview/edit/2").text
    assert links(page)["Edit customer"] == "/admin/customerview/edit/2?_related=1"
    assert "{key}" not in page


@pytest.mark.parametrize("limit", [100, 1])
def test_a_chosen_record_outside_of_the_scope_has_no_link(make_host: MakeHost, limit: int) -> None:
    site = relating_site(make_host, {"base_filters": [["id", FilterEqual, 2]]}, limit=limit)
    page = site.admin().get(EDIT).text
    assert "Customer 000" in page
    assert "Edit customer" not in links(page)


def test_a_model_without_a_view_has_no_links(make_host: MakeHost) -> None:
    site = site_of(make_host, lambda site: [_view(site, "Order")])
    assert "data-relation" not in site.admin().get(EDIT).text


def test_a_field_that_the_person_does_not_meet_has_no_links(make_host: MakeHost) -> None:
    site = relating_site(make_host, can_access_field=lambda _view, _user, column, _action: column != "customer")
    assert links(site.admin().get(EDIT).text) == {}


@pytest.mark.parametrize("customers", [{}, {"can_edit_item": lambda _view, _user, _item: True}])
def test_the_links_cost_no_statement(
    make_host: MakeHost, count_statements: CountStatements, customers: dict[str, Any]
) -> None:
    admin = relating_site(make_host, customers).admin()
    admin.get(EDIT)
    with count_statements() as seen:
        assert len(links(admin.get(EDIT).text)) == 2
    # Who asks, the record with its customer, and the choices.
    assert len(seen) == 3, seen.texts


def test_what_was_typed_comes_back_with_the_new_choices(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    admin = site.admin()
    form = typed(admin, ADD, number="SO 7", _update="customer")
    with site.app.app_context():
        site.db.session.add(site.models.Customer(name="Zoe"))
        site.db.session.commit()
    answer = admin.client.post(ADD, data=form)
    assert answer.status_code == 200
    assert 'value="SO 7"' in answer.text
    assert ">Zoe</option>" in answer.text
    assert "ab-error" not in answer.text
    assert site.count(site.models.Order) == 6


def test_an_edit_form_comes_back_unsaved(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    admin = site.admin()
    answer = admin.client.post(EDIT, data=typed(admin, EDIT, customer="3", _update="customer"))
    assert answer.status_code == 200
    assert links(answer.text)["Edit customer"] == "/admin/customerview/edit/3?_related=1"
    assert sent_form(answer.text, EDIT)["customer"] == "3"
    assert sent_form(admin.get(EDIT).text, EDIT)["customer"] == "1"


def test_a_forged_key_is_not_chosen_when_the_form_comes_back(make_host: MakeHost) -> None:
    only = {"customer": [["name", FilterStartsWith, "Customer 00"]]}
    site = relating_site(make_host, {"base_filters": [["id", FilterEqual, 2]]}, add_form_query_rel_fields=only)
    admin = site.admin()
    answer = admin.client.post(ADD, data=typed(admin, ADD, number="X", customer="1", _update="customer"))
    assert sent_form(answer.text, ADD).get("customer") in (None, "")
    assert "Customer 000" not in answer.text


def test_a_form_in_a_tab_says_what_to_do_next(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    admin = site.admin()
    page = admin.get(f"{NEW}?_related=1&name=Zoe").text
    assert 'name="_addanother"' not in page
    form = sent_form(page, NEW)
    assert (form["name"], form["_related"]) == ("Zoe", "1")
    answer = admin.client.post(NEW, data=form)
    assert answer.location == "/admin/customerview/show/7"
    said = admin.get(answer.location).text
    assert "Added" in said
    assert "Close this tab, and press “Update choices”" in said


def test_a_form_in_a_tab_that_was_refused_stays_one(make_host: MakeHost) -> None:
    admin = relating_site(make_host).admin()
    answer = admin.client.post(NEW, data=typed(admin, f"{NEW}", name="", _related="1"))
    assert answer.status_code == 422
    assert sent_form(answer.text, NEW)["_related"] == "1"


def test_a_form_in_a_dialog_is_answered_with_the_record(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    admin = site.admin()
    form = typed(admin, NEW, name="Zoe", _related="script")
    assert admin.client.post(NEW, data=form).json == {
        "key": "7",
        "name": "Zoe",
        "message": "Added Zoe",
        "notices": [],
    }
    assert "Added Zoe" not in admin.get(ADD).text, "the dialog has told it"
    form = typed(admin, CHOSEN, name="Anna", _related="script")
    found = admin.client.post(CHOSEN, data=form).get_json()
    assert (found["key"], found["name"], found["message"]) == ("1", "Anna", "Saved Anna")


def test_a_dialog_is_told_of_faults_as_a_page_is(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    admin = site.admin()
    refused = admin.client.post(NEW, data=typed(admin, NEW, name="", _related="script"))
    assert refused.status_code == 422
    assert "This field is required." in refused.text
    assert site.count(site.models.Customer) == 6


def test_the_same_gate_stands_before_a_dialog(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    site.user("olga", ("can_add", "OrderView"), ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    assert olga.send(NEW, name="Zoe", _related="script").status_code == 403
    form, own = {"name": "Zoe", "_related": "script", "csrf_token": "forged"}, {"Sec-Fetch-Site": "same-origin"}
    expired = site.admin().client.post(NEW, data=form, headers=own)
    assert expired.status_code == 400
    assert sent_form(expired.text, NEW)["name"] == "Zoe"
    assert site.count(site.models.Customer) == 6


@pytest.mark.parametrize("mark", ["", "x", "\x00", "<script>"])
def test_a_mark_that_nobody_makes_changes_nothing(make_host: MakeHost, mark: str) -> None:
    site = relating_site(make_host)
    answer = site.admin().send(NEW, name="Zoe", _related=mark)
    assert answer.status_code == 302
    assert site.count(site.models.Customer) == 7


def _no_name(_view: Any, _user: Any, column: str, action: str) -> bool:
    return (column, action) != ("name", "add")


@pytest.mark.parametrize(
    ("customers", "fill"),
    [({}, ["name"]), ({"can_access_field": _no_name}, ["email"]), ({"add_columns": ["country"]}, [])],
)
def test_what_was_looked_for_goes_where_the_person_can_type_it(
    make_host: MakeHost, customers: dict[str, Any], fill: list[str]
) -> None:
    page = relating_site(make_host, customers, limit=1).admin().get(ADD).text
    assert re.findall('data-fill="([^"]*)"', page) == fill


@pytest.mark.parametrize("action", ["add", "edit"])
def test_forms_with_a_template_of_their_own_stay_tabs(make_host: MakeHost, action: str) -> None:
    own = {f"{action}_template": "appbuilder_lite/role_matrix.html"}
    page = relating_site(make_host, own, limit=1).admin().get(EDIT).text
    assert page.count('rel="noopener"') == 2
    assert "data-relate" not in page.replace("data-relation", "")
    assert "data-create" not in page


def test_no_role_is_made_from_the_form_of_a_user(make_host: MakeHost) -> None:
    site = relating_site(make_host)
    site.user("ursula", ("can_add", "UserDBModelView"), ("can_edit", "UserDBModelView"))
    ursula = site.sign_in("ursula")
    for browser in (site.admin(), ursula):
        assert "_related" not in browser.get("/admin/users/add").text
    assert ursula.send("/admin/roles/add", name="Mine", _related="script").status_code == 403
