import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from example_app.shop.extensions import db
from example_app.shop.models import Account, Customer, Order, Product


def test_home_shows_the_newest_published_products(client: FlaskClient, shop: Flask) -> None:
    with shop.app_context():
        newest = select(Product.sku).where(Product.is_published).order_by(Product.released_on.desc(), Product.id.desc())
        skus = db.session.scalars(newest.limit(12)).all()
    page = client.get("/").text
    assert page.count('class="product"') == 12
    assert all(f"/product/{sku}" in page for sku in skus)


def test_home_leaves_out_what_has_no_release_date(client: FlaskClient, shop: Flask) -> None:
    with shop.app_context():
        undated = set(db.session.scalars(select(Product.sku).where(Product.released_on.is_(None))))
    page = client.get("/").text
    assert undated
    assert not any(f"/product/{sku}" in page for sku in undated)


def test_every_page_leads_to_the_top_categories(client: FlaskClient) -> None:
    for path in ("/", "/login", "/no-such-page"):
        assert 'href="/category/kitchen"' in client.get(path).text


def test_a_category_shows_what_stands_below_it(client: FlaskClient) -> None:
    assert "Frying Pan" in client.get("/category/kitchen").text
    assert "Frying Pan" in client.get("/category/pans").text
    assert "Frying Pan" not in client.get("/category/garden").text


def test_a_product_is_remembered_for_the_next_page(client: FlaskClient, shop: Flask) -> None:
    product = a_product(shop, is_published=True)
    assert product.name in client.get(f"/product/{product.sku}").text
    assert "You looked at" in client.get("/login").text


@pytest.mark.parametrize("path", ["/product/P-0", "/category/nothing", "/no-such-page"])
def test_what_does_not_exist_gets_the_shops_own_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "This shelf is empty" in answer.text


@pytest.mark.parametrize("path", ["/product/P%00", "/category/%00"])
def test_no_database_is_asked_for_a_control_character(client: FlaskClient, shop: Flask, path: str) -> None:
    asked: list[object] = []

    def note(_connection: object, _cursor: object, _statement: str, parameters: object, *_rest: object) -> None:
        asked.append(parameters)

    with shop.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 404
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked
    assert "\\x00" not in repr(asked)


def test_an_unpublished_product_is_not_shown(client: FlaskClient, shop: Flask) -> None:
    hidden = a_product(shop, is_published=False)
    assert client.get(f"/product/{hidden.sku}").status_code == 404


def test_orders_need_a_sign_in(client: FlaskClient) -> None:
    assert client.get("/orders").location == "/login?next=%2Forders"


def test_orders_are_those_of_whoever_is_signed_in(customer: FlaskClient, shop: Flask) -> None:
    with shop.app_context():
        of_customer = Order.customer.has(Customer.account.has(Account.email == "customer@example.com"))
        own = set(db.session.scalars(select(Order.number).where(of_customer)))
        others = set(db.session.scalars(select(Order.number))) - own
    page = customer.get("/orders").text
    assert own
    assert all(number in page for number in own)
    assert not any(number in page for number in others)


def a_product(shop: Flask, *, is_published: bool) -> Product:
    """Some product that is or is not published."""
    with shop.app_context():
        return db.session.scalars(select(Product).where(Product.is_published.is_(is_published)).limit(1)).one()
