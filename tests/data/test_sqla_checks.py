"""A value that a CHECK refuses is told with the columns that the check is about, whatever the database calls it."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, registry

from appbuilder_lite.data.sqla_checks import checked_columns
from appbuilder_lite.data.sqla_errors import translate


class Sheet:
    """A record of the table below, whose `kg` is called `weight` here."""


def sheet_table() -> sa.Table:
    """A table with checks beside its columns and behind them; MariaDB takes no names beside columns."""
    table = sa.Table(
        "check_sheet",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("age", sa.Integer, sa.CheckConstraint("age >= 0.5")),
        sa.Column("kg", sa.Integer, sa.CheckConstraint("kg < 300")),
        sa.Column("state", sa.String(10), sa.CheckConstraint("state IN ('new', 'old')")),
        sa.Column("size2", sa.Integer),
        sa.Column("low", sa.Integer),
        sa.Column("high", sa.Integer),
        sa.CheckConstraint("size2 <> 13", name="no_thirteen"),
    )
    table.append_constraint(sa.CheckConstraint(table.c.low <= table.c.high))
    return table


@pytest.fixture
def told(engine: sa.Engine) -> Iterator[Any]:
    """What is said of a record with these values: its kind and columns."""
    table, mapped = sheet_table(), registry()
    mapper: Any = mapped.map_imperatively(Sheet, table, properties={"weight": table.c.kg})
    table.metadata.create_all(engine)

    def tell(**values: Any) -> tuple[str, tuple[str, ...]]:
        record = Sheet()
        for name, value in values.items():
            setattr(record, name, value)
        with Session(engine) as session:
            session.add(record)
            with pytest.raises(DBAPIError) as caught:
                session.flush()
        failed = translate(caught.value, mapper)
        assert failed is not None
        return failed.kind, failed.columns

    yield tell
    mapped.dispose()
    table.metadata.drop_all(engine)


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"age": 0}, ("age",)),
        ({"weight": 400}, ("weight",)),
        ({"state": "odd"}, ("state",)),
        ({"size2": 13}, ("size2",)),
        ({"low": 2, "high": 1}, ("low", "high")),
    ],
)
def test_the_columns_of_a_check_are_known(told: Any, values: dict[str, Any], columns: tuple[str, ...]) -> None:
    assert told(**values) == ("check", columns)


def test_a_check_of_no_name_that_may_be_another_is_not_guessed() -> None:
    table = sheet_table()
    table.append_constraint(sa.CheckConstraint("size2 <> kg"))
    assert checked_columns(table, "CONSTRAINT_1") == ()
    assert checked_columns(table, "check_sheet_check1") == ()
    assert checked_columns(table, "check_sheet_age_check1") == ("age",)
    assert checked_columns(table, "nothing") == ()
