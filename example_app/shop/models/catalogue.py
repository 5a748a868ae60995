"""What the shop sells, how it is sorted, and how much of it is where."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, ForeignKey, Numeric, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from example_app.shop.extensions import Base, Model
from example_app.shop.models.stores import Store

product_tag = Table(
    "product_tag",
    Base.metadata,
    Column("product_id", ForeignKey("product.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Category(Model):
    """A shelf of the shop; shelves stand inside shelves."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)

    parent: Mapped["Category | None"] = relationship(back_populates="children", remote_side=[id])
    children: Mapped[list["Category"]] = relationship(back_populates="parent", order_by="Category.position")
    products: Mapped[list["Product"]] = relationship(back_populates="category")

    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    def __str__(self) -> str:
        return self.name


class Tag(Model):
    """A word that products share."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    colour: Mapped[str] = mapped_column(String(7), default="#64748b")

    products: Mapped[list["Product"]] = relationship(secondary=product_tag, back_populates="tags")

    def __str__(self) -> str:
        return self.name


class Product(Model):
    """Something that can be bought; customers see it while it is published."""

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    summary: Mapped[str | None] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2), index=True)
    cost: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    weight_grams: Mapped[int | None]
    released_on: Mapped[date | None] = mapped_column(index=True)
    is_published: Mapped[bool] = mapped_column(default=False)
    is_fragile: Mapped[bool | None]
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id), index=True)

    category: Mapped[Category] = relationship(back_populates="products")
    tags: Mapped[list[Tag]] = relationship(secondary=product_tag, back_populates="products", order_by=Tag.name)
    stock_levels: Mapped[list["StockLevel"]] = relationship(back_populates="product", cascade="all, delete-orphan")

    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    def __str__(self) -> str:
        return self.name


class StockLevel(Model):
    """How many pieces of a product a store has; the product and the store together are its key."""

    product_id: Mapped[int] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id), primary_key=True, index=True)
    quantity: Mapped[int] = mapped_column(default=0)
    reorder_below: Mapped[int | None]
    counted_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship(back_populates="stock_levels")
    store: Mapped[Store] = relationship()

    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity_not_negative"),)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product} in {self.store}"
