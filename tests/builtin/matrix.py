"""Reads the matrix of a role as a browser does, and sends it with some ticks changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.builtin.forms import read_form
from tests.web.site import Browser, Site


@dataclass(frozen=True)
class Box:
    """A tick: its key (empty where it is locked), and whether it is ticked."""

    key: str
    is_ticked: bool
    is_locked: bool


class MatrixReader(HTMLParser):
    """Collects the rows under their headings, and the ticks by name: as the page says, else as scripts make it."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, Box] = {}
        self.groups: dict[str, list[str]] = {}
        self.columns: list[str] = []
        self._expected = ""
        self._box: Box | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "th":
            self._expected = found.get("scope") or ""
        elif tag == "input" and found.get("type") == "checkbox":
            box = Box(found.get("name") or "", "checked" in found, "disabled" in found)
            if "aria-label" in found:
                self._add(found["aria-label"] or "", box)
            else:
                self._expected, self._box = "label", box

    def handle_data(self, data: str) -> None:
        expected, self._expected = self._expected, ""
        if expected == "col":
            self.columns.append(data)
        elif expected == "rowgroup":
            self.groups[data] = []
        elif expected == "row":
            self.groups[next(reversed(self.groups))].append(data)
        elif expected == "label" and self._box is not None:
            self._add(f"{data} on {self.groups[next(reversed(self.groups))][-1]}", self._box)

    def _add(self, name: str, box: Box) -> None:
        assert name not in self.boxes, name
        self.boxes[name] = box


def read_matrix(page: TestResponse) -> MatrixReader:
    """The matrix of a page."""
    assert page.status_code in {200, 422}, page.text
    reader = MatrixReader()
    reader.feed(page.text)
    return reader


def ticked(page: TestResponse) -> set[str]:
    """The names of what is ticked in a page."""
    return {name for name, box in read_matrix(page).boxes.items() if box.is_ticked}


def send_ticks(
    browser: Browser,
    url: str,
    *names: str,
    untick: Iterable[str] = (),
    page: TestResponse | None = None,
    **fields: Any,
) -> TestResponse:
    """Tick what is named on a page (by default the one of the address), untick other things, fill fields, and send it.

    A browser sends nothing of a locked tick, so naming one fails here.
    """
    page = page or browser.get(url)
    boxes, form = read_matrix(page).boxes, read_form(page)
    wanted = {name for name, box in boxes.items() if box.is_ticked and not box.is_locked}
    wanted = (wanted | set(names)) - set(untick)
    assert all(boxes[name].key for name in (*names, *untick)), names
    keys = {box.key for box in boxes.values()}
    data: dict[str, Any] = {name: value for name, value in form.values.items() if name not in keys}
    data.update({boxes[name].key: "on" for name in wanted}, **fields)
    return browser.client.post(url, data=data)


def send_difference(
    browser: Browser, url: str, *, added: Iterable[str] = (), removed: Iterable[str] = (), **fields: Any
) -> TestResponse:
    """Send a form that nobody was shown: keys that were not ticked and are now, and the other way round."""
    data = {
        "csrf_token": browser.token(),
        "_fields": ",".join(["permissions", *fields]),
        "permissions": ",".join(removed),
    }
    return browser.client.post(url, data={**data, **dict.fromkeys(added, "on"), **fields})


def key_of(site: Site, permission: str, view_menu: str) -> str:
    """The key of a permission."""
    with site.app.app_context():
        return str(site.sm.find_permission_view_menu(permission, view_menu).id)


def role_key(site: Site, name: str) -> int:
    """The key of a role."""
    with site.app.app_context():
        return int(site.sm.find_role(name).id)


def grants_of(site: Site, name: str) -> set[str]:
    """What the rows of a role grant: "can_list on CustomerView"; nothing where there is no such role."""
    with site.app.app_context():
        role = site.sm.find_role(name)
        return {f"{each.permission.name} on {each.view_menu.name}" for each in role.permissions} if role else set()
