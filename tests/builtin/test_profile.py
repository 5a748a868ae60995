"""My profile."""

import pytest

from tests.builtin.forms import send_form
from tests.web.site import Site

URL = "/admin/userinfoeditview/form"


def test_the_profile_shows_names_address_and_roles(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    page = site.sign_in("ann").get(URL)
    for text in ('value="Ann"', "ann@example.org", "role of ann"):
        assert text in page.text


def test_names_can_be_changed_and_nothing_else(site: Site) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    answer = send_form(ann, URL, first_name="Anna", email="evil@example.org", active="", username="root", roles="1")
    assert (answer.status_code, answer.location) == (302, URL)
    with site.app.app_context():
        user = site.sm.find_user("ann")
        assert (user.first_name, user.email, user.active) == ("Anna", "ann@example.org", True)
        assert site.sm.get_user_roles(user) == []
    assert "Anna Tester" in ann.get("/admin/").text


@pytest.mark.parametrize("name", ["", "x" * 65])
def test_a_name_that_does_not_fit_is_refused(site: Site, name: str) -> None:
    site.user("ann")
    answer = send_form(site.sign_in("ann"), URL, first_name=name)
    assert answer.status_code == 422
    assert 'id="first_name-error"' in answer.text


@pytest.mark.parametrize("name", ["a\x00b", "<script>alert(1)</script>"])
def test_odd_names_do_no_harm(site: Site, name: str) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    assert send_form(ann, URL, first_name=name).status_code in (302, 422)
    page = ann.get("/admin/")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
