"""Composite foreign keys that share a column, as those of tables that belong to several tenants do."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table
from sqlalchemy.orm import relationship

from appbuilder_lite import Inline, SQLAInterface
from tests.conftest import MakeHost
from tests.web.foreign import open_foreign, view_of
from tests.web.sent_form import sent_form
from tests.web.site import Site, make_db
from tests.web.test_foreign_host import saved_unchanged


def _make(db: Any) -> dict[str, Any]:
    """Tenants with clients; bills, some of a client; stays with guests; staff whose chief is of their own tenant."""

    class Tenant(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(20))

        def __str__(self) -> str:
            return str(self.name)

    class Client(db.Model):  # type: ignore[misc]  # the base is made at run time
        tenant_id: Any = Column(ForeignKey("tenant.id"), primary_key=True)
        id = Column(Integer, primary_key=True, autoincrement=False)
        name = Column(String(20))
        tenant = relationship(Tenant)

        def __str__(self) -> str:
            return str(self.name)

    class Bill(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        number = Column(String(20))
        tenant_id: Any = Column(ForeignKey("tenant.id"), nullable=False)
        client_id = Column(Integer)
        client = relationship(Client)
        tenant = relationship(Tenant, overlaps="client")
        __table_args__ = (ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"]),)

    class Staff(db.Model):  # type: ignore[misc]  # the base is made at run time
        tenant_id = Column(Integer, primary_key=True, autoincrement=False)
        id = Column(Integer, primary_key=True, autoincrement=False)
        chief_id = Column(Integer)
        chief = relationship("Staff", remote_side=[tenant_id, id], foreign_keys=[tenant_id, chief_id])
        __table_args__ = (ForeignKeyConstraint(["tenant_id", "chief_id"], ["staff.tenant_id", "staff.id"]),)

        def __str__(self) -> str:
            return f"{self.tenant_id}/{self.id}"

    class Stay(db.Model):  # type: ignore[misc]  # the base is made at run time
        tenant_id: Any = Column(Integer, primary_key=True, autoincrement=False)
        id = Column(Integer, primary_key=True, autoincrement=False)
        guests = relationship("Guest", back_populates="stay", cascade="all, delete-orphan")

    class Guest(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        tenant_id: Any = Column(Integer, nullable=False)
        stay_id: Any = Column(Integer, nullable=False)
        client_id: Any = Column(Integer, nullable=False)
        stay = relationship(Stay, back_populates="guests")
        client = relationship(Client, overlaps="stay,guests")
        __table_args__ = (
            ForeignKeyConstraint(["tenant_id", "stay_id"], ["stay.tenant_id", "stay.id"]),
            ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"]),
        )

    return {model.__name__: model for model in (Tenant, Client, Bill, Staff, Stay, Guest)}


ROWS: dict[str, list[dict[str, Any]]] = {
    "tenant": [{"id": 1, "name": "North"}, {"id": 2, "name": "South"}],
    "client": [
        {"tenant_id": 1, "id": 1, "name": "Ann"},
        {"tenant_id": 1, "id": 2, "name": "Bo"},
        {"tenant_id": 2, "id": 1, "name": "Cy"},
    ],
    "bill": [
        {"id": 101, "number": "of Ann", "tenant_id": 1, "client_id": 1},
        {"id": 102, "number": "open", "tenant_id": 1, "client_id": None},
    ],
    "staff": [{"tenant_id": 1, "id": 1}, {"tenant_id": 2, "id": 1}, {"tenant_id": 1, "id": 2}],
    "stay": [{"tenant_id": 1, "id": 1}, {"tenant_id": 2, "id": 1}],
    "guest": [{"id": 101, "tenant_id": 1, "stay_id": 1, "client_id": 1}],
}


@pytest.fixture(name="site")
def _site(make_host: MakeHost, database_url: str) -> Site:
    db = make_db()
    models = _make(db)
    guests = type("GuestInline", (Inline,), {"datamodel": SQLAInterface(models["Guest"])})
    views = [view_of(model, **({"inlines": [guests]} if name == "Stay" else {})) for name, model in models.items()]
    site, _seen = open_foreign(make_host, db, views, models)
    site.create()
    with site.app.app_context():
        for name, rows in ROWS.items():
            db.session.execute(db.metadata.tables[name].insert(), rows)
        db.session.commit()
    return site


def _send(site: Site, url: str, **fields: str) -> Any:
    admin = site.admin()
    body = sent_form(admin.get(url).text, url)
    for name, value in fields.items():
        body[name] = value
    return admin.client.post(url, data=body)


def _rows(site: Site, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """What a table holds in these columns."""
    table: Table = site.db.metadata.tables[name]
    with site.app.app_context():
        found = site.db.session.execute(table.select().with_only_columns(*(table.c[one] for one in columns)))
        return sorted((tuple(row) for row in found), key=str)


def _told(answer: Any) -> str:
    """What a form says to be wrong in it."""
    found = re.search("“[^”]*” does not go with “[^”]*”.", unescape(answer.text))
    return found[0] if found else ""


BILL = ("number", "tenant_id", "client_id")


@pytest.mark.parametrize("url", ["/admin/billview/edit/102", "/admin/staffview/edit/1,1", "/admin/stayview/edit/1,1"])
def test_a_record_that_points_to_nothing_by_one_of_the_columns_is_saved_unchanged(site: Site, url: str) -> None:
    assert list(saved_unchanged(site.admin(), url)) == []


def test_what_points_to_nothing_is_added(site: Site) -> None:
    assert _send(site, "/admin/billview/add", number="new", tenant="2").status_code == 302
    assert ("new", 2, None) in _rows(site, "bill", *BILL)
    assert _send(site, "/admin/staffview/add", tenant_id="2", id="7").status_code == 302
    assert (2, 7, None) in _rows(site, "staff", "tenant_id", "id", "chief_id")


def test_an_emptied_relation_leaves_the_column_that_it_shares(site: Site) -> None:
    assert _send(site, "/admin/billview/edit/101", client="").status_code == 302
    assert ("of Ann", 1, None) in _rows(site, "bill", *BILL)
    assert _send(site, "/admin/staffview/edit/1,2", chief="1,1").status_code == 302
    assert (1, 2, 1) in _rows(site, "staff", "tenant_id", "id", "chief_id")
    assert _send(site, "/admin/staffview/edit/1,2", chief="").status_code == 302
    assert (1, 2, None) in _rows(site, "staff", "tenant_id", "id", "chief_id")


@pytest.mark.parametrize(
    ("url", "fields", "told"),
    [
        ("/admin/billview/add", {"number": "new", "tenant": "2", "client": "1,1"}, "“Ann” does not go with “Tenant”."),
        ("/admin/billview/edit/101", {"client": "2,1"}, "“Cy” does not go with “Tenant”."),
        ("/admin/billview/edit/101", {"tenant": "2"}, "“Ann” does not go with “Tenant”."),
        ("/admin/staffview/edit/1,2", {"chief": "2,1"}, "“2/1” does not go with “Tenant Id”."),
        ("/admin/stayview/edit/1,1", {"_rows-guests-0-client": "2,1"}, "“Cy” does not go with “Stay”."),
        ("/admin/stayview/edit/1,1", {"_rows-guests-1-client": "2,1"}, "“Cy” does not go with “Stay”."),
    ],
)
def test_a_record_of_another_tenant_is_refused_at_its_field(
    site: Site, url: str, fields: dict[str, str], told: str
) -> None:
    before = {name: _rows(site, name, *site.db.metadata.tables[name].c.keys()) for name in ROWS}
    answer = _send(site, url, **fields)
    assert (answer.status_code, told) == (422, _told(answer))
    assert {name: _rows(site, name, *site.db.metadata.tables[name].c.keys()) for name in ROWS} == before


def test_both_are_changed_together(site: Site) -> None:
    assert _send(site, "/admin/billview/edit/101", tenant="2", client="2,1").status_code == 302
    assert ("of Ann", 2, 1) in _rows(site, "bill", *BILL)


def test_rows_in_a_form_choose_by_a_key_that_shares_a_column_with_their_record(site: Site) -> None:
    fields = {"_rows-guests-0-client": "1,2", "_rows-guests-1-client": "1,1"}
    assert _send(site, "/admin/stayview/edit/1,1", **fields).status_code == 302
    assert _rows(site, "guest", "tenant_id", "stay_id", "client_id") == [(1, 1, 1), (1, 1, 2)]
