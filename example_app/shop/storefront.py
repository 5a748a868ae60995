"""The pages that customers see."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Flask, abort, current_app, g, render_template, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from example_app.shop.extensions import db
from example_app.shop.models import Category, Customer, Order, OrderItem, Product

NEWEST_PRODUCTS = 12
LATEST_ORDERS = 50
REMEMBERED_PRODUCTS = 4

blueprint = Blueprint("storefront", __name__)


def init_app(app: Flask) -> None:
    """Hang what every page of the shop uses on `app`."""
    app.before_request(recall_viewed_products)
    app.context_processor(page_context)
    app.add_template_filter(money)
    app.register_error_handler(404, page_not_found)


@blueprint.url_value_preprocessor
def refuse_control_characters(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Answer that there is no such page before a database is asked; PostgreSQL cannot look for a NUL."""
    if not all(value.isprintable() for value in (values or {}).values()):
        abort(404)


@blueprint.get("/")
def home() -> str:
    """The home page: the newest products."""
    # PostgreSQL puts products without a date before all others, SQLite and MariaDB after them.
    dated = published().where(Product.released_on.is_not(None))
    newest = dated.order_by(Product.released_on.desc(), Product.id.desc()).limit(NEWEST_PRODUCTS)
    return render_template("storefront/home.html", products=db.session.scalars(newest).all())


@blueprint.get("/category/<slug>")
def category(slug: str) -> str:
    """The products of a category and of all that stand below it."""
    shelf = db.first_or_404(select(Category).filter_by(slug=slug))
    products = published().where(Product.category_id.in_(keys_below(shelf))).order_by(Product.name)
    return render_template("storefront/category.html", category=shelf, products=db.session.scalars(products).all())


@blueprint.get("/product/<sku>")
def product(sku: str) -> str:
    """One product, with where it is in stock."""
    found = db.first_or_404(published().where(Product.sku == sku))
    viewed = [sku, *(other for other in g.viewed_skus if other != sku)]
    session["viewed_skus"] = viewed[:REMEMBERED_PRODUCTS]
    return render_template("storefront/product.html", product=found)


@blueprint.get("/orders")
@login_required  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def orders() -> str:
    """The latest orders of whoever is signed in."""
    own = (
        select(Order)
        .join(Order.customer)
        .where(Customer.account_id == current_user.id)
        .order_by(Order.ordered_at.desc(), Order.id.desc())
        .limit(LATEST_ORDERS)
        .options(selectinload(Order.items).joinedload(OrderItem.product))
    )
    return render_template("storefront/orders.html", orders=db.session.scalars(own).all())


def published() -> Select[Product]:
    """The products that customers may see."""
    return select(Product).where(Product.is_published)


def keys_below(shelf: Category) -> Select[int]:
    """The keys of a category and of everything below it."""
    tree = select(Category.id).where(Category.id == shelf.id).cte("tree", recursive=True)
    tree = tree.union_all(select(Category.id).where(Category.parent_id == tree.c.id))
    return select(tree.c.id)


def recall_viewed_products() -> None:
    """Note for this request which products the visitor looked at before."""
    g.viewed_skus = session.get("viewed_skus", [])


def page_context() -> dict[str, Any]:
    """What all templates may use; the two functions ask the database only where they are called."""
    return {
        "shop_name": current_app.config["SHOP_NAME"],
        "top_categories": top_categories,
        "viewed_products": viewed_products,
    }


def top_categories() -> list[Category]:
    """The categories that stand in no other."""
    top = select(Category).where(Category.parent_id.is_(None)).order_by(Category.position)
    return list(db.session.scalars(top))


def viewed_products() -> list[Product]:
    """The products that the visitor looked at last, latest first."""
    skus: list[str] = g.get("viewed_skus", [])
    if not skus:
        return []
    found = db.session.scalars(published().where(Product.sku.in_(skus)))
    return sorted(found, key=lambda one: skus.index(one.sku))


def money(amount: Decimal) -> str:
    """An amount with the sign of the shop's currency."""
    return f"{current_app.config['SHOP_CURRENCY']}{amount:,.2f}"


def page_not_found(_error: Exception) -> ResponseReturnValue:
    """The shop's own page for an address that leads nowhere."""
    return render_template("storefront/not_found.html"), 404
