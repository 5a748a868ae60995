"""Texts: what may be logged or stored, names turned into words, and translation that is optional."""

from __future__ import annotations

import re

_LOGGED_LETTERS = 200
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def one_line(text: object) -> str:
    """A text from outside as it may stand in a log: printable and short; a line end starts no line of its own."""
    letters = str(text)[:_LOGGED_LETTERS]
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in letters)


def has_lone_surrogate(text: str) -> bool:
    """Whether a half of a surrogate pair is in it, which some clients can be made to send: it has no UTF-8."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def is_storable(text: str) -> bool:
    """Whether every database can hold and look for the text: PostgreSQL refuses NUL, no driver sends half a pair."""
    return "\0" not in text and not has_lone_surrogate(text)


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language, with `%(name)s` filled in."""
    return message % values if values else message


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """The form of a message that fits `count`; `%(num)s` is the count."""
    message = singular if count == 1 else plural
    return message % {"num": count, **values}


def column_label(path: str) -> str:
    """Title of a column path: `first_name` is "First Name", `country.name` is "Country Name"."""
    return path.replace(".", " ").replace("_", " ").strip().title()


def class_label(name: str) -> str:
    """Words of a class name: `OrderItem` is "Order Item"."""
    return _WORDS.sub(" ", name)


def singular_noun(name: str) -> str:
    """How one record of a class is called inside a sentence: `OrderItem` is "order item"."""
    return class_label(name).lower()


def plural(name: str) -> str:
    """The usual English plural of words: `Category` is "Categories", `Order Item` is "Order Items"."""
    if name.lower().endswith(("s", "x", "z", "ch", "sh")):
        return f"{name}es"
    if name.lower().endswith("y") and name[-2:-1].lower() not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}s"
