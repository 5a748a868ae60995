"""The options of a view, as everything that makes its pages reads them: with defaults, names resolved, frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from wtforms import Form

from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.query import Count, Order
from appbuilder_lite.data.types import Path
from appbuilder_lite.resource.condition_values import Conditions
from appbuilder_lite.resource.dependent import Dependences
from appbuilder_lite.text import column_label

Columns = tuple[str, ...]
Filters = tuple[tuple[BaseFilter, Any], ...]
"""Filters with their values, which may be functions."""


@dataclass(frozen=True, slots=True)
class Fieldset:
    """A titled group of columns; without a title it has no frame of its own. Groups of one `tab` stand together."""

    title: str
    fields: Columns
    expanded: bool = True
    description: str = ""
    tab: str = ""


@dataclass(frozen=True, slots=True)
class ListTab:
    """A part of a list: the rows that its filters hold for. `name` is what an address calls it."""

    name: str
    title: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class ResourceOptions:
    """Everything that a view declares or leaves to its defaults, per app; FAB's names.

    `paths` and `labels` know every column that is named anywhere. An empty `show_title` or `edit_title` means
    the record's own name. `relations` has the parameter of a list that asks for the records of one related record, by
    relation: `customer__eq`, `tags__has`. `named_by` has the columns that a list is sorted by in place of a relation:
    those that name its records. `filters` are those that people can set: column -> operator -> filter, where
    `total__gte` is the filter of the operator `gte` on `total`. `add_form` and `edit_form` are the host's classes,
    None for generated ones. `page_options` has what `on_page` puts in the place of labels, descriptions and formatters.
    """

    name: str
    noun: str
    title: str
    list_title: str
    show_title: str
    add_title: str
    edit_title: str
    list_columns: Columns
    list_optional_columns: Columns
    show_columns: Columns
    add_columns: Columns
    edit_columns: Columns
    duplicate_columns: Columns
    search_columns: Columns
    order_columns: Columns
    named_by: Mapping[str, Columns]
    paths: Mapping[str, Path]
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    relations: Mapping[str, str]
    filters: Mapping[str, Mapping[str, BaseFilter]]
    filter_counts: Columns
    page_size: int
    page_sizes: tuple[int, ...]
    base_order: tuple[Order, ...]
    list_tabs: Mapping[str, ListTab]
    list_tab_counts: bool
    list_sums: Columns
    list_count: Count
    export_formats: tuple[str, ...]
    export_columns: Columns
    base_filters: Filters
    soft_delete: str | None
    show_fieldsets: tuple[Fieldset, ...]
    add_fieldsets: tuple[Fieldset, ...]
    edit_fieldsets: tuple[Fieldset, ...]
    formatters: Mapping[str, Callable[[Any], Any]]
    page_options: Mapping[str, Mapping[str, Mapping[str, Any]]]
    validators: Mapping[str, Sequence[Callable[[Any, Any], object]]]
    add_form: type[Form] | None
    edit_form: type[Form] | None
    add_extra_fields: Mapping[str, Any]
    edit_extra_fields: Mapping[str, Any]
    add_rel_queries: Mapping[str, Filters]
    edit_rel_queries: Mapping[str, Filters]
    conditional_fields: Conditions
    dependent_choices: Dependences
    templates: Mapping[str, str]
    related_views: tuple[type[Any], ...]
    inlines: tuple[type[Any], ...]
    list_eager: Columns
    label_columns_of: Mapping[str, Columns]
    messages: Mapping[str, str]
    max_page_size: int
    choices_limit: int
    global_search: bool
    index_count: bool

    @property
    def listable_columns(self) -> Columns:
        """What a list can show: its columns, then the optional ones."""
        return (*self.list_columns, *self.list_optional_columns)


def relabelled(options: ResourceOptions, labels: Mapping[str, str]) -> ResourceOptions:
    """The same options with other labels for some columns."""
    return replace(options, labels=MappingProxyType(Labels({**options.labels, **labels})))


def on_page(options: ResourceOptions, page: str) -> ResourceOptions:
    """The options as `list`, `show`, `add` or `edit` has them: what is declared for it comes before what holds for all.

    Asked when the pages are made, not in requests for rows.
    """
    own = options.page_options.get(page)
    if not own:
        return options
    return replace(
        options,
        labels=MappingProxyType(Labels({**options.labels, **own.get("label_columns", {})})),
        descriptions=MappingProxyType({**options.descriptions, **own.get("description_columns", {})}),
        formatters=MappingProxyType({**options.formatters, **own.get("formatters_columns", {})}),
    )


class Labels(dict[str, str]):
    """Labels by column; a name that has none gets its own words."""

    def __missing__(self, name: str) -> str:
        return column_label(name)
