"""Counts the calls of this package's functions that a piece of code makes, which no other load of a machine changes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import appbuilder_lite

PACKAGE = str(Path(appbuilder_lite.__file__).parent)


class Calls:
    """How often which function was called so far."""

    def __init__(self) -> None:
        self.by_function: dict[str, int] = {}

    def __len__(self) -> int:
        return sum(self.by_function.values())

    def __repr__(self) -> str:
        # What pytest shows when a bound is exceeded: what was called most.
        most = sorted(self.by_function.items(), key=lambda item: -item[1])[:20]
        return "\n".join([f"{len(self)} calls", *(f"{count} {name}" for name, count in most)])

    def record(self, frame: FrameType, kind: str, _argument: Any) -> None:
        code = frame.f_code
        if kind == "call" and code.co_filename.startswith(PACKAGE) and not code.co_name.startswith("<"):
            name = f"{code.co_filename.removeprefix(PACKAGE)}:{code.co_qualname}"
            self.by_function[name] = self.by_function.get(name, 0) + 1


@contextmanager
def calls() -> Iterator[Calls]:
    """Collects the calls in this thread; a generator counts each time that it goes on, a comprehension never."""
    seen = Calls()
    before = sys.getprofile()
    sys.setprofile(seen.record)
    try:
        yield seen
    finally:
        sys.setprofile(before)
