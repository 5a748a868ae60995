"""`client_as`: clients for an app's own tests, signed in without a password."""

from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_login import current_user, user_logged_in
from sqlalchemy import Column, Integer, String

from appbuilder_lite import AppBuilder, SecurityManager, has_access
from appbuilder_lite.errors import Rejected
from appbuilder_lite.testing import client_as
from tests.conftest import MakeHost
from tests.web.conftest import MakeSite
from tests.web.conftest import make_site as make_site
from tests.web.conftest import site as site
from tests.web.hosts import KINDS, make_people
from tests.web.site import Browser, Site, make_db, token_of

LIST = "/admin/customerview/list/"
CAN_LIST = ("can_list", "CustomerView")


def _opens(client: FlaskClient, url: str = LIST) -> bool:
    status = client.get(url).status_code
    assert status in {200, 302, 403}, status
    return status == 200


def _roles(site: Site, name: str) -> list[str]:
    with site.app.app_context():
        return [role.name for role in site.sm.get_user_roles(site.sm.find_user(name))]


def _count(site: Site, slot: str) -> int:
    with site.app.app_context():
        return site.count(getattr(site.sm.models, slot))


def test_a_client_may_do_what_its_permissions_say_and_no_more(site: Site) -> None:
    client = client_as(site.app, permissions=[CAN_LIST, ("can_show", "CustomerView")])
    assert _opens(client)
    assert _opens(client, "/admin/customerview/show/1")
    assert not _opens(client, "/admin/customerview/add")
    assert not _opens(client, "/admin/orderview/list/")
    assert not _opens(site.app.test_client())


def test_a_role_is_made_where_it_is_missing_and_keeps_what_it_grants(site: Site) -> None:
    assert not _opens(client_as(site.app, roles=["Clerk"]))
    with site.app.app_context():
        role = site.sm.find_role("Clerk")
        site.sm.add_permission_role(role, site.sm.find_permission_view_menu(*CAN_LIST))
    assert _opens(client_as(site.app, roles=["Clerk"]))
    both = client_as(site.app, roles=["Clerk"], permissions=[("can_list", "OrderView")])
    assert _opens(both)
    assert _opens(both, "/admin/orderview/list/")
    assert not _opens(client_as(site.app, roles=["Clerk"]), "/admin/orderview/list/")
    assert _opens(client_as(site.app, roles=["Admin"]), "/admin/users/list/")


def test_a_client_of_nothing_is_signed_in(site: Site) -> None:
    client = client_as(site.app)
    assert client.get("/admin/").status_code == 200
    assert client.get(LIST).status_code == 403


def test_the_same_roles_and_permissions_are_the_same_person(site: Site) -> None:
    pairs = [CAN_LIST, ("can_show", "CustomerView")]
    client_as(site.app, ["Clerk", "Guest"], pairs)
    before = [_count(site, slot) for slot in ("user", "role")]
    client_as(site.app, ("Guest", "Clerk"), tuple(reversed(pairs)))
    assert [_count(site, slot) for slot in ("user", "role")] == before
    client_as(site.app, ["Clerk"], pairs)
    assert _count(site, "user") == before[0] + 1


def test_a_name_is_found_or_made(site: Site) -> None:
    site.user("olga", CAN_LIST)
    assert _opens(client_as(site.app, user="olga"))
    assert _opens(client_as(site.app, user="olga@example.org"))
    assert not _opens(client_as(site.app, user="bob"))
    with site.app.app_context():
        assert site.sm.find_user("bob").email == "bob@example.com"
    assert _count(site, "user") == 2


def test_an_existing_user_has_exactly_the_roles_that_are_named(site: Site) -> None:
    site.user("olga", CAN_LIST)
    client = client_as(site.app, roles=["Clerk"], permissions=[("can_list", "OrderView")], user="olga")
    assert not _opens(client)
    assert _opens(client, "/admin/orderview/list/")
    assert "role of olga" not in _roles(site, "olga")
    assert "Clerk" in _roles(site, "olga")


def test_the_last_administrator_is_not_taken_away(site: Site) -> None:
    site.user("root", roles=("Admin",))
    with pytest.raises(Rejected, match="last active administrator"):
        client_as(site.app, roles=["Clerk"], user="root")


def test_a_user_of_another_context_is_taken_even_when_it_has_expired(site: Site) -> None:
    site.user("olga", CAN_LIST)
    with site.app.app_context():
        olga = site.sm.find_user("olga")
        site.db.session.commit()
    assert _opens(client_as(site.app, user=olga))


def test_two_clients_keep_apart_where_the_test_holds_an_app_context(site: Site) -> None:
    @site.app.get("/whoami")
    def whoami() -> str:
        return str(getattr(current_user, "username", "nobody"))

    with site.app.app_context():
        ann, bob = client_as(site.app, user="ann"), client_as(site.app, permissions=[CAN_LIST], user="bob")
        g.kept = "the test's own"
        for _ in range(2):
            assert (ann.get("/whoami").text, ann.get(LIST).status_code) == ("ann", 403)
            assert (bob.get("/whoami").text, bob.get(LIST).status_code) == ("bob", 200)
        for client in (ann, bob):
            token = token_of(client.get("/admin/"))
            assert client.post("/admin/logout/", data={"csrf_token": token}).status_code == 302
        assert g.kept == "the test's own"


# A key that nobody counts up is of the app's own making.
GIVEN = ["big integer", "uuid", "string"]
MADE = [(name, owner) for name in KINDS if name not in GIVEN for owner in ("ours", "host")]
# Where the app signs people in it has a user class.
MADE.remove(("default", "host"))


@pytest.mark.parametrize(("kind", "owner"), MADE)
def test_users_of_every_class_are_made_and_signed_in_here_and_at_the_host(
    make_host: MakeHost, kind: str, owner: str
) -> None:
    people = make_people(make_host, kind, owner)
    client = client_as(people.app, roles=["Clerk"], permissions=[CAN_LIST])
    assert _opens(client)
    assert not _opens(client, "/admin/countryview/list/")
    if owner == "host":
        assert client.get("/").text == "signed in: True"
        assert people.app.test_client().get("/").text == "signed in: False"


@pytest.mark.parametrize("owner", ["ours", "host"])
@pytest.mark.parametrize("kind", GIVEN)
def test_users_with_keys_of_the_apps_own_making_are_given(make_host: MakeHost, kind: str, owner: str) -> None:
    people = make_people(make_host, kind, owner)
    people.add("ann")
    with people.app.app_context():
        ann = people.get("ann")
    client = client_as(people.app, permissions=[CAN_LIST], user=ann)
    assert _opens(client)
    assert not _opens(client, "/admin/countryview/list/")


@pytest.mark.parametrize("owner", ["ours", "host"])
def test_the_session_ends_as_one_that_was_signed_in_to(make_host: MakeHost, owner: str) -> None:
    people = make_people(make_host, "other names", owner)
    client = client_as(people.app, permissions=[CAN_LIST], user="ann")
    assert _opens(client)
    with people.app.app_context():
        people.sm.reset_password(people.sm.users.key(people.get("ann")), "another horse battery")
    assert not _opens(client)
    # There is a stamp now, which a session of the host's has to know.
    assert _opens(client_as(people.app, user="ann"))


@pytest.mark.parametrize("owner", ["ours", "host"])
def test_the_session_holds_under_strong_protection(make_host: MakeHost, owner: str) -> None:
    people = make_people(make_host, "other names", owner)
    people.app.login_manager.session_protection = "strong"  # type: ignore[attr-defined]  # Flask-Login puts it there
    client = client_as(people.app, permissions=[CAN_LIST])
    assert _opens(client)
    assert _opens(client)


def test_nobody_is_told_of_the_sign_in(site: Site) -> None:
    told: list[Any] = []

    def tell(app: Flask, user: Any, **_: Any) -> None:
        told.append(user)

    with user_logged_in.connected_to(tell, site.app):
        client_as(site.app)
    assert told == []


def test_the_apps_own_client_class_is_used(site: Site) -> None:
    class Client(FlaskClient):
        def twice(self, url: str) -> list[int]:
            return [self.get(url).status_code for _ in range(2)]

    site.app.test_client_class = Client
    client = client_as(site.app, permissions=[CAN_LIST])
    assert isinstance(client, Client)
    assert client.twice(LIST) == [200, 200]


def test_a_permission_of_the_apps_own_route_counts_too(make_site: MakeSite) -> None:
    site = make_site(create=False)

    @site.app.get("/report")
    @has_access("can_open", "Sales report")
    def report() -> str:
        return "the report"

    site.create()
    assert client_as(site.app, permissions=[("can_open", "Sales report")]).get("/report").text == "the report"
    assert client_as(site.app).get("/report").status_code == 403


def test_permissions_are_made_where_the_sync_is_switched_off(make_site: MakeSite) -> None:
    site = make_site(create=False, APPBUILDER_SYNC="off")
    with site.app.app_context():
        site.db.create_all()
    assert _opens(client_as(site.app, permissions=[CAN_LIST]))


@pytest.mark.parametrize("switched_off", [True, False])
def test_posts_want_a_token_unless_it_is_switched_off(make_site: MakeSite, switched_off: bool) -> None:
    site = make_site(WTF_CSRF_ENABLED=not switched_off)
    client = client_as(site.app, roles=["Admin"])
    sent = {"name": "Norway", "_fields": "name"}
    assert client.post("/admin/countryview/add", data=sent).status_code == (302 if switched_off else 400)
    assert Browser(client).send("/admin/countryview/add", name="Spain").status_code == 302


def test_several_appbuilders_are_told_apart_by_name(make_host: MakeHost) -> None:
    db = make_db()
    app = make_host(db).app
    for name in ("one", "two"):
        AppBuilder(app, db, name=name, url_prefix=f"/{name}")
    with app.app_context():
        db.create_all()
    client = client_as(app, roles=["Admin"], name="two")
    assert client.get("/two/").status_code == 200
    with pytest.raises(RuntimeError, match="no AppBuilder named 'three'"):
        client_as(app, name="three")


@pytest.mark.parametrize(
    ("named", "error", "message"),
    [
        ({"roles": "Clerk"}, TypeError, r"write roles=\['Clerk'\]"),
        ({"permissions": CAN_LIST}, TypeError, r'write permissions=\[\("can_list", "OrderView"\)\]'),
        ({"permissions": "can_list"}, TypeError, "permissions are pairs"),
        ({"permissions": [("can_lst", "CustomerView")]}, LookupError, "did you mean 'can_list on CustomerView'"),
        (
            {"roles": ["admin"]},
            (Rejected, LookupError),
            "role name admin is reserved|role is called 'Admin', not 'admin'",
        ),
        ({"user": object()}, TypeError, "give a AbUser or the name of one"),
    ],
)
def test_what_cannot_be_is_told(site: Site, named: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        client_as(site.app, **named)


def test_outside_of_tests_nobody_is_signed_in(site: Site) -> None:
    site.app.testing = False
    with pytest.raises(RuntimeError, match="TESTING"):
        client_as(site.app, roles=["Admin"])
    assert _count(site, "user") == 0


def test_missing_tables_are_told(make_site: MakeSite) -> None:
    with pytest.raises(RuntimeError, match=r"call db.create_all\(\) first"):
        client_as(make_site(create=False).app)


def test_somebody_who_cannot_sign_in_is_told(site: Site) -> None:
    site.user("olga")
    with site.app.app_context():
        olga = site.sm.find_user("olga")
        olga.active = False
        site.sm.update_user(olga)
        new = site.sm.models.user(username="new")
    with pytest.raises(ValueError, match="not active"):
        client_as(site.app, user="olga")
    with pytest.raises(ValueError, match="commit first"):
        client_as(site.app, user=new)


def test_a_class_that_wants_more_than_a_name_is_told_and_can_be_given(make_host: MakeHost) -> None:
    db = make_db()

    class Citizen(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        username = Column(String(80), nullable=False)
        password = Column(String(200), nullable=False)
        tax_number = Column(String(20), nullable=False)

    app = make_host(db).app
    AppBuilder(app, db, security_manager_class=type("Manager", (SecurityManager,), {"user_model": Citizen}))
    with app.app_context():
        db.create_all()
        with pytest.raises(RuntimeError, match="no Citizen can be made of a name alone"):
            client_as(app, roles=["Admin"])
        db.session.add(Citizen(username="ada", password="!", tax_number="7"))
        db.session.commit()
    assert client_as(app, roles=["Admin"], user="ada").get("/admin/users/list/").status_code == 200
