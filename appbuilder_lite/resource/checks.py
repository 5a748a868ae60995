"""All checks of a view class: one function per option, everything that is wrong in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import checks_columns as columns
from appbuilder_lite.resource import checks_filter_counts as filter_counts
from appbuilder_lite.resource import checks_structures as structures
from appbuilder_lite.resource import checks_values as values
from appbuilder_lite.resource.checks_columns import Check
from appbuilder_lite.resource.checks_conditions import conditional_fields
from appbuilder_lite.resource.checks_dependent import dependent_choices
from appbuilder_lite.resource.checks_inlines import inlines
from appbuilder_lite.resource.checks_names import check_option_names as check_option_names
from appbuilder_lite.resource.checks_pages import page_options
from appbuilder_lite.resource.checks_trash import soft_delete
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.declared import HOOKS
from appbuilder_lite.resource.place import Place, class_path
from appbuilder_lite.settings import Settings

_TITLES = ("noun", "title", "list_title", "show_title", "add_title", "edit_title")
_MESSAGES = tuple(
    f"{action}_{message}"
    for action in ("add", "edit", "delete")
    for message in ("row_message", "integrity_error_message")
)
_TEMPLATES = tuple(f"{action}_template" for action in ("list", "show", "add", "edit", "delete"))
_FORMS = ("add_columns", "edit_columns", "add_fieldsets", "edit_fieldsets", "add_form", "edit_form")

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "list_columns": columns.columns(columns.any_path),
        "show_columns": columns.columns(columns.any_path),
        "add_columns": columns.columns(columns.form_column),
        "edit_columns": columns.columns(columns.form_column),
        "duplicate_columns": columns.columns(columns.duplicable),
        "list_exclude_columns": columns.columns(columns.any_path),
        "list_optional_columns": columns.columns(columns.any_path),
        "show_exclude_columns": columns.columns(columns.any_path),
        "add_exclude_columns": columns.columns(columns.any_field),
        "edit_exclude_columns": columns.columns(columns.any_field),
        "search_columns": columns.columns(columns.searchable),
        "search_exclude_columns": columns.columns(columns.any_path),
        "filter_columns": columns.columns(columns.filterable),
        "filter_counts": columns.columns(filter_counts.countable),
        "search_filters": structures.search_filters,
        "order_columns": columns.columns(columns.ordering),
        "global_search": values.value(values.flag),
        "index_count": values.value(values.flag),
        "label_columns": values.by_column(columns.any_field, values.text),
        "description_columns": values.by_column(columns.any_field, values.text),
        "validators_columns": values.by_column(columns.any_field, values.validators),
        "formatters_columns": values.by_column(columns.any_path, values.function),
        "page_options": page_options,
        "base_filters": structures.filters,
        "soft_delete": soft_delete,
        "base_order": structures.base_order,
        "page_size": values.value(values.page_size),
        "page_sizes": values.page_sizes,
        "list_tabs": structures.list_tabs,
        "list_tab_counts": values.value(values.flag),
        "list_sums": columns.columns(columns.summable),
        "list_count": values.value(values.count),
        "export_formats": values.formats,
        "export_columns": columns.columns(columns.any_path),
        "show_fieldsets": structures.fieldsets(columns.any_path),
        "add_fieldsets": structures.fieldsets(columns.form_column),
        "edit_fieldsets": structures.fieldsets(columns.form_column),
        "add_form": values.value(values.form_class),
        "edit_form": values.value(values.form_class),
        "add_form_extra_fields": values.by_column(None, values.form_field),
        "edit_form_extra_fields": values.by_column(None, values.form_field),
        "add_form_query_rel_fields": structures.query_rel_fields,
        "edit_form_query_rel_fields": structures.query_rel_fields,
        "conditional_fields": conditional_fields,
        "form_dependent_choices": dependent_choices,
        "related_views": structures.related_views,
        "inlines": inlines,
        "list_eager": columns.columns(columns.relation_path),
        "label_columns_of": structures.label_columns_of,
        **dict.fromkeys((*_TITLES, *_MESSAGES), values.value(values.text)),
        **dict.fromkeys(_TEMPLATES, values.value(values.template)),
    }
)


def check_datamodel(view_class: type[Any]) -> list[Problem]:
    """Whether a view class names a data source at all; to be asked before it is bound."""
    datamodel = getattr(view_class, "datamodel", None)
    where = f"{class_path(view_class)}.datamodel"
    if datamodel is None:
        fix = "add datamodel = SQLAInterface(YourModel)"
        return [Problem("AB108", where, "the view has no datamodel", fix)]
    if isinstance(datamodel, type) or not callable(getattr(datamodel, "bind", None)):
        name = getattr(datamodel, "__name__", type(datamodel).__name__)
        return [Problem("AB108", where, f"{name} is not a data source", f"write SQLAInterface({name})")]
    if not getattr(datamodel, "is_mapped", True):
        fix = "give SQLAInterface a model: a subclass of db.Model"
        return [Problem("AB108", where, f"{datamodel!r} is made of a class that is not mapped to a table", fix)]
    return []


def check_options(
    view_class: type[Any], datamodel: DataModel, settings: Settings, declared: Mapping[str, Any]
) -> dict[str, list[Problem]]:
    """Every problem of a view class, by option; `datamodel` and the hooks' names count as options."""
    found = {}
    for option, value in declared.items():
        place = Place(view_class, option, datamodel, settings, declared)
        # A default is right whatever the settings say: resolving bounds it.
        is_default = value is getattr(ResourceDeclaration, option)
        found[option] = [] if is_default else list(CHECKS[option](place, value))
    for name in HOOKS:
        default = getattr(ResourceDeclaration, name)
        value = getattr(view_class, name, default)
        place = Place(view_class, name, datamodel, settings, declared)
        found[name] = [] if value is default else list(values.hook(place, value))
    found["datamodel"] = list(_check_key(Place(view_class, "datamodel", datamodel, settings, declared)))
    return {option: problems for option, problems in found.items() if problems}


def _check_key(place: Place) -> Iterator[Problem]:
    name = place.datamodel.name
    if not place.datamodel.key_columns:
        message = f"{name} has no primary key that can stand in an address"
        yield place.problem("AB113", message, "give the model a primary key of plain columns")
    written = [option for option in _FORMS if place.values[option] is not getattr(ResourceDeclaration, option)]
    if place.datamodel.is_read_only and written:
        message = (
            f"{name} has no key in the database, so its records are only listed and shown; {written[0]} does nothing"
        )
        fix = "give the table a primary key or a unique constraint that the model declares, or leave the option out"
        yield replace(place.problem("AB115", message, fix), warning=True)
