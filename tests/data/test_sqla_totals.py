"""How many rows a list has: what each way of counting says, and what it asks of the database."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, with_loader_criteria

from appbuilder_lite.data import sqla_totals
from appbuilder_lite.data.query import Certainty, Count, ListQuery, Page
from tests.conftest import CountStatements
from tests.data.conftest import Bind, everything
from tests.data.models import Cat, Tag

ROWS = 200


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list is long from fifty rows on."""
    monkeypatch.setattr(sqla_totals, "MOST", 50)


@pytest.fixture
def tags(session: Session) -> None:
    session.execute(sa.insert(Tag), [{"id": number, "name": f"tag {number}"} for number in range(1, ROWS + 1)])
    session.commit()


def _look_at_the_table(session: Session) -> None:
    """Have the database note how many rows there are."""
    commands = {"postgresql": "ANALYZE tag", "mysql": "ANALYZE TABLE tag"}
    dialect = session.get_bind().dialect.name
    if dialect in commands:
        session.execute(sa.text(commands[dialect]))
        session.commit()


def _page(bind: Bind, count: Count, scope: Any = everything, **query: Any) -> Page:
    source = bind(Tag)
    page: Page = source.list(source.compile_list(["name"]), ListQuery(count=count, **query), scope, ())
    return page


@pytest.mark.parametrize(
    ("most", "total", "certainty", "pages"),
    [(49, 49, Certainty.EXACT, 2), (50, 50, Certainty.EXACT, 2), (51, 50, Certainty.MORE, None)],
)
def test_a_capped_count_is_exact_up_to_its_cap(
    bind: Bind, tags: None, count_statements: CountStatements, most: int, total: int, certainty: Certainty, pages: Any
) -> None:
    with count_statements() as seen:
        page = _page(bind, Count.CAPPED, lambda select: select.where(Tag.id <= most))
    assert (page.total, page.certainty, page.pages) == (total, certainty, pages)
    assert page.reach == 2
    assert len(seen) == 2
    assert "LIMIT" in seen.texts[1]


def test_a_page_beyond_the_cap_is_read_and_raises_what_is_known(bind: Bind, tags: None) -> None:
    page = _page(bind, Count.CAPPED, page=4)
    assert (page.first, page.last, page.total, page.certainty) == (76, 100, 101, Certainty.MORE)
    page = _page(bind, Count.CAPPED, page=ROWS // 25)
    assert (page.last, page.total, page.certainty, page.has_next) == (ROWS, ROWS, Certainty.EXACT, False)
    page = _page(bind, Count.CAPPED, page=1000)
    assert (list(page.rows), page.certainty) == ([], Certainty.MORE)


def test_a_list_that_is_not_counted_knows_whether_it_goes_on(
    bind: Bind, tags: None, count_statements: CountStatements
) -> None:
    with count_statements() as seen:
        page = _page(bind, Count.NONE)
    assert (page.total, page.certainty, page.pages, page.reach, page.has_next) == (26, Certainty.LEAST, None, 0, True)
    assert len(seen) == 1, seen
    page = _page(bind, Count.NONE, page_size=ROWS)
    assert (page.total, page.certainty, page.has_next) == (ROWS, Certainty.EXACT, False)
    assert _page(bind, Count.NONE, lambda select: select.where(Tag.id < 0)).certainty is Certainty.EXACT


def test_an_exact_count_says_all(bind: Bind, tags: None) -> None:
    page = _page(bind, Count.EXACT)
    assert (page.total, page.certainty, page.pages) == (ROWS, Certainty.EXACT, 8)


def test_an_estimate_is_what_the_database_believes(
    bind: Bind, tags: None, session: Session, count_statements: CountStatements
) -> None:
    dialect = session.get_bind().dialect.name
    _look_at_the_table(session)
    with count_statements() as seen:
        page = _page(bind, Count.ESTIMATED)
    assert len(seen) == 2, seen
    if dialect == "sqlite":
        assert (page.total, page.certainty) == (50, Certainty.MORE)
        return
    assert page.certainty is Certainty.ABOUT
    assert ROWS / 2 < page.total < ROWS * 2
    assert "tag" not in seen.texts[1].lower().replace("table_name", "")


def test_a_narrowed_list_is_not_estimated(bind: Bind, tags: None, session: Session) -> None:
    _look_at_the_table(session)
    assert _page(bind, Count.ESTIMATED, lambda select: select.where(Tag.id <= 7)).total == 7
    assert _page(bind, Count.ESTIMATED, lambda select: select.where(Tag.id <= 90)).certainty is Certainty.MORE


def test_a_table_that_nobody_has_looked_at_is_counted(bind: Bind, session: Session) -> None:
    session.add(Tag(name="one"))
    session.commit()
    page = _page(bind, Count.ESTIMATED)
    assert (page.total, page.certainty) == (1, Certainty.EXACT)


def test_rows_of_a_part_of_a_table_are_not_estimated_by_the_whole(bind: Bind, session: Session) -> None:
    session.execute(sa.text("INSERT INTO animal (id, kind, name) VALUES (1, 'animal', 'any'), (2, 'cat', 'tom')"))
    session.commit()
    source = bind(Cat)
    page = source.list(source.compile_list(["name"]), ListQuery(count=Count.ESTIMATED), everything, ())
    assert (page.total, page.certainty) == (1, Certainty.EXACT)


def test_what_the_app_narrows_in_its_session_is_not_estimated(bind: Bind, tags: None, session: Session) -> None:
    def of_one_tenant(state: Any) -> None:
        if state.is_select:
            state.statement = state.statement.options(with_loader_criteria(Tag, Tag.id <= 60))

    _look_at_the_table(session)
    sa.event.listen(session, "do_orm_execute", of_one_tenant)
    page = _page(bind, Count.ESTIMATED)
    assert (page.total, page.certainty) == (50, Certainty.MORE)
