"""Our pages in languages with longer words, and from right to left."""

from datetime import UTC
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from appbuilder_lite.text import Reader
from appbuilder_lite.web.babel_reader import make_reader
from example_app import demo
from tests.browser.conftest import Visit
from tests.browser.paths import PATHS
from tests.browser.served import serve_minimal
from tests.browser.test_face import PHONE, scroll_width
from tests.web.test_words import Accents

RIGHT_TO_LEFT = "long words from right to left"
READERS = {
    "German": make_reader("de", UTC, ()),
    RIGHT_TO_LEFT: Reader(language="en", direction="rtl", translations=Accents()),
}
ORDERS = "/admin/orderview/list/"

# What people press or read as a heading, and cannot see whole: its words are wider than it is, or it leaves the window.
CLIPPED = """() => {
  const leaves = thing => {
    const {left, right} = thing.getBoundingClientRect();
    return left < -1 || right > document.documentElement.clientWidth + 1;
  };
  const isTooNarrow = thing => thing.scrollWidth > thing.clientWidth + 1;
  return [...document.querySelectorAll("h1, h2, button, .ab-button, .ab-item, summary, legend, .ab-label, .ab-chip")]
    .filter(thing => thing.checkVisibility() && thing.clientWidth > 1 && !thing.closest(".ab-vh"))
    .filter(thing => isTooNarrow(thing) || leaves(thing))
    .map(thing => `${thing.tagName}.${thing.className}: ${thing.textContent.trim().slice(0, 60)}`);
}"""


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """Make everybody read this language from the next page on."""
    monkeypatch.setattr("appbuilder_lite.text._finders", [lambda: READERS[language]])


def faults(page: Page, path: str = "") -> list[str]:
    """What does not fit the window on a page, or on the one that is open."""
    if path:
        page.goto(path)
    width = scroll_width(page)
    wide = [f"{width} pixels wide"] if width > PHONE["width"] else []
    clipped: list[str] = page.evaluate(CLIPPED)
    return wide + clipped


@pytest.mark.parametrize("language", READERS)
def test_every_page_fits_a_phone(visit: Visit, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
    speak(monkeypatch, language)
    found = {name: wrong for name, path in PATHS.items() if (wrong := faults(page, path))}
    assert found == {}
    expect(page.locator("html")).to_have_attribute("dir", READERS[language].direction)


@pytest.mark.parametrize("language", READERS)
def test_forms_that_were_refused_and_the_sign_in_page_fit_a_phone(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    page = visit(demo.ADMIN, viewport=PHONE, has_touch=True, is_mobile=True)
    speak(monkeypatch, language)
    page.goto("/admin/customerview/add")
    page.locator("[name=name]").fill("Anna Abbott")
    page.locator("[name=email]").fill("nowhere")
    page.locator("button.ab-primary").click()
    page.get_by_role("alert").wait_for()
    assert faults(page) == []
    page.goto(f"{ORDERS}?customer__eq=7&search=an")
    assert faults(page) == []
    page.goto(ORDERS)
    page.locator("tbody [name=rowid]").first.check()
    assert faults(page) == []
    with serve_minimal(tmp_path) as minimal:
        stranger = page.context.new_page()
        stranger.goto(f"{minimal.url}/admin/login/")
        assert faults(stranger) == []


def test_dates_numbers_and_addresses_are_not_turned_round_from_right_to_left(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch, RIGHT_TO_LEFT)
    page.goto(ORDERS)
    assert is_left_to_right(page.locator("tbody time").first)
    row = page.locator("tbody tr").first
    amount = row.locator("[data-n]").first
    amount.evaluate("cell => cell.textContent = '-12.50'")
    assert is_left_to_right(amount)
    text = row.get_by_role("cell").filter(has_not=page.locator("*")).nth(1)
    text.evaluate("cell => cell.textContent = '+49 (30) 1234'")
    assert is_left_to_right(text)
    page.goto("/admin/orderview/show/1")
    assert is_left_to_right(page.locator("dd time").first)
    page.goto("/admin/customerview/edit/7")
    field = page.locator("[name=email]")
    assert field.evaluate("field => (field.type = 'email', getComputedStyle(field).direction)") == "ltr"


def is_left_to_right(found: Locator) -> bool:
    """Whether each letter of a text stands to the right of the one before."""
    places: list[float] = found.evaluate(
        """thing => {
          const text = document.createTreeWalker(thing, NodeFilter.SHOW_TEXT).nextNode(), range = new Range();
          return [...text.data].map((_, at) => {
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          });
        }"""
    )
    return len(places) > 1 and places == sorted(places)


def test_figures_stand_below_one_another_at_the_end_of_their_cells(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, RIGHT_TO_LEFT)
    page.goto(ORDERS)
    lefts: list[float] = page.evaluate(
        """() => [...document.querySelectorAll("tbody [data-n]")].map(cell => {
          const range = new Range();
          range.selectNodeContents(cell);
          return range.getBoundingClientRect().left - cell.getBoundingClientRect().left;
        })"""
    )
    assert {round(left) for left in lefts} == {12}
