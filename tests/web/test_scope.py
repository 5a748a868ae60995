"""A person meets the rows and columns of their scope and no others, whatever page, form or action is asked."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import wtforms
from sqlalchemy import Column, ForeignKey, Integer, Select, String
from sqlalchemy.orm import relationship
from werkzeug.datastructures import MultiDict

from appbuilder_lite import (
    AppBuilder,
    BaseView,
    ModelView,
    SecurityManager,
    SQLAInterface,
    UserMixin,
    action,
    expose,
    has_access,
    security_model,
)
from appbuilder_lite.filters import FilterEqual, FilterEqualFunction, FilterIn, FilterInFunction
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import PASSWORD, Browser, Site, make_db

NORWAY, SPAIN = 1, 2
INSIDE, OUTSIDE = 1, 2
LIST = "/admin/customerview/list/"


class NoTenant(RuntimeError):
    """What a host's function raises that does not know whose rows are asked for."""


def _raising(error: Exception) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


def _norway_by_hook(view: Any, query: Select[Any], user: Any) -> Select[Any]:
    return query.where(view.datamodel.model.country_id == NORWAY)


SCOPES: dict[str, dict[str, Any]] = {
    "equal": {"base_filters": [["country_id", FilterEqual, NORWAY]]},
    "dotted": {"base_filters": [["country.name", FilterEqual, "Norway"]]},
    "equal function": {"base_filters": [["country_id", FilterEqualFunction, lambda: NORWAY]]},
    "relation": {"base_filters": [["country", FilterEqualFunction, lambda: NORWAY]]},
    "in": {"base_filters": [["country_id", FilterIn, [NORWAY]]]},
    "in function": {"base_filters": [["country_id", FilterInFunction, lambda: iter([NORWAY])]]},
    "hook": {"scope": _norway_by_hook},
}
NOTHING: dict[str, dict[str, Any]] = {
    "raises": {"base_filters": [["country_id", FilterEqualFunction, _raising(NoTenant("who asks?"))]]},
    "raises in a list": {"base_filters": [["country_id", FilterInFunction, _raising(KeyError("tenant"))]]},
    "nobody": {"base_filters": [["country_id", FilterEqualFunction, lambda: None.id]]},  # type: ignore[attr-defined]
    "empty list": {"base_filters": [["country_id", FilterInFunction, list]]},
    "no list": {"base_filters": [["country_id", FilterInFunction, lambda: None]]},
    "empty": {"base_filters": [["country_id", FilterIn, []]]},
}


def _customers(site: Site, **options: Any) -> type[ModelView]:
    """A view of customers with an action, and what the test declares."""

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)
        list_columns = ["name", "email"]
        ran: list[str] = []

        @action("stamp", "Stamp")
        def stamp(self, items: Any) -> None:
            site.made.setdefault("stamped", []).append(items)

    for name, value in options.items():
        setattr(CustomerView, name, value)
    return CustomerView


def _plain(site: Site, model: str, **options: Any) -> type[ModelView]:
    """A view of another model."""
    return type(f"{model}View", (ModelView,), {"datamodel": SQLAInterface(getattr(site.models, model)), **options})


def _post(browser: Browser, url: str, **data: Any) -> Any:
    return browser.client.post(url, data={"csrf_token": browser.token(), **data})


def _customer(site: Site, key: int) -> Any:
    site.db.session.expire_all()
    return site.db.session.get(site.models.Customer, key)


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_row_outside_the_scope_is_on_no_list_and_in_no_count(make_host: MakeHost, scope: dict[str, Any]) -> None:
    admin = site_of(make_host, lambda site: [_customers(site, **scope)]).admin()
    page = admin.get(LIST).text
    assert "3 records" in page
    assert "Customer 000" in page
    assert "Customer 001" not in page
    assert "Customer 001" not in admin.get(f"{LIST}?sort=-name&page_size=10").text
    found = admin.get(f"{LIST}?search=001").text
    assert "Customer 001" not in found
    assert "0 records" in found


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_row_outside_the_scope_cannot_be_opened_changed_or_deleted(
    make_host: MakeHost, scope: dict[str, Any]
) -> None:
    site = site_of(make_host, lambda site: [_customers(site, **scope)])
    admin = site.admin()
    for method in ("show", "edit", "delete"):
        assert admin.get(f"/admin/customerview/{method}/{INSIDE}").status_code == 200, method
        assert admin.get(f"/admin/customerview/{method}/{OUTSIDE}").status_code == 404, method
    for method in ("edit", "delete"):
        assert _post(admin, f"/admin/customerview/{method}/{OUTSIDE}", name="Taken").status_code == 404, method
    with site.app.app_context():
        assert _customer(site, OUTSIDE).name == "Customer 001"


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_an_action_never_gets_a_row_outside_the_scope(make_host: MakeHost, scope: dict[str, Any]) -> None:
    site = site_of(make_host, lambda site: [_customers(site, **scope)])
    admin = site.admin()
    assert _post(admin, f"/admin/customerview/action/stamp/{OUTSIDE}").status_code == 404
    for rows in ([OUTSIDE], [INSIDE, OUTSIDE], [OUTSIDE, INSIDE]):
        answer = _post(admin, "/admin/customerview/action_post", action="stamp", rowid=rows)
        assert answer.status_code == 404, rows
    assert "stamped" not in site.made
    assert _post(admin, "/admin/customerview/action_post", action="stamp", rowid=[INSIDE, 3]).status_code == 302
    assert len(site.made["stamped"][0]) == 2


@pytest.mark.parametrize("scope", NOTHING.values(), ids=NOTHING)
def test_a_filter_without_a_value_lets_nothing_through(make_host: MakeHost, scope: dict[str, Any]) -> None:
    site = site_of(make_host, lambda site: [_customers(site, **scope)])
    admin = site.admin()
    page = admin.get(LIST)
    assert page.status_code == 200
    assert "0 records" in page.text
    assert "Customer 0" not in page.text
    for method in ("show", "edit", "delete"):
        assert admin.get(f"/admin/customerview/{method}/{INSIDE}").status_code == 404
    assert _post(admin, f"/admin/customerview/action/stamp/{INSIDE}").status_code == 404
    assert admin.send("/admin/customerview/add", name="New").status_code == 422
    assert site.count(site.models.Customer) == 6


def test_two_views_of_a_model_each_keep_their_own_scope(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        everybody = type("EverybodyView", (_customers(site),), {})
        return [_customers(site, **SCOPES["equal"]), everybody]

    admin = site_of(make_host, declare).admin()
    assert admin.get(f"/admin/everybodyview/show/{OUTSIDE}").status_code == 200
    assert admin.get(f"/admin/customerview/show/{OUTSIDE}").status_code == 404
    assert "6 records" in admin.get("/admin/everybodyview/list/").text


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_row_pushed_out_of_the_scope_is_refused_and_not_written(make_host: MakeHost, scope: dict[str, Any]) -> None:
    site = site_of(make_host, lambda site: [_customers(site, **scope), _plain(site, "Country")])

    @site.app.after_request
    def commit(response: Any) -> Any:
        site.db.session.commit()
        return response

    admin = site.admin()
    answer = admin.send(f"/admin/customerview/edit/{INSIDE}", name="Moved", country=str(SPAIN))
    assert answer.status_code == 422
    assert "outside of what you may see" in answer.text
    answer = admin.send("/admin/customerview/add", name="Elsewhere", country=str(SPAIN))
    assert answer.status_code == 422
    with site.app.app_context():
        row = _customer(site, INSIDE)
        assert (row.name, row.country_id) == ("Customer 000", NORWAY)
    assert site.count(site.models.Customer) == 6
    assert admin.send("/admin/customerview/add", name="Here", country=str(NORWAY)).status_code == 302


def test_the_scope_hook_is_told_who_asks(make_host: MakeHost) -> None:
    asked: list[Any] = []

    def scope(view: Any, query: Select[Any], user: Any) -> Select[Any]:
        asked.append(user if user is None else user.username)
        return query.where(view.datamodel.model.country_id == {"nora": NORWAY, "sara": SPAIN}.get(asked[-1], 0))

    site = site_of(make_host, lambda site: [_customers(site, scope=scope)])
    for name in ("nora", "sara"):
        site.user(name, ("can_list", "CustomerView"), ("can_show", "CustomerView"))
    with site.app.app_context():
        public, access = site.sm.find_role("Public"), site.sm.find_permission_view_menu("can_list", "CustomerView")
        site.sm.add_permission_role(public, access)
    nora, sara, stranger = site.sign_in("nora").get(LIST).text, site.sign_in("sara").get(LIST).text, site.browser()
    assert "Customer 000" in nora
    assert "Customer 001" not in nora
    assert "Customer 001" in sara
    assert "Customer 000" not in sara
    page = stranger.get(LIST)
    assert page.status_code == 200
    assert "0 records" in page.text
    assert set(asked) == {"nora", "sara", None}


def test_a_related_list_holds_only_what_its_own_view_would_show(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        view = _customers(site, base_filters=[["name", FilterEqual, "Customer 000"]])
        return [view, _plain(site, "Country", related_views=[view])]

    site = site_of(make_host, declare)
    admin = site.admin()
    page = admin.get(f"/admin/countryview/show/{NORWAY}").text
    assert "Customer 000" in page
    assert "Customer 002" not in page
    assert "Customer 00" not in admin.get(f"/admin/countryview/show/{SPAIN}").text


def test_a_related_list_is_left_out_for_whom_may_not_list(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        view = _customers(site)
        return [view, _plain(site, "Country", related_views=[view])]

    site = site_of(make_host, declare)
    site.user("olga", ("can_show", "CountryView"), ("can_show", "CustomerView"))
    page = site.sign_in("olga").get(f"/admin/countryview/show/{NORWAY}")
    assert page.status_code == 200
    assert "Customer 00" not in page.text


FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "relation": ("customer", {}),
    "foreign key": (
        "customer_id",
        {"add_columns": ["number", "customer_id"], "edit_columns": ["number", "customer_id"]},
    ),
}


@pytest.mark.parametrize(("field", "options"), FORMS.values(), ids=FORMS)
def test_a_relation_cannot_be_pointed_outside_the_scope(
    make_host: MakeHost, field: str, options: dict[str, Any]
) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_plain(site, "Order", **options), _customers(site, **SCOPES["equal"])]

    site = site_of(make_host, declare)
    admin = site.admin()
    assert "Customer 001" not in admin.get("/admin/orderview/add").text
    for key in (str(OUTSIDE), "999"):
        answer = admin.send("/admin/orderview/add", number="B1", **{field: key})
        assert answer.status_code == 422
        assert "Not one of the choices" in answer.text
        assert admin.send("/admin/orderview/edit/1", **{field: key}).status_code == 422
    assert site.count(site.models.Order) == 6
    assert admin.send("/admin/orderview/add", number="B1", **{field: "3"}).status_code == 302
    with site.app.app_context():
        assert site.db.session.get(site.models.Order, 1).customer_id == 1


def test_a_relation_that_points_outside_already_may_stay(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_plain(site, "Order"), _customers(site, **SCOPES["equal"])]

    site = site_of(make_host, declare)
    answer = site.admin().send("/admin/orderview/edit/2", number="B2", customer=str(OUTSIDE))
    assert answer.status_code == 302
    with site.app.app_context():
        order = site.db.session.get(site.models.Order, 2)
        assert (order.number, order.customer_id) == ("B2", OUTSIDE)


def test_several_related_records_must_all_be_within_the_scope(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_customers(site), _plain(site, "Tag", base_filters=[["name", FilterEqual, "loyal"]])]

    site = site_of(make_host, declare)
    admin = site.admin()
    form = admin.get("/admin/customerview/add").text
    assert re.findall(r"\b(loyal|late)\b", form) == ["loyal"]
    assert admin.send("/admin/customerview/add", name="New", tags=["1", "2"]).status_code == 422
    assert site.count(site.models.Customer) == 6
    assert admin.send("/admin/customerview/add", name="New", tags=["1"]).status_code == 302


def test_the_hook_of_the_related_view_limits_the_choices_too(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_plain(site, "Order"), _customers(site, **SCOPES["hook"])]

    admin = site_of(make_host, declare).admin()
    form = admin.get("/admin/orderview/add").text
    assert "Customer 000" in form
    assert "Customer 001" not in form
    assert admin.send("/admin/orderview/add", number="B1", customer=str(OUTSIDE)).status_code == 422


def test_the_filters_of_a_form_limit_what_its_relation_offers_and_takes(make_host: MakeHost) -> None:
    only = {"country": [["name", FilterEqual, "Spain"]]}
    site = site_of(make_host, lambda site: [_customers(site, add_form_query_rel_fields=only)])
    admin = site.admin()
    form = admin.get("/admin/customerview/add").text
    assert "Spain" in form
    assert "Norway" not in form
    assert admin.send("/admin/customerview/add", name="New", country=str(NORWAY)).status_code == 422
    assert "Norway" in admin.get("/admin/customerview/edit/2").text


def test_above_the_limit_of_choices_the_typed_key_is_checked_too(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_plain(site, "Order"), _customers(site, **SCOPES["equal"])]

    site = site_of(make_host, declare, APPBUILDER_CHOICES_LIMIT=2)
    admin = site.admin()
    assert "<select" not in admin.get("/admin/orderview/add").text
    assert admin.send("/admin/orderview/add", number="B1", customer=str(OUTSIDE)).status_code == 422
    assert admin.send("/admin/orderview/add", number="B1", customer="5").status_code == 302


def test_a_view_that_is_no_model_view_narrows_no_choices(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class Report(BaseView):
            datamodel = SQLAInterface(site.models.Country)
            default_view = "page"

            @expose("/page")
            @has_access
            def page(self) -> str:
                return "report"

        return [Report, _customers(site)]

    assert "Norway" in site_of(make_host, declare).admin().get("/admin/customerview/add").text


# Columns


def _hide_email(view: Any, user: Any, column: str, action: str) -> bool:
    return column != "email" or user.username == "admin"


@pytest.fixture
def guarded(make_host: MakeHost) -> Site:
    """A site where nobody but the admin meets e-mail addresses; `olga` may do everything with customers."""

    def declare(site: Site) -> list[type[Any]]:
        columns = ["name", "email", "country"]
        view = _customers(
            site,
            list_columns=columns,
            show_columns=columns,
            add_columns=columns,
            edit_columns=columns,
            search_columns=["email", "name"],
            can_access_field=_hide_email,
        )
        return [view, _plain(site, "Country", related_views=[view])]

    site = site_of(make_host, declare)
    rights = [(f"can_{name}", "CustomerView") for name in ("list", "show", "add", "edit", "delete")]
    site.user("olga", *rights, ("can_show", "CountryView"))
    return site


def test_a_hidden_column_is_on_no_page(guarded: Site) -> None:
    olga, admin = guarded.sign_in("olga"), guarded.admin()
    pages = (LIST, "/admin/customerview/show/1", "/admin/customerview/edit/1", f"/admin/countryview/show/{NORWAY}")
    for url in pages:
        assert "c0@example.org" in admin.get(url).text, url
        page = olga.get(url)
        assert page.status_code == 200
        assert "Customer 000" in page.text
        assert "example.org" not in page.text.replace("olga@example.org", ""), url
    for url in (LIST, "/admin/customerview/add"):
        assert "email" not in olga.get(url).text.lower(), url


@pytest.mark.parametrize("query", ["sort=email", "sort=-email", "sort=name,email", "_oc_CustomerView=email"])
def test_a_hidden_column_cannot_be_sorted_by(guarded: Site, query: str) -> None:
    assert guarded.sign_in("olga").get(f"{LIST}?{query}").status_code == 400
    assert guarded.admin().get(f"{LIST}?{query}").status_code == 200


def test_a_hidden_column_is_not_searched(guarded: Site) -> None:
    found = guarded.sign_in("olga").get(f"{LIST}?search=c3@example").text
    assert "0 records" in found
    assert "1 record" in guarded.admin().get(f"{LIST}?search=c3@example").text


def test_a_search_where_every_column_is_hidden_tells_nothing(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [_customers(site, search_columns=["email"], can_access_field=_hide_email)]

    site = site_of(make_host, declare)
    site.user("olga", ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    assert 'type="search"' not in olga.get(LIST).text
    with_hit, without = (olga.get(f"{LIST}?search={word}").text for word in ("c3@example.org", "nothing-of-the-kind"))
    assert ("6 records" in with_hit) == ("6 records" in without)
    assert 'type="search"' in site.admin().get(LIST).text


def test_a_hidden_column_cannot_be_written(guarded: Site) -> None:
    olga = guarded.sign_in("olga")
    data = {"name": "Changed", "email": "mine@example.org", "_fields": "name,email,country", "country": str(NORWAY)}
    assert _post(olga, "/admin/customerview/edit/1", **data).status_code == 302
    assert _post(olga, "/admin/customerview/add", **data).status_code == 302
    with guarded.app.app_context():
        first = _customer(guarded, 1)
        assert (first.name, first.email) == ("Changed", "c0@example.org")
        added = guarded.db.session.query(guarded.models.Customer).order_by(guarded.models.Customer.id.desc()).first()
        assert (added.name, added.email) == ("Changed", None)


def test_only_the_columns_of_a_form_are_written(make_host: MakeHost) -> None:
    site = site_of(make_host, lambda site: [_customers(site, edit_columns=["name"])])
    admin = site.admin()
    body = MultiDict(
        [("csrf_token", admin.token()), ("name", "New"), ("email", "x@example.org"), ("id", "77"), ("country_id", "2")]
    )
    body.add("_fields", "name,email,id,country_id,country")
    assert admin.client.post("/admin/customerview/edit/1", data=body).status_code == 302
    with site.app.app_context():
        row = _customer(site, 1)
        assert (row.name, row.email, row.country_id) == ("New", "c0@example.org", NORWAY)
        assert _customer(site, 77) is None


# Passwords of users


def _hash_of(site: Site, name: str) -> str:
    with site.app.app_context():
        return str(site.sm.users.password_hash(site.sm.find_user(name)))


@pytest.mark.parametrize("query", ["sort=password", "sort=-password", "_oc_UserDBModelView=password"])
def test_users_cannot_be_sorted_by_password(site: Site, query: str) -> None:
    assert site.admin().get(f"/admin/users/list/?{query}").status_code == 400


def test_no_page_of_users_holds_or_finds_a_hash(site: Site) -> None:
    admin = site.admin()
    stored = _hash_of(site, "admin")
    assert stored.startswith("scrypt:")
    pages = ("list/", "list/?search=scrypt", f"list/?search={stored[-20:]}", "show/1", "edit/1", "add")
    for page in pages:
        answer = admin.get(f"/admin/users/{page}")
        assert answer.status_code == 200, page
        assert "scrypt:" not in answer.text, page
        assert stored[-60:-20] not in answer.text, page
    for word in ("scrypt", stored[-20:]):
        assert "0 records" in admin.get(f"/admin/users/list/?search={word}").text


def test_a_view_that_names_the_password_shows_searches_and_sorts_it_not(make_host: MakeHost) -> None:
    class PeopleView(ModelView):
        datamodel = SQLAInterface(security_model("user_model"))
        list_columns = ["username", "password"]
        show_columns = ["username", "password"]
        add_columns = edit_columns = ["username", "password"]
        search_columns = ["username", "password"]
        order_columns = ["username", "password"]

    site = site_of(make_host, lambda site: [PeopleView])
    admin = site.admin()
    stored = _hash_of(site, "admin")
    for page in ("list/", "show/1", "edit/1"):
        answer = admin.get(f"/admin/peopleview/{page}")
        assert answer.status_code == 200
        assert "admin" in answer.text
        assert "scrypt:" not in answer.text, page
    assert 'name="password"' not in admin.get("/admin/peopleview/add").text
    assert admin.get("/admin/peopleview/list/?sort=password").status_code == 400
    assert "0 records" in admin.get("/admin/peopleview/list/?search=scrypt").text
    answer = _post(admin, "/admin/peopleview/edit/1", username="admin", password="x", _fields="password")
    assert answer.status_code == 302
    assert _hash_of(site, "admin") == stored


def test_a_label_of_a_user_holds_no_hash(make_host: MakeHost) -> None:
    db = make_db()

    class Member(UserMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "member"

    class Note(db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        text = Column(String(30))
        author_id: Any = Column(ForeignKey("member.id"))
        author = relationship(Member)

    class NoteView(ModelView):
        datamodel = SQLAInterface(Note)
        list_columns = ["text", "author"]
        label_columns_of = {"author": ("username", "password")}

    host = make_host(db)
    builder = AppBuilder(security_manager_class=type("Manager", (SecurityManager,), {"user_model": Member}))
    builder.add_view(NoteView, "Notes")
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    admin = site.admin()
    with host.app.app_context():
        db.session.add(Note(text="a remark", author_id=1))
        db.session.commit()
    page = admin.get("/admin/noteview/list/").text
    assert "a remark" in page
    assert "scrypt:" not in page


def test_a_password_field_of_the_hosts_own_may_be_edited(make_host: MakeHost) -> None:
    class PeopleView(ModelView):
        datamodel = SQLAInterface(security_model("user_model"))
        add_columns = edit_columns = ["username", "password"]
        add_form_extra_fields = edit_form_extra_fields = {"password": wtforms.PasswordField("New password")}

    site = site_of(make_host, lambda site: [PeopleView])
    admin = site.admin()
    for url in ("add", "edit/1"):
        page = admin.get(f"/admin/peopleview/{url}").text
        assert 'type="password"' in page
        assert "scrypt:" not in page


def test_the_hash_of_a_hosts_own_user_class_is_shown_nowhere_by_itself(make_host: MakeHost) -> None:
    db = make_db()

    class Account(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        email = Column(String(80), unique=True, nullable=False)
        credential = Column(String(255))

    class Note(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        text = Column(String(80))
        owner_id: Any = Column(ForeignKey("account.id"))
        owner = relationship(Account)

    class Manager(SecurityManager):
        user_model = Account
        user_attributes = {"username": "email", "password": "credential"}

    class AccountView(ModelView):
        datamodel = SQLAInterface(Account)

    class NoteView(ModelView):
        datamodel = SQLAInterface(Note)
        list_columns = show_columns = search_columns = ["text", "owner.email", "owner.credential"]

    site = Site(make_host(db).app, db, AppBuilder(security_manager_class=Manager))
    for view in (AccountView, NoteView):
        site.builder.add_view(view, view.__name__)
    site.builder.init_app(site.app, db)
    site.create()
    with site.app.app_context():
        account = Account(email="ann@example.org")
        site.sm.users.set_password(account, PASSWORD)
        db.session.add(Note(text="hers", owner=account))
        db.session.commit()
        site.sm.set_user_roles(account, site.sm.find_role("Admin"))
    ann = site.sign_in("ann@example.org")
    for url in ("accountview/list/", "accountview/show/1", "accountview/edit/1", "noteview/list/", "noteview/show/1"):
        page = ann.get(f"/admin/{url}")
        assert page.status_code == 200, url
        assert "ann@example.org" in page.text
        assert "scrypt:" not in page.text, url
    for url in ("accountview/list/?sort=credential", "noteview/list/?sort=owner.credential"):
        assert ann.get(f"/admin/{url}").status_code == 400, url
    assert "0 records" in ann.get("/admin/noteview/list/?search=scrypt").text
    assert "1 record" in ann.get("/admin/noteview/list/?search=hers").text
