"""Where the shop has its stores, and who works there."""

from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from example_app.shop.extensions import Model


class Country(Model):
    """A country that the shop sells to, known by its ISO 3166 code."""

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    is_eu: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


class Store(Model):
    """A place that sells and keeps goods."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(80), index=True)
    country_code: Mapped[str] = mapped_column(ForeignKey(Country.code), index=True)
    opens_at: Mapped[time]
    closes_at: Mapped[time]
    opened_on: Mapped[date]
    has_parking: Mapped[bool | None]
    deleted_at: Mapped[datetime | None]

    country: Mapped[Country] = relationship()
    employees: Mapped[list["Employee"]] = relationship(back_populates="store")

    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_closing"),)

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Employee(Model):
    """A person on the shop's payroll, with the manager they report to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_number: Mapped[str] = mapped_column(String(10), unique=True)
    first_name: Mapped[str] = mapped_column(String(60))
    last_name: Mapped[str] = mapped_column(String(60), index=True)
    job_title: Mapped[str] = mapped_column(String(80))
    hired_on: Mapped[date]
    left_on: Mapped[date | None]
    salary: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    store_id: Mapped[int | None] = mapped_column(ForeignKey(Store.id), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)

    store: Mapped[Store | None] = relationship(back_populates="employees")
    manager: Mapped["Employee | None"] = relationship(back_populates="reports", remote_side=[id])
    reports: Mapped[list["Employee"]] = relationship(back_populates="manager")

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
