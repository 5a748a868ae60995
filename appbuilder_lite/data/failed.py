"""Values that could not be made, because the code that makes them raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Failed:
    """Stands in the place of a value: the property, method or formatter that makes it raised `error`."""

    error: Exception


def attempt(make: Callable[..., Any], *given: Any) -> Any:
    """What a function makes, or `Failed`; what the database refuses goes on, as there is nothing more to read."""
    try:
        return make(*given)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - properties and formatters are anybody's code, one row of many is theirs
        return Failed(error)


def at_once(whole: Callable[[], Made], one_by_one: Callable[[], Made]) -> Made:
    """What `whole` makes of many values; where one of them fails, what `one_by_one` does, which takes longer."""
    found = attempt(whole)
    return one_by_one() if isinstance(found, Failed) else found
