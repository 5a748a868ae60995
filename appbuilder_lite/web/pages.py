"""What a template receives: plain frozen values, formatted and translated before it runs.

Templates escape every text in here; only `FieldPage.html` is markup, made by a host's own form widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One visible entry of the navigation; `icon` is a symbol of the sprite (`ab-user`) or an icon font's class."""

    label: str
    url: str
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class MenuCategory:
    """A heading of the navigation and its links; a None among them is a separator. No label: no heading."""

    label: str
    icon: str
    links: tuple[MenuLink | None, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What the host sets of the frame, the addresses of the stylesheets and scripts, and of the sprite of icons.

    `brand` is the text of the header, `logo` the address of a picture beside it, `banner` the words above every page
    that tell one environment from another, `density` is `comfortable` or `compact`.
    """

    brand: str
    icons: str
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    logo: str = ""
    banner: str = ""
    density: str = "comfortable"


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around each page: brand, navigation, the person and the theme (`light`, `dark` or `system`).

    `language` and `direction` are those of the page's texts, for `<html lang dir>`.
    """

    app_name: str
    home_url: str
    look: Look
    menu: tuple[MenuCategory, ...] = ()
    user_name: str = ""
    profile_url: str = ""
    password_url: str = ""
    sign_out_url: str = ""
    sign_in_url: str = ""
    theme: str = "system"
    theme_url: str = ""
    menu_url: str = ""
    path: str = ""
    language: str = "en"
    direction: str = "ltr"


@dataclass(frozen=True, slots=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a list or show page.

    `kind` is the look: `text`, `number`, `boolean`, `date`, `choice`, `link`, `links`, `long`, `html`, `empty`.
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: `sort_url` sorts (empty: cannot), `direction` is `ascending`, `descending` or ""."""

    name: str
    label: str
    kind: str
    sort_url: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A record of a list. The first cell is the record's link; empty URLs are what the person may not do."""

    key: str
    title: str
    cells: tuple[Cell, ...]
    show_url: str = ""
    edit_url: str = ""
    delete_url: str = ""


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
class ListPage:
    """The list: title, tools, rows and paging. `hidden` are parameters that the search form must carry on."""

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
    hidden: tuple[tuple[str, str], ...] = ()
    clear_url: str = ""
    first: int = 0
    last: int = 0
    total: int = 0
    page: int = 1
    pages: int = 1
    previous_url: str = ""
    next_url: str = ""
    page_sizes: tuple[tuple[int, str, bool], ...] = ()
    actions: tuple[ActionButton, ...] = ()
    action_url: str = ""
    has_row_actions: bool = False
    empty: str = ""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One form field as data.

    `kind`: `text`, `email`, `url`, `password`, `textarea`, `number`, `checkbox`, `select`, `multiselect`, `radio`,
    `date`, `time`, `datetime-local`, `file`, `hidden`, `static` (shown, not edited) or `html` (`html` holds the
    host's widget, markup as it is). `attributes` are further HTML attributes such as
    `maxlength`, `step`, `min`, `autocomplete`.
    """

    name: str
    id: str
    label: str
    kind: str
    value: str = ""
    checked: bool = False
    required: bool = False
    help: str = ""
    errors: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    html: str = ""


@dataclass(frozen=True, slots=True)
class FieldsetPage:
    """A group of fields; `expanded=False` starts closed (but never when a field in it has an error)."""

    title: str
    fields: tuple[FieldPage, ...]
    description: str = ""
    expanded: bool = True


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form: `errors` are (field id, text) pairs for the summary, a pair without an id belongs to no field."""

    title: str
    fieldsets: tuple[FieldsetPage, ...]
    action_url: str
    submit_label: str
    cancel_url: str = ""
    delete_url: str = ""
    crumbs: tuple[Crumb, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    multipart: bool = False
    extra_submits: tuple[tuple[str, str], ...] = ()
    intro: str = ""


@dataclass(frozen=True, slots=True)
class ShowField:
    name: str
    label: str
    cell: Cell
    help: str = ""


@dataclass(frozen=True, slots=True)
class ShowSection:
    title: str
    fields: tuple[ShowField, ...]
    expanded: bool = True


@dataclass(frozen=True, slots=True)
class RelatedList:
    """A related view below a record: its own list of the rows that belong to it."""

    page: ListPage
    all_url: str = ""


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
    related: tuple[RelatedList, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletePage:
    """Asks before deleting; `submit_label` names the kind in full words ("Delete customer").

    An action that asks first uses it too: `hidden` is what its form sends again (`action`, each `rowid`), and
    `danger=False` is for what destroys nothing.
    """

    title: str
    action_url: str
    cancel_url: str
    submit_label: str
    text: str = ""
    crumbs: tuple[Crumb, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    danger: bool = True


@dataclass(frozen=True, slots=True)
class IndexCard:
    """A view on the home page: its name, and links to open it and to add to it (empty: may not)."""

    label: str
    url: str
    icon: str = ""
    add_url: str = ""
    add_label: str = ""


@dataclass(frozen=True, slots=True)
class IndexPage:
    title: str
    groups: tuple[tuple[str, tuple[IndexCard, ...]], ...]


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong, in words, and what to do now."""

    code: int
    title: str
    text: str
    links: tuple[MenuLink, ...] = ()
    error_id: str = ""


@dataclass(frozen=True, slots=True)
class Flash:
    """A message after a redirect; `category` is `success`, `info`, `warning` or `danger`."""

    category: str
    text: str
