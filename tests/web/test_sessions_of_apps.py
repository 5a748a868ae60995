"""Sessions and roles across apps on one database, and across AppBuilders in one app."""

from appbuilder_lite import AppBuilder
from tests.conftest import MakeHost
from tests.web.hosts import make_people
from tests.web.sessions import CAN_LIST, LIST, is_in
from tests.web.site import PASSWORD, Site, make_db, make_models, make_views


def test_a_role_change_counts_at_the_next_request_in_a_second_app(make_host: MakeHost) -> None:
    """Two apps on one database are two processes: nothing but the database is between them."""
    first = make_people(make_host, "integer")
    second = make_people(make_host, "integer")
    first.add("ann", CAN_LIST)
    first.add("boss", roles=("Admin",))
    ann = second.enter("ann")
    assert ann.get(LIST).status_code == 200
    with first.app.app_context():
        sm = first.sm
        sm.del_permission_role(sm.find_role("role of ann"), sm.find_permission_view_menu(*CAN_LIST))
    assert ann.get(LIST).status_code == 403, "a grant was taken"
    with first.app.app_context():
        sm.set_user_roles(first.get("ann"), [sm.find_role("Admin")])
    assert ann.get(LIST).status_code == 200, "a role was given"
    with first.app.app_context():
        sm.set_user_roles(first.get("ann"), [])
    assert ann.get(LIST).status_code == 403
    with first.app.app_context():
        group = sm.add_group("Berlin", roles=[sm.find_role("role of ann")])
        sm.add_permission_role(sm.find_role("role of ann"), sm.find_permission_view_menu(*CAN_LIST))
        group.users.append(first.get("ann"))
        first.db.session.commit()
    assert ann.get(LIST).status_code == 200, "by a group"
    with first.app.app_context():
        first.db.session.delete(sm.find_role("role of ann"))
        first.db.session.commit()
    assert ann.get(LIST).status_code == 403, "the role is deleted"


def test_a_session_of_one_app_is_good_in_another_with_the_same_key_and_database(make_host: MakeHost) -> None:
    first, second = make_people(make_host, "integer"), make_people(make_host, "integer")
    first.add("ann", CAN_LIST)
    cookie = first.enter("ann").client.get_cookie("session")
    assert cookie is not None
    browser = second.browser()
    browser.client.set_cookie("session", cookie.decoded_value)
    assert browser.get(LIST).status_code == 200
    second.app.config["SECRET_KEY"] = "another secret of the test suite"
    assert browser.get(LIST).status_code == 302


def test_a_second_appbuilder_shares_the_session_after_a_new_password(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)
    views = make_views(models)
    host = make_host(db)
    first, second = AppBuilder(), AppBuilder(name="backstage", url_prefix="/backstage")
    first.add_view(views.CustomerView, "Customers")
    second.add_view(views.CountryView, "Countries")
    first.init_app(host.app, db)
    second.init_app(host.app, db)
    site = Site(host.app, db, first, models, views)
    site.create()
    site.user("ann", roles=("Admin",))
    with host.app.app_context():
        site.sm.reset_password(1, PASSWORD)
    ann = site.sign_in("ann")
    assert ann.get("/backstage/countryview/list/").status_code == 200
    assert is_in(ann)
    other = site.sign_in("ann")
    ann.client.post("/backstage/logout/", data={"csrf_token": ann.token("/backstage/")})
    assert not is_in(ann)
    assert is_in(other)
