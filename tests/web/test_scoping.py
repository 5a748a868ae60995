"""`sm.scoped`: the host's own statements see the rows that the list of a view shows to the same person."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from appbuilder_lite import AppBuilder, BaseView, ModelView, SQLAInterface, expose, has_access
from appbuilder_lite.filters import FilterEqual
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements, Host, MakeHost
from tests.security.managers import make_manager
from tests.web.declared import site_of
from tests.web.site import Site, make_db, make_models

Ask = Callable[[Any, Any], Select[Any]]


def _norwegian(view: Any, query: Select[Any], user: Any) -> Select[Any]:
    # `filter_by` means the entity that was joined last, wherever there is a join.
    return query.filter_by(country_id=1)


def _even(site: Site) -> type[ModelView]:
    """Customers of Norway, which has the even numbers."""

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)
        base_filters = [["country.name", FilterEqual, "Norway"]]
        scope = _norwegian

    site.made["view"] = CustomerView
    return CustomerView


def _plain(site: Site) -> type[ModelView]:
    class OrderView(ModelView):
        datamodel = SQLAInterface(site.models.Order)

    return OrderView


class Report(BaseView):
    """A page that lists nothing."""

    default_view = "page"

    @expose("/page")
    @has_access
    def page(self) -> str:
        return "report"


def _ask(site: Site, make: Callable[[], Any]) -> None:
    """A route of the host's own that answers with what a statement gives."""
    site.app.add_url_rule("/asked", "asked", lambda: {"rows": [str(row) for row in site.db.session.scalars(make())]})


@pytest.fixture
def customers(make_host: MakeHost) -> Site:
    """Six customers, three of them of Norway; `olga` may list them, `nils` may only show them."""
    site = site_of(make_host, lambda site: [_even(site), _plain(site), Report])
    site.user("olga", ("can_list", "CustomerView"))
    site.user("nils", ("can_show", "CustomerView"))
    return site


def _names(site: Site, who: str) -> list[str]:
    rows: list[str] = site.sign_in(who).get("/asked").get_json()["rows"]
    return rows


@pytest.mark.parametrize("is_class", [True, False], ids=["class", "name"])
def test_a_statement_gives_the_rows_of_the_views_list(customers: Site, is_class: bool) -> None:
    model = customers.models.Customer
    view = customers.made["view"] if is_class else "CustomerView"
    _ask(customers, lambda: customers.sm.scoped(select(model.name).order_by(model.name), view=view))
    assert _names(customers, "olga") == ["Customer 000", "Customer 002", "Customer 004"]
    page = customers.sign_in("olga").get("/admin/customerview/list/").text
    assert "3 records" in page


STATEMENTS: dict[str, tuple[Callable[[Any], Select[Any]], list[str]]] = {
    "entity": (lambda models: select(models.Customer), ["Customer 000", "Customer 002", "Customer 004"]),
    "count": (lambda models: select(func.count()).select_from(models.Customer), ["3"]),
    "sum": (lambda models: select(func.sum(models.Customer.id)), ["9"]),
    "joined": (
        lambda models: select(models.Order.number).join(models.Order.customer),
        ["A00000", "A00002", "A00004"],
    ),
    "joined before": (
        lambda models: select(models.Customer.name).join(models.Country),
        ["Customer 000", "Customer 002", "Customer 004"],
    ),
    "condition": (
        lambda models: select(models.Order.number).where(models.Order.customer_id == models.Customer.id),
        ["A00000", "A00002", "A00004"],
    ),
    "limited": (
        lambda models: select(models.Customer.name).order_by(models.Customer.id).limit(2),
        ["Customer 000", "Customer 002"],
    ),
    "grouped": (
        lambda models: select(func.count(models.Customer.id)).group_by(models.Customer.country_id),
        ["3"],
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_of_any_shape_is_narrowed(customers: Site, name: str) -> None:
    make, expected = STATEMENTS[name]
    _ask(customers, lambda: customers.sm.scoped(make(customers.models), view="CustomerView"))
    assert sorted(_names(customers, "olga")) == expected


@pytest.mark.parametrize("who", ["nils", "anonymous"])
def test_whoever_may_not_list_the_view_gets_no_rows(customers: Site, who: str) -> None:
    _ask(customers, lambda: customers.sm.scoped(select(customers.models.Customer), view="CustomerView"))
    browser = customers.browser() if who == "anonymous" else customers.sign_in(who)
    assert browser.get("/asked").get_json() == {"rows": []}


def test_the_admin_is_narrowed_by_the_views_scope_and_by_nothing_else(customers: Site) -> None:
    models = customers.models
    _ask(customers, lambda: customers.sm.scoped(select(func.count(models.Order.id)), view="OrderView"))
    admin = customers.admin()
    assert admin.get("/asked").get_json() == {"rows": ["6"]}
    customers.app.view_functions["asked"] = lambda: str(
        customers.db.session.scalar(customers.sm.scoped(select(func.count(models.Customer.id)), view="CustomerView"))
    )
    assert admin.get("/asked").text == "3"


def test_a_view_without_a_list_gives_no_rows(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class CountryView(ModelView):
            datamodel = SQLAInterface(site.models.Country)
            base_permissions = ["can_add"]
            default_view = "add"

        return [CountryView]

    site = site_of(make_host, declare)
    _ask(site, lambda: site.sm.scoped(select(site.models.Country), view="CountryView"))
    assert site.admin().get("/asked").get_json() == {"rows": []}


def test_outside_a_request_there_is_nobody(customers: Site) -> None:
    with customers.app.app_context():
        sm, statement = customers.sm, select(customers.models.Order)
        assert customers.db.session.scalars(sm.scoped(statement, view="OrderView")).all() == []
        sm.add_permission_role(sm.get_public_role(), sm.find_permission_view_menu("can_list", "OrderView"))
    with customers.app.app_context():
        assert len(customers.db.session.scalars(customers.sm.scoped(statement, view="OrderView")).all()) == 6


def test_narrowing_costs_nothing_beside_who_asks(customers: Site, count_statements: CountStatements) -> None:
    _ask(customers, lambda: customers.sm.scoped(select(customers.models.Customer), view="CustomerView"))
    olga = customers.sign_in("olga")
    olga.get("/asked")
    with count_statements() as seen:
        olga.get("/asked")
    assert len(seen) == 2, seen


def test_a_scope_of_everything_leaves_the_statement_as_it_is(customers: Site) -> None:
    customers.user("kim", ("can_list", "OrderView"))
    statement = select(customers.models.Order)

    def same() -> dict[str, bool]:
        return {"same": customers.sm.scoped(statement, view="OrderView") is statement}

    customers.app.add_url_rule("/same", "same", same)
    assert customers.sign_in("kim").get("/same").get_json() == {"same": True}


UNFIT: dict[str, Callable[[Any], Any]] = {
    "alias": lambda models: select(aliased(models.Customer)),
    "subquery": lambda models: select(select(models.Customer).subquery()),
    "other model": lambda models: select(models.Country),
    "nothing": lambda models: select(func.count()),
    "union": lambda models: select(models.Customer.id).union(select(models.Customer.id)),
    "class": lambda models: models.Customer,
}


@pytest.mark.parametrize("name", UNFIT)
def test_a_statement_that_cannot_be_narrowed_is_refused(customers: Site, name: str) -> None:
    with (
        customers.app.test_request_context(),
        pytest.raises(ValueError, match=r"does not select from Customer.*select_from\(Customer\)"),
    ):
        customers.sm.scoped(UNFIT[name](customers.models), view="CustomerView")


class Stranger(ModelView):
    """A view that nobody has added."""


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ("CustomrView", "'CustomrView' is no view of records in this app; did you mean 'CustomerView'"),
        ("Report", "'Report' is no view of records"),
        (Stranger, "'Stranger' is no view of records"),
    ],
)
def test_a_view_that_is_not_there_is_told_with_what_is(customers: Site, view: Any, message: str) -> None:
    with customers.app.test_request_context(), pytest.raises(LookupError, match=message):
        customers.sm.scoped(select(customers.models.Customer), view=view)


def test_a_manager_without_views_says_so(host: Host) -> None:
    with host.app.app_context():
        manager: BaseSecurityManager = make_manager(host)
        with pytest.raises(LookupError, match=r"call init_app"):
            manager.scoped(select(manager.models.role), view="OrderView")


def test_views_of_a_second_appbuilder_are_found_and_namesakes_want_the_class(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)
    app: Flask = make_host(db).app
    first, second = AppBuilder(name="one", url_prefix="/one"), AppBuilder(name="two", url_prefix="/two")
    views = [type("OrderView", (ModelView,), {"datamodel": SQLAInterface(models.Order)}) for _ in range(2)]
    for builder, view in zip((first, second), views, strict=True):
        builder.add_view(view, "Orders")
        builder.init_app(app, db)
    tags: Any = type("TagView", (ModelView,), {"datamodel": SQLAInterface(models.Tag)})
    second.add_view(tags, "Tags")
    with app.app_context():
        db.create_all()
        sm = first.sm
        statement = select(models.Order)
        with pytest.raises(LookupError, match="several views; give the class"):
            sm.scoped(statement, view="OrderView")
        assert "false" in str(sm.scoped(statement, view=views[1])).lower()
        assert "false" in str(sm.scoped(select(models.Tag), view="TagView")).lower()
