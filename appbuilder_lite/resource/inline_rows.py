"""Rows in the form of the record that they belong to: read with it, filled from what was posted, saved with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wtforms.fields.core import Field

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.errors import Forbidden, Rejected, WriteFailed
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.inline import Inline
from appbuilder_lite.resource.loaded import changed_since, is_untouched, loaded_text
from appbuilder_lite.resource.policy import WritePolicy
from appbuilder_lite.resource.refusals import errors_of, field_of, fields_over, show_on
from appbuilder_lite.resource.related_fields import RelatedField
from appbuilder_lite.resource.related_source import MOST_RELATED
from appbuilder_lite.resource.row_order import in_turn, places
from appbuilder_lite.text import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do with the rows of one record.

    `refused` tells of some records the keys of those that cannot be edited, and of those that cannot be deleted.
    `is_narrowed` tells that there are rows which the person does not see.
    """

    can_add: bool
    can_edit: bool
    can_delete: bool
    refused: Callable[[Sequence[Any]], Mapping[str, frozenset[str]]]
    is_narrowed: bool


def show_stored(found: Any, value: Any) -> None:
    """Have a field show what is stored, whatever was posted for it."""
    found.process(None, value)
    found.raw_data = None


@dataclass
class Row:
    """One row of a form: a stored record, or none yet.

    A row that `is_gone` named a record which is not, or no longer, among those of the form's record.
    """

    number: str
    form: ResourceForm
    item: Any = None
    key: str = ""
    is_removed: bool = False
    is_gone: bool = False
    can_edit: bool = True
    can_delete: bool = True
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that differs from what is stored; of a new row, from what a blank one has."""
        return self.can_edit and any(_is_typed(found, is_new=self.item is None) for found in self.form)

    @property
    def is_kept(self) -> bool:
        """Whether the record has this row once the form is saved."""
        return not self.is_removed and (self.item is not None or self.is_changed)


def _is_typed(found: Any, *, is_new: bool) -> bool:
    if found.process_errors:
        return True
    if is_new and _is_nothing(found.data) and _is_nothing(found.object_data):
        return False
    return bool(found.has_changed)


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or value == ""


def _identity(found: Any, value: Any) -> Hashable:
    """A value of a field as one that can be looked up: a record is itself, whatever its class says that it equals."""
    return id(value) if isinstance(found, RelatedField) and value is not None else str(value)


class RowStore:
    """What writes one row, and says what its model is like: `inline_resource.InlineResource`."""

    inline: Inline
    name: str
    datamodel: Any
    children: Any
    options: Any

    @property
    def eager(self) -> Sequence[str]:
        """What is read of a row in its own statement."""
        raise NotImplementedError

    def words(self, name: str, item: Any) -> str:
        """What a record holds in a column, as people read it."""
        raise NotImplementedError

    def scope(self, policy: Any) -> Scope:
        """Narrows a `select()` to the rows that the person may see."""
        raise NotImplementedError

    def are_in_scope(self, forms: Sequence[ResourceForm], action: str, policy: Any) -> bool:
        """Whether the keys that were typed into rows are those of records that the person may choose."""
        raise NotImplementedError

    def save(self, action: str, item: Any, form: ResourceForm, policy: Any, place: int | None) -> None:
        """Fill a record and send it."""
        raise NotImplementedError

    def remove(self, items: Sequence[Any], policy: Any) -> None:
        """Delete records, all or none."""
        raise NotImplementedError


class InlineRows:
    """The rows of one relation in one form, for one person.

    `stored` are the records that there are, in their order. Of more than a form can carry there are no rows, and `left`
    says how many there are; nothing is done with them, and `is_lost` tells that some were sent all the same.
    """

    def __init__(
        self,
        store: RowStore,
        policy: WritePolicy,
        rights: Rights,
        *,
        rows: Iterable[Row] = (),
        stored: Sequence[Any] = (),
        left: int = 0,
        is_lost: bool = False,
    ) -> None:
        self.store = store
        self.policy = policy
        self.rights = rights
        self.rows = list(rows)
        self.stored = tuple(stored)
        self.left = left
        self.is_lost = is_lost
        self.errors: list[str] = []

    @property
    def kept(self) -> list[Row]:
        """The rows that the record has once the form is saved."""
        return [row for row in self.rows if row.is_kept]

    @cached_property
    def can_order(self) -> bool:
        """Whether the person may change the order, which takes the right to change every row."""
        column = self.store.inline.order_column
        may = bool(column) and self.rights.can_edit and self.policy.can_access_field(column, "edit")
        return may and all(row.can_edit for row in self.rows)

    def fields(self) -> Iterator[Field]:
        """The fields of all rows."""
        for row in self.rows:
            yield from row.form

    def validate(self) -> bool:
        """Whether the rows can be saved; the faults stand at their fields. Raises `Forbidden` for what none offers."""
        for row in self.rows:
            self._check_right(row)
        # Each is asked, so that all faults are told at once.
        are_valid = [self._is_valid(row) for row in self.rows]
        for action, rows in (("add", self._written(is_new=True)), ("edit", self._written(is_new=False))):
            are_valid.append(self.store.are_in_scope([row.form for row in rows], action, self.policy))
        self.errors += self._amount_errors()
        return all(are_valid) and not self.errors

    def _written(self, *, is_new: bool) -> list[Row]:
        """The rows of which something is written."""
        return [row for row in self.kept if row.is_changed and (row.item is None) is is_new]

    def _check_right(self, row: Row) -> None:
        noun = self.store.inline.noun
        if row.is_removed and row.item is not None and not row.can_delete:
            raise Forbidden(gettext("You cannot delete this %(noun)s", noun=noun))
        if row.item is None and row.is_kept and not row.is_gone and not self.rights.can_add:
            raise Forbidden(gettext("You cannot add a %(noun)s here", noun=noun))

    def _is_valid(self, row: Row) -> bool:
        if row.is_gone:
            text = gettext("This row does not exist any more. To add it as a new one, take the tick off “Remove”.")
            row.form.form_errors.append(text)
            return False
        if not row.is_kept or not row.is_changed:
            return True
        return row.form.validate()

    def _amount_errors(self) -> Iterator[str]:
        least, most, count = self.store.inline.min_rows, self.store.inline.max_rows, len(self.kept)
        if self.left:
            if self.is_lost:
                yield gettext("There have become too many rows for this form: what you did to them is not saved.")
            return
        if count < least and (self.rights.can_add or any(row.is_removed for row in self.rows)):
            yield ngettext("At least %(num)s row is needed.", "At least %(num)s rows are needed.", least)
        # Those that were there before are no fault of whoever saves now.
        if count > most and any(row.item is None for row in self.kept):
            yield ngettext("No more than %(num)s row is possible.", "No more than %(num)s rows are possible.", most)

    def note_loaded(self) -> None:
        """Let each row carry what is stored of it now; where that is not what it had loaded, say so at its fields.

        What the person did not touch takes the stored value.
        """
        for row in self.rows:
            if row.item is None or not row.can_edit:
                continue
            for name in self._stale_fields(row):
                self._tell_stored(row, name)
            row.form.loaded_text = loaded_text(row.form, row.item, self.store.datamodel, self.policy.digest)

    def _stale_fields(self, row: Row) -> list[str]:
        found = changed_since(row.form, row.item, self.store.datamodel, self.policy.digest)
        return [name for name in found if name in row.form]

    def _tell_stored(self, row: Row, name: str) -> None:
        typed: Any = row.form[name]
        if not is_untouched(row.form, name, self.policy.digest):
            now = self.store.words(name, row.item) or gettext("nothing")
            row.notes[name] = gettext("Somebody else has changed this. It is %(stored)s now.", stored=now)
            return
        row.notes[name] = gettext("Somebody else has changed this.")
        show_stored(typed, typed.object_data)

    def check_fresh(self) -> None:
        """Lock the rows that are to be written; raises `WriteFailed` where somebody else has changed one meanwhile."""
        written = [row for row in self.rows if row.item is not None and (row.is_removed or row.is_changed)]
        if not written:
            return
        if self.store.children.reread([row.item for row in written], self.store.eager) < len(written):
            raise self._stale()
        for row in written:
            for name, found in row.form._fields.items():
                found.object_data = getattr(row.item, name)
        if any(self._is_stale(row) for row in written if not row.is_removed):
            raise self._stale()

    def _is_stale(self, row: Row) -> bool:
        return bool(changed_since(row.form, row.item, self.store.datamodel, self.policy.digest))

    def _stale(self) -> WriteFailed:
        text = gettext("Somebody else has changed these rows since you opened them. Nothing was saved.")
        return WriteFailed("stale", text, (self.store.name,))

    def write(self, owner: Any) -> None:
        """Delete, change and add what was asked for; `owner` has its key. Raises what refuses one of them."""
        doomed = [row.item for row in self.rows if row.is_removed and row.item is not None]
        if doomed:
            with self._told():
                self.store.remove(doomed, self.policy)
        numbers = self._places(owner)
        changed = [row for row in self.kept if row.item is not None and (row.is_changed or row.number in numbers)]
        for row in self._in_turn(changed):
            with self._told(row):
                self.store.save("edit", row.item, row.form, self.policy, numbers.get(row.number))
        added = [row for row in self.kept if row.item is None]
        for row in added:
            item = self.store.datamodel.new()
            self.store.children.belong(item, owner)
            with self._told(row):
                self.store.save("add", item, row.form, self.policy, numbers.get(row.number))
            row.item = item
        if doomed or changed or added:
            self._check_scope([row.item for row in (*changed, *added)])
            self.store.children.forget(owner)
        for row in added:
            # The form may have to be shown once more, as when the record itself is refused after this.
            row.item = None

    def _in_turn(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Rows in an order in which a unique value is given away before another row gets it."""
        if len(rows) < 2:
            return rows
        keys = sorted(self.store.children.unique_keys)
        given, wanted = ([self._held(row, keys, part) for row in rows] for part in ("object_data", "data"))
        return [rows[number] for number in in_turn(given, wanted)]

    def _held(self, row: Row, keys: Iterable[tuple[str, ...]], part: str) -> dict[Hashable, Hashable]:
        """What a row has, or is to get, in the unique keys that it changes; without a value nothing is held."""
        found: dict[Hashable, Hashable] = {}
        for key in keys:
            names = list(fields_over(key, row.form, self.store.datamodel))
            fields: list[Any] = [row.form[name] for name in names]
            are_full = not any(getattr(field, part) is None for field in fields)
            if are_full and any(field.has_changed for field in fields):
                found[key] = tuple(_values(row, names, part))
        return found

    def _places(self, owner: Any) -> Mapping[str, int]:
        """The new place of each row that does not have the right one, by its number.

        Those that others have added meanwhile, and those that the person does not see, have places too.
        """
        column = self.store.inline.order_column
        if not column or self.left:
            return {}
        now = {id(item): getattr(item, column) for item in self.stored}
        kept = self.kept if self.can_order else sorted(self.kept, key=lambda row: row.item is None)
        there = {id(row.item) for row in kept}
        usual = [item for item in self.stored if id(item) in there]
        found = [row.item for row in kept if row.item is not None]
        is_moved = self.can_order and [*map(id, found)] != [*map(id, usual)]
        is_moved = is_moved or [row.item is None for row in kept] != sorted(row.item is None for row in kept)
        if not is_moved and len(found) == len(kept):
            return {}
        taken = (*now.values(), self.store.children.highest(owner, column))
        wanted = places([None if row.item is None else now[id(row.item)] for row in kept], taken, is_moved)
        # A record without a place keeps none until somebody orders the rows.
        given = (pair for pair in zip(kept, wanted, strict=True) if is_moved or pair[0].item is None)
        return {row.number: place for row, place in given if place is not None}

    def _check_scope(self, items: Sequence[Any]) -> None:
        keys = [self.store.datamodel.encode_key(item) for item in items]
        if not keys or not self.rights.is_narrowed:
            return
        if set(keys) - self.store.datamodel.get_many(keys, self.store.scope(self.policy)).keys():
            raise Rejected(gettext("A row would be outside of what you may see."))

    @contextmanager
    def _told(self, row: Row | None = None) -> Iterator[None]:
        """Puts a refusal where the person can mend it: at the row's field, or above the rows."""
        try:
            yield
        except (Rejected, WriteFailed) as refusal:
            if isinstance(refusal, WriteFailed) and refusal.kind == "stale":
                raise self._stale() from refusal
            if row is None:
                self.errors.append(errors_of(refusal, "", None, self.store.datamodel))
            else:
                where = field_of(refusal, row.form, self.store.datamodel)
                show_on(row.form, ((where, errors_of(refusal, "", row.form, self.store.datamodel)),))
                if isinstance(refusal, WriteFailed) and refusal.kind == "unique":
                    self._tell_clashes(row, refusal.columns)
            raise Rejected(gettext("A row could not be saved, so nothing was.")) from refusal

    def _tell_clashes(self, refused: Row, columns: Iterable[str]) -> None:
        """Say it at the other row, too, where a unique key keeps two rows of one form apart.

        What one is to get may be what the other is to give away: no database lets two rows exchange a unique value by
        statements that write one row each.
        """
        names = list(fields_over(columns, refused.form, self.store.datamodel))
        others = [row for row in self.rows if row is not refused and all(name in row.form for name in names)]
        wanted = _values(refused, names, "data")
        for row in others if names else ():
            if row.is_kept and _values(row, names, "data") == wanted:
                text = gettext("Another row here has the same value.")
            elif row.item is not None and _values(row, names, "object_data") == wanted:
                text = gettext("Another row here is to get what this one has. Save this one with something else first.")
            else:
                continue
            show_on(row.form, ((names[0], text),))


def _values(row: Row, names: Iterable[str], attribute: str) -> list[Hashable]:
    return [_identity(row.form[name], getattr(row.form[name], attribute)) for name in names]


MOST_SENT = 2 * MOST_RELATED
"""Rows that one form may send: those that it carries and as many new ones."""
