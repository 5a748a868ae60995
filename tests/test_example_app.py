"""The example shop after it was extended: what was there stays as it was, and what was added works."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

import example_app.shop
from appbuilder_lite import ModelView
from appbuilder_lite.cli import appbuilder as commands
from appbuilder_lite.web.state import current_state
from example_app import demo
from example_app.shop import create_app, seed
from example_app.shop.admin import appbuilder
from example_app.shop.auth import load_account
from example_app.shop.extensions import db, login_manager
from example_app.shop.models import Account, Order, OrderItem, OrderStatus, Product
from tests.conftest import CountStatements
from tests.shop import PASSWORD, close, fill, make_shop, signed_in

SHOPPER = seed.SHOPPER
NO_DATABASE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a filled shop's database; tests leave it as they found it, or change what no other looks at."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shop.sqlite'}"
    fill(url)
    return url


@pytest.fixture
def shop(filled_url: str) -> Iterator[Flask]:
    app = make_shop(filled_url)
    yield app
    with app.app_context():
        close()


@pytest.fixture
def plain(filled_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The shop as it was before it was extended."""

    class Nothing:
        def init_app(self, app: Flask, db: Any) -> None: ...

    monkeypatch.setattr(example_app.shop, "appbuilder", Nothing())
    app = make_shop(filled_url)
    monkeypatch.undo()
    yield app
    with app.app_context():
        close()


@pytest.fixture
def admin(shop: Flask) -> FlaskClient:
    return signed_in(shop, demo.ADMIN)


def test_a_tag_leads_to_all_products_that_have_it(shop: Flask) -> None:
    client = signed_in(shop, demo.ADMIN)
    page = client.get("/admin/tagview/show/1").text
    found = re.search(r'href="([^"]+)"[^>]*>Show all ([\d,]+)<', page)
    assert found is not None
    assert " more" not in page
    products = client.get(found[1].replace("&amp;", "&")).text
    assert f"{found[2]} records" in products


def test_the_shop_keeps_its_routes(plain: Flask, shop: Flask) -> None:
    before, after = rules(plain), rules(shop)
    assert before <= after
    assert all(rule.startswith("/admin") for rule, _, _ in after - before)
    functions = {name: name_of(function) for name, function in shop.view_functions.items()}
    assert {name: name_of(function) for name, function in plain.view_functions.items()}.items() <= functions.items()


def test_the_shop_keeps_its_functions_and_handlers(plain: Flask, shop: Flask) -> None:
    for kind in (
        "before_request_funcs",
        "after_request_funcs",
        "teardown_request_funcs",
        "template_context_processors",
        "url_value_preprocessors",
        "url_default_functions",
    ):
        before, after = getattr(plain, kind), getattr(shop, kind)
        assert list(map(name_of, after.get(None, []))) == list(map(name_of, before.get(None, []))), kind
    assert shop.error_handler_spec[None] == plain.error_handler_spec[None]
    assert set(shop.jinja_env.filters) == set(plain.jinja_env.filters)
    assert set(shop.jinja_env.globals) == set(plain.jinja_env.globals)
    assert set(shop.extensions) - set(plain.extensions) == {"appbuilder_lite"}
    assert dict(shop.config) == dict(plain.config)


def test_the_shop_keeps_its_login_manager(shop: Flask) -> None:
    manager: Any = vars(shop)["login_manager"]
    assert manager is login_manager
    assert manager.login_view == "auth.login"
    assert manager._user_callback is load_account
    assert manager._request_callback is None
    assert manager.unauthorized_callback is None


@pytest.mark.parametrize("path", ["/", "/login", "/category/kitchen", "/no-such-page", "/orders", "/static/shop.css"])
@pytest.mark.parametrize("email", [None, SHOPPER, demo.ADMIN])
def test_the_shops_pages_are_the_same(plain: Flask, shop: Flask, path: str, email: str | None) -> None:
    answers = []
    for app in (plain, shop):
        client = app.test_client() if email is None else signed_in(app, email)
        with client.get("/") as first, client.get(path) as answer:
            answers.append((first.status_code, answer.status_code, answer.data, set(answer.headers.keys())))
    assert answers[0] == answers[1]


def test_the_shop_signs_in_before_our_tables_are_made(tmp_path: Path) -> None:
    app = make_shop(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    with app.app_context():
        upgrade()
        add_account("early@example.com")
    client = signed_in(app, "early@example.com")
    assert client.get("/orders").status_code == 200
    assert client.get("/admin/").status_code == 503
    with app.app_context():
        demo.make_tables()
    assert client.get("/admin/").status_code == 200
    with app.app_context():
        close()


def test_starting_asks_no_database(count_statements: CountStatements) -> None:
    with count_statements() as seen:
        app = create_app({"SQLALCHEMY_DATABASE_URI": NO_DATABASE, "SECRET_KEY": "a secret of the test suite"})
    assert len(seen) == 0
    with app.test_client().get("/static/shop.css") as answer:
        assert answer.status_code == 200
    assert app.test_client().get("/admin/").status_code == 503


def test_whoever_has_not_signed_in_comes_back_after_the_shops_own_sign_in(shop: Flask) -> None:
    client = shop.test_client()
    asked = client.get("/admin/orderview/list/?search=SO-000001")
    assert asked.location == "/login?next=%2Fadmin%2Forderview%2Flist%2F%3Fsearch%3DSO-000001"
    target = "/admin/orderview/list/?search=SO-000001"
    answer = client.post("/login", data={"email": demo.ADMIN, "password": PASSWORD, "next": target})
    assert answer.location == target
    assert "SO-000001" in client.get(target).text


def test_create_admin_makes_an_account_of_the_shop(shop: Flask) -> None:
    arguments = ["create-admin", "--username", "new@example.com", "--firstname", "Nora New"]
    answer = shop.test_cli_runner().invoke(commands, [*arguments, "--password-stdin"], input=f"{PASSWORD}\n")
    assert answer.exit_code == 0, answer.output
    with shop.app_context():
        account = db.session.scalars(select(Account).filter_by(email="new@example.com")).one()
        assert (account.full_name, account.is_enabled) == ("Nora New", True)
    page = signed_in(shop, "new@example.com").get("/admin/users/list/")
    assert page.status_code == 200
    assert "Nora New" in page.text


def test_create_admin_promotes_an_account_that_there_is(shop: Flask) -> None:
    with shop.app_context():
        add_account("promoted@example.com")
    client = signed_in(shop, "promoted@example.com")
    assert client.get("/admin/users/list/").status_code == 403
    arguments = ["create-admin", "--username", "promoted@example.com", "--promote"]
    assert shop.test_cli_runner().invoke(commands, arguments).exit_code == 0
    assert client.get("/admin/users/list/").status_code == 200


def test_every_page_answers_an_administrator(database_url: str) -> None:
    fill(database_url)
    app = make_shop(database_url)
    client = signed_in(app, demo.ADMIN)
    with app.test_request_context():
        paths = list(pages())
    assert len(paths) > 60
    answers = {path: client.get(path).status_code for path in paths}
    assert {path: code for path, code in answers.items() if code != 200} == {}
    with app.app_context():
        close()


def test_a_customer_of_the_shop_may_open_nothing(shop: Flask) -> None:
    client = signed_in(shop, SHOPPER)
    with shop.test_request_context():
        closed = [path for path in pages() if "/admin/userinfo" not in path and "/admin/resetmy" not in path]
    answers = {path: client.get(path).status_code for path in closed}
    assert {path for path, code in answers.items() if code != 403} == {"/admin/", "/admin/menu"}


def test_a_permission_counts_at_the_next_request(shop: Flask, admin: FlaskClient) -> None:
    clerk = signed_in(shop, demo.CLERK)
    assert clerk.get("/admin/tagview/list/").status_code == 403
    with shop.app_context():
        sm = appbuilder.sm
        role, permission = sm.find_role(demo.CLERK_ROLE), sm.find_permission_view_menu("can_list", "TagView")
        sm.add_permission_role(role, permission)
    assert clerk.get("/admin/tagview/list/").status_code == 200
    with shop.app_context():
        sm = appbuilder.sm
        role, permission = sm.find_role(demo.CLERK_ROLE), sm.find_permission_view_menu("can_list", "TagView")
        sm.del_permission_role(role, permission)
    assert clerk.get("/admin/tagview/list/").status_code == 403


def test_a_password_changed_by_the_shop_ends_the_sessions(shop: Flask) -> None:
    with shop.app_context():
        add_account("changing@example.com")
    client = signed_in(shop, "changing@example.com")
    assert client.get("/admin/").status_code == 200
    with shop.app_context():
        account = db.session.scalars(select(Account).filter_by(email="changing@example.com")).one()
        account.set_password("another horse battery")
        db.session.commit()
    assert client.get("/admin/").location == "/login?next=%2Fadmin%2F"
    assert client.get("/orders").status_code == 302


@pytest.mark.parametrize(
    ("path", "statements"),
    [
        ("/admin/countryview/list/", 4),
        # One more, for the numbers on its tabs.
        ("/admin/orderview/list/", 5),
        ("/admin/orderview/list/?page_size=100", 5),
        ("/admin/productview/list/", 5),
        ("/admin/stocklevelview/list/?search=garden", 4),
    ],
)
def test_lists_cost_few_statements(
    admin: FlaskClient, count_statements: CountStatements, path: str, statements: int
) -> None:
    admin.get(path)
    with count_statements() as seen:
        assert admin.get(path).status_code == 200
    assert len(seen) <= statements, seen


def test_amounts_of_money_stand_at_the_end_of_their_cells(admin: FlaskClient) -> None:
    assert re.search(r"<td role=cell data-n>€[\d,]+\.\d\d<", admin.get("/admin/orderview/list/").text)


def test_the_customer_of_a_paid_order_stays(shop: Flask, admin: FlaskClient) -> None:
    with shop.app_context():
        order = an_order(OrderStatus.PAID)
        key, customer = order.id, order.customer_id
        fields = {"customer": str(customer + 1), "number": order.number, "status": "PAID"}
    answer = save(admin, f"/admin/orderview/edit/{key}", fields)
    assert answer.status_code == 422
    assert "is paid: its customer cannot change any more." in answer.text
    with shop.app_context():
        assert db.session.get_one(Order, key).customer_id == customer


def test_only_paid_orders_are_shipped(shop: Flask, admin: FlaskClient) -> None:
    with shop.app_context():
        paid, new = an_order(OrderStatus.PAID), an_order(OrderStatus.NEW)
        keys, names = (paid.id, new.id), (paid.number, new.number)
    both = {"action": "ship", "rowid": [str(key) for key in keys], "confirmed": "1"}
    assert f"{names[1]} is new" in act(admin, both)
    with shop.app_context():
        assert [db.session.get_one(Order, key).status for key in keys] == [OrderStatus.PAID, OrderStatus.NEW]
    one = {"action": "ship", "rowid": [str(keys[0])], "confirmed": "1"}
    assert f"Shipped: {names[0]}" in act(admin, one)
    with shop.app_context():
        assert db.session.get_one(Order, keys[0]).status is OrderStatus.SHIPPED


def test_the_total_of_an_order_follows_its_lines(shop: Flask, admin: FlaskClient) -> None:
    with shop.app_context():
        line = db.session.scalars(select(OrderItem).order_by(OrderItem.id).limit(1)).one()
        key, order, price = line.id, line.order_id, line.unit_price
    answer = save(admin, f"/admin/orderitemview/edit/{key}", {"quantity": "9", "unit_price": str(price)})
    assert answer.status_code == 302
    with shop.app_context():
        changed = db.session.get_one(Order, order)
        assert changed.total == sum(line.line_total for line in changed.items)
        before = changed.total
        own = db.session.get_one(OrderItem, key).line_total
    assert save(admin, f"/admin/orderitemview/delete/{key}", {}).status_code == 302
    with shop.app_context():
        assert db.session.get_one(Order, order).total == before - own


def test_prices_change_by_the_shops_own_form(shop: Flask, admin: FlaskClient) -> None:
    with shop.app_context():
        some = db.session.scalars(select(Product).where(Product.is_published).limit(1)).one()
        key, price = some.id, some.price
    assert "Number must be between -50 and 50." in save(admin, "/admin/pricechangeview/form", {"percent": "51"}).text
    assert save(admin, "/admin/pricechangeview/form", {"percent": "10"}).status_code == 302
    with shop.app_context():
        assert db.session.get_one(Product, key).price == round(price * 11 / 10, 2)


def test_the_demo_makes_its_shop_once_and_tells_who_may_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first, second = run_demo(tmp_path, "--orders", "30"), run_demo(tmp_path)
    assert "Making a shop with 30 orders" in first
    assert "Making" not in second
    assert password_in(first) == password_in(second)
    third = password_in(run_demo(tmp_path, "--reset-password"))
    assert third != password_in(first)
    app = create_app(demo.settings(tmp_path))
    client = app.test_client()
    assert client.post("/login", data={"email": demo.ADMIN, "password": third}).status_code == 302
    assert client.get("/admin/orderview/list/").status_code == 200
    with app.app_context():
        close()


def run_demo(folder: Path, *arguments: str) -> str:
    answer = CliRunner().invoke(demo.main, ["--no-server", "--folder", str(folder), *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output


def password_in(output: str) -> str:
    found = re.search(r"Password +(\S+)\n", output)
    assert found, output
    return found[1]


def rules(app: Flask) -> set[tuple[str, str, frozenset[str]]]:
    return {(rule.rule, rule.endpoint, frozenset(rule.methods or ())) for rule in app.url_map.iter_rules()}


def name_of(function: Any) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def pages() -> Iterator[str]:
    """Every page of the staff area: of the views of records all four forms, with the first record."""
    state = current_state()
    yield from ("/admin/", "/admin/menu")
    for view in state.views.values():
        if isinstance(view, ModelView):
            yield from record_pages(view)
        elif "this_form_get" in view.routes and not view.routes["this_form_get"].endpoint.startswith("ResetPassword"):
            yield f"/admin/{view.view_name.lower()}/form".replace("resetmypasswordview", "resetmypassword")
    yield "/admin/reorder/reorder.csv"


def record_pages(view: ModelView) -> Iterator[str]:
    model = view.datamodel.model
    item = db.session.scalars(select(model).limit(1)).first()
    for method in sorted({"list", "add"} & set(view.routes)):
        yield view.url_for(method)
    if item is not None:
        for method in sorted({"show", "edit", "delete"} & set(view.routes)):
            yield view.url_for(method, pk=view.datamodel.encode_key(item))


def add_account(email: str) -> None:
    account = Account(email=email, full_name=email.partition("@")[0])
    account.set_password(PASSWORD)
    db.session.add(account)
    db.session.commit()


def an_order(status: OrderStatus) -> Order:
    """Some order of that status, made so where there is none."""
    order = db.session.scalars(select(Order).where(Order.status == status).limit(1)).first()
    if order is None:
        order = db.session.scalars(select(Order).where(Order.status == OrderStatus.DELIVERED).limit(1)).one()
        order.status = status
        db.session.commit()
    return order


def save(client: FlaskClient, path: str, fields: dict[str, str]) -> Any:
    """Send a page's form with these fields, the only ones that it had shown."""
    return client.post(path, data={**fields, "_fields": ",".join(fields), "csrf_token": token(client, path)})


def act(client: FlaskClient, fields: dict[str, Any]) -> str:
    """Run an action of the orders; what the page then says."""
    path = "/admin/orderview/list/"
    data = {**fields, "csrf_token": token(client, path)}
    return client.post("/admin/orderview/action_post", data=data, follow_redirects=True).text


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, f"{path} has no form"
    return found[1]
