"""`make shots`: pictures of every kind of page, to be looked at, in `.cache/shots`; `index.html` there shows them all.

Names of pages, sizes and modes as arguments narrow it: `python -m tests.browser.shots list phone dark`.
`--docs` renews the few pictures in `docs/images` instead.
"""

import logging
import sys
import tempfile
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from jinja2 import Template
from playwright.sync_api import Browser, Page

from example_app import demo
from tests.browser.chromium import chromium
from tests.browser.paths import PATHS
from tests.browser.served import Site, serve, serve_minimal, sign_in
from tests.shop import fill

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".cache" / "shots"
DOCS_FOLDER = ROOT / "docs" / "images"
Scene = Callable[[Page], None]
"""Opens what is to be seen."""

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "nojs": {"java_script_enabled": False},
    "rtl": {},
}
"""How a page is looked at: what is set of the window."""

# File -> path, size and colour scheme.
DOCS_PICTURES = {
    "list.png": ("/admin/orderview/list/?page_size=10", (1120, 590), "light"),
    "record-dark.png": ("/admin/orderview/show/2", (1080, 800), "dark"),
    "matrix.png": ("/admin/roles/edit/3", (1200, 720), "light"),
    "form.png": ("/admin/customerview/edit/7", (1080, 760), "light"),
    "phone.png": ("/admin/orderview/list/", SIZES["phone"], "light"),
}


def main() -> None:
    logging.disable()
    words = set(sys.argv[1:])
    known = {"--docs", *SIZES, *MODES, *(name for scenes in (*SHOP.values(), *MINIMAL.values()) for name in scenes)}
    if words - known:
        raise SystemExit(
            f"No such page, size or mode: {', '.join(sorted(words - known))}. There are {', '.join(sorted(known))}."
        )
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        filled = Path(folder) / "filled.sqlite"
        fill(f"sqlite:///{filled}")
        with serve(filled, Path(folder)) as site:
            if "--docs" in words:
                shoot_for_docs(browser, site)
                return
            shoot_all(browser, site, SHOP, words)
        with serve_minimal(Path(folder)) as site:
            shoot_all(browser, site, MINIMAL, words)
    write_index()
    print(f"Look at {FOLDER / 'index.html'}")


def shoot_all(browser: Browser, site: Site, scenes: Mapping[str | None, Mapping[str, Scene]], words: set[str]) -> None:
    """Every page, or those named, in each size and mode, or those named."""
    names = words - SIZES.keys() - MODES.keys()
    for size, mode in product(SIZES.keys() & words or SIZES, MODES.keys() & words or MODES):
        for email, all_scenes in scenes.items():
            chosen = {name: scene for name, scene in all_scenes.items() if not names or name in names}
            if not chosen:
                continue
            page = open_page(browser, site, SIZES[size], **MODES[mode])
            if email is not None:
                sign_in(page, email)
            for name, scene in chosen.items():
                scene(page)
                shoot(page, FOLDER / f"{name}-{size}-{mode}.png", is_rtl=mode == "rtl")
            page.context.close()


def shoot(page: Page, file: Path, *, is_rtl: bool) -> None:
    """A picture of the whole page, in a window as high as that: else what sticks to its end would stand half-way."""
    if is_rtl:
        # No language of ours is written that way yet.
        page.evaluate("document.documentElement.dir = 'rtl'")
    window = page.viewport_size
    assert window is not None
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**window, "height": max(window["height"], height)})
    page.screenshot(path=file)
    page.set_viewport_size(window)


def write_index() -> None:
    """All pictures there are on one page: a page of the app in each line."""
    lines: dict[str, list[str]] = {}
    for file in sorted(FOLDER.glob("*-*-*.png")):
        lines.setdefault(file.stem.rsplit("-", 2)[0], []).append(file.name)
    template = (Path(__file__).parent / "sheet" / "shots.html").read_text(encoding="utf-8")
    (FOLDER / "index.html").write_text(Template(template, autoescape=True).render(lines=lines), encoding="utf-8")


def shoot_for_docs(browser: Browser, site: Site) -> None:
    """The pictures of the README: what a screen shows, in few bytes."""
    DOCS_FOLDER.mkdir(parents=True, exist_ok=True)
    for file, (path, size, scheme) in DOCS_PICTURES.items():
        page = open_page(browser, site, size, **MODES[scheme])
        sign_in(page, demo.ADMIN)
        page.goto(path)
        page.screenshot(path=DOCS_FOLDER / file)
        page.context.close()


def open_page(browser: Browser, site: Site, size: tuple[int, int], **options: Any) -> Page:
    """A window of its own."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        # A transition between two pages would be caught half-way.
        reduced_motion="reduce",
        has_touch=size == SIZES["phone"],
        base_url=site.url,
        **options,
    )
    return context.new_page()


def at(path: str) -> Scene:
    """The page of that address as it opens."""

    def scene(page: Page) -> None:
        page.goto(path)

    return scene


def send_faulty_form(page: Page) -> None:
    page.goto("/admin/customerview/add")
    page.get_by_label("Name").fill("Anna Abbott")
    page.get_by_label("Email").fill("nowhere")
    page.get_by_role("button", name="Save", exact=True).click()


def tick_rows(page: Page) -> None:
    page.goto("/admin/orderview/list/")
    for box in page.locator("tbody [name=rowid]").all()[:2]:
        box.check()


def ask_for_shipping(page: Page) -> None:
    tick_rows(page)
    page.get_by_role("button", name="Mark as shipped").click()
    await_question(page)


def ask_for_rows(page: Page) -> None:
    """Several records, of which there are too many to be named, and their number to be typed."""
    page.goto("/admin/customerview/list/?page_size=100")
    for box in page.locator("tbody [name=rowid]").all()[:60]:
        box.check()
    page.get_by_role("group", name="Bulk actions").get_by_role("button", name="Delete").click()
    await_question(page)


def ask_for_delete(page: Page) -> None:
    page.goto("/admin/tagview/edit/1")
    page.get_by_role("main").get_by_role("link", name="Delete").click()
    await_question(page)


def await_question(page: Page) -> None:
    """In a dialog; without scripts on a page of its own."""
    page.locator("form[data-question]").wait_for()


def sign_in_wrongly(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()


def show_components(page: Page) -> None:
    if page.viewport_size == {"width": 1280, "height": 800}:
        # Two of each stand side by side, as wide as on a page of their own.
        page.set_viewport_size({"width": 2000, "height": 800})
    page.goto("/admin/components/")


SHOP: dict[str | None, dict[str, Scene]] = {
    None: {"shop-sign-in": at("/login")},
    demo.CLERK: {"forbidden": at("/admin/productview/list/")},
    demo.ADMIN: {
        **{name: at(path) for name, path in PATHS.items()},
        "add-errors": send_faulty_form,
        "list-ticked": tick_rows,
        "list-action": ask_for_shipping,
        "delete-dialog": ask_for_delete,
        "delete-rows": ask_for_rows,
    },
}
"""Who looks -> what they see."""
MINIMAL: dict[str | None, dict[str, Scene]] = {
    None: {"sign-in": at("/admin/"), "sign-in-refused": sign_in_wrongly, "components": show_components}
}

if __name__ == "__main__":
    main()
