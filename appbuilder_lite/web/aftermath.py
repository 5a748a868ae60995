"""What the question before a delete tells of others: which records go too, which are unlinked, which keep it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from appbuilder_lite.data.sqla_deletes import Consequence, Wanted, consequences, first_of, has_listeners
from appbuilder_lite.data.sqla_dependents import MOST_COUNTED
from appbuilder_lite.data.sqla_references import Effect
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.text import class_label, column_label, gettext, plural, reader
from appbuilder_lite.web.attempts import attempt
from appbuilder_lite.web.cascades import forbidden, views_of
from appbuilder_lite.web.question_page import DeletePage, TouchedGroup, TouchedKind
from appbuilder_lite.web.related import list_of_all, relations_back
from appbuilder_lite.web.shell import MenuLink
from appbuilder_lite.web.state import AppState

MOST_NAMED = 10
"""So many records of a kind are called by their names."""
MOST_NAMED_KINDS = 8
"""Kinds whose records are named: each costs a statement; of the others their number is told."""
MOST_UNTYPED = 20
"""Where more records than these go along or are unlinked, their number has to be typed."""
COUNTED = "counted"
"""The form field that says how many others the question was about."""
HINDERS = "hinders"
"""The look of what would keep a record, unless code of the host sees to it before the delete."""
_CHANGED = (Effect.GOES, Effect.UNLINKED)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What deleting some records does to others; `total` of those go or are unlinked.

    One more than `MOST_COUNTED` stands for any number above it.
    """

    groups: tuple[TouchedGroup, ...] = ()
    total: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether something keeps one of the records from being deleted."""
        return any(group.look == Effect.BLOCKS.value for group in self.groups)


def aftermath(view: Any, items: Sequence[Any]) -> Aftermath:
    """What would become of others: a statement for the numbers, and one for the names of each kind, at most so many."""
    found = _ask(view, items, lambda kind: True)
    if found is None:
        return Aftermath((TouchedGroup(HINDERS, gettext("What becomes of other records could not be found out"), ()),))
    if not found:
        return Aftermath()
    teller = _Teller(view, items, found)
    return Aftermath(tuple(teller.groups()), _total(found))


def told(page: DeletePage, after: Aftermath, records: int) -> DeletePage:
    """The question about so many records, with what becomes of others."""
    if not after.groups:
        return page
    if records == 1 and after.is_kept:
        return replace(page, touched=after.groups, is_kept=True, text="", must_type="")
    page = replace(page, touched=after.groups, hidden=(*page.hidden, (COUNTED, str(after.total))))
    if after.total <= MOST_UNTYPED:
        return page
    return replace(page, must_type=str(_typed(after.total, records)), type_label=_type_label(after.total, records))


def objection(view: Any, items: Sequence[Any], sent: Mapping[str, str], must_type: str = "") -> tuple[str, int] | None:
    """Why the answer to a question does not do, in words and as a status; None where it does.

    Who was asked about fewer others than there are now is asked once more. `must_type` is what has to be typed where
    the others are few. It asks the database only where the model can have others that change.
    """
    found, asked = _ask(view, items, lambda kind: kind.effect in _CHANGED), _asked(sent)
    # What cannot be found out is believed as it was told.
    total = (asked or 0) if found is None else _total(found)
    if asked is not None and total > asked:
        return gettext("Meanwhile there are more of them: nothing was deleted."), 409
    needed = str(_typed(total, len(items))) if total > MOST_UNTYPED else must_type
    # Fewer than what somebody was asked about, and has typed, is no reason to ask again.
    enough = {needed, "" if asked is None else str(_typed(asked, len(items)))} - {""}
    if not needed or sent.get("typed", "").strip() in enough:
        return None
    return gettext("This is not their number: nothing was deleted."), 422


def _ask(view: Any, items: Sequence[Any], wanted: Wanted) -> Sequence[Consequence] | None:
    """What happens to others; None, with a line in the log, where that question fails."""
    return attempt(view.view_name, view.datamodel, lambda: consequences(view.datamodel, items, wanted))


def _asked(sent: Mapping[str, str]) -> int | None:
    text = sent.get(COUNTED, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _typed(total: int, records: int) -> int:
    if total > MOST_COUNTED:
        return MOST_COUNTED
    return total if records == 1 else total + records


def _type_label(total: int, records: int) -> str:
    number = str(_typed(total, records))
    if total > MOST_COUNTED:
        return gettext("Type %(number)s: this changes more than that many others", number=number)
    if records == 1:
        return gettext("Type %(number)s, the number of others that this changes", number=number)
    return gettext("Type %(number)s, the number of all records that this changes", number=number)


def _total(found: Sequence[Consequence]) -> int:
    return min(MOST_COUNTED + 1, sum(one.count for one in found if one.effect in _CHANGED))


class _Teller:
    """Puts consequences into words, for the current person."""

    def __init__(self, view: Any, items: Sequence[Any], found: Sequence[Consequence]) -> None:
        self.view, self.items, self.found = view, items, found
        self.state: AppState = view.state
        self.forbidden = forbidden(self.state, view.datamodel, found)
        self.named = 0
        is_own = type(view).pre_delete is not ResourceDeclaration.pre_delete
        self.blocks = HINDERS if is_own or has_listeners(items) else Effect.BLOCKS.value

    def groups(self) -> Iterator[TouchedGroup]:
        """The kinds by what happens to them, what keeps the record first."""
        for look, title in self._titles().items():
            kinds = tuple(self._kind(one) for one in self.found if self._look(one) == look)
            if kinds:
                yield TouchedGroup(look, title, kinds)

    def _titles(self) -> dict[str, str]:
        if len(self.items) > 1:
            return {
                "blocks": gettext("Some cannot be deleted because of these"),
                HINDERS: gettext("Some may be kept because of these"),
                "goes": gettext("These are deleted, too"),
                "unlinked": gettext("These stay, and are no longer linked to them"),
            }
        return {
            "blocks": gettext("It cannot be deleted because of these"),
            HINDERS: gettext("It may be kept because of these"),
            "goes": gettext("These are deleted, too"),
            "unlinked": gettext("These stay, and are no longer linked to it"),
        }

    def _look(self, one: Consequence) -> str:
        if one.kind in self.forbidden:
            return Effect.BLOCKS.value
        if one.effect is Effect.BLOCKS:
            return self.blocks
        return Effect.UNLINKED.value if one.effect is Effect.LINKS else one.effect.value

    def _kind(self, one: Consequence) -> TouchedKind:
        views = [view for view in views_of(self.state, one.kind.model) if view.can_open("list")]
        note = gettext("You may not delete them.") if one.kind in self.forbidden else ""
        if not views:
            return TouchedKind(_label(one), _number(one), note=note)
        view = views[0]
        names = self._names(one, view)
        more = self._more(one, len(names))
        return TouchedKind(view.options.list_title, _number(one), names, more, self._list_url(one, view), note)

    def _names(self, one: Consequence, view: Any) -> tuple[MenuLink, ...]:
        # Which records hang on another says what their relation holds, and not everybody may meet that.
        policy, back = view.policy(), one.kind.back
        if self.named >= MOST_NAMED_KINDS or (back and not policy.can_access_field(back, "list")):
            return ()
        self.named += 1
        scope, url = view.resource.scope(policy), view.record_url("show")
        read = partial(first_of, one, view.datamodel, scope, MOST_NAMED, view.options.list_eager)
        items = attempt(view.view_name, view.datamodel, read) or ()
        return tuple(MenuLink(view.datamodel.name_of(item), url(view.datamodel.encode_key(item))) for item in items)

    def _more(self, one: Consequence, shown: int) -> str:
        if not shown or one.count <= shown:
            return ""
        return (
            gettext("and more") if one.is_more else gettext("and %(num)s more", num=reader().count(one.count - shown))
        )

    def _list_url(self, one: Consequence, view: Any) -> str:
        """The list of what keeps one record: those that belong to it; empty where the person could not ask for it."""
        if len(self.items) > 1 or self._look(one) not in {Effect.BLOCKS.value, HINDERS}:
            return ""
        item = self.items[0]
        relations = [found for found in relations_back(view, type(item)) if found.name == one.kind.back]
        key = view.datamodel.encode_key(item)
        return list_of_all(view, relations, key, view.policy()) if relations else ""


def _label(one: Consequence) -> str:
    """What people without a view of them are told: the words of the model, else of the table."""
    return plural(class_label(one.kind.model.__name__)) if one.kind.model else column_label(one.kind.table)


def _number(one: Consequence) -> str:
    if one.is_more:
        return gettext("more than %(num)s", num=reader().count(MOST_COUNTED))
    return reader().count(one.count)
