"""All that a list shows, as a file.

The file is whole before the first byte of it is sent: what fails on the way is a page that says so, and never half a
file that looks like all of it. Nothing waits in the database for who reads slowly or goes away.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import ListQuery
from appbuilder_lite.errors import InvalidFilters
from appbuilder_lite.resource import params
from appbuilder_lite.resource.exporting import FORMATS, columns_of
from appbuilder_lite.resource.options import on_page
from appbuilder_lite.text import gettext, one_line, reader
from appbuilder_lite.web.error_pages import error_page
from appbuilder_lite.web.failures import tell
from appbuilder_lite.web.guard import who
from appbuilder_lite.web.listing import AskedList, asked_list
from appbuilder_lite.web.record_view import RecordView
from appbuilder_lite.web.routes import Route, expose, has_access, permission_name
from appbuilder_lite.web.shell import MenuLink

IN_MEMORY = 1024 * 1024
"""Bytes of a file that are kept in memory; a longer one is a temporary file on the disk."""

log = logging.getLogger("appbuilder_lite.security")

_PIECE = 64 * 1024
_LONGEST_TITLE = 80
# What a file's name cannot have on one system or another.
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


class ExportRoutes(RecordView):
    """The file of a list."""

    @expose("/list/export/<format>")
    @has_access
    @permission_name("export")
    def export_list(self, format: str) -> ResponseReturnValue:
        """All records that an address of the list asks for, in one of `export_formats`."""
        if format not in self.options.export_formats:
            abort(404)
        if not self.can_open("list"):
            abort(403)
        asked = asked_list(self)
        try:
            return self._exported(format, asked)
        except InvalidFilters as error:
            return asked.refused(error)

    def export_urls(self) -> Mapping[str, str]:
        """Where the list is had as a file, by format; none where the current person may not have it."""
        is_ours = type(self).export_list is ExportRoutes.export_list
        if not is_ours or not self.can_open("export_list"):
            return {}
        return {name: self.url_for("export_list", format=name) for name in self.options.export_formats}

    def refusal_title(self, method: str) -> str:
        if method == "export_list":
            return gettext("You cannot export %(title)s", title=self.view_title)
        return super().refusal_title(method)

    def offered_routes(self, found: Mapping[str, Route]) -> Mapping[str, Route]:
        """There is no file where there is no list, or where the view has none."""
        found = super().offered_routes(found)
        is_listed = "list" in found and self._has_route("list", found["list"])
        if (is_listed and self.export_formats) or type(self).export_list is not ExportRoutes.export_list:
            return found
        return {name: route for name, route in found.items() if name != "export_list"}

    def _exported(self, format: str, asked: AskedList) -> ResponseReturnValue:
        columns = self.options.export_columns or asked.wanted.columns
        wanted, most = replace(asked.wanted, columns=columns), self.state.settings.max_export_rows
        within = asked.within
        if request.method == "HEAD":
            return self._sent(format, (), None)
        names, whole = self.resource.whole(wanted, asked.policy, within, most)
        if whole.count > whole.most:
            return self._too_many(whole.most, asked.query)
        with ExitStack() as opened:
            file = opened.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
            of_file = columns_of(names, on_page(self.options, "list"))
            for text in FORMATS[format].write(of_file, whole.batches(), partial(tell, self.options.name)):
                # Half a surrogate pair is no character, but SQLite keeps it.
                file.write(text.encode("utf-8", "backslashreplace"))
            length = file.tell()
            file.seek(0)
            if length <= IN_MEMORY:
                response = self._sent(format, [file.read()], length)
            else:
                response = self._sent(format, _pieces(file), length)
                # Who goes away before the first piece is asked for leaves it open.
                response.call_on_close(opened.pop_all().close)
        address = one_line(request.full_path.rstrip("?"))
        log.info("Exported: %d rows of %s to %s, %s.", whole.count, self.view_menu, who(self.state), address)
        return response

    def _sent(self, format: str, pieces: Iterable[bytes], length: int | None) -> Response:
        response = Response(pieces, content_type=FORMATS[format].content_type)
        if length is not None:
            response.content_length = length
        name = f"{_file_name(str(self.options.list_title))} {datetime.now(UTC):%Y-%m-%d}.{format}"
        response.headers["Content-Disposition"] = _attachment(name)
        return response

    def _too_many(self, most: int, query: ListQuery) -> ResponseReturnValue:
        url = self.url_for("list", **params.url_args(query.from_start(), self.options))
        title = gettext("These are too many records for a file")
        text = gettext(
            "At most %(most)s can be exported at a time. Narrow the list by a search or a filter first.",
            most=reader().count(most),
        )
        return error_page(self.state, 422, title, text, _ListAsAsked(self, url))


@dataclass(frozen=True, slots=True)
class _ListAsAsked:
    """A view, as an error page sees it that leads back to what its list was asked for."""

    view: RecordView
    url: str

    def refusal_title(self, method: str) -> str:
        return self.view.refusal_title(method)

    def way_back(self) -> MenuLink | None:
        back = self.view.way_back()
        return None if back is None else replace(back, url=self.url)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        return self.view.show_again(method, values)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is in a file, which is closed at its end."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _file_name(title: str) -> str:
    return _NOT_IN_NAMES.sub("-", title)[:_LONGEST_TITLE].strip(" .-") or "export"


def _attachment(name: str) -> str:
    """The header that makes it a file of this name, as RFC 6266 has it; its letters beyond ASCII are in UTF-8."""
    # A wide quotation mark is a plain one here.
    plain = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
