"""A process that serves one app and counts its statements; runs in either environment."""

from typing import Any

from flask import Flask, Response, g, has_request_context
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
