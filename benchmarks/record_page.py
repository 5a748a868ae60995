"""What a record's page and its form cost beside hand-written ones: statements, function calls and CPU, in one run.

Run `python -m benchmarks.record_page`. Its tables are those of `benchmarks.list_page`, and as there only ratios mean
something. The hand-written pages ask the same: who it is, whether they may, the record with the joined name, and for
the form the countries to choose from.
"""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, session
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, DictLoader

from benchmarks.list_page import WHO, Country, Customer, db, enter, make_app, measure, print_ratios

KEY = 7
FRAME = """<!doctype html>
<html lang="en"><head><title>{{ row[1] }}</title><link rel="stylesheet" href="/static/a.css"></head>
<body><nav>{% for label in menu %}<a href="/{{ label }}">{{ label }}</a>{% endfor %}</nav><main><h1>{{ row[1] }}</h1>"""
SHOW = (
    FRAME
    + """<p><a href="/customer/{{ row[0] }}/edit">Edit</a> <a href="/customer/{{ row[0] }}/delete">Delete</a></p>
<dl><dt>Name</dt><dd>{{ row[1] }}</dd><dt>Email</dt><dd><a href="mailto:{{ row[2] }}">{{ row[2] }}</a></dd>
<dt>Since</dt><dd><time datetime="{{ row[3] }}">{{ row[3] }}</time></dd><dt>Balance</dt><dd>{{ row[4] }}</dd>
<dt>Active</dt><dd>{{ "Yes" if row[5] else "No" }}</dd>
<dt>Country</dt><dd><a href="/country/{{ row[6] }}">{{ row[7] }}</a></dd></dl></main></body></html>"""
)
EDIT = (
    FRAME
    + """<form method="post"><input type="hidden" name="csrf_token" value="{{ token }}">
<label for="name">Name</label><input id="name" name="name" value="{{ row[1] }}" required maxlength="50">
<label for="email">Email</label><input id="email" name="email" value="{{ row[2] }}" required maxlength="80">
<label for="since">Since</label><input id="since" type="date" name="since" value="{{ row[3] }}" required>
<label for="balance">Balance</label><input id="balance" type="number" name="balance" value="{{ row[4] }}" required>
<label for="active">Active</label><input id="active" type="checkbox" name="active"{% if row[5] %} checked{% endif %}>
<label for="country">Country</label><select id="country" name="country" required>{% for key, name in countries %}
<option value="{{ key }}"{% if key == row[6] %} selected{% endif %}>{{ name }}</option>{% endfor %}</select>
<button>Save</button></form></main></body></html>"""
)
MENU = ["Customers", *(f"Countries {number}" for number in range(10))]

_ROW = (
    sa.select(
        Customer.id,
        Customer.name,
        Customer.email,
        Customer.since,
        Customer.balance,
        Customer.is_active,
        Country.id,
        Country.name,
    )
    .outerjoin(Country)
    .where(Customer.id == sa.bindparam("key"))
)
_COUNTRIES = sa.select(Country.id, Country.name).order_by(Country.name).limit(101)


def show() -> str:
    """A record as somebody would write it who knows what costs time."""
    return _page("hand_written_show.html")


def edit() -> str:
    """The same for its form."""
    return _page("hand_written_edit.html", token=generate_csrf(), countries=db.session.execute(_COUNTRIES).all())


def _page(template: str, **values: Any) -> str:
    who = db.session.execute(WHO, {"id": session["who"]}).all()
    if not who or not who[0][1]:
        return "no"
    row = db.session.execute(_ROW, {"key": KEY}).one()
    return current_app.jinja_env.get_template(template).render(row=row, menu=MENU, **values)


def add_pages(app: Flask) -> None:
    """The hand-written pages beside the generated ones."""
    own = DictLoader({"hand_written_show.html": SHOW, "hand_written_edit.html": EDIT})
    app.jinja_loader = ChoiceLoader([own, *([app.jinja_loader] if app.jinja_loader else [])])
    app.add_url_rule("/hand-written/show", view_func=show)
    app.add_url_rule("/hand-written/edit", view_func=edit)


def main() -> None:
    """Measure the pages and print the ratios."""
    app = make_app()
    add_pages(app)
    client = enter(app)
    for name in ("show", "edit"):
        urls = {"hand-written": f"/hand-written/{name}", "generated": f"/admin/customerview/{name}/{KEY}"}
        shown = {side: _said(client.get(url).text) for side, url in urls.items()}
        assert shown["hand-written"] <= shown["generated"], shown
        print_ratios(name, measure(client, urls))


def _said(page: str) -> frozenset[str]:
    """What a page tells of the record."""
    return frozenset(re.findall(r"customer6@example\.org|2020-01-07|Country \d+", page.partition("<h1")[2]))


if __name__ == "__main__":
    main()
