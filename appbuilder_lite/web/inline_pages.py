"""Rows in a form as plain values for a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from appbuilder_lite.resource.inline_resource import KEY, LOADED, REMOVE
from appbuilder_lite.resource.inline_rows import InlineRows, Row
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.options import Fieldset
from appbuilder_lite.text import gettext, reader
from appbuilder_lite.web.form_page import choices_of, fieldset_pages
from appbuilder_lite.web.form_pages import FieldPage, FieldsetPage
from appbuilder_lite.web.related import list_of_all, relations_back
from appbuilder_lite.web.relating import ways_to_records, with_ways
from appbuilder_lite.web.relation_page import RelationPage


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row: its fields in one group, and its further inputs as (name, value); empty names are what there is not.

    `remove` is the tick that removes it, `name` what the record is called. `listed` are the fields that it shows.
    """

    id: str
    number: str
    name: str
    fieldsets: tuple[FieldsetPage, ...]
    hidden: tuple[tuple[str, str], ...]
    listed: str
    remove: str = ""
    is_removed: bool = False
    is_new: bool = False
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InlinePage:
    """The rows of one relation: `blank` is the row that scripts make further ones of, where there can be more.

    Of more rows than a form carries there is only what `left` says, with the address of their list if there is one.
    A group that `has_ways` leads from its fields to other records, so that their choices can become others; one that
    `has_look_ups` has fields that look for records.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    rows: tuple[RowPage, ...] = ()
    blank: RowPage | None = None
    add_label: str = ""
    most: int = 0
    can_order: bool = False
    errors: tuple[str, ...] = ()
    has_ways: bool = False
    has_look_ups: bool = False
    left: str = ""
    url: str = ""


def inline_pages(view: Any, action: str, form: Any, item_key: str) -> tuple[InlinePage, ...]:
    """The rows of a form of a view; groups in which there is nothing to see or do are left out."""
    found = (_Drawing(view, action, rows).page(item_key) for rows in form.inlines)
    return tuple(page for page in found if page.rows or page.blank or page.left)


def inline_errors(pages: Sequence[InlinePage]) -> tuple[tuple[str, str], ...]:
    """(id, text) of every fault in rows, for the summary of the form."""
    return tuple(_errors(pages))


def _errors(pages: Sequence[InlinePage]) -> Iterator[tuple[str, str]]:
    for page in pages:
        yield from ((page.name, f"{page.title}: {text}") for text in page.errors)
        for row in page.rows:
            yield from ((row.id, f"{row.name}: {text}") for text in row.errors)
            for field in row.fieldsets[0].fields:
                yield from ((field.id, f"{row.name}: {field.label}: {text}") for text in field.errors)


class _Drawing:
    """Draws the rows of one relation."""

    def __init__(self, view: Any, action: str, rows: InlineRows) -> None:
        self.view = view
        self.rows = rows
        self.store: Any = rows.store
        self.look_up_url: Callable[[str], str] = lambda name: view.look_up_url(action, f"{self.store.name}-{name}")
        meets = rows.policy.can_access_field
        options = self.store.options
        self.columns = [name for name in options.add_columns if meets(name, "add") or meets(name, "edit")]
        self.ways: Mapping[str, RelationPage] = {}

    def page(self, key: str) -> InlinePage:
        options, rows = self.store.options, self.rows
        bare = InlinePage(
            self.store.name, str(options.title), tuple(str(options.labels[name]) for name in self.columns)
        )
        if rows.left:
            words = gettext("There are %(count)s of them, which is more than a form can hold.", count=self._count())
            return replace(bare, left=words, url=self._list_url(key), errors=tuple(rows.errors))
        blank = self.store.blank(rows) if self._has_room() else None
        drawn = [row for row in (*rows.rows, blank) if row is not None and row.can_edit]
        self.ways = ways_to_records(self.view.state, (field for row in drawn for field in row.form))
        shown = tuple(self.row(row, place) for place, row in enumerate(rows.rows, start=1))
        new = None if blank is None else self.row(blank, 0)
        return replace(
            bare,
            rows=shown,
            blank=new,
            has_look_ups=any(field.look_up for row in (*shown, new) if row for field in row.fieldsets[0].fields),
            has_ways=any(not ways.is_empty for ways in self.ways.values()),
            add_label=gettext("Add another %(noun)s", noun=options.noun),
            most=self.store.inline.max_rows,
            can_order=rows.can_order,
            errors=tuple(rows.errors),
        )

    def row(self, row: Row, place: int) -> RowPage:
        """One row; `place` counts from 1."""
        prefix, is_new = f"{self.store.name}-{row.number}", row.item is None
        fields = tuple(self.field(row, name) for name in self.columns)
        return RowPage(
            id=prefix,
            number=row.number,
            name=self.name(row, place),
            fieldsets=(FieldsetPage("", fields),),
            hidden=((f"{prefix}-{KEY}", row.key), (f"{prefix}-{LOADED}", row.form.loaded_text)),
            listed=",".join(field.name for field in fields if field.kind != "static"),
            remove=f"{prefix}-{REMOVE}" if is_new or row.can_delete else "",
            is_removed=row.is_removed,
            is_new=is_new,
            errors=tuple(str(text) for text in row.form.form_errors),
        )

    def name(self, row: Row, place: int) -> str:
        """What a row is called where it is spoken of."""
        if row.item is not None:
            return str(self.store.datamodel.name_of(row.item))
        words = gettext("New %(noun)s", noun=self.store.options.noun)
        return f"{words} ({place})" if place else words

    def field(self, row: Row, name: str) -> FieldPage:
        """One field of a row: a select where a form of its own would have radio buttons, and never one that the
        browser insists on, as a blank row is no fault.
        """
        if name not in row.form or not row.can_edit:
            return self._static(row, name)
        page = fieldset_pages(row.form, [Fieldset("", (name,))], self.look_up_url)[0].fields[0]
        if page.kind == "radio":
            page = replace(page, kind="select", choices=choices_of(row.form[name]))
        if page.required:
            page = replace(page, required=False, attributes=(*page.attributes, ("aria-required", "true")))
        if page.look_up is not None:
            page = replace(page, look_up=replace(page.look_up, in_row=True))
        ways = self.ways.get(page.name)
        page = with_ways(page, None if ways is None else replace(ways, in_row=True))
        return replace(page, note=row.notes.get(name, page.note))

    def _static(self, row: Row, name: str) -> FieldPage:
        options, prefix = self.store.options, f"{self.store.name}-{row.number}-{input_name(name)}"
        meets = row.item is not None and self.rows.policy.can_access_field(name, "edit")
        text = self.store.words(name, row.item) if meets else ""
        return FieldPage(prefix, prefix, str(options.labels[name]), "static", value=text)

    def _has_room(self) -> bool:
        return self.rows.rights.can_add and len(self.rows.rows) < self.store.inline.max_rows

    def _count(self) -> str:
        return reader().count(self.rows.left)

    def _list_url(self, key: str) -> str:
        """The list of all rows of the record, for whoever may open it."""
        view = self.store.hooks.registered
        if view is None or not view.can_open("list") or not key:
            return ""
        relations = [one for one in relations_back(view, self.view.datamodel.model) if one.name in self._ways_back()]
        return list_of_all(view, relations, key, view.policy()) if relations else ""

    def _ways_back(self) -> frozenset[str]:
        return frozenset(self.store.ways_back)
