"""A reader as Flask-Babel finds one: a locale, a time zone, and the catalogue of our texts.

Formats are those of the Unicode Common Locale Data Repository (https://cldr.unicode.org), by Babel.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal, get_decimal_symbol
from flask import current_app
from flask_babel import get_locale, get_timezone

from appbuilder_lite.text import PLAIN, Reader
from appbuilder_lite.web.assets import PACKAGE_FOLDER

DOMAIN = "appbuilder_lite"
TRANSLATIONS_FOLDER = PACKAGE_FOLDER / "translations"
_ENGLISH = Locale("en")


@dataclass(frozen=True, kw_only=True)
class BabelReader(Reader):
    """A reader with a locale. Points in time that carry a zone are shown in the reader's; others as they are."""

    locale: Locale

    def number(self, value: int | float | Decimal) -> str:
        # Babel's own formatting fails on figures beyond its precision; this keeps every digit.
        return super().number(value).replace(".", get_decimal_symbol(self.locale))

    def count(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def date(self, value: date) -> str:
        return format_date(value, "medium", locale=self.locale)

    def time(self, value: time) -> str:
        is_whole = not value.second and not value.microsecond
        return format_time(value.replace(tzinfo=None), "short" if is_whole else "medium", locale=self.locale)

    def datetime(self, value: datetime) -> str:
        if value.tzinfo is not None:
            value = value.astimezone(self.zone).replace(tzinfo=None)
        pattern = str(get_datetime_format("medium", locale=self.locale)).replace("'", "")
        clock = format_time(value.time(), "short", locale=self.locale)
        return pattern.replace("{0}", clock).replace("{1}", self.date(value.date()))


def find_reader() -> Reader:
    """The reader of the current request; plain English where the app's locale selector knows none."""
    locale = get_locale()
    if locale is None:
        return PLAIN
    folders: list[str] = getattr(current_app.extensions["babel"], "translation_directories", [])
    return make_reader(str(locale), get_timezone(), tuple(folders))


@lru_cache(maxsize=256)
def make_reader(name: str, zone: tzinfo, folders: tuple[str, ...]) -> BabelReader:
    """The reader of a locale (`"de_AT"`) in a time zone; `folders` are the app's translation folders."""
    locale = Locale.parse(name)
    found = catalogue(name, folders)
    words = locale if type(found) is gettext.GNUTranslations else _ENGLISH
    return BabelReader(
        language=str(words).replace("_", "-"),
        direction=words.text_direction,
        translations=found,
        locale=locale,
        zone=zone,
    )


def catalogue(locale: str, folders: Iterable[str] = ()) -> gettext.NullTranslations:
    """Our texts in a locale or in its language: the app's own catalogues of our domain first, then ours.

    `folders` are the app's translation folders (`<folder>/<locale>/LC_MESSAGES/appbuilder_lite.mo`). A catalogue
    without any text is given back for a language that nobody has translated to.
    """
    names = [locale, locale.partition("_")[0]]
    found: gettext.NullTranslations | None = None
    for folder in (*folders, TRANSLATIONS_FOLDER):
        if gettext.find(DOMAIN, str(folder), names) is not None:
            one = gettext.translation(DOMAIN, str(folder), names)
            if found is None:
                found = one
            else:
                found.add_fallback(one)
    return found if found is not None else gettext.NullTranslations()
