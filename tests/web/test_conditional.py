"""A field that waits for another: told on the page, and neither asked for nor written where its condition fails."""

import html
import json
import re
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, String
from wtforms.validators import DataRequired, Length

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of, site_with
from tests.web.sent_form import held_back, sent_form
from tests.web.site import Browser, Site, Status, make_db, make_models

ADD, EDIT = "/admin/customerview/add", "/admin/customerview/edit/3"
COLUMNS = ["name", "notes", "email", "status", "country"]
# Customer 3 is KNOWN and of country 1.
BY_STATUS = {"notes": {"status": "KNOWN"}}


def _site(make_host: MakeHost, conditions: Any = BY_STATUS, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        attributes = {
            "datamodel": SQLAInterface(site.models.Customer),
            "add_columns": COLUMNS,
            "edit_columns": COLUMNS,
            "conditional_fields": conditions,
            "validators_columns": {"notes": [DataRequired(), Length(min=3)]},
            **options,
        }
        return [type("CustomerView", (ModelView,), attributes)]

    return site_of(make_host, declare)


def _send(browser: Browser, url: str, **typed: str) -> Any:
    form = sent_form(browser.get(url).text, url)
    return browser.client.post(url, data={**form, **typed}, follow_redirects=True)


def _customer(site: Site, key: int = 3) -> Any:
    with site.app.app_context():
        found = site.db.session.get(site.models.Customer, key)
        return None if found is None else (found.name, found.notes, found.email, found.status)


def _rules(page: str) -> dict[str, Any]:
    found = re.findall(
        r'<fieldset [^>]*ab-field[^>]* data-when="([^"]*)"( data-required)?>.*?name="([\w-]+)"', page, re.S
    )
    return {name: (json.loads(html.unescape(rules)), bool(must)) for rules, must, name in found}


@pytest.mark.databases
def test_a_field_whose_condition_fails_is_neither_asked_for_nor_taken(make_host: MakeHost) -> None:
    site = _site(make_host)
    answer = _send(site.admin(), ADD, name="Zoe", status="NEW", notes="x")
    assert answer.status_code == 200
    assert _customer(site, 7) == ("Zoe", None, None, Status.NEW)
    assert "Not saved, as it does not apply here: Notes" in answer.text


def test_a_field_whose_condition_holds_is_judged_and_taken(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    assert _send(admin, ADD, name="Zoe", status="KNOWN").status_code == 422
    assert _send(admin, ADD, name="Zoe", status="KNOWN", notes="x").status_code == 422
    answer = _send(admin, ADD, name="Zoe", status="KNOWN", notes="long")
    assert _customer(site, 7) == ("Zoe", "long", None, Status.KNOWN)
    assert "Not saved" not in answer.text


@pytest.mark.databases
def test_an_edit_keeps_what_is_stored_where_the_condition_fails(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    _send(admin, EDIT, notes="kept")
    _send(admin, EDIT, status="NEW", notes="lost", name="Other")
    assert _customer(site) == ("Other", "kept", "c2@example.org", Status.NEW)
    _send(admin, EDIT, status="KNOWN")
    assert _customer(site) == ("Other", "kept", "c2@example.org", Status.KNOWN)


def test_what_a_script_does_not_send_is_kept_without_a_word(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    _send(admin, EDIT, notes="kept")
    form = sent_form(admin.get(EDIT).text, EDIT)
    del form["notes"]
    answer = admin.client.post(EDIT, data={**form, "status": "NEW"}, follow_redirects=True)
    assert _customer(site) == ("Customer 002", "kept", "c2@example.org", Status.NEW)
    assert "Not saved" not in answer.text


def test_a_page_that_comes_back_shows_what_was_typed(make_host: MakeHost) -> None:
    answer = _send(_site(make_host).admin(), ADD, name="", status="NEW", notes="typed")
    assert answer.status_code == 422
    assert sent_form(answer.text, ADD)["notes"] == "typed"
    assert answer.text.count("needs attention") == 1
    assert "1 field needs attention" in answer.text


def test_the_page_tells_what_a_field_waits_for(make_host: MakeHost) -> None:
    conditions = {"notes": {"status": ["KNOWN", None]}, "email": {"country": 2, "status": "NEW"}}
    page = _site(make_host, conditions).admin().get(ADD).text
    assert _rules(page) == {
        "notes": ({"status": ["KNOWN", ""]}, True),
        "email": ({"country": ["2"], "status": ["NEW"]}, False),
    }
    assert "Only where Status is Known or empty" in page
    assert "Only where Country is Spain and Status is New" in page
    assert 'aria-describedby="notes-when"' in page


def test_a_browser_does_not_ask_for_a_field_that_may_not_apply(make_host: MakeHost) -> None:
    page = _site(make_host).admin().get(ADD).text
    assert held_back(page, ADD) == ["name"]
    label = page[page.index('for="notes"') :]
    assert "(optional)" not in label[: label.index("</label>")]


@pytest.mark.parametrize("value", [Status.KNOWN, "KNOWN", "known", {"known"}, (Status.KNOWN,)])
def test_a_choice_is_declared_by_its_name_its_value_or_itself(make_host: MakeHost, value: Any) -> None:
    site = _site(make_host, {"notes": {"status": value}})
    _send(site.admin(), EDIT, notes="taken")
    assert _customer(site)[1] == "taken"


@pytest.mark.parametrize(("country", "email"), [("2", "new@example.org"), ("1", "c2@example.org")])
def test_a_relation_decides_by_its_key(make_host: MakeHost, country: str, email: str) -> None:
    site = _site(make_host, {"email": {"country": 2}})
    _send(site.admin(), EDIT, country=country, email="new@example.org", notes="long")
    assert _customer(site)[2] == email


@pytest.mark.parametrize(
    ("status", "country", "notes"), [("KNOWN", "2", "taken"), ("KNOWN", "1", None), ("NEW", "2", None)]
)
def test_what_waits_for_a_field_that_is_not_asked_for_is_not_either(
    make_host: MakeHost, status: str, country: str, notes: str | None
) -> None:
    site = _site(make_host, {"notes": {"country": 2}, "country": {"status": "KNOWN"}})
    _send(site.admin(), ADD, name="Zoe", status=status, country=country, notes="taken")
    assert _customer(site, 7)[1] == notes


def test_who_does_not_meet_what_decides_does_not_meet_the_field(make_host: MakeHost) -> None:
    site = _site(make_host, can_access_field=lambda _view, _user, column, _action: column != "status")
    admin = site.admin()
    form = sent_form(admin.get(EDIT).text, EDIT)
    assert "notes" not in form
    _send(admin, EDIT, status="KNOWN", notes="forged", _fields="name,notes,status")
    assert _customer(site) == ("Customer 002", None, "c2@example.org", Status.KNOWN)


@pytest.mark.parametrize(("key", "is_asked"), [(3, True), (2, False)])
def test_a_form_without_the_deciding_field_goes_by_what_is_stored(
    make_host: MakeHost, key: int, is_asked: bool
) -> None:
    site = _site(make_host, edit_columns=["name", "notes"])
    admin, url = site.admin(), f"/admin/customerview/edit/{key}"
    assert ("notes" in sent_form(admin.get(url).text, url)) is is_asked
    _send(admin, url, notes="given", _fields="name,notes")
    assert _customer(site, key)[1] == ("given" if is_asked else None)


def test_a_stale_field_that_does_not_apply_is_no_conflict(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    form = sent_form(admin.get(EDIT).text, EDIT)
    _send(admin, EDIT, notes="meanwhile")
    answer = admin.client.post(EDIT, data={**form, "status": "NEW", "notes": "mine"})
    assert answer.status_code == 302
    assert _customer(site) == ("Customer 002", "meanwhile", "c2@example.org", Status.NEW)


def test_the_page_of_a_record_shows_every_value(make_host: MakeHost) -> None:
    site = _site(make_host, {"email": {"status": "NEW"}})
    assert "c2@example.org" in site.admin().get("/admin/customerview/show/3").text


def test_conditions_cost_no_statement(make_host: MakeHost, count_statements: CountStatements) -> None:
    def declare(site: Site) -> list[type[Any]]:
        plain = {"datamodel": SQLAInterface(site.models.Customer), "edit_columns": COLUMNS}
        waiting = {**plain, "conditional_fields": {"notes": {"status": "KNOWN"}, "email": {"country": 2}}}
        return [type("PlainView", (ModelView,), plain), type("WaitingView", (ModelView,), waiting)]

    admin = site_of(make_host, declare).admin()
    counts = []
    for name in ("plainview", "waitingview"):
        admin.get(f"/admin/{name}/edit/3")
        with count_statements() as seen:
            admin.get(f"/admin/{name}/edit/3")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.databases
@pytest.mark.parametrize(("sent", "code"), [({"is_firm": "true"}, "V1"), ({}, None)])
def test_a_box_decides_by_whether_it_is_ticked(make_host: MakeHost, sent: dict[str, str], code: str | None) -> None:
    db = make_db()
    models = make_models(db)

    class Client(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        is_firm = Column(Boolean, nullable=False, default=False)
        code = Column(String(9))
        since = Column(Integer, nullable=False, default=7)

    conditions = {"code": {"is_firm": True}, "since": {"is_firm": False}}
    attributes = {"datamodel": SQLAInterface(Client), "conditional_fields": conditions}
    site = site_with(make_host, db, models, (type("ClientView", (ModelView,), attributes), "Clients"))
    admin, url = site.admin(), "/admin/clientview/add"
    page = admin.get(url).text
    assert _rules(page) == {"code": ({"is_firm": ["true"]}, False), "since": ({"is_firm": [""]}, False)}
    assert "Only where Is Firm is Yes" in page
    form = {**sent_form(page, url), **sent, "code": "V1", "since": "3"}
    assert admin.client.post(url, data=form).status_code == 302
    with site.app.app_context():
        client: Any = db.session.get_one(Client, 1)
        # What is not asked for gets the column's default.
        assert (client.code, client.since) == (code, 7 if sent else 3)
