"""The query string of a list, read and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from appbuilder_lite.data.query import ListQuery, Order
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.filter_params import group_args, is_filter, parse_filters
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.parameters import Args, checked, name_of, name_text, single
from appbuilder_lite.text import gettext

LONGEST_SEARCH = 500
LAST_PAGE = 1_000_000_000
"""Largest page number: any page size times this fits the 64 bits of an offset."""

_OWN = frozenset({"tab", "search", "sort", "page", "after", "before", "page_size", "cols", "sums", "match"})
_OLD = ("page_", "psize_", "_oc_", "_od_")
_FIELDS = tuple(field.name for field in fields(ListQuery))
_values_of = attrgetter(*_FIELDS)


def asks_list(name: str, options: ResourceOptions) -> bool:
    """Whether a parameter is one that a list is asked by."""
    return name in _OWN or name in [f"{old}{options.name}" for old in _OLD] or is_filter(name, options)


def parse(args: Args, options: ResourceOptions) -> ListQuery:
    """Read what a list is asked for; Flask-AppBuilder's parameters too. Raises `InvalidInput`."""
    name = options.name
    page = _number(args, "page", LAST_PAGE)
    if page is None:
        old = _number(args, f"page_{name}", LAST_PAGE - 1, least=0)
        page = 1 if old is None else old + 1
    most = options.max_page_size
    size = _number(args, "page_size", most) or _number(args, f"psize_{name}", most)
    after, before = single(args, "after"), single(args, "before")
    if after and before:
        raise InvalidInput("after", gettext("A page begins after a row or ends before one, not both."))
    belongings, comparisons, groups = parse_filters(args, options)
    return ListQuery(
        search=search_text(args),
        order=_order(args, options),
        page=page,
        page_size=size or options.page_size,
        columns=_columns(args, options),
        belongings=belongings,
        comparisons=comparisons,
        groups=groups,
        after=after,
        before=before,
        tab=_tab(args, options),
        sums=_sums(args, options),
        match_any=_word(args, "match", ("all", "any")) == "any",
    )


def search_text(args: Args, name: str = "search", longest: int = LONGEST_SEARCH) -> str:
    """The words to search for, stripped; raises `InvalidInput`."""
    text = single(args, name).strip()
    if len(text) > longest:
        raise InvalidInput(name, gettext("At most %(most)s characters.", most=longest))
    return text


def url_args(query: ListQuery, options: ResourceOptions, **changes: Any) -> dict[str, str | list[str]]:
    """The arguments that ask for this query, with `changes` to its fields; defaults are left out.

    With any change a page does not begin or end where it did: that is said again where it does.
    """
    wanted = _changed(query, {"after": "", "before": "", **changes}) if changes else query
    texts = {
        "tab": wanted.tab,
        "search": wanted.search,
        "sort": sort_text(wanted.order),
        "page": "" if wanted.page == 1 else str(wanted.page),
        "after": wanted.after,
        "before": wanted.before,
        "page_size": "" if wanted.page_size == options.page_size else str(wanted.page_size),
        "cols": columns_text(wanted.columns),
        "sums": "yes" if wanted.sums else "",
        "match": "any" if wanted.match_any else "",
    }
    args: dict[str, str | list[str]] = {name: text for name, text in texts.items() if text}
    for belonging in wanted.belongings:
        args[options.relations[belonging.relation]] = belonging.key
    for found in wanted.comparisons:
        args[found.parameter] = found.values[0] if len(found.values) == 1 else list(found.values)
    return args | group_args(wanted.groups, options)


def _changed(query: ListQuery, changes: Mapping[str, Any]) -> Any:
    """The fields of a query with others in their place: a page has some ten links, and a whole query takes longer."""
    return SimpleNamespace(**{**dict(zip(_FIELDS, _values_of(query), strict=True)), **changes})


def sort_text(orders: Sequence[Order]) -> str:
    """An order as `sort` has it: `-name,email`."""
    return ",".join([f"-{name_text(order.path)}" if order.descending else name_text(order.path) for order in orders])


def columns_text(columns: Sequence[str]) -> str:
    """Columns as `cols` has them: `name,email`."""
    return ",".join([name_text(name) for name in columns])


def known_columns(text: str, options: ResourceOptions) -> tuple[str, ...]:
    """The columns of a text like `name,email` that the list can show; for what was kept when it could show others."""
    found = map(name_of, text.split(","))
    return tuple(dict.fromkeys(name for name in found if name in options.listable_columns))


def page_number(name: str, text: str, most: int) -> int:
    """The number of a page, from 1, in a text; 1 for none. Raises `InvalidInput`."""
    return _whole(name, text, most) if text else 1


def _number(args: Args, name: str, most: int, *, least: int = 1) -> int | None:
    text = single(args, name)
    return _whole(name, text, most, least=least) if text else None


def _whole(name: str, text: str, most: int, *, least: int = 1) -> int:
    # The length keeps int() from reading millions of digits; isascii() keeps out the digits of other scripts.
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_number or not least <= int(text) <= most:
        raise InvalidInput(name, gettext("Must be a whole number from %(least)s to %(most)s.", least=least, most=most))
    return int(text)


def _tab(args: Args, options: ResourceOptions) -> str:
    name = single(args, "tab")
    if name and name not in options.list_tabs:
        raise InvalidInput("tab", gettext("The list has no such tab."))
    return name


def _word(args: Args, name: str, known: Sequence[str]) -> str:
    text = single(args, name)
    if text and text not in known:
        raise InvalidInput(name, gettext("Must be one of %(known)s.", known=", ".join(known)))
    return text


def _sums(args: Args, options: ResourceOptions) -> bool:
    text = single(args, "sums")
    if text and (text != "yes" or not options.list_sums):
        raise InvalidInput("sums", gettext("The list has no such sums."))
    return bool(text)


def _order(args: Args, options: ResourceOptions) -> tuple[Order, ...]:
    text = single(args, "sort")
    if text:
        return _sort(text, options)
    column, way = single(args, f"_oc_{options.name}"), single(args, f"_od_{options.name}")
    if not column:
        return ()
    if way not in ("", "asc", "desc"):
        raise InvalidInput(f"_od_{options.name}", gettext("Must be asc or desc."))
    return (Order(_sortable(f"_oc_{options.name}", column, options), way == "desc"),)


def _sort(text: str, options: ResourceOptions) -> tuple[Order, ...]:
    orders: dict[str, Order] = {}
    for part in text.split(","):
        path = _sortable("sort", name_of(part.removeprefix("-")), options)
        if path in orders:
            raise InvalidInput("sort", gettext("%(column)s is named twice.", column=path))
        orders[path] = Order(path, part.startswith("-"))
    return tuple(orders.values())


def _columns(args: Args, options: ResourceOptions) -> tuple[str, ...]:
    """`cols=name,email`, or `cols=name&cols=email` as a form of checkboxes sends it."""
    columns: list[str] = []
    for text in filter(None, args.getlist("cols")):
        names = map(name_of, checked("cols", text).split(","))
        for name in [text] if text in options.listable_columns else names:
            if name not in options.listable_columns:
                raise InvalidInput("cols", gettext("The list has no such column."))
            if name in columns:
                raise InvalidInput("cols", gettext("%(column)s is named twice.", column=name))
            columns.append(name)
    return tuple(columns)


def _sortable(parameter: str, path: str, options: ResourceOptions) -> str:
    if path not in options.order_columns:
        raise InvalidInput(parameter, gettext("The list cannot be sorted by this column."))
    return path
