"""Every template with made-up values: structure, escaping, and what a strict content policy forbids."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import Markup

from appbuilder_lite.web.assets import SCRIPTS, Asset, asset
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage
from appbuilder_lite.web.pages import Cell, ListPage
from appbuilder_lite.web.shell import Flash, MenuLink, Shell
from tests.web import gallery
from tests.web.rendered import render, render_page

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
CELLS = frozenset({"td", "th"})
CONTROLS = frozenset({"input", "select", "textarea"})
EVIL = "<script>alert(1)</script>\" onload='x' &amp;"


class Element:
    """A tag with its attributes, its ancestors and the text inside."""

    def __init__(self, tag: str, attributes: dict[str, str], ancestors: tuple["Element", ...]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.ancestors = ancestors
        self.text = ""

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def is_inside(self, tag: str) -> bool:
        return any(element.tag == tag for element in self.ancestors)


class Document(HTMLParser):
    """A page as a list of elements; end tags that close nothing are errors, and so are those left out, but of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {attrs}"
        if tag in CELLS:
            self._end_cell()
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._end_cell()
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def _end_cell(self) -> None:
        """A cell needs no end tag before another one and at the end of its row."""
        if self._open[-1:] and self._open[-1].tag in CELLS:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.tag in tags and all(element.get(name) == value for name, value in attributes.items())
        ]

    def inside(self, parent: Element, *tags: str) -> list[Element]:
        return [element for element in self.all(*tags) if parent in element.ancestors]


@pytest.fixture(params=sorted(gallery.PAGES))
def page(request: pytest.FixtureRequest) -> Document:
    name: str = request.param
    return Document(render_page(name))


def test_a_page_has_one_first_heading_and_names_itself_in_the_title(page: Document) -> None:
    [heading] = page.all("h1")
    [title] = page.all("title")

    assert heading.text.strip()
    assert title.text.strip()


def test_a_page_has_one_main_and_a_link_that_skips_to_it(page: Document) -> None:
    [main] = page.all("main")

    assert page.all("a")[0].get("href") == "#" + main.get("id")


def test_nothing_inline_that_the_content_policy_would_block(page: Document) -> None:
    for element in page.elements:
        assert element.tag != "style"
        assert element.tag != "script" or element.get("src")
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        assert not element.get("href").lower().startswith("javascript:")


def test_every_asset_is_asked_of_the_asset_function(page: Document) -> None:
    elements = page.all("link", "script", "use", "img")
    # One kind of link names a part of the page itself, that the first paint waits for.
    for element in [element for element in elements if element.get("rel") != "expect"]:
        assert (element.get("href") or element.get("src")).startswith("/static/")


def test_every_control_has_a_name_for_people(page: Document) -> None:
    labelled = {label.get("for") for label in page.all("label") if label.text.strip()}
    for control in page.all(*CONTROLS):
        if control.get("type") == "hidden" or control.get("type") == "color":
            continue
        wrapping = [element for element in control.ancestors if element.tag == "label" and element.text.strip()]
        assert control.get("aria-label") or control.get("id") in labelled or wrapping, control.attributes


def test_labels_and_descriptions_point_at_what_exists(page: Document) -> None:
    ids = {element.get("id") for element in page.elements}
    for element in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget"):
            assert set(element.get(name).split()) <= ids, (element.tag, name, element.get(name))


def test_ids_are_unique(page: Document) -> None:
    ids = [element.get("id") for element in page.elements if element.get("id")]

    assert len(ids) == len(set(ids))


def test_every_post_form_carries_the_csrf_token_and_no_get_form_does(page: Document) -> None:
    for form in page.all("form"):
        tokens = [control for control in page.inside(form, "input") if control.get("name") == "csrf_token"]
        assert len(tokens) == (1 if form.get("method") == "post" else 0)


def test_forms_are_not_nested(page: Document) -> None:
    assert not [form for form in page.all("form") if form.is_inside("form")]


def test_links_and_buttons_have_words_and_lead_somewhere(page: Document) -> None:
    for element in page.all("a", "button"):
        assert element.text.strip() or element.get("aria-label").strip()
    for link in page.all("a"):
        assert link.get("href")


@pytest.mark.parametrize("name", sorted(gallery.PAGES))
def test_every_text_is_escaped(name: str) -> None:
    template, values = gallery.PAGES[name]
    html = render(template, **{key: poisoned(value) for key, value in {"shell": gallery.SHELL, **values}.items()})

    assert "<script>alert" not in html
    assert "alert(1)&lt;/script&gt;" in html
    assert not [element for element in Document(html).elements if "onload" in element.attributes]


def test_a_flash_is_escaped_and_alerts_only_of_danger() -> None:
    html = render("index.html", page=gallery.INDEX, flashes=(*gallery.FLASHES, Flash("odd", EVIL)))
    page = Document(html)

    assert "<script>alert" not in html
    messages = [text for card in page.all("div") if "ab-flash" in card.get("class") for text in page.inside(card, "p")]
    assert sorted(text.get("role") for text in messages) == ["alert", *["status"] * 6]


def test_the_name_in_a_message_is_its_link() -> None:
    page = Document(render("index.html", page=gallery.INDEX, flashes=gallery.FLASHES))
    [link] = [link for link in page.all("a") if link.get("href") == "/admin/customer/show/1"]

    assert link.text == "Anna Abbott"
    assert [text.text for text in page.all("p") if text in link.ancestors] == ["Added Anna Abbott"]


def test_markup_of_a_formatter_or_a_hosts_widget_passes_as_it_is() -> None:
    assert page_of("form").all("input", type="color")


def test_the_shell_marks_the_current_page_and_the_chosen_theme() -> None:
    html = render("index.html", page=gallery.INDEX, shell=replace(gallery.SHELL, theme="dark", language="de"))
    page = Document(html)
    [root] = page.all("html")

    assert (root.get("data-theme"), root.get("lang"), root.get("dir")) == ("dark", "de", "ltr")
    assert [link.text for link in page.all("a", **{"aria-current": "page"})] == ["Customers"]
    assert [button.get("value") for button in page.all("button", **{"aria-pressed": "true"})] == ["dark", "on"]


def test_sign_out_and_the_choices_are_posts() -> None:
    page = page_of("index")
    forms = page.all("form", method="post")
    buttons = [button for form in forms for button in page.inside(form, "button")]
    actions = {form.get("action") for form in forms} | {button.get("formaction") for button in buttons} - {""}

    assert actions == {"/admin/logout/", "/admin/theme", "/admin/nav", "/admin/shortcuts"}
    assert not any(button.get("formmethod") for button in buttons)
    assert len(buttons) == len(
        [button for button in page.all("button") if button.get("name") or button.get("formaction")]
    )


def test_what_only_works_with_scripts_is_hidden_until_they_run() -> None:
    scripted = [element for element in page_of("index").elements if "data-scripted" in element.attributes]

    assert scripted
    assert all("hidden" in element.attributes for element in scripted)


def test_a_rail_offers_the_words_again_and_gives_each_link_a_sign() -> None:
    page = page_of("list-long-menu")
    [root], [button] = page.all("html"), page.all("button", name="nav")
    [nav] = page.all("nav", **{"aria-label": "Main"})

    assert (root.get("data-nav"), button.get("value")) == ("rail", "wide")
    assert [sign.text for sign in page.inside(nav, "span") if sign.get("class") == "ab-initial"] == ["V"] * 64


def test_shortcuts_are_the_elements_that_carry_a_key() -> None:
    page = page_of("list")
    keys = {element.get("data-key"): element.get("data-key-label") for element in page.elements}

    assert {"g h", "?", "/"} <= keys.keys()
    assert all(label for key, label in keys.items() if key)


def test_the_menu_button_is_a_link_to_the_menu_page() -> None:
    [button] = [link for link in page_of("list").all("a") if "data-drawer" in link.attributes]

    assert button.get("href") == "/admin/menu"


def test_a_long_menu_opens_what_fits_and_the_current_category() -> None:
    groups = page_of("list-long-menu").all("details")

    assert ["open" in group.attributes for group in groups] == [True, False, True, False]


def test_the_bare_shell_offers_nothing_that_needs_a_person() -> None:
    page = page_of("error-bare")

    assert not page.all("nav", "form", "button")
    assert [link.get("href") for link in page.all("a")] == ["#main"]


def test_list_headings_tell_how_they_sort() -> None:
    headings = page_of("list").all("th", scope="col")

    assert [heading.get("aria-sort") for heading in headings[:4]] == ["ascending", "", "", "descending"]
    assert [heading.text for heading in headings] == [*(h.label for h in gallery.HEADINGS), "Actions"]


def test_the_first_cell_is_the_way_into_the_record() -> None:
    page = page_of("list")
    rows = page.all("th", scope="row")

    assert len(rows) == 25
    assert [link.get("href") for row in rows[:2] for link in page.inside(row, "a")] == [
        "/admin/customer/show/0",
        "/admin/customer/show/1",
    ]


def test_without_a_show_page_the_first_cell_leads_to_the_form() -> None:
    rows = [gallery.row(1)._replace(show_url="")]
    page = Document(render("list.html", page=replace(gallery.LIST, rows=rows)))

    assert [link.get("href") for link in page.inside(page.all("th", scope="row")[0], "a")] == ["/admin/customer/edit/1"]


def test_a_title_that_is_markup_ends_no_attribute() -> None:
    row = gallery.row(1)._replace(title=Markup('<b class="big">Anna</b>'))
    page = Document(render("list.html", page=replace(gallery.LIST, rows=[row])))

    assert [link.get("aria-label") for link in page.all("a") if link.text == "Edit"] == ['Edit <b class="big">Anna</b>']


def test_what_a_person_may_not_do_is_not_offered() -> None:
    page = page_of("list-few-rights")

    links = [link.get("href") for link in page.inside(page.all("table")[0], "a")]

    assert links == ["?sort=-name", "?sort=email", "mailto:a1@example.org"]
    assert "New customer" not in page.all("main")[0].text


def test_checkboxes_appear_only_where_there_are_actions() -> None:
    without = page_of("list")
    assert not without.inside(without.all("table")[0], "input")
    page = page_of("list-actions")
    ticks = page.all("input", type="checkbox", name="rowid")

    assert [tick.get("value") for tick in ticks] == [str(number) for number in range(25)]
    assert [button.get("value") for button in page.all("button", name="action")] == ["mail", "delete"]


def test_an_action_of_one_record_posts_to_its_own_address() -> None:
    page = page_of("show")
    # Beside Edit where there is room, and in the menu of a narrow page.
    buttons = page.all("button", name="action")

    assert [(button.get("value"), button.get("formaction")) for button in buttons] == [
        ("mail", "/admin/customer/action/mail/1")
    ] * 2
    assert {button.get("form") for button in buttons} == {"record-action"}
    assert [form.get("method") for form in page.all("form", id="record-action")] == ["post"]
    assert [hidden.get("value") for hidden in page.all("input", name="rowid")] == ["1"]


@pytest.mark.parametrize(
    ("actions", "delete_url", "beside", "in_menu"),
    [
        (0, "", [], []),
        (0, "/delete", ["Delete"], ["Delete"]),
        (1, "/delete", ["Action 0", "Delete"], ["Action 0", "Delete"]),
        (2, "/delete", [], ["Action 0", "Action 1", "Delete"]),
        (3, "", [], ["Action 0", "Action 1", "Action 2"]),
    ],
)
def test_more_than_two_things_to_do_with_a_record_are_in_a_menu(
    actions: int, delete_url: str, beside: list[str], in_menu: list[str]
) -> None:
    offered = gallery.MANY_ACTIONS[:actions]
    page = Document(render("show.html", page=replace(gallery.SHOW, actions=offered, delete_url=delete_url)))
    [head] = [element for element in page.all("div") if element.get("class") == "ab-head-buttons"][:1]
    found = page.inside(head, "a", "button")

    assert [one.text for one in found if "ab-item" in one.get("class")] == in_menu
    assert [one.text for one in found if one.get("class") in {"ab-button", "ab-button ab-danger-text"}] == beside
    assert [one.text for one in found if "ab-more" in one.get("class")] == ["More actions"][: len(in_menu)]
    assert found[-1].text == "Edit"


def test_a_duplicate_puts_nothing_else_into_the_menu() -> None:
    offered, url = gallery.MANY_ACTIONS[:1], "/admin/customer/add?_from=1"
    page = Document(
        render("show.html", page=replace(gallery.SHOW, actions=offered, delete_url="/delete", duplicate_url=url))
    )
    beside = [element for element in page.all("div") if element.get("class") == "ab-buttons ab-if-wide"]
    assert [one.text for one in page.inside(beside[0], "a", "button")] == ["Duplicate", "Action 0", "Delete"]
    assert len([one for one in page.all("button") if one.get("class") == "ab-button ab-more ab-if-narrow"]) == 1


def test_a_duplicate_is_among_the_things_to_do_with_a_record() -> None:
    page = replace(gallery.SHOW, actions=(), duplicate_url="/admin/customer/add?_from=1")
    found = [one for one in Document(render("show.html", page=page)).all("a") if one.text == "Duplicate"]
    assert [one.get("href") for one in found] == ["/admin/customer/add?_from=1"] * 2


def test_the_search_form_carries_the_other_parameters_on() -> None:
    page = page_of("list")
    [form] = [form for form in page.all("form", role="search") if not form.is_inside("template")]

    assert {control.get("name"): control.get("value") for control in page.inside(form, "input")} == {
        "sort": "-name",
        "page_size": "25",
        "search": "",
    }


def test_what_was_found_leads_to_its_record_and_is_marked() -> None:
    page = page_of("search")
    hits = [link for link in page.all("a") if link.get("class") == "ab-hit"]

    assert [hit.get("href") for hit in hits[3:]] == [
        f"/admin/{path}" for path in ("customer/show/1", "customer/show/2", "note/show/1")
    ]
    assert [mark.text for mark in page.all("mark")] == ["An", "an", "an"]
    assert "Search in their own lists." in page.all("div", role="alert")[0].text


def test_the_palette_is_a_combobox_over_a_listbox_in_a_form_that_searches_without_it() -> None:
    page = page_of("list")
    [dialog] = [dialog for dialog in page.all("dialog") if dialog.get("class") == "ab-palette"]
    [form], [field], [found] = (
        page.inside(dialog, "form"),
        page.inside(dialog, "input"),
        page.all("div", role="listbox"),
    )

    assert (form.get("action"), form.get("method"), field.get("name")) == ("/admin/search", "", "q")
    assert (field.get("role"), field.get("aria-controls")) == ("combobox", found.get("id"))
    assert dialog.is_inside("template")


def test_an_empty_list_says_why_and_what_to_do() -> None:
    nothing, nothing_yet = page_of("list-nothing"), page_of("list-nothing-yet")

    assert "No record matches “zzz”." in nothing.all("main")[0].text
    assert "/admin/customer/" in [link.get("href") for link in nothing.inside(nothing.all("main")[0], "a")]
    assert "The column “age” is unknown." in nothing_yet.all("div", role="alert")[0].text
    assert not nothing.all("table")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("number", "1,200"), "<td role=cell data-n>1,200<"),
        (Cell("link", "Norway"), "<td role=cell>Norway<"),
        (Cell("link", "Norway", "/c/1"), '<td role=cell><a href="/c/1">Norway</a>'),
        (Cell("long", "So…", title="So long"), '<td role=cell title="So long">So…<'),
        (Cell("date", "1 May", value="2024-05-01"), '<time datetime="2024-05-01">1 May</time>'),
        (Cell("boolean", "Yes", value="true"), "<span class=ab-yes>Yes</span>"),
        (Cell("boolean", "No", value="false"), "<span class=ab-no>No</span>"),
        (Cell("choice", "Paid"), "<td role=cell class=ab-state><span>Paid</span>"),
        (Cell("empty"), "<td role=cell class=ab-none><span>empty</span>"),
        (Cell("links", items=(MenuLink("a", "/a"), MenuLink("b", ""))), '<a href="/a">a</a>, b<'),
        (Cell("something-new", "x"), "<td role=cell>x<"),
    ],
)
def test_cells_by_kind(cell: Cell, expected: str) -> None:
    row = gallery.row(1)._replace(cells=(Cell("text", "Anna"), cell))

    assert expected in render("list.html", page=replace(gallery.LIST, headings=gallery.HEADINGS[:2], rows=[row]))


def test_a_list_of_25_rows_stays_small() -> None:
    html = render("list.html", page=replace(gallery.LIST, headings=gallery.HEADINGS[:6], rows=six_columns()))

    assert len(html.encode()) <= 30_000


def test_a_record_form_lists_the_fields_that_it_posts() -> None:
    page = page_of("form")
    [marker] = page.all("input", name="_fields")
    posted = [field.name for field in gallery.FIELDS if field.kind != "static"]

    assert marker.get("value").split(",") == posted
    shown = {control.get("name") for control in page.all(*CONTROLS) if not control.is_inside("template")}
    look_ups = {f"{field.name}-{part}" for field in gallery.FIELDS if field.look_up for part in ("find", "found")}
    assert shown - {"csrf_token", "_fields", "next"} - look_ups == set(posted)


def test_a_form_holds_the_values_and_never_a_password() -> None:
    html = render_page("form")
    page = Document(html)

    assert "never shown" not in html
    assert page.all("input", name="seen")[0].get("value") == "2024-01-01T10:00:01"
    assert [option.get("value") for option in page.all("option") if "selected" in option.attributes] == ["1"]
    assert [box.get("value") for box in page.all("input", name="tags") if "checked" in box.attributes] == ["2", "5"]
    assert page.all("textarea")[0].text.lstrip("\n") == "First line\nsecond line"
    assert [form.get("enctype") for form in page.all("form", action="/admin/customer/edit/1")] == [
        "multipart/form-data"
    ]


def test_a_textarea_keeps_a_value_that_starts_with_an_empty_line() -> None:
    field = FieldPage("note", "note", "Note", "textarea", "\nsecond")
    html = render("form.html", page=replace(gallery.FORM, fieldsets=(FieldsetPage("", (field,)),)))

    assert ">\n\nsecond</textarea>" in html


def test_a_faulty_field_is_tied_to_its_error_and_its_help() -> None:
    page = page_of("form-wrong")
    [email] = page.all("input", name="email")

    assert email.get("aria-invalid") == "true"
    assert email.get("aria-describedby").split() == ["email-help", "email-error"]


def test_the_error_summary_counts_the_fields_and_links_to_them() -> None:
    page = page_of("form-wrong")
    [summary] = [element for element in page.all("div", role="alert") if "data-errors" in element.attributes]

    assert "2 fields need attention" in summary.text
    assert "The customer was changed by somebody else." in summary.text
    assert [link.get("href") for link in page.inside(summary, "a")] == ["#name", "#tags"]
    assert {"name", "tags"} <= {element.get("id") for element in page.elements}


def test_a_folded_fieldset_opens_where_something_is_to_be_done() -> None:
    assert "open" not in page_of("form").all("details")[0].attributes
    assert "open" in page_of("form-wrong").all("details")[0].attributes
    needed = FieldPage("name", "name", "Name", "text", required=True)
    folded = replace(gallery.FORM, fieldsets=(FieldsetPage("More", (needed,), expanded=False),))

    assert "open" in Document(render("form.html", page=folded)).all("details")[0].attributes


def test_delete_asks_by_post_and_sends_its_hidden_values_again() -> None:
    page = page_of("delete")
    [form] = page.all("form", action="/admin/customer/delete/1")
    sent = {control.get("name"): control.get("value") for control in page.inside(form, "input")}

    assert sent == {"csrf_token": "the-token", "action": "delete", "rowid": "1"}
    assert [button.text for button in page.inside(form, "button")] == ["Delete customer"]
    assert [link.get("href") for link in page.inside(form, "a")] == ["/admin/customer/show/1"]


def test_sign_in_offers_providers_and_no_menu() -> None:
    page = page_of("sign-in-wrong")

    assert "/admin/login/example" in [link.get("href") for link in page.all("a")]
    assert not page.all("nav")
    assert [control.get("name") for control in page.all("input", type="hidden")] == ["csrf_token", "next"]


@pytest.mark.parametrize(
    ("name", "limit", "zipped"),
    [
        ("appbuilder.css", 48, 10),
        ("roles.css", 48, 10),
        ("panes.css", 48, 10),
        ("appbuilder.js", 14, 5),
        ("sign_in.js", 4, 2),
        ("list.js", 10, 4),
        ("master.js", 10, 4),
        ("compact.js", 11, 4),
        ("rows.js", 1, 1),
        ("palette.js", 8, 3),
        ("record.js", 4, 2),
        ("fields.js", 6, 3),
        ("record_fields.js", 10, 4),
        ("related_fields.js", 16, 6),
        ("related.js", 10, 4),
        ("matrix.js", 8, 3),
        ("look_up.js", 6, 3),
        ("relation.js", 8, 3),
        ("relation_dialog.js", 8, 3),
        ("icons.svg", 12, 4),
    ],
)
def test_assets_stay_within_their_budget(name: str, limit: int, zipped: int) -> None:
    found = the_asset(name)

    assert len(found.body) <= limit * 1024
    assert len(found.compressed) <= zipped * 1024


def test_the_style_keeps_its_layers_and_its_logical_properties() -> None:
    css = re.sub(r"/\*.*?\*/", "", the_asset("appbuilder.css").body.decode(), flags=re.DOTALL)

    assert css.lstrip().startswith("@layer reset, tokens, base, components, utilities, theme;")
    assert not re.findall(r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right))\s*:", css)
    assert not re.findall(r"url\((?![\"']?data:)", css)
    assert not re.findall(r"@import", css)


def test_the_script_names_no_address_and_writes_no_markup() -> None:
    scripts = {name: the_asset(name).body.decode() for name in SCRIPTS if name != "palette.js"}

    for word in ("innerHTML", "insertAdjacentHTML", "eval(", "http:", "https:", "XMLHttpRequest", "Beacon", ".style"):
        assert word not in "".join(scripts.values())
    # A list fetches its own links, once it has seen that they lead to this very site and page; a dialog, the page that
    # asks; a record, the next page of the list that led to it; a field that looks for records, the address beside it;
    # what is done batch by batch, the form of its own page; a relation, the form that it stands in, and its dialog the
    # form that its link leads to.
    assert {name: script.count("fetch(") for name, script in scripts.items()} == {
        "appbuilder.js": 1,
        "sign_in.js": 0,
        "messages.js": 0,
        "list.js": 1,
        "master.js": 1,
        "compact.js": 1,
        "rows.js": 0,
        "record.js": 1,
        "fields.js": 0,
        "record_fields.js": 1,
        "related_fields.js": 2,
        "related.js": 2,
        "matrix.js": 1,
        "look_up.js": 1,
        "run.js": 1,
        "inlines.js": 0,
        "relation.js": 1,
        "relation_dialog.js": 1,
    }


def the_asset(name: str) -> Asset:
    found = asset(name)
    assert found is not None
    return found


def page_of(name: str) -> Document:
    return Document(render_page(name))


def six_columns() -> list[Any]:
    return [row._replace(cells=row.cells[:6]) for row in gallery.LIST.rows]


def poisoned(value: Any, name: str = "") -> Any:
    """The same values with markup in each text that a person or a developer may have written."""
    if isinstance(value, str):
        return value if name in {"kind", "theme", "direction", "html", "icon", "category"} else value + EVIL
    if hasattr(value, "_fields"):
        return type(value)(*(poisoned(part, field) for field, part in zip(value._fields, value, strict=True)))
    if isinstance(value, tuple | list):
        return type(value)(poisoned(part, name) for part in value)
    if isinstance(value, ListPage | Shell) or (is_dataclass(value) and not isinstance(value, type)):
        return replace(value, **dict(poisoned_fields(value)))
    return value


def poisoned_fields(value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        if field.name == "attributes":
            yield field.name, tuple((key, text + EVIL) for key, text in value.attributes)
        else:
            yield field.name, poisoned(getattr(value, field.name), field.name)
