"""The page of components: what is shown there has no fault in any state, and does not disturb its neighbours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.served import Site, serve_minimal
from tests.browser.test_face import DESKTOP, PHONE, scroll_width
from tests.web import gallery

PATH = "/admin/components/"
# The same region stands there many times, which is what the page is for.
OPTIONS = {"rules": {"landmark-unique": {"enabled": False}}}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve_minimal(tmp_path) as found:
        yield found


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_component_has_a_fault_that_axe_finds(visit: Visit, size: dict[str, int]) -> None:
    page = visit(viewport=size, reduced_motion="reduce", bypass_csp=True)
    page.goto(PATH)
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == []
    assert scroll_width(page) <= size["width"]


def test_every_page_of_the_gallery_is_there_in_both_themes(visit: Visit) -> None:
    page = visit()
    page.goto(PATH)
    for name in gallery.PAGES:
        sample = page.get_by_role("region", name=name, exact=True)
        expect(sample.locator("> .sheet-panes > [data-theme]")).to_have_count(2)


def test_no_id_stands_on_it_twice(visit: Visit) -> None:
    page = visit()
    page.goto(PATH)
    ids: list[str] = page.evaluate("[...document.querySelectorAll('[id]')].map(thing => thing.id)")
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_field_that_cannot_be_changed_looks_otherwise(visit: Visit, theme: str) -> None:
    page = visit()
    page.goto(PATH)
    form = page.get_by_role("region", name="form", exact=True).locator(f"[data-theme={theme}]")
    looks = {
        name: form.locator(f"[name={name}]").evaluate(
            "field => { const style = getComputedStyle(field); return [style.backgroundColor, style.borderTopStyle]; }"
        )
        for name in ("name", "code", "till")
    }
    assert looks["code"] == looks["till"]
    assert looks["name"][0] != looks["code"][0]
    assert (looks["name"][1], looks["code"][1]) == ("solid", "dashed")
