from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from example_app.shop import create_app
from example_app.shop.extensions import Model, db
from example_app.shop.models import (
    Account,
    Category,
    Country,
    Customer,
    Employee,
    Order,
    OrderItem,
    Product,
    StockLevel,
    Store,
    Tag,
    product_tag,
)
from example_app.tests.conftest import ORDERS, PASSWORD


def test_seed_fills_every_table(shop: Flask) -> None:
    with shop.app_context():
        assert count(Order) == ORDERS
        assert count(Customer) == 1_500
        assert count(Account) == 4
        assert count(Country) == 15
        assert count(Store) == 5
        assert count(Employee) == 26
        assert count(Tag) == 9
        assert count(Category) == 27
        assert count(Product) == 336
        assert count(StockLevel) > count(Product)
        assert ORDERS < count(OrderItem) <= 4 * ORDERS
        assert db.session.scalar(select(func.count()).select_from(product_tag))


def test_totals_are_those_of_the_items(shop: Flask) -> None:
    with shop.app_context():
        for order in db.session.scalars(select(Order)):
            assert order.total == sum(item.line_total for item in order.items)


def test_categories_are_a_tree_and_employees_have_managers(shop: Flask) -> None:
    with shop.app_context():
        pans = db.session.scalars(select(Category).filter_by(slug="pans")).one()
        clerk = db.session.scalars(select(Employee).filter_by(job_title="Clerk").limit(1)).one()
        assert [str(pans.parent), str(pans.parent and pans.parent.parent)] == ["Cookware", "Kitchen"]
        assert clerk.manager is not None
        assert clerk.manager.store_id == clerk.store_id
        assert clerk.manager.manager is not None
        assert clerk.manager.manager.job_title == "Director"


def test_the_sample_accounts_have_the_password(shop: Flask) -> None:
    with shop.app_context():
        accounts = db.session.scalars(select(Account)).all()
        assert all(account.check_password(PASSWORD) for account in accounts)
        assert [account.email for account in accounts if not account.is_active] == ["former@example.com"]


def test_each_kind_of_row_says_what_it_is(shop: Flask) -> None:
    kinds = (Account, Category, Country, Customer, Employee, Order, OrderItem, Product, StockLevel, Store, Tag)
    with shop.app_context():
        texts = [str(db.session.scalars(select(kind).limit(1)).one()) for kind in kinds]
    assert all(text and "object at" not in text for text in texts)


def test_a_full_shop_is_left_alone(shop: Flask) -> None:
    answer = shop.test_cli_runner().invoke(args=["seed", "--orders", "5"])
    assert answer.exit_code == 0
    assert "nothing is changed" in answer.output
    with shop.app_context():
        assert count(Order) == ORDERS


def test_the_same_random_seed_makes_the_same_shop(tmp_path: Path) -> None:
    first, second = (orders_of_a_new_shop(tmp_path / name, 7) for name in ("first", "second"))
    assert first == second
    assert first != orders_of_a_new_shop(tmp_path / "third", 8)


def test_seed_without_tables_names_the_command_that_makes_them(tmp_path: Path) -> None:
    app = empty_shop(tmp_path / "shop")
    answer = app.test_cli_runner().invoke(args=["seed"])
    with app.app_context():
        db.engine.dispose()
    assert answer.exit_code == 1
    assert "flask db upgrade" in answer.output


def orders_of_a_new_shop(file: Path, random_seed: int) -> list[tuple[object, ...]]:
    """What the orders of a shop made with `random_seed` say."""
    app = empty_shop(file)
    with app.app_context():
        db.create_all()
        options = ["--orders", "20", "--random-seed", str(random_seed), "--password", PASSWORD]
        app.test_cli_runner().invoke(args=["seed", *options], catch_exceptions=False)
        columns = select(Order.number, Order.ordered_at, Order.total, Customer.email, Account.id)
        rows = db.session.execute(columns.join(Order.customer).outerjoin(Customer.account).order_by(Order.id)).all()
        db.session.remove()
        db.engine.dispose()
    return [tuple(row) for row in rows]


def empty_shop(file: Path) -> Flask:
    """A shop without tables."""
    return create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}", "SECRET_KEY": "only for tests"})


def count(kind: type[Model]) -> int:
    """How many rows of that kind there are."""
    return db.session.scalar(select(func.count()).select_from(kind)) or 0
