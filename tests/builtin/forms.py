"""Reads a page's form as a browser does, and sends it with some fields changed."""

from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.web.site import Browser


class FormReader(HTMLParser):
    """Collects what a browser would send of the form inside `<main>`."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.labels: dict[str, str] = {}
        self._in_main = False
        self._textarea: str | None = None
        self._label: str | None = None
        self._ids: dict[str, tuple[str, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        elif not self._in_main:
            return
        elif tag == "label":
            self._label = found.get("for")
        elif tag == "textarea":
            self._textarea = found["name"]
            self.values[found["name"]] = [""]
        elif tag == "input" and "name" in found:
            self._take(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = None
        elif tag == "label":
            self._label = None
        elif tag == "main":
            self._in_main = False

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.values[self._textarea][0] += data.removeprefix("\n")
        elif self._label in self._ids:
            self.labels[data.strip()] = self._ids[self._label][1]

    def _take(self, found: dict[str, str]) -> None:
        name, value = found["name"], found.get("value", "")
        self._ids[found.get("id", "")] = (name, value)
        is_ticked = found.get("type") != "checkbox" or "checked" in found
        if is_ticked:
            self.values.setdefault(name, []).append(value)


def read_form(page: TestResponse) -> FormReader:
    """The form of a page: `values` by name, and `labels` of its checkboxes with their values."""
    reader = FormReader()
    reader.feed(page.text)
    return reader


def send_form(browser: Browser, url: str, **changes: Any) -> TestResponse:
    """Open a page, change some fields of its form, and send it; a list for several boxes, labels for `*_called`.

    `roles_called=["Admin"]` ticks the boxes of the field `roles` that are labelled so.
    """
    page = browser.get(url)
    assert page.status_code == 200, page.text
    form = read_form(page)
    data: dict[str, Any] = dict(form.values)
    for name, value in changes.items():
        if name.endswith("_called"):
            data[name.removesuffix("_called")] = [form.labels[label] for label in value]
        else:
            data[name] = value
    return browser.client.post(url, data=data)
