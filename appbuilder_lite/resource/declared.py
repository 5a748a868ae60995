"""Reads what a view class declares, with the logical names of our own views turned into the model's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.resource.declaration import ResourceDeclaration

OPTIONS: tuple[str, ...] = tuple(
    name
    for name, value in vars(ResourceDeclaration).items()
    if not name.startswith("_") and not callable(value) and name != "datamodel"
)
"""Names of all options, in the order of their declaration."""

HOOKS: tuple[str, ...] = tuple(
    name for name, value in vars(ResourceDeclaration).items() if not name.startswith("_") and callable(value)
)
"""Names of all hooks."""

_BY_COLUMN = frozenset(
    {"label_columns", "description_columns", "validators_columns", "formatters_columns", "label_columns_of"}
    | {"add_form_query_rel_fields", "edit_form_query_rel_fields"}
)

# In Flask-AppBuilder None is what these options are where nobody declares them; here it is an empty dict or list.
_NONE_IS_DEFAULT = frozenset(
    {"label_columns", "description_columns", "validators_columns", "formatters_columns", "related_views"}
    | {
        "list_tabs",
        "list_sums",
        "page_options",
        "filter_counts",
        "inlines",
        "conditional_fields",
        "form_dependent_choices",
    }
    | {"add_form_extra_fields", "edit_form_extra_fields", "add_form_query_rel_fields", "edit_form_query_rel_fields"}
)

Names = Mapping[str, str | None]


def declared_values(view_class: type[Any], datamodel: DataModel) -> dict[str, Any]:
    """Option -> value. In a class of this package columns are logical names: mapped, or left out when lacking."""
    names: Names = getattr(datamodel, "names", None) or {}
    values = {}
    for option in OPTIONS:
        default = getattr(ResourceDeclaration, option)
        value = getattr(view_class, option, default)
        if value is None and option in _NONE_IS_DEFAULT:
            value = default
        values[option] = _real(option, value, names) if names and _is_stock(view_class, option) else value
    return values


def _is_stock(view_class: type[Any], option: str) -> bool:
    owner = next((owner for owner in view_class.__mro__ if option in vars(owner)), ResourceDeclaration)
    return owner.__module__.partition(".")[0] == "appbuilder_lite"


def _real(option: str, value: Any, names: Names) -> Any:
    if not value:
        return value
    if option in _BY_COLUMN:
        return {real: item for key, item in value.items() if (real := _name(key, names)) is not None}
    if option.endswith("_fieldsets"):
        return _fieldsets(value, names)
    if option.endswith("_columns") or option == "list_eager":
        return _columns(value, names)
    if option == "base_filters":
        return [(real, *rest) for column, *rest in value if (real := _name(column, names)) is not None]
    if option == "base_order":
        pairs = [value] if isinstance(value[0], str) else value
        return [(real, way) for column, way in pairs if (real := _name(column, names)) is not None] or None
    return value


def _columns(columns: Sequence[str], names: Names) -> list[str]:
    """The real columns, each once: two logical names may mean the same one."""
    return list(dict.fromkeys(real for column in columns if (real := _name(column, names)) is not None))


def _fieldsets(fieldsets: Sequence[tuple[str | None, Mapping[str, Any]]], names: Names) -> list[Any]:
    found: list[Any] = []
    seen: set[str] = set()
    for title, group in fieldsets:
        fields = [name for name in _columns(group["fields"], names) if name not in seen]
        seen.update(fields)
        found += [(title, {**group, "fields": fields})] if fields else []
    return found


def _name(path: str, names: Names) -> str | None:
    """The real path of a logical one; None when the model lacks it."""
    first, dot, rest = path.partition(".")
    real = names.get(first, first)
    return None if real is None else real + dot + rest
