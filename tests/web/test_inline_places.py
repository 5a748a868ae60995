"""The places of rows under a unique constraint, and rows that want the same unique value: told, never a fault."""

from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, insert, select

from appbuilder_lite.filters import FilterSmaller
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.order_lines import EDIT, ROWS, lines, order_site, send, sent_of, shown
from tests.web.site import Site

LINES = [(1, 5), (2, 7)]


def placed_site(make_host: MakeHost, **options: Any) -> Site:
    """Orders of whose lines no two have the same place."""
    constraint = UniqueConstraint("order_id", "position", name="one_line_a_place")
    return order_site(make_host, order_column="position", constraints=[constraint], **options)


def add_line(site: Site, position: int) -> None:
    """Another connection adds a line to the first order."""
    row = {"order_id": 1, "product_id": 4, "quantity": 90, "is_gift": False, "position": position}
    with site.db.engine.begin() as connection:
        connection.execute(insert(site.models.Line).values(**row))


@pytest.mark.databases
def test_rows_exchange_places_that_are_unique(make_host: MakeHost) -> None:
    site = placed_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form["_move_row"] = f"{ROWS}:1:up"
    moved = sent_of(send(admin, form))
    with statements() as seen:
        assert send(admin, moved).status_code == 302
    assert lines(site) == [(2, 7), (1, 5)]
    assert sum(text.startswith("UPDATE purchase_line") for text in seen.texts) == 1


@pytest.mark.databases
def test_a_new_row_comes_after_rows_that_the_person_does_not_see(make_host: MakeHost) -> None:
    site = placed_site(make_host, line_view={"base_filters": [["quantity", FilterSmaller, 50]]})
    with site.app.app_context():
        add_line(site, 3)
    admin = site.admin()
    form = shown(admin)
    assert send(admin, form, r2={"product": "3"}).status_code == 302
    assert lines(site) == [*LINES, (4, 90), (3, 1)]


@pytest.mark.databases
def test_two_people_who_add_a_row_at_the_same_time_give_it_two_places(make_host: MakeHost) -> None:
    meanwhile: list[Site] = []

    def add_meanwhile(_form: Any, _field: Any) -> None:
        if meanwhile:
            add_line(meanwhile.pop(), 3)

    site = placed_site(make_host, validators_columns={"quantity": [add_meanwhile]})
    with site.app.app_context():
        is_sqlite = site.db.engine.dialect.name == "sqlite"
    if is_sqlite:
        pytest.skip("SQLite lets nobody write while a request is about to")
    admin = site.admin()
    form = shown(admin)
    meanwhile.append(site)
    answer = send(admin, form, r2={"product": "3"})
    # MariaDB may refuse to go on once what was read has changed: the same form is taken then.
    if answer.status_code != 302:
        assert answer.status_code in (409, 422)
        assert send(admin, sent_of(answer)).status_code == 302
    assert lines(site) == [*LINES, (4, 90), (3, 1)]


@pytest.mark.databases
def test_rows_that_exchange_a_unique_value_are_both_told_and_keep_what_was_typed(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    answer = send(admin, shown(admin), r0={"product": "2", "note": "typed"}, r1={"product": "1"})
    assert answer.status_code == 422
    for number in (0, 1):
        assert f'id="{ROWS}-{number}-product-error"' in answer.text
        assert f'href="#{ROWS}-{number}-product"' in answer.text
    assert "Another row here is to get what this one has." in answer.text
    back = sent_of(answer)
    assert [back[f"{ROWS}-{number}-product"] for number in (0, 1)] == ["2", "1"]
    assert back[f"{ROWS}-0-note"] == "typed"
    assert lines(site) == LINES
    assert send(admin, back, r1={"product": "3"}).status_code == 302
    assert lines(site) == [(2, 5), (3, 7)]


@pytest.mark.databases
@pytest.mark.parametrize("giver", [0, 1])
def test_a_unique_value_goes_from_one_row_to_one_that_had_none(make_host: MakeHost, giver: int) -> None:
    site = order_site(make_host, constraints=[UniqueConstraint("order_id", "note", name="one_line_a_note")])
    admin = site.admin()
    had: dict[str, Any] = {f"r{giver}": {"note": "gold"}}
    assert send(admin, shown(admin), **had).status_code == 302
    moved: dict[str, Any] = {f"r{giver}": {"note": ""}, f"r{1 - giver}": {"note": "gold"}}
    assert send(admin, shown(admin), **moved).status_code == 302
    with site.app.app_context():
        model = site.models.Line
        notes = site.db.session.scalars(select(model.note).where(model.order_id == 1).order_by(model.id))
        assert list(notes) == ([None, "gold"] if giver == 0 else ["gold", None])


@pytest.mark.databases
@pytest.mark.parametrize("first", [0, 1, 2])
def test_keys_of_several_columns_clash_as_a_whole_alone(make_host: MakeHost, first: int) -> None:
    """Row a gets what row b gives away; that c has something of both in one column each is nothing to wait for."""
    constraint = UniqueConstraint("order_id", "quantity", "note", name="one_line_a_quantity_and_note")
    site = order_site(make_host, constraints=[constraint])
    changes = [(("11", "x"), ("12", "x")), (("12", "x"), ("14", "y")), (("15", "y"), ("11", "z"))]
    changes = changes[first:] + changes[:first]
    admin = site.admin()
    before: dict[str, Any] = {
        f"r{number}": {"quantity": old[0], "note": old[1]} for number, (old, _new) in enumerate(changes)
    }
    before["r2"]["product"] = "3"
    assert send(admin, shown(admin), **before).status_code == 302
    after: dict[str, Any] = {
        f"r{number}": {"quantity": new[0], "note": new[1]} for number, (_old, new) in enumerate(changes)
    }
    assert send(admin, shown(admin), **after).status_code == 302
    assert [quantity for _product, quantity in lines(site)] == [int(new[0]) for _old, new in changes]


@pytest.mark.databases
def test_rows_that_want_the_same_unique_value_are_both_told(make_host: MakeHost) -> None:
    site = order_site(make_host, extra=2)
    admin = site.admin()
    answer = send(admin, shown(admin), r2={"product": "3"}, r3={"product": "3"})
    assert answer.status_code == 422
    assert all(f'id="{ROWS}-{number}-product-error"' in answer.text for number in (2, 3))
    assert answer.text.count("Another row here has the same value.") == 2
    assert lines(site) == LINES
    assert EDIT in answer.text
