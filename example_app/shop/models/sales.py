"""Who buys, and what they ordered."""

import enum
import uuid
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from example_app.shop.extensions import Model
from example_app.shop.models.accounts import Account, utc_now
from example_app.shop.models.catalogue import Product
from example_app.shop.models.stores import Country, Employee


class OrderStatus(enum.Enum):
    """How far an order has come."""

    NEW = "new"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Customer(Model):
    """A person or firm that buys; one who shops online has an account too."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(30))
    city: Mapped[str | None] = mapped_column(String(80), index=True)
    born_on: Mapped[date | None]
    credit_limit: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    wants_newsletter: Mapped[bool | None]
    notes: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey(Country.code), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Account.id, ondelete="SET NULL"), unique=True)

    country: Mapped[Country | None] = relationship()
    account: Mapped[Account | None] = relationship()
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")

    def __str__(self) -> str:
        return self.name


class Order(Model):
    """What a customer bought at one time."""

    # `order` is a reserved word of SQL.
    __tablename__ = "customer_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    status: Mapped[OrderStatus] = mapped_column(
        Enum(OrderStatus, name="order_status"), default=OrderStatus.NEW, index=True
    )
    ordered_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    deliver_on: Mapped[date | None] = mapped_column(index=True)
    deliver_after: Mapped[time | None]
    total: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=Decimal("0.00"), index=True)
    is_gift: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id), index=True)
    sold_by_id: Mapped[int | None] = mapped_column(ForeignKey(Employee.id), index=True)

    customer: Mapped[Customer] = relationship(back_populates="orders")
    sold_by: Mapped[Employee | None] = relationship()
    items: Mapped[list["OrderItem"]] = relationship(back_populates="order", cascade="all, delete-orphan")

    __table_args__ = (CheckConstraint("total >= 0", name="total_not_negative"),)

    def __str__(self) -> str:
        return self.number


class OrderItem(Model):
    """One line of an order; its price is the product's on the day."""

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey(Order.id, ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id), index=True)
    quantity: Mapped[int] = mapped_column(default=1)
    unit_price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    discount_percent: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))

    order: Mapped[Order] = relationship(back_populates="items")
    product: Mapped[Product] = relationship()

    # The unique key serves as the index on order_id too.
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    @property
    def line_total(self) -> Decimal:
        """What the line costs, the discount taken off, in whole cents."""
        return discounted(self.unit_price * self.quantity, self.discount_percent)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product}"


def discounted(amount: Decimal, percent: Decimal | None) -> Decimal:
    """`amount` less `percent` of it, rounded to whole cents."""
    return (amount * (100 - (percent or 0)) / 100).quantize(Decimal("0.01"))
