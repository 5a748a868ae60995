"""Sample rows for every table, the same ones for the same random seed.

The rows name each other by what is unique about them (a code, an e-mail address, a number); the databases give the
keys, so that their own counters stay right for whoever adds a row later.
"""

import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from example_app.shop import sample_words as words
from example_app.shop.models import Account, Category, OrderStatus
from example_app.shop.models.sales import discounted

Row = dict[str, Any]
"""The values of one row by column."""

FIRST_DAY = date(2023, 1, 2)
LAST_DAY = date(2025, 12, 30)
CUSTOMERS = 1_500
CLERKS_IN_A_STORE = 4

FIRST_NAMES = words.FIRST_NAMES.split()
LAST_NAMES = words.LAST_NAMES.split()
CITIES = words.CITIES.split()


def countries() -> list[Row]:
    """All countries."""
    return [{"code": code, "name": name, "is_eu": is_eu} for code, (name, is_eu) in words.COUNTRIES.items()]


def stores(random: Random) -> list[Row]:
    """All stores."""
    return [
        {
            "code": code,
            "name": name,
            "city": city,
            "country_code": country,
            "opens_at": time(random.choice((8, 9, 10)), random.choice((0, 30))),
            "closes_at": time(random.choice((18, 19, 20))),
            "opened_on": FIRST_DAY - timedelta(days=random.randrange(200, 4_000)),
            "has_parking": random.choice((True, False, None)),
        }
        for code, (name, city, country) in words.STORES.items()
    ]


def employee(random: Random, number: int, title: str, store_id: int | None, manager_id: int | None) -> Row:
    """An employee with a name and a past."""
    hired_on = FIRST_DAY - timedelta(days=random.randrange(2_500))
    stays = manager_id is None or random.random() < 0.85
    return {
        "staff_number": f"E{number:03}",
        "first_name": random.choice(FIRST_NAMES),
        "last_name": random.choice(LAST_NAMES),
        "job_title": title,
        "hired_on": hired_on,
        "left_on": None if stays else LAST_DAY - timedelta(days=random.randrange(900)),
        "salary": Decimal(random.randrange(24_000, 42_000)) + Decimal("0.50"),
        "store_id": store_id,
        "manager_id": manager_id,
    }


def categories(tree: Mapping[str, Any]) -> list[Category]:
    """A category for each name in a tree of names, with those below it; the leaves are the names of products."""
    return [
        Category(
            name=name,
            slug=name.lower().replace(" ", "-"),
            position=position,
            children=categories(below) if isinstance(below, Mapping) else [],
        )
        for position, (name, below) in enumerate(tree.items(), 1)
    ]


def tags() -> list[Row]:
    """All tags."""
    return [{"name": name, "colour": colour} for name, colour in words.TAGS.items()]


def products(random: Random, kinds: Mapping[int, Sequence[str]]) -> list[Row]:
    """A product in each style of each kind that a category, given by its key, has."""
    named = [(key, f"{style} {kind}") for key, names in kinds.items() for kind in names for style in words.STYLES]
    return [product(random, 1_000 + index, name, key) for index, (key, name) in enumerate(named)]


def product(random: Random, number: int, name: str, category_id: int) -> Row:
    """A product, its price, and what else is known about it."""
    price = Decimal(random.randrange(4, 180)) + random.choice((Decimal("0.00"), Decimal("0.50"), Decimal("0.90")))
    return {
        "sku": f"P-{number}",
        "name": name,
        "summary": random.choice((f"Our {name.lower()}, made to last.", f"{name}, in three colours.", None)),
        "description": random.choice((None, "Comes with a repair kit.\n\nWe take it back after use, and mend it.")),
        "price": price,
        "cost": random.choice((None, discounted(price, Decimal(55)))),
        "weight_grams": random.choice((None, random.randrange(80, 6_000))),
        "released_on": random.choice((None, a_day(random), a_day(random))),
        "is_published": random.random() < 0.93,
        "is_fragile": random.choice((True, False, None)),
        "category_id": category_id,
    }


def product_tags(random: Random, product_ids: Sequence[int], tag_ids: Sequence[int]) -> list[Row]:
    """None to three tags for each product."""
    return [
        {"product_id": product_id, "tag_id": tag_id}
        for product_id in product_ids
        for tag_id in random.sample(tag_ids, random.randrange(4))
    ]


def stock_levels(random: Random, product_ids: Sequence[int], store_ids: Sequence[int]) -> list[Row]:
    """What each store has of most products."""
    return [
        {
            "product_id": product_id,
            "store_id": store_id,
            "quantity": max(0, random.randrange(-5, 60)),
            "reorder_below": random.choice((None, 5, 10)),
            "counted_at": random.choice((None, datetime.combine(a_day(random), time(7, 15)))),
        }
        for product_id in product_ids
        for store_id in store_ids
        if random.random() < 0.7
    ]


def customers(random: Random) -> list[Row]:
    """All customers, in the order in which they came."""
    arrivals = sorted(moment(random, FIRST_DAY - timedelta(days=1_000), FIRST_DAY) for _ in range(CUSTOMERS))
    return [customer(random, index, arrived_at) for index, arrived_at in enumerate(arrivals, 1)]


def customer(random: Random, number: int, created_at: datetime) -> Row:
    """A customer; how much is known of one varies."""
    name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
    return {
        "name": name,
        "email": f"{mailbox(name)}.{number}@example.com",
        "phone": random.choice((None, f"+43 1 {random.randrange(10**6, 10**7)}")),
        "city": random.choice((None, *CITIES)),
        "born_on": random.choice((None, date(1940, 1, 1) + timedelta(days=random.randrange(24_000)))),
        "credit_limit": random.choice((None, None, Decimal(random.randrange(1, 50) * 100))),
        "wants_newsletter": random.choice((True, False, None)),
        "notes": random.choice(
            (None, None, None, "Prefers to be written to.", "Buys for a school.\nAsks for discount.")
        ),
        "created_at": created_at,
        "country_code": random.choice((None, *words.COUNTRIES)),
        "account_id": None,
    }


def account(random: Random, email: str, full_name: str, is_enabled: bool) -> Account:
    """An account, still without a password."""
    key = uuid.UUID(int=random.getrandbits(128), version=4)
    opened_at = moment(random, FIRST_DAY - timedelta(days=1_000), FIRST_DAY)
    return Account(id=key, email=email, full_name=full_name, is_enabled=is_enabled, created_at=opened_at)


def orders(random: Random, count: int, customer_ids: Sequence[int], seller_ids: Sequence[int]) -> Iterator[Row]:
    """As many orders, from the oldest to the newest, still without a total."""
    moments = sorted(moment(random, FIRST_DAY, LAST_DAY) for _ in range(count))
    for number, ordered_at in enumerate(moments, 1):
        yield {
            "number": f"SO-{number:06}",
            "status": order_status(random, ordered_at.date()),
            "ordered_at": ordered_at,
            "deliver_on": random.choice((None, ordered_at.date() + timedelta(days=random.randrange(2, 12)))),
            "deliver_after": random.choice((None, time(9), time(13, 30), time(18))),
            "is_gift": random.random() < 0.08,
            "note": random.choice(words.ORDER_NOTES) if random.random() < 0.1 else None,
            "customer_id": random.choice(customer_ids),
            "sold_by_id": random.choice((None, random.choice(seller_ids))),
        }


def order_status(random: Random, ordered_on: date) -> OrderStatus:
    """How far an order of that day has come: the old ones have arrived, but for a few."""
    if random.random() < 0.04:
        return OrderStatus.CANCELLED
    if ordered_on < LAST_DAY - timedelta(days=21):
        return OrderStatus.DELIVERED
    return random.choice((OrderStatus.NEW, OrderStatus.PAID, OrderStatus.SHIPPED))


def order_items(random: Random, prices: Sequence[tuple[int, Decimal]]) -> list[Row]:
    """One to four lines for an order, of products given by key and price, still without the order."""
    return [
        {
            "product_id": product_id,
            "quantity": random.choice((1, 1, 1, 2, 2, 3, 6)),
            "unit_price": price,
            "discount_percent": Decimal("12.50") if random.random() < 0.1 else None,
        }
        for product_id, price in random.sample(prices, random.choice((1, 2, 2, 3, 4)))
    ]


def total(items: Sequence[Row]) -> Decimal:
    """What lines of an order come to."""
    return sum(
        (discounted(item["unit_price"] * item["quantity"], item["discount_percent"]) for item in items), Decimal()
    )


def a_day(random: Random) -> date:
    """Some day of the sample's time."""
    return FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days))


def moment(random: Random, first: date, last: date) -> datetime:
    """Some second between two days, within opening hours."""
    day = first + timedelta(days=random.randrange((last - first).days + 1))
    return datetime.combine(day, time(8)) + timedelta(seconds=random.randrange(12 * 3600))


def mailbox(name: str) -> str:
    """`name` as the part of an e-mail address before the @: plain letters and dots."""
    plain = name.lower().replace("ø", "o").replace("ł", "l").replace("ß", "ss").replace(" ", ".")
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return letters.replace("'", "").replace("-", "")
