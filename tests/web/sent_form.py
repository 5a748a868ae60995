"""What a browser sends when a form of a page is submitted untouched."""

import re
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

_VALID = {
    "date": r"\d{4,}-\d\d-\d\d",
    "time": r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?",
    "datetime-local": r"\d{4,}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?",
    "number": r"-?\d+(\.\d+)?([eE][+-]?\d+)?",
}


def sent_form(html: str, action: str) -> MultiDict[str, str]:
    """The fields of the form that posts to `action`, as the page shows them."""
    reader = _Reader(action)
    reader.feed(re.sub(r"\r\n?", "\n", html))
    reader.close()
    assert reader.sent, f"no form posts to {action}"
    return reader.sent


def held_back(html: str, action: str) -> list[str]:
    """The controls of that form that a browser would not send it with: required ones that are empty."""
    reader = _Reader(action)
    reader.feed(re.sub(r"\r\n?", "\n", html))
    reader.close()
    return [name for name in reader.required if not reader.sent.get(name)]


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.sent: MultiDict[str, str] = MultiDict()
        self.required: list[str] = []
        self.is_inside = False
        self.textarea: str | None = None
        self.text = ""
        self.select = ""
        self.is_multiple = False
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("action") == self.action
        elif not self.is_inside:
            return
        if "required" in given:
            self.required.append(given["name"])
        if tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "textarea":
            self.textarea, self.text = given["name"], ""
        elif tag == "select":
            self.select, self.options, self.is_multiple = given["name"], [], "multiple" in given
        elif tag == "option":
            self.options.append((given["value"], "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea" and self.textarea is not None:
            # A browser drops the line break after the tag, and sends each of the others as two characters.
            self.sent.add(self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = None
        elif tag == "select" and self.select:
            self._select([value for value, is_selected in self.options if is_selected])
            self.select = ""

    def _select(self, chosen: list[str]) -> None:
        if not self.is_multiple:
            chosen = [(chosen or [self.options[0][0]])[-1]]
        for value in chosen:
            self.sent.add(self.select, value)

    def _input(self, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                self.sent.add(given["name"], value)
            return
        if kind not in {"submit", "file"}:
            value = value.replace("\n", "")
            is_kept = kind not in _VALID or re.fullmatch(_VALID[kind], value)
            self.sent.add(given["name"], value if is_kept else "")
