"""A small site for the tests: an app of a host's own, extended, with ways to sign in and to send forms."""

import datetime
import enum
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Date, Enum, ForeignKey, Integer, String, Table, Text, event
from sqlalchemy.orm import DeclarativeBase, relationship
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from appbuilder_lite.testing import client_as

PASSWORD = "correct horse battery"


class Status(enum.Enum):
    """A customer's state."""

    NEW = "new"
    KNOWN = "known"


def make_db() -> SQLAlchemy:
    """A Flask-SQLAlchemy object with a base of its own."""
    base = type("Base", (DeclarativeBase,), {})
    return SQLAlchemy(model_class=base)


def make_models(db: Any) -> SimpleNamespace:
    """Countries, customers with tags and orders: a relation of each kind."""
    customer_tag = Table(
        "customer_tag",
        db.metadata,
        Column("customer_id", ForeignKey("customer.id"), primary_key=True),
        Column("tag_id", ForeignKey("tag.id"), primary_key=True),
    )

    class Country(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50), unique=True, nullable=False)

        def __str__(self) -> str:
            return str(self.name)

    class Tag(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50), nullable=False)

        def __str__(self) -> str:
            return str(self.name)

    class Customer(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(50), nullable=False)
        email = Column(String(80), unique=True)
        notes = Column(Text)
        since = Column(Date)
        status: Any = Column(Enum(Status))
        country_id: Any = Column(ForeignKey("country.id"), index=True)
        country = relationship(Country)
        tags = relationship(Tag, secondary=customer_tag)

        def __str__(self) -> str:
            return str(self.name)

    class Order(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "customer_order"
        id = Column(Integer, primary_key=True)
        number = Column(String(20), unique=True, nullable=False)
        customer_id: Any = Column(ForeignKey("customer.id"), nullable=False)
        customer = relationship(Customer)

        def __str__(self) -> str:
            return str(self.number)

    return SimpleNamespace(Country=Country, Tag=Tag, Customer=Customer, Order=Order)


def make_views(models: Any) -> SimpleNamespace:
    """A view of each model."""

    class CountryView(ModelView):
        datamodel = SQLAInterface(models.Country)

    class OrderView(ModelView):
        datamodel = SQLAInterface(models.Order)
        list_columns = ["number", "customer"]

    class CustomerView(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ["name", "email", "country", "status", "since", "tags"]
        search_columns = ["name", "email"]
        related_views = [OrderView]

    return SimpleNamespace(CountryView=CountryView, CustomerView=CustomerView, OrderView=OrderView)


@dataclass
class Site:
    """An extended app and what the tests do with it."""

    app: Flask
    db: Any
    builder: AppBuilder
    models: Any = None
    views: Any = None
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def sm(self) -> Any:
        """The security manager; within an app context."""
        return self.builder.sm

    def create(self) -> None:
        """Make the tables and the permission records; SQLite holds foreign keys only where it is told to."""
        with self.app.app_context():
            if self.db.engine.dialect.name == "sqlite":
                event.listen(self.db.engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
            self.db.create_all()
            self.sm.ensure_synced()

    def fill(self, count: int = 30) -> None:
        """Two countries, two tags, and so many customers with an order each."""
        models = self.models
        with self.app.app_context():
            countries = [models.Country(name="Norway"), models.Country(name="Spain")]
            tags = [models.Tag(name="loyal"), models.Tag(name="late")]
            for number in range(count):
                customer = models.Customer(
                    name=f"Customer {number:03}",
                    email=f"c{number}@example.org",
                    since=datetime.date(2024, 1, 1 + number % 28),
                    status=Status.NEW if number % 2 else Status.KNOWN,
                    country=countries[number % 2],
                    tags=tags[: number % 3],
                )
                self.db.session.add(models.Order(number=f"A{number:05}", customer=customer))
            self.db.session.add_all([*countries, *tags])
            self.db.session.commit()

    def user(self, name: str, *grants: tuple[str, str], roles: tuple[str, ...] = ()) -> None:
        """A user of that name with a role of the same name that grants these (permission, view menu) pairs."""
        with self.app.app_context():
            found = [self.sm.find_role(role) for role in roles]
            if grants:
                role = self.sm.add_role(f"role of {name}")
                for permission, view_menu in grants:
                    self.sm.add_permission_role(role, self.sm.find_permission_view_menu(permission, view_menu))
                found.append(role)
            self.sm.add_user(name, name.title(), "Tester", f"{name}@example.org", found, password=PASSWORD)

    def admin(self) -> "Browser":
        """A signed-in user with the Admin role."""
        if "admin" not in self.made:
            self.user("admin", roles=("Admin",))
            self.made["admin"] = True
        return self.browser_of("admin") if self.app.testing else self.sign_in("admin")

    def browser_of(self, name: str) -> "Browser":
        """A browser with the session that a sign-in of this user leaves; it takes a fifth of the time of one."""
        return Browser(client_as(self.app, user=name))

    def browser(self) -> "Browser":
        """Somebody who is not signed in."""
        return Browser(self.app.test_client())

    def sign_in(self, name: str, password: str = PASSWORD) -> "Browser":
        """A browser in which the user has signed in on our page."""
        browser = self.browser()
        answer = browser.send("/admin/login/", username=name, password=password)
        assert answer.status_code == 302, answer.text
        return browser

    def count(self, model: Any) -> int:
        """Rows of a model."""
        with self.app.app_context():
            return int(self.db.session.query(model).count())


@dataclass
class Browser:
    """A client that sends forms as a page would: with the CSRF token and the list of fields shown."""

    client: FlaskClient

    def get(self, url: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(url, **options)

    def send(self, url: str, form_url: str | None = None, **fields: Any) -> TestResponse:
        """Fill in the form of a page and send it."""
        page = self.client.get(form_url or url)
        data = {"csrf_token": token_of(page), **shown_of(page), **fields}
        return self.client.post(url, data=data)

    def token(self, url: str = "/admin/") -> str:
        """The CSRF token of a page."""
        return token_of(self.client.get(url))


def token_of(page: TestResponse) -> str:
    """The CSRF token in a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, f"no form in {page.request.path}: {page.status} {page.text[:500]}"
    return found.group(1)


def shown_of(page: TestResponse) -> dict[str, str]:
    """The marker that lists the fields of a page's form, where it has one."""
    found = re.search(r'name="_fields" value="([^"]*)"', page.text)
    return {"_fields": found.group(1)} if found else {}
