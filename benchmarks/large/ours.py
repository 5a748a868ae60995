"""The generated pages and hand-written ones beside them, in one app."""

import re
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, request, session
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import generate_csrf
from jinja2 import DictLoader
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from benchmarks.large import measuring, sample

LIST = "/admin/orderview/list/"
MOST = 10_000
KEY = 7


class Base(DeclarativeBase):
    """The base of the schema that both pages read."""


db = SQLAlchemy(model_class=Base)


class Customer(Base):
    """A customer."""

    __tablename__ = "large_customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))

    def __str__(self) -> str:
        return self.name


class Order(Base):
    """An order of a customer."""

    __tablename__ = "large_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    status: Mapped[str] = mapped_column(sa.String(20))
    placed: Mapped[datetime]
    amount: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2))
    note: Mapped[str] = mapped_column(sa.String(200))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("large_customer.id"))
    customer: Mapped[Customer] = relationship()

    def __str__(self) -> str:
        return self.number


class OrderView(ModelView):
    """The generated pages."""

    datamodel = SQLAInterface(Order)
    list_columns = sample.COLUMNS
    search_columns = ["number"]
    show_columns = edit_columns = sample.FIELDS
    page_size = sample.PAGE_SIZE


appbuilder = AppBuilder()
appbuilder.add_view(OrderView, "Orders", category="Sales")

PAGE = """<!doctype html>
<html lang="en"><head><title>Orders</title><link rel="stylesheet" href="/static/a.css"></head>
<body><nav><a href="/orders">Orders</a></nav><main><h1>Orders</h1><p>{{ total }} records</p>
<form role="search"><input type="search" name="search" value="{{ search }}"><button>Search</button></form>
<table><thead><tr>{% for label in labels %}<th><a href="?sort={{ label }}">{{ label }}</a></th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>
<td><input type="checkbox" name="rowid" value="{{ row[0] }}"></td>
<th><a href="/order/{{ row[0] }}">{{ row[1] }}</a></th>
<td>{{ row[2] }}</td><td>{{ row[3] }}</td>
<td><time datetime="{{ row[4] }}">{{ row[4] }}</time></td>
<td>{{ row[5] }}</td>
<td><a href="/order/{{ row[0] }}/edit">Edit</a> <a href="/order/{{ row[0] }}/delete">Delete</a></td>
</tr>{% endfor %}</tbody></table></main></body></html>"""
FRAME = """<!doctype html>
<html lang="en"><head><title>{{ row[1] }}</title><link rel="stylesheet" href="/static/a.css"></head>
<body><nav><a href="/orders">Orders</a></nav><main><h1>{{ row[1] }}</h1>"""
SHOW = (
    FRAME
    + """<p><a href="/order/{{ row[0] }}/edit">Edit</a> <a href="/order/{{ row[0] }}/delete">Delete</a></p>
<dl><dt>Number</dt><dd>{{ row[1] }}</dd><dt>Customer</dt><dd><a href="/customer/{{ row[6] }}">{{ row[2] }}</a></dd>
<dt>Status</dt><dd>{{ row[3] }}</dd><dt>Placed</dt><dd><time datetime="{{ row[4] }}">{{ row[4] }}</time></dd>
<dt>Amount</dt><dd>{{ row[5] }}</dd></dl></main></body></html>"""
)
EDIT = (
    FRAME
    + """<form method="post"><input type="hidden" name="csrf_token" value="{{ token }}">
<label for="number">Number</label><input id="number" name="number" value="{{ row[1] }}" required maxlength="20">
<label for="name">Customer</label><input id="name" type="search" value="{{ row[2] }}" data-look-up="/customers">
<input type="hidden" name="customer" value="{{ row[6] }}">
<label for="status">Status</label><input id="status" name="status" value="{{ row[3] }}" required maxlength="20">
<label for="placed">Placed</label><input id="placed" type="datetime-local" name="placed" value="{{ row[4] }}" required>
<label for="amount">Amount</label><input id="amount" type="number" name="amount" value="{{ row[5] }}" required>
<button>Save</button></form></main></body></html>"""
)
TEMPLATES = {"hand_written.html": PAGE, "hand_written_show.html": SHOW, "hand_written_edit.html": EDIT}

_SHOWN = sa.select(Order.id, Order.number, Customer.name, Order.status, Order.placed, Order.amount).join(Customer)
_BY_KEY = _SHOWN.order_by(Order.id).limit(sample.PAGE_SIZE)
_WHERE: dict[str, Any] = {
    "status": Order.status == sa.bindparam("status"),
    "search": Order.number.icontains(sa.bindparam("search")),
}


def _counted(*where: Any) -> Any:
    return sa.select(sa.func.count()).select_from(sa.select(Order.id).where(*where).limit(MOST + 1).subquery())


_KEPT = {
    "page": (_BY_KEY.offset(sa.bindparam("start")), _counted()),
    "after": (_BY_KEY.where(Order.id > sa.bindparam("after")), _counted()),
    "sort": (_SHOWN.order_by(Order.placed.desc(), Order.id.desc()).limit(sample.PAGE_SIZE), _counted()),
    **{name: (_BY_KEY.where(found), _counted(found)) for name, found in _WHERE.items()},
}
_ONE = _SHOWN.add_columns(Customer.id).where(Order.id == sa.bindparam("key"))
_WHO = sa.text(
    "SELECT u.username, u.active, r.role_id FROM lite_user u "
    "LEFT JOIN lite_user_role r ON r.user_id = u.id WHERE u.id = :id"
)


def hand_written() -> str:
    """The page as somebody would write it who knows what costs time."""
    if not _may():
        return "no"
    name, value = next(iter(request.args.items()), ("page", "1"))
    rows, count = _KEPT[name]
    start = (int(value) - 1) * sample.PAGE_SIZE if name == "page" else 0
    given = {"start": start, "after": int(value) if name == "after" else 0, name: value}
    total = db.session.execute(count, given).scalar_one()
    found = db.session.execute(rows, given).all()
    template = current_app.jinja_env.get_template("hand_written.html")
    return template.render(total=total, rows=found, labels=sample.COLUMNS, search=request.args.get("search", ""))


def hand_written_show() -> str:
    """A record, by the same hand."""
    return _record("hand_written_show.html")


def hand_written_edit() -> str:
    """Its form."""
    return _record("hand_written_edit.html", token=generate_csrf())


def _record(template: str, **values: Any) -> str:
    if not _may():
        return "no"
    row = db.session.execute(_ONE, {"key": KEY}).one()
    return current_app.jinja_env.get_template(template).render(row=row, **values)


def _may() -> bool:
    who = db.session.execute(_WHO, {"id": session["who"]}).all()
    return bool(who) and bool(who[0][1])


def make_app(url: str) -> Flask:
    """The app with both pages, and its administrator."""
    app = Flask("large")
    app.config.update(SECRET_KEY="a secret of the benchmarks", SQLALCHEMY_DATABASE_URI=url, TESTING=True)
    # Flask-AppBuilder's tables of the same names are in this database too.
    app.config.update(APPBUILDER_TABLE_PREFIX="lite_")
    db.init_app(app)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.add_url_rule("/hand-written", view_func=hand_written)
    app.add_url_rule("/hand-written/show", view_func=hand_written_show)
    app.add_url_rule("/hand-written/edit", view_func=hand_written_edit)

    @app.post("/enter")
    def enter() -> str:
        session["who"] = 1
        return ""

    appbuilder.init_app(app, db)
    with app.app_context():
        db.create_all()
        appbuilder.sm.ensure_synced()
        if appbuilder.sm.find_user(sample.USERNAME) is None:
            admin = appbuilder.sm.find_role("Admin")
            appbuilder.sm.add_user(sample.USERNAME, "Ada", "Admin", "a@example.org", admin, password=sample.PASSWORD)
    return app


def main() -> None:
    """Sign in and measure both pages."""
    url, rows = sys.argv[1], int(sys.argv[2])
    client = make_app(url).test_client()
    token = client.get("/admin/login/").text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    given = {"username": sample.USERNAME, "password": sample.PASSWORD, "csrf_token": token}
    client.post("/admin/login/", data=given)
    client.post("/enter")

    def get(path: str) -> tuple[int, str]:
        answer = client.get(path)
        return answer.status_code, answer.text

    last, sought = sample.last(rows), sample.sought(rows)
    way = re.search(r'rel="next" href="([^"]+)"', get(f"{LIST}?page={last - 1}")[1])
    assert way is not None
    hand, base = "/hand-written", LIST.removesuffix("list/")
    by_hand = {
        "page 1": hand,
        "last page, by its number": f"{hand}?page={last}",
        "last page, by Next": f"{hand}?after={rows - sample.PAGE_SIZE}",
        "filter": f"{hand}?status={sample.STATUS}",
        "search": f"{hand}?search={sought}",
        "sort": f"{hand}?sort=placed",
        "show": f"{hand}/show",
        "edit form": f"{hand}/edit",
    }
    generated = {
        "page 1": LIST,
        "last page, by its number": f"{LIST}?page={last}",
        "last page, by Next": LIST + way[1].replace("&amp;", "&"),
        "filter": f"{LIST}?status__eq={sample.STATUS}",
        "search": f"{LIST}?search={sought}",
        "sort": f"{LIST}?sort=-placed",
        "show": f"{base}show/{KEY}",
        "edit form": f"{base}edit/{KEY}",
    }
    measuring.report("hand-written", get, by_hand, sample.rows_of(by_hand))
    measuring.report("appbuilder_lite", get, generated, sample.rows_of(generated))


if __name__ == "__main__":
    main()
