"""User code that must check under mypy --strict; nothing here is run."""

from typing import Any

import wtforms
from flask import Flask, flash, redirect
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Select, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    CompactCRUDMixin,
    IndexView,
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
    permission_name,
    public,
    security_model,
    signed_in,
)
from appbuilder_lite.filters import FilterEqual, FilterEqualFunction
from appbuilder_lite.testing import client_as


class Base(DeclarativeBase):
    """The host's base."""


db = SQLAlchemy(model_class=Base)


class Customer(Base):
    """A model of the host."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


def whoever() -> int:
    """A value for a filter, asked for at each request."""
    return 1


class OrderView(ModelView):
    """The least that a view says."""

    datamodel = SQLAInterface(Customer)


class RegionView(MasterDetailView):
    """A list beside what belongs to its rows."""

    datamodel = SQLAInterface(Customer)
    related_views = (OrderView,)


class CardView(CompactCRUDMixin, ModelView):
    """A list and its forms on one page."""

    datamodel = SQLAInterface(Customer)


class DeskView(MultipleView):
    """Several lists."""

    views = [OrderView, RegionView]


class CustomerView(ModelView):
    """A view that says a lot."""

    datamodel = SQLAInterface(Customer)
    list_title = "Our customers"
    list_columns = ["name", "country.name"]
    show_columns = ("name",)
    label_columns = {"name": "Full name"}
    formatters_columns = {"name": str.upper}
    validators_columns = {"name": [wtforms.validators.Length(max=40)]}
    base_filters = [["name", FilterEqual, "x"], ["id", FilterEqualFunction, whoever]]
    base_order = ("name", "desc")
    page_size = 50
    edit_fieldsets = [("Person", {"fields": ["name"], "expanded": False})]
    add_form_extra_fields = {"more": wtforms.StringField("More")}
    related_views = [OrderView]
    base_permissions = ["can_list", "can_show"]
    exclude_route_methods = {"delete"}

    def pre_add(self, item: Customer) -> None:
        if not item.name:
            raise Rejected("A customer needs a name", field="name")

    def post_update(self, item: Customer) -> None:
        flash(f"{item.name} was changed")

    def scope(self, query: Select[Any], user: Any) -> Select[Any]:
        return query.where(Customer.id > 1)

    def can_edit_item(self, user: Any, item: Customer) -> bool:
        return item.name != "Ann"

    def can_access_field(self, user: Any, column: str, action: str) -> bool:
        return column != "name"

    @action("ship", "Ship", confirmation="Really?", icon="truck", single=False)
    def ship(self, items: list[Customer]) -> ResponseReturnValue:
        return redirect(self.url_for("list", page=len(items)))

    @expose("/report/<int:year>", methods=["GET", "POST"])
    @has_access
    @permission_name("list")
    def report(self, year: int) -> str:
        return self.render_template("report.html", year=year)


class ImportForm(wtforms.Form):
    """A form of the host."""

    source = wtforms.StringField("Source")


class ImportView(SimpleFormView):
    """A page with a form."""

    form = ImportForm
    form_title = "Import"

    def form_post(self, form: ImportForm) -> ResponseReturnValue | None:
        flash(str(form.source.data))
        return None


class Home(IndexView):
    """A home page of the host's own."""

    index_template = "home.html"


class Pages(BaseView):
    """Pages of the host."""

    default_view = "about"

    @expose("/about")
    @public
    def about(self) -> str:
        return "about"

    @expose("/mine")
    @signed_in
    def mine(self) -> tuple[str, int]:
        return "mine", 200


class Manager(SecurityManager):
    """A security manager of the host."""

    user_model = Customer
    user_attributes = {"username": "name", "active": None}
    login_view = "auth.login"
    rolemodelview = None


class Users(ModelView):
    """A view of whatever the user model is."""

    datamodel = SQLAInterface(security_model("user_model"))


appbuilder = AppBuilder(security_manager_class=Manager, indexview=Home, url_prefix="/backstage", name="backstage")
appbuilder.add_view(CustomerView, "Customers", icon="people", category="Sales", menu_cond=lambda: True)
appbuilder.add_view_no_menu(ImportView)
appbuilder.add_link("Docs", href="https://example.org", category="Help")
appbuilder.add_separator("Help")


def create_app() -> Flask:
    """A factory of the host."""
    app = Flask(__name__)
    db.init_app(app)
    appbuilder.init_app(app, db)

    @app.get("/report")
    @has_access("can_open", "Sales report")
    def report() -> str:
        count: int | None = db.session.scalar(appbuilder.sm.scoped(select(func.count(Customer.id)), view="OrderView"))
        rows = db.session.execute(appbuilder.sm.scoped(select(Customer.id, Customer.name), view=OrderView)).all()
        flash(f"{count} of {len(rows)}")
        role = appbuilder.sm.find_role("Admin")
        return f"{role} {appbuilder.sm.can(None, 'can_open', 'Sales report')}"

    return app


def test_clerks_list_orders() -> None:
    """A test of the host."""
    client = client_as(create_app(), roles=["Clerk"], permissions=[("can_list", "OrderView")], user="ann")
    assert client.get("/backstage/orderview/list/").status_code == 200
