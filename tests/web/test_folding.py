"""Which categories of a long navigation are folded away."""

import pytest

from appbuilder_lite.web.folding import folded
from appbuilder_lite.web.shell import MenuCategory, MenuLink


def menu(*counts: int, current: int | None = None) -> list[MenuCategory]:
    """Categories with so many links each, one of them with the current page."""
    return [
        MenuCategory(
            f"Category {place}",
            "",
            tuple(MenuLink("View", f"/{place}/{n}", current=place == current and n == 0) for n in range(count)),
        )
        for place, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("counts", "current", "folds"),
    [
        ((6, 6), None, ["", ""]),
        ((7, 6), None, ["open", "open"]),
        ((12, 12), None, ["open", "open"]),
        ((12, 12, 1), None, ["open", "open", "closed"]),
        ((12, 20, 1), None, ["open", "closed", "closed"]),
        ((12, 12, 12, 12), 3, ["open", "open", "closed", "open"]),
        ((30, 5), None, ["open", "closed"]),
        ((30, 5), 1, ["closed", "open"]),
        ((30, 30), 0, ["open", "closed"]),
    ],
)
def test_a_long_navigation_opens_what_fits_and_where_one_is(
    counts: tuple[int, ...], current: int | None, folds: list[str]
) -> None:
    assert [category.fold for category in folded(menu(*counts, current=current))] == folds


def test_links_without_a_category_are_never_folded_and_separators_do_not_count() -> None:
    loose = MenuCategory("", "", (MenuLink("Home", "/"), None, None))
    assert [category.fold for category in folded([loose, *menu(13)])] == ["", "open"]
    assert [category.fold for category in folded([loose, *menu(11)])] == ["", ""]
