"""The class attributes and hooks by which a user declares a resource: Flask-AppBuilder's names, typed.

Nothing here runs at class creation and nothing is ever written to: `options.resolve` reads the attributes
once per app and freezes what they mean. None means "not declared".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wtforms import Form

ColumnList = Sequence[str] | None
FieldsetList = Sequence[tuple[str | None, Mapping[str, Any]]] | None
TabList = Sequence[tuple[str, Mapping[str, Any]]] | None
FilterList = Sequence[Sequence[Any]] | None


class ResourceDeclaration:
    """What one resource is: its columns, forms, order, filters, texts and hooks."""

    datamodel: Any = None
    """Where the records come from; any object of the `DataModel` protocol. Required: `SQLAInterface(Customer)`."""

    noun: str = ""
    """What one record is called; default is the model's name in words: `"customer"`."""
    title: str = ""
    """Name of the whole thing; default is the model's name in the plural: `"Customers"`."""
    list_title: str = ""
    """Heading of the list; default is `title`: `"Our customers"`."""
    show_title: str = ""
    """Heading of the show page; default is the record's own name: `"Customer"`."""
    add_title: str = ""
    """Heading of the add page; default is "New" and the model's name: `"Sign up a customer"`."""
    edit_title: str = ""
    """Heading of the edit page; default is the record's own name: `"Change a customer"`."""

    list_columns: ColumnList = None
    """Columns of the list, dotted paths too; default all but keys and secrets: `["name", "country.name"]`."""
    show_columns: ColumnList = None
    """Columns of the show page; default all but keys and secrets: `["name", "created_on"]`."""
    add_columns: ColumnList = None
    """Fields of the add form; default all that can be written: `["name", "country"]`."""
    edit_columns: ColumnList = None
    """Fields of the edit form; default all that can be written: `["name", "country"]`."""
    list_exclude_columns: ColumnList = None
    """Columns left out of the list; default none: `["notes"]`."""
    list_optional_columns: ColumnList = None
    """Further columns that a person may choose to see in the list; default none: `["phone", "created_on"]`."""
    show_exclude_columns: ColumnList = None
    """Columns left out of the show page; default none: `["notes"]`."""
    add_exclude_columns: ColumnList = None
    """Fields left out of the add form; default none: `["created_on"]`."""
    edit_exclude_columns: ColumnList = None
    """Fields left out of the edit form; default none: `["created_on"]`."""
    search_columns: ColumnList = None
    """Columns that the search box looks into; default the texts that are shown: `["name", "email"]`."""
    search_exclude_columns: ColumnList = None
    """Columns left out of the search; default none: `["notes"]`."""
    filter_columns: ColumnList = None
    """Columns that a person may filter the list by; default those of the list: `["status", "country.name"]`."""
    search_filters: Mapping[str, Sequence[type[Any]]] | None = {}
    """Filters of your own by column, beside those of its kind; default none: `{"name": [FilterSoundsLike]}`."""
    filter_counts: ColumnList = ()
    """Columns whose filter says how many records each choice has, a statement each; default none: `["status"]`."""
    global_search: bool = True
    """Whether the search over all views looks here too: `False`."""
    index_count: bool = True
    """Whether the home page counts the records: `False`."""
    order_columns: ColumnList = None
    """Columns that a person may sort by; default those of the list that SQL can sort: `["name", "country.name"]`.

    A relation is sorted by the columns that `label_columns_of` names its records with.
    """

    label_columns: Mapping[str, str] | None = {}
    """Labels by column; default the name in words: `{"vat_id": "VAT number"}`."""
    description_columns: Mapping[str, str] | None = {}
    """Help below a field, by column; default none: `{"vat_id": "As on the invoice"}`."""
    validators_columns: Mapping[str, Sequence[Callable[[Any, Any], object]]] | None = {}
    """Further WTForms validators by column; default none: `{"email": [Email()]}`."""
    formatters_columns: Mapping[str, Callable[[Any], Any]] | None = {}
    """Functions from a value to the text shown, by column; default none: `{"price": "{:.2f}".format}`."""
    page_options: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = {}
    """Labels, help, formatters of one page, before those of all: `{"list": {"label_columns": {"vat_id": "VAT"}}}`."""

    base_filters: FilterList = None
    """Rows that exist for this resource on every path; default all: `[["active", FilterEqual, True]]`."""
    soft_delete: str | None = None
    """DateTime or Boolean column that a delete sets, so that there is a trash; default none: `"deleted_at"`."""
    base_order: Sequence[Any] | None = None
    """Order where nobody asked for another; default the key: `("name", "asc")`, or a list of such pairs."""
    page_size: int = 25
    """Rows on one page: `50`."""
    page_sizes: Sequence[int] | None = None
    """Page sizes that are offered; default 10, 25, 50, 100 and 200: `[20, 100]`."""
    list_tabs: TabList = ()
    """Parts of the list as tabs; default none: `[("Paid", {"filters": [["status", FilterEqual, "paid"]]})]`."""
    list_tab_counts: bool = False
    """Whether each tab says how many records it has, in one statement more: `True`."""
    list_sums: ColumnList = ()
    """Columns of numbers that a person may ask the sum and the average of; default none: `["total"]`."""
    list_count: str | None = None
    """How the rows of a list are counted: exact, capped, estimated or none; default the app's: `"estimated"`."""
    export_formats: Sequence[str] = ("csv",)
    """Kinds of files that a list is exported as, none for no export: `["csv", "json"]`."""
    export_columns: ColumnList = None
    """Columns of a file, whatever the list shows; default those that it shows: `["number", "customer.email"]`."""

    show_fieldsets: FieldsetList = None
    """Groups of the show page; they replace `show_columns`: `[("Person", {"fields": ["name"]})]`."""
    add_fieldsets: FieldsetList = None
    """Groups of the add form, in tabs where they name some: `[("Person", {"fields": ["name"], "tab": "Who"})]`."""
    edit_fieldsets: FieldsetList = None
    """Groups of the edit form: `[("More", {"fields": ["notes"], "expanded": False})]`."""

    duplicate_columns: ColumnList = None
    """Fields that a duplicate takes over, none for no duplicates; default those that can be: `["name", "country"]`."""

    add_form: type[Form] | None = None
    """A form class in place of the generated one; default none: `CustomerForm`."""
    edit_form: type[Form] | None = None
    """A form class in place of the generated one; default none: `CustomerForm`."""
    add_form_extra_fields: Mapping[str, Any] | None = {}
    """Further or replacing fields of the add form: `{"name": StringField("Full name")}`."""
    edit_form_extra_fields: Mapping[str, Any] | None = {}
    """Further or replacing fields of the edit form: `{"name": StringField("Full name")}`."""
    add_form_query_rel_fields: Mapping[str, Sequence[Sequence[Any]]] | None = {}
    """Filters on what a relation offers: `{"country": [["active", FilterEqual, True]]}`."""
    edit_form_query_rel_fields: Mapping[str, Sequence[Sequence[Any]]] | None = {}
    """Filters on what a relation offers: `{"country": [["active", FilterEqual, True]]}`."""
    form_dependent_choices: Mapping[str, str] | None = {}
    """Relations offered by what another field holds, the cities of the country; default none: `{"city": "country"}`."""

    conditional_fields: Mapping[str, Mapping[str, Any]] | None = {}
    """Fields asked for only where others have a value, or one of several: `{"vat_id": {"kind": ["firm", "club"]}}`."""

    list_template: str = "appbuilder_lite/list.html"
    """Template of the list: `"shop/customers.html"`."""
    show_template: str = "appbuilder_lite/show.html"
    """Template of the show page: `"shop/customer.html"`."""
    add_template: str = "appbuilder_lite/form.html"
    """Template of the add page: `"shop/new_customer.html"`."""
    edit_template: str = "appbuilder_lite/form.html"
    """Template of the edit page: `"shop/edit_customer.html"`."""
    delete_template: str = "appbuilder_lite/delete.html"
    """Template that asks before a delete: `"shop/delete_customer.html"`."""

    related_views: Sequence[type[Any]] | None = ()
    """Views whose records are listed below a record of this one; default none: `[OrderView]`."""
    inlines: Sequence[type[Any]] | None = ()
    """Rows of other models that are edited in the forms of this one; default none: `[LineInline]`."""
    list_eager: ColumnList = None
    """Relations loaded with the list because a name follows them; default none: `["customer.country"]`."""
    label_columns_of: Mapping[str, Sequence[str]] = {}
    """Columns that name a related record, so that it is not loaded whole: `{"customer": ("first", "last")}`."""

    add_row_message: str = ""
    """Said after an add; default names the record, as "Added Anna Abbott": `"Customer added"`."""
    edit_row_message: str = ""
    """Said after an edit; default names the record, as "Saved Anna Abbott": `"Customer changed"`."""
    delete_row_message: str = ""
    """Said after a delete; default names the record, as "Deleted Anna Abbott": `"Customer deleted"`."""
    add_integrity_error_message: str = ""
    """Said when the database refuses an add; default says what it refused: `"This customer exists"`."""
    edit_integrity_error_message: str = ""
    """Said when the database refuses an edit; default says what it refused: `"This customer exists"`."""
    delete_integrity_error_message: str = "Associated data exists, please delete them first"
    """Said when the database refuses a delete: `"This customer still has orders"`."""

    def pre_add(self, item: Any) -> None:
        """Called with the filled record before it is inserted, inside the transaction; `Rejected` refuses."""

    def post_add(self, item: Any) -> None:
        """Called after the record was added and committed."""

    def pre_update(self, item: Any) -> None:
        """Called with the changed record before it is updated, inside the transaction; `Rejected` refuses."""

    def post_update(self, item: Any) -> None:
        """Called after the change was committed."""

    def pre_delete(self, item: Any) -> None:
        """Called before the record is deleted, inside the transaction; `Rejected` refuses."""

    def post_delete(self, item: Any) -> None:
        """Called after the delete was committed."""

    def pre_restore(self, item: Any) -> None:
        """Called before the record comes back from the trash, inside the transaction; `Rejected` refuses."""

    def post_restore(self, item: Any) -> None:
        """Called after the record has come back from the trash and that was committed."""

    def after_flush(self, item: Any) -> None:
        """Called inside the transaction of an add or edit when the record is written and its key is known."""

    def prefill_form(self, form: Form, pk: str) -> None:
        """Called with the edit form before it is shown; `pk` is the record's key as in the URL."""

    def prefill_duplicate(self, form: Form, item: Any) -> None:
        """Called with the add form that holds the values of `item`, of which a duplicate is to be made."""

    def process_form(self, form: Form, is_created: bool) -> None:
        """Called with a valid form before it fills the record, inside the transaction."""

    def scope(self, query: Any, user: Any) -> Any:
        """Narrow the `select()` to what `user` may see; holds for every path. `user` is None for anonymous."""
        return query

    def can_edit_item(self, user: Any, item: Any) -> bool:
        """Whether `user`, who has the permission to edit, may edit this record; `user` is None for anonymous."""
        return True

    def can_delete_item(self, user: Any, item: Any) -> bool:
        """Whether `user`, who has the permission to delete, may delete this record."""
        return True

    def can_access_field(self, user: Any, column: str, action: str) -> bool:
        """Whether `user` meets a column at all; `action` is `list`, `show`, `add` or `edit`."""
        return True
