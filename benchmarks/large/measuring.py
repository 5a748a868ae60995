"""What pages cost, measured by turns in the process that makes them; runs in any environment."""

import json
import re
import time
from collections.abc import Callable, Mapping

ROUNDS = 40
PATIENCE = 5.0
"""Seconds after which a page is not asked for again."""
_NUMBER = re.compile(r"SO-[0-9]{8}")

Get = Callable[[str], tuple[int, str]]
"""Gives the status and the text of an address."""


def report(side: str, get: Get, pages: Mapping[str, str], rows_of: Mapping[str, int]) -> None:
    """Print one line of JSON: for each page the best CPU seconds and the best seconds on the clock."""
    found = {}
    for name, url in pages.items():
        status, text = get(url)
        shown = len(set(_NUMBER.findall(text)))
        assert status == 200, (side, name, url, status, text[:500])
        assert shown == rows_of[name], (side, name, url, shown)
        found[name] = _best(lambda url=url: get(url))  # type: ignore[misc]  # bound now
    print(json.dumps({"side": side, "pages": found}), flush=True)


def _best(call: Callable[[], object]) -> tuple[float, float]:
    cpu, clock, until = float("inf"), float("inf"), time.perf_counter() + PATIENCE
    for _round in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        call()
        clock, cpu = min(clock, time.perf_counter() - began), min(cpu, time.process_time() - worked)
        if time.perf_counter() > until:
            break
    return cpu, clock
