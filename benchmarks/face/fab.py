"""Serves the list page of Flask-AppBuilder; run in an environment that has it, with the file of the database."""

import sys

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import relationship

from benchmarks.face import sample, serving

db = SQLAlchemy(metadata=Model.metadata)


class Country(Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """A country."""

    __tablename__ = "country"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False)

    def __str__(self) -> str:
        return str(self.name)


class Customer(Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """A customer of a country."""

    __tablename__ = "customer"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False)
    email = sa.Column(sa.String(80), nullable=False)
    status = sa.Column(sa.String(20), nullable=False)
    country_id = sa.Column(sa.Integer, sa.ForeignKey("country.id"), nullable=False)
    country = relationship(Country)


class CustomerView(ModelView):  # type: ignore[misc]  # the package is not installed where types are checked
    """The page that is measured."""

    datamodel = SQLAInterface(Customer)
    list_columns = sample.COLUMNS
    page_size = sample.PAGE_SIZE


def make_app(url: str) -> Flask:
    """The app, with its sample records and the administrator."""
    app = Flask("face-fab")
    app.config.update(serving.SETTINGS, SQLALCHEMY_DATABASE_URI=url)
    db.init_app(app)
    with app.app_context():
        appbuilder = AppBuilder(app, db.session)
        appbuilder.add_view(CustomerView, "Customers", category="Sales")
        db.create_all()
        db.session.execute(sa.insert(Country), sample.countries())
        db.session.execute(sa.insert(Customer), sample.customers())
        db.session.commit()
        role = appbuilder.sm.find_role("Admin")
        appbuilder.sm.add_user(sample.USERNAME, "Ada", "Admin", "ada@example.org", role, password=sample.PASSWORD)
    return app


if __name__ == "__main__":
    serving.serve(make_app(f"sqlite:///{sys.argv[1]}"))
