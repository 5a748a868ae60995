"""Users of every shape, signed in by us or by the host: roles, pages, deletions and passwords work alike."""

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import BigInteger, Integer, String, Uuid, delete, func, select
from werkzeug.security import generate_password_hash

from appbuilder_lite import AppBuilder, ConfigurationError, SecurityManager
from tests.builtin.forms import read_form, send_form
from tests.conftest import MakeHost
from tests.web.hosts import KINDS, QUICK, People, add_host_sign_in, key_parser, make_people
from tests.web.site import PASSWORD, make_db

CASES = [case for case in itertools.product(KINDS, ("ours", "host")) if case != ("default", "host")]
WITH_PASSWORD = [case for case in CASES if KINDS[case[0]].password is not None]
LIST = "/admin/customerview/list/"
OURS = {
    "ab_role",
    "ab_group",
    "ab_permission",
    "ab_view_menu",
    "ab_permission_view",
    "ab_register_user",
    "ab_user_role",
    "ab_permission_view_role",
    "ab_user_group",
    "ab_group_role",
    "ab_state",
    "ab_user_stamp",
    "ab_preference",
}


@pytest.fixture(params=CASES, ids=" by ".join)
def people(request: pytest.FixtureRequest, make_host: MakeHost) -> People:
    """A site for each kind of user and each owner of sign-in."""
    return make_people(make_host, *request.param)


@pytest.fixture(params=WITH_PASSWORD, ids=" by ".join)
def people_with_passwords(request: pytest.FixtureRequest, make_host: MakeHost) -> People:
    return make_people(make_host, *request.param)


def _assert_signed_out(people: People, answer: Any) -> None:
    assert answer.status_code == 302
    assert answer.location.startswith(people.sign_in_address)


def _rows(people: People, table: str, key: Any) -> int:
    found = getattr(people.sm.models, table)
    count = select(func.count()).select_from(found).where(found.c.user_id == key)
    return int(people.db.session.scalar(count))


def test_our_tables_point_at_the_users_by_their_own_key_type(people: People) -> None:
    with people.app.app_context():
        models = people.sm.models
        made = OURS | ({"ab_user"} if models.user_is_ours else set())
        assert models.made_tables == made
        for table in (models.user_role, models.user_group, models.user_stamp, models.preference):
            assert isinstance(table.c.user_id.type, people.kind.key_type)
            (target,) = table.c.user_id.foreign_keys
            assert target.column.table is models.user.__table__


def test_a_role_opens_what_it_grants_and_nothing_else(people: People) -> None:
    people.add("ann")
    assert people.browser().get(LIST).location.startswith(people.sign_in_address)
    ann = people.enter("ann")
    assert ann.get("/admin/").status_code == 200
    assert ann.get(LIST).status_code == 403
    with people.app.app_context():
        role = people.sm.add_role("Readers")
        people.sm.add_permission_role(role, people.sm.find_permission_view_menu("can_list", "CustomerView"))
        people.sm.set_user_roles(people.get("ann"), [role])
        assert [found.name for found in people.sm.get_user_roles(people.get("ann"))] == ["Readers"]
    assert ann.get(LIST).status_code == 200
    assert ann.get("/admin/customerview/add").status_code == 403
    assert ann.get("/admin/users/list/").status_code == 403
    with people.app.app_context():
        assert people.sm.can(people.get("ann"), "can_list", "CustomerView")
        people.sm.set_user_roles(people.get("ann"), [])
    assert ann.get(LIST).status_code == 403


def test_the_users_can_be_listed_searched_and_shown(people: People) -> None:
    people.add("ann", ("can_list", "CustomerView"))
    people.add("boss", roles=("Admin",))
    boss = people.enter("boss")
    page = boss.get("/admin/users/list/")
    assert page.status_code == 200
    assert "ann" in page.text
    assert "boss" in page.text
    assert "pbkdf2" not in page.text
    assert "ann" in boss.get("/admin/users/list/?search=ann").text
    assert boss.get("/admin/users/list/?search=nobody").status_code == 200
    key = _encoded(people, "ann")
    shown = boss.get(f"/admin/users/show/{key}")
    assert shown.status_code == 200
    assert "role of ann" in shown.text
    assert "pbkdf2" not in shown.text


def test_an_administrator_gives_a_role_on_the_page(people: People) -> None:
    people.add("ann")
    people.add("boss", roles=("Admin",))
    with people.app.app_context():
        role = people.sm.add_role("Readers")
        people.sm.add_permission_role(role, people.sm.find_permission_view_menu("can_list", "CustomerView"))
    ann, boss = people.enter("ann"), people.enter("boss")
    assert ann.get(LIST).status_code == 403
    answer = send_form(boss, f"/admin/users/edit/{_encoded(people, 'ann')}", roles_called=["Readers"])
    assert answer.status_code == 302, answer.text
    assert ann.get(LIST).status_code == 200


def test_the_add_page_makes_a_user_or_is_not_there(people: People) -> None:
    people.add("boss", roles=("Admin",))
    boss = people.enter("boss")
    page = boss.get("/admin/users/add")
    assert page.status_code in {200, 404}
    if page.status_code == 404:
        assert "/admin/users/add" not in boss.get("/admin/users/list/").text
        return
    fields = read_form(page).values
    new = {name: value for name, value in _new_user().items() if name in fields or name in page.text}
    answer = send_form(boss, "/admin/users/add", **new)
    # Where keys are counted by nobody the page says so; what it never does is to fall over.
    assert answer.status_code in {302, 422}, answer.text
    if answer.status_code == 302:
        with people.app.app_context():
            assert people.get("new@example.org") is not None


def _new_user() -> dict[str, str]:
    names = {"username": "new@example.org", "email": "new@example.org", "first_name": "New", "last_name": "Comer"}
    return {**names, "new_password": "quite a long one", "repeat_password": "quite a long one"}


def test_the_profile_shows_the_person_and_saves_the_names_there_are(people: People) -> None:
    people.add("ann", ("can_list", "CustomerView"))
    ann = people.enter("ann")
    page = ann.get("/admin/userinfoeditview/form")
    assert page.status_code == 200
    assert "ann" in page.text
    assert "role of ann" in page.text
    with people.app.app_context():
        editable = {name: "Nova" for name in ("first_name", "last_name") if people.sm.users.has(name)}
    if editable:
        answer = ann.send("/admin/userinfoeditview/form", **editable)
        assert answer.status_code == 302, answer.text
        with people.app.app_context():
            assert people.sm.users.get(people.get("ann"), "first_name") == "Nova"
    else:
        answer = ann.client.post("/admin/userinfoeditview/form", data={"csrf_token": ann.token()})
        assert answer.status_code < 500


def test_the_password_page_works_or_is_absent(people: People) -> None:
    people.add("ann")
    ann = people.enter("ann")
    other = people.enter("ann")
    page = ann.get("/admin/resetmypassword/form")
    if people.kind.password is None:
        assert page.status_code == 404
        assert "/admin/resetmypassword" not in ann.get("/admin/").text
        return
    assert page.status_code == 200
    new = "another horse battery"
    answer = ann.send("/admin/resetmypassword/form", current_password=PASSWORD, new_password=new, repeat_password=new)
    assert answer.status_code == 302, answer.text
    assert ann.get("/admin/").status_code == 200
    _assert_signed_out(people, other.get("/admin/"))
    assert people.enter("ann", new).get("/admin/").status_code == 200


def test_an_administrator_sets_somebodys_password(people: People) -> None:
    people.add("ann", ("can_list", "CustomerView"))
    people.add("boss", roles=("Admin",))
    ann, boss = people.enter("ann"), people.enter("boss")
    address = f"/admin/resetpassword/form?pk={quote(_encoded(people, 'ann'))}"
    if people.kind.password is None:
        assert boss.get(address).status_code == 404
        assert "resetpassword" not in boss.get("/admin/users/list/").text
        return
    new = "another horse battery"
    assert send_form(boss, address, new_password=new, repeat_password=new).status_code == 302
    _assert_signed_out(people, ann.get(LIST))
    assert people.enter("ann", new).get(LIST).status_code == 200
    assert boss.get("/admin/").status_code == 200


def test_every_page_of_ours_opens_for_an_administrator(people: People) -> None:
    people.add("ann")
    people.add("boss", roles=("Admin",))
    people.fill(3)
    boss = people.enter("boss")
    for address in _addresses(people, _encoded(people, "ann")):
        answer = boss.get(address)
        assert answer.status_code < 500, (address, answer.text)
        answer.close()
    assert boss.get("/admin/").status_code == 200


def _addresses(people: People, key: str) -> Iterator[str]:
    adapter = people.app.url_map.bind("localhost")
    for rule in people.app.url_map.iter_rules():
        if rule.endpoint.startswith("appbuilder.") and "GET" in (rule.methods or ()):
            value = key if "UserDBModelView" in rule.endpoint else "1"
            yield adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, value))


def _encoded(people: People, name: str) -> str:
    with people.app.test_request_context():
        view = people.builder.state.views["UserDBModelView"]
        return str(view.datamodel.encode_key(people.get(name)))  # type: ignore[attr-defined]  # a ModelView's


@pytest.mark.parametrize("by_statement", [False, True], ids=["record", "statement"])
def test_the_host_deletes_a_user_by_its_own_code(people: People, by_statement: bool) -> None:
    key = people.add("ann", ("can_list", "CustomerView"))
    ann = people.enter("ann")
    with people.app.app_context():
        user = people.get("ann")
        people.sm.end_sessions(user)
        people.db.session.commit()
        assert _rows(people, "user_role", key) == 1
        assert _rows(people, "user_stamp", key) == 1
        if by_statement:
            people.db.session.execute(delete(people.model))
        else:
            people.db.session.delete(user)
        people.db.session.commit()
        assert _rows(people, "user_role", key) == 0
        assert _rows(people, "user_stamp", key) == 0
        assert people.sm.find_role("role of ann") is not None
    _assert_signed_out(people, ann.get(LIST))


def test_a_user_deleted_on_the_page_is_gone(people: People) -> None:
    key = people.add("ann", ("can_list", "CustomerView"))
    people.add("boss", roles=("Admin",))
    ann, boss = people.enter("ann"), people.enter("boss")
    address = f"/admin/users/delete/{_encoded(people, 'ann')}"
    assert send_form(boss, address).status_code == 302
    with people.app.app_context():
        assert people.get("ann") is None
        assert _rows(people, "user_role", key) == 0
    _assert_signed_out(people, ann.get(LIST))


def test_the_host_changes_a_password_by_its_own_code(people_with_passwords: People) -> None:
    people = people_with_passwords
    people.add("ann", ("can_list", "CustomerView"))
    ann = people.enter("ann")
    assert ann.get(LIST).status_code == 200
    with people.app.app_context():
        setattr(people.get("ann"), str(people.kind.password), generate_password_hash("changed by the host", QUICK))
        people.db.session.commit()
    _assert_signed_out(people, ann.get(LIST))
    assert people.enter("ann", "changed by the host").get(LIST).status_code == 200


def test_the_next_user_with_a_deleted_users_key_is_not_signed_in(people: People) -> None:
    if people.owner == "host" and people.kind.password is None:
        pytest.skip("the host's own session names a key and nothing more: it takes one for the other itself")
    key = people.add("ann", roles=("Admin",))
    ann = people.enter("ann")
    with people.app.app_context():
        people.db.session.delete(people.get("ann"))
        people.db.session.commit()
        values = {**people.kind.given("bob"), people.kind.login: "bob", people.kind.key: key}
        bob = people.model(**values)
        if people.kind.password is not None:
            setattr(bob, people.kind.password, generate_password_hash(PASSWORD, QUICK))
        people.db.session.add(bob)
        people.db.session.commit()
        assert people.sm.get_user_roles(bob) == []
    _assert_signed_out(people, ann.get("/admin/"))


@pytest.mark.parametrize("name", ["", "ann", "nobody", "a" * 500])
def test_a_wrong_password_is_just_wrong(make_host: MakeHost, name: str) -> None:
    for kind in ("other names", "no active", "string"):
        people = make_people(make_host, kind)
        people.add("ann")
        answer = people.browser().send("/admin/login/", username=name, password="wrong")
        assert answer.status_code == 422, kind
        with people.app.app_context():
            people.db.session.remove()
            people.db.drop_all()


def test_without_a_password_our_sign_in_page_refuses_everybody(make_host: MakeHost) -> None:
    people = make_people(make_host, "no password")
    people.add("ann")
    with people.app.app_context():
        people.sm.authenticators = ("db",)
    for password in ("", "x", PASSWORD):
        assert people.browser().send("/admin/login/", username="ann", password=password).status_code == 422


def test_the_roles_of_the_host_mean_nothing_here(make_host: MakeHost) -> None:
    people = make_people(make_host, "namesakes")
    people.add("ann")
    with people.app.app_context():
        user = people.get("ann")
        role = type(user).roles.property.mapper.class_
        user.roles.append(role(name="Admin"))
        people.db.session.commit()
        assert type(user.roles[0]).__module__ == "tests.web.hosts"
        assert people.sm.get_user_roles(user) == []
    assert people.enter("ann").get(LIST).status_code == 403


def test_further_columns_of_a_subclass_are_kept(make_host: MakeHost) -> None:
    people = make_people(make_host, "subclass")
    with people.app.app_context():
        user = people.sm.add_user("ann", "Ann", "Ash", "ann@example.org", people.sm.find_role("Admin"), PASSWORD)
        assert user.desk == 1
        user.phone = "123"
        people.db.session.commit()
    send_form(people.enter("ann"), "/admin/users/edit/1", last_name="Birch")
    with people.app.app_context():
        assert (people.get("ann").last_name, people.get("ann").phone) == ("Birch", "123")


def test_the_default_model_beside_a_login_manager_is_an_error(make_host: MakeHost) -> None:
    db = make_db()
    host = make_host(db)
    kind = KINDS["integer"]
    add_host_sign_in(host.app, db, kind.build(db, ()), kind, key_parser(kind))
    with pytest.raises(ConfigurationError) as caught:
        AppBuilder(host.app, db)
    assert [problem.id for problem in caught.value.problems] == ["AB330"]


def test_a_host_that_signs_people_in_need_not_tell_their_names(make_host: MakeHost) -> None:
    db = make_db()
    host = make_host(db)
    kind = KINDS["no password"]
    model = kind.build(db, ())
    nameless = type("Security", (SecurityManager,), {"user_model": model, "user_attributes": {"username": None}})
    with pytest.raises(ConfigurationError, match="AB301"):
        AppBuilder(host.app, db, security_manager_class=nameless)
    add_host_sign_in(host.app, db, model, kind, key_parser(kind))
    assert AppBuilder(host.app, db, security_manager_class=nameless).app is host.app


def test_the_kinds_have_the_key_types_that_they_are_about() -> None:
    assert {kind.key_type for kind in KINDS.values()} == {Integer, BigInteger, Uuid, String}
