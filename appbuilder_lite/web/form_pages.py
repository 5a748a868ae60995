"""What the template of a form receives, in the same manner as `pages`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.web.pages import Choice, Crumb, RelatedList
from appbuilder_lite.web.parts import Part, When, parts_of
from appbuilder_lite.web.relation_page import RelationPage
from appbuilder_lite.web.shell import MenuLink


@dataclass(frozen=True, slots=True)
class LookUpPage:
    """A field that looks for records; what is sent is `name`, once for each that is chosen among `choices`.

    `text` is what stands in its search box, `found` what stood there when it was drawn, and `note` says what came of a
    search. `next_page` has more of them; 0 is none. Scripts ask `url` for records (`?q=words&page=2`). What stands
    `in_row` of a group has in common with the other rows what scripts say.
    """

    name: str
    id: str
    label: str
    url: str
    many: bool = False
    choices: tuple[Choice, ...] = ()
    text: str = ""
    found: str = ""
    note: str = ""
    next_page: int = 0
    in_row: bool = False


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One form field as data.

    `kind`: `text`, `email`, `url`, `password`, `textarea`, `number`, `checkbox`, `select`, `multiselect`, `radio`,
    `date`, `time`, `datetime-local`, `file`, `hidden`, `static` (shown, not edited), `look_up` (it is `look_up`) or
    `html` (`html` holds the host's widget, markup as it is). `attributes` are further HTML attributes such as
    `maxlength`, `step`, `min`, `autocomplete`. `width` is `short`, `medium` or "" for as wide as the page. `note`
    says what to do once more, where a page that comes back could not keep what was given. `relation` leads to records,
    and `list_url` to the list of those that are too many to stand here.
    `when` is there where other fields decide whether it is asked for.
    """

    name: str
    id: str
    label: str
    kind: str
    value: str = ""
    checked: bool = False
    required: bool = False
    help: str = ""
    note: str = ""
    errors: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    width: str = ""
    html: str = ""
    look_up: LookUpPage | None = None
    when: When | None = None
    relation: RelationPage | None = None
    list_url: str = ""


@dataclass(frozen=True, slots=True)
class FieldsetPage:
    """A group of fields; `expanded=False` starts closed (but never when a field in it has an error)."""

    title: str
    fields: tuple[FieldPage, ...]
    description: str = ""
    expanded: bool = True
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else has changed: what is `stored` now, what was `typed`, and whether that was `kept`."""

    name: str
    label: str
    stored: str
    typed: str
    kept: bool = False


def parts_of_form(fieldsets: Sequence[FieldsetPage]) -> tuple[Part, ...]:
    """The tabs that the groups of a form stand in."""
    return parts_of((group.tab, sum(bool(field.errors) for field in group.fields)) for group in fieldsets)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form: `errors` are (field id, text) pairs for the summary, a pair without an id belongs to no field.

    `extra_submits` are (name, words) of buttons beside the first one; `hidden` is sent as it is. `is_record` tells that
    it changes a record, which may have others before and after it. `conflicts` are to be decided before it is saved.
    `inlines` are rows of other models, each group an `inline_pages.InlinePage`.
    `cancel_label` are the words of the way back where that is not "Cancel"; without `submit_label` it is only to be
    read. `is_anew` tells that it takes the place of the form of a record that is gone.
    `copied_from` is the record whose values a new one begins with, `related` are those that belong to the record.
    """

    title: str
    fieldsets: tuple[FieldsetPage, ...]
    action_url: str
    submit_label: str
    cancel_url: str = ""
    cancel_label: str = ""
    delete_url: str = ""
    crumbs: tuple[Crumb, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    multipart: bool = False
    extra_submits: tuple[tuple[str, str], ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    intro: str = ""
    is_record: bool = False
    is_anew: bool = False
    conflicts: tuple[Conflict, ...] = ()
    inlines: tuple[Any, ...] = ()
    copied_from: MenuLink | None = None
    related: RelatedList | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tabs that its groups stand in."""
        return parts_of_form(self.fieldsets)

    @property
    def has_conditions(self) -> bool:
        """Whether one of its fields waits for another."""
        return any(field.when for group in self.fieldsets for field in group.fields)

    @property
    def script(self) -> str:
        """The script of the page beside that of every page; empty where it needs none.

        A form that moves itself has no room left for one that opens related lists in place: they are links to pages.
        """
        moves = self.parts or self.has_conditions
        if self.related and not moves:
            return "related.js"
        if self.is_record:
            return "record_fields.js" if moves else "record.js"
        return "fields.js" if moves else ""
