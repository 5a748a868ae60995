"""What a template receives: plain frozen values, formatted and translated before it runs.

Templates escape every text in here; only `FieldPage.html` is markup, made by a host's own form widget. What stands
around a page is in `shell`, and what a form consists of in `form_pages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from appbuilder_lite.web.parts import Part, parts_of
from appbuilder_lite.web.shell import MenuLink


@dataclass(frozen=True, slots=True)
class Crumb:
    label: str
    url: str = ""


class Cell(NamedTuple):
    """One value of a list or show page.

    `kind` is the look: `text`, `number`, `boolean`, `date`, `choice`, `link`, `links`, `long`, `html`, `empty`,
    `unreadable` (what is stored cannot be read), `failed` (its value could not be made, which `title` says), and in a
    list `marked`: `parts` make up the text, each with whether it is what was searched for.
    `text` is what is shown (for a boolean the word), `value` the machine form (ISO date, "true"), `url` where a
    link leads (a link without one is plain text), `items` the links of a to-many value (one without a
    URL is plain text: "3 more"), `title` the full form that a shortened text hides. An `empty` cell may carry its
    column's kind in `value`, which aligns it; the text of `html` is `Markup` that a host's formatter returned.
    """

    kind: str
    text: str = ""
    url: str = ""
    value: str = ""
    title: str = ""
    items: tuple[MenuLink, ...] = ()
    parts: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: `sort_url` sorts (empty: cannot), `direction` is `ascending`, `descending` or "".

    `rank` is its place among several columns that are sorted by, from 1; 0 where there is none or but one.
    """

    name: str
    label: str
    kind: str
    sort_url: str = ""
    direction: str = ""
    rank: int = 0


class ListRow(NamedTuple):
    """A record of a list. The first cell is the record's link; empty URLs are what the person may not do.

    `actions` are what can be done with this one record beside editing and deleting it.
    """

    key: str
    title: str
    cells: tuple[Cell, ...]
    show_url: str = ""
    edit_url: str = ""
    delete_url: str = ""
    actions: tuple[ActionButton, ...] = ()
    duplicate_url: str = ""


@dataclass(frozen=True, slots=True)
class ActionButton:
    """An action on the ticked rows or on one record; `danger` is red and asks first.

    `url` is where this button posts to, if not to the page's `action_url`.
    """

    name: str
    label: str
    icon: str = ""
    confirmation: str = ""
    danger: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class ColumnChooser:
    """The columns that a person can have, the shown ones first and in their order.

    `hidden` are parameters that its form carries on. `remember_url` takes the same form by POST and keeps the choice;
    `forget_url`, by POST, forgets it (empty: there is none). `reset_url` leads to the list without a choice (empty:
    there is none in its address).
    """

    choices: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...] = ()
    remember_url: str = ""
    forget_url: str = ""
    reset_url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """What a list is narrowed by; `url` leads to the list without it, which `words` say, `form_url` to change it."""

    text: str
    url: str
    words: str
    form_url: str = ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list: title, tools, rows and paging.

    `hidden` are parameters that the search form must carry on, `page_hidden` those of the form for a page's number
    (none: there is no such form). `chips` say what the list is narrowed by, `tabs` are the parts it is shown in.
    `sums` say what columns add up to, `sums_url` asks for that.
    `sorts` are the orders of a narrow page,
    where there are no headings to click; `order` is the one of now. Ticked rows go to `action_url`, and to
    `bulk_delete_url` to be deleted. `edit_prefix` and `delete_prefix` begin the rows' addresses. `span` is what part of
    the records is shown ("1-25 of 1,500"), `place` which page of how many, with `{field}` where its number can be
    typed, up to `pages`. `first_url` is there where the last page is not known. `status` is said when only the list of
    a page has changed. `hint` says what to do about an `empty` list. `trash_url` leads
    to what was deleted (empty: there is no trash), `exports` to files of all that is listed,
    which `export_label` says. `current` is the key of the row that is open beside the list.
    """

    title: str
    noun: str
    count: str
    headings: tuple[Heading, ...]
    rows: Sequence[ListRow]
    add_url: str = ""
    add_label: str = ""
    searchable: bool = False
    search: str = ""
    search_placeholder: str = ""
    sorts: tuple[Choice, ...] = ()
    order: str = ""
    columns: ColumnChooser | None = None
    density_url: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    chips: tuple[Chip, ...] = ()
    tabs: tuple[CountedTab, ...] = ()
    sums: tuple[str, ...] = ()
    sums_url: str = ""
    clear_url: str = ""
    clear_label: str = ""
    filter_url: str = ""
    total: int = 0
    span: str = ""
    place: str = ""
    page: int = 1
    pages: int = 1
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    page_sizes: tuple[tuple[int, str, bool], ...] = ()
    page_hidden: tuple[tuple[str, str], ...] | None = None
    actions: tuple[ActionButton, ...] = ()
    action_url: str = ""
    bulk_delete_url: str = ""
    current: str = ""
    all_label: str = ""
    all_asked: str = ""
    trash_url: str = ""
    exports: tuple[MenuLink, ...] = ()
    export_label: str = ""
    has_row_actions: bool = False
    has_row_menus: bool = False
    edit_prefix: str = ""
    delete_prefix: str = ""
    status: str = ""
    empty: str = ""
    hint: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; `detail` tells it apart from others of the same label, `count` how many records it has."""

    value: str
    label: str
    selected: bool = False
    detail: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class ShowField:
    """A value of a record; `copied` is what a button beside it copies (empty: there is no such button)."""

    name: str
    label: str
    cell: Cell
    help: str = ""
    copied: str = ""


@dataclass(frozen=True, slots=True)
class ShowSection:
    title: str
    fields: tuple[ShowField, ...]
    expanded: bool = True
    tab: str = ""


@dataclass(frozen=True, slots=True)
class CountedTab:
    """The way to a part of what is listed; `count` is how many records it has (empty: unknown)."""

    label: str
    url: str
    count: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class RelatedList:
    """A related view below a record: its own list of the rows that belong to it.

    `all_url` is the list of all of them (empty: there is none) and `all_label` what the way there from its last row
    says (empty: its pages are turned here). `tabs` are the ways to it and the others, if there are several. `id` tells
    it apart from others on its page, `prefix` stands before what it can be asked for, and `error` says why it does not
    show what it was asked for.
    """

    page: ListPage
    all_url: str = ""
    all_label: str = ""
    tabs: tuple[CountedTab, ...] = ()
    id: str = "related"
    prefix: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ShowPage:
    title: str
    sections: tuple[ShowSection, ...]
    crumbs: tuple[Crumb, ...] = ()
    edit_url: str = ""
    delete_url: str = ""
    actions: tuple[ActionButton, ...] = ()
    action_url: str = ""
    key: str = ""
    duplicate_url: str = ""
    related: RelatedList | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tabs that its sections stand in."""
        return parts_of((section.tab, 0) for section in self.sections)

    @property
    def script(self) -> str:
        """The script of the page beside that of every page."""
        if self.parts:
            return "related_fields.js" if self.related else "record_fields.js"
        return "related.js" if self.related else "record.js"


@dataclass(frozen=True, slots=True)
class IndexCard:
    """A view on the home page: its name, links to open it and to add to it (empty: may not), and how many records."""

    label: str
    url: str
    icon: str = ""
    add_url: str = ""
    add_label: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True)
class IndexPage:
    title: str
    groups: tuple[tuple[str, tuple[IndexCard, ...]], ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A record that was found; its name and the text where the words stand are cut at the words: (piece, is one)."""

    url: str
    parts: tuple[tuple[str, bool], ...]
    detail: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """The first records that were found in one view; `url` is its list with the same search."""

    label: str
    url: str
    icon: str
    hits: tuple[SearchHit, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What a search over everything found: pages, what can be added, and records by view.

    Records are looked for from a word of `fewest` letters on (else `is_short`), up to `longest` letters in all.
    """

    title: str
    search: str = ""
    is_short: bool = False
    links: tuple[MenuLink, ...] = ()
    actions: tuple[MenuLink, ...] = ()
    groups: tuple[SearchGroup, ...] = ()
    notices: tuple[str, ...] = ()
    fewest: int = 2
    longest: int = 100


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, in words, and what to do now."""

    code: int
    title: str
    text: str
    links: tuple[MenuLink, ...] = ()
    error_id: str = ""
