"""Names by their first letters, one slip forgiven."""

import pytest

from appbuilder_lite.web.nearness import nearest

NAMES = ["Orders", "Customers", "Order items", "Change prices", "Zoë's réports", "Stock_levels", "Tax"]


def found(text: str) -> list[str]:
    return list(nearest(text, NAMES, str))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ord", ["Orders", "Order items"]),
        ("ORD", ["Orders", "Order items"]),
        ("items order", ["Order items"]),
        ("item", ["Order items"]),
        ("price", ["Change prices"]),
        ("rice", ["Change prices"]),
        ("zoe rep", ["Zoë's réports"]),
        ("levels", ["Stock_levels"]),
        ("order customers", []),
        ("zz", []),
        ("?", NAMES),
        ("", NAMES),
    ],
)
def test_each_word_begins_a_word_or_stands_in_one(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", ["odrer", "oorder", "orer", "irder", "ordexs", "oders"])
def test_one_slip_is_forgiven(text: str) -> None:
    assert "Orders" in found(text)


@pytest.mark.parametrize("text", ["odr", "taz", "odrre", "xxder"])
def test_a_short_word_and_a_second_slip_are_not(text: str) -> None:
    assert found(text) == []


def test_what_begins_so_stands_above_what_has_it_inside_and_above_a_slip() -> None:
    names = ["Shorders", "Odrers", "Orders", "Border"]
    assert list(nearest("order", names, str)) == ["Orders", "Shorders", "Border", "Odrers"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*" * 100, NAMES),
        ("(", NAMES),
        ("[a-", ["Change prices", "Tax"]),
        ("\\", NAMES),
        ("İ", ["Order items", "Change prices"]),
        ("ß", []),
        ("ﬁ", []),
        ("\u0301", NAMES),
        ("a" * 100, []),
    ],
)
def test_odd_letters_are_letters_or_nothing(text: str, expected: list[str]) -> None:
    assert found(text) == expected
