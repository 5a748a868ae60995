"""What a question was about when it was asked: told by its page, compared with the records once it is answered.

The page carries digests of what the person could see of the records, each for this record, view and person alone. An
answer without any, as a script sends it, is not compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request

from appbuilder_lite.data.interface import Claimed
from appbuilder_lite.data.types import Path, Relation
from appbuilder_lite.errors import WriteFailed
from appbuilder_lite.resource.loaded import MOST_LETTERS, Digest
from appbuilder_lite.resource.options import on_page
from appbuilder_lite.resource.plain_text import fault_of
from appbuilder_lite.resource.seen import Columns, field_digests, record_digest, seen_columns
from appbuilder_lite.resource.values import text_for
from appbuilder_lite.text import gettext
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.question_page import DeletePage, because

ASKED, WAS, ROWS = "_asked", "_was", "_seen"
"""The hidden inputs of a question: of one record digests of its fields, and what they hold in words; of several records
a digest of each."""
MOST_NAMED = 10
_WORD_LETTERS = 60


class ChangedSince(WriteFailed):
    """Some of the records that something was to be done to are not as they were when the person was asked."""

    def __init__(self, items: Sequence[Any]) -> None:
        super().__init__("stale", reason())
        self.items = items


class Seen:
    """What the current person can see of a view's records, and what they had seen of them when they were asked."""

    def __init__(self, view: Any, policy: ViewPolicy) -> None:
        self.view, self.own = view, policy
        self.columns: Columns = seen_columns(view.options, view.datamodel, policy, view.can_open)

    @property
    def names(self) -> tuple[str, ...]:
        """What is to be read with a record, so that its page can say it in words."""
        return tuple(self.columns)

    @cached_property
    def policy(self) -> ViewPolicy:
        """The person's policy; where they were asked, nothing is deleted that has changed since."""
        return replace(self.own, before_delete=self.hold) if self.is_sent else self.own

    @property
    def is_sent(self) -> bool:
        """Whether this is the answer to a question."""
        return ASKED in request.form or ROWS in request.form

    def noted(self, page: DeletePage, items: Sequence[Any]) -> DeletePage:
        """The question with what these records hold now."""
        if len(items) != 1:
            digests = [self._record_digest(item) for item in items]
            return replace(page, hidden=(*page.hidden, (ROWS, ".".join(digests))))
        loaded, words = _sent(self._field_digests(items[0])), _sent(self._words(items[0], _is_loaded))
        return replace(page, hidden=(*page.hidden, (ASKED, loaded), (WAS, words)))

    def changed(self, items: Iterable[Any]) -> Sequence[Any]:
        """Those of these records that are not as they were when the person was asked."""
        if ASKED in request.form:
            loaded = _read(ASKED)
            return [item for item in items if self._field_digests(item) != loaded]
        if ROWS not in request.form:
            return []
        known = _known()
        return [item for item in items if self._record_digest(item) not in known]

    def claimed(self, items: Sequence[Any]) -> Claimed:
        """The same, in a transaction: the records are locked, and read again in the same statement."""
        if not self.is_sent or not items:
            return Claimed()
        changed = {id(item) for item in self.changed(items)}
        found: Claimed = self.view.datamodel.claim(items, {name for behind in self.columns.values() for name in behind})
        changed.update(map(id, found.changed))
        return Claimed([item for item in items if id(item) in changed], found.gone)

    def hold(self, items: Sequence[Any]) -> None:
        """Lock records before they are deleted; raises `WriteFailed` where one of them has changed."""
        # What is gone is for the delete to tell.
        if self.claimed(items).changed:
            raise WriteFailed("stale", reason())

    def refused(self, items: Sequence[Any]) -> Mapping[int, str]:
        """Lock records before something is done to each of them: why some must be left alone, by their `id()`."""
        found = self.claimed(items)
        gone = dict.fromkeys(map(id, found.gone), gettext("It does not exist any more."))
        return {**dict.fromkeys(map(id, found.changed), reason()), **gone}

    def hold_all(self, items: Sequence[Any]) -> None:
        """Lock records before something is done to all of them; raises `ChangedSince` where one of them has changed."""
        refused = self.refused(items)
        if refused:
            raise ChangedSince([item for item in items if id(item) in refused])

    def is_another(self, item: Any) -> bool:
        """Whether a record that could not be deleted is still there for the person, and not as it was.

        Where the model keeps a version it is that which did not fit; else what is stored has to differ.
        """
        datamodel = self.view.datamodel
        if datamodel.claim([item], ()).gone or not self.view.resource.holds(item, self.own):
            return False
        return datamodel.version(item) is not None or bool(self.claimed([item]).changed)

    def asked_again(self, page: DeletePage, items: Sequence[Any], changed: Sequence[Any], nothing: str) -> DeletePage:
        """The question about these records, with what has changed: of one record field by field.

        `nothing` says that nothing was done.
        """
        if len(items) == 1:
            why = gettext("Somebody else has changed this record since you were asked.")
            page = because(page, f"{why} {nothing}")
            return self.noted(replace(page, facts=tuple(self._differences(items[0]))), items)
        why = gettext("Somebody else has changed these records since you were asked.")
        names = [self.view.datamodel.name_of(item) for item in changed]
        further = len(names) - MOST_NAMED
        more = gettext("and %(num)s more", num=further) if further > 0 else ""
        return self.noted(replace(page, text=f"{why} {nothing}", names=tuple(names[:MOST_NAMED]), more=more), items)

    def _differences(self, item: Any) -> Iterator[tuple[str, str]]:
        """What has changed of a record, in words."""
        loaded, was = _read(ASKED), _read(WAS)
        labels = on_page(self.view.options, "show").labels
        digests, words = self._field_digests(item), self._words(item, _can_be_read)
        for name, now in words.items():
            if name in loaded and name in digests and loaded[name] != digests[name]:
                label = str(labels[name])
                before = _short(was.get(name, ""))
                if before and before != now:
                    yield label, gettext("“%(before)s” before, “%(now)s” now", before=before, now=now)
                else:
                    yield label, gettext("“%(now)s” now", now=now)

    def _words(self, item: Any, suits: Callable[[Any, Path], bool]) -> Mapping[str, str]:
        """What people read of a record, of what suits."""
        options, datamodel = on_page(self.view.options, "show"), self.view.datamodel
        return {
            name: _short(text_for(name, datamodel.value(item, name), options)) or gettext("nothing")
            for name in self.columns
            if suits(item, options.paths[name])
        }

    def _field_digests(self, item: Any) -> Mapping[str, str]:
        return field_digests(item, self.columns, self.view.datamodel, self._digest_for(item))

    def _record_digest(self, item: Any) -> str:
        return record_digest(item, self.columns, self.view.datamodel, self._digest_for(item))

    def _digest_for(self, item: Any) -> Digest:
        """Digests that are worth nothing for another record, view or person."""
        return partial(self._digest, about("asked", self.view, self.own, self.view.datamodel.encode_key(item)))

    def _digest(self, about: str, text: str) -> str:
        return self.own.digest(f"{about}{text}")


def about(what: str, view: Any, policy: ViewPolicy, key: str) -> str:
    """What a digest is of, of one record of a view and one person alone."""
    principal = policy.principal
    who = str(view.state.sm.users.key(principal.user)) if principal.is_signed_in else None
    return json.dumps([what, view.state.name, view.view_name, who, key])


def seen_of(view: Any) -> Seen:
    """What the current person can see of a view's records."""
    return Seen(view, view.policy())


def sent_on(page: DeletePage) -> DeletePage:
    """The question with what it was about when it was asked first."""
    found = [(name, request.form[name]) for name in (ASKED, WAS, ROWS) if name in request.form]
    return replace(page, hidden=(*page.hidden, *found))


def reason() -> str:
    """Why a record was left alone."""
    return gettext("Somebody else has changed it since you were asked.")


def _is_loaded(item: Any, path: Path) -> bool:
    """Whether a value of a record can be read without asking the database."""
    for step in _steps(path):
        if item is not None and step.name not in vars(item):
            return False
        item = None if item is None else getattr(item, step.name)
    return True


def _can_be_read(item: Any, path: Path) -> bool:
    """Whether it can be read at all: not every relation loads itself."""
    return all(step.loads_itself for step in _steps(path)) or _is_loaded(item, path)


def _steps(path: Path) -> Sequence[Relation]:
    return path.through if path.relation is None else (*path.through, path.relation)


def _sent(values: Mapping[str, str]) -> str:
    """Names and values as one text for an input, without a letter that HTML would write otherwise."""
    return ";".join(urlencode({name: value}) for name, value in values.items())


def _read(name: str) -> Mapping[str, str]:
    """The same the other way round; what cannot be read says nothing."""
    text = request.form.get(name, "")
    if len(text) > MOST_LETTERS or fault_of(text):
        return {}
    return dict(parse_qsl(text, keep_blank_values=True, separator=";"))


def _known() -> frozenset[str]:
    text = request.form[ROWS]
    return frozenset(text.split(".") if len(text) <= MOST_LETTERS else ())


def _short(text: str) -> str:
    return text if len(text) <= _WORD_LETTERS else f"{text[: _WORD_LETTERS - 1].rstrip()}…"
