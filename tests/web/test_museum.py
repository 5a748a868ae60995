"""Every kind of column on the pages of a record: shown in words, edited without a loss, left alone where it was."""

import datetime as dt
import enum
import html
import re
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appbuilder_lite import SQLAInterface
from appbuilder_lite.data.filter_operators import operators_for
from appbuilder_lite.data.intervals import interval_text
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.museum import exhibits, open_museum, rows
from tests.web.sent_form import held_back, sent_form
from tests.web.shown_values import shown_values
from tests.web.site import Browser, Site

BASE = "/admin/museumview"
ADD, EDIT, LIST, SHOW = f"{BASE}/add", f"{BASE}/edit/1", f"{BASE}/list/", f"{BASE}/show/1"
WORDS = ["a", "1", "-1.5", "2024-02-03", "01:02:03", "true", "1d", "{}", "(1,2)", "10.0.0.1", "%", "'", "\\", "9" * 30]
# SQLAlchemy 2.1 says so of its own type, whatever a column of it is compared with.
pytestmark = pytest.mark.filterwarnings("ignore:Type object .*DOMAIN:sqlalchemy.exc.SADeprecationWarning")
OWN = {"longer", "shout", "in_words", "exclaimed", "plain", "doubled"}


@pytest.fixture
def museum(make_host: MakeHost, database_url: str) -> Site:
    return open_museum(make_host, database_url)


def browser(site: Site) -> Browser:
    """The admin's, signed in once for all examples of a test."""
    found: Browser = site.made.get("browser") or site.made.setdefault("browser", site.admin())
    return found


def fill(site: Site, values: dict[str, Any]) -> list[tuple[str, type[Any], str]]:
    """Make this the only row of the museum."""
    with site.app.app_context():
        site.db.session.execute(sa.delete(site.models))
        site.db.session.add(site.models(id=1, **values))
        site.db.session.commit()
    return stored(site)


def stored(site: Site, key: int = 1) -> list[tuple[str, type[Any], str]]:
    """Every column of the row as the database has it, to the type and the last digit."""
    with site.app.app_context():
        table = site.models.__table__
        row = site.db.session.execute(sa.select(table).where(table.c.id == key)).one()
        return [(name, type(value), repr(value)) for name, value in row._mapping.items()]


def texts(page: str) -> list[str]:
    """The cells of the list's only row, as text, without the one that ticks it."""
    row = page[page.index("<tbody") : page.index("</tbody")]
    cells = re.findall(r"<t[hd][ >].*?(?=<t[hd][ >]|</tr)", row, re.DOTALL)
    shown = [cell for cell in cells if 'type="checkbox"' not in cell]
    return [html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell))).strip() for cell in shown]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_page_of_any_row_sent_back_as_it_was_shown_updates_nothing(
    museum: Site, database_url: str, data: Any
) -> None:
    before = fill(museum, data.draw(rows(database_url)))
    page = browser(museum).get(EDIT).text
    assert held_back(page, EDIT) == []
    with statements() as seen:
        answer = browser(museum).client.post(EDIT, data=sent_form(page, EDIT))
    assert answer.status_code == 302, answer.text
    assert [text for text in seen.texts if text.lstrip().upper().startswith("UPDATE MUSEUM")] == []
    assert stored(museum) == before


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_row_is_listed_and_shown(museum: Site, database_url: str, data: Any) -> None:
    fill(museum, data.draw(rows(database_url)))
    for url in (LIST, SHOW, EDIT):
        assert browser(museum).get(url).status_code == 200


def test_a_list_and_a_page_have_words_for_every_kind(museum: Site, database_url: str) -> None:
    shown = shown_values(database_url)
    fill(museum, {name: value for name, (value, _text) in shown.items()})
    names = [*exhibits(database_url), "longer", "shout", "in_words", "exclaimed", "plain", "doubled"]
    expected = {name: text for name, (_value, text) in shown.items()}
    expected |= {
        "longer": "7",
        "shout": "NEEDED",
        "in_words": "<-70000>",
        "exclaimed": "needed!",
        "plain": '[1, "needed"]',
        "doubled": "6",
    }
    listed = dict(zip(names, texts(browser(museum).get(LIST).text), strict=False))
    assert {name: listed[name] for name in expected} == expected
    page = html.unescape(re.sub(r"\s+", " ", browser(museum).get(SHOW).text))
    for name, text in expected.items():
        assert f">{text}<" in page, name


def test_forms_have_a_field_for_every_kind_that_can_be_edited(museum: Site, database_url: str) -> None:
    fill(museum, {"needed": "", "on": True, "filled": "", **_without_null(database_url)})
    edited = {name for name, exhibit in exhibits(database_url).items() if exhibit.is_edited}
    for url in (ADD, EDIT):
        page = browser(museum).get(url).text
        fields = set(sent_form(page, url)["_fields"].split(","))
        assert fields == edited | {"hidden", "kept_back"}
        assert not fields & OWN


def _without_null(url: str) -> dict[str, Any]:
    """Values for the columns whose exhibits are never NULL."""
    return {name: shown_values(url)[name][0] for name in ("odd", "not_a_number") if name in exhibits(url)}


def test_lists_are_sorted_by_every_kind_that_has_an_order(museum: Site, database_url: str) -> None:
    fill(museum, {name: value for name, (value, _text) in shown_values(database_url).items()})
    page = html.unescape(browser(museum).get(LIST).text)
    offered = set(re.findall(r"[?&]sort=-?(\w+)", page))
    ordered = {name for name, exhibit in exhibits(database_url).items() if exhibit.is_sorted}
    assert offered == ordered | {"longer", "in_words", "exclaimed", "doubled", "hidden", "kept_back"}
    for name in [*exhibits(database_url), *OWN]:
        for way in ("", "-"):
            answer = browser(museum).get(f"{LIST}?sort={way}{name}")
            assert answer.status_code == (200 if name in offered else 400), name


def test_every_kind_is_searched_without_an_error(museum: Site, database_url: str) -> None:
    fill(museum, {name: value for name, (value, _text) in shown_values(database_url).items()})
    for word in WORDS:
        answer = browser(museum).get(LIST, query_string={"search": word})
        assert answer.status_code == 200, word


def test_a_new_row_has_what_was_typed_and_defaults_for_the_rest(museum: Site, database_url: str) -> None:
    typed = {"needed": "n", "span": "1d 2:30:00", "tree": '{"a": true}'}
    if "lines" in exhibits(database_url):
        typed |= {"lines": "a\r\nb", "pause": "-1.5s", "leaves": "[1]", "counts": "1\r\n2"}
    body = sent_form(browser(museum).get(ADD).text, ADD)
    assert browser(museum).client.post(ADD, data={**body, **typed}).status_code == 302
    with museum.app.app_context():
        (row,) = museum.db.session.query(museum.models)
        key = row.id
    found = {name: text for name, _type, text in stored(museum, key)}
    expected = {"needed": "'n'", "span": "datetime.timedelta(days=1, seconds=9000)", "tree": "{'a': True}"}
    expected |= {"filled": "'fresh'", "line": "None", "image": "None", "on": "False"}
    if "lines" in typed:
        expected |= {"lines": "['a', 'b']", "leaves": "[1]", "counts": "[1, 2]", "trees": "None"}
        expected |= {"pause": "datetime.timedelta(days=-1, seconds=86398, microseconds=500000)"}
    assert {name: found[name] for name in expected} == expected


WITHOUT_WORDS = {"words", "floor", "tree", "image", "pickled", "trees", "grid", "pairs", "leaf", "leaves", "vector"}
WITHOUT_WORDS |= {"point", "bits", "host", "spread", "year", "flags", "bit", "blob"}


def test_every_kind_is_filtered_and_what_does_not_fit_keeps_the_form(museum: Site, database_url: str) -> None:
    shown = held(database_url)
    fill(museum, shown)
    with museum.app.app_context():
        source = SQLAInterface(museum.models).bind(museum.db.session)
        operators = {name: set(operators_for(source.columns[name])) for name in exhibits(database_url)}
    assert {name for name, offered in operators.items() if offered == {"empty"}} == WITHOUT_WORDS & operators.keys()
    for name, offered in operators.items():
        text = asked_by(shown[name])
        for operator in offered & {"eq", "neq", "in", "not_in", "gt", "lt", "gte", "lte", "ct", "sw", "ew", "nct"}:
            answer = browser(museum).get(LIST, query_string={f"{name}__{operator}": text})
            is_found = operator in ("eq", "in", "gte", "lte", "ct", "sw", "ew")
            assert (answer.status_code, has_row(answer)) == (200, is_found), (name, operator, text)
        for operator in offered & {"eq", "neq", "in", "not_in", "gt", "lte"} if "nsw" not in offered else ():
            answer = browser(museum).get(LIST, query_string={f"{name}__{operator}": "nonsense"})
            assert (answer.status_code, 'class="ab-error"' in answer.text) == (422, True), (name, operator)


def test_what_is_empty_is_found_of_every_kind(museum: Site, database_url: str) -> None:
    full = held(database_url)
    blank: dict[str, Any] = {"needed": "", "on": True, "filled": "", **_without_null(database_url)}
    listed = [name for name in exhibits(database_url) if name not in blank]
    for values, is_empty in ((full, False), (blank, True)):
        fill(museum, values)
        for name in listed:
            for word, found in (("yes", is_empty), ("no", not is_empty)):
                answer = browser(museum).get(LIST, query_string={f"{name}__empty": word})
                assert (answer.status_code, has_row(answer)) == (200, found), (name, word)
            assert browser(museum).get(LIST, query_string={f"{name}__empty": "perhaps"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "value"), [("tree", sa.JSON.NULL), ("image", b""), ("leaves", sa.JSON.NULL), ("lines", []), ("many", "")]
)
def test_what_has_no_content_is_empty(museum: Site, database_url: str, name: str, value: Any) -> None:
    if name not in exhibits(database_url):
        pytest.skip("only PostgreSQL has this kind")
    fill(museum, {"needed": "", "on": True, "filled": "", **_without_null(database_url), name: value})
    assert has_row(browser(museum).get(f"{LIST}?{name}__empty=yes"))
    assert not has_row(browser(museum).get(f"{LIST}?{name}__empty=no"))


def test_items_addresses_and_lengths_of_time_are_found(museum: Site, database_url: str) -> None:
    fill(museum, {name: value for name, (value, _text) in shown_values(database_url).items()})
    asked = [
        ("span__gte=-1d&span__lt=-23h", True),
        ("span__gt=-23h", False),
        ("or.1.span__eq=1h&or.1.span__lt=0s", True),
    ]
    if "lines" in exhibits(database_url):
        asked += [("lines__has=c", True), ("lines__has=a", False), ("counts__has=2000", True), ("counts__has=3", False)]
        asked += [("address__sw=10.", True), ("address__ct=192", False), ("hardware__eq=08-00-2B-01-02-03", True)]
        asked += [("network__ct=.0/8", True), ("match=any&lines__has=a&address__ct=0.1", True)]
    for query, found in asked:
        answer = browser(museum).get(f"{LIST}?{query}")
        assert (answer.status_code, has_row(answer)) == (200, found), query


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("span__eq", "soon"), ("span__gte", "9" * 9 + "d"), ("floor__empty", "maybe"), ("counts__has", "x")),
        *(("address__eq", "10.0.0"), ("address__in", "fe80::1%eth0"), ("network__eq", "10.0.0.1/8")),
        *(("hardware__eq", "08:00"), ("hardware__neq", "zz:00:2b:01:02:03")),
    ],
)
def test_what_such_a_column_cannot_hold_keeps_the_form(museum: Site, database_url: str, name: str, text: str) -> None:
    if name.partition("__")[0] not in exhibits(database_url):
        pytest.skip("only PostgreSQL has this kind")
    answer = browser(museum).get(LIST, query_string={name: text})
    if answer.status_code == 200:
        pytest.skip("PostgreSQL has room for a million years")
    assert answer.status_code == 422
    assert 'class="ab-error"' in answer.text


def held(url: str) -> dict[str, Any]:
    """A value for each column, none of which is unlike itself."""
    shown = {name: value for name, (value, _text) in shown_values(url).items()}
    further = {"zoned": dt.datetime(2024, 2, 3, 4, 5, tzinfo=dt.UTC), "odd": 1.5, "not_a_number": Decimal("0.10")}
    return shown | {name: value for name, value in further.items() if name in exhibits(url)}


def asked_by(value: Any) -> str:
    """A value as an address says it."""
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, dt.timedelta):
        return interval_text(value)
    isoformat = getattr(value, "isoformat", None)
    return str(value) if isoformat is None else str(isoformat())


def has_row(answer: Any) -> bool:
    return "/show/1" in answer.text


@pytest.mark.parametrize(
    ("name", "text"),
    [("span", "999999999d"), ("tree", "{"), ("checked_number", "10"), ("large", str(2**63)), ("loud", "a" * 61)],
)
def test_what_a_column_cannot_hold_is_refused_and_comes_back(museum: Site, name: str, text: str) -> None:
    body = sent_form(browser(museum).get(ADD).text, ADD)
    answer = browser(museum).client.post(ADD, data={**body, "needed": "n", name: text})
    if name == "span" and answer.status_code == 302:
        pytest.skip("PostgreSQL has room for a million years")
    assert answer.status_code == 422
    assert text in answer.text


@pytest.mark.parametrize(("name", "text"), [("positive", "-1"), ("positive", "x"), ("rate", "1000"), ("due", "soon")])
def test_what_a_domain_refuses_is_told_in_our_words(museum: Site, database_url: str, name: str, text: str) -> None:
    if name not in exhibits(database_url):
        pytest.skip("only PostgreSQL has domains")
    body = sent_form(browser(museum).get(ADD).text, ADD)
    answer = browser(museum).client.post(ADD, data={**body, "needed": "n", name: text})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "violates" not in answer.text
