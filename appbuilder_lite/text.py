"""Texts: what may be logged or stored, names turned into words, and translation that is optional."""

from __future__ import annotations

import gettext as catalogs
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache

_LOGGED_LETTERS = 200
_NO_LETTERS = re.compile(r"\W+")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# A quotation mark inside a word is a letter of it (5" pipe), and so is one that nothing closes.
_SOUGHT = re.compile(r'"\s*([^"\s](?:[^"]*[^"\s])?)\s*"(?!\S)|(\S+)')


@dataclass(frozen=True)
class Reader:
    """Who texts are made for: the language of the words, and how numbers, dates and times are written.

    This one reads English, and dates as in ISO 8601. `language` is a BCP 47 tag and `direction` `ltr` or `rtl`,
    both of the words. `zone` is where the reader's days begin.
    """

    language: str = "en"
    direction: str = "ltr"
    translations: catalogs.NullTranslations = catalogs.NullTranslations()  # noqa: RUF009  # it is never written to
    zone: tzinfo = UTC

    def today(self) -> date:
        """The day that it is for the reader."""
        return datetime.now(self.zone).date()

    def gettext(self, message: str, **values: object) -> str:
        """The message in this reader's language, with `%(name)s` filled in."""
        translated = self.translations.gettext(message)
        return translated % values if values else translated

    def ngettext(self, singular: str, plural: str, count: int, **values: object) -> str:
        """The form of a message that fits `count`; `%(num)s` is the count, as this reader writes it."""
        return self.translations.ngettext(singular, plural, count) % {"num": self.count(count), **values}

    def number(self, value: int | float | Decimal) -> str:
        """A figure of a record: every digit that is stored, none grouped, as it may be a year or a key."""
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    def count(self, value: int) -> str:
        """How many there are of something, in groups of three digits."""
        return f"{value:,}"

    def date(self, value: date) -> str:
        """A day."""
        return value.isoformat()

    def time(self, value: time) -> str:
        """A time of day, to the minute where it is a whole one."""
        is_whole = not value.second and not value.microsecond
        return value.isoformat("minutes" if is_whole else "auto")

    def datetime(self, value: datetime) -> str:
        """A point in time, to the minute."""
        return value.isoformat(" ", "minutes")


PLAIN = Reader()
_finders: list[Callable[[], Reader | None]] = []


def reader() -> Reader:
    """Who the current text is made for."""
    for find in _finders:
        found = find()
        if found is not None:
            return found
    return PLAIN


def learn_readers(find: Callable[[], Reader | None]) -> None:
    """Ask `find` from now on who the current text is made for; None where it does not know."""
    if find not in _finders:
        _finders.append(find)


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


def sought(text: str) -> list[str]:
    """What a search looks for: its words, and its phrases without their quotation marks.

    Example: `sought('"new york" anna')` is `["new york", "anna"]`.
    """
    return [phrase or word for phrase, word in _SOUGHT.findall(text)]


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language, with `%(name)s` filled in."""
    return reader().gettext(message, **values)


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """The form of a message that fits `count`; `%(num)s` is the count, as the reader writes it."""
    return reader().ngettext(singular, plural, count, **values)


def lazy(message: str, **values: object) -> str:
    """A message of a class or a module: it is translated each time it is shown, and equal to its English.

    Example: `list_title = lazy("Users")`.
    """
    return _Lazy(message, **values)


def is_translated_here(text: str) -> bool:
    """Whether a text hangs on the reader's translations alone: a plain one or one of `lazy`, not a host's lazy one."""
    return type(text) in (str, _Lazy)


class _Lazy(str):
    message: str
    values: dict[str, object]

    def __new__(cls, message: str, **values: object) -> _Lazy:
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values
        return made

    def __str__(self) -> str:
        return gettext(self.message, **self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@lru_cache(maxsize=1000)
def column_label(path: str) -> str:
    """Title of a column path: `first_name` is "First Name", `country.name` is "Country Name"."""
    return path.replace(".", " ").replace("_", " ").strip().title()


def class_label(name: str) -> str:
    """Words of a class name: `OrderItem` is "Order Item"."""
    return _WORDS.sub(" ", name)


def slug(text: str) -> str:
    """A title as an address has it: "To ship" is `to-ship`."""
    return _NO_LETTERS.sub("-", text.casefold()).strip("-")


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
