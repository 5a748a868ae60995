"""Filters in an address: read strictly, Flask-AppBuilder's numbers too, and written back the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.query import Belonging, Comparison, ListQuery
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.params import parse, url_args
from tests.resource.conftest import Desk


@pytest.fixture
def options(desk: Desk) -> ResourceOptions:
    return filtered(desk)


def filtered(desk: Desk) -> ResourceOptions:
    return desk.options(list_columns=["name", "amount", "country", "country.name", "tags"], page_size=20)


def read(options: ResourceOptions, *pairs: tuple[str, str]) -> ListQuery:
    return parse(MultiDict(pairs), options)


def test_a_parameter_names_column_and_operator(options: ResourceOptions) -> None:
    found = read(
        options, ("name__ct", "red"), ("amount__gte", "10"), ("country.name__in", "A"), ("country.name__in", "B")
    )
    assert found.comparisons == (
        Comparison("name", "ct", ("red",)),
        Comparison("amount", "gte", ("10",)),
        Comparison("country.name", "in", ("A", "B")),
    )
    assert found.belongings == ()


def test_a_relation_is_what_the_records_belong_to(options: ResourceOptions) -> None:
    found = read(options, ("country__eq", "1"), ("tags__has", "2"), ("country__empty", "no"))
    assert found.belongings == (Belonging("country", "1"), Belonging("tags", "2"))
    assert found.comparisons == (Comparison("country", "empty", ("no",)),)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("_flt_0_name", ListQuery(page_size=20, comparisons=(Comparison("name", "sw", ("1",)),))),
        ("_flt_2_name", ListQuery(page_size=20, comparisons=(Comparison("name", "ct", ("1",)),))),
        ("_flt_1_amount", ListQuery(page_size=20, comparisons=(Comparison("amount", "gt", ("1",)),))),
        ("_flt_0_country", ListQuery(page_size=20, belongings=(Belonging("country", "1"),))),
        ("_flt_0_tags", ListQuery(page_size=20, belongings=(Belonging("tags", "1"),))),
    ],
)
def test_flask_appbuilders_numbers_are_read(options: ResourceOptions, name: str, query: ListQuery) -> None:
    assert read(options, (name, "1")) == query


@pytest.mark.parametrize(
    "pairs",
    [
        [("nothing__eq", "1")],
        [("name__like", "1")],
        [("name__", "1")],
        [("__eq", "1")],
        [("_flt_99_name", "1")],
        [("_flt_9999_name", "1")],
        [("_flt_1_country", "1")],
        [("country__nrel_o_m", "1")],
        [("_flt_0_nothing", "1")],
        [("name__ct", "a"), ("name__ct", "b")],
        [("name__ct", "a"), ("_flt_2_name", "b")],
        [("country__eq", "1"), ("country__eq", "2")],
        [("country__eq", "1"), ("_flt_0_country", "2")],
        [("name__ct", "\0")],
        [("name__ct", "a" * 501)],
        [("name__in", str(number)) for number in range(201)],
    ],
)
def test_what_no_list_has_is_refused(options: ResourceOptions, pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput):
        read(options, *pairs)


def test_a_field_left_empty_asks_for_nothing(options: ResourceOptions) -> None:
    assert read(options, ("name__ct", " "), ("country__eq", ""), ("amount__in", "")) == ListQuery(page_size=20)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
values = texts.map(str.strip).filter(bool)
comparisons = st.one_of(
    st.builds(
        Comparison, st.just("name"), st.sampled_from(["ct", "nsw", "eq", "empty"]), values.map(lambda text: (text,))
    ),
    st.builds(Comparison, st.just("amount"), st.sampled_from(["gte", "lte", "neq"]), values.map(lambda text: (text,))),
    st.builds(Comparison, st.just("name"), st.just("in"), st.lists(values, min_size=1, unique=True).map(tuple)),
)


NAMES = ["name__ct", "name__in", "_flt_3_name", "amount__gte", "country__eq"]


@pytest.fixture(scope="module")
def kept() -> dict[str, ResourceOptions]:
    return {}


@settings(deadline=None)
@given(found=st.lists(comparisons, unique_by=lambda one: one.parameter), key=values)
def test_what_is_written_is_read_back(kept: dict[str, ResourceOptions], found: list[Comparison], key: str) -> None:
    options = kept.setdefault("options", filtered(Desk(Session())))
    query = ListQuery(page_size=20, belongings=(Belonging("country", key),), comparisons=tuple(found))
    assert parse(MultiDict(url_args(query, options)), options) == query


@settings(deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(["name__ct", "name__in", "_flt_3_name", "amount__gte"]) | st.text(), st.text())
    )
)
def test_any_address_gives_a_query_or_a_refusal(kept: dict[str, ResourceOptions], pairs: list[tuple[str, str]]) -> None:
    options = kept.setdefault("options", filtered(Desk(Session())))
    try:
        query = parse(MultiDict(pairs), options)
    except InvalidInput:
        return
    assert parse(MultiDict(url_args(query, options)), options) == query
