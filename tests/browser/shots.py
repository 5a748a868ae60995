"""`make shots`: pictures of every kind of page, to be looked at; written to `.cache/shots`.

Names of pages as arguments narrow it; `--docs` renews the few pictures in `docs/images` instead.
"""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from example_app import demo
from tests.browser.chromium import chromium
from tests.browser.served import Site, serve, serve_minimal, sign_in
from tests.shop import fill

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".cache" / "shots"
DOCS_FOLDER = ROOT / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}

PAGES = {
    "index": "/admin/",
    "orders": "/admin/orderview/list/",
    "customers": "/admin/customerview/list/?search=an",
    "products": "/admin/productview/list/",
    "empty": "/admin/customerview/list/?search=nobody+of+this+name",
    "order": "/admin/orderview/show/1",
    "customer": "/admin/customerview/show/7",
    "product": "/admin/productview/show/1",
    "product-edit": "/admin/productview/edit/1",
    "order-edit": "/admin/orderview/edit/1",
    "order-add": "/admin/orderview/add",
    "customer-delete": "/admin/customerview/delete/7",
    "stock": "/admin/stocklevelview/list/",
    "prices": "/admin/pricechangeview/form",
    "users": "/admin/users/list/",
    "roles": "/admin/roles/list/",
    "role-edit": "/admin/roles/edit/3",
    "profile": "/admin/userinfoeditview/form",
    "password": "/admin/resetmypassword/form",
    "menu": "/admin/menu",
    "not-found": "/admin/no-such-page",
}


# File -> path, size and colour scheme.
DOCS_PICTURES = {
    "list.png": ("/admin/orderview/list/?page_size=10", (1200, 640), "light"),
    "record-dark.png": ("/admin/orderview/show/2", (1080, 800), "dark"),
    "phone.png": ("/admin/orderview/list/", SIZES["phone"], "light"),
}


def main() -> None:
    logging.disable()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        filled = Path(folder) / "filled.sqlite"
        fill(f"sqlite:///{filled}")
        with serve(filled, Path(folder)) as site:
            if "--docs" in sys.argv:
                shoot_for_docs(browser, site)
                return
            shoot_all(browser, site, walk_shop)
        with serve_minimal(Path(folder)) as site:
            shoot_all(browser, site, walk_sign_in)
    print(f"Look at {FOLDER}")


def shoot_all(browser: Browser, site: Site, walk: Callable[[Page], Iterator[str]]) -> None:
    """Every page (or those named) in each size and colour scheme."""
    names = sys.argv[1:]
    for name_of_size, size in SIZES.items():
        for scheme in ("light", "dark"):
            page = open_page(browser, site, size, scheme)
            for name in walk(page):
                if not names or name in names:
                    page.screenshot(path=FOLDER / f"{name}-{name_of_size}-{scheme}.png", full_page=True)
            page.context.close()


def shoot_for_docs(browser: Browser, site: Site) -> None:
    """The pictures of the README: what a screen shows, in few bytes."""
    DOCS_FOLDER.mkdir(parents=True, exist_ok=True)
    for file, (path, size, scheme) in DOCS_PICTURES.items():
        page = open_page(browser, site, size, scheme)
        sign_in(page, demo.ADMIN)
        page.goto(path)
        page.screenshot(path=DOCS_FOLDER / file)
        page.context.close()


def open_page(browser: Browser, site: Site, size: tuple[int, int], scheme: str) -> Page:
    """A window of its own."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        # A transition between two pages would be caught half-way.
        reduced_motion="reduce",
        has_touch=size == SIZES["phone"],
        base_url=site.url,
    )
    return context.new_page()


def walk_shop(page: Page) -> Iterator[str]:
    """Open one page after another; its name when it is there."""
    page.goto("/login")
    yield "shop-sign-in"
    sign_in(page, demo.CLERK)
    page.goto("/admin/productview/list/")
    yield "forbidden"
    page.context.clear_cookies()
    sign_in(page, demo.ADMIN)
    for name, path in PAGES.items():
        page.goto(path)
        yield name
    page.goto("/admin/customerview/add")
    page.get_by_label("Name").fill("Anna Abbott")
    page.get_by_label("Email").fill("nowhere")
    page.get_by_role("button", name="Save").click()
    yield "customer-add-errors"
    page.goto("/admin/orderview/list/")
    for box in page.locator("tbody [name=rowid]").all()[:2]:
        box.check()
    yield "orders-ticked"
    page.get_by_role("button", name="Mark as shipped").click()
    yield "orders-ship"


def walk_sign_in(page: Page) -> Iterator[str]:
    """Our own sign-in page, of an app that has none."""
    page.goto("/admin/")
    yield "sign-in"
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    yield "sign-in-refused"


if __name__ == "__main__":
    main()
