"""Which categories of a long navigation are folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from appbuilder_lite.web.shell import MenuCategory

FOLDED_ABOVE = 12
"""Links of a navigation above which its categories can be folded."""
SHOWN = 24
"""Links that an opened navigation shows at most, beside those of the current page's category."""


def folded(categories: Sequence[MenuCategory]) -> tuple[MenuCategory, ...]:
    """The categories of a long navigation as folds: open is the current one, and from the top what fits.

    The first one is always open where nothing is current, so that no page shows closed folds only.
    """
    if sum(map(_links, categories)) <= FOLDED_ABOVE:
        return tuple(categories)
    return tuple(_folds(categories))


def _folds(categories: Sequence[MenuCategory]) -> Iterator[MenuCategory]:
    room = SHOWN
    for category in categories:
        if not category.label:
            yield category
            continue
        fits = _links(category) <= room or (room == SHOWN and not any(map(_is_current, categories)))
        # What stands below the first that does not fit stays closed, however small: the order tells what matters.
        room = room - _links(category) if fits else 0
        yield replace(category, fold="open" if fits or _is_current(category) else "closed")


def _links(category: MenuCategory) -> int:
    return len([link for link in category.links if link is not None])


def _is_current(category: MenuCategory) -> bool:
    return any(link is not None and link.current for link in category.links)
