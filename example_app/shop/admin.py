"""The pages for the shop's staff, below /admin: all that appbuilder_lite is told about the shop."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import StringIO

import wtforms
from flask import Response, flash
from sqlalchemy import inspect, select
from wtforms.validators import DataRequired, Length, NumberRange, Regexp

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    CompactCRUDMixin,
    Inline,
    MasterDetailView,
    ModelView,
    MultipleView,
    Rejected,
    SecurityManager,
    SimpleFormView,
    SQLAInterface,
    action,
    expose,
    has_access,
)
from appbuilder_lite.filters import FilterEqual
from example_app.shop.extensions import db
from example_app.shop.models import (
    Account,
    Category,
    Country,
    Customer,
    Employee,
    Order,
    OrderItem,
    OrderStatus,
    Product,
    StockLevel,
    Store,
    Tag,
)
from example_app.shop.storefront import money


def amount(value: Decimal | None) -> str | None:
    """An amount of money, if it is known."""
    return None if value is None else money(value)


class ShopSecurity(SecurityManager):
    """Staff are accounts of the shop, and sign in where everybody does."""

    user_model = Account
    user_attributes = {
        "username": "email",
        "first_name": "full_name",
        "active": "is_enabled",
        "last_login": "last_seen_at",
    }
    login_view = "auth.login"


class OrderItemView(ModelView):
    """Lines of orders; an order's total follows them."""

    datamodel = SQLAInterface(OrderItem)
    list_columns = ["product.name", "quantity", "unit_price", "discount_percent", "line_total"]
    show_columns = ["order", "product", "quantity", "unit_price", "discount_percent", "line_total"]
    add_columns = ["order", "product", "quantity", "unit_price", "discount_percent"]
    edit_columns = ["quantity", "unit_price", "discount_percent"]
    search_columns = ["product.name"]
    base_order = ("id", "desc")
    label_columns = {"product.name": "Product", "discount_percent": "Discount %"}
    formatters_columns = {"unit_price": amount, "line_total": amount}

    def after_flush(self, item: OrderItem) -> None:
        """Let the order cost what its lines do."""
        item.order.total = sum((line.line_total for line in item.order.items), Decimal())

    def pre_delete(self, item: OrderItem) -> None:
        """Take the line off the order's total."""
        item.order.total -= item.line_total


class NoteForm(wtforms.Form):
    """A line for the notes of orders."""

    line = wtforms.StringField("Line", [DataRequired(), Length(max=80)])


class LineInline(Inline):
    """The lines of an order, typed with it."""

    datamodel = SQLAInterface(OrderItem)
    columns = ["product", "quantity", "unit_price", "discount_percent"]
    title = "Lines"
    noun = "line"
    extra = 2
    label_columns = {"discount_percent": "Discount %"}
    form_query_rel_fields = {"product": [["is_published", FilterEqual, True]]}


class OrderView(ModelView):
    """Orders, newest first; they are shipped from the list."""

    datamodel = SQLAInterface(Order)
    list_columns = ["number", "customer", "customer.country.name", "status", "total", "ordered_at"]
    search_columns = ["number", "customer.name", "customer.email"]
    order_columns = ["number", "customer", "status", "total", "ordered_at"]
    base_order = ("ordered_at", "desc")
    list_tabs = [
        ("New", {"filters": [["status", FilterEqual, OrderStatus.NEW]]}),
        ("To ship", {"filters": [["status", FilterEqual, OrderStatus.PAID]]}),
        ("Shipped", {"filters": [["status", FilterEqual, OrderStatus.SHIPPED]]}),
    ]
    list_tab_counts = True
    filter_counts = ["status"]
    list_sums = ["total"]
    label_columns = {"customer.country.name": "Country", "is_gift": "Gift"}
    label_columns_of = {"customer": ("name",), "sold_by": ("first_name", "last_name")}
    formatters_columns = {"total": amount}
    show_fieldsets = [
        ("Order", {"fields": ["number", "customer", "status", "total", "ordered_at", "sold_by"]}),
        ("Delivery", {"fields": ["deliver_on", "deliver_after", "is_gift", "note"]}),
    ]
    add_fieldsets = edit_fieldsets = [
        ("Order", {"fields": ["number", "customer", "status", "sold_by"]}),
        ("Delivery", {"fields": ["deliver_on", "deliver_after", "is_gift", "note"]}),
    ]
    add_form_query_rel_fields = {"sold_by": [["left_on", FilterEqual, None]]}
    validators_columns = {"number": [Regexp(r"^SO-\d{6}$", message="A number looks like SO-000123.")]}
    description_columns = {"deliver_after": "Earliest time of day that suits the customer."}
    inlines = [LineInline]
    related_views = [OrderItemView]

    def after_flush(self, item: Order) -> None:
        """Let the order cost what its lines do."""
        if item.items:
            item.total = sum((line.line_total for line in item.items), Decimal())

    def pre_update(self, item: Order) -> None:
        """Refuse to hand an order on once it is paid."""
        if item.status is not OrderStatus.NEW and inspect(item).attrs.customer.history.has_changes():
            raise Rejected(f"{item} is {item.status.value}: its customer cannot change any more.", field="customer")

    @action("ship", "Mark as shipped", confirmation="Mark what is selected as shipped?", icon="truck")
    def ship(self, items: Order | Sequence[Order]) -> None:
        """Mark paid orders as shipped."""
        orders = [items] if isinstance(items, Order) else items
        for order in orders:
            if order.status is not OrderStatus.PAID:
                raise Rejected(f"{order} is {order.status.value}; only paid orders can be shipped.")
            order.status = OrderStatus.SHIPPED
        db.session.commit()
        flash(f"Shipped: {', '.join(map(str, orders))}", "success")

    @action("note", "Add a note", single=False, each=True, form=NoteForm, all_matching=True, icon="pencil")
    def add_note(self, order: Order, form: NoteForm) -> None:
        """Put a line below the note of an order."""
        order.note = "\n".join(filter(None, [order.note, form.line.data]))


class CustomerView(ModelView):
    """Customers, each with their orders."""

    datamodel = SQLAInterface(Customer)
    list_columns = ["name", "email", "city", "country.name", "credit_limit", "created_at"]
    search_columns = ["name", "email", "city"]
    base_order = ("name", "asc")
    label_columns = {"country.name": "Country", "wants_newsletter": "Newsletter", "created_at": "Customer since"}
    formatters_columns = {"credit_limit": amount}
    show_fieldsets = [
        ("Person", {"fields": ["name", "email", "phone", "born_on", "city", "country"]}),
        ("Business", {"fields": ["credit_limit", "wants_newsletter", "account", "created_at", "notes"]}),
    ]
    add_fieldsets = edit_fieldsets = [
        ("Person", {"fields": ["name", "email", "phone", "born_on", "city", "country"]}),
        ("Business", {"fields": ["credit_limit", "wants_newsletter", "account", "notes"], "expanded": False}),
    ]
    validators_columns = {"email": [Regexp(r"^\S+@\S+\.\S+$", message="This is no e-mail address.")]}
    description_columns = {"account": "What the customer signs in with, where there is one."}
    delete_integrity_error_message = "This customer has orders and is kept with them."
    related_views = [OrderView]


class DeskView(MultipleView):
    """What whoever answers the telephone looks up."""

    views = [OrderView, CustomerView]


class StockLevelView(CompactCRUDMixin, ModelView):
    """How much of each product is in each store: counted at the shelves, so the next row is one click away."""

    datamodel = SQLAInterface(StockLevel)
    list_title = "Stock"
    list_columns = ["product.name", "store.name", "quantity", "reorder_below", "counted_at"]
    search_columns = ["product.name", "product.sku", "store.name", "store.city"]
    base_order = [("product.name", "asc"), ("store.name", "asc")]
    label_columns = {"product.name": "Product", "store.name": "Store"}


class ProductView(ModelView):
    """Everything that the shop sells or has sold."""

    datamodel = SQLAInterface(Product)
    list_columns = ["name", "sku", "category.name", "price", "is_published", "released_on", "tags"]
    search_columns = ["name", "sku", "summary", "category.name"]
    base_order = ("name", "asc")
    label_columns = {"sku": "SKU", "category.name": "Category", "is_published": "Published", "is_fragile": "Fragile"}
    formatters_columns = {"price": amount, "cost": amount}
    show_fieldsets = add_fieldsets = edit_fieldsets = [
        ("Product", {"fields": ["name", "sku", "category", "tags", "is_published", "released_on"]}),
        ("Texts", {"fields": ["summary", "description"]}),
        ("Price and size", {"fields": ["price", "cost", "weight_grams", "is_fragile"]}),
    ]
    description_columns = {"is_published": "Customers see what is published."}
    validators_columns = {"price": [NumberRange(min=0)]}
    conditional_fields = {"released_on": {"is_published": True}}
    related_views = [StockLevelView]


class CategoryView(MasterDetailView):
    """The shelves of the shop, inside each other, with what stands on each."""

    datamodel = SQLAInterface(Category)
    list_columns = ["name", "parent.name", "slug", "position"]
    show_columns = ["name", "parent", "slug", "position", "children"]
    search_columns = ["name", "parent.name"]
    base_order = [("parent.name", "asc"), ("position", "asc")]
    label_columns = {"parent.name": "Inside", "parent": "Inside", "children": "Holds"}
    description_columns = {"slug": "Its part of the address: /category/..."}
    related_views = [ProductView]


class TagView(ModelView):
    """Words that products share."""

    datamodel = SQLAInterface(Tag)
    list_columns = ["name", "colour", "products"]
    base_order = ("name", "asc")
    show_columns = add_columns = edit_columns = ["name", "colour"]
    related_views = [ProductView]
    validators_columns = {"colour": [Regexp("^#[0-9a-f]{6}$", message="A colour looks like #64748b.")]}


class EmployeeView(ModelView):
    """Who works here, and for whom."""

    datamodel = SQLAInterface(Employee)
    list_columns = ["last_name", "first_name", "job_title", "store.name", "manager", "hired_on", "left_on"]
    show_fieldsets = [
        (None, {"tab": "Person", "fields": ["staff_number", "first_name", "last_name"]}),
        (None, {"tab": "Work", "fields": ["job_title", "store", "manager", "reports", "hired_on", "left_on"]}),
        (None, {"tab": "Pay", "fields": ["salary"]}),
    ]
    add_fieldsets = edit_fieldsets = [
        (None, {"tab": "Person", "fields": ["staff_number", "first_name", "last_name"]}),
        (None, {"tab": "Work", "fields": ["job_title", "store", "manager", "hired_on", "left_on"]}),
        (None, {"tab": "Pay", "fields": ["salary"]}),
    ]
    search_columns = ["first_name", "last_name", "staff_number", "job_title", "store.city"]
    base_order = [("last_name", "asc"), ("first_name", "asc")]
    label_columns = {"store.name": "Store"}
    label_columns_of = {"manager": ("first_name", "last_name")}
    # Who manages somebody works in the same store.
    form_dependent_choices = {"manager": "store"}
    formatters_columns = {"salary": amount}


class StoreView(ModelView):
    """Where the shop has its stores."""

    datamodel = SQLAInterface(Store)
    list_columns = ["name", "city", "country.name", "opens_at", "closes_at", "has_parking"]
    search_columns = ["name", "city", "code"]
    base_order = ("name", "asc")
    label_columns = {"country.name": "Country", "has_parking": "Parking", "deleted_at": "Deleted"}
    related_views = [EmployeeView]
    soft_delete = "deleted_at"


class CountryView(ModelView):
    """Countries that the shop sells to."""

    datamodel = SQLAInterface(Country)
    list_columns = ["name", "code", "is_eu"]
    base_order = ("name", "asc")
    label_columns = {"is_eu": "In the EU"}
    description_columns = {"code": "Two letters, as ISO 3166 has them."}
    related_views = [StoreView, CustomerView]


class PriceChange(wtforms.Form):
    """By how much all prices change."""

    percent = wtforms.DecimalField("Change in %", [NumberRange(-50, 50)], description="-10 makes all 10 % cheaper.")


class PriceChangeView(SimpleFormView):
    """One form that changes the price of everything on sale."""

    form = PriceChange
    form_title = "Change prices"
    submit_label = "Change all prices"

    def form_post(self, form: PriceChange) -> None:
        """Change the prices of what is published, in whole cents."""
        factor = 1 + Decimal(form.percent.data or 0) / 100
        products = db.session.scalars(select(Product).where(Product.is_published)).all()
        for product in products:
            product.price = round(product.price * factor, 2)
        db.session.commit()
        flash(f"{len(products)} prices have changed.", "success")


class ReorderView(BaseView):
    """What to order from suppliers."""

    route_base = "/reorder"
    default_view = "reorder"

    @expose("/reorder.csv")
    @has_access
    def reorder(self) -> Response:
        """Products that run out, store by store, as a file for a spreadsheet."""
        low = (
            select(Store.name, Product.sku, Product.name, StockLevel.quantity)
            .join_from(StockLevel, StockLevel.store)
            .join(StockLevel.product)
            .where(StockLevel.quantity < StockLevel.reorder_below)
            .order_by(Store.name, Product.sku)
        )
        text = StringIO()
        csv.writer(text).writerows([("Store", "SKU", "Product", "In stock"), *db.session.execute(low)])
        return Response(text.getvalue(), mimetype="text/csv")


appbuilder = AppBuilder(security_manager_class=ShopSecurity)

appbuilder.add_view(OrderView, "Orders", icon="cart", category="Sales")
appbuilder.add_view(CustomerView, "Customers", icon="users", category="Sales")
appbuilder.add_view(DeskView, "Desk", icon="phone", category="Sales")
appbuilder.add_view_no_menu(OrderItemView)
appbuilder.add_view(ProductView, "Products", icon="box", category="Catalogue")
appbuilder.add_view(CategoryView, "Categories", icon="folder", category="Catalogue")
appbuilder.add_view(TagView, "Tags", icon="tag", category="Catalogue")
appbuilder.add_view(PriceChangeView, "Change prices", icon="money", category="Catalogue")
appbuilder.add_view(StoreView, "Stores", icon="building", category="Stores")
appbuilder.add_view(EmployeeView, "Employees", icon="id-card", category="Stores")
appbuilder.add_view(StockLevelView, "Stock", icon="table", category="Stores")
appbuilder.add_view(ReorderView, "Reorder list", icon="download", category="Stores")
appbuilder.add_view(CountryView, "Countries", icon="globe", category="Stores")
