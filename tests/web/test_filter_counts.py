"""How many records each choice of a filter has: under the search and the other filters, for whom, and at what cost."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import relationship

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.data import sqla_facets
from tests.conftest import CountStatements, MakeHost
from tests.statements import Statements
from tests.web.declared import site_of
from tests.web.site import Browser, Site
from tests.web.test_list_filters import FORM, LIST, make
from tests.web.test_templates import Document

PARCELS = "/admin/parcelview/filter"
COUNTED = ["status", "country", "tags"]


class Size(Enum):
    """How big a parcel is."""

    SMALL = "small"
    LARGE = "large"
    HUGE = "huge"


def _texts(browser: Browser, name: str, query: str = "", form: str = FORM) -> list[str]:
    """What stands beside the choices of a column, as people read it."""
    answer = browser.get(f"{form}?{query}")
    assert answer.status_code in (200, 422), answer.text
    page = Document(answer.text)
    [row] = [row for row in page.all("fieldset") if row.get("id") == f"filter-{name}"]
    values = next(part for part in page.inside(row, "span") if part.get("class") == "ab-filter-values")
    return [found.text for found in page.inside(values, "label", "option")]


def _site(make_host: MakeHost, **options: Any) -> Site:
    return make(make_host, **{"filter_counts": COUNTED, **options})


def _grouped(seen: Statements) -> list[str]:
    return [statement for statement in seen.texts if "GROUP BY" in statement]


@pytest.mark.parametrize(
    ("query", "name", "texts"),
    [
        ("", "status", ["New (15)", "Known (15)"]),
        ("", "country", ["Any", "Norway (15)", "Spain (15)"]),
        ("", "tags", ["Any", "late (10)", "loyal (20)"]),
        ("country__eq=1", "status", ["New (0)", "Known (15)"]),
        ("country__eq=1", "country", ["Any", "Norway (15)", "Spain (15)"]),
        ("country__eq=1", "tags", ["Any", "late (5)", "loyal (10)"]),
        ("tags__has=2&tags__empty=no", "tags", ["Any", "late (10)", "loyal (20)"]),
        ("status__in=NEW&name__ew=1", "status", ["New (3)", "Known (0)"]),
        ("status__in=NEW&name__ew=2", "country", ["Any", "Norway (0)", "Spain (0)"]),
        ("search=01", "status", ["New (6)", "Known (5)"]),
        ("search=nobody", "status", ["New (0)", "Known (0)"]),
        ("match=any&country__eq=1&name__ew=1&search=01", "status", ["New (6)", "Known (5)"]),
        ("page=3&page_size=10&sort=-name", "status", ["New (15)", "Known (15)"]),
    ],
)
def test_a_choice_has_the_records_that_the_other_filters_leave(
    make_host: MakeHost, query: str, name: str, texts: list[str]
) -> None:
    found = _texts(_site(make_host).admin(), name, query)
    if name in {"country", "tags"}:
        assert (found[0], sorted(found[1:])) == (texts[0], texts[1:])
    else:
        assert found == texts


def test_the_tab_narrows_what_is_counted(make_host: MakeHost) -> None:
    from appbuilder_lite.filters import FilterStartsWith

    tabs = [("Tens", {"filters": [["name", FilterStartsWith, "Customer 01"]]})]
    admin = _site(make_host, list_tabs=tabs).admin()
    assert _texts(admin, "status", "tab=tens") == ["New (5)", "Known (5)"]


def test_it_is_one_statement_for_each_column_and_none_on_the_list(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    admin = _site(make_host).admin()
    asked = f"{FORM}?name__ct=0&status__in=NEW"
    admin.get(asked)
    with count_statements() as form:
        admin.get(asked)
    with count_statements() as rows:
        admin.get(f"{LIST}?status__in=NEW")
    assert len(_grouped(form)) == len(COUNTED)
    # The person and the rights, the records of both relations, and the counts.
    assert len(form) == 1 + 2 + len(COUNTED), form
    assert not _grouped(rows)


def test_without_being_asked_nothing_is_counted(make_host: MakeHost) -> None:
    assert _texts(make(make_host).admin(), "status") == ["New", "Known"]


def test_only_what_the_person_may_see_is_counted(make_host: MakeHost) -> None:
    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.id <= 5)

    def only_norway(self: Any, query: Any, user: Any) -> Any:
        return query.where(self.datamodel.model.name == "Norway")

    admin = _site(make_host, scope=scope, country={"scope": only_norway}).admin()
    assert _texts(admin, "status") == ["New (2)", "Known (3)"]
    assert _texts(admin, "country") == ["Any", "Norway (3)"]
    assert _texts(admin, "status", "country__eq=2") == ["New", "Known"], "nothing is told of a country out of reach"


def test_a_scope_that_joins_counts_each_record_once(make_host: MakeHost) -> None:
    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.join(self.datamodel.model.tags)

    assert _texts(_site(make_host, scope=scope).admin(), "status") == ["New (10)", "Known (10)"]


@pytest.mark.parametrize("way", ["distinct", "group_by"])
def test_a_scope_that_is_distinct_or_grouped_is_so_by_records(make_host: MakeHost, way: str) -> None:
    def scope(self: Any, query: Any, user: Any) -> Any:
        return query.distinct() if way == "distinct" else query.group_by(self.datamodel.model.id)

    admin = _site(make_host, scope=scope, list_sums=["country_id"]).admin()
    assert _texts(admin, "status") == ["New (15)", "Known (15)"]
    assert sorted(_texts(admin, "tags")) == ["Any", "late (10)", "loyal (20)"]
    assert "45 in all" in admin.get(f"{LIST}?sums=yes").text, "15 of country 1 and 15 of country 2"


def test_a_column_that_the_person_does_not_meet_is_not_counted(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    def can_access_field(self: Any, user: Any, column: str, action: str) -> bool:
        return column != "status"

    admin = _site(make_host, can_access_field=can_access_field).admin()
    admin.get(FORM)
    with count_statements() as seen:
        answer = admin.get(FORM)
    assert "filter-status" not in answer.text
    assert len(_grouped(seen)) == 2
    # What it is compared with tells nothing by the counts of another column, either.
    assert _texts(admin, "country", "status__eq=NEW")[1] in ("Norway", "Spain")


def test_a_value_that_does_not_fit_does_not_stop_the_others_from_being_counted(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    answer = admin.get(f"{LIST}?since__gte=soon&name__ew=1")
    assert answer.status_code == 422
    assert "(3)" in answer.text
    assert _texts(admin, "status", "since__gte=soon&name__ew=1") == ["New", "Known"], "not checked, so not counted"


def test_of_a_long_list_it_is_told_what_there_is_at_least(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = _site(make_host).admin()
    monkeypatch.setattr(sqla_facets, "MOST_ROWS", 9)
    found = _texts(admin, "status")
    assert all(text.endswith("+)") for text in found if "(" in text), found
    numbers = [int(text.rpartition("(")[2].removesuffix("+)")) for text in found if "(" in text]
    assert sum(numbers) == 10
    assert "(0" not in " ".join(found), "what was not met may be there all the same"
    assert _texts(admin, "status", "name__ew=1") == ["New (3)", "Known (0)"]


def test_no_number_is_larger_than_what_a_list_counts(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    from appbuilder_lite.web import amounts

    monkeypatch.setattr(amounts, "MOST", 14)
    assert _texts(_site(make_host).admin(), "status") == ["New (14+)", "Known (14+)"]


def test_the_names_of_the_choices_are_not_taken_for_html(make_host: MakeHost) -> None:
    site = _site(make_host)
    with site.app.app_context():
        site.db.session.add(site.models.Country(name="<b>Z"))
        site.db.session.commit()
    text = site.admin().get(FORM).text
    assert "&lt;b&gt;Z (0)" in text


def _parcels(make_host: MakeHost, **options: Any) -> Site:
    """Parcels of a customer, with a mark that may be missing, and notes that have a size."""

    def declare(site: Site) -> list[type[Any]]:
        model, owner = site.db.Model, site.models.Customer

        class Parcel(model):  # type: ignore[misc, valid-type]  # the base is made at run time
            id = sa.Column(sa.Integer, primary_key=True)
            paid: Any = sa.Column(sa.Boolean)
            size: Any = sa.Column(sa.Enum(Size, native_enum=False, length=20, create_constraint=False))
            word: Any = sa.Column(sa.Enum("a", "b", name="word"))
            customer_id: Any = sa.Column(sa.ForeignKey("customer.id"))
            customer = relationship(owner)
            notes = relationship("Note")

        class Note(model):  # type: ignore[misc, valid-type]  # the base is made at run time
            id = sa.Column(sa.Integer, primary_key=True)
            size: Any = sa.Column(sa.Enum(Size, native_enum=False, length=20))
            parcel_id: Any = sa.Column(sa.ForeignKey("parcel.id"))

        site.models.Parcel, site.models.Note = Parcel, Note
        columns = ["paid", "size", "word", "customer.status", "notes.size"]
        declared = {
            "datamodel": SQLAInterface(Parcel),
            "list_columns": columns,
            "filter_columns": columns,
            "filter_counts": columns,
        }
        return [type("ParcelView", (ModelView,), {**declared, **options})]

    site = site_of(make_host, declare, rows=4)
    parcel, note = site.models.Parcel, site.models.Note
    with site.app.app_context():
        rows: list[tuple[Any, ...]] = [
            (True, Size.SMALL, "a", 1, [Size.SMALL, Size.SMALL]),
            (True, Size.LARGE, "a", 2, [Size.SMALL, Size.LARGE]),
            (False, None, "b", None, []),
            (None, Size.SMALL, None, 3, [None]),
        ]
        for paid, size, word, customer_id, notes in rows:
            found = parcel(paid=paid, size=size, word=word, customer_id=customer_id)
            found.notes = [note(size=one) for one in notes]
            site.db.session.add(found)
        site.db.session.commit()
    return site


@pytest.mark.parametrize(
    ("query", "name", "texts"),
    [
        ("", "paid", ["Any", "Yes (2)", "No (1)", "is empty (1)"]),
        ("paid__empty=no", "paid", ["Any", "Yes (2)", "No (1)", "is empty (1)", "is not empty (3)"]),
        ("size__in=LARGE", "paid", ["Any", "Yes (1)", "No (0)", "is empty (0)"]),
        ("", "size", ["Small (2)", "Large (1)", "Huge (0)"]),
        ("", "word", ["a (2)", "b (1)"]),
        ("", "customer.status", ["New (1)", "Known (2)"]),
        ("", "notes.size", ["Small (2)", "Large (1)", "Huge (0)"]),
        ("paid__eq=yes&notes.size__in=LARGE", "size", ["Small (0)", "Large (1)", "Huge (0)"]),
    ],
)
def test_every_kind_of_choices_is_counted(make_host: MakeHost, query: str, name: str, texts: list[str]) -> None:
    assert _texts(_parcels(make_host).admin(), name, query, PARCELS) == texts


def test_rows_of_several_values_are_looked_at_one_by_one(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = _parcels(make_host).admin()
    monkeypatch.setattr(sqla_facets, "MOST_ROWS", 5)
    assert "(0)" not in " ".join(_texts(admin, "notes.size", "", PARCELS)), "one of its six pairs was not looked at"
    monkeypatch.setattr(sqla_facets, "MOST_ROWS", 6)
    assert _texts(admin, "notes.size", "", PARCELS)[-1] == "Huge (0)"


def test_a_state_that_the_enum_does_not_know_is_no_obstacle(make_host: MakeHost) -> None:
    site = _parcels(make_host)
    with site.app.app_context():
        site.db.session.execute(sa.text("UPDATE parcel SET size = 'LOST' WHERE size = 'LARGE'"))
        site.db.session.commit()
    assert _texts(site.admin(), "size", "", PARCELS) == ["Small (2)", "Large (0)", "Huge (0)"]


def test_counts_that_fail_leave_the_form_as_it_is(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = _site(make_host).admin()
    monkeypatch.setattr(sqla_facets, "_read", lambda *_: 1 // 0)
    assert _texts(admin, "status") == ["New", "Known"]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"list_columns": ["name"]}, "no filter of 'status'"),
        ({"list_columns": ["name"], "search_columns": ["status"]}, ""),
        ({"list_columns": ["name"], "list_optional_columns": ["status"]}, ""),
        ({"list_columns": None}, ""),
        ({"list_columns": None, "list_exclude_columns": ["status"]}, "no filter of 'status'"),
        ({"filter_columns": ["name"]}, "no filter of 'status'"),
        ({"filter_counts": None}, ""),
    ],
)
def test_what_the_list_has_no_filter_of_is_found_at_start(
    make_host: MakeHost, options: dict[str, Any], fault: str
) -> None:
    from appbuilder_lite.errors import ConfigurationError

    given = {"filter_counts": ["status"], **options}
    if not fault:
        assert make(make_host, **given).admin().get(LIST).status_code == 200
        return
    with pytest.raises(ConfigurationError, match=fault):
        make(make_host, **given)
