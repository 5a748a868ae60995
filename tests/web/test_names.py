"""What records are called on the pages, where their class does not always say it."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import relationship

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.site import Site, make_db

NAMELESS = "Customer Account 1"


def make_site(make_host: MakeHost, **config: Any) -> Site:
    """Orders of customers who are called as their nullable name says; the first one has none."""
    db: Any = make_db()
    fan_table = Table(
        "fans",
        db.metadata,
        Column("order_id", ForeignKey("customer_order.id"), primary_key=True),
        Column("customer_id", ForeignKey("customer_account.id"), primary_key=True),
    )

    class CustomerAccount(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name: Any = Column(String(50))

        def __str__(self) -> str:
            return self.name  # type: ignore[no-any-return]  # the slip: it may be None

    class Order(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "customer_order"
        id = Column(Integer, primary_key=True)
        number = Column(String(20))
        customer_id: Any = Column(ForeignKey("customer_account.id"))
        customer = relationship(CustomerAccount)
        fans = relationship(CustomerAccount, secondary=fan_table)

        @property
        def payer(self) -> Any:
            return self.customer

    class OrderView(ModelView):
        datamodel = SQLAInterface(Order)
        list_columns = ["number", "customer", "fans", "payer"]

    class LabelledView(ModelView):
        datamodel = SQLAInterface(Order)
        list_columns = ["number", "customer"]
        label_columns_of = {"customer": ("name",)}

    class CustomerView(ModelView):
        datamodel = SQLAInterface(CustomerAccount)
        related_views = [OrderView]

    host = make_host(db, **config)
    views = SimpleNamespace(OrderView=OrderView, LabelledView=LabelledView, CustomerView=CustomerView)
    site = Site(host.app, db, AppBuilder(), SimpleNamespace(Customer=CustomerAccount, Order=Order), views)
    for name, view in vars(views).items():
        site.builder.add_view(view, name)
    site.builder.init_app(host.app, db)
    site.create()
    with host.app.app_context():
        nameless, ann = CustomerAccount(), CustomerAccount(name="Ann")
        db.session.add_all([nameless, ann])
        db.session.flush()
        db.session.add(Order(number="A1", customer=nameless, fans=[nameless, ann]))
        db.session.commit()
    return site


@pytest.mark.parametrize(
    "page",
    [
        "orderview/list/",
        "orderview/show/1",
        "orderview/add",
        "orderview/edit/1",
        "orderview/list/?customer__eq=1",
        "labelledview/list/",
        "customerview/show/1",
        "customerview/edit/1",
        "customerview/delete/1",
    ],
)
@pytest.mark.parametrize("choices", [1, 100])
def test_a_record_without_a_name_goes_by_its_kind_and_key(make_host: MakeHost, page: str, choices: int) -> None:
    admin = make_site(make_host, APPBUILDER_CHOICES_LIMIT=choices).admin()
    answer = admin.get(f"/admin/{page}")
    assert answer.status_code == 200
    is_list_of_none = page == "orderview/add" and choices == 1
    assert is_list_of_none or NAMELESS in answer.text


def test_a_record_without_a_name_is_written_and_deleted(make_host: MakeHost) -> None:
    site = make_site(make_host)
    admin = site.admin()
    added = admin.send("/admin/customerview/add", name="")
    assert added.status_code == 302
    assert ">Customer Account 3</a></p>" in admin.get(added.location).text
    deleted = admin.send("/admin/customerview/delete/3")
    assert deleted.status_code == 302
    assert "Deleted Customer Account 3" in admin.get(deleted.location).text
    saved = admin.send("/admin/orderview/edit/1", number="A2")
    assert saved.status_code == 302
    assert site.count(site.models.Customer) == 2


def test_a_class_without_names_is_told_once(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> None:
    admin = make_site(make_host).admin()
    for page in ("orderview/list/", "customerview/show/1", "orderview/list/"):
        admin.get(f"/admin/{page}")
    (told,) = [record for record in caplog.records if "__str__" in record.getMessage()]
    assert told.levelno == logging.WARNING
    assert "CustomerAccount" in told.getMessage()
    assert "NoneType" in told.getMessage()
