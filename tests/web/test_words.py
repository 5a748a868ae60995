"""No text of ours on a page passes by the catalogues: with every translation marked, what is not marked is data."""

import gettext
import re
from html.parser import HTMLParser
from typing import ClassVar

import pytest

from appbuilder_lite.text import Reader
from tests.web.site import Browser, Site

SPOKEN = frozenset({"alt", "aria-label", "placeholder", "title"})
# What the site itself says: its views, columns and rows, and what is the same in every language.
NAMES = re.compile(r"List (Users|Roles|Groups)|Base Permissions|Permission on Views/Menus|Views/Menus|Security")
OF_THE_SITE = re.compile(
    r"[Cc]ustomers?|Countr(y|ies)|country|Orders?|Sales|Name|Email|Since|Vip|Notes?|Active|Number|Total|Paid|Placed|At|Status"
    r"|Tags?|Tester|Admin|admin|Public|Norway|Spain|Known|loyal|[\w.]+@[\w.]+|A\d+|can_\w+|menu_access|resetpasswords"
    # Names of keys and of records in sentences; a letter is an initial or a part of a time.
    r"|\w+View\w*|Ctrl|Esc|Enter|user|role|group|page|New|late|[A-Za-z]"
)

BY_WTFORMS = r"This field is required\."


class Accents(gettext.NullTranslations):
    """Marks every text that it is asked for, and makes it longer, as a language with long words does."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}~~~~⟧"

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class Spoken(HTMLParser):
    """The texts of a page that people see or hear."""

    SILENT: ClassVar[frozenset[str]] = frozenset({"script", "style"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.texts += [value for name, value in attrs if value and (name in SPOKEN or name.startswith("data-word"))]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data.strip())


def unmarked(html: str) -> set[str]:
    """The words of a page that are neither marked nor the site's own."""
    found = set()
    for text in Spoken(html).texts:
        if NAMES.fullmatch(text):
            continue
        rest = re.sub(BY_WTFORMS + r"|⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧", " ", text)
        found |= {word for word in re.split(r"[^\w.@-]+", rest) if re.search("[A-Za-z]", word)}
    return {word for word in found if not OF_THE_SITE.fullmatch(word)}


@pytest.fixture
def browser(site: Site, monkeypatch: pytest.MonkeyPatch) -> Browser:
    found = site.admin()
    accented = Reader(language="en", direction="rtl", translations=Accents())
    monkeypatch.setattr("appbuilder_lite.text._finders", [lambda: accented])
    return found


PATHS = [
    "/admin/",
    "/admin/menu",
    "/admin/customerview/list/",
    "/admin/customerview/list/?search=nobody",
    "/admin/customerview/add",
    "/admin/customerview/edit/1",
    "/admin/customerview/show/1",
    "/admin/customerview/delete/1",
    "/admin/orderview/list/",
    "/admin/users/list/",
    "/admin/users/add",
    "/admin/users/edit/1",
    "/admin/users/show/1",
    "/admin/roles/list/",
    "/admin/roles/add",
    "/admin/roles/edit/2",
    "/admin/groups/list/",
    "/admin/permissions/list/",
    "/admin/viewmenus/list/",
    "/admin/permissionviews/list/",
    "/admin/userinfoeditview/form",
    "/admin/resetmypassword/form",
    "/admin/nothing/here",
    "/admin/customerview/show/4711",
    "/admin/customerview/list/?page=x",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_text_of_ours_is_translated(browser: Browser, path: str) -> None:
    page = browser.get(path, follow_redirects=True)
    assert 'dir="rtl"' in page.text
    assert unmarked(page.text) == set()


def test_the_messages_of_a_form_are_translated(browser: Browser) -> None:
    page = browser.send("/admin/users/add", username="", email="nowhere", password="short")
    assert page.status_code == 422
    assert unmarked(page.text) == set()
