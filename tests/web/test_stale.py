"""Two people edit one record: the second is told what changed meanwhile, and nothing is overwritten unseen."""

import re
import threading
from html import unescape
from typing import Any

import pytest
import wtforms
from sqlalchemy import Column, ForeignKey, Integer, String
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import paper_site, site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

EDIT = "/admin/customerview/edit/1"
FIELDS = ["name", "email", "notes", "since", "status", "country", "tags"]


def stale_site(make_host: MakeHost, **options: Any) -> Site:
    """Customers that can be edited in all their fields."""

    def declare(site: Site) -> list[type[Any]]:
        attributes = {"datamodel": SQLAInterface(site.models.Customer), "edit_columns": FIELDS, **options}
        return [type("CustomerView", (ModelView,), attributes)]

    return site_of(make_host, declare)


def shown(browser: Browser, url: str = EDIT) -> MultiDict[str, str]:
    """What a page's form would send as it is."""
    return sent_form(browser.get(url).text, url)


def send(browser: Browser, fields: MultiDict[str, str], url: str = EDIT, **typed: Any) -> TestResponse:
    """Send a form that was opened before, with what was typed into it."""
    fields = fields.copy()
    for name, value in typed.items():
        fields.setlist(name, value if isinstance(value, list) else [value])
    return browser.client.post(url, data=fields)


def change(site: Site, **values: Any) -> None:
    """Somebody else changes the first customer."""
    with site.app.app_context():
        customer = site.db.session.get(site.models.Customer, 1)
        for name, value in values.items():
            setattr(customer, name, value)
        site.db.session.commit()


def stored(site: Site, name: str = "name") -> Any:
    with site.app.app_context():
        return getattr(site.db.session.get(site.models.Customer, 1), name)


def questions(page: TestResponse) -> dict[str, bool]:
    """Field -> whether its stored value is to stay, as a page of conflicts proposes."""
    found = re.findall(r'name="_take" value="([^"]*)"( checked)?', page.text)
    return {name: bool(checked) for name, checked in found}


def test_a_save_after_somebody_elses_is_not_silent(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, name="Theirs")
    answer = send(admin, form, name="Mine")
    assert answer.status_code == 409
    assert stored(site) == "Theirs"
    assert questions(answer) == {"name": False}
    assert "“Theirs” is stored now, “Mine” stands below" in unescape(answer.text)
    assert 'name="name" value="Mine"' in answer.text


def test_what_was_typed_is_saved_once_the_change_was_seen(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, name="Theirs", email="theirs@example.org")
    asked = send(admin, form, name="Mine")
    assert questions(asked) == {"name": False, "email": True}
    assert send(admin, sent_form(asked.text, EDIT)).status_code == 302
    assert (stored(site), stored(site, "email")) == ("Mine", "theirs@example.org")


def test_what_is_stored_stays_where_it_is_chosen(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, name="Theirs")
    asked = send(admin, form, name="Mine", notes="Also mine")
    assert send(admin, sent_form(asked.text, EDIT), _take="name").status_code == 302
    assert (stored(site), stored(site, "notes")) == ("Theirs", "Also mine")


def test_a_third_save_in_between_is_noticed_too(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, name="Theirs")
    asked = send(admin, form, name="Mine")
    change(site, name="Others")
    again = send(admin, sent_form(asked.text, EDIT))
    assert again.status_code == 409
    assert "“Others” is stored now" in unescape(again.text)
    assert send(admin, sent_form(again.text, EDIT)).status_code == 302
    assert stored(site) == "Mine"


@pytest.mark.parametrize(
    ("theirs", "field"),
    [
        ({"country_id": 2}, "country"),
        ({"country_id": None}, "country"),
        ({"notes": "Theirs"}, "notes"),
        ({"since": None}, "since"),
        ({"status": None}, "status"),
        ({"email": None}, "email"),
    ],
)
def test_every_kind_of_field_is_compared(make_host: MakeHost, theirs: dict[str, Any], field: str) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, **theirs)
    answer = send(admin, form, name="Mine")
    assert (answer.status_code, questions(answer)) == (409, {field: True})
    assert send(admin, sent_form(answer.text, EDIT)).status_code == 302
    name, value = next(iter(theirs.items()))
    assert (stored(site), stored(site, name)) == ("Mine", value)


def test_several_related_records_are_compared(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    with site.app.app_context():
        customer = site.db.session.get(site.models.Customer, 1)
        customer.tags.append(site.db.session.get(site.models.Tag, 2))
        site.db.session.commit()
    answer = send(admin, form, name="Mine")
    assert (answer.status_code, questions(answer)) == (409, {"tags": True})
    assert "“late” is stored now, “nothing” stands below" in unescape(answer.text)


def test_the_same_change_by_both_is_no_conflict(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, name="Same")
    assert send(admin, form, name="Same", notes="New").status_code == 302
    assert stored(site, "notes") == "New"


def test_a_column_that_the_form_does_not_show_is_none_of_its_business(make_host: MakeHost) -> None:
    site = stale_site(make_host, edit_columns=["name"])
    admin = site.admin()
    form = shown(admin)
    change(site, email="theirs@example.org")
    assert send(admin, form, name="Mine").status_code == 302
    assert stored(site, "email") == "theirs@example.org"


def test_a_form_with_a_fault_remembers_what_it_had_loaded(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, email="theirs@example.org")
    faulty = send(admin, form, name="")
    assert faulty.status_code == 422
    answer = send(admin, sent_form(faulty.text, EDIT), name="Mine")
    assert (answer.status_code, questions(answer)) == (409, {"email": True})


def test_a_form_that_has_expired_remembers_it_too(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, email="theirs@example.org")
    form["csrf_token"] = "none"
    expired = admin.client.post(EDIT, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert expired.status_code == 400
    assert send(admin, sent_form(expired.text, EDIT), name="Mine").status_code == 409


@pytest.mark.parametrize("sent", ["", "nonsense", "name=0", "x" * 200_000, "%00=1", "name=" + "f" * 16 + "&=1"])
def test_digests_that_nobody_made_do_no_harm(make_host: MakeHost, sent: str) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    assert send(admin, shown(admin), name="Mine", _loaded=sent).status_code in {302, 409}


def test_a_digest_tells_nothing_of_a_value(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    text = shown(admin)["_loaded"]
    assert re.fullmatch(r"(?:[a-z]+=[0-9a-f]{16}&?)+", text)
    assert set(re.findall(r"([a-z]+)=", text)) == set(FIELDS)


def _sent_during(
    site: Site, browser: Browser, form: MultiDict[str, str], theirs: dict[str, Any], **typed: Any
) -> TestResponse:
    """Send a form while somebody else changes the record, after it was read for this very request."""
    with site.app.app_context():
        view = next(iter(site.app.extensions["appbuilder_lite"].values())).views["CustomerView"]
    read = view.resource.get_for

    def read_then_change(*args: Any, **more: Any) -> Any:
        item = read(*args, **more)
        assert item.name
        thread = threading.Thread(target=change, args=(site,), kwargs=theirs)
        thread.start()
        thread.join()
        return item

    view.resource.get_for = read_then_change
    try:
        return send(browser, form, **typed)
    finally:
        del view.resource.get_for


def test_a_change_between_the_check_and_the_write_is_noticed(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    answer = _sent_during(site, admin, shown(admin), {"name": "Theirs"}, name="Mine")
    assert answer.status_code == 409
    assert stored(site) == "Theirs"


def test_a_save_costs_one_statement_more(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = stale_site(make_host, edit_columns=["name", "email"])
    admin = site.admin()
    form = shown(admin)
    send(admin, form, name="One")
    bare = shown(admin)
    del bare["_loaded"]
    with count_statements() as before:
        assert send(admin, bare, name="Two").status_code == 302
    form = shown(admin)
    with count_statements() as now:
        assert send(admin, form, name="Three").status_code == 302
    assert len(now) == len(before) + 1, now.texts


def test_the_version_of_a_record_counts_where_its_model_keeps_one(make_host: MakeHost) -> None:
    site = paper_site(make_host)
    admin, url = site.admin(), "/admin/paperview/edit/1"
    form = shown(admin, url)
    with site.app.app_context():
        paper = site.db.session.get(site.models.Paper, 1)
        paper.other = "Theirs"
        site.db.session.commit()
    answer = send(admin, form, url, name="Mine")
    assert answer.status_code == 409
    assert send(admin, sent_form(answer.text, url), url).status_code == 302
    with site.app.app_context():
        assert site.db.session.get(site.models.Paper, 1).name == "Mine"


def test_a_form_that_is_sent_twice_is_no_conflict(make_host: MakeHost) -> None:
    site = paper_site(make_host)
    admin, url = site.admin(), "/admin/paperview/edit/1"
    form = shown(admin, url)
    assert send(admin, form, url, name="Mine").status_code == 302
    assert send(admin, form, url, name="Mine").status_code == 302


def test_fields_of_the_hosts_own_are_compared_by_what_they_print(make_host: MakeHost) -> None:
    class Form(wtforms.Form):
        name = wtforms.StringField()
        notes = wtforms.StringField()
        country_id = wtforms.StringField()

    site = stale_site(make_host, edit_form=Form, edit_columns=["name", "notes", "country_id"])
    admin = site.admin()
    form = shown(admin)
    change(site, notes="Theirs", country_id=2)
    answer = send(admin, form, name="Mine")
    assert (answer.status_code, questions(answer)) == (409, {"notes": True, "country_id": True})
    assert send(admin, sent_form(answer.text, EDIT)).status_code == 302
    assert (stored(site), stored(site, "notes"), stored(site, "country_id")) == ("Mine", "Theirs", 2)


def test_roles_that_were_taken_away_do_not_come_back_unseen(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    with site.app.app_context():
        roles = [site.sm.add_role(name) for name in ("Sales", "Stock")]
        key = site.sm.users.key(site.sm.add_user("olga", "Olga", "Tester", "olga@example.org", roles))
    admin, url = site.admin(), f"/admin/users/edit/{key}"
    form = shown(admin, url)
    with site.app.app_context():
        site.sm.set_user_roles(site.sm.find_user("olga"), [site.sm.find_role("Sales")])
    answer = send(admin, form, url, first_name="Olgica")
    assert (answer.status_code, questions(answer)) == (409, {"assigned_roles": True})
    assert "“Sales” is stored now, “Sales, Stock” stands below" in unescape(answer.text)
    assert send(admin, sent_form(answer.text, url), url).status_code == 302
    with site.app.app_context():
        olga = site.sm.find_user("olga")
        assert (olga.first_name, [role.name for role in site.sm.get_user_roles(olga)]) == ("Olgica", ["Sales"])


@pytest.mark.parametrize("button", [{}, {"_review": "1"}], ids=["saved at once", "looked at first"])
def test_a_role_asks_as_other_records_do(make_host: MakeHost, button: dict[str, str]) -> None:
    site = stale_site(make_host)
    with site.app.app_context():
        key = site.sm.add_role("Sales").id
    admin, url = site.admin(), f"/admin/roles/edit/{key}"
    form = shown(admin, url)
    with site.app.app_context():
        site.sm.update_role(key, "Theirs")
    answer = send(admin, form, url, name="Mine", **button)
    if button:
        assert answer.status_code == 200
        answer = admin.client.post(url, data=sent_form(answer.text, url))
    assert (answer.status_code, questions(answer)) == (409, {"name": False})
    assert send(admin, sent_form(answer.text, url), url).status_code == 302
    with site.app.app_context():
        assert site.sm.find_role("Mine").id == key


def test_a_relation_that_changes_between_the_check_and_the_write_is_told_as_it_is(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    answer = _sent_during(site, admin, shown(admin), {"country_id": 2}, country="")
    assert (answer.status_code, questions(answer)) == (409, {"country": False})
    assert "“Spain” is stored now, “nothing” stands below" in unescape(answer.text)


def test_the_same_change_between_the_check_and_the_write_is_no_conflict(make_host: MakeHost) -> None:
    site = stale_site(make_host)
    admin = site.admin()
    assert _sent_during(site, admin, shown(admin), {"name": "Same"}, name="Same").status_code == 302


def test_a_mapper_that_reads_its_subclasses_too_is_saved(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class Animal(site.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            id = Column(Integer, primary_key=True)
            kind = Column(String(10), nullable=False)
            name = Column(String(50))
            __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "animal", "with_polymorphic": "*"}

        class Dog(Animal):
            id = Column(ForeignKey(Animal.id), primary_key=True)
            breed = Column(String(50))
            __mapper_args__ = {"polymorphic_identity": "dog"}

        site.models.Animal, site.models.Dog = Animal, Dog
        attributes = {"datamodel": SQLAInterface(Animal), "edit_columns": ["name"]}
        return [type("AnimalView", (ModelView,), attributes)]

    site = site_of(make_host, declare)
    with site.app.app_context():
        site.db.session.add_all([site.models.Animal(id=1, name="One"), site.models.Dog(id=2, name="Two")])
        site.db.session.commit()
    admin = site.admin()
    for key in (1, 2):
        url = f"/admin/animalview/edit/{key}"
        assert send(admin, shown(admin, url), url, name="Mine").status_code == 302
    with site.app.app_context():
        assert {item.name for item in site.db.session.query(site.models.Animal)} == {"Mine"}
