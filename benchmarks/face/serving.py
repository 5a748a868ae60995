"""A process that serves one app and counts its statements; runs in either environment."""

import gzip
from functools import cache
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

STATEMENTS = "X-Statements"
SETTINGS = {"SECRET_KEY": "a secret of the benchmarks"}


class SilentHandler(WSGIRequestHandler):
    """Answers requests without a line in the log for each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def serve(app: Flask) -> None:
    """Serve the app until the process ends; its address is the first line of the output."""
    event.listen(Engine, "before_cursor_execute", count)
    app.after_request(tell)
    app.after_request(compress)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


def count(*_arguments: Any) -> None:
    """Note that a statement is sent."""
    if has_request_context():
        g.statements = g.get("statements", 0) + 1


def tell(response: Response) -> Response:
    """Say how many statements the answer took."""
    response.headers[STATEMENTS] = g.get("statements", 0)
    return response


def compress(response: Response) -> Response:
    """Compress what the package left to a proxy; the same text once only, so that it costs neither side time."""
    is_text = (response.mimetype or "").startswith(("text/", "application/j", "image/svg"))
    if not is_text or response.content_encoding or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(compressed(response.get_data()))
    response.content_encoding = "gzip"
    return response


@cache
def compressed(body: bytes) -> bytes:
    """What a proxy would make of it."""
    return gzip.compress(body)
