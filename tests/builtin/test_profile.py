"""My profile."""

import re

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, String

from appbuilder_lite import AppBuilder, SecurityManager
from appbuilder_lite.builtin.accounts import UserDBModelView
from tests.builtin.forms import send_form
from tests.conftest import MakeHost
from tests.web.hosts import make_people
from tests.web.site import Site, make_db

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


def test_a_name_that_is_too_long_for_the_hosts_column_is_refused(make_host: MakeHost) -> None:
    db = make_db()

    class Short(db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        __tablename__ = "short"
        id = Column(Integer, primary_key=True)
        username = Column(String(30), unique=True)
        first_name = Column(String(5), CheckConstraint("length(first_name) <= 5"))
        password = Column(String(200))

    host = make_host(db)
    builder = AppBuilder(host.app, db, security_manager_class=type("M", (SecurityManager,), {"user_model": Short}))
    site = Site(host.app, db, builder)
    site.create()
    site.user("ann")
    ann = site.sign_in("ann")
    answer = send_form(ann, URL, first_name="Annabella")
    assert answer.status_code == 422
    assert "The database does not accept a value." in answer.text
    assert send_form(ann, URL, first_name="Annie").status_code == 302


@pytest.mark.parametrize("name", ["a\x00b", "<script>alert(1)</script>"])
def test_odd_names_do_no_harm(site: Site, name: str) -> None:
    site.user("ann")
    ann = site.sign_in("ann")
    assert send_form(ann, URL, first_name=name).status_code in (302, 422)
    page = ann.get("/admin/")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_class_with_one_name_is_asked_for_the_name(make_host: MakeHost) -> None:
    people = make_people(make_host, "other names")
    people.add("ann", roles=("Admin",))
    ann = people.enter("ann")
    profile = ann.get(URL).text
    assert re.search(r'<label class="ab-label" for="first_name">Name<', profile)
    assert 'autocomplete="name"' in profile
    assert re.search(r'<label class="ab-label" for="given_name">Name ', ann.get("/admin/users/add").text)
    assert "First name" not in profile + ann.get("/admin/users/list/").text


def test_a_class_with_two_names_is_asked_for_both(site: Site) -> None:
    page = site.admin().get("/admin/users/add").text
    assert re.search(r'for="first_name">First name.*for="last_name">Last name', page, re.DOTALL)


def test_labels_of_the_hosts_own_stay(make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    class Staff(UserDBModelView):
        label_columns = {"given_name": "Called"}

    monkeypatch.setattr(SecurityManager, "userdbmodelview", Staff)
    people = make_people(make_host, "other names")
    people.add("ann", roles=("Admin",))
    assert "Called" in people.enter("ann").get("/admin/users/add").text
