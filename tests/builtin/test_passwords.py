"""People change their own password."""

import pytest

from tests.builtin.forms import send_form
from tests.web.site import PASSWORD, Site

URL = "/admin/resetmypassword/form"
NEW = {"current_password": PASSWORD, "new_password": "a good long one", "repeat_password": "a good long one"}


def test_a_new_password_ends_every_other_session_and_keeps_this_one(site: Site) -> None:
    site.user("ann")
    here, there = site.sign_in("ann"), site.sign_in("ann")
    answer = send_form(here, URL, **NEW)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302
    assert site.browser().send("/admin/login/", username="ann", password=PASSWORD).status_code == 422
    assert site.sign_in("ann", NEW["new_password"]).get("/admin/").status_code == 200


def test_a_remember_cookie_ends_with_the_password(site: Site) -> None:
    site.user("ann")
    there = site.browser()
    there.send("/admin/login/", username="ann", password=PASSWORD, remember="y")
    there.client.delete_cookie("session")
    assert there.get("/admin/").status_code == 200
    there.client.delete_cookie("session")
    send_form(site.sign_in("ann"), URL, **NEW)
    assert there.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"current_password": "wrong"}, "current_password", "This is not your current password."),
        ({"current_password": ""}, "current_password", "This field is required."),
        ({"repeat_password": "another one"}, "repeat_password", "The two passwords differ."),
        ({"new_password": "1234567", "repeat_password": "1234567"}, "new_password", "at least 8"),
        ({"new_password": "password", "repeat_password": "password"}, "new_password", "attacker"),
        ({"new_password": "x" * 1025, "repeat_password": "x" * 1025}, "new_password", "at most 1024"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    site: Site, changes: dict[str, str], field: str, message: str
) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    answer = send_form(ann, URL, **{**NEW, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert message in answer.text
    assert NEW["new_password"] not in answer.text
    assert PASSWORD not in answer.text
    assert ann.get("/admin/").status_code == 200
    assert site.sign_in("ann").get("/admin/").status_code == 200


def test_ones_own_password_is_not_reset_without_the_current_one(site: Site) -> None:
    admin = site.admin()
    chosen = {"new_password": "a good long one", "repeat_password": "a good long one"}
    assert admin.get("/admin/resetpassword/form?pk=1").location == URL
    data = {"csrf_token": admin.token(), **chosen}
    assert admin.client.post("/admin/resetpassword/form?pk=1", data=data).location == URL
    assert site.sign_in("admin").get("/admin/").status_code == 200


@pytest.mark.parametrize("url", [URL, "/admin/resetpassword/form?pk=1", "/admin/userinfoeditview/form"])
def test_nobody_gets_there_anonymously(site: Site, url: str) -> None:
    site.user("ann")
    browser = site.browser()
    assert browser.get(url).status_code == 302
    assert browser.client.post(url, data=NEW).status_code == 302


def test_setting_somebody_elses_password_takes_a_permission(site: Site) -> None:
    site.user("ann")
    site.user("bob")
    assert site.sign_in("ann").get("/admin/resetpassword/form?pk=2").status_code == 403
