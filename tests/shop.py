"""The example shop as tests use it: small, filled, with an administrator and a clerk."""

from random import Random
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from example_app import demo
from example_app.shop import create_app, seed
from example_app.shop.extensions import db

PASSWORD = "correct horse battery"
ORDERS = 120


def make_shop(url: str, **config: Any) -> Flask:
    """The extended shop on a database."""
    return create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "a secret of the test suite", **config})


def fill(url: str) -> None:
    """Make a shop's database: tables, sample data, `demo.ADMIN` and `demo.CLERK`."""
    with make_shop(url).app_context():
        demo.make_tables()
        seed.fill(ORDERS, Random(1), PASSWORD)
        demo.make_staff()
        close()


def close() -> None:
    """Give back the connections of the current app."""
    db.session.remove()
    db.engine.dispose()


def signed_in(app: Flask, email: str) -> FlaskClient:
    """A client of somebody who has signed in on the shop's own page."""
    client = app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, "the shop's sign-in page has refused"
    return client
