"""The tables of the shop.

Revision ID: 0001
Revises: nothing
Create Date: 2026-11-21 02:46:22.113303
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "account",
    "category",
    "country",
    "tag",
    "customer",
    "product",
    "store",
    "employee",
    "product_tag",
    "stock_level",
    "customer_order",
    "order_item",
)


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_index(op.f("ix_account_full_name"), "account", ["full_name"])

    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_category_parent_id_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_index(op.f("ix_category_parent_id"), "category", ["parent_id"])

    op.create_table(
        "country",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_eu", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
        sa.UniqueConstraint("name", name=op.f("uq_country_name")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("credit_limit", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("wants_newsletter", sa.Boolean(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_customer_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["country_code"], ["country.code"], name=op.f("fk_customer_country_code_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("account_id", name=op.f("uq_customer_account_id")),
        sa.UniqueConstraint("email", name=op.f("uq_customer_email")),
    )
    op.create_index(op.f("ix_customer_city"), "customer", ["city"])
    op.create_index(op.f("ix_customer_country_code"), "customer", ["country_code"])
    op.create_index(op.f("ix_customer_created_at"), "customer", ["created_at"])
    op.create_index(op.f("ix_customer_name"), "customer", ["name"])

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("cost", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("is_fragile", sa.Boolean(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_price_not_negative")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_product_category_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("sku", name=op.f("uq_product_sku")),
    )
    op.create_index(op.f("ix_product_category_id"), "product", ["category_id"])
    op.create_index(op.f("ix_product_name"), "product", ["name"])
    op.create_index(op.f("ix_product_price"), "product", ["price"])
    op.create_index(op.f("ix_product_released_on"), "product", ["released_on"])

    op.create_table(
        "store",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("country_code", sa.String(length=2), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("has_parking", sa.Boolean(), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_store_opens_before_closing")),
        sa.ForeignKeyConstraint(["country_code"], ["country.code"], name=op.f("fk_store_country_code_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("code", name=op.f("uq_store_code")),
    )
    op.create_index(op.f("ix_store_city"), "store", ["city"])
    op.create_index(op.f("ix_store_country_code"), "store", ["country_code"])

    op.create_table(
        "employee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_number", sa.String(length=10), nullable=False),
        sa.Column("first_name", sa.String(length=60), nullable=False),
        sa.Column("last_name", sa.String(length=60), nullable=False),
        sa.Column("job_title", sa.String(length=80), nullable=False),
        sa.Column("hired_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("salary", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["manager_id"], ["employee.id"], name=op.f("fk_employee_manager_id_employee")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_employee_store_id_store")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employee")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_employee_staff_number")),
    )
    op.create_index(op.f("ix_employee_last_name"), "employee", ["last_name"])
    op.create_index(op.f("ix_employee_manager_id"), "employee", ["manager_id"])
    op.create_index(op.f("ix_employee_store_id"), "employee", ["store_id"])

    op.create_table(
        "product_tag",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_tag_product_id_product"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_product_tag_tag_id_tag"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("product_id", "tag_id", name=op.f("pk_product_tag")),
    )
    op.create_index(op.f("ix_product_tag_tag_id"), "product_tag", ["tag_id"])

    op.create_table(
        "stock_level",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reorder_below", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_level_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_level_product_id_product"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_stock_level_store_id_store")),
        sa.PrimaryKeyConstraint("product_id", "store_id", name=op.f("pk_stock_level")),
    )
    op.create_index(op.f("ix_stock_level_store_id"), "stock_level", ["store_id"])

    op.create_table(
        "customer_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "status", sa.Enum("NEW", "PAID", "SHIPPED", "DELIVERED", "CANCELLED", name="order_status"), nullable=False
        ),
        sa.Column("ordered_at", sa.DateTime(), nullable=False),
        sa.Column("deliver_on", sa.Date(), nullable=True),
        sa.Column("deliver_after", sa.Time(), nullable=True),
        sa.Column("total", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("is_gift", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("sold_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("total >= 0", name=op.f("ck_customer_order_total_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_order_customer_id_customer")),
        sa.ForeignKeyConstraint(["sold_by_id"], ["employee.id"], name=op.f("fk_customer_order_sold_by_id_employee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_order")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_order_number")),
    )
    op.create_index(op.f("ix_customer_order_customer_id"), "customer_order", ["customer_id"])
    op.create_index(op.f("ix_customer_order_deliver_on"), "customer_order", ["deliver_on"])
    op.create_index(op.f("ix_customer_order_ordered_at"), "customer_order", ["ordered_at"])
    op.create_index(op.f("ix_customer_order_sold_by_id"), "customer_order", ["sold_by_id"])
    op.create_index(op.f("ix_customer_order_status"), "customer_order", ["status"])
    op.create_index(op.f("ix_customer_order_total"), "customer_order", ["total"])

    op.create_table(
        "order_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_item_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["customer_order.id"], name=op.f("fk_order_item_order_id_customer_order"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_item_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_item")),
        sa.UniqueConstraint("order_id", "product_id", name=op.f("uq_order_item_order_id_product_id")),
    )
    op.create_index(op.f("ix_order_item_product_id"), "order_item", ["product_id"])


def downgrade() -> None:
    """Drop the tables with their indexes, and the type that PostgreSQL keeps apart."""
    for table in reversed(TABLES):
        op.drop_table(table)
    sa.Enum(name="order_status").drop(op.get_bind(), checkfirst=True)
