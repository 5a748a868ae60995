"""Rows that somebody else has changed or removed while their form was open: nothing is overwritten or lost unseen."""

import re
from html import unescape
from typing import Any

import pytest

from tests.conftest import MakeHost
from tests.web.order_lines import ROWS, lines, order_site, send, sent_of, shown
from tests.web.site import Site

pytestmark = pytest.mark.databases


def change(site: Site, key: int, **values: Any) -> None:
    """Somebody else changes a line, or removes it where no values are given."""
    with site.app.app_context():
        line = site.db.session.get(site.models.Line, key)
        for name, value in values.items():
            setattr(line, name, value)
        if not values:
            site.db.session.delete(line)
        site.db.session.commit()


def test_a_row_that_somebody_else_changed_is_told(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, 1, quantity=50, note="theirs")
    answer = send(admin, form, r0={"quantity": "6"}, r2={"product": "3"})
    assert answer.status_code == 409
    assert lines(site) == [(1, 50), (2, 7)]
    again = sent_of(answer)
    # What was typed stays; what was not touched is what is stored now.
    assert (again[f"{ROWS}-0-quantity"], again[f"{ROWS}-0-note"], again[f"{ROWS}-2-product"]) == ("6", "theirs", "3")
    assert re.search(f'id="{ROWS}-0-quantity-note">Somebody else has changed this. It is 50 now', unescape(answer.text))
    assert send(admin, again).status_code == 302
    assert lines(site) == [(1, 6), (2, 7), (3, 1)]


def test_a_change_to_a_row_that_nobody_touched_here_stays(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, 1, quantity=50, product_id=4)
    answer = send(admin, form, r1={"quantity": "8"})
    assert answer.status_code == 409
    again = sent_of(answer)
    assert (again[f"{ROWS}-0-quantity"], again[f"{ROWS}-0-product"]) == ("50", "4")
    assert send(admin, again).status_code == 302
    assert sorted(lines(site)) == [(2, 8), (4, 50)]


def test_a_row_that_somebody_else_removed_is_told_and_can_be_added_again(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    change(site, 1)
    answer = send(admin, form, r0={"quantity": "6"}, r1={"quantity": "8"})
    assert answer.status_code == 422
    assert "This row does not exist any more" in answer.text
    assert lines(site) == [(2, 7)]
    again = sent_of(answer)
    assert (again[f"{ROWS}-0-quantity"], again[f"{ROWS}-0-_remove"]) == ("6", "1")
    assert send(admin, again).status_code == 302
    assert lines(site) == [(2, 8)]
    assert send(admin, again, r0={"_remove": None}).status_code == 302
    assert sorted(lines(site)) == [(1, 6), (2, 8)]


def test_a_row_that_somebody_else_added_is_left_alone(make_host: MakeHost) -> None:
    site = order_site(make_host, order_column="position")
    admin = site.admin()
    form = shown(admin)
    with site.app.app_context():
        site.db.session.add(site.models.Line(order_id=1, product_id=4, position=3))
        site.db.session.commit()
    assert send(admin, form, r0={"quantity": "6"}, r2={"product": "3"}).status_code == 302
    assert sorted(lines(site)) == [(1, 6), (2, 7), (3, 1), (4, 1)]


def test_a_row_that_is_changed_while_it_is_saved_is_told(make_host: MakeHost) -> None:
    """Between the reading and the writing of one request: the rows are locked and read once more."""
    site_of: list[Site] = []

    def is_odd(_form: Any, field: Any) -> None:
        site = site_of[0]
        if field.data == 6:
            with site.db.engine.begin() as connection:
                line = site.models.Line.__table__
                connection.execute(line.update().where(line.c.id == 1).values(quantity=50))

    site = order_site(make_host, validators_columns={"quantity": [is_odd]})
    if site.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite has one writer, and a test of one file would wait for itself")
    site_of.append(site)
    admin = site.admin()
    answer = send(admin, shown(admin), r0={"quantity": "6"})
    assert answer.status_code == 409
    assert lines(site) == [(1, 50), (2, 7)]
