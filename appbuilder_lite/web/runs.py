"""How far something has come that is done to all records of a list: signed, for one person, and each step once.

The text of a run goes from page to page in a form. It says what is done, to which rows and from where on: nobody can
make one up, use somebody else's, or keep one for later. What a person may do is asked anew at every step all the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import session
from itsdangerous import BadData, URLSafeTimedSerializer

from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.acting import Acted, Kept
from appbuilder_lite.security.access import Principal
from appbuilder_lite.text import gettext
from appbuilder_lite.web.state import AppState

RUNS = "_appbuilder_runs"
"""Where the session keeps which step of which run comes next."""
STEP_SECONDS = 3600
"""So long the page before a step may be open."""
MOST_TOLD = 10
"""So many of the records that were kept are told by their names."""
_MOST_RUNS = 5
# What was kept waits in the session, a cookie of 4 KB.
_NAME_LETTERS, _REASON_LETTERS = 60, 140


@dataclass(frozen=True, slots=True)
class Run:
    """What is done (`what`, an action of a view) to the rows of a list (`asked` is its query string), and how far.

    `total` rows were asked about, up to the place `end`. `done` and `kept` count those before the place `after`, and
    `told` are the first that were kept, each with the reason.
    """

    view: str
    what: str
    asked: str
    total: int
    end: str
    id: str = ""
    step: int = 0
    after: str = ""
    done: int = 0
    kept: int = 0
    told: Kept = ()

    @property
    def met(self) -> int:
        """How many records it has come past."""
        return self.done + self.kept

    def past(self, acted: Acted, after: str) -> Run:
        """The same, one step further."""
        told = (*self.told, *(shortened(*one) for one in acted.kept))
        kept = self.kept + len(acted.kept)
        return replace(
            self, step=self.step + 1, after=after, done=self.done + acted.done, kept=kept, told=told[:MOST_TOLD]
        )


def begin(run: Run) -> Run:
    """The run under a name of its own, whose first step may be taken."""
    found = replace(run, id=secrets.token_urlsafe(8))
    expect(found)
    return found


def expect(run: Run) -> None:
    """Let this be the only step of the run that may be taken."""
    others = {name: step for name, step in _steps().items() if name != run.id}
    session[RUNS] = dict([*others.items(), (run.id, run.step)][-_MOST_RUNS:])


def close(run: Run) -> None:
    """Let no step of the run be taken any more."""
    session[RUNS] = {name: step for name, step in _steps().items() if name != run.id}


def is_next(run: Run) -> bool:
    """Whether this step is to be taken: a page that is sent twice is taken once."""
    return _steps().get(run.id) == run.step


def write(state: AppState, principal: Principal, run: Run) -> str:
    """The signed text of a run."""
    return _serializer(state, principal).dumps(asdict(run))


def read(state: AppState, principal: Principal, text: str, *, view: str, what: str) -> Run:
    """The run of a text that was written for this person, view and action; raises `InvalidInput`."""
    try:
        found = Run(**_serializer(state, principal).loads(text, max_age=STEP_SECONDS))
    except (BadData, TypeError) as error:
        raise _unusable() from error
    if (found.view, found.what) != (view, what):
        raise _unusable()
    return replace(found, told=_pairs(found.told))


def shortened(name: str, reason: str) -> tuple[str, str]:
    """The name of a record that was kept, and the reason, as there is room for."""
    return _short(name, _NAME_LETTERS), _short(reason, _REASON_LETTERS)


def _unusable() -> InvalidInput:
    return InvalidInput("_run", gettext("It was open for too long, or is not yours. Begin again from the list."))


def _serializer(state: AppState, principal: Principal) -> URLSafeTimedSerializer:
    who = str(state.sm.users.key(principal.user)) if principal.is_signed_in else ""
    keys = [*(state.app.config.get("SECRET_KEY_FALLBACKS") or ()), state.app.secret_key]
    salt = repr(("appbuilder_lite run", state.name, principal.is_signed_in, who))
    return URLSafeTimedSerializer(keys, salt=salt)


def _steps() -> Mapping[str, int]:
    """What the session keeps; nothing of what was never put there by us."""
    found = session.get(RUNS)
    return found if isinstance(found, dict) else {}


def _pairs(told: Iterable[Any]) -> Kept:
    return tuple((name, why) for name, why in told)


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
