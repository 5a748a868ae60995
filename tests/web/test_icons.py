"""Icon names and the sprite."""

import re

import pytest

from appbuilder_lite.web.icons import SYMBOLS, symbol
from tests.web.rendered import STATIC, TEMPLATES

SPRITE = (STATIC / "icons.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fa-envelope", "ab-mail"),
        ("fa fa-envelope-o", "ab-mail"),
        ("fas fa-envelope", "ab-mail"),
        ("FA-USERS", "ab-users"),
        ("fa-group", "ab-users"),
        ("fa-cogs", "ab-settings"),
        ("mail", "ab-mail"),
        ("ab-sign-out", "ab-sign-out"),
        ("fa-envelope-square", "ab-mail"),
        ("fa-phone-square", "ab-phone"),
    ],
)
def test_names_of_font_awesome_and_our_own_find_their_symbol(name: str, expected: str) -> None:
    assert symbol(name) == expected


@pytest.mark.parametrize("name", ["", "  ", "fa-", "fa-hippo", "bi bi-asterisk"])
def test_an_unknown_name_has_no_symbol(name: str) -> None:
    assert symbol(name) is None


def test_the_sprite_holds_exactly_the_symbols_that_names_map_to() -> None:
    assert sorted(re.findall(r'<symbol id="([^"]+)"', SPRITE)) == sorted(SYMBOLS)


def test_templates_use_only_symbols_of_the_sprite() -> None:
    used = {name for path in TEMPLATES.glob("*.html") for name in re.findall(r"#(ab-[a-z-]*[a-z])\"", path.read_text())}

    assert used
    assert used <= SYMBOLS


def test_a_font_awesome_name_belongs_to_one_symbol() -> None:
    from appbuilder_lite.web import icons

    names = [name for own, text in icons._NAMES.items() for name in (own, *text.split())]

    assert sorted({name for name in names if names.count(name) > 1}) == []
