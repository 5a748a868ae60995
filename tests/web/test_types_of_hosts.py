"""Columns of a host's own types (`TypeDecorator`), in forms: what is typed is what the type takes."""

import base64
import enum
import json
import secrets
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.mutable import MutableDict

from tests.conftest import MakeHost
from tests.web.foreign import open_mapped
from tests.web.sent_form import sent_form
from tests.web.site import Site
from tests.web.test_foreign_host import faults, saved_unchanged

pytestmark = pytest.mark.databases
ADD, EDIT = "/admin/billview/add", "/admin/billview/edit/1"
STORED = sa.text("SELECT amount, paid, details, level, words, note FROM bill ORDER BY id DESC")


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


class Cents(sa.TypeDecorator[Decimal]):
    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else Decimal(value) / 100


class YesNo(sa.TypeDecorator[bool]):
    impl = sa.String(1)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else {True: "Y", False: "N"}[value]

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value == "Y"


class Document(sa.TypeDecorator[dict[str, Any]]):
    """A document in a text, as in SQLAlchemy's own recipe."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else json.loads(value)


class LevelNumber(sa.TypeDecorator[Level]):
    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: Level | None, _dialect: Any) -> int | None:
        return None if value is None else value.value

    def process_result_value(self, value: int | None, _dialect: Any) -> Level | None:
        return None if value is None else Level(value)


class Words(sa.TypeDecorator[list[str]]):
    impl = sa.String(80)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value.split(",")


class Secret(sa.TypeDecorator[str]):
    """A text that is stored otherwise each time."""

    impl = sa.String(200)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else f"{secrets.token_hex(4)}:{base64.b64encode(value.encode()).decode()}"

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else base64.b64decode(value.partition(":")[2]).decode()


def _make(db: Any) -> Any:
    class Bill(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))
        amount: Any = sa.Column(Cents, nullable=False)
        paid: Any = sa.Column(YesNo)
        details: Any = sa.Column(MutableDict.as_mutable(Document()))
        level: Any = sa.Column(LevelNumber)
        words: Any = sa.Column(Words)
        note: Any = sa.Column(Secret)

        def __str__(self) -> str:
            return str(self.name)

    row = {"name": "First", "amount": Decimal("12.50"), "paid": True, "details": {"a": [1]}, "level": Level.HIGH}
    return [(Bill, [{**row, "words": ["one", "two"], "note": "hush"}, {"name": "Second", "amount": Decimal(0)}])]


@pytest.fixture(name="site")
def _site(make_host: MakeHost) -> Site:
    return open_mapped(make_host, _make)[0]


def _newest(site: Site) -> list[Any]:
    with site.app.app_context():
        row = site.db.session.execute(STORED).first()
    return [] if row is None else list(row)


def test_a_new_record_is_stored_as_its_types_store_it(site: Site) -> None:
    given = {"name": "Third", "amount": "99.05", "paid": "false", "details": '{"b": null}', "level": "LOW", "note": "x"}
    answer = site.admin().send(ADD, **given, words="one")
    assert answer.status_code == 302, answer.text
    *stored, note = _newest(site)
    # Nobody knows what is made of a text there, so none is taken.
    assert stored == [9905, "N", '{"b": null}', 1, None]
    assert note.endswith(base64.b64encode(b"x").decode())


@pytest.mark.parametrize("key", [1, 2])
def test_an_unchanged_form_writes_nothing(site: Site, key: int) -> None:
    assert list(saved_unchanged(site.admin(), f"/admin/billview/edit/{key}")) == []


def test_a_record_is_changed_and_what_has_no_control_stays(site: Site) -> None:
    admin = site.admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    assert {name: body[name] for name in ("amount", "paid", "level", "note")} == {
        "amount": "12.5",
        "paid": "true",
        "level": "HIGH",
        "note": "hush",
    }
    assert json.loads(body["details"]) == {"a": [1]}
    typed = {"amount": "7.25", "paid": "", "details": '{"a": [2]}', "level": "", "note": "", "words": "three"}
    answer = admin.client.post(EDIT, data={**body, **typed, "_fields": f"{body['_fields']},words"})
    assert answer.status_code == 302, answer.text
    with site.app.app_context():
        found = site.db.session.get(site.models["Bill"], 1)
        assert [found.amount, found.paid, found.details, found.level] == [Decimal("7.25"), None, {"a": [2]}, None]
        assert found.words == ["one", "two"]


@pytest.mark.parametrize(
    ("field", "text"), [("amount", "much"), ("amount", ""), ("details", "{"), ("details", "[1]"), ("level", "MIDDLE")]
)
def test_what_a_type_cannot_take_is_told_at_its_field(site: Site, field: str, text: str) -> None:
    admin = site.admin()
    body = sent_form(admin.get(EDIT).text, EDIT)
    answer = admin.client.post(EDIT, data={**body, field: text})
    assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)


def test_every_page_and_filter_of_it_opens(site: Site) -> None:
    assert list(faults(site, ["BillView"])) == []
    admin = site.admin()
    assert admin.get("/admin/billview/filter").status_code == 200
    for asked, count in {
        "amount__eq=12.50": 1,
        "paid__eq=yes": 1,
        "level__eq=HIGH": 1,
        "details__empty=yes": 1,
    }.items():
        answer = admin.get(f"/admin/billview/list/?{asked}")
        assert (asked, answer.status_code, answer.text.count('name="rowid"')) == (asked, 200, count)
