"""What a relation in a form does not hold any more: it makes way for another, and is deleted by right only."""

from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from appbuilder_lite import Inline, SQLAInterface
from tests.conftest import MakeHost
from tests.web.foreign import open_foreign, view_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db

DELETED = "What is taken out here is deleted."
EDITS = [("can_list", "PersonView"), ("can_edit", "PersonView"), ("can_list", "PassportView"), ("can_list", "PetView")]


def _make(db: Any, cascade: str) -> list[Any]:
    """People of a team, each with one passport and any number of pets."""

    class Team(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        people = relationship("Person", back_populates="team")

    class Person(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        team_id: Any = Column(ForeignKey("team.id"))
        team = relationship(Team, back_populates="people")
        passport = relationship("Passport", back_populates="person", uselist=False, cascade=cascade)
        pets = relationship("Pet", cascade=cascade)

    class Passport(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        number = Column(String(20))
        person_id: Any = Column(ForeignKey("person.id"), unique=True)
        person = relationship(Person, back_populates="passport")

        def __str__(self) -> str:
            return str(self.number)

    class Pet(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        person_id: Any = Column(ForeignKey("person.id"))

        def __str__(self) -> str:
            return str(self.name)

    return [Team, Person, Passport, Pet]


def _site(make_host: MakeHost, *, orphans: bool, **options: Any) -> Site:
    db = make_db()
    models = _make(db, "all, delete-orphan" if orphans else "save-update, merge")
    team, person, passport, pet = models
    rows = type("PersonInline", (Inline,), {"datamodel": SQLAInterface(person), "columns": ["passport"]})
    given: dict[str, dict[str, Any]] = {
        "Person": {"edit_columns": ["passport", "pets"]},
        "Team": {"inlines": [rows]},
        **options,
    }
    views = [view_of(model, **given.get(model.__name__, {})) for model in models]
    site, _seen = open_foreign(make_host, db, views, {model.__name__: model for model in models})
    site.create()
    with site.app.app_context():
        db.session.add(team(id=1))
        db.session.flush()
        db.session.add_all([person(id=key, team_id=1) for key in (1, 2, 3)])
        db.session.flush()
        db.session.add_all(passport(id=key, number=f"P{key}", person_id=key) for key in (1, 2))
        db.session.add_all(pet(id=key, name=f"pet {key}", person_id=1) for key in (1, 2))
        db.session.commit()
    return site


def _save(browser: Browser, key: int, view: str = "person", **fields: Any) -> Any:
    url = f"/admin/{view}view/edit/{key}"
    body = sent_form(browser.get(url).text, url)
    for name, value in fields.items():
        body.setlist(name, value)
    return browser.client.post(url, data=body)


def _held(site: Site, model: str) -> dict[int, int | None]:
    """The people by what belongs to them."""
    with site.app.app_context():
        return {one.id: one.person_id for one in site.db.session.query(site.models[model])}


@pytest.mark.parametrize("orphans", [True, False])
@pytest.mark.parametrize(("person", "other"), [(1, 2), (2, 1)])
def test_one_record_takes_the_place_of_another_whatever_their_keys(
    make_host: MakeHost, database_url: str, orphans: bool, person: int, other: int
) -> None:
    site = _site(make_host, orphans=orphans)
    assert _save(site.admin(), person, passport=[str(other)]).status_code == 302
    left = {} if orphans else {person: None}
    assert _held(site, "Passport") == {other: person, **left}


@pytest.mark.parametrize(("fields", "name"), [({"passport": [""]}, "P1"), ({"pets": ["2"]}, "pet 1")])
@pytest.mark.parametrize("by_hook", [True, False])
def test_what_a_relation_would_delete_takes_the_right_to_delete_it(
    make_host: MakeHost, fields: dict[str, Any], name: str, by_hook: bool
) -> None:
    hook = {"can_delete_item": lambda _view, _user, _item: not by_hook}
    site = _site(make_host, orphans=True, Passport=hook, Pet=hook)
    deletes = [("can_delete", "PassportView"), ("can_delete", "PetView")]
    site.user("clerk", *EDITS, *(deletes if by_hook else []))
    answer = _save(site.browser_of("clerk"), 1, **fields)
    assert answer.status_code == 422
    assert f"“{name}” would be deleted, which you may not do." in answer.text
    assert (_held(site, "Passport"), _held(site, "Pet")) == ({1: 1, 2: 2}, {1: 1, 2: 1})


def test_whoever_may_delete_is_told_and_deletes_it(make_host: MakeHost) -> None:
    site = _site(make_host, orphans=True)
    site.user("clerk", *EDITS, ("can_delete", "PassportView"), ("can_delete", "PetView"))
    clerk = site.browser_of("clerk")
    assert clerk.get("/admin/personview/edit/1").text.count(DELETED) == 2
    assert DELETED not in clerk.get("/admin/personview/edit/3").text
    assert _save(clerk, 1, passport=[""], pets=["2"]).status_code == 302
    assert (_held(site, "Passport"), _held(site, "Pet")) == ({2: 2}, {2: 1})


def test_what_is_only_let_go_takes_no_right_to_delete(make_host: MakeHost) -> None:
    site = _site(make_host, orphans=False)
    site.user("clerk", *EDITS)
    clerk = site.browser_of("clerk")
    assert DELETED not in clerk.get("/admin/personview/edit/1").text
    assert _save(clerk, 1, passport=[""], pets=["2"]).status_code == 302
    assert (_held(site, "Passport"), _held(site, "Pet")) == ({1: None, 2: 2}, {1: None, 2: 1})


@pytest.mark.parametrize("orphans", [True, False])
@pytest.mark.parametrize(("person", "other"), [(1, 2), (2, 1)])
def test_in_a_row_of_a_form_too_one_takes_the_place_of_another(
    make_host: MakeHost, database_url: str, orphans: bool, person: int, other: int
) -> None:
    site = _site(make_host, orphans=orphans)
    row = {f"_rows-people-{person - 1}-passport": [str(other)]}
    assert _save(site.admin(), 1, "team", **row).status_code == 302
    left = {} if orphans else {person: None}
    assert _held(site, "Passport") == {other: person, **left}


def test_a_row_of_a_form_takes_the_right_to_delete_what_it_lets_go(make_host: MakeHost) -> None:
    site = _site(make_host, orphans=True)
    site.user("clerk", *EDITS, ("can_list", "TeamView"), ("can_edit", "TeamView"))
    answer = _save(site.browser_of("clerk"), 1, "team", **{"_rows-people-0-passport": [""]})
    assert answer.status_code == 422
    assert "“P1” would be deleted, which you may not do." in answer.text
    assert _held(site, "Passport") == {1: 1, 2: 2}
