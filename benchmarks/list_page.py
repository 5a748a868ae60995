"""What a list page costs beside a hand-written one: statements, function calls and CPU, in one run.

Run `python -m benchmarks.list_page`. Absolute times mean nothing on a shared machine, so only ratios are printed.
The hand-written page does the same work with kept Core statements and one flat template: who asks, whether they may,
the count, the rows with a joined name, and HTML of the same columns.
"""

import cProfile
import pstats
import re
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, request, session
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface

ROWS = 5_000
ROUNDS = 60
PASSWORD = "correct horse battery"
LIST = "/admin/customerview/list/"

Measured = tuple[int, int, float, int]
"""Statements, function calls, CPU seconds (the best of many rounds) and bytes."""


class Base(DeclarativeBase):
    """The base of the schema that both pages read."""


db = SQLAlchemy(model_class=Base)


class Country(Base):
    """A country."""

    __tablename__ = "country"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50))

    def __str__(self) -> str:
        return self.name


class Customer(Base):
    """A customer of a country."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), index=True)
    email: Mapped[str] = mapped_column(sa.String(80))
    since: Mapped[date]
    balance: Mapped[int]
    is_active: Mapped[bool]
    country_id: Mapped[int] = mapped_column(sa.ForeignKey("country.id"), index=True)
    country: Mapped[Country] = relationship()

    def __str__(self) -> str:
        return self.name


class CustomerView(ModelView):
    """The generated page."""

    datamodel = SQLAInterface(Customer)
    list_columns = ["name", "email", "since", "balance", "is_active", "country.name"]


appbuilder = AppBuilder()
appbuilder.add_view(CustomerView, "Customers", category="Sales")
# A menu as an app of some size has it; what it costs does not depend on the database.
for number in range(10):
    view: Any = type(f"Country{number}View", (ModelView,), {"datamodel": SQLAInterface(Country)})
    appbuilder.add_view(view, f"Countries {number}", category="More")

PAGE = """<!doctype html>
<html lang="en"><head><title>Customers</title><link rel="stylesheet" href="/static/a.css"></head>
<body><nav>{% for label in menu %}<a href="/{{ label }}">{{ label }}</a>{% endfor %}</nav>
<main><h1>Customers</h1><p>{{ total }} records</p>
<form role="search"><input type="search" name="search" value="{{ search }}"><button>Search</button></form>
<table><thead><tr>{% for label in labels %}<th><a href="?sort={{ label }}">{{ label }}</a></th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>
<td><input type="checkbox" name="rowid" value="{{ row[0] }}"></td>
<th><a href="/customer/{{ row[0] }}">{{ row[1] }}</a></th>
<td>{{ row[2] }}</td>
<td><time datetime="{{ row[3] }}">{{ row[3] }}</time></td>
<td>{{ row[4] }}</td>
<td>{{ "Yes" if row[5] else "No" }}</td>
<td>{{ row[6] }}</td>
<td><a href="/customer/{{ row[0] }}/edit">Edit</a> <a href="/customer/{{ row[0] }}/delete">Delete</a></td>
</tr>{% endfor %}</tbody></table></main></body></html>"""

_ROWS = (
    sa.select(
        Customer.id,
        Customer.name,
        Customer.email,
        Customer.since,
        Customer.balance,
        Customer.is_active,
        Country.name,
    )
    .outerjoin(Country)
    .order_by(Customer.id)
    .limit(sa.bindparam("size"))
    .offset(sa.bindparam("start"))
)
_COUNT = sa.select(sa.func.count()).select_from(Customer)
WHO = sa.text(
    "SELECT u.username, u.active, r.role_id FROM ab_user u "
    "LEFT JOIN ab_user_role r ON r.user_id = u.id WHERE u.id = :id"
)


def hand_written() -> str:
    """The page as somebody would write it who knows what costs time."""
    who = db.session.execute(WHO, {"id": session["who"]}).all()
    if not who or not who[0][1]:
        return "no"
    page = int(request.args.get("page", 1))
    total = db.session.execute(_COUNT).scalar_one()
    rows = db.session.execute(_ROWS, {"size": 25, "start": (page - 1) * 25}).all()
    labels = ["Name", "Email", "Since", "Balance", "Active", "Country"]
    menu = ["Customers", *(f"Countries {number}" for number in range(10))]
    template = current_app.jinja_env.get_template("hand_written.html")
    return template.render(total=total, rows=rows, labels=labels, menu=menu, search="")


def make_app() -> Flask:
    """The app with both pages and sample rows."""
    app = Flask("benchmark")
    app.config.update(SECRET_KEY="a secret of the benchmarks", SQLALCHEMY_DATABASE_URI="sqlite://", TESTING=True)
    db.init_app(app)
    app.jinja_loader = DictLoader({"hand_written.html": PAGE})
    app.add_url_rule("/hand-written", view_func=hand_written)

    @app.post("/enter")
    def enter() -> str:
        session["who"] = 1
        return ""

    appbuilder.init_app(app, db)
    with app.app_context():
        db.create_all()
        _fill()
        appbuilder.sm.ensure_synced()
        admin = appbuilder.sm.find_role("Admin")
        appbuilder.sm.add_user("admin", "Ada", "Admin", "ada@example.org", admin, password=PASSWORD)
    return app


def _fill() -> None:
    db.session.execute(sa.insert(Country), [{"id": key, "name": f"Country {key}"} for key in range(1, 51)])
    rows = [
        {
            "name": f"Customer {key}",
            "email": f"customer{key}@example.org",
            "since": date(2020, 1, 1) + timedelta(days=key % 1000),
            "balance": key * 7 % 1000,
            "is_active": key % 3 > 0,
            "country_id": key % 50 + 1,
        }
        for key in range(ROWS)
    ]
    db.session.execute(sa.insert(Customer), rows)
    db.session.commit()


def enter(app: Flask) -> FlaskClient:
    """A client that is signed in to both pages."""
    client = app.test_client()
    token = client.get("/admin/login/").text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    client.post("/admin/login/", data={"username": "admin", "password": PASSWORD, "csrf_token": token})
    client.post("/enter")
    return client


def measure(client: FlaskClient, pages: Mapping[str, str]) -> dict[str, Measured]:
    """What each address costs, warm. They are asked for by turns, as others are at work on the machine too."""
    counted = {name: _counted(client, url) for name, url in pages.items()}
    seconds = dict.fromkeys(pages, float("inf"))
    for _round in range(ROUNDS):
        for name, url in pages.items():
            seconds[name] = min(seconds[name], _seconds(client, url))
    return {name: (statements, calls, seconds[name], size) for name, (statements, calls, size) in counted.items()}


def _counted(client: FlaskClient, url: str) -> tuple[int, int, int]:
    """Statements, function calls and bytes of one answer."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.status
    texts: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        texts.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", record)
    client.get(url)
    event.remove(sa.Engine, "before_cursor_execute", record)
    profile = cProfile.Profile()
    profile.runcall(client.get, url)
    calls: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]  # there, but not in the stubs
    return len(texts), calls, len(answer.data)


def _seconds(client: FlaskClient, url: str) -> float:
    start = time.process_time()
    client.get(url)
    return time.process_time() - start


def print_ratios(title: str, found: Mapping[str, Measured]) -> None:
    """The figures of a page beside those of the hand-written one."""
    limit = found["hand-written"]
    print(f"{title:<14}{'statements':>12}{'calls':>10}{'ratio':>8}{'CPU ratio':>12}{'KB':>8}")
    for name, (statements, calls, seconds, size) in found.items():
        ratios = f"{calls / limit[1]:>8.2f}{seconds / limit[2]:>12.2f}"
        print(f"{name:<14}{statements:>12}{calls:>10}{ratios}{size / 1024:>8.1f}")


def main() -> None:
    """Measure the pages and print the ratios."""
    client = enter(make_app())
    pages = {"hand-written": "/hand-written", "generated": LIST}
    further = {"in the middle": "?page=100", "filtered": "?is_active__eq=true", "sorted": "?sort=-name"}
    way = re.search(r'rel="next" href="([^"]+)"', client.get(f"{LIST}?page=100").text)
    assert way is not None
    further["by Next"] = way[1].replace("&amp;", "&")
    print_ratios("list", measure(client, {**pages, **{name: LIST + args for name, args in further.items()}}))


if __name__ == "__main__":
    main()
