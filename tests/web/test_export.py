"""The files of a list: what stands in them, for whom, and what is told where there is none."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import enum
import io
import json
import logging
import math
import re
import uuid
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, SQLAInterface, expose, has_access
from appbuilder_lite.data.filters import FilterSmaller
from appbuilder_lite.data.intervals import parse_interval
from appbuilder_lite.data.sqla_whole import BATCH
from appbuilder_lite.data.types import security_model
from appbuilder_lite.resource.exporting import csv_text
from appbuilder_lite.web import exporting
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.museum import exhibits, open_museum
from tests.web.museum import rows as museum_rows
from tests.web.site import Browser, Site
from tests.web.test_museum import fill
from tests.web.test_templates import Document

VIEW = "/admin/customerview"
LIST, CSV, JSON = f"{VIEW}/list/", f"{VIEW}/list/export/csv", f"{VIEW}/list/export/json"
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide forms are what is meant


def _site(make_host: MakeHost, *, rows: int = 30, **options: Any) -> Site:
    config = options.pop("config", {})

    def declare(site: Site) -> list[type[Any]]:
        declared = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "country", "status"],
            "list_optional_columns": ["country.name", "tags", "email", "id"],
            "search_columns": ["name"],
            "label_columns": {"country": "Land"},
            "export_formats": ["csv", "json"],
        }
        return [type("CustomerView", (ModelView,), {**declared, **options})]

    return site_of(make_host, declare, rows=rows, **config)


def _records(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.data)
    return found


def _cells(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), strict=True))


def _names(browser: Browser, asked: str = "") -> list[str]:
    return [record["name"] for record in _records(browser.get(f"{JSON}{asked}"))]


def _shown(browser: Browser, asked: str = "") -> list[str]:
    """The names on all pages of the list itself."""
    url, found = f"{LIST}{asked}", list[str]()
    while url:
        page = Document(browser.get(url).text)
        found += [row.text for row in page.all("th", scope="row")]
        following = next((link.get("href") for link in page.all("a", rel="next")), "")
        url = f"{LIST}{following}" if following.startswith("?") else following
    return found


def test_a_file_has_all_pages_with_the_columns_of_the_list(make_host: MakeHost) -> None:
    answer = _site(make_host).admin().get(CSV)
    head, *found = _cells(answer)
    assert head == ["Name", "Land", "Status"]
    assert len(found) == 30
    assert found[0] == ["Customer 000", "Norway", "KNOWN"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?search=00",
        "?sort=-name",
        "?sort=country.name,-name",
        "?name__ew=1&name__sw=Customer+00&match=any",
        "?page=2&page_size=10",
        "?or.1.name__ew=1&or.1.name__ew=2",
        "?tab=few",
        "?status__eq=NEW",
    ],
)
def test_it_has_the_rows_of_the_list_in_its_order(make_host: MakeHost, asked: str) -> None:
    tabs = [("Few", {"filters": [["id", FilterSmaller, 5]]})]
    order = ["name", "country.name"]
    admin = _site(make_host, list_tabs=tabs, order_columns=order, page_size=25).admin()
    expected = _shown(admin, asked.replace("page=2", "page=1"))
    assert expected
    assert _names(admin, asked) == expected


def test_columns_are_those_of_the_address_or_those_that_the_person_keeps(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    assert _cells(admin.get(f"{CSV}?cols=email,name"))[0] == ["Email", "Name"]
    page = Document(admin.get(LIST).text)
    address = next(button.get("formaction") for button in page.all("button") if "columns?" in button.get("formaction"))
    answer = admin.client.post(address, data={"cols": ["id", "name"], "csrf_token": admin.token(LIST)})
    assert answer.status_code == 302
    assert _cells(admin.get(CSV))[0] == ["Id", "Name"]
    assert _cells(admin.get(f"{CSV}?cols=email"))[0] == ["Email"]


def test_declared_columns_are_had_whatever_the_list_shows(make_host: MakeHost) -> None:
    admin = _site(make_host, export_columns=["id", "country.name", "country.id"]).admin()
    record = _records(admin.get(f"{JSON}?cols=name"))[0]
    assert list(record) == ["id", "country.name", "country.id"]


def test_columns_and_rows_that_the_person_does_not_meet_are_not_in_it(make_host: MakeHost) -> None:
    def hidden(self: Any, user: Any, column: str, action: str) -> bool:
        return column not in ("country", "email")

    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.id <= 4)

    site = _site(
        make_host,
        can_access_field=hidden,
        scope=scope,
        base_filters=[["id", FilterSmaller, 4]],
        export_columns=["id", "email", "name", "country"],
    )
    assert [list(record) for record in _records(site.admin().get(JSON))] == [["id", "name"]] * 3


def test_a_password_is_in_no_file(make_host: MakeHost) -> None:
    def declare(_site: Site) -> list[type[Any]]:
        people = SQLAInterface(security_model("user_model"))
        options = {"datamodel": people, "export_columns": ["username", "password"], "list_columns": ["username"]}
        return [type("PeopleView", (ModelView,), options)]

    head, *_ = _cells(site_of(make_host, declare).admin().get("/admin/peopleview/list/export/csv"))
    assert head == ["Username"]


def test_what_is_in_the_trash_is_in_no_file(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class Note(site.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            id = sa.Column(sa.Integer, primary_key=True)
            gone = sa.Column(sa.DateTime)

        site.models.Note = Note
        return [
            type(
                "NoteView",
                (ModelView,),
                {"datamodel": SQLAInterface(Note), "soft_delete": "gone", "list_columns": ["id"]},
            )
        ]

    site = site_of(make_host, declare)
    with site.app.app_context():
        gone = dt.datetime(2024, 1, 2)
        site.db.session.add_all([site.models.Note(id=number, gone=gone if number == 2 else None) for number in (1, 2)])
        site.db.session.commit()
    admin = site.admin()
    assert _cells(admin.get("/admin/noteview/list/export/csv")) == [["Id"], ["1"]]
    assert "export" in admin.get("/admin/noteview/list/").text
    assert "export" not in admin.get("/admin/noteview/trash").text


def test_it_asks_for_its_own_permission_and_that_of_the_list(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("clerk", ("can_list", "CustomerView"), ("can_export", "CustomerView"))
    site.user("reader", ("can_list", "CustomerView"))
    site.user("taker", ("can_export", "CustomerView"))
    clerk, reader, taker = map(site.sign_in, ("clerk", "reader", "taker"))
    assert len(_names(clerk)) == 30
    assert CSV in clerk.get(LIST).text
    assert CSV not in reader.get(LIST).text
    for refused in (reader, taker):
        assert refused.get(CSV).status_code == 403
        assert refused.client.head(CSV).status_code == 403
    assert "/login/" in site.browser().get(CSV).location


def test_without_formats_there_is_neither_page_nor_permission(make_host: MakeHost) -> None:
    site = _site(make_host, export_formats=())
    assert site.admin().get(CSV).status_code == 404
    assert "export" not in site.admin().get(LIST).text
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_export", "CustomerView") is None


def test_without_a_list_there_is_no_file(make_host: MakeHost) -> None:
    site = _site(make_host, exclude_route_methods=["list"], default_view="add")
    assert site.admin().get(CSV).status_code == 404


def test_a_page_of_the_host_s_own_by_that_name_stays_what_it_is(make_host: MakeHost) -> None:
    class Own(ModelView):
        @expose("/files")
        @has_access
        def export_list(self) -> str:  # type: ignore[override]  # a host may call its own page so
            return "own"

    admin = _site(make_host, export_list=Own.export_list).admin()
    assert admin.get(f"{VIEW}/files").text == "own"
    assert "export" not in admin.get(LIST).text


@pytest.mark.databases
def test_no_row_is_lost_whose_key_has_more_digits_than_the_database_tells(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class Rate(site.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            value = sa.Column(sa.Numeric(20, 2), primary_key=True)
            name = sa.Column(sa.String(20))

        options = {"datamodel": SQLAInterface(Rate), "list_columns": ["name"], "export_formats": ["json"]}
        return [type("RateView", (ModelView,), options)]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        site.db.session.execute(sa.text("INSERT INTO rate (value, name) VALUES (0.12345, 'fine'), (2, 'plain')"))
        site.db.session.commit()
    found = _records(site.admin().get("/admin/rateview/list/export/json"))
    assert [record["name"] for record in found] == ["fine", "plain"]


@pytest.mark.parametrize(
    "asked", ["cols=nothing", "sort=nothing", "search=%00", "page=x", "tab=none", "country__eq=a&country__eq=b"]
)
def test_what_cannot_be_asked_is_told_as_the_list_tells_it(make_host: MakeHost, asked: str) -> None:
    admin = _site(make_host).admin()
    expected, found = admin.get(f"{LIST}?{asked}"), admin.get(f"{CSV}?{asked}")
    assert 400 <= found.status_code == expected.status_code < 500
    assert "Content-Disposition" not in found.headers


def test_a_filter_that_does_not_fit_brings_its_form(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    found = admin.get(f"{CSV}?id__gte=many")
    assert found.status_code == 422
    assert 'id="filter-id' in found.text


def test_a_format_that_is_not_declared_is_no_page(make_host: MakeHost) -> None:
    assert _site(make_host).admin().get(f"{VIEW}/list/export/xlsx").status_code == 404


def test_too_many_records_are_told_before_anything_is_read(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    site = _site(make_host, config={"APPBUILDER_MAX_EXPORT_ROWS": 29})
    admin = site.admin()
    found = admin.get(f"{CSV}?sort=-name&page=2")
    assert found.status_code == 422
    assert "At most 29 can be exported" in found.text
    assert f"{LIST}?sort=-name" in [link.get("href") for link in Document(found.text).all("a")]
    assert len(_names(admin, "?search=00")) == 10


def test_an_empty_list_is_a_file_all_the_same(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    assert _cells(admin.get(f"{CSV}?search=nobody")) == [["Name", "Land", "Status"]]
    assert _records(admin.get(f"{JSON}?search=nobody")) == []


def test_statements_grow_by_the_batch_and_never_by_the_row(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    admin = _site(make_host, rows=BATCH + 1).admin()
    url = f"{CSV}?cols=name,country.name,country,tags&sort=country.name"
    admin.get(url)
    with count_statements() as two:
        assert len(_cells(admin.get(url))) == BATCH + 2
    with count_statements() as one:
        assert len(_cells(admin.get(f"{url}&search=00"))) > 5
    # The rows of a batch and their tags.
    assert len(two) == len(one) + 2


def test_the_list_has_its_link_without_a_statement_more(make_host: MakeHost, count_statements: CountStatements) -> None:
    seen = []
    site = _site(make_host)
    for name, grants in {"clerk": ["can_list", "can_export"], "reader": ["can_list"]}.items():
        site.user(name, *((grant, "CustomerView") for grant in grants))
        browser = site.sign_in(name)
        browser.get(LIST)
        with count_statements() as found:
            assert ("/export/" in browser.get(LIST).text) is ("can_export" in grants)
        seen.append(len(found))
    assert seen[0] == seen[1]


def test_the_links_ask_for_what_is_listed_and_say_how_many(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    page = Document(admin.get(f"{LIST}?search=00&page_size=10&sort=-name").text)
    assert [button.text for button in page.all("button", popovertarget="list-export")] == ["Export 10 records"]
    links = [link.get("href") for link in page.all("a") if "/export/" in link.get("href")]
    assert links == [f"{url}?search=00&sort=-name" for url in (CSV, JSON)]
    assert not [link for link in Document(admin.get(f"{LIST}?search=nobody").text).all("a") if "/export/" in link.text]


def test_a_single_format_is_a_link_of_its_own(make_host: MakeHost) -> None:
    page = Document(_site(make_host, export_formats=["csv"], list_count="none").admin().get(LIST).text)
    assert [link.text for link in page.all("a", href=CSV)] == ["Export all"]


def test_headers_make_it_a_private_file(make_host: MakeHost) -> None:
    title = 'Größe "a/b"\r\n: x'
    admin = _site(make_host, list_title=title).admin()
    for answer in (admin.get(CSV), admin.client.head(CSV)):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.content_type == "text/csv; charset=utf-8"
        said = answer.headers["Content-Disposition"]
        assert said.startswith("attachment; ")
        assert said.isascii()
        name = unquote(said.rpartition("''")[2])
        assert re.fullmatch(r"Größe -a-b- *-* *x \d{4}-\d\d-\d\d\.csv", name), name
    assert admin.get(JSON).content_type == "application/json"
    assert admin.get(CSV).content_length == len(admin.get(CSV).data)


def test_the_headers_say_that_a_filter_names_no_record(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    asked = f"{CSV}?country__eq=99"
    assert [admin.get(asked).status_code, admin.client.head(asked).status_code] == [404, 404]


def test_wide_signs_of_a_title_end_no_name(make_host: MakeHost) -> None:
    said = _site(make_host, list_title="a＂b／c").admin().get(CSV).headers["Content-Disposition"]  # noqa: RUF001
    assert re.fullmatch(r'attachment; filename="a-b-c [-\d]+\.csv"; filename\*=UTF-8\'\'a%EF%BC%82b\S+', said), said


def test_who_only_asks_for_the_headers_has_nothing_read(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = _site(make_host).admin()
    admin.get(CSV)
    with count_statements() as seen:
        admin.client.head(CSV)
    assert not [text for text in seen.texts if "FROM customer" in text]


def test_what_fails_in_the_middle_is_no_file(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    def shown(value: str) -> str:
        if value.endswith("29"):
            raise sa.exc.SQLAlchemyError("not this one")
        return value

    site = _site(make_host, formatters_columns={"name": shown})
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = site.admin().get(CSV)
    assert answer.status_code == 500
    assert "Content-Disposition" not in answer.headers
    assert "Customer 000" not in answer.text
    assert "not this one" in caplog.text
    assert "Exported" not in caplog.text


def test_the_connection_is_free_and_the_file_gone_when_the_reader_goes_away(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "IN_MEMORY", 10)
    made: list[Any] = []

    def opened(*args: Any, **options: Any) -> Any:
        made.append(SpooledTemporaryFile(*args, **options))  # noqa: SIM115 - this is what is looked at
        return made[-1]

    monkeypatch.setattr(exporting, "SpooledTemporaryFile", opened)
    site = _site(make_host, rows=100)
    admin = site.admin()
    with site.app.app_context():
        pool = site.db.engine.pool
    answer = admin.client.get(CSV, buffered=False)
    next(answer.iter_encoded())
    assert not hasattr(pool, "checkedout") or pool.checkedout() == 0
    answer.close()
    assert [file.closed for file in made] == [True]


def test_an_export_is_logged(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "appbuilder_lite.security")
    _site(make_host).admin().get(f"{CSV}?search=00%0A")
    (line,) = [record.getMessage() for record in caplog.records if record.getMessage().startswith("Exported")]
    assert line == f"Exported: 10 rows of CustomerView to user 1, {CSV}?search=00%0A."


def test_markup_of_a_formatter_stays_out_and_what_it_hides_stays_hidden(make_host: MakeHost) -> None:
    formatters = {
        "name": lambda value: Markup("<b title='x>'>{}</b>&amp; more").format(value),
        "email": lambda value: f"***{value[-4:]}",
        "id": lambda value: value * 10,
    }
    admin = _site(make_host, formatters_columns=formatters).admin()
    record = _records(admin.get(f"{JSON}?cols=name,email,id"))[0]
    assert record["name"].endswith("Customer 000 & more")
    assert (record["email"], record["id"]) == ("***.org", 10)


def test_related_records_stand_by_their_names(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    records = _records(admin.get(f"{JSON}?cols=name,country,tags"))
    assert records[2] == {"name": "Customer 002", "country": "Norway", "tags": ["loyal", "late"]}
    assert _cells(admin.get(f"{CSV}?cols=name,country,tags"))[3] == ["Customer 002", "Norway", "loyal; late"]


def test_no_text_of_people_is_a_formula(make_host: MakeHost) -> None:
    site = _site(make_host, rows=len(SIGNS), label_columns={"name": "=1+1"})
    with site.app.app_context():
        found = site.db.session.scalars(sa.select(site.models.Customer).order_by(site.models.Customer.id))
        for customer, sign in zip(found, SIGNS, strict=True):
            customer.name = f"{sign}cmd|'/c calc'!A1"
        site.db.session.commit()
    cells = _cells(site.admin().get(f"{CSV}?cols=name"))
    assert [cell for (cell,) in cells] == ["'=1+1", *(f"'{sign}cmd|'/c calc'!A1" for sign in SIGNS)]


@pytest.mark.parametrize("separator", [";", "\t", ";\t"])
def test_what_stands_behind_another_separator_is_no_cell_of_its_own(make_host: MakeHost, separator: str) -> None:
    site = _site(make_host, rows=1, label_columns={"name": f"Name{separator}=2+2"})
    text = f"a{separator}=1+1"
    with site.app.app_context():
        site.db.session.scalars(sa.select(site.models.Customer)).one().name = text
        site.db.session.commit()
    answer = site.admin().get(f"{CSV}?cols=name,email")
    heads, cells = answer.get_data().decode("utf-8-sig").splitlines()
    assert heads == f'"Name{separator}=2+2","Email"'
    assert cells == f'"{text}","c0@example.org"'


def test_a_person_who_meets_no_column_gets_the_keys(make_host: MakeHost) -> None:
    admin = _site(make_host, rows=2, can_access_field=lambda self, user, column, action: False).admin()
    assert _cells(admin.get(CSV)) == [["Key"], ["1"], ["2"]]
    assert _records(admin.get(JSON)) == [{"key": "1"}, {"key": "2"}]


@given(text=st.text(st.sampled_from([*SIGNS, "'", " ", "a", ";", ",", '"', "\0", "\ufeff", "\u200b"])) | st.text())
def test_a_text_comes_back_from_a_csv_file_and_never_begins_like_a_formula(text: str) -> None:
    line = io.StringIO(newline="")
    csv.writer(line).writerow([csv_text(text), "x"])
    ((cell, _other),) = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert not cell.startswith(SIGNS)
    assert not cell.strip().startswith(SIGNS)
    assert _undone(cell) == text


def _undone(cell: str) -> str:
    """A text as it was: one apostrophe is taken from before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and csv_text(cell) != cell else cell


_READ: dict[type[Any], Any] = {
    str: _undone,
    bool: lambda cell: {"true": True, "false": False}[cell],
    int: int,
    float: float,
    Decimal: Decimal,
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
    dt.timedelta: lambda cell: parse_interval(_undone(cell)),
    uuid.UUID: uuid.UUID,
    bytes: base64.b64decode,
    dict: lambda cell: json.loads(_undone(cell)),
    list: lambda cell: json.loads(_undone(cell)),
}


@pytest.fixture
def museum(make_host: MakeHost, database_url: str) -> Site:
    return open_museum(make_host, database_url)


# SQLAlchemy 2.1 says so of its own type, whatever a column of it is compared with.
@pytest.mark.filterwarnings("ignore:Type object .*DOMAIN:sqlalchemy.exc.SADeprecationWarning")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_kind_of_column_comes_back_from_both_files(museum: Site, database_url: str, data: Any) -> None:
    fill(museum, data.draw(museum_rows(database_url)))
    admin = museum.made.get("browser") or museum.made.setdefault("browser", museum.admin())
    names = list(exhibits(database_url))
    cells = dict(zip(names, _cells(admin.get("/admin/museumview/list/export/csv"))[1], strict=False))
    (record,) = _records(admin.get("/admin/museumview/list/export/json"))
    with museum.app.app_context():
        item = museum.db.session.scalars(sa.select(museum.models)).one()
        for name in names:
            value, column = getattr(item, name), museum.models.__table__.c[name]
            is_document = isinstance(getattr(column.type, "impl_instance", column.type), sa.JSON)
            assert _came_back(cells[name], value, is_document=is_document), (name, value, cells[name])
            assert not cells[name].startswith(SIGNS) or isinstance(value, int | float | Decimal), (name, cells[name])
            assert _told_as(record[name], value), (name, value, record[name])


def _came_back(cell: str, value: Any, *, is_document: bool) -> bool:
    if value is None:
        return cell == ""
    if isinstance(value, float | Decimal) and math.isnan(value):
        return cell.lower() == "nan"
    if is_document:
        return bool(json.loads(_undone(cell)) == value)
    if isinstance(value, enum.Enum):
        return _undone(cell) == value.name
    if isinstance(value, list):
        return bool(json.loads(_undone(cell)) == json.loads(json.dumps(value, default=str)))
    read = _READ.get(type(value))
    return bool(_undone(cell) == str(value) if read is None else read(cell) == value) or isinstance(value, set)


def _told_as(told: Any, value: Any) -> bool:
    if value is None or type(value) in (bool, str, dict, int):
        return bool(told == value)
    if isinstance(value, float):
        return bool(float(told) == value) or str(told) == str(value)
    return isinstance(told, str | list | int)
