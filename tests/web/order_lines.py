"""Orders with lines: a site whose forms have rows of another model in them."""

import itertools
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
    func,
    true,
)
from sqlalchemy.orm import relationship
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, Inline, ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db

ADD = "/admin/orderview/add"
EDIT = "/admin/orderview/edit/1"
ROWS = "_rows-lines"
START = datetime(2024, 1, 1, 5, 6, 7, 8, tzinfo=UTC)


def order_models(db: Any, *more: UniqueConstraint) -> SimpleNamespace:
    """Products; orders whose lines have a place and are each of another product; `more` holds for the lines, too."""

    class Product(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50), nullable=False)

        def __str__(self) -> str:
            return str(self.name)

    class Order(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "purchase"
        id = Column(Integer, primary_key=True)
        number = Column(String(20), unique=True, nullable=False)
        lines = relationship("Line", cascade="all, delete-orphan", back_populates="order")

        def __str__(self) -> str:
            return str(self.number)

    class Line(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "purchase_line"
        id = Column(Integer, primary_key=True)
        order_id: Any = Column(ForeignKey("purchase.id"), nullable=False)
        product_id: Any = Column(ForeignKey("product.id"), nullable=False)
        quantity: Any = Column(Integer, nullable=False, default=1)
        note = Column(String(40))
        is_gift = Column(Boolean, nullable=False, default=False)
        position: Any = Column(Integer)
        order = relationship(Order, back_populates="lines")
        product = relationship(Product)
        __table_args__ = (
            UniqueConstraint("order_id", "product_id", name="one_line_a_product"),
            CheckConstraint("quantity <> 13", name="not_thirteen"),
            *more,
        )

        def __str__(self) -> str:
            return f"line {self.id}"

    return SimpleNamespace(Product=Product, Order=Order, Line=Line)


def order_site(
    make_host: MakeHost,
    *,
    line_view: dict[str, Any] | None = None,
    product_view: dict[str, Any] | None = None,
    view: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    constraints: Sequence[UniqueConstraint] = (),
    bases: tuple[type[Any], ...] = (ModelView,),
    **options: Any,
) -> Site:
    """Two orders, with lines of apples and pears and of apples; `options` are those of the rows.

    With `line_view` the lines have a view of their own, too, with `product_view` the products. `constraints` are
    further ones of the lines' table.
    """
    db = make_db()
    models = order_models(db, *constraints)
    attributes = {"datamodel": SQLAInterface(models.Line), "columns": ["product", "quantity", "note", "is_gift"]}
    inline = type("LineInline", (Inline,), {**attributes, **options})
    order = {"datamodel": SQLAInterface(models.Order), "inlines": [inline], "add_columns": ["number"]}
    order_view = type("OrderView", bases, {**order, "edit_columns": ["number"], **(view or {})})
    host = make_host(db, **(config or {}))
    site = Site(host.app, db, AppBuilder(), models)
    site.builder.add_view(order_view, "Orders")
    if line_view is not None:
        lines = {"datamodel": SQLAInterface(models.Line), **line_view}
        site.builder.add_view(type("LineView", (ModelView,), lines), "Lines")
    if product_view is not None:
        products = {"datamodel": SQLAInterface(models.Product), **product_view}
        site.builder.add_view(type("ProductView", (ModelView,), products), "Products")
    site.builder.init_app(host.app, db)
    site.create()
    with site.app.app_context():
        db.session.add_all([models.Product(id=number, name=name) for number, name in enumerate(NAMES, start=1)])
        db.session.add_all([models.Order(id=1, number="A1"), models.Order(id=2, number="A2")])
        db.session.flush()
        for key, order_id, product_id, quantity in ((1, 1, 1, 5), (2, 1, 2, 7), (3, 2, 1, 9)):
            line = models.Line(id=key, order_id=order_id, product_id=product_id, quantity=quantity, position=key)
            db.session.add(line)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            for table in ("product", "purchase", "purchase_line"):
                db.session.execute(db.text(f"SELECT setval('{table}_id_seq', 100)"))
            db.session.commit()
    return site


NAMES = ("Apple", "Pear", "Plum", "Cherry")


def shown(browser: Browser, url: str = EDIT) -> MultiDict[str, str]:
    """What a page's form would send as it is; what stands in a template is not sent."""
    page = browser.get(url)
    assert page.status_code == 200, page.text
    return sent_of(page, url)


def sent_of(page: TestResponse, url: str = EDIT) -> MultiDict[str, str]:
    """What the form of an answer would send."""
    return sent_form(re.sub("<template>.*?</template>", "", page.text, flags=re.DOTALL), url)


def send(browser: Browser, form: MultiDict[str, str], url: str = EDIT, **rows: dict[str, str | None]) -> TestResponse:
    """Send a form with what was typed into its rows: `r0={"quantity": "3"}`; None takes a value back."""
    form = form.copy()
    for number, typed in rows.items():
        for name, value in typed.items():
            key = f"{ROWS}-{number[1:]}-{name}"
            form.poplist(key)
            if value is not None:
                form[key] = value
    return browser.client.post(url, data=form)


def lines(site: Site, order: int = 1) -> list[tuple[int, int]]:
    """(product, quantity) of the lines of an order, by place."""
    with site.app.app_context():
        model = site.models.Line
        found = (
            site.db.session.query(model)
            .filter_by(order_id=order)
            .order_by(model.position.is_(None), model.position, model.id)
        )
        return [(line.product_id, line.quantity) for line in found]


def tree_site(make_host: MakeHost) -> Site:
    """Nodes inside each other: the rows are of the very model of the form."""
    db: Any = make_db()

    class Node(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50), nullable=False)
        parent_id: Any = Column(ForeignKey("node.id"))
        children = relationship("Node", back_populates="parent")
        parent = relationship("Node", back_populates="children", remote_side=[id])

    inline = type("NodeInline", (Inline,), {"datamodel": SQLAInterface(Node), "columns": ["name"]})
    view = {"datamodel": SQLAInterface(Node), "edit_columns": ["name"], "inlines": [inline]}
    records = [Node(name="root"), Node(name="leaf", parent_id=1)]
    return _site(make_host, db, type("NodeView", (ModelView,), view), records)


def sheet_site(make_host: MakeHost) -> Site:
    """Sheets and their cells: both have keys of several columns, of which the cells' hold the sheets'."""
    db: Any = make_db()

    class Sheet(db.Model):  # type: ignore[misc]  # the base is made at run time
        book = Column(Integer, primary_key=True, autoincrement=False)
        page = Column(Integer, primary_key=True, autoincrement=False)
        title = Column(String(50))
        cells = relationship("Cell", cascade="all, delete-orphan")

    class Cell(db.Model):  # type: ignore[misc]  # the base is made at run time
        book = Column(Integer, primary_key=True, autoincrement=False)
        page = Column(Integer, primary_key=True, autoincrement=False)
        number = Column(Integer, primary_key=True, autoincrement=False)
        value = Column(String(50))
        __table_args__ = (ForeignKeyConstraint(["book", "page"], ["sheet.book", "sheet.page"]),)

    inline = type("CellInline", (Inline,), {"datamodel": SQLAInterface(Cell), "columns": ["number", "value"]})
    view = {"datamodel": SQLAInterface(Sheet), "edit_columns": ["title"], "inlines": [inline]}
    records = [Sheet(book=5, page=2), Sheet(book=5, page=3), Cell(book=5, page=2, number=1, value="one")]
    records.append(Cell(book=5, page=3, number=1, value="other"))
    return _site(make_host, db, type("SheetView", (ModelView,), view), records)


def stamp_site(make_host: MakeHost) -> Site:
    """Albums, their sheets, and the stamps on those, which go with their sheet: each kind has a view."""
    db: Any = make_db()

    class Album(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50))
        sheets = relationship("Sheet", cascade="all, delete-orphan")

    class Sheet(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        album_id: Any = Column(ForeignKey("album.id"), nullable=False)
        name = Column(String(50))
        stamps = relationship("Stamp", cascade="all, delete-orphan")

    class Stamp(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        sheet_id: Any = Column(ForeignKey("sheet.id"), nullable=False)

    inline = type("SheetInline", (Inline,), {"datamodel": SQLAInterface(Sheet), "columns": ["name"]})
    view = type("AlbumView", (ModelView,), {"datamodel": SQLAInterface(Album), "inlines": [inline]})
    others = [type(f"{one.__name__}View", (ModelView,), {"datamodel": SQLAInterface(one)}) for one in (Sheet, Stamp)]
    return _site(make_host, db, view, [Album(name="A"), Sheet(album_id=1, name="first"), Stamp(sheet_id=1)], *others)


def chapter_site(make_host: MakeHost) -> Site:
    """Books, which their chapters name by a code that can change; a chapter is a text with a version, by two tables."""
    db: Any = make_db()

    class Book(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        code = Column(String(50), unique=True, nullable=False)
        chapters = relationship("Chapter", cascade="all, delete-orphan")

    class Text(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        kind = Column(String(10))
        title = Column(String(20))
        version = Column(Integer, nullable=False)
        book_code: Any = Column(ForeignKey("book.code", onupdate="CASCADE"))
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "text", "version_id_col": version}

    class Chapter(Text):
        id: Any = Column(ForeignKey("text.id"), primary_key=True)
        pages = Column(Integer)
        __mapper_args__ = {"polymorphic_identity": "chapter"}

    inline = type("ChapterInline", (Inline,), {"datamodel": SQLAInterface(Chapter), "columns": ["title", "pages"]})
    view = type("BookView", (ModelView,), {"datamodel": SQLAInterface(Book), "inlines": [inline]})
    return _site(make_host, db, view, [Book(code="old"), Chapter(title="First", book_code="old")])


def trip_site(make_host: MakeHost, extra: int = 2) -> Site:
    """Trips and their legs, which have nothing but defaults, some of which are another value each time."""
    db: Any = make_db()
    days = itertools.count(1)

    class Trip(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50))
        legs = relationship("Leg", cascade="all, delete-orphan", order_by="Leg.id")

    class Leg(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        trip_id: Any = Column(ForeignKey("trip.id"), nullable=False)
        day = Column(Date, nullable=False, default=lambda: date(2024, 1, 1) + timedelta(next(days)))
        at = Column(DateTime, nullable=False, default=lambda: START + timedelta(next(days)))
        label = Column(String(40), nullable=False, default=lambda: f"leg {next(days)}")
        is_booked = Column(Boolean, nullable=False, default=lambda: True)
        seats = Column(Integer, nullable=False, server_default="2")
        is_open = Column(Boolean, nullable=False, server_default=true())
        made = Column(DateTime, server_default=func.now())

    columns = ["day", "at", "label", "is_booked", "seats", "is_open", "made"]
    inline = type("LegInline", (Inline,), {"datamodel": SQLAInterface(Leg), "columns": columns, "extra": extra})
    view = {"datamodel": SQLAInterface(Trip), "add_columns": ["name"], "edit_columns": ["name"], "inlines": [inline]}
    return _site(make_host, db, type("TripView", (ModelView,), view), [Trip(name="T"), Leg(trip_id=1)])


def _site(make_host: MakeHost, db: Any, view: type[Any], records: list[Any], *others: type[Any]) -> Site:
    host = make_host(db)
    models = SimpleNamespace(**{type(record).__name__: type(record) for record in records})
    site = Site(host.app, db, AppBuilder(), models)
    for one in (view, *others):
        site.builder.add_view(one, one.__name__)
    site.builder.init_app(host.app, db)
    site.create()
    with site.app.app_context():
        for record in records:
            db.session.add(record)
            db.session.flush()
        db.session.commit()
    return site
