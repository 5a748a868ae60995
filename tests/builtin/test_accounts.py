"""Users as an administrator manages them."""

from typing import Any

import pytest

from tests.builtin.forms import send_form
from tests.conftest import CountStatements
from tests.web.site import Site

NEW = {
    "username": "bob",
    "email": "bob@example.org",
    "first_name": "Bob",
    "last_name": "Builder",
    "new_password": "a good long one",
    "repeat_password": "a good long one",
}


def _user(site: Site, name: str) -> Any:
    return site.sm.find_user(name)


def _roles(site: Site, name: str) -> list[str]:
    with site.app.app_context():
        return [role.name for role in site.sm.get_user_roles(_user(site, name))]


def test_the_list_shows_users_with_their_roles_and_no_password(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    page = site.admin().get("/admin/users/list/")
    assert page.status_code == 200
    assert "ann@example.org" in page.text
    assert "role of ann" in page.text
    assert "scrypt" not in page.text


def test_a_new_user_can_sign_in_and_has_the_roles_and_groups(site: Site) -> None:
    with site.app.app_context():
        site.sm.add_role("Sales")
        site.sm.add_group("Berlin", roles=[site.sm.add_role("Office")])
    answer = send_form(site.admin(), "/admin/users/add", **NEW, roles_called=["Sales"], groups_called=["Berlin"])
    assert (answer.status_code, answer.location) == (302, "/admin/users/list/")
    assert _roles(site, "bob") == ["Office", "Sales"]
    with site.app.app_context():
        stored = _user(site, "bob").password
    assert stored.startswith("scrypt:")
    assert site.sign_in("bob", NEW["new_password"]).get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"repeat_password": "another one"}, "repeat_password", "The two passwords differ."),
        ({"new_password": "short", "repeat_password": "short"}, "new_password", "at least 8"),
        ({"new_password": "password1", "repeat_password": "password1"}, "new_password", "attacker"),
        ({"new_password": "bob@example.org", "repeat_password": "bob@example.org"}, "new_password", "too much like"),
        ({"new_password": "", "repeat_password": ""}, "new_password", "required"),
        ({"username": "ann"}, "username", "Somebody else signs in by this already."),
        ({"username": " ANN "}, "username", "Somebody else signs in by this already."),
        ({"username": "ann@example.org"}, "username", "Somebody else signs in by this already."),
        ({"email": "Ann"}, "email", "Somebody else signs in by this already."),
        ({"roles": ["999"]}, "roles", "Not one of the choices."),
        ({"roles": ["Admin' --"]}, "roles", "Not one of the choices."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(
    site: Site, changes: dict[str, Any], field: str, message: str
) -> None:
    site.user("ann")
    admin = site.admin()
    before = _count(site)
    answer = send_form(admin, "/admin/users/add", **{**NEW, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert message in answer.text
    assert NEW["new_password"] not in answer.text
    assert _count(site) == before


def test_a_name_that_is_taken_keeps_what_was_typed_and_the_rest_of_such_a_user_can_be_changed(site: Site) -> None:
    admin = site.admin()
    site.user("ann")
    answer = send_form(admin, "/admin/users/edit/2", username="ADMIN", first_name="Typed")
    assert answer.status_code == 422
    assert 'id="username-error"' in answer.text
    assert 'value="ADMIN"' in answer.text
    assert 'value="Typed"' in answer.text
    with site.app.app_context():
        site.sm.find_user("ann").username = "admin@example.org"
        site.db.session.commit()
    assert send_form(admin, "/admin/users/edit/2", first_name="Anna").status_code == 302
    assert send_form(admin, "/admin/users/edit/2", username=" anna ").status_code == 302
    assert send_form(admin, "/admin/users/edit/2", username="ANNA").status_code == 302
    with site.app.app_context():
        anna = site.sm.get_user_by_id(2)
        assert (anna.username, anna.first_name) == ("ANNA", "Anna")


def test_an_edit_of_other_fields_asks_for_no_names(site: Site, count_statements: CountStatements) -> None:
    site.user("ann")
    admin = site.admin()
    for changes, expected in (({"first_name": "Anna"}, 0), ({"username": "anna"}, 1)):
        with count_statements() as seen:
            assert send_form(admin, "/admin/users/edit/1", **changes).status_code == 302
        assert sum("lower(" in text.lower() for text in seen.texts) == expected, seen


def test_an_edit_without_a_change_changes_nothing(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    with site.app.app_context():
        before = {name: getattr(_user(site, "ann"), name) for name in ("username", "email", "active", "password")}
    answer = send_form(site.admin(), "/admin/users/edit/1")
    assert answer.status_code == 302
    with site.app.app_context():
        assert before == {name: getattr(_user(site, "ann"), name) for name in before}
    assert _roles(site, "ann") == ["role of ann"]
    assert site.sign_in("ann").get("/admin/").status_code == 200


def test_an_edit_gives_and_takes_roles_and_keeps_the_password(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    ann = site.sign_in("ann")
    assert ann.get("/admin/customerview/list/").status_code == 403
    with site.app.app_context():
        role = site.sm.add_role("Sales")
        site.sm.add_permission_role(role, site.sm.find_permission_view_menu("can_list", "CustomerView"))
    send_form(site.admin(), "/admin/users/edit/1", roles_called=["Sales"], last_name="Ash")
    assert _roles(site, "ann") == ["Sales"]
    assert ann.get("/admin/customerview/list/").status_code == 200
    assert ann.get("/admin/countryview/list/").status_code == 403


def test_a_field_that_the_page_did_not_show_keeps_its_value(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    admin = site.admin()
    data = {"csrf_token": admin.token(), "_fields": "last_name", "last_name": "Ash"}
    assert admin.client.post("/admin/users/edit/1", data=data).status_code == 302
    assert _roles(site, "ann") == ["role of ann"]
    with site.app.app_context():
        assert (_user(site, "ann").last_name, _user(site, "ann").active) == ("Ash", True)


def test_a_disabled_user_is_out_at_the_next_request(site: Site) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    send_form(site.admin(), "/admin/users/edit/1", active=[])
    assert ann.get("/admin/").status_code == 302


def test_a_deleted_user_leaves_no_row_behind(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    answer = send_form(site.admin(), "/admin/users/delete/1")
    assert answer.status_code == 302
    with site.app.app_context():
        models = site.sm.models
        assert _user(site, "ann") is None
        rows = site.db.session.execute(models.user_role.select().where(models.user_role.c.user_id == 1)).all()
        assert rows == []


def test_the_password_column_cannot_be_written_by_a_form(site: Site) -> None:
    site.user("ann")
    admin = site.admin()
    data = {"csrf_token": admin.token(), "_fields": "last_name,password,id", "last_name": "Ash"}
    admin.client.post("/admin/users/edit/1", data={**data, "password": "plain", "id": "77"})
    with site.app.app_context():
        assert _user(site, "ann").password.startswith("scrypt:")
        assert _user(site, "ann").id == 1


def test_the_show_page_has_roles_groups_and_the_way_to_a_new_password(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    admin = site.admin()
    page = admin.get("/admin/users/show/1")
    assert "role of ann" in page.text
    assert "Reset password" in page.text
    data = {"csrf_token": admin.token(), "action": "resetpasswords", "rowid": "1"}
    answer = admin.client.post("/admin/users/action/resetpasswords/1", data=data)
    assert (answer.status_code, answer.location) == (302, "/admin/resetpassword/form?pk=1")


def test_a_list_costs_the_same_for_many_users(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    admin.get("/admin/users/list/")
    with count_statements() as few:
        admin.get("/admin/users/list/")
    with site.app.app_context():
        for number in range(20):
            site.sm.add_user(f"u{number}", "U", "V", f"u{number}@example.org", site.sm.find_role("Public"))
    with count_statements() as many:
        page = admin.get("/admin/users/list/")
    assert "21 records" in page.text
    assert len(many) == len(few) <= 4, many


def test_the_edit_page_costs_a_constant_number_of_statements(site: Site, count_statements: CountStatements) -> None:
    admin = site.admin()
    admin.get("/admin/users/edit/1")
    with count_statements() as seen:
        assert admin.get("/admin/users/edit/1").status_code == 200
    # The guard, the record, and one for the roles and one for the groups.
    assert len(seen) == 4, seen


def test_sign_in_needs_the_password_exactly(site: Site) -> None:
    password = "  päss wörd 🐎 with spaces  "
    send_form(site.admin(), "/admin/users/add", **{**NEW, "new_password": password, "repeat_password": password})
    assert site.sign_in("bob", password).get("/admin/").status_code == 200
    answer = site.browser().send("/admin/login/", username="bob", password=password.strip())
    assert answer.status_code == 422


def _count(site: Site) -> int:
    with site.app.app_context():
        return int(site.sm.count_users())
