"""The query string of a list: read strictly, written without defaults."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.query import ListQuery, Order
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.params import known_columns, parse, url_args
from tests.resource.conftest import Desk

COLUMNS = ["name", "amount"]
OPTIONAL = ["country.name", "tags"]


@pytest.fixture
def options(desk: Desk) -> ResourceOptions:
    return _options(desk)


def args(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_nothing_asked_is_the_first_page_in_the_default_order(options: ResourceOptions) -> None:
    assert parse(args(), options) == ListQuery(page_size=20)


def test_our_parameters_are_read(options: ResourceOptions) -> None:
    asked = args(("search", " red  shoe "), ("sort", "-amount,country.name"), ("page", "3"), ("page_size", "50"))
    order = (Order("amount", True), Order("country.name"))
    assert parse(asked, options) == ListQuery("red  shoe", order, 3, 50)


@pytest.mark.parametrize(
    "pairs",
    [
        [("cols", "tags,name")],
        [("cols", "tags"), ("cols", "name")],
        [("cols", ""), ("cols", "tags"), ("cols", "name")],
    ],
)
def test_columns_are_read_as_one_text_and_as_checkboxes_send_them(
    options: ResourceOptions, pairs: list[tuple[str, str]]
) -> None:
    assert parse(args(*pairs), options).columns == ("tags", "name")


def test_what_was_kept_is_read_without_what_the_list_cannot_show_any_more(options: ResourceOptions) -> None:
    assert known_columns("gone,tags,,name,tags", options) == ("tags", "name")
    assert known_columns("", options) == ()


def test_flask_appbuilders_parameters_are_read(options: ResourceOptions) -> None:
    asked = args(("_oc_ItemView", "name"), ("_od_ItemView", "desc"), ("page_ItemView", "0"), ("psize_ItemView", "10"))
    assert parse(asked, options) == ListQuery("", (Order("name", True),), 1, 10)


def test_our_parameters_beat_flask_appbuilders(options: ResourceOptions) -> None:
    asked = args(("page", "2"), ("page_ItemView", "7"), ("sort", "name"), ("_oc_ItemView", "amount"))
    query = parse(asked, options)
    assert (query.page, query.order) == (2, (Order("name"),))


def test_parameters_of_another_view_and_unknown_ones_are_not_ours(options: ResourceOptions) -> None:
    assert parse(args(("page_OtherView", "x"), ("utm_source", "mail")), options) == ListQuery(page_size=20)


def test_empty_parameters_are_as_good_as_none(options: ResourceOptions) -> None:
    empty = [(name, "") for name in ("search", "sort", "page", "page_size", "_oc_ItemView", "page_ItemView")]
    assert parse(args(*empty), options) == ListQuery(page_size=20)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("page", text) for text in ("0", "-1", "1.5", "x", "1e3", "٣", " 1", "1_0", "9" * 30, "9" * 100_000)),
        *(("page_size", text) for text in ("0", "1001", "x", "-5")),
        *(("page_ItemView", text) for text in ("-1", "x", "1000000000")),
        *(("psize_ItemView", text) for text in ("0", "1001")),
        *(("sort", text) for text in ("nmae", "password_hash", "notes", "name,", "--name", "name,-name", "-", "name;")),
        *(("_oc_ItemView", text) for text in ("nmae", "-name")),
        *(("search", text) for text in ("a\0b", "\ud800", "x" * 501)),
        *(("cols", text) for text in ("nmae", "password_hash", "name,", ",name", "name,name", "Name", "name;", "id")),
        *((name, "\0") for name in ("page", "page_size", "sort", "cols")),
    ],
)
def test_nonsense_is_refused_by_name(options: ResourceOptions, name: str, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(args((name, text)), options)
    assert caught.value.parameter == name
    assert len(caught.value.message) < 200


def test_a_direction_that_is_none_is_refused(options: ResourceOptions) -> None:
    with pytest.raises(InvalidInput, match="asc or desc"):
        parse(args(("_oc_ItemView", "name"), ("_od_ItemView", "up")), options)


@pytest.mark.parametrize("name", ["search", "sort", "page", "page_size", "after", "before", "_oc_ItemView"])
def test_a_parameter_given_twice_is_refused(options: ResourceOptions, name: str) -> None:
    with pytest.raises(InvalidInput, match="more than once"):
        parse(args((name, "1"), (name, "2")), options)


def test_defaults_are_not_written(options: ResourceOptions) -> None:
    assert url_args(ListQuery(page_size=20), options) == {}


def test_changes_are_written(options: ResourceOptions) -> None:
    query = ListQuery("red", (Order("name", True),), 3, 50)
    assert url_args(query, options) == {"search": "red", "sort": "-name", "page": "3", "page_size": "50"}
    assert url_args(query, options, search="", page=1, page_size=20, order=()) == {}
    assert url_args(query, options, columns=("name", "tags"))["cols"] == "name,tags"


def test_a_page_begins_after_a_row_or_ends_before_one(options: ResourceOptions) -> None:
    query = parse(args(("page", "3"), ("after", "_a,7")), options)
    assert (query.page, query.after, query.before) == (3, "_a,7", "")
    assert url_args(query, options) == {"page": "3", "after": "_a,7"}
    assert url_args(query, options, page=4) == {"page": "4"}
    assert url_args(query, options, page=2, before="_a,1") == {"page": "2", "before": "_a,1"}
    with pytest.raises(InvalidInput, match="not both"):
        parse(args(("after", "1"), ("before", "2")), options)


queries = st.builds(
    ListQuery,
    search=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=500).map(str.strip),
    order=st.lists(
        st.builds(Order, st.sampled_from(["name", "amount", "country.name"]), st.booleans()),
        unique_by=lambda order: order.path,
    ).map(tuple),
    page=st.integers(1, 10**9),
    page_size=st.integers(1, 250),
    columns=st.lists(st.sampled_from([*COLUMNS, *OPTIONAL]), unique=True).map(tuple),
    after=st.just("") | st.text("abc019_~,-.", max_size=20),
)
NAMES = ["search", "sort", "page", "page_size", "cols", "after", "before", "_oc_ItemView"]


@pytest.fixture(scope="module")
def kept() -> dict[str, ResourceOptions]:
    return {}


@settings(deadline=None)
@given(query=queries)
def test_what_is_written_is_read_back(kept: dict[str, ResourceOptions], query: ListQuery) -> None:
    options = kept.setdefault("options", _options(Desk(Session())))
    assert parse(MultiDict(url_args(query, options)), options) == query


@settings(deadline=None)
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), st.text())))
def test_any_query_string_gives_a_query_or_a_refusal(
    kept: dict[str, ResourceOptions], pairs: list[tuple[str, str]]
) -> None:
    options = kept.setdefault("options", _options(Desk(Session())))
    try:
        query = parse(MultiDict(pairs), options)
    except InvalidInput:
        return
    assert query.page >= 1
    assert 1 <= query.page_size <= 250


def _options(desk: Desk) -> ResourceOptions:
    order = ["name", "amount", "country.name"]
    return desk.options(list_columns=COLUMNS, list_optional_columns=OPTIONAL, order_columns=order, page_size=20)
