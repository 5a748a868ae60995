"""The example shop, served to a browser from a thread."""

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from appbuilder_lite import AppBuilder, migrating
from tests.browser.sheet.view import ComponentsView
from tests.shop import PASSWORD, close, make_shop

SHEET = Path(__file__).parent / "sheet"


@dataclass(frozen=True)
class Site:
    """A running app: its address without a slash at the end, the app, and its database file."""

    url: str
    app: Flask
    file: Path


class SilentHandler(WSGIRequestHandler):
    """Answers requests without a line in the log for each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def serve(filled: Path, folder: Path, **config: Any) -> Iterator[Site]:
    """Serve a copy of a filled shop until the block ends; keywords are its configuration."""
    file = folder / "shop.sqlite"
    shutil.copyfile(filled, file)
    app = make_shop(f"sqlite:///{file}", **config)
    with serving(app) as url:
        yield Site(url, app, file)
    with app.app_context():
        close()


@contextmanager
def serve_minimal(folder: Path) -> Iterator[Site]:
    """Serve an app that has nothing but this extension: its own users, our sign-in page, and the page of components."""
    file, db = folder / "minimal.sqlite", SQLAlchemy()
    app = Flask("minimal", template_folder=str(SHEET), static_folder=str(SHEET))
    app.config.update(SECRET_KEY="a secret of the test suite", SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}")
    db.init_app(app)
    appbuilder = AppBuilder(app, db)
    appbuilder.add_view_no_menu(ComponentsView)
    with app.app_context():
        migrating.create_tables(db, appbuilder.sm.models)
        appbuilder.sm.ensure_synced()
        role = appbuilder.sm.find_role("Admin")
        appbuilder.sm.add_user("ada", "Ada", "Admin", "ada@example.com", role, password=PASSWORD)
        db.session.remove()
    with serving(app) as url:
        yield Site(url, app, file)
    with app.app_context():
        db.engine.dispose()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app from a thread; its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, read_whole(app), threaded=True, request_handler=SilentHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read_whole(app: WSGIApplication) -> WSGIApplication:
    """The app with bodies that are read and closed before anything is sent.

    Werkzeug's server leaves the body open when the browser hangs up, and an open file fails the test that comes next.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if close_body := getattr(body, "close", None):
                close_body()

    return answer


def sign_in(page: Page, email: str) -> None:
    """Sign in on the shop's own page, sent there by ours."""
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    # To the end: a key that is pressed before the scripts of the next page are there is pressed for nothing.
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
