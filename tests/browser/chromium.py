"""A Chromium to drive, and what is watched while it is driven."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

EXECUTABLE = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Notes what no page may do: errors in the console, violated policies, requests to other hosts.

    `meant` are answers that a test wants scripts to get: the status and the path.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.faults: list[str] = []
        self.meant: set[tuple[int, str]] = set()

    def page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # An answer of 403, 404 or 422 to what was asked for is meant; Chromium reports it as an error.
        is_answer = message.text.startswith("Failed to load resource") and message.page is not None
        if is_answer and message.page is not None and message.location["url"] == message.page.url:
            return
        path = message.location["url"].removeprefix(self.url).partition("?")[0]
        if is_answer and any(f"status of {status} " in message.text and path == one for status, one in self.meant):
            return
        # The shop has no icon, and Chromium asks every site for one.
        if message.location["url"] == f"{self.url}/favicon.ico":
            return
        if message.type in {"error", "warning"}:
            self.faults.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.faults.append(f"request to {request.url}")
