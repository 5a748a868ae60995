import uuid
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from example_app.shop.auth import load_account
from example_app.shop.extensions import db
from example_app.shop.models import Account
from example_app.tests.conftest import PASSWORD

CREDENTIALS = {"email": "customer@example.com", "password": PASSWORD}


def test_sign_in_leads_to_the_home_page_and_greets_by_name(client: FlaskClient, shop: Flask) -> None:
    answer = client.post("/login", data=CREDENTIALS, follow_redirects=True)
    with shop.app_context():
        account = db.session.scalars(select(Account).filter_by(email="customer@example.com")).one()
    assert answer.request.path == "/"
    assert f"Welcome, {account.full_name}." in answer.text
    assert account.last_seen_at is not None


def test_sign_in_takes_the_address_in_any_case(client: FlaskClient) -> None:
    assert client.post("/login", data=CREDENTIALS | {"email": " Customer@Example.com "}).status_code == 302


def test_an_address_is_kept_in_lower_case() -> None:
    assert Account(email=" Someone@Example.com ").email == "someone@example.com"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"password": ""},
        {"email": "nobody@example.com"},
        {"email": "customer@example.com\0"},
        {"email": "former@example.com"},
    ],
    ids=["password", "no password", "unknown", "control character", "disabled"],
)
def test_a_refused_sign_in_says_the_same_for_every_reason(client: FlaskClient, wrong: dict[str, str]) -> None:
    answer = client.post("/login", data=CREDENTIALS | wrong)
    assert answer.status_code == 401
    assert "The e-mail address or the password is not right." in answer.text
    assert client.get("/orders").status_code == 302


def test_sign_in_returns_to_the_page_that_asked_for_it(client: FlaskClient) -> None:
    asked = client.get("/orders")
    form = client.get(asked.location)
    assert urlsplit(asked.location).path == "/login"
    assert 'name="next" value="/orders"' in form.text
    assert client.post("/login", data=CREDENTIALS | {"next": "/orders"}).location == "/orders"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", ""]
)
def test_sign_in_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    assert client.post("/login", data=CREDENTIALS | {"next": target}).location == "/"


def test_whoever_is_signed_in_is_sent_on_from_the_sign_in_page(customer: FlaskClient) -> None:
    assert customer.get("/login?next=/orders").location == "/orders"


def test_sign_out_is_by_post_only(customer: FlaskClient) -> None:
    assert customer.get("/logout").status_code == 405
    assert customer.get("/orders").status_code == 200
    assert customer.post("/logout").location == "/"
    assert customer.get("/orders").status_code == 302


@pytest.mark.parametrize("key", ["", "1", "not a key", str(uuid.UUID(int=0))])
def test_a_session_with_an_unknown_key_is_nobodys(shop: Flask, key: str) -> None:
    with shop.app_context():
        assert load_account(key) is None


def test_disabling_an_account_ends_its_session(customer: FlaskClient, shop: Flask) -> None:
    assert customer.get("/orders").status_code == 200
    switch(shop, is_enabled=False)
    try:
        assert customer.get("/orders").status_code == 302
    finally:
        switch(shop, is_enabled=True)


def switch(shop: Flask, *, is_enabled: bool) -> None:
    """Enable or disable the customer's account."""
    with shop.app_context():
        db.session.scalars(select(Account).filter_by(email="customer@example.com")).one().is_enabled = is_enabled
        db.session.commit()
