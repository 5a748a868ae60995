"""A role's permissions as a matrix: a row for each view, a column for each usual permission, the others by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from appbuilder_lite.builtin.grants_field import Grant
from appbuilder_lite.builtin.row_places import RowPlaces, permission_words, plain_words
from appbuilder_lite.security.access import Access
from appbuilder_lite.security.manager_access import MENU_ACCESS
from appbuilder_lite.text import gettext

COLUMNS = ("can_list", "can_show", "can_add", "can_edit", "can_delete", "can_download")


@dataclass(frozen=True, slots=True)
class Tick:
    """A permission in the matrix, by its `label` ("Edit") in its row and its whole `name` ("Edit on Customers").

    One that `is_locked` is not the person's to change. One that `is_pending` is not saved yet.
    """

    key: str
    label: str
    name: str
    is_ticked: bool
    is_locked: bool = False
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A view: the ticks of its columns (None where it has no such permission), and its other ones."""

    label: str
    cells: tuple[Tick | None, ...]
    others: tuple[Tick, ...] = ()

    @property
    def ticks(self) -> Iterator[Tick]:
        """All of its permissions."""
        yield from filter(None, self.cells)
        yield from self.others


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """The rows under one heading."""

    label: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """What is to be known of each permission beside what the form has: two questions."""

    in_code: Callable[[Access], bool]
    is_locked: Callable[[Access], bool]


class Matrix:
    """Lays out what can be granted. Menu entries that follow their page are left out, unless `all_menus`."""

    def __init__(self, grants: Iterable[Grant], places: RowPlaces, judge: Judge, *, all_menus: bool = False) -> None:
        self._places = places
        self._judge = judge
        self._words = permission_words()
        self._name = gettext("%(permission)s on %(view)s")
        self._hidden = frozenset() if all_menus else places.followers
        self.grants = [each for each in grants if not self._is_hidden(each.access)]
        self.columns = tuple(name for name in COLUMNS if any(each.access.permission == name for each in self.grants))

    @property
    def granted(self) -> int:
        """How many of the permissions the role has, by a row or in code."""
        return sum(each.is_granted or self._judge.in_code(each.access) for each in self.grants)

    def groups(self, changed: Iterable[Grant] = ()) -> tuple[MatrixGroup, ...]:
        """The rows by heading: those of the menu in its order, then the others by name.

        `changed` is what a form turns over that is not saved yet.
        """
        pending = {each.key for each in changed}
        rows: dict[str, list[Grant]] = {}
        for each in self.grants:
            rows.setdefault(self._places.row_of(each.access), []).append(each)
        placed = {name: self._places.of(name, [each.access.permission for each in rows[name]]) for name in rows}
        order = {name: number for number, name in enumerate(self._places.known)}
        groups: dict[str, list[MatrixRow]] = {}
        for name in sorted(rows, key=lambda name: (placed[name].rank, order.get(name, 0), placed[name].label)):
            place = placed[name]
            groups.setdefault(place.group, []).append(self._row(place.label, rows[name], pending))
        return tuple(MatrixGroup(label, tuple(found)) for label, found in groups.items())

    def word(self, permission: str, view_menu: str = "") -> str:
        """What people call a permission: its column, its action's text, or its name in words."""
        known = self._words.get(permission) or self._places.words.get(Access(permission, view_menu))
        return known or plain_words(permission)

    def _is_hidden(self, access: Access) -> bool:
        return access.permission == MENU_ACCESS and access.view_menu in self._hidden

    def _row(self, label: str, grants: Iterable[Grant], pending: set[str]) -> MatrixRow:
        usual: dict[str, Tick] = {}
        others: list[Tick] = []
        for each in grants:
            tick = self._tick(each, label, each.key in pending)
            if each.access.permission in self.columns:
                usual[each.access.permission] = tick
            else:
                others.append(tick)
        cells = [usual.get(name) for name in self.columns]
        while cells and cells[-1] is None and not others:
            cells.pop()
        return MatrixRow(label, tuple(cells), tuple(others))

    def _tick(self, grant: Grant, row: str, is_pending: bool) -> Tick:
        access = grant.access
        in_code, label = self._judge.in_code(access), self.word(access.permission, access.view_menu)
        return Tick(
            grant.key,
            label,
            self._name % {"permission": label, "view": row},
            is_ticked=in_code or grant.is_granted is not is_pending,
            is_locked=in_code or self._judge.is_locked(access),
            is_pending=is_pending,
        )
