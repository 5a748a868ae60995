"""Made-up page values for every kind of page, with texts that break what does not escape, wrap or label them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appbuilder_lite.builtin.matrix import MatrixGroup, MatrixRow, Tick
from appbuilder_lite.builtin.role_pages import MatrixFilter, MatrixPage, ReviewPage, RoleForm, RoleShow
from appbuilder_lite.web.filter_page import FilterPage, FilterRow, Operator
from appbuilder_lite.web.folding import folded
from appbuilder_lite.web.form_pages import Conflict, FieldPage, FieldsetPage, FormPage, LookUpPage
from appbuilder_lite.web.inline_pages import InlinePage, RowPage
from appbuilder_lite.web.master_detail import DetailPage
from appbuilder_lite.web.multiple_view import MultiplePage
from appbuilder_lite.web.pages import (
    ActionButton,
    Cell,
    Chip,
    Choice,
    ColumnChooser,
    CountedTab,
    Crumb,
    ErrorPage,
    Heading,
    IndexCard,
    IndexPage,
    ListPage,
    ListRow,
    RelatedList,
    SearchGroup,
    SearchHit,
    SearchPage,
    ShowField,
    ShowPage,
    ShowSection,
)
from appbuilder_lite.web.parts import When
from appbuilder_lite.web.progress_page import ProgressPage
from appbuilder_lite.web.question_page import DeletePage, TouchedGroup, TouchedKind
from appbuilder_lite.web.relation_page import RelationPage
from appbuilder_lite.web.shell import Flash, Look, MenuCategory, MenuLink, Shell, Undo

LOOK = Look(
    brand="Shop admin",
    icons="/static/icons.svg",
    stylesheets=("/static/appbuilder.css", "/static/theme.css"),
    scripts=("/static/appbuilder.js",),
    logo="/static/logo.svg",
    banner="Staging",
)
SHELL = Shell(
    look=LOOK,
    app_name="Shop admin",
    home_url="/admin/",
    menu=(
        MenuCategory("", "", (MenuLink("Home", "/admin/", "ab-home"),)),
        MenuCategory(
            "Shop",
            "ab-cart",
            (
                MenuLink("Customers", "/admin/customer/", "ab-users", current=True),
                MenuLink("Orders", "/admin/order/", "ab-cart"),
                None,
                MenuLink("Products", "/admin/product/", "fa fa-unknown"),
            ),
        ),
        MenuCategory(
            "Security",
            "ab-lock",
            (MenuLink("Users", "/admin/user/", "ab-user"), MenuLink("Roles", "/admin/role/", "ab-shield")),
        ),
    ),
    user_name="Ada Lovelace",
    profile_url="/admin/profile/",
    password_url="/admin/password/",
    sign_out_url="/admin/logout/",
    search_url="/admin/search",
    owner="0123456789abcdef",
    theme_url="/admin/theme",
    nav_url="/admin/nav",
    shortcuts_url="/admin/shortcuts",
    menu_url="/admin/menu",
    path="/admin/customer/?page=2",
)
BARE = Shell(app_name="", home_url="", look=replace(LOOK, brand="", logo="", banner=""))
SIGNED_OUT = Shell(look=LOOK, app_name="Shop admin", home_url="/admin/", sign_in_url="/admin/login/")
LONG_MENU = replace(
    SHELL,
    nav="rail",
    menu=folded(
        [
            MenuCategory(
                f"Department {group}",
                "",
                tuple(
                    MenuLink(f"View {group}-{n}", f"/admin/v{group}{n}/", current=group == n == 2) for n in range(16)
                ),
            )
            for group in range(4)
        ]
    ),
)
FLASHES = (
    Flash("success", "Added Anna Abbott", "/admin/customer/show/1", ("Added ", "Anna Abbott", "")),
    Flash("success", "Mail was sent to 3 customers."),
    Flash(
        "success",
        "Deleted Anna <Abbott>",
        undo=Undo("/admin/customer/restore", (("undo", "1"), ("rowid", "1"), ("rowid", "<2>"))),
    ),
    Flash("info", "The prices are those of yesterday."),
    Flash("warning", "Two orders have no address."),
    Flash("danger", "The customer was not deleted: 12 orders belong to it."),
)

HEADINGS = (
    Heading("name", "Name", "text", "?sort=-name", "ascending"),
    Heading("email", "Email", "link", "?sort=email"),
    Heading("country", "Country", "link", "?sort=country"),
    Heading("status", "Status", "choice", "?sort=status", "descending"),
    Heading("credit", "Credit", "number", "?sort=credit"),
    Heading("active", "Active", "boolean"),
    Heading("created", "Created", "date", "?sort=created"),
    Heading("tags", "Tags", "links"),
    Heading("note", "Note", "long"),
)
NAMES = ("Anna Abbott", "Ben Hansen", "Chloe Okafor", "David Berg", "Elena Ito", "Farid Petrov", "Grace Costa", "Hugo")


def row(number: int) -> ListRow:
    """The record with that number; every third lacks most of its values."""
    name = NAMES[number % len(NAMES)]
    bare = number % 3 == 2
    return ListRow(
        key=str(number),
        title=name,
        cells=(
            Cell("text", name),
            Cell("link", f"{name.split()[0].lower()}{number}@example.org", f"mailto:a{number}@example.org"),
            Cell("empty") if bare else Cell("link", "Norway", "/admin/country/1"),
            Cell("choice", "Active" if number % 2 else "Inactive"),
            Cell("empty", value="number")
            if bare
            else Cell("number", f"{number * 137:,}.50", value=f"{number * 137}.5"),
            Cell("boolean", "Yes", value="true") if number % 2 else Cell("boolean", "No", value="false"),
            Cell("date", "2024-01-0" + str(number % 9 + 1), value="2024-01-01T10:00", title="1 January 2024, 10:00"),
            Cell("empty") if bare else Cell("links", "", items=(MenuLink("vip", "/t/1"), MenuLink("3 more", ""))),
            Cell("long", "Prefers to be called after five o'clock, and not on…", title="Prefers to be called. " * 9),
        ),
        show_url=f"/admin/customer/show/{number}",
        edit_url="" if bare else f"/admin/customer/edit/{number}",
        delete_url=f"/admin/customer/delete/{number}",
    )


LIST = ListPage(
    title="Customers",
    noun="customer",
    count="200 records",
    headings=HEADINGS,
    rows=[row(number) for number in range(25)],
    add_url="/admin/customer/add",
    add_label="New customer",
    searchable=True,
    search_placeholder="Search name, email",
    sorts=(
        Choice("", "Usual order"),
        Choice("name", "Name", selected=True),
        Choice("-name", "Name, descending"),
    ),
    order="name,-status",
    columns=ColumnChooser(
        tuple(Choice(heading.name, heading.label, heading.name != "note") for heading in HEADINGS),
        hidden=(("sort", "-name"),),
        remember_url="/admin/columns?view=CustomerView",
        forget_url="/admin/columns?view=CustomerView&reset",
        reset_url="?sort=-name",
    ),
    density_url="/admin/density",
    hidden=(("sort", "-name"), ("page_size", "25")),
    total=200,
    span="1-25 of 200",
    place="Page {field} of 8",
    page=2,
    pages=8,
    previous_url="?page=1",
    next_url="?page=3",
    page_sizes=((10, "?page_size=10", False), (25, "?page_size=25", True), (50, "?page_size=50", False)),
    page_hidden=(("sort", "-name"), ("page_size", "25")),
    has_row_actions=True,
    edit_prefix="/admin/customer/edit/",
    delete_prefix="/admin/customer/delete/",
    status="1-25 of 200",
    empty="There is no customer yet.",
    hint="The first one that is added will be listed here.",
)
ACTIONS = (
    ActionButton("mail", "Send a reminder", "ab-mail"),
    ActionButton("delete", "Delete", "", "Delete these customers?", danger=True),
)
MANY_ACTIONS = tuple(ActionButton(f"act{number}", f"Action {number}", "ab-mail") for number in range(5)) + ACTIONS[1:]
ROW_ACTIONS = (
    ActionButton("mail", "Send a reminder", url="/admin/customer/action/mail/1"),
    ActionButton("forget", "Forget", danger=True, url="/admin/customer/action/forget/1"),
)
SEARCHED = replace(
    LIST,
    search="ann",
    chips=(
        Chip("Country: Spain", "/admin/customer/?search=ann", "Show all"),
        Chip("Search: ann", "/admin/customer/?country__eq=1", "Clear search"),
    ),
    clear_url="/admin/customer/",
    rows=[
        row(1)._replace(
            cells=(
                Cell("marked", "Anna Abbott", parts=(("Ann", True), ("a Abbott", False))),
                Cell("marked", "ann@example.org", "mailto:a1", parts=(("ann", True), ("@example.org", False))),
                *row(1).cells[2:],
            ),
            actions=ROW_ACTIONS,
        )
    ],
    has_row_menus=True,
)
LOOK_UP = LookUpPage(
    "buyer",
    "buyer",
    "Buyer",
    "/admin/order/choices/add/buyer",
    choices=(Choice("", "(none)"), Choice("7", "Anna Abbott", selected=True), Choice("8", "Anna Baker", detail="<8>")),
    text="anna",
    found="anna",
    note="Choose here.",
    next_page=2,
)
FILTERS = FilterPage(
    "Filter customers",
    (
        FilterRow(
            "0.status",
            "filter-status",
            "Status",
            "checklist",
            (Operator("in", "is one of", 1, selected=True), Operator("not_in", "is none of", 1)),
            choices=(Choice("NEW", "New", selected=True, count="0"), Choice("PAID", "Paid", count="10,000+")),
            focus=True,
            group=1,
            groups=(Choice("", "In no group"), Choice("1", "Group 1", selected=True)),
        ),
        FilterRow(
            "1.active", "filter-active", "Active", "radio", choices=(Choice("", "Any", True), Choice("yes", "Yes"))
        ),
        FilterRow(
            "2.country",
            "filter-country",
            "Country",
            "select",
            (Operator("eq", "is", 1, selected=True),),
            choices=(Choice("", "Any", selected=True), Choice("1", "Norway", count="1,204")),
            widened="country",
        ),
        FilterRow(
            "3.credit",
            "filter-credit",
            "Credit",
            "text",
            (Operator("between", "from … to …", 2, selected=True), Operator("eq", "is", 1)),
            value="ten",
            error="This value does not fit the column.",
        ),
        FilterRow(
            "4.buyer",
            "filter-buyer",
            "Buyer",
            "look_up",
            (Operator("eq", "is", 1),),
            look_up=replace(LOOK_UP, name="4.buyer.value", id="filter-buyer-look-up"),
        ),
        FilterRow(
            "5.shop", "filter-shop", "Shop", "text", (Operator("eq", "is", 1),), value="7", help="The record's key."
        ),
    ),
    "/admin/customer/filter",
    "/admin/customer/list/",
    "/admin/customer/list/",
    (("sort", "name"),),
)
NOTHING = replace(
    LIST,
    rows=[],
    count="0 records",
    total=0,
    search="zzz",
    chips=(Chip("Search: zzz", "/admin/customer/", "Clear search"),),
    clear_url="/admin/customer/",
    clear_label="Clear search",
    tabs=(
        CountedTab("All", "/admin/customer/", "10,000+"),
        CountedTab('<b>"Late" & lost', "?tab=late", "0", current=True),
    ),
    sums=("Total: 0.30 in all, 0.15 on average", "<b>Price</b>: 1 in all"),
    empty="No record matches “zzz”.",
)
NOTHING_YET = replace(LIST, rows=[], count="", total=0, searchable=False, notices=("The column “age” is unknown.",))
TRASH = replace(
    LIST,
    title="Trash",
    rows=[row(number)._replace(show_url="", edit_url="", delete_url="", actions=ROW_ACTIONS) for number in range(3)],
    add_url="",
    has_row_menus=True,
    edit_prefix="",
    delete_prefix="",
    actions=ACTIONS,
    action_url="/admin/customer/restore",
)
FEW_RIGHTS = replace(
    LIST,
    headings=HEADINGS[:2],
    rows=[row(1)._replace(cells=row(1).cells[:2], show_url="", edit_url="", delete_url="")],
    add_url="",
    has_row_actions=False,
    previous_url="",
    next_url="",
)

CRUMBS = (Crumb("Customers", "/admin/customer/"), Crumb("Anna Abbott"))
FIELDS = (
    FieldPage("name", "name", "Name", "text", "Anna Abbott", required=True, attributes=(("maxlength", "80"),)),
    FieldPage("email", "email", "Email", "email", "anna@example.org", help="Where the invoices go."),
    FieldPage("site", "site", "Web site", "url", "https://example.org"),
    FieldPage("pin", "pin", "Pin", "password", "never shown", attributes=(("autocomplete", "new-password"),)),
    FieldPage("age", "age", "Age", "number", "42", attributes=(("min", "0"), ("step", "1"))),
    FieldPage("born", "born", "Born", "date", "1990-02-03"),
    FieldPage("call", "call", "Call at", "time", "10:30"),
    FieldPage("seen", "seen", "Last seen", "datetime-local", "2024-01-01T10:00:01", attributes=(("step", "1"),)),
    FieldPage("active", "active", "May sign in", "checkbox", "y", checked=True, help="Off locks the account."),
    FieldPage(
        "country",
        "country",
        "Country",
        "select",
        choices=(Choice("", ""), Choice("1", "Norway", selected=True), Choice("2", "Poland")),
        relation=RelationPage(
            "country", "/admin/country/add", "/admin/country/edit/1", "/admin/country/edit/{key}", in_dialog=True
        ),
    ),
    FieldPage(
        "tags",
        "tags",
        "Tags",
        "multiselect",
        choices=tuple(Choice(str(n), f"Tag number {n}", selected=n in {2, 5}) for n in range(30)),
        help="As many as fit.",
    ),
    FieldPage("size", "size", "Size", "radio", required=True, choices=(Choice("s", "Small"), Choice("l", "Large"))),
    FieldPage(
        "buyer",
        "buyer",
        "Buyer",
        "look_up",
        help="Who pays.",
        look_up=LOOK_UP,
        relation=RelationPage("person", "/admin/person/add", fill="name", in_dialog=True),
    ),
    FieldPage(
        "fans",
        "fans",
        "Fans",
        "look_up",
        look_up=replace(
            LOOK_UP, name="fans", id="fans", label="Fans", many=True, next_page=0, choices=LOOK_UP.choices[1:]
        ),
    ),
    FieldPage("photo", "photo", "Photo", "file", "anna.png"),
    FieldPage("token", "token", "", "hidden", "abc"),
    FieldPage("since", "since", "Customer since", "static", "2021-05-06"),
    FieldPage(
        "marks",
        "marks",
        "Marks",
        "static",
        "More than 100 are chosen, which is more than a form can hold.",
        note="What you chose here was not saved: meanwhile there are too many.",
        list_url="/admin/mark/list/?customers__has=1",
    ),
    FieldPage("colour", "colour", "Colour", "html", html='<input type="color" id="colour" name="colour">'),
    FieldPage("note", "note", "Note", "textarea", "First line\nsecond line", attributes=(("rows", "4"),)),
    FieldPage("code", "code", "Code", "text", "AA-12", attributes=(("readonly", "readonly"),)),
    FieldPage("till", "till", "Till", "select", choices=(Choice("1", "One"),), attributes=(("disabled", "disabled"),)),
)
CONFLICTS = (
    Conflict("name", "Name", "Anna Abbot", "Anna Abbott"),
    Conflict("country", "Country", "Poland", "Norway", kept=True),
)
FORM = FormPage(
    title="Anna Abbott",
    fieldsets=(
        FieldsetPage("Person", FIELDS[:5], "Who it is."),
        FieldsetPage("", FIELDS[5:10]),
        FieldsetPage("Advanced", FIELDS[10:], expanded=False),
    ),
    action_url="/admin/customer/edit/1",
    submit_label="Save",
    cancel_url="/admin/customer/show/1",
    delete_url="/admin/customer/delete/1",
    crumbs=CRUMBS,
    multipart=True,
    extra_submits=(("_add_another", "Save and add another"), ("_continue", "Save and continue")),
    intro="Changes count from the next order on.",
    is_record=True,
)


def in_tabs(form: FormPage) -> FormPage:
    """A form whose groups, but for the first, stand in tabs."""
    tabs = ("", "Address & <more>", "Rest")
    return replace(form, fieldsets=tuple(replace(one, tab=tab) for one, tab in zip(form.fieldsets, tabs, strict=False)))


WAITING_FIELDS = tuple(
    replace(field, required=False, when=When('{"kind": ["<b>"]}', "Only where Kind is <b>", required=True, must=True))
    if field.kind != "hidden"
    else field
    for field in FIELDS
)
WRONG_FIELDS = tuple(
    replace(field, errors=(f"{field.label} is not valid.",)) if field.kind not in {"hidden", "static"} else field
    for field in FIELDS
)
WRONG_FORM = replace(
    FORM,
    title="New customer",
    fieldsets=(FieldsetPage("Person", WRONG_FIELDS[:10]), FieldsetPage("Advanced", WRONG_FIELDS[10:], expanded=False)),
    errors=(
        ("", "The customer was changed by somebody else."),
        ("name", "Name: is missing."),
        ("tags", "Tags: too many."),
    ),
    multipart=False,
)


def _row(number: str, **values: Any) -> RowPage:
    """A row with a field that is wrong, and one that is only shown."""
    name = f"_rows-lines-{number}"
    fields = (
        FieldPage(f"{name}-text", f"{name}-text", "Text", "text", value="A & B", errors=("Too long.",)),
        FieldPage(f"{name}-sum", f"{name}-sum", "Sum", "static", value="1,500"),
    )
    found = RowPage(
        name, number, f"Line {number}", (FieldsetPage("", fields),), ((f"{name}-_key", "7"),), f"{name}-text"
    )
    return replace(found, remove=f"{name}-_remove", **values)


ROWS = InlinePage(
    name="_rows-lines",
    title="Lines",
    labels=("Text", "Sum"),
    rows=(_row("0", errors=("This row does not exist any more.",), is_removed=True), _row("1")),
    blank=_row("new", is_new=True),
    add_label="Add another line",
    most=100,
    can_order=True,
    errors=("At least 3 rows are needed.",),
)
MANY_ROWS = InlinePage("_rows-notes", "Notes", ("Text",), left="There are 1,500 of them.", url="/admin/note/list/")
SIGN_IN = FormPage(
    title="Sign in",
    fieldsets=(
        FieldsetPage(
            "",
            (
                FieldPage(
                    "username",
                    "username",
                    "User name",
                    "text",
                    required=True,
                    attributes=(("autocomplete", "username"),),
                ),
                FieldPage(
                    "password",
                    "password",
                    "Password",
                    "password",
                    required=True,
                    attributes=(("autocomplete", "current-password"),),
                ),
                FieldPage("remember", "remember", "Remember me", "checkbox"),
                FieldPage("next", "next", "", "hidden", "/admin/customer/"),
            ),
        ),
    ),
    action_url="/admin/login/",
    submit_label="Sign in",
)
PROVIDERS = (MenuLink("Continue with Example", "/admin/login/example", "ab-key"),)

ORDERS = RelatedList(
    replace(LIST, title="Orders", rows=LIST.rows[:3], count="3 records", searchable=False, add_label="New order"),
    "/admin/order/?customer__eq=1",
    "Show all 54",
)
EMAIL_VALUES = ("Told by the customer.", "ben1@example.org")
SHOW = ShowPage(
    title="Anna Abbott",
    sections=(
        ShowSection(
            "Person",
            tuple(
                ShowField(heading.name, heading.label, cell, *EMAIL_VALUES if heading.name == "email" else ())
                for heading, cell in zip(HEADINGS, row(1).cells, strict=True)
            ),
        ),
        ShowSection("More", (ShowField("none", "Nothing", Cell("empty")),), expanded=False),
    ),
    crumbs=CRUMBS,
    edit_url="/admin/customer/edit/1",
    delete_url="/admin/customer/delete/1",
    actions=(replace(ACTIONS[0], url="/admin/customer/action/mail/1"),),
    action_url="/admin/customer/action",
    key="1",
    related=ORDERS,
)
SHOW_TABS = replace(
    SHOW,
    actions=tuple(replace(action, url=f"/admin/customer/action/{action.name}/1") for action in MANY_ACTIONS),
    related=replace(
        ORDERS,
        tabs=(
            CountedTab("Orders", "?related=orderview#related", "12", current=True),
            CountedTab("Visits of the web shop", "?related=visitview#related", "10,000+"),
            CountedTab("Notes", "?related=noteview#related"),
        ),
    ),
)
DELETE = DeletePage(
    title="Delete “Anna Abbott”?",
    action_url="/admin/customer/delete/1",
    cancel_url="/admin/customer/show/1",
    submit_label="Delete customer",
    text="This cannot be undone.",
    crumbs=CRUMBS,
    hidden=(("action", "delete"), ("rowid", "1")),
)
LONG_NAME = MenuLink(
    "An order of a rather long name-that-cannot-be-broken-anywhere-at-all-and-goes-on", "/admin/order/3"
)
DELETE_OTHERS = replace(
    DELETE,
    touched=(
        TouchedGroup(
            "goes",
            "These are deleted, too",
            (
                TouchedKind("Orders", "30", (MenuLink("A00001", "/admin/order/1"), LONG_NAME), "and 28 more"),
                TouchedKind("Order Items", "more than 1,000"),
            ),
        ),
        TouchedGroup(
            "unlinked",
            "These stay, and are no longer linked to it",
            (TouchedKind("Tags", "2", (MenuLink("loyal", ""), MenuLink("late", ""))),),
        ),
    ),
    must_type="1000",
    type_label="Type 1000, the number of others that this changes",
)
DELETE_KEPT = replace(
    DELETE,
    title="“Anna Abbott” cannot be deleted",
    text="",
    is_kept=True,
    touched=(
        TouchedGroup(
            "blocks",
            "It cannot be deleted because of these",
            (
                TouchedKind(
                    "Orders", "12", (MenuLink("A00001", "/admin/order/1"),), "and 11 more", "/admin/order/list/"
                ),
                TouchedKind("Invoices", "2", note="You may not delete them."),
            ),
        ),
        *DELETE_OTHERS.touched[1:],
    ),
)
DELETE_ROWS = replace(
    DELETE,
    title="Delete 60 records?",
    action_url="/admin/customer/delete_selected",
    submit_label="Delete 60 records",
    hidden=(("confirmed", "1"), *(("rowid", str(key)) for key in range(60))),
    names=tuple(f"Customer of a rather long name that goes on {number}" for number in range(10)),
    more="and 50 more",
    must_type="60",
    typed="6",
    error="This is not their number: nothing was deleted.",
)
INDEX = IndexPage(
    "Shop admin",
    (
        (
            "Shop",
            (
                IndexCard("Customers", "/admin/customer/", "ab-users", "/admin/customer/add", "New customer"),
                IndexCard("Orders", "/admin/order/", "fa fa-unknown"),
                IndexCard("Products of the whole catalogue, discontinued ones too", "/admin/product/"),
            ),
        ),
        ("", (IndexCard("Users", "/admin/user/", "ab-user"),)),
    ),
)
SEARCH = SearchPage(
    title="Search",
    search="an",
    links=(MenuLink("Change prices", "/admin/prices/", "ab-money"), MenuLink("Plans", "/admin/plan/", "fa fa-unknown")),
    actions=(MenuLink("New tenant", "/admin/tenant/add", "ab-plus"),),
    groups=(
        SearchGroup(
            "Customers",
            "/admin/customer/?search=an",
            "ab-users",
            (
                SearchHit("/admin/customer/show/1", (("An", True), ("na Abbott", False))),
                SearchHit("/admin/customer/show/2", (("Ben Hill", False),), (("L", False), ("an", True), ("g", False))),
            ),
        ),
        SearchGroup("Notes", "/admin/note/?search=an", "", (SearchHit("/admin/note/show/1", (("an", True),)),)),
    ),
    notices=("These were not searched: Logs. Search in their own lists.",),
)
ERROR = ErrorPage(
    404,
    "This customer does not exist or was deleted",
    "Somebody may have deleted it since you saw it.",
    (MenuLink("Back to Customers", "/admin/customer/"), MenuLink("Home", "/admin/")),
)
FAILURE = ErrorPage(500, "Something went wrong", "It was noted.", error_id="7f3a-19c2")


def _tick(key: str, label: str, view: str, *, is_ticked: bool = False, **states: bool) -> Tick:
    return Tick(key, label, f"{label} on {view}", is_ticked, **states)


MATRIX = MatrixPage(
    name="permissions",
    count="3 of 8 permissions",
    columns=("List", "Show", "Edit"),
    groups=(
        MatrixGroup(
            "Shop",
            (
                MatrixRow(
                    "Customers",
                    (
                        _tick("1", "List", "Customers", is_ticked=True),
                        _tick("2", "Show", "Customers", is_ticked=True, is_pending=True),
                        _tick("3", "Edit", "Customers"),
                    ),
                    (_tick("4", "Send a reminder", "Customers", is_pending=True), _tick("5", "Weigh", "Customers")),
                ),
                MatrixRow(
                    "Orders of the whole company", (_tick("6", "List", "Orders", is_ticked=True, is_locked=True),)
                ),
            ),
        ),
        MatrixGroup("Not in the menu", (MatrixRow("Reports", (None, None, None), (_tick("7", "Open", "Reports"),)),)),
    ),
    shown="1,4",
    is_named=True,
    presets=(("Read only", "1 2"), ("Full", "")),
    filter=MatrixFilter("shop", "granted", "/admin/role/edit/1"),
    notes=("You can grant and take away only what you may do yourself; everything else is locked.",),
    menus="2 menu entries are left out here.",
    menus_url="/admin/role/edit/1?menus=1",
)
ROLE_TABS = (CountedTab("Permissions", "/admin/role/edit/1", current=True), CountedTab("Users", "/admin/role/show/1"))
ROLE = RoleForm(
    title="Sales",
    fieldsets=(FieldsetPage("", FIELDS[:1]),),
    action_url="/admin/role/edit/1",
    submit_label="Save",
    cancel_url="/admin/role/",
    delete_url="/admin/role/delete/1",
    crumbs=CRUMBS,
    errors=(("permissions", "Permissions: You cannot grant what you may not do."), ("name", "Name: is missing.")),
    extra_submits=(("_review", "Review changes"),),
    intro="What visitors may do.",
    matrix=MATRIX,
    tabs=ROLE_TABS,
)
ADMIN_ROLE = replace(
    ROLE,
    title="Admin",
    fieldsets=(),
    errors=(),
    extra_submits=(),
    matrix=replace(MATRIX, locked="This role may do everything.", is_named=False, filter=MatrixFilter(), menus=""),
)
REVIEW = ReviewPage(
    "Review the changes of Sales",
    "/admin/role/edit/1",
    "/admin/role/",
    added=("Edit on Customers",),
    removed=("List on Orders", "Show on Orders"),
    renamed="The name becomes Sellers.",
    hidden=(("name", "Sellers"), ("permissions", "6"), ("3", "on")),
    crumbs=CRUMBS,
)

ACTION_FORM = DeletePage(
    title="Add a note",
    action_url="/admin/customer/action_post",
    cancel_url="/admin/customer/",
    submit_label="Add a note",
    text="It is about 1,204 records, all that match:",
    names=("Status: <Paid>", "Search: an"),
    hidden=(("action", "note"), ("confirmed", "1"), ("_run", "signed")),
    fieldsets=(
        FieldsetPage(
            "",
            (
                FieldPage("line", "line", "Line", "text", "<b>", required=True, errors=("At least 3 characters.",)),
                FieldPage("loud", "loud", "Loud", "checkbox", checked=True),
            ),
        ),
    ),
    errors=(("line", "Line: At least 3 characters."),),
    danger=False,
)
PROGRESS = ProgressPage(
    title="Add a note",
    text="500 of 12,040 records",
    met=500,
    total=12040,
    action_url="/admin/customer/action_post",
    list_url="/admin/customer/?status__eq=paid",
    list_label="Back to Customers",
    hidden=(("action", "note"), ("_run", "signed")),
    kept=("Anna <Abbott> was kept: 12 orders belong to it.", "3 more were kept"),
    crumbs=(Crumb("Customers", "/admin/customer/"), Crumb("Add a note")),
)
PROGRESS_OVER = replace(PROGRESS, text="Add a note: 900 records", failure="Not <on> a Sunday", is_over=True, hidden=())

SIDE_LIST = replace(LIST, current="1", has_row_actions=False)
DETAIL = DetailPage(
    "Anna <Abbott>",
    "/admin/customer/show/1",
    "/admin/customer/edit/1",
    (
        replace(ORDERS, id="related-orderview"),
        replace(ORDERS, id="related-invoiceview", page=replace(ORDERS.page, title="Invoices", rows=(), total=0)),
    ),
)
BESIDE_FORM = replace(FORM, crumbs=(), is_record=False)
TURNED = replace(LIST, rows=LIST.rows[:4], page_hidden=None, place="Page 2 of 8", searchable=False, title="Buyers")
SEVERAL = MultiplePage(
    "Desk",
    (
        replace(ORDERS, id="orderview"),
        RelatedList(TURNED, "/admin/customer/list/", id="customerview"),
    ),
)

PAGES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "index": ("index.html", {"page": INDEX}),
    "index-empty": ("index.html", {"page": IndexPage("Shop admin", ())}),
    "search": ("search.html", {"page": SEARCH}),
    "search-nothing": ("search.html", {"page": SearchPage("Search", "zzz")}),
    "search-short": ("search.html", {"page": SearchPage("Search", "a", is_short=True, links=SEARCH.links)}),
    "list": ("list.html", {"page": LIST}),
    "list-ticked": ("list.html", {"page": replace(LIST, bulk_delete_url="/admin/customer/delete_selected")}),
    "list-actions": ("list.html", {"page": replace(LIST, actions=ACTIONS, action_url="/admin/customer/action")}),
    "list-searched": (
        "list.html",
        {"page": replace(SEARCHED, actions=MANY_ACTIONS, action_url="/admin/customer/action")},
    ),
    "list-long-menu": ("list.html", {"page": LIST, "shell": LONG_MENU, "flashes": FLASHES}),
    "list-nothing": ("list.html", {"page": NOTHING}),
    "list-nothing-yet": ("list.html", {"page": NOTHING_YET}),
    "list-with-trash": ("list.html", {"page": replace(LIST, trash_url="/admin/customer/trash")}),
    "list-with-exports": (
        "list.html",
        {
            "page": replace(
                LIST,
                exports=tuple(
                    MenuLink(name, f"/admin/customer/list/export/{name.lower()}") for name in ("CSV", "JSON")
                ),
                export_label="Export 1,204 records",
            )
        },
    ),
    "trash": ("trash.html", {"page": TRASH, "crumbs": CRUMBS}),
    "filter": ("filter.html", {"page": FILTERS}),
    "list-few-rights": ("list.html", {"page": FEW_RIGHTS}),
    "list-beside": ("master_detail.html", {"page": SIDE_LIST, "detail": DETAIL}),
    "list-beside-nothing": ("master_detail.html", {"page": LIST, "detail": None}),
    "list-beside-empty": ("master_detail.html", {"page": SIDE_LIST, "detail": DetailPage("Anna Abbott")}),
    "list-form": ("compact.html", {"page": SIDE_LIST, "beside": BESIDE_FORM}),
    "list-form-wrong": ("compact.html", {"page": SIDE_LIST, "beside": in_tabs(WRONG_FORM)}),
    "lists": ("multiple_views.html", {"page": SEVERAL}),
    "lists-none": ("multiple_views.html", {"page": MultiplePage("Desk")}),
    "show": ("show.html", {"page": SHOW}),
    "show-tabs": ("show.html", {"page": SHOW_TABS}),
    "form": ("form.html", {"page": FORM}),
    "form-related": ("form.html", {"page": replace(FORM, related=SHOW_TABS.related)}),
    "form-wrong": ("form.html", {"page": WRONG_FORM}),
    "show-duplicate": ("show.html", {"page": replace(SHOW, duplicate_url="/admin/customer/add?_from=1")}),
    "form-parts": ("form.html", {"page": in_tabs(FORM)}),
    "form-parts-wrong": ("form.html", {"page": in_tabs(WRONG_FORM)}),
    "show-parts": (
        "show.html",
        {"page": replace(SHOW, sections=tuple(replace(one, tab="<b>") for one in SHOW.sections))},
    ),
    "form-conditional": ("form.html", {"page": replace(FORM, fieldsets=(FieldsetPage("Person", WAITING_FIELDS),))}),
    "form-copied": (
        "form.html",
        {"page": replace(FORM, copied_from=MenuLink("Anna <Abbott>", "/admin/customer/show/1"))},
    ),
    "form-rows": ("form.html", {"page": replace(FORM, inlines=(ROWS, MANY_ROWS))}),
    "form-stale": ("form.html", {"page": replace(FORM, errors=WRONG_FORM.errors[:1], conflicts=CONFLICTS)}),
    "delete": ("delete.html", {"page": DELETE}),
    "delete-others": ("delete.html", {"page": DELETE_OTHERS}),
    "delete-kept": ("delete.html", {"page": DELETE_KEPT}),
    "delete-rows": ("delete.html", {"page": DELETE_ROWS}),
    "action-form": ("delete.html", {"page": ACTION_FORM}),
    "progress": ("progress.html", {"page": PROGRESS}),
    "progress-over": ("progress.html", {"page": PROGRESS_OVER}),
    "role": ("role_matrix.html", {"page": ROLE}),
    "role-locked": ("role_matrix.html", {"page": ADMIN_ROLE}),
    "role-without-matrix": ("role_matrix.html", {"page": replace(ROLE, matrix=None, tabs=(), errors=())}),
    "role-nothing": ("role_matrix.html", {"page": replace(ROLE, matrix=replace(MATRIX, groups=()), errors=())}),
    "role-review": ("role_review.html", {"page": REVIEW}),
    "role-show": ("role_show.html", {"page": RoleShow("Sales", SHOW.sections, tabs=ROLE_TABS)}),
    "sign-in": ("sign_in.html", {"page": SIGN_IN, "shell": SIGNED_OUT}),
    "sign-in-wrong": (
        "sign_in.html",
        {
            "page": replace(SIGN_IN, errors=(("", "User name or password is wrong."),)),
            "shell": SIGNED_OUT,
            "providers": PROVIDERS,
        },
    ),
    "error": ("error.html", {"page": ERROR}),
    "error-bare": ("error.html", {"page": FAILURE, "shell": BARE, "csrf_token": ""}),
    "menu": ("menu.html", {}),
    "menu-empty": ("menu.html", {"shell": SIGNED_OUT}),
}
"""Name of a page -> its template and the values it is given beside the defaults of `tests.web.rendered`."""
