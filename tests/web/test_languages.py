"""The reader's language, numbers, dates and time zone, where the app has Flask-Babel."""

import gettext as catalogs
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, request
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from appbuilder_lite.text import PLAIN, Reader, gettext, lazy, ngettext, reader
from appbuilder_lite.web.babel_reader import BabelReader, catalogue, make_reader
from appbuilder_lite.web.languages import current_reader
from tests.web.conftest import MakeSite
from tests.web.site import Site

MOMENT = datetime(2025, 12, 24, 18, 5, 30, tzinfo=UTC)


def reader_of(locale: str, zone: str = "UTC") -> Iterator[Reader]:
    """The reader inside a request of an app that has Flask-Babel."""
    app = Flask("host")
    Babel(app, default_locale=locale, default_timezone=zone)
    with app.test_request_context():
        found = current_reader()
        assert found is not None
        yield found


@pytest.mark.parametrize(
    ("locale", "number", "count", "day", "clock", "moment"),
    [
        ("de", "1234567,80", "20.000", "24.12.2025", "18:05", "24.12.2025, 18:05"),
        ("en_US", "1234567.80", "20,000", "Dec 24, 2025", "6:05\u202fPM", "Dec 24, 2025, 6:05\u202fPM"),
        ("fr", "1234567,80", "20\u202f000", "24 déc. 2025", "18:05", "24 déc. 2025, 18:05"),
    ],
)
def test_numbers_and_dates_are_written_as_in_the_locale(
    locale: str, number: str, count: str, day: str, clock: str, moment: str
) -> None:
    for found in reader_of(locale):
        assert found.number(Decimal("1234567.80")) == number
        assert found.count(20_000) == count
        assert found.date(MOMENT.date()) == day
        assert found.time(time(18, 5)) == clock
        assert found.datetime(MOMENT) == moment


def test_a_point_in_time_with_a_zone_is_shown_in_the_readers() -> None:
    for found in reader_of("de", "Asia/Tokyo"):
        assert found.datetime(MOMENT) == "25.12.2025, 03:05"
        assert found.datetime(MOMENT.replace(tzinfo=None)) == "24.12.2025, 18:05"


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.integers() | st.floats())
def test_a_figure_keeps_every_digit_in_every_locale(value: Any) -> None:
    german = make_reader("de", UTC, ())
    assert german.number(value).replace(",", ".") == PLAIN.number(value)


def test_without_flask_babel_texts_are_english_and_dates_are_iso() -> None:
    with Flask("host").test_request_context():
        assert current_reader() is None
        assert reader() is PLAIN
    assert PLAIN.date(date(2025, 12, 24)) == "2025-12-24"
    assert PLAIN.datetime(MOMENT.replace(tzinfo=None)) == "2025-12-24 18:05"
    assert (PLAIN.number(Decimal("1E+3")), PLAIN.count(20_000)) == ("1000", "20,000")


def test_a_language_that_nobody_has_translated_is_english_in_its_own_formats() -> None:
    found = make_reader("ar", UTC, ())
    assert (found.language, found.direction) == ("en", "ltr")
    assert isinstance(found, BabelReader)
    assert found.locale.language == "ar"


def test_a_catalogue_of_the_app_wins_and_the_rest_is_ours(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "de", {"Save": "Sichern"})
    found = catalogue("de_AT", [str(tmp_path)])
    assert found.gettext("Save") == "Sichern"
    assert found.gettext("never translated") == "never translated"


def test_an_app_brings_a_language_that_is_not_ours(tmp_path: Path) -> None:
    write_catalogue(tmp_path, "ar", {"Save": "حفظ"})
    found = make_reader("ar", UTC, (str(tmp_path),))
    assert (found.language, found.direction) == ("ar", "rtl")
    assert found.translations.gettext("Save") == "حفظ"


def write_catalogue(folder: Path, locale: str, texts: dict[str, str]) -> None:
    found = Catalog(locale=locale)
    for english, translated in texts.items():
        found.add(english, translated)
    file = folder / locale / "LC_MESSAGES" / "appbuilder_lite.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_mo(opened, found)


@pytest.fixture
def spoken(make_site: MakeSite, tmp_path: Path) -> Site:
    """A site that speaks the language which a request names."""
    write_catalogue(tmp_path, "ar", {"Sign in": "تسجيل الدخول", "There is no such page": "غير موجود"})
    site = make_site(BABEL_TRANSLATION_DIRECTORIES=str(tmp_path))
    Babel(site.app, locale_selector=lambda: request.args.get("lang", "en"))
    return site


def test_a_page_is_in_the_language_of_its_reader(spoken: Site) -> None:
    page = spoken.browser().get("/admin/login/?lang=ar").text
    assert 'lang="ar" dir="rtl"' in page
    assert "تسجيل الدخول</h1>" in page
    english = spoken.browser().get("/admin/login/").text
    assert 'lang="en" dir="ltr"' in english
    assert "Sign in</h1>" in english


def test_error_pages_are_too(spoken: Site) -> None:
    assert "غير موجود</h1>" in spoken.browser().get("/admin/nothing?lang=ar").text


def test_a_selector_that_asks_a_database_which_is_down_does_not_hide_the_error_page(make_site: MakeSite) -> None:
    site = make_site(create=False)

    def select() -> str:
        raise OperationalError("SELECT locale", {}, Exception("the database is down"))

    Babel(site.app, locale_selector=select)
    assert site.browser().get("/admin/").status_code == 503


def test_the_locale_is_asked_for_once(make_site: MakeSite) -> None:
    site, asked = make_site(), list[str]()

    def select() -> str:
        asked.append(request.path)
        return "de"

    Babel(site.app, locale_selector=select)
    site.browser().get("/admin/login/")
    assert asked == ["/admin/login/"]


def test_a_lazy_text_is_translated_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    german = Reader(language="de", translations=OneText({"Users": "Benutzer"}))
    text = lazy("Users")
    assert (str(text), f"{text}", f"{text:>6}", "%s" % text) == ("Users", "Users", " Users", "Users")  # noqa: UP031
    monkeypatch.setattr("appbuilder_lite.text._finders", [lambda: german])
    assert (str(text), f"{text}", f"{text:>9}", "%s" % text) == ("Benutzer", "Benutzer", " Benutzer", "Benutzer")  # noqa: UP031
    assert text == "Users"


def test_plural_forms_and_their_figures_follow_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ngettext("%(num)s record", "%(num)s records", 20_000) == "20,000 records"
    monkeypatch.setattr("appbuilder_lite.text._finders", [lambda: make_reader("de", UTC, ())])
    assert ngettext("%(num)s pile", "%(num)s piles", 20_000) == "20.000 piles"
    assert gettext("100 % of %(what)s".replace(" % ", " %% "), what="it") == "100 % of it"


class OneText(catalogs.NullTranslations):
    """Translations from a dict."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)
