"""Each mistake in a declaration is found at start, with its place and its fix, and all of them at once."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from wtforms import Form, StringField
from wtforms.validators import Length

from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.filters import BaseFilter, FilterEqual, FilterEqualFunction
from appbuilder_lite.resource.checks import CHECKS, check_datamodel
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.declared import OPTIONS
from tests.resource.conftest import Desk
from tests.resource.models import Country, Item, Sale, Tag


class SaleView(ResourceDeclaration):
    datamodel = SQLAInterface(Sale)


class TagView(ResourceDeclaration):
    datamodel = SQLAInterface(Tag)


class HiddenView(SaleView):
    exclude_route_methods = {"list"}


class ClosedView(SaleView):
    base_permissions = ["can_show"]


class PartView(SaleView):
    include_route_methods = ["show"]


class RenamedView(SaleView):
    base_permissions = ["can_read"]
    method_permission_name = {"list": "read"}


class Nameless(BaseFilter):
    name = "has no name in an address"


class Between(BaseFilter):
    name = "is between"
    arg_name = "between"


class NameForm(Form):
    name = StringField()


# Options as declared, then of the one problem: id, where it stands, a part of the message, a part of the fix.
TAB = [["name", FilterEqual, "x"]]

MISTAKES: list[tuple[dict[str, Any], str, str, str, str]] = [
    ({"list_columns": ["nmae"]}, "AB103", "list_columns[0]", "Item has no column or relation 'nmae'", "mean 'name'?"),
    (
        {"list_columns": ["name", "country.nam"]},
        "AB103",
        "list_columns[1]",
        "Country has no column or relation 'nam'",
        "mean 'country.name'?",
    ),
    ({"list_columns": ["contry.name"]}, "AB103", "list_columns[0]", "'contry'", "mean 'country.name'?"),
    ({"show_columns": ["nothing_like_it"]}, "AB103", "show_columns[0]", "'nothing_like_it'", "allowed: amount, "),
    ({"add_columns": ["nmae"]}, "AB103", "add_columns[0]", "'nmae'", "mean 'name'?"),
    ({"edit_columns": ["nmae"]}, "AB103", "edit_columns[0]", "'nmae'", "mean 'name'?"),
    ({"duplicate_columns": ["nmae"]}, "AB103", "duplicate_columns[0]", "'nmae'", "mean 'name'?"),
    ({"duplicate_columns": ["id"]}, "AB109", "duplicate_columns[0]", "is unique", "leave it out"),
    ({"conditional_fields": {"nmae": {"size": "SMALL"}}}, "AB103", "conditional_fields['nmae']", "'nmae'", "'name'?"),
    (
        {"conditional_fields": {"nick": {"szie": "SMALL"}}},
        "AB103",
        "conditional_fields['nick']['szie']",
        "'szie'",
        "mean 'size'?",
    ),
    (
        {"conditional_fields": {"nick": {"size": "SMAL"}}},
        "AB109",
        "conditional_fields['nick']['size']",
        "'SMAL' is no value of 'size'",
        "allowed: EXTRA_LARGE, SMALL",
    ),
    (
        {"conditional_fields": {"nick": {"on_sale": "yes"}}},
        "AB106",
        "conditional_fields['nick']['on_sale']",
        "str 'yes' is not",
        "True or False",
    ),
    (
        {"conditional_fields": {"nick": {"amount": True}}},
        "AB106",
        "conditional_fields['nick']['amount']",
        "bool True is not",
        "a whole number",
    ),
    (
        {"conditional_fields": {"nick": {"tags": 1}}},
        "AB109",
        "conditional_fields['nick']['tags']",
        "has several values",
        "name a choice",
    ),
    (
        {"conditional_fields": {"nick": {"price": 1}}},
        "AB109",
        "conditional_fields['nick']['price']",
        "of a kind that decides nothing",
        "name a choice",
    ),
    (
        {"conditional_fields": {"nick": {"size": []}}},
        "AB106",
        "conditional_fields['nick']['size']",
        "can have no value",
        "name one value",
    ),
    ({"conditional_fields": {"nick": {}}}, "AB106", "conditional_fields['nick']", "nothing decides", '{"kind"'),
    ({"conditional_fields": {"nick": "size"}}, "AB106", "conditional_fields['nick']", "str 'size'", "a dict"),
    (
        {"conditional_fields": {"name": {"size": "SMALL"}}},
        "AB109",
        "conditional_fields['name']",
        "has to have a value",
        "nullable",
    ),
    (
        {"conditional_fields": {"nick": {"nick": "x"}}},
        "AB109",
        "conditional_fields['nick']",
        "waits for itself",
        "another field",
    ),
    ({"list_exclude_columns": ["nmae"]}, "AB103", "list_exclude_columns[0]", "'nmae'", "mean 'name'?"),
    ({"show_exclude_columns": ["nmae"]}, "AB103", "show_exclude_columns[0]", "'nmae'", "mean 'name'?"),
    ({"add_exclude_columns": ["nmae"]}, "AB103", "add_exclude_columns[0]", "'nmae'", "mean 'name'?"),
    ({"edit_exclude_columns": ["nmae"]}, "AB103", "edit_exclude_columns[0]", "'nmae'", "mean 'name'?"),
    ({"global_search": "no"}, "AB106", "global_search", "'no'", "True or False"),
    ({"index_count": 0}, "AB106", "index_count", "0", "True or False"),
    ({"search_columns": ["nmae"]}, "AB103", "search_columns[0]", "'nmae'", "mean 'name'?"),
    ({"search_exclude_columns": ["nmae"]}, "AB103", "search_exclude_columns[0]", "'nmae'", "mean 'name'?"),
    ({"order_columns": ["country.nmae"]}, "AB103", "order_columns[0]", "'nmae'", "mean 'country.name'?"),
    ({"label_columns": {"nmae": "Name"}}, "AB103", "label_columns['nmae']", "'nmae'", "mean 'name'?"),
    ({"description_columns": {"nmae": "Name"}}, "AB103", "description_columns['nmae']", "'nmae'", "mean 'name'?"),
    ({"validators_columns": {"nmae": []}}, "AB103", "validators_columns['nmae']", "'nmae'", "mean 'name'?"),
    ({"formatters_columns": {"nmae": str}}, "AB103", "formatters_columns['nmae']", "'nmae'", "mean 'name'?"),
    (
        {"page_options": {"add": {"label_columns": {"nmae": "Name"}}}},
        "AB103",
        "page_options['add']['label_columns']['nmae']",
        "'nmae'",
        "mean 'name'?",
    ),
    ({"base_filters": [["nmae", FilterEqual, 1]]}, "AB103", "base_filters[0][0]", "'nmae'", "mean 'name'?"),
    ({"soft_delete": True}, "AB106", "soft_delete", "bool True", '"deleted_at"'),
    ({"soft_delete": "sold_ta"}, "AB103", "soft_delete", "'sold_ta'", "mean 'sold_at'?"),
    ({"soft_delete": "country.name"}, "AB109", "soft_delete", "no column of Item", "DateTime and nullable"),
    ({"soft_delete": "made_on"}, "AB109", "soft_delete", "of kind date", "DateTime and nullable"),
    ({"soft_delete": "on_sale"}, "AB109", "soft_delete", "true for a new record", "or Boolean"),
    ({"soft_delete": "country_id"}, "AB109", "soft_delete", "no plain column", "or Boolean"),
    (
        {"soft_delete": "checked", "edit_columns": ["name", "checked"]},
        "AB109",
        "soft_delete",
        "stands in edit_columns",
        "leave it out of edit_columns",
    ),
    (
        {"soft_delete": "sold_at", "add_fieldsets": [("A", {"fields": ["name", "sold_at"]})]},
        "AB109",
        "soft_delete",
        "stands in add_fieldsets",
        "leave it out of add_fieldsets",
    ),
    ({"base_order": ("nmae", "asc")}, "AB103", "base_order[0]", "'nmae'", "mean 'name'?"),
    ({"base_order": [("name", "asc"), ("nmae", "asc")]}, "AB103", "base_order[1][0]", "'nmae'", "mean 'name'?"),
    (
        {"show_fieldsets": [("A", {"fields": ["name", "nmae"]})]},
        "AB103",
        "show_fieldsets[0]['fields'][1]",
        "'nmae'",
        "mean 'name'?",
    ),
    (
        {"add_fieldsets": [(None, {"fields": ["nmae"]})]},
        "AB103",
        "add_fieldsets[0]['fields'][0]",
        "'nmae'",
        "mean 'name'?",
    ),
    (
        {"add_form_query_rel_fields": {"contry": []}},
        "AB103",
        "add_form_query_rel_fields['contry']",
        "no relation 'contry'",
        "mean 'country'?",
    ),
    (
        {"edit_form_query_rel_fields": {"country": [["nam", FilterEqual, 1]]}},
        "AB103",
        "edit_form_query_rel_fields['country'][0][0]",
        "Country has no column or relation 'nam'",
        "mean 'country.name'?",
    ),
    (
        {"form_dependent_choices": {"contry": "tags"}},
        "AB103",
        "form_dependent_choices['contry']",
        "no relation 'contry'",
        "mean 'country'?",
    ),
    (
        {"form_dependent_choices": {"tags": "contry"}},
        "AB103",
        "form_dependent_choices['tags']",
        "no relation 'contry'",
        "mean 'country'?",
    ),
    (
        {"form_dependent_choices": {"tags": "country"}},
        "AB109",
        "form_dependent_choices['tags']",
        "Tag has no relation 'country' to one Country",
        "add a relationship()",
    ),
    (
        {"form_dependent_choices": {"country": "tags"}},
        "AB109",
        "form_dependent_choices['country']",
        "'tags' holds several records",
        "to one record",
    ),
    (
        {"form_dependent_choices": {"country": "country"}},
        "AB109",
        "form_dependent_choices['country']",
        "'country' depends on itself",
        "leave one of these out",
    ),
    ({"list_eager": ["contry"]}, "AB103", "list_eager[0]", "'contry'", "mean 'country'?"),
    (
        {"label_columns_of": {"country": ["nam"]}},
        "AB103",
        "label_columns_of['country'][0]",
        "Country has no column or relation 'nam'",
        "mean 'name'?",
    ),
    ({"add_form": NameForm, "add_columns": ["nam"]}, "AB103", "add_columns[0]", "NameForm has no field", "'name'?"),
    ({"list_columns": "name"}, "AB104", "list_columns", "'name' is a bare string", "write ['name']"),
    ({"related_views": "SaleView"}, "AB104", "related_views", "bare string", "write ['SaleView']"),
    (
        {"edit_fieldsets": [("A", {"fields": "name"})]},
        "AB104",
        "edit_fieldsets[0]['fields']",
        "bare string",
        "write ['name']",
    ),
    ({"label_columns_of": {"country": "name"}}, "AB104", "label_columns_of['country']", "bare string", "['name']"),
    ({"list_columns": ["name", "name"]}, "AB105", "list_columns[1]", "at index 0", "remove one"),
    ({"page_sizes": [10, 10]}, "AB105", "page_sizes[1]", "10 stands here already", "remove one"),
    ({"related_views": [SaleView, SaleView]}, "AB105", "related_views[1]", "SaleView stands here", "remove one"),
    (
        {"show_fieldsets": [("A", {"fields": ["name"]}), ("B", {"fields": ["name"]})]},
        "AB105",
        "show_fieldsets[1]['fields'][0]",
        "stands in fieldset 0 already",
        "remove one",
    ),
    ({"page_size": "25"}, "AB106", "page_size", "str '25' is not a whole number", "e.g. 25"),
    ({"list_count": "about"}, "AB106", "list_count", "str 'about' is not one of exact, capped", "estimated, none"),
    ({"list_count": ["none"]}, "AB106", "list_count", "list ['none'] is not one of", "capped"),
    ({"page_size": True}, "AB106", "page_size", "bool True is not", "e.g. 25"),
    ({"list_columns": 5}, "AB106", "list_columns", "int 5 is not a list", "write a list"),
    ({"list_columns": {"name": 1}}, "AB106", "list_columns", "is not a list", "write a list"),
    ({"list_columns": ["name", 5]}, "AB106", "list_columns[1]", "int 5 is not a column name", "a column name"),
    ({"list_columns": [Item.name]}, "AB106", "list_columns[0]", "is not a column name", "a column name"),
    ({"page_options": ["list"]}, "AB106", "page_options", "is not a dict", "write a dict"),
    ({"page_options": {"list": 1}}, "AB106", "page_options['list']", "is not a dict", "write a dict"),
    (
        {"page_options": {"show": {"formatters_columns": {"name": "x"}}}},
        "AB106",
        "page_options['show']['formatters_columns']['name']",
        "is not a function",
        "function",
    ),
    ({"label_columns": [("name", "Name")]}, "AB106", "label_columns", "is not a dict", "write a dict"),
    ({"label_columns": {"name": 5}}, "AB106", "label_columns['name']", "int 5 is not a text", "write a text"),
    ({"label_columns": {5: "x"}}, "AB106", "label_columns[5]", "int 5 is not a text key", "a text key"),
    ({"title": 5}, "AB106", "title", "int 5 is not a text", "write a text"),
    ({"add_row_message": None}, "AB106", "add_row_message", "is not a text", "write a text"),
    ({"list_template": ""}, "AB106", "list_template", "is not the name of a template", "name of a template"),
    (
        {"validators_columns": {"name": [Length]}},
        "AB106",
        "validators_columns['name'][0]",
        "Length is a class",
        "write Length()",
    ),
    ({"validators_columns": {"name": [5]}}, "AB106", "validators_columns['name'][0]", "int 5", "validator"),
    ({"validators_columns": {"name": Length(max=5)}}, "AB106", "validators_columns['name']", "one validator", "[Leng"),
    ({"formatters_columns": {"name": "{}"}}, "AB106", "formatters_columns['name']", "is not a function", "function"),
    ({"add_form": NameForm()}, "AB106", "add_form", "is not a class derived", "wtforms.Form"),
    ({"add_form_extra_fields": {"x": "y"}}, "AB106", "add_form_extra_fields['x']", "is not a WTForms", "StringField"),
    ({"related_views": [Sale]}, "AB106", "related_views[0]", "Sale is not a view class", "with a datamodel"),
    ({"pre_add": "x"}, "AB106", "pre_add", "is not a method", "def pre_add(self"),
    ({"page_size": 0}, "AB107", "page_size", "0 is not between 1 and 250", "from 1 to 250"),
    ({"page_size": 251}, "AB107", "page_size", "251 is not between", "APPBUILDER_MAX_PAGE_SIZE"),
    ({"page_sizes": [10, -1]}, "AB107", "page_sizes[1]", "-1 is not between", "from 1 to 250"),
    ({"order_columns": ["tags"]}, "AB109", "order_columns[0]", "'tags' cannot be sorted", "name a column"),
    ({"order_columns": ["country"]}, "AB109", "order_columns[0]", "'country' cannot be sorted", "label_columns_of"),
    ({"order_columns": ["shout"]}, "AB109", "order_columns[0]", "'shout' cannot be sorted", "name a column"),
    ({"filter_columns": ["shout"]}, "AB109", "filter_columns[0]", "'shout' has no filters", "search_filters"),
    ({"filter_columns": ["luck"]}, "AB109", "filter_columns[0]", "its SQL has no type", "type_coerce()"),
    ({"filter_columns": "name"}, "AB104", "filter_columns", "bare string", "['name']"),
    ({"search_filters": {"nmae": []}}, "AB103", "search_filters['nmae']", "'nmae'", "'name'"),
    ({"search_filters": {"name": "like"}}, "AB104", "search_filters['name']", "bare string", "['like']"),
    (
        {"search_filters": {"name": ["like"]}},
        "AB111",
        "search_filters['name'][0]",
        "no filter that people",
        "BaseFilter",
    ),
    (
        {"search_filters": {"name": [FilterEqualFunction]}},
        "AB111",
        "search_filters['name'][0]",
        "no filter that people",
        "BaseFilter",
    ),
    ({"search_filters": {"name": [Between]}}, "AB111", "search_filters['name'][0]", "no name that an", "arg_name"),
    ({"search_filters": {"name": [Nameless]}}, "AB111", "search_filters['name'][0]", "no name that an", "arg_name"),
    ({"search_columns": ["shout"]}, "AB109", "search_columns[0]", "'shout' cannot be searched", "column of text"),
    ({"add_columns": ["country.name"]}, "AB109", "add_columns[0]", "column of another model", "name a relation"),
    ({"edit_columns": ["shout"]}, "AB109", "edit_columns[0]", "'shout' cannot be edited", "extra_fields"),
    ({"list_eager": ["country.name"]}, "AB109", "list_eager[0]", "is not a relation", "name a relation"),
    ({"label_columns_of": {"country": ["items"]}}, "AB103", "label_columns_of['country'][0]", "'items'", "allowed"),
    ({"related_views": [HiddenView]}, "AB117", "related_views[0]", "HiddenView has no list", "take it out"),
    ({"related_views": [ClosedView]}, "AB117", "related_views[0]", "ClosedView has no list", "'list'"),
    ({"related_views": [PartView]}, "AB117", "related_views[0]", "PartView has no list", "'list'"),
    ({"related_views": [TagView]}, "AB110", "related_views[0]", "Tag, the model of TagView", "relationship() to Item"),
    ({"base_filters": [["name", FilterEqual]]}, "AB111", "base_filters[0]", "is not a filter", '["name", FilterEqual,'),
    ({"base_filters": [["name", "eq", 1]]}, "AB111", "base_filters[0][1]", "not a filter class", ".filters"),
    (
        {"base_filters": [["name", FilterEqual("name", SQLAInterface(Item)), 1]]},
        "AB111",
        "base_filters[0][1]",
        "not a filter class",
        ".filters",
    ),
    ({"show_fieldsets": [["A", ["name"]]]}, "AB112", "show_fieldsets[0]", "not a fieldset", '("Title", {"fields"'),
    ({"show_fieldsets": [("A", {})]}, "AB112", "show_fieldsets[0]", "has no fields", '{"fields": ["name"]'),
    (
        {"show_fieldsets": [("A", {"fields": ["name"], "expnded": True})]},
        "AB112",
        "show_fieldsets[0]['expnded']",
        "is no key of a fieldset",
        "mean 'expanded'?",
    ),
    ({"list_tabs": [("A", [["name", FilterEqual, 1]])]}, "AB112", "list_tabs[0]", "not a tab", '("Paid", {"filters"'),
    ({"list_tabs": [("A", {"filters": []})]}, "AB112", "list_tabs[0]", "the tab has no filters", "FilterEqual"),
    (
        {"list_tabs": [("A", {"filtres": TAB, "filters": TAB})]},
        "AB112",
        "list_tabs[0]['filtres']",
        "no key",
        "'filters'",
    ),
    ({"page_options": {"lst": {}}}, "AB112", "page_options['lst']", "none of the pages", "mean 'list'?"),
    (
        {"page_options": {"list": {"description_columns": {}}}},
        "AB112",
        "page_options['list']['description_columns']",
        "nothing that the page 'list' has for itself",
        "allowed: formatters_columns, label_columns",
    ),
    ({"list_tabs": [("!", {"filters": TAB})]}, "AB112", "list_tabs[0]", "makes no name for an address", '"name"'),
    ({"list_tabs": [("A", {"filters": TAB, "name": 3})]}, "AB106", "list_tabs[0]['name']", "3", "a text"),
    ({"list_tabs": [("A b", {"filters": TAB}), ("A-B", {"filters": TAB})]}, "AB105", "list_tabs[1]", "'a-b'", '"name"'),
    (
        {"list_tabs": [("A", {"filters": [["nmae", FilterEqual, 1]]})]},
        "AB103",
        "list_tabs[0]['filters'][0][0]",
        "'nmae'",
        "mean 'name'?",
    ),
    ({"list_sums": ["nmae"]}, "AB103", "list_sums[0]", "'nmae'", "mean 'name'?"),
    ({"list_sums": ["name"]}, "AB109", "list_sums[0]", "'name' cannot be added up", "a column of numbers"),
    ({"export_formats": ["json", "cvs"]}, "AB103", "export_formats[1]", "'cvs' is no format", "mean 'csv'?"),
    ({"export_formats": ["csv", "csv"]}, "AB105", "export_formats[1]", "'csv' stands here already", "remove one"),
    ({"export_formats": "csv"}, "AB104", "export_formats", "'csv' is a bare string", "write ['csv']"),
    ({"export_columns": ["nmae"]}, "AB103", "export_columns[0]", "'nmae'", "mean 'name'?"),
    ({"filter_counts": ["nmae"]}, "AB103", "filter_counts[0]", "'nmae'", "mean 'name'?"),
    ({"filter_counts": ["name"]}, "AB109", "filter_counts[0]", "'name' has no choices", "name an enum"),
    ({"list_tab_counts": "yes"}, "AB106", "list_tab_counts", "'yes'", "True or False"),
    (
        {"edit_fieldsets": [("A", {"fields": ["name"], "tab": 5})]},
        "AB106",
        "edit_fieldsets[0]['tab']",
        "int 5 is not a text",
        "a text",
    ),
    ({"base_order": ("name", "ascending")}, "AB114", "base_order[1]", "not a direction", "asc, desc"),
    ({"base_order": ["name"]}, "AB114", "base_order[0]", "'name' is not an order", '("name", "asc")'),
]


@pytest.mark.parametrize(("declared", "check", "where", "message", "fix"), MISTAKES)
def test_a_mistake_is_found(
    desk: Desk, declared: dict[str, Any], check: str, where: str, message: str, fix: str
) -> None:
    (problem,) = desk.problems(**declared)
    assert problem.id == check
    assert problem.where == f"shop.views.ItemView.{where}"
    assert message in problem.message
    assert fix in problem.fix
    assert not problem.warning


def test_all_mistakes_are_found_at_once(desk: Desk) -> None:
    problems = desk.problems(
        list_columns=["nmae", "country.nam", "nmae"], page_size="25", add_fieldsets=[("A", {"fields": ["nmae", 5]})]
    )
    assert [(problem.id, problem.where.removeprefix("shop.views.ItemView.")) for problem in problems] == [
        ("AB103", "list_columns[0]"),
        ("AB103", "list_columns[1]"),
        ("AB105", "list_columns[2]"),
        ("AB106", "page_size"),
        ("AB103", "add_fieldsets[0]['fields'][0]"),
        ("AB106", "add_fieldsets[0]['fields'][1]"),
    ]


def test_a_faulty_option_counts_as_not_declared(desk: Desk) -> None:
    options, problems = desk.resolve(desk.view(list_columns=["nmae"], page_size="25", page_sizes=[10]))
    assert len(problems) == 2
    assert options.list_columns == desk.options().list_columns
    assert (options.page_size, options.page_sizes) == (25, (10, 25))


@pytest.mark.parametrize("value", [None, 5, "x", [None], {"x": None}, object(), [[]], [{}], {5: 5}, [5], type])
@pytest.mark.parametrize("option", OPTIONS)
def test_no_value_of_an_option_breaks_the_checks(desk: Desk, option: str, value: Any) -> None:
    options, problems = desk.resolve(desk.view(**{option: value}))
    assert options.name == "ItemView"
    assert all(problem.message and problem.fix for problem in problems)


def test_every_option_has_a_check() -> None:
    assert set(CHECKS) == set(OPTIONS)


def test_what_is_right_has_no_problems(desk: Desk) -> None:
    assert not desk.problems(
        list_columns=["name", "country.name", "tags", "tags.name", "shout", "country"],
        show_columns=("name", "sales"),
        add_columns=["name", "country", "tags", "full"],
        add_form_extra_fields={"full": StringField()},
        label_columns={"full": "Full name", "country.name": "Country"},
        validators_columns={"name": [Length(max=5)], "full": ()},
        page_options={"list": {"formatters_columns": {"country.name": str}}, "add": {"label_columns": {"full": "All"}}},
        search_columns=["name", "country.name", "on_sale"],
        order_columns=["country.name", "name", "country"],
        base_order=[("name", "desc"), ("country.name", "asc")],
        base_filters=[["country.active", FilterEqual, True], ["name", FilterEqualFunction, lambda: "x"]],
        edit_form_query_rel_fields={"country": [["active", FilterEqual, True]]},
        related_views=[SaleView, RenamedView],
        soft_delete="checked",
        show_fieldsets=[(None, {"fields": ["name"], "expanded": False})],
        list_eager=["sales.item"],
        label_columns_of={"country": ["name"]},
        conditional_fields={"notes": {"size": ["xl", None], "country": 1, "full": "x"}, "size": {"on_sale": True}},
    )


def test_a_lazy_translation_is_a_text(desk: Desk) -> None:
    class Lazy:
        def __str__(self) -> str:
            return "Items"

    assert not desk.problems(title=Lazy(), label_columns={"name": Lazy()})


@pytest.mark.parametrize(
    ("datamodel", "fix"), [(None, "SQLAInterface(YourModel)"), (Item, "SQLAInterface(Item)"), (5, "SQLAInterface(int)")]
)
def test_a_view_without_a_data_source_is_found(datamodel: Any, fix: str) -> None:
    view = type("BadView", (ResourceDeclaration,), {"datamodel": datamodel, "__module__": "shop.views"})
    (problem,) = check_datamodel(view)
    assert (problem.id, problem.where) == ("AB108", "shop.views.BadView.datamodel")
    assert fix in problem.fix


def test_a_data_source_is_fine() -> None:
    assert check_datamodel(SaleView) == []


def test_a_model_without_a_key_is_found(desk: Desk, session: Session) -> None:
    class Keyless(SQLAInterface):
        @property
        def key_columns(self) -> tuple[str, ...]:
            return ()

    (problem,) = desk.problems(datamodel=Keyless(Country))
    assert (problem.id, problem.where) == ("AB113", "shop.views.ItemView.datamodel")


def test_a_type_that_stores_something_else_is_not_added_up(desk: Desk) -> None:
    class Cents(sa.TypeDecorator[Any]):
        impl = sa.Integer
        cache_ok = True

        def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
            return None if value is None else value / 100

    class Base(DeclarativeBase):
        """Of this model alone."""

    class Fee(Base):
        __tablename__ = "check_fee"
        id: Mapped[int] = mapped_column(primary_key=True)
        price: Mapped[int] = mapped_column(Cents)

    (problem,) = desk.problems(Fee, list_sums=["id", "price"])
    assert (problem.id, problem.where) == ("AB109", "shop.views.ItemView.list_sums[1]")
    assert "stores something else than its values" in problem.message
