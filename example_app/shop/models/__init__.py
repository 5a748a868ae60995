"""The tables of the shop."""

from example_app.shop.models.accounts import Account
from example_app.shop.models.catalogue import Category, Product, StockLevel, Tag, product_tag
from example_app.shop.models.sales import Customer, Order, OrderItem, OrderStatus
from example_app.shop.models.stores import Country, Employee, Store

__all__ = [
    "Account",
    "Category",
    "Country",
    "Customer",
    "Employee",
    "Order",
    "OrderItem",
    "OrderStatus",
    "Product",
    "StockLevel",
    "Store",
    "Tag",
    "product_tag",
]
