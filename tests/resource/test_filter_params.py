"""Filters in an address: read strictly, Flask-AppBuilder's numbers too, and written back the same."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.query import Belonging, Comparison, Group, ListQuery
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


def one(path: str, operator: str, *values: str) -> Comparison:
    return Comparison(path, operator, values)


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
        ("_flt_1_country", ListQuery(page_size=20, comparisons=(Comparison("country", "neq", ("1",)),))),
    ],
)
def test_flask_appbuilders_numbers_are_read(options: ResourceOptions, name: str, query: ListQuery) -> None:
    assert read(options, (name, "1")) == query


def test_a_filter_of_flask_appbuilder_may_come_several_times_and_all_of_them_hold(options: ResourceOptions) -> None:
    found = read(
        options,
        *(("_flt_2_name", text) for text in ("b", "c")),
        ("or.2.amount__eq", "1"),
        ("name__ct", "a"),
        *(("_flt_0_tags", key) for key in ("1", "2", "1")),
        *(("_flt_8_name", text) for text in ("x", "y")),
    )
    assert found.comparisons == (one("name", "ct", "a"), one("name", "in", "x", "y"))
    assert found.belongings == (Belonging("tags", "1"),)
    assert [(group.number, *group.alternatives) for group in found.groups] == [
        (1, one("name", "ct", "b")),
        (2, one("amount", "eq", "1")),
        (3, one("name", "ct", "c")),
        (4, Belonging("tags", "2")),
    ]


@pytest.mark.parametrize(
    "pairs",
    [
        [("nothing__eq", "1")],
        [("name__like", "1")],
        [("name__", "1")],
        [("__eq", "1")],
        [("_flt_99_name", "1")],
        [("_flt_9999_name", "1")],
        [("_flt_1_tags", "1")],
        [("country__nrel_o_m", "1")],
        [("_flt_0_nothing", "1")],
        [("name__ct", "a"), ("name__ct", "b")],
        [("country__neq", "1"), ("country__neq", "2")],
        [("_flt_8_name", "a"), ("name__in", "b")],
        [("_flt_2_name", str(number)) for number in range(22)],
        [("country__eq", "1"), ("country__eq", "2")],
        [("name__ct", "\0")],
        [("name__ct", "a" * 501)],
        [("name__in", str(number)) for number in range(201)],
    ],
)
def test_what_no_list_has_is_refused(options: ResourceOptions, pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput):
        read(options, *pairs)


@pytest.mark.parametrize(
    ("pairs", "groups"),
    [
        (
            [("or.1.name__eq", "a"), ("or.1.name__eq", "b")],
            [Group(1, (one("name", "eq", "a"), one("name", "eq", "b")))],
        ),
        ([("or.2.name__in", "a"), ("or.2.name__in", "b")], [Group(2, (one("name", "in", "a", "b"),))]),
        (
            [("or.3.amount__gte", "1"), ("or.1.country__eq", "2"), ("or.1.country__eq", "3"), ("or.3.name__ct", "x")],
            [
                Group(1, (Belonging("country", "2"), Belonging("country", "3"))),
                Group(3, (one("amount", "gte", "1"), one("name", "ct", "x"))),
            ],
        ),
        ([("or.1._flt_3_name", "a"), ("or.1.name__eq", " ")], [Group(1, (one("name", "eq", "a"),))]),
    ],
)
def test_groups_are_read(options: ResourceOptions, pairs: list[tuple[str, str]], groups: list[Group]) -> None:
    assert read(options, *pairs) == ListQuery(page_size=20, groups=tuple(groups))


@pytest.mark.parametrize(
    "pairs",
    [
        [("or.1.nothing__eq", "1")],
        [("or.0.name__eq", "1")],
        [("or.21.name__eq", "1")],
        [("or.100.name__eq", "1")],
        [("or.01.name__eq", "1")],
        [("or..name__eq", "1")],
        [("or.1.or.2.name__eq", "1")],
        [("or.1.amount__gte", "1"), ("or.1.amount__gte", "2")],
        [("or.1.name__not_in", "1"), ("or.1._flt_9_name", "2")],
        [("or.1.name__eq", "\0")],
        [("or.1.name__eq", "a" * 501)],
        [("or.1.name__eq", str(number)) for number in range(51)],
        [(f"or.{number % 5 + 1}.name__eq", str(number)) for number in range(50)] + [("name__ct", "x")],
    ],
)
def test_what_no_group_has_is_refused(options: ResourceOptions, pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput):
        read(options, *pairs)


def test_a_column_that_is_called_like_a_group_is_no_group(options: ResourceOptions) -> None:
    named = replace(options, filters={**options.filters, "or.1.name": options.filters["name"]})
    found = parse(MultiDict([("or.1.name__eq", "a"), ("or.2.name__eq", "b")]), named)
    assert found.comparisons == (one("or.1.name", "eq", "a"),)
    assert found.groups == (Group(2, (one("name", "eq", "b"),)),)
    assert parse(MultiDict(url_args(found, named)), named) == found


def test_a_field_left_empty_asks_for_nothing(options: ResourceOptions) -> None:
    assert read(options, ("name__ct", " "), ("country__eq", ""), ("amount__in", "")) == ListQuery(page_size=20)


def parameter_of(one: Belonging | Comparison) -> str:
    return one.parameter if isinstance(one, Comparison) else one.relation


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
values = texts.map(str.strip).filter(bool)
comparisons = st.one_of(
    st.builds(
        Comparison, st.just("name"), st.sampled_from(["ct", "nsw", "eq", "empty"]), values.map(lambda text: (text,))
    ),
    st.builds(Comparison, st.just("amount"), st.sampled_from(["gte", "lte", "neq"]), values.map(lambda text: (text,))),
    st.builds(Comparison, st.just("country"), st.just("neq"), values.map(lambda text: (text,))),
    st.builds(
        Comparison,
        st.sampled_from(["name", "tags"]),
        st.sampled_from(["in", "not_in"]),
        st.lists(values, min_size=1, unique=True).map(tuple),
    ),
)


SINGLE = ("in", "not_in", "gte", "lte")
alternatives = st.lists(
    st.builds(Belonging, st.just("country"), values) | comparisons.filter(lambda one: one.operator not in SINGLE),
    max_size=5,
    unique=True,
).map(lambda found: sorted(found, key=parameter_of))
single = st.lists(
    comparisons.filter(lambda one: one.operator in SINGLE),
    max_size=3,
    unique_by=lambda one: one.parameter,
)
groups = st.lists(
    st.builds(
        lambda number, several, others: Group(number, (*several, *others)), st.integers(1, 20), alternatives, single
    ).filter(lambda group: group.alternatives),
    max_size=4,
    unique_by=lambda group: group.number,
).map(lambda found: tuple(sorted(found, key=lambda group: group.number)))


NAMES = ["name__ct", "name__in", "_flt_2_name", "_flt_3_name", "amount__gte", "country__eq"]
NAMES += ["_flt_0_country", "_flt_1_country", "tags__not_in"]


@pytest.fixture(scope="module")
def kept() -> dict[str, ResourceOptions]:
    return {}


@settings(deadline=None)
@given(found=st.lists(comparisons, unique_by=lambda one: one.parameter, max_size=9), key=values, grouped=groups)
def test_what_is_written_is_read_back(
    kept: dict[str, ResourceOptions], found: list[Comparison], key: str, grouped: tuple[Group, ...]
) -> None:
    options = kept.setdefault("options", filtered(Desk(Session())))
    query = ListQuery(page_size=20, belongings=(Belonging("country", key),), comparisons=tuple(found), groups=grouped)
    assert parse(MultiDict(url_args(query, options)), options) == query


@settings(deadline=None)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*NAMES, *(f"or.{number}.{name}" for number in (1, 7) for name in NAMES)]) | st.text(),
            st.text(),
        )
    )
)
def test_any_address_gives_a_query_or_a_refusal(kept: dict[str, ResourceOptions], pairs: list[tuple[str, str]]) -> None:
    options = kept.setdefault("options", filtered(Desk(Session())))
    try:
        query = parse(MultiDict(pairs), options)
    except InvalidInput:
        return
    assert parse(MultiDict(url_args(query, options)), options) == query
