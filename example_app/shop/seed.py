"""`flask seed`: fills the empty shop with sample data."""

import secrets
from collections.abc import Sequence
from itertools import islice
from random import Random

import click
from flask.cli import with_appcontext
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from example_app.shop import sample_words as words
from example_app.shop import samples
from example_app.shop.extensions import Model, db
from example_app.shop.models import (
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

ORDERS_AT_ONCE = 5_000

SHOPPER = "customer@example.com"

ACCOUNTS = {
    "owner@example.com": ("Olivia Owner", True),
    "clerk@example.com": ("Carl Clerk", True),
    SHOPPER: ("Cleo Customer", True),
    "former@example.com": ("Fred Former", False),
}
"""Full name, and whether enabled, of each sample account by its address."""


@click.command("seed")
@click.option("--orders", default=20_000, show_default=True, type=click.IntRange(min=1), help="How many orders.")
@click.option("--random-seed", default=1, show_default=True, help="Another number makes another shop.")
@click.option("--password", envvar="SHOP_PASSWORD", help="For the sample accounts; made up where it is not given.")
@with_appcontext
def seed_command(orders: int, random_seed: int, password: str | None) -> None:
    """Fill the empty shop with sample data, and say who may sign in."""
    if not inspect(db.engine).has_table(Customer.__tablename__):
        raise click.ClickException("The tables are missing. Make them first: flask db upgrade")
    if db.session.scalar(select(Customer.id).limit(1)) is not None:
        click.echo("The shop has data already; nothing is changed.")
        return
    password = password or secrets.token_urlsafe(9)
    fill(orders, Random(random_seed), password)
    click.echo(f"{orders} orders made. Sign in as {', '.join(ACCOUNTS)} (the last is disabled).")
    click.echo(f"Password: {password}")


def fill(orders: int, random: Random, password: str) -> None:
    """Make all sample data in one transaction; the accounts get `password`."""
    add(Country, samples.countries())
    add(Store, samples.stores(random))
    add_employees(random)
    add_catalogue(random)
    add(Customer, samples.customers(random))
    add_orders(orders, random)
    add_accounts(random, password)
    db.session.commit()


def add(model: type[Model], rows: Sequence[samples.Row]) -> None:
    """Insert many rows by few statements."""
    db.session.execute(insert(model), rows)


def keys(unique: InstrumentedAttribute[str], key: InstrumentedAttribute[int]) -> dict[str, int]:
    """The keys that the database gave, by what is unique about a row, in their order."""
    return {name: number for number, name in db.session.execute(select(key, unique).order_by(key))}


def add_employees(random: Random) -> None:
    """The director, a manager for each store, and the clerks under them."""
    store_ids = list(keys(Store.code, Store.id).values())
    add(Employee, [samples.employee(random, 1, "Director", None, None)])
    director_id = keys(Employee.staff_number, Employee.id)["E001"]
    managers = [
        samples.employee(random, 2 + index, "Store manager", store_id, director_id)
        for index, store_id in enumerate(store_ids)
    ]
    add(Employee, managers)
    manager_ids = list(keys(Employee.staff_number, Employee.id).values())[1:]
    posts = list(zip(store_ids, manager_ids, strict=True)) * samples.CLERKS_IN_A_STORE
    add(
        Employee,
        [
            samples.employee(random, 2 + len(managers) + index, "Clerk", store_id, manager_id)
            for index, (store_id, manager_id) in enumerate(posts)
        ],
    )


def add_catalogue(random: Random) -> None:
    """Categories, tags and products, and what the stores have of them."""
    db.session.add_all(samples.categories(words.CATEGORIES))
    db.session.flush()
    add(Tag, samples.tags())
    category_ids = keys(Category.name, Category.id)
    add(Product, samples.products(random, {category_ids[name]: kinds for name, kinds in shelves()}))
    product_ids = list(keys(Product.sku, Product.id).values())
    tag_ids = list(keys(Tag.name, Tag.id).values())
    db.session.execute(insert(product_tag), samples.product_tags(random, product_ids, tag_ids))
    add(StockLevel, samples.stock_levels(random, product_ids, list(keys(Store.code, Store.id).values())))


def shelves() -> list[tuple[str, list[str]]]:
    """The lowest categories, each with the kinds of product that stand there."""
    return [
        (shelf, kinds.split("|"))
        for sections in words.CATEGORIES.values()
        for shelves_of_section in sections.values()
        for shelf, kinds in shelves_of_section.items()
    ]


def add_orders(count: int, random: Random) -> None:
    """Orders with their items, some thousands at a time."""
    customer_ids = list(keys(Customer.email, Customer.id).values())
    seller_ids = list(keys(Employee.staff_number, Employee.id).values())
    prices = list(db.session.execute(select(Product.id, Product.price).order_by(Product.id)))
    rows = samples.orders(random, count, customer_ids, seller_ids)
    while batch := list(islice(rows, ORDERS_AT_ONCE)):
        items = [samples.order_items(random, prices) for _ in batch]
        add(Order, [row | {"total": samples.total(lines)} for row, lines in zip(batch, items, strict=True)])
        ids = keys_of_orders(batch[0]["number"], batch[-1]["number"])
        add(
            OrderItem,
            [
                line | {"order_id": ids[row["number"]]}
                for row, lines in zip(batch, items, strict=True)
                for line in lines
            ],
        )


def keys_of_orders(first: str, last: str) -> dict[str, int]:
    """The keys of the orders between two numbers."""
    between = select(Order.id, Order.number).where(Order.number.between(first, last))
    return {number: key for key, number in db.session.execute(between)}


def add_accounts(random: Random, password: str) -> None:
    """The sample accounts; the customer's belongs to whoever ordered most."""
    accounts = [samples.account(random, email, *known) for email, known in ACCOUNTS.items()]
    for account in accounts:
        account.set_password(password)
    db.session.add_all(accounts)
    shopper = next(account for account in accounts if account.email == SHOPPER)
    customer = best_customer()
    customer.account = shopper
    shopper.full_name = customer.name


def best_customer() -> Customer:
    """The customer with the most orders."""
    by_orders = select(Order.customer_id).group_by(Order.customer_id).order_by(func.count().desc(), Order.customer_id)
    return db.session.get_one(Customer, db.session.scalars(by_orders.limit(1)).one())
