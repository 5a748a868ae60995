"""Every kind of column on the pages of a record: shown in words, edited without a loss, left alone where it was."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.museum import open_museum, rows
from tests.web.sent_form import sent_form
from tests.web.site import Site

BASE = "/admin/museumview"
EDIT, SHOW = f"{BASE}/edit/1", f"{BASE}/show/1"


@pytest.fixture
def museum(make_host: MakeHost, database_url: str) -> Site:
    return open_museum(make_host, database_url)


def fill(site: Site, values: dict[str, Any]) -> list[tuple[str, type[Any], str]]:
    """Make this the only row of the museum."""
    with site.app.app_context():
        site.db.session.execute(sa.delete(site.models))
        site.db.session.add(site.models(id=1, **values))
        site.db.session.commit()
    return stored(site)


def stored(site: Site) -> list[tuple[str, type[Any], str]]:
    """Every column of the row as the database has it, to the type and the last digit."""
    with site.app.app_context():
        row = site.db.session.execute(sa.select(site.models.__table__)).one()
        return [(name, type(value), repr(value)) for name, value in row._mapping.items()]


def updates(seen: Any) -> list[str]:
    return [text for text in seen.texts if text.lstrip().upper().startswith("UPDATE MUSEUM")]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_page_of_any_row_sent_back_as_it_was_shown_updates_nothing(
    museum: Site, database_url: str, data: Any
) -> None:
    admin = museum.made.get("browser") or museum.made.setdefault("browser", museum.admin())
    before = fill(museum, data.draw(rows(database_url)))
    body = sent_form(admin.get(EDIT).text, EDIT)
    with statements() as seen:
        answer = admin.client.post(EDIT, data=body)
    assert answer.status_code == 302, answer.text
    assert updates(seen) == []
    assert stored(museum) == before


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_row_is_listed_and_shown(museum: Site, database_url: str, data: Any) -> None:
    admin = museum.made.get("browser") or museum.made.setdefault("browser", museum.admin())
    fill(museum, data.draw(rows(database_url)))
    for url in (f"{BASE}/list/", SHOW, EDIT):
        assert admin.get(url).status_code == 200
