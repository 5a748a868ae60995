"""Does something to several records, each for itself: what is refused for one of them holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.sqla_write import TransactionEnded
from appbuilder_lite.errors import Forbidden, Rejected, WriteFailed

Kept = tuple[tuple[str, str], ...]
"""The names of records that were left as they are, each with the reason."""


Refused = Callable[[Sequence[Any]], Mapping[int, str]]
"""The reason by the `id()` of each of these records that must be left alone."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of records that something was to be done to: how many it was done to, and those that were kept.

    `failure` is why none of them was changed, where one that may not be left out was refused.
    """

    done: int = 0
    kept: Kept = ()
    failure: str = ""


def act_on_each(
    datamodel: DataModel, items: Sequence[Any], act: Callable[[Any], object], refused: Refused | None = None
) -> Acted:
    """Call `act` with each record, in one transaction; `Rejected` undoes what it did to that record alone.

    `refused` tells first, in that transaction, which records are to be left alone.
    Raises `WriteFailed` where nothing could be kept of what was done to any of them.
    """
    kept = []
    with datamodel.attempt():
        left_alone = {} if refused is None else refused(items)
        for item in items:
            if id(item) in left_alone:
                kept.append((datamodel.name_of(item), left_alone[id(item)]))
                continue
            try:
                with datamodel.part():
                    act(item)
            except TransactionEnded:
                raise
            except (Rejected, WriteFailed, Forbidden) as refusal:
                kept.append((datamodel.name_of(item), _reason(refusal)))
    return Acted(len(items) - len(kept), tuple(kept))


def _reason(refusal: Rejected | WriteFailed | Forbidden) -> str:
    return str(refusal) if isinstance(refusal, Forbidden) else refusal.message
