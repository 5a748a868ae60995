"""A shop with a few orders, on a SQLite file of its own."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from example_app.shop import create_app
from example_app.shop.extensions import db

PASSWORD = "correct horse"
ORDERS = 120


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The shop, its tables made by the migrations and filled by `flask seed`."""
    file = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}", "SECRET_KEY": "only for tests", "TESTING": True})
    with app.app_context():
        upgrade()
    app.test_cli_runner().invoke(args=["seed", "--orders", str(ORDERS), "--password", PASSWORD], catch_exceptions=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(shop: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return shop.test_client()


@pytest.fixture
def customer(client: FlaskClient) -> FlaskClient:
    """A customer who has signed in."""
    client.post("/login", data={"email": "customer@example.com", "password": PASSWORD})
    return client
