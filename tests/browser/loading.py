"""What one cold load of a page costs a browser."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Cookie, Locator, Page, Response

KB = 1024
OBSERVE = """
window.observed = {shift: 0, paint: 0};
const observe = (type, note) =>
  new PerformanceObserver(found => found.getEntries().forEach(note)).observe({type, buffered: true});
observe("layout-shift", entry => { window.observed.shift += entry.value; });
observe("largest-contentful-paint", entry => { window.observed.paint = entry.startTime; });
"""


@dataclass(frozen=True, slots=True)
class Load:
    """A page and all that it asked for, each address once and without the favicon; sizes are bytes of bodies.

    `transfer` counts a body as it was sent, or compressed by gzip where the server left that to a proxy. `shift` is the
    sum of all layout shifts, `paint` when the largest contentful paint was, in milliseconds, `nodes` the elements of
    the page, `answer` the headers of the page itself.
    """

    requests: int
    transfer: int
    decoded: int
    scripts: int
    styles: int
    fonts: int
    shift: float
    paint: float
    nodes: int
    answer: dict[str, str]


@contextmanager
def cold_window(browser: Browser, cookies: list[Cookie]) -> Iterator[Page]:
    """A window of a browser that has nothing but these cookies, and observes what `load` asks it for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        context.add_cookies(cookies)  # type: ignore[arg-type]  # what a context gives is what it takes
        page = context.new_page()
        page.add_init_script(OBSERVE)
        yield page
    finally:
        context.close()


def load(page: Page, url: str) -> Load:
    """Open a page in a cold window, and wait until it is at rest."""
    answers: dict[str, Response] = {}

    def note(found: Response) -> None:
        # What is asked for twice comes out of the browser's cache: the sprite of icons is the icon of the page, too.
        answers.setdefault(found.url, found)

    page.on("response", note)
    answer = page.goto(url, wait_until="networkidle")
    assert answer is not None
    # What is observed is told after a frame has been shown.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    observed = page.evaluate("window.observed")
    parts = [found for address, found in answers.items() if "favicon" not in address]
    sizes = [(found.request.resource_type, len(found.body())) for found in parts]
    return Load(
        requests=len(parts),
        transfer=sum(map(transfer, parts)),
        decoded=sum(size for _kind, size in sizes),
        scripts=sum(size for kind, size in sizes if kind == "script"),
        styles=sum(size for kind, size in sizes if kind == "stylesheet"),
        fonts=sum(kind == "font" for kind, _size in sizes),
        shift=observed["shift"],
        paint=observed["paint"],
        nodes=page.evaluate("document.querySelectorAll('*').length"),
        answer=answer.headers,
    )


def transfer(answer: Response) -> int:
    """Bytes of a body on its way through a proxy that compresses what is not compressed yet."""
    if "content-encoding" in answer.headers:
        return int(answer.request.sizes()["responseBodySize"])
    body = answer.body()
    return min(len(body), len(gzip.compress(body)))


def wait_for_script(page: Page, name: str) -> None:
    """Until a script has run that a page asks for when it is needed first."""
    page.wait_for_function("name => [...document.scripts].some(({ src }) => src.includes(name))", arg=name)
    page.wait_for_load_state("networkidle")


def follow(button: Locator) -> None:
    """Click what leads to another page, and wait for that: an address that is opened before would call it off."""
    with button.page.expect_navigation():
        button.click()


def wait_for_focus(page: Page) -> None:
    """Until the browser has put the focus where the page says: with the first frames, not with the page."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
