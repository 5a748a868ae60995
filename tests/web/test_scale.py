"""What pages cost where there is much: 250 rows on a page, and 100,000 records that belong to one of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Engine, Enum, ForeignKey, Integer, Numeric, String, event
from sqlalchemy.orm import relationship

from appbuilder_lite import AppBuilder, MasterDetailView, ModelView, MultipleView, SQLAInterface, action
from tests.conftest import MakeHost
from tests.web.order_lines import EDIT, ROWS, lines, order_site, send, shown
from tests.web.site import Browser, Site, Status, make_db, make_models

CUSTOMERS = 400
SALES = 100_000
MOST_ROWS = 300
"""What one statement may bring: more than what any page shows, less than there are customers."""
MOST_BYTES = 200_000
MOST_WITH_MENUS = 230_000
"""A list whose rows have a menu each."""
MOST_OF_A_FORM = 350_000
"""A form of nearly a hundred rows in it: about 3 KB each."""
WHO = 1
PAGE = 2
"""The rows and their count."""
RECORD = 1
TO_MANY = 1
CHOICES = 1
RELATED = 2
"""As a page: of a record's only related view."""


def _models(db: Any) -> SimpleNamespace:
    models = make_models(db)

    class Sale(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        number = Column(String(20), nullable=False)
        status: Any = Column(Enum(Status), nullable=False)
        amount = Column(Numeric(10, 2), nullable=False)
        customer_id: Any = Column(ForeignKey("customer.id"), nullable=False, index=True)
        customer = relationship(models.Customer, backref="sales")

        def __str__(self) -> str:
            return str(self.number)

    return SimpleNamespace(**vars(models), Sale=Sale)


def _views(models: Any) -> Iterator[type[Any]]:
    class CountryView(ModelView):
        datamodel = SQLAInterface(models.Country)

    class SaleView(ModelView):
        datamodel = SQLAInterface(models.Sale)
        filter_counts = ("status",)

    class CustomerView(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ("name", "email", "notes", "country", "status", "since", "tags")
        related_views = (SaleView,)

    class PlainView(ModelView):
        """As somebody declares it who has just begun."""

        datamodel = SQLAInterface(models.Customer)

    class BuyerView(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = show_columns = ("name", "sales")

    class DeskView(MasterDetailView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ("name", "country")
        related_views = (SaleView,)

    class BothView(MultipleView):
        views = (CustomerView, SaleView)

    class StampView(ModelView):
        datamodel = SQLAInterface(models.Sale)

        @action("stamp", "Stamp", "Really?", all_matching=True)
        def stamp(self, items: Sequence[Any]) -> None: ...

    class MenuView(CustomerView):
        """Each row has a menu."""

        @action("greet", "Greet", "Really?")
        def greet(self, items: Sequence[Any]) -> None: ...

    yield from (CountryView, SaleView, CustomerView, PlainView, BuyerView, DeskView, BothView, StampView, MenuView)


@pytest.fixture
def big(make_host: MakeHost) -> Site:
    """The first of 400 customers has 100,000 sales."""
    db = make_db()
    models = _models(db)
    host, builder = make_host(db), AppBuilder()
    for view in _views(models):
        builder.add_view(view, view.__name__)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder, models)
    site.create()
    site.fill(CUSTOMERS)
    with site.app.app_context():
        _sell(db, models.Sale)
    return site


def _sell(db: Any, sale: Any) -> None:
    rows = [
        {"number": f"{one:06}", "status": Status.KNOWN, "amount": one, "customer_id": 1} for one in range(SALES // 32)
    ]
    db.session.execute(sa.insert(sale), rows)
    columns = [column for column in sale.__table__.c if not column.primary_key]
    for _doubled in range(5):
        db.session.execute(sa.insert(sale.__table__).from_select(columns, sa.select(*columns)))
    db.session.commit()


class Asked:
    """How many statements were sent, and the most rows that one of them brought."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def record(self, connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        # No driver tells how many rows will be fetched, so what is read is read once more.
        cursor = connection.connection.cursor()
        cursor.execute(statement, given)
        self.rows.append(len(cursor.fetchall()))
        cursor.close()


@contextmanager
def asked() -> Iterator[Asked]:
    seen = Asked()
    event.listen(Engine, "after_cursor_execute", seen.record)
    try:
        yield seen
    finally:
        event.remove(Engine, "after_cursor_execute", seen.record)


def faults(browser: Browser, budgets: dict[str, int], *, most: int = MOST_BYTES, **sent: Any) -> Iterator[str]:
    """What is too much on these pages."""
    browser.get("/admin/")
    for url, budget in budgets.items():
        with asked() as seen:
            answer = browser.client.post(f"/admin/{url}", data=sent) if sent else browser.get(f"/admin/{url}")
        statements, rows, size = len(seen.rows), max(seen.rows), len(answer.data)
        if answer.status_code != 200 or statements != budget or rows > MOST_ROWS or size > most:
            yield f"{url}: {answer.status}, {statements} statements of {budget}, up to {rows} rows, {size:,} bytes"


@pytest.mark.parametrize("rows", [25, 250])
def test_what_lists_cost_does_not_depend_on_their_rows(big: Site, rows: int) -> None:
    size = f"page_size={rows}"
    budgets = {
        f"customerview/list/?{size}": WHO + PAGE + TO_MANY,
        f"customerview/list/?{size}&search=customer&sort=-name": WHO + PAGE + TO_MANY,
        f"plainview/list/?{size}": WHO + PAGE + TO_MANY,
        f"buyerview/list/?{size}": WHO + PAGE + TO_MANY,
        f"saleview/list/?{size}": WHO + PAGE,
        f"saleview/list/?{size}&page=300&sort=-amount": WHO + PAGE,
        # What is chosen is told by its name.
        f"saleview/list/?{size}&customer__eq=1&status__in=KNOWN": WHO + PAGE + RECORD,
        f"deskview/list/?{size}": WHO + PAGE,
        f"deskview/list/1?{size}": WHO + PAGE + RECORD + RELATED,
        f"bothview/list/?customerview.{size}&saleview.{size}": WHO + PAGE + TO_MANY + PAGE,
        f"bothview/list/?customerview.{size}": WHO + PAGE + TO_MANY + PAGE,
        f"bothview/list/?saleview.{size}": WHO + PAGE + TO_MANY + PAGE,
    }
    menus = {f"menuview/list/?{size}": WHO + PAGE + TO_MANY}
    assert list(faults(big.admin(), budgets)) == []
    assert list(faults(big.admin(), menus, most=MOST_WITH_MENUS)) == []


@pytest.mark.parametrize("rows", [25, 250])
def test_twenty_columns_stay_within_the_bytes(make_host: MakeHost, rows: int) -> None:
    db = make_db()
    kinds = [Column(f"c{number}", String(20) if number % 2 else Integer) for number in range(19)]
    wide = type("Wide", (db.Model,), {"id": Column(Integer, primary_key=True), **{one.name: one for one in kinds}})
    host, builder = make_host(db), AppBuilder()
    view = {"datamodel": SQLAInterface(wide), "list_columns": ["id", *(one.name for one in kinds)]}
    builder.add_view(type("WideView", (ModelView,), view), "Wide")
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder, SimpleNamespace())
    site.create()
    with site.app.app_context():
        texts = {one.name: "some text" if isinstance(one.type, String) else 12345 for one in kinds}
        db.session.execute(sa.insert(wide), [texts for _row in range(250)])
        db.session.commit()
    assert list(faults(site.admin(), {f"wideview/list/?page_size={rows}": WHO + 1 + (rows < 250)})) == []


@pytest.mark.parametrize(("rows", "is_look_up"), [(15, False), (96, True)])
def test_rows_of_a_form_repeat_no_more_options_than_the_page_may_have(
    make_host: MakeHost, rows: int, is_look_up: bool
) -> None:
    site = order_site(make_host, product_view={})
    with site.app.app_context():
        product, line = site.models.Product, site.models.Line
        keys = range(1000, 1096)
        site.db.session.execute(sa.insert(product), [{"id": key, "name": f"Product {key}"} for key in keys])
        new = [{"order_id": 1, "product_id": key, "quantity": 4} for key in keys[: rows - 2]]
        site.db.session.execute(sa.insert(line), new)
        site.db.session.commit()
    admin = site.admin()
    budget = {EDIT.removeprefix("/admin/"): WHO + RECORD + TO_MANY + CHOICES}
    assert list(faults(admin, budget, most=MOST_OF_A_FORM)) == []
    page = admin.get(EDIT).text
    # One more is blank, and of one scripts make further ones.
    drawn = rows + 2
    assert page.count('role="group" aria-label="Product"') == (drawn if is_look_up else 0)
    assert page.count("<option") == (0 if is_look_up else drawn * 101)
    form = shown(admin)
    assert [form[f"{ROWS}-{row}-product"] for row in (0, rows - 1)] == ["1", str(keys[rows - 3])]
    # What was chosen by a script, or found without one, is saved.
    answer = send(admin, form, r0={"product": "1095"})
    assert answer.status_code == 302, answer.text
    assert (1095, 5) in lines(site)


def test_a_record_with_100_000_others_costs_what_any_costs(big: Site) -> None:
    # Eight are declared above, and those of users, groups and roles.
    views = 8 + 3
    budgets = {
        "customerview/show/1": WHO + RECORD + TO_MANY + RELATED,
        "plainview/show/1": WHO + RECORD + TO_MANY,
        "buyerview/show/1": WHO + RECORD + TO_MANY,
        "saleview/show/5": WHO + RECORD,
        "customerview/edit/1": WHO + RECORD + TO_MANY + 2 * CHOICES + RELATED,
        "plainview/edit/1": WHO + RECORD + TO_MANY + 2 * CHOICES,
        "plainview/add": WHO + 2 * CHOICES,
        "saleview/edit/5": WHO + RECORD + CHOICES,
        "saleview/add": WHO + CHOICES,
        "saleview/add?customer=1": WHO + CHOICES + RECORD,
        "saleview/choices/add/customer?q=customer": WHO + 1,
        "customerview/filter": WHO + CHOICES,
        "buyerview/filter": WHO + CHOICES,
        "saleview/filter": WHO + CHOICES + 1,
        "search?q=00": WHO + views,
        "": WHO + 1,
    }
    assert list(faults(big.admin(), budgets)) == []


@pytest.mark.parametrize("rows", [25, 250])
def test_what_a_question_costs_does_not_depend_on_what_it_is_about(big: Site, rows: int) -> None:
    admin = big.admin()
    token = admin.token()
    ticked: dict[str, Any] = {"csrf_token": token, "action": "stamp", "rowid": [str(key + 1) for key in range(rows)]}
    everything: dict[str, Any] = {"csrf_token": token, "action": "stamp", "_all": ""}
    others = 2
    found = [
        *faults(admin, {"customerview/delete/1": WHO + RECORD + others, "saleview/delete/5": WHO + RECORD}),
        *faults(admin, {"customerview/delete_selected": WHO + RECORD + others}, **ticked),
        *faults(admin, {"stampview/delete_selected": WHO + 1, "stampview/action_post": WHO + 1}, **ticked),
        *faults(admin, {"stampview/delete_selected": WHO + 2, "stampview/action_post": WHO + 2}, **everything),
    ]
    assert found == []
