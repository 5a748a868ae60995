"""Measures the pages of Flask-AppBuilder; run in an environment that has it."""

import sys

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.fields import AJAXSelectField
from flask_appbuilder.fieldwidgets import Select2AJAXWidget
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import relationship

from benchmarks.large import measuring, sample

LIST = "/orderview/list/"
KEY = 7

db = SQLAlchemy(metadata=Model.metadata)


class Customer(Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """A customer."""

    __tablename__ = "large_customer"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(50), nullable=False)

    def __str__(self) -> str:
        return str(self.name)


class Order(Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """An order of a customer."""

    __tablename__ = "large_order"
    id = sa.Column(sa.Integer, primary_key=True)
    number = sa.Column(sa.String(20), nullable=False)
    status = sa.Column(sa.String(20), nullable=False)
    placed = sa.Column(sa.DateTime, nullable=False)
    amount = sa.Column(sa.Numeric(10, 2), nullable=False)
    customer_id = sa.Column(sa.Integer, sa.ForeignKey("large_customer.id"), nullable=False)
    customer = relationship(Customer)


class OrderView(ModelView):  # type: ignore[misc]  # the package is not installed where types are checked
    """What is measured. The search fields and the form would offer all customers, so those have none and this asks."""

    datamodel = SQLAInterface(Order)
    list_columns = sample.COLUMNS
    search_columns = ["number", "status"]
    show_columns = edit_columns = sample.FIELDS
    page_size = sample.PAGE_SIZE
    edit_form_extra_fields = {
        "customer": AJAXSelectField(
            "Customer",
            datamodel=SQLAInterface(Order),
            col_name="customer",
            widget=Select2AJAXWidget(endpoint="/orderview/api/column/edit/customer"),
        )
    }


def make_app(url: str) -> Flask:
    """The app with its administrator."""
    app = Flask("large-fab")
    app.config.update(SECRET_KEY="a secret of the benchmarks", SQLALCHEMY_DATABASE_URI=url, WTF_CSRF_ENABLED=False)
    db.init_app(app)
    with app.app_context():
        appbuilder = AppBuilder(app, db.session)
        appbuilder.add_view(OrderView, "Orders", category="Sales")
        if appbuilder.sm.find_user(sample.USERNAME) is None:
            role = appbuilder.sm.find_role("Admin")
            appbuilder.sm.add_user(sample.USERNAME, "Ada", "Admin", "ada@example.org", role, password=sample.PASSWORD)
    return app


def main() -> None:
    """Sign in and measure."""
    url, rows = sys.argv[1], int(sys.argv[2])
    client = make_app(url).test_client()
    client.post("/login/", data={"username": sample.USERNAME, "password": sample.PASSWORD})

    def get(path: str) -> tuple[int, str]:
        answer = client.get(path)
        return answer.status_code, answer.get_data(as_text=True)

    pages = {
        "page 1": LIST,
        "last page, by its number": f"{LIST}?page_OrderView={sample.last(rows) - 1}",
        "filter": f"{LIST}?_flt_3_status={sample.STATUS}",
        "search": f"{LIST}?_flt_2_number={sample.sought(rows)}",
        "sort": f"{LIST}?_oc_OrderView=placed&_od_OrderView=desc",
        "show": f"/orderview/show/{KEY}",
        "edit form": f"/orderview/edit/{KEY}",
    }
    measuring.report("Flask-AppBuilder", get, pages, sample.rows_of(pages))


if __name__ == "__main__":
    main()
