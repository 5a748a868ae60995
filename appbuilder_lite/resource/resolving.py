"""What a view class means: its declarations resolved against a model, and defaults filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from appbuilder_lite.data.filter_operators import may_be_empty, operators_for
from appbuilder_lite.data.filters import BaseFilter
from appbuilder_lite.data.interface import DataModel, UnknownPath
from appbuilder_lite.data.query import Count, Order
from appbuilder_lite.data.relation_filters import FilterRelationOneToManyEqual
from appbuilder_lite.data.sqla_trash import FilterInTrash
from appbuilder_lite.data.types import Path
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import defaults
from appbuilder_lite.resource.checks import check_options
from appbuilder_lite.resource.checks_structures import tab_name
from appbuilder_lite.resource.condition_values import conditions_of
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.declared import declared_values
from appbuilder_lite.resource.dependent import Dependence, Dependences
from appbuilder_lite.resource.duplicable import copied_columns
from appbuilder_lite.resource.editable import form_field_names
from appbuilder_lite.resource.options import Columns, Fieldset, Filters, Labels, ListTab, ResourceOptions
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import class_label, lazy, plural, singular_noun

PAGE_SIZES = (10, 25, 50, 100, 200)


def resolve(
    view_class: type[Any], datamodel: DataModel, settings: Settings, *, left_out: Collection[str] = ()
) -> tuple[ResourceOptions, tuple[Problem, ...]]:
    """The options of a view class, and everything that is wrong with it.

    `left_out` names columns that stand in a form only where the view declares them.

    An option with a problem counts as not declared, so that the options can be used to look for more problems.
    Misspelt names are found by `checks.check_option_names`.
    """
    declared = declared_values(view_class, datamodel)
    found = check_options(view_class, datamodel, settings, declared)
    problems = tuple(problem for problems in found.values() for problem in problems)
    unsound = {option for option, problems in found.items() if not all(problem.warning for problem in problems)}
    sound = {
        option: getattr(ResourceDeclaration, option) if option in unsound else value
        for option, value in declared.items()
    }
    return _Resolver(view_class, datamodel, settings, sound, frozenset(left_out)).options(), problems


class _Resolver:
    """Fills in the defaults of one view class; every value it is given has been checked."""

    def __init__(
        self,
        view_class: type[Any],
        datamodel: DataModel,
        settings: Settings,
        values: Mapping[str, Any],
        left_out: frozenset[str],
    ) -> None:
        self.view_class = view_class
        self.datamodel = datamodel
        self.settings = settings
        self.values = values
        self.left_out = left_out

    def options(self) -> ResourceOptions:
        values, model = self.values, self.datamodel
        visible = self.unmarked(defaults.shown_columns(model))
        shown = self.fieldsets("show", visible)
        add = self.fieldsets("add", self.unasked(defaults.form_columns(model)))
        edit = self.fieldsets("edit", self.unasked(defaults.edit_columns(model)))
        listed = self.columns("list", visible)
        optional = tuple(name for name in values["list_optional_columns"] or () if name not in listed)
        searched = self.search(listed, _fields(shown))
        filtered = self.filtered((*listed, *optional))
        forms = (*_fields(add), *_fields(edit))
        summed, exported = tuple(values["list_sums"]), tuple(values["export_columns"] or ())
        named = dict.fromkeys((*listed, *optional, *summed, *exported, *_fields(shown), *forms, *searched, *filtered))
        return ResourceOptions(
            name=self.view_class.__name__,
            noun=values["noun"] or singular_noun(model.name),
            **self.titles(),
            list_columns=listed,
            list_optional_columns=optional,
            show_columns=_fields(shown),
            add_columns=_fields(add),
            edit_columns=_fields(edit),
            duplicate_columns=self.duplicated(_fields(add)),
            search_columns=searched,
            order_columns=self.order((*listed, *optional)),
            named_by=_frozen(self.named_by()),
            paths=MappingProxyType(self.paths(named)),
            labels=MappingProxyType(Labels(values["label_columns"])),
            descriptions=_frozen(values["description_columns"]),
            relations=MappingProxyType(self.relations(filtered)),
            filters=_frozen(filtered),
            filter_counts=tuple(values["filter_counts"]),
            page_size=min(values["page_size"], self.settings.max_page_size),
            page_sizes=self.page_sizes(),
            base_order=_orders(values["base_order"]),
            list_tabs=self.tabs(),
            list_tab_counts=values["list_tab_counts"],
            list_sums=summed,
            list_count=Count(values["list_count"] or self.settings.list_count),
            export_formats=tuple(values["export_formats"]),
            export_columns=exported,
            base_filters=(*self.filters(values["base_filters"], self.datamodel), *self.undeleted()),
            soft_delete=values["soft_delete"],
            show_fieldsets=shown,
            add_fieldsets=add,
            edit_fieldsets=edit,
            formatters=_frozen(values["formatters_columns"]),
            page_options=_frozen(values["page_options"]),
            validators=_frozen({name: tuple(found) for name, found in values["validators_columns"].items()}),
            add_form=values["add_form"],
            edit_form=values["edit_form"],
            add_extra_fields=_frozen(values["add_form_extra_fields"]),
            edit_extra_fields=_frozen(values["edit_form_extra_fields"]),
            add_rel_queries=self.related_filters("add"),
            edit_rel_queries=self.related_filters("edit"),
            conditional_fields=conditions_of(values["conditional_fields"], self.datamodel),
            dependent_choices=self.dependences(),
            templates=_frozen({action: values[f"{action}_template"] for action in _TEMPLATES}),
            related_views=tuple(values["related_views"]),
            inlines=tuple(values["inlines"]),
            list_eager=tuple(values["list_eager"] or ()),
            label_columns_of=_frozen({name: tuple(found) for name, found in values["label_columns_of"].items()}),
            messages=_frozen(self.messages()),
            max_page_size=self.settings.max_page_size,
            choices_limit=self.settings.choices_limit,
            global_search=values["global_search"],
            index_count=values["index_count"],
        )

    def titles(self) -> dict[str, str]:
        values, noun = self.values, self.values["noun"] or singular_noun(self.datamodel.name)
        title = values["title"] or plural(class_label(self.datamodel.name))
        return {
            "title": title,
            "list_title": values["list_title"] or title,
            "show_title": values["show_title"],
            "add_title": values["add_title"] or lazy("New %(noun)s", noun=noun),
            "edit_title": values["edit_title"],
        }

    def messages(self) -> dict[str, str]:
        found = {name: value for name, value in self.values.items() if name.endswith("_message")}
        if self.values["soft_delete"] and found[_KEPT] == getattr(ResourceDeclaration, _KEPT):
            # Nothing is associated with what stays where it is: the database's own reason is told.
            found[_KEPT] = ""
        return found

    def unasked(self, columns: Columns) -> Columns:
        """Those of the default columns that a form has without being told to."""
        return self.unmarked(tuple(name for name in columns if name not in self.left_out))

    def unmarked(self, columns: Columns) -> Columns:
        """Those of the default columns that tell something: none of these records is in the trash."""
        return tuple(name for name in columns if name != self.values["soft_delete"])

    def undeleted(self) -> Filters:
        """What leaves out the records that are in the trash."""
        column = self.values["soft_delete"]
        return ((FilterInTrash(column, self.datamodel), False),) if column else ()

    def columns(self, action: str, default: Columns) -> Columns:
        """The columns of an action: the declared ones or the default ones, without the excluded ones."""
        declared = self.values[f"{action}_columns"]
        excluded = frozenset(self.values[f"{action}_exclude_columns"] or ())
        chosen = self.further(action, default) if declared is None else declared
        return tuple(name for name in chosen if name not in excluded)

    def further(self, action: str, default: Columns) -> Columns:
        """The default columns of an action with the fields that a form class or extra fields bring."""
        form = form_field_names(self.values.get(f"{action}_form"))
        extra = self.values.get(f"{action}_form_extra_fields") or {}
        return tuple(dict.fromkeys((*(form or default), *extra)))

    def fieldsets(self, action: str, default: Columns) -> tuple[Fieldset, ...]:
        """The declared fieldsets, else one without a title that holds the action's columns."""
        declared = self.values[f"{action}_fieldsets"]
        if not declared:
            return (Fieldset("", self.columns(action, default)),)
        excluded = frozenset(self.values[f"{action}_exclude_columns"] or ())
        groups = [
            Fieldset(
                title or "",
                tuple(name for name in group["fields"] if name not in excluded),
                group.get("expanded", True),
                group.get("description", ""),
                group.get("tab", ""),
            )
            for title, group in declared
        ]
        tabs = list(dict.fromkeys(group.tab for group in groups if group.tab))
        return tuple(sorted(groups, key=lambda group: tabs.index(group.tab) if group.tab else -1))

    def duplicated(self, added: Columns) -> Columns:
        """The declared columns of a duplicate that the add form has, or all of that form that one can take."""
        declared = self.values["duplicate_columns"]
        if declared is None:
            return copied_columns(self.datamodel, added)
        return tuple(name for name in declared if name in added)

    def search(self, listed: Columns, shown: Columns) -> Columns:
        declared = self.values["search_columns"]
        excluded = frozenset(self.values["search_exclude_columns"] or ())
        if declared is None:
            declared = defaults.search_columns(self.datamodel, tuple(dict.fromkeys((*listed, *shown))))
        return tuple(
            name for name in declared if name not in excluded and defaults.holds_words(self.datamodel.path(name))
        )

    def order(self, listed: Columns) -> Columns:
        declared = self.values["order_columns"]
        if declared is not None:
            return tuple(declared)
        named = self.named_by()
        return tuple(name for name in listed if name in named or self.datamodel.path(name).offers_order)

    def named_by(self) -> dict[str, Columns]:
        """The columns that a list is sorted by in the place of a relation to one record."""
        declared = self.values["label_columns_of"]
        found = {name: defaults.sorting_columns(self.datamodel, name, declared) for name in declared}
        return {name: columns for name, columns in found.items() if columns}

    def filtered(self, listed: Columns) -> dict[str, Mapping[str, BaseFilter]]:
        """The filters of each column that has some, by operator: declared ones beside those of its kind."""
        declared, further = self.values["filter_columns"], self.values["search_filters"]
        if declared is None:
            # What stands on a record's page alone is for who may open that.
            known = (*listed, *(self.values["search_columns"] or ()))
            declared = [name for name in dict.fromkeys(known) if name in self.paths({name: None})]
            declared = [name for name in declared if not defaults.is_secret(name)]
        found = {}
        for name in dict.fromkeys((*declared, *further)):
            path = self.datamodel.path(name)
            classes = {} if path.filtered is None else dict(operators_for(path.filtered))
            if path.compared is not None and classes.keys() == {"empty"} and not may_be_empty(path):
                classes = {}
            classes |= {one.arg_name: one for one in further.get(name, ()) if one.arg_name}
            if classes:
                found[name] = _frozen({key: one(name, self.datamodel) for key, one in classes.items()})
        return found

    def paths(self, named: Mapping[str, None]) -> dict[str, Path]:
        """Path by name; a field that only a form has is none."""
        found = {}
        for name in named:
            try:
                found[name] = self.datamodel.path(name)
            except UnknownPath:
                continue
        return found

    def relations(self, filtered: Collection[str]) -> dict[str, str]:
        """What an address calls the records of a relation, of the model's own ones and of those that filters reach."""
        # Automap gives relations names with dots in them, which are no paths.
        own = self.datamodel.relations
        several = {name: one.cardinality.is_to_many for name, one in own.items() if one.association is None}
        for path in self.paths(dict.fromkeys(filtered)).values():
            if path.through and path.relation is not None and path.relation.association is None:
                several[path.text] = path.is_to_many
        return {name: f"{name}__{'has' if is_several else 'eq'}" for name, is_several in several.items()}

    def page_sizes(self) -> tuple[int, ...]:
        most = self.settings.max_page_size
        sizes = {*(self.values["page_sizes"] or PAGE_SIZES), min(self.values["page_size"], most)}
        return tuple(sorted(size for size in sizes if size <= most))

    def filters(self, declared: Any, datamodel: Any) -> Filters:
        return tuple((filter_class(column, datamodel), value) for column, filter_class, value in declared or ())

    def tabs(self) -> Mapping[str, ListTab]:
        """The tabs by name, in their order."""
        found = (
            ListTab(tab_name(title, group), title, self.filters(group["filters"], self.datamodel))
            for title, group in self.values["list_tabs"]
        )
        return _frozen({tab.name: tab for tab in found})

    def related_filters(self, action: str) -> Mapping[str, Filters]:
        """Relation -> filters, each made for the data source of the relation's target."""
        declared = self.values[f"{action}_form_query_rel_fields"]
        return _frozen({name: self.filters(found, self.related_model(name)) for name, found in declared.items()})

    def dependences(self) -> Dependences:
        declared = self.values["form_dependent_choices"].items()
        return _frozen(
            {name: Dependence(on, FilterRelationOneToManyEqual(on, self.related_model(name))) for name, on in declared}
        )

    def related_model(self, relation: str) -> Any:
        own: Any = self.datamodel
        return type(own)(self.datamodel.relations[relation].target).bind(own.session)


_KEPT = "delete_integrity_error_message"
_TEMPLATES = ("list", "show", "add", "edit", "delete")


def _fields(fieldsets: Sequence[Fieldset]) -> Columns:
    return tuple(name for fieldset in fieldsets for name in fieldset.fields)


def _orders(declared: Any) -> tuple[Order, ...]:
    if not declared:
        return ()
    pairs = [declared] if isinstance(declared[0], str) else declared
    return tuple(Order(path, way == "desc") for path, way in pairs)


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))
