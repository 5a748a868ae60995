"""The pages of a role as values for the templates: the form with its matrix, the review before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from appbuilder_lite.builtin.grants_field import Grant
from appbuilder_lite.builtin.matrix import Matrix, MatrixGroup, MatrixRow
from appbuilder_lite.builtin.shown_keys import packed
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.pages import Cell, CountedTab, Crumb, ShowField, ShowPage, ShowSection

READING = ("can_list", "can_show", "can_download")
EDITING = (*READING, "can_add", "can_edit")
GRANTED = "granted"
MISSING = "missing"
MOST_NAMED = 2000
"""So many ticks carry their whole name in the page; of more, a script puts it there, or the page would be too large."""


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which rows are asked for: those with these words, and with a permission that is `granted` or `missing`.

    `all_url` leads to all of them.
    """

    search: str = ""
    show: str = ""
    all_url: str = ""

    def takes(self, group: MatrixGroup, row: MatrixRow) -> bool:
        """Whether a row is asked for."""
        text = f"{group.label} {row.label}".casefold()
        if not all(word in text for word in self.search.casefold().split()):
            return False
        wanted = {GRANTED: True, MISSING: False}.get(self.show)
        return wanted is None or any(tick.is_ticked is wanted for tick in row.ticks)


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The permissions of a role, as a table of ticks.

    `shown` is what is ticked before this form's own changes, packed. `is_named` tells that the page has room for the
    ticks' whole names. `presets` are labels with the numbers of the columns that they tick; none is everything.
    `locked` says why nothing can be changed, `notes` why some ticks cannot, `menus` what is left out, with the address
    that shows it.
    """

    name: str
    count: str
    columns: tuple[str, ...]
    groups: tuple[MatrixGroup, ...]
    shown: str
    is_named: bool
    presets: tuple[tuple[str, str], ...]
    filter: MatrixFilter
    locked: str = ""
    notes: tuple[str, ...] = ()
    menus: str = ""
    menus_url: str = ""

    @property
    def width(self) -> int:
        """Columns of the table: the view, the usual permissions, the others."""
        return len(self.columns) + 2


@dataclass(frozen=True, slots=True)
class RoleForm(FormPage):
    """The form of a role; `matrix` is None where the view leaves the permissions out of its columns."""

    matrix: MatrixPage | None = None
    tabs: tuple[CountedTab, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleShow(ShowPage):
    """What a role is."""

    tabs: tuple[CountedTab, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What would be saved; `hidden` is what its form sends: the other fields as they came, and the difference alone."""

    title: str
    action_url: str
    cancel_url: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    crumbs: tuple[Crumb, ...] = ()


def tick_names(matrix: Matrix) -> dict[str, str]:
    """What each tick is called, by its key: "Edit on Customers"."""
    return {tick.key: tick.name for group in matrix.groups() for row in group.rows for tick in row.ticks}


def matrix_page(matrix: Matrix, name: str, changed: Iterable[Grant], asked: MatrixFilter, **values: Any) -> MatrixPage:
    """The table of the rows that are asked for; the others take no part in what is saved."""
    groups = tuple(_asked_for(matrix.groups(changed), asked))
    ticks = [tick for group in groups for row in group.rows for tick in row.ticks]
    return MatrixPage(
        name=name,
        count=count_of(matrix),
        columns=tuple(map(matrix.word, matrix.columns)),
        groups=groups,
        shown=packed(tick.key for tick in ticks if not tick.is_locked and tick.is_ticked is not tick.is_pending),
        is_named=len(ticks) <= MOST_NAMED,
        presets=tuple(_presets(matrix)),
        filter=asked,
        **values,
    )


def count_of(matrix: Matrix) -> str:
    """How much of what there is a role grants: "38 of 120 permissions"."""
    granted = reader().count(matrix.granted)
    return ngettext(
        "%(granted)s of %(num)s permission",
        "%(granted)s of %(num)s permissions",
        len(matrix.grants),
        granted=granted,
    )


def granted_section(matrix: Matrix) -> ShowSection:
    """What a role may do, to be read: each view with the names of what is granted on it."""
    rows = [row for group in matrix.groups() for row in group.rows]
    granted = [(row.label, [tick.label for tick in row.ticks if tick.is_ticked]) for row in rows]
    fields = (ShowField(label, label, Cell("text", ", ".join(names))) for label, names in granted if names)
    return ShowSection(count_of(matrix), tuple(fields))


def _asked_for(groups: Iterable[MatrixGroup], asked: MatrixFilter) -> Iterator[MatrixGroup]:
    for group in groups:
        rows = tuple(row for row in group.rows if asked.takes(group, row))
        if rows:
            yield replace(group, rows=rows)


def _presets(matrix: Matrix) -> Iterator[tuple[str, str]]:
    for label, permissions in ((gettext("Read only"), READING), (gettext("Editor"), EDITING)):
        places = [str(place) for place, name in enumerate(matrix.columns, start=1) if name in permissions]
        if places:
            yield label, " ".join(places)
    yield gettext("Full"), ""
