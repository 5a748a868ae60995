"""Somebody at a page whose clicks, keystrokes and page loads are counted."""

from playwright.sync_api import Locator, Page, Request


class Person:
    """Does one thing after another; what is not done through here is only looked at.

    A double click is two, a chord such as Ctrl+K is as many keystrokes as it has keys. A load is a page that the window
    asked for, redirects included; what scripts fetch is none.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.keys = self.loads = 0
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        is_page = request.is_navigation_request() and request.frame == self.page.main_frame
        if is_page and request.redirected_from is None:
            self.loads += 1

    def click(self, found: Locator, *, at: tuple[float, float] | None = None) -> None:
        """A click into the middle, or so many pixels from the upper left corner."""
        self.clicks += 1
        found.click(position=None if at is None else {"x": at[0], "y": at[1]})

    def double_click(self, found: Locator) -> None:
        self.clicks += 2
        found.dblclick()

    def press(self, chord: str) -> None:
        self.keys += len(chord.split("+"))
        self.page.keyboard.press(chord)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)
