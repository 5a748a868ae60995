"""Serves our list page of the same records; run with the file of the database."""

import sys

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from benchmarks.face import sample, serving


class Base(DeclarativeBase):
    """The base of the schema."""


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
    name: Mapped[str] = mapped_column(sa.String(50))
    email: Mapped[str] = mapped_column(sa.String(80))
    status: Mapped[str] = mapped_column(sa.String(20))
    country_id: Mapped[int] = mapped_column(sa.ForeignKey("country.id"))
    country: Mapped[Country] = relationship()

    def __str__(self) -> str:
        return self.name


class CustomerView(ModelView):
    """The page that is measured."""

    datamodel = SQLAInterface(Customer)
    list_columns = sample.COLUMNS
    page_size = sample.PAGE_SIZE


def make_app(url: str) -> Flask:
    """The app, with its sample records and the administrator."""
    app = Flask("face-ours")
    app.config.update(serving.SETTINGS, SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    appbuilder = AppBuilder(app, db)
    appbuilder.add_view(CustomerView, "Customers", category="Sales")
    with app.app_context():
        db.create_all()
        db.session.execute(sa.insert(Country), sample.countries())
        db.session.execute(sa.insert(Customer), sample.customers())
        db.session.commit()
        appbuilder.sm.ensure_synced()
        role = appbuilder.sm.find_role("Admin")
        appbuilder.sm.add_user(sample.USERNAME, "Ada", "Admin", "ada@example.org", role, password=sample.PASSWORD)
    return app


if __name__ == "__main__":
    serving.serve(make_app(f"sqlite:///{sys.argv[1]}"))
