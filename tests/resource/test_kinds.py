"""Kinds of columns that need more than a text: JSON and its NULL, columns that are loaded late, values of one's own."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.resource.conftest import Desk, Person
from tests.resource.models import Note, Paper
from tests.statements import statements


@pytest.fixture
def paper(any_desk: Desk) -> Paper:
    paper = Paper(id=1, title="a", body="long", scan="longer", facts={"a": 1}, rules=[1], floor=3)
    any_desk.session.add_all([paper, Note(id=1, paper=paper)])
    any_desk.session.commit()
    any_desk.session.expunge_all()
    return paper


def row_of(desk: Desk, key: int = 1) -> Any:
    """The row, and whether its JSON is NULL to the database."""
    table = Paper.__table__
    columns = (table.c.facts, table.c.facts.is_(sa.null()).label("is_null"), table.c.rules, table.c.floor)
    return desk.session.execute(sa.select(*columns).where(table.c.id == key)).one()


@pytest.mark.parametrize("text", ["", "null"])
def test_an_emptied_document_is_null_to_the_database_and_none_to_hooks(any_desk: Desk, paper: Paper, text: str) -> None:
    seen = []
    resource = any_desk.resource(Paper, pre_update=lambda _view, item: seen.append(item.facts))
    assert any_desk.edit(resource, "1", facts=text).errors == ()
    assert (row_of(any_desk).facts, bool(row_of(any_desk).is_null), seen) == (None, True, [None])


def test_a_new_record_without_a_document_has_null(any_desk: Desk) -> None:
    outcome = any_desk.add(any_desk.resource(Paper), title="new", floor="2")
    assert outcome.errors == ()
    row = row_of(any_desk, int(outcome.key))
    assert (bool(row.is_null), row.rules, row.floor) == (True, [], (2, "floors"))


@pytest.mark.parametrize(("text", "facts"), [('{"a": true}', {"a": True}), ('{"a": 1.0}', {"a": 1.0})])
def test_a_change_that_python_cannot_tell_is_written(
    any_desk: Desk, paper: Paper, text: str, facts: dict[str, Any]
) -> None:
    assert any_desk.edit(any_desk.resource(Paper), "1", facts=text).errors == ()
    assert repr(dict(row_of(any_desk).facts)) == repr(facts)


def test_an_unchanged_save_leaves_json_null_and_late_columns_alone(any_desk: Desk, paper: Paper) -> None:
    any_desk.session.execute(sa.update(Paper).values(facts=sa.JSON.NULL))
    any_desk.session.commit()
    with statements() as seen:
        assert any_desk.edit(any_desk.resource(Paper), "1").errors == ()
    assert not [text for text in seen.texts if text.startswith("UPDATE")]
    assert not row_of(any_desk).is_null


def test_late_columns_are_loaded_with_the_record_where_they_are_shown(any_desk: Desk, paper: Paper) -> None:
    resource = any_desk.resource(Paper, edit_columns=["title", "body"], show_columns=["title", "body"])
    any_desk.session.expunge_all()
    with statements() as seen:
        item = resource.get("1", Person(), ["title", "body"])
        assert (item.title, item.body) == ("a", "long")
    assert len(seen) == 1
    with pytest.raises(sa.exc.InvalidRequestError):
        _ = item.scan


def test_a_late_column_of_a_related_record_is_loaded_with_it(any_desk: Desk, paper: Paper) -> None:
    columns = ["paper.body", "paper"]
    resource = any_desk.resource(Note, show_columns=columns)
    any_desk.session.expunge_all()
    with statements() as seen:
        item = resource.get("1", Person(), columns)
        assert resource.datamodel.value(item, "paper.body") == "long"
    assert len(seen) == 1


def test_a_value_that_no_control_can_hold_is_shown_and_takes_no_other(any_desk: Desk, paper: Paper) -> None:
    resource = any_desk.resource(Paper)
    field: Any = resource.form("edit", Person(), item=resource.get("1", Person(), resource.options.edit_columns))[
        "floor"
    ]
    assert (field.input_kind, field._value()) == ("static", "3, floors")
    assert any_desk.edit(resource, "1", floor="7", title="b").errors == ()
    assert row_of(any_desk).floor == (3, "floors")


def test_a_browser_is_not_told_to_refuse_the_empty_text_that_is_there(any_desk: Desk, paper: Paper) -> None:
    resource = any_desk.resource(Paper)
    for title, is_required in (("a", True), (" ", False)):
        any_desk.session.execute(sa.update(Paper).values(title=title))
        form = resource.form("edit", Person(), item=resource.get("1", Person(), resource.options.edit_columns))
        assert form["title"].flags.required is is_required
