"""The further buttons of a form: save and add another, save and continue editing."""

import re
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Site

BASE = "/admin/countryview"
BUTTONS = {"_addanother": "Save and add another", "_continue": "Save and continue editing"}


def _buttons(page: str) -> set[str]:
    return {name for name, words in BUTTONS.items() if re.search(f'<button[^>]* name="{name}"[^>]*>{words}<', page)}


def test_both_forms_offer_both_buttons(site: Site) -> None:
    admin = site.admin()
    assert _buttons(admin.get(f"{BASE}/add").text) == set(BUTTONS)
    assert _buttons(admin.get(f"{BASE}/edit/1").text) == set(BUTTONS)


@pytest.mark.parametrize(("button", "location"), [("_addanother", "/add"), ("_continue", "/edit/3"), ("", "/list/")])
def test_after_an_add_the_button_says_where_it_goes_on(site: Site, button: str, location: str) -> None:
    answer = site.admin().send(f"{BASE}/add", name="Peru", **({button: "1"} if button else {}))
    assert (answer.status_code, answer.location) == (302, BASE + location)
    assert site.count(site.models.Country) == 3


@pytest.mark.parametrize(("button", "location"), [("_addanother", "/add"), ("_continue", "/edit/1"), ("", "/list/")])
def test_after_an_edit_the_button_says_where_it_goes_on(site: Site, button: str, location: str) -> None:
    answer = site.admin().send(f"{BASE}/edit/1", name="Sweden", **({button: "1"} if button else {}))
    assert (answer.status_code, answer.location) == (302, BASE + location)


def test_what_was_refused_comes_back_whatever_the_button(site: Site) -> None:
    for button in BUTTONS:
        answer = site.admin().send(f"{BASE}/add", name="", **{button: "1"})
        assert (answer.status_code, _buttons(answer.text)) == (422, set(BUTTONS))


@pytest.mark.parametrize(
    ("grants", "url", "offered"),
    [(("can_add",), "add", "_addanother"), (("can_edit",), "edit/1", "_continue")],
    ids=["may add only", "may edit only"],
)
def test_a_button_leads_nowhere_that_the_person_may_not_go(
    site: Site, grants: tuple[str, ...], url: str, offered: str
) -> None:
    site.user("olga", *((grant, "CountryView") for grant in grants))
    olga = site.sign_in("olga")
    assert _buttons(olga.get(f"{BASE}/{url}").text) == {offered}
    for number, button in enumerate(BUTTONS):
        answer = olga.send(f"{BASE}/{url}", name=f"Country {number}", **{button: "1"})
        expected = f"{BASE}/{url}" if button == offered else "/admin/"
        assert (answer.status_code, answer.location) == (302, expected)


def test_the_key_that_a_save_has_changed_is_the_one_to_go_on_with(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        options = {"datamodel": SQLAInterface(site.models.Country), "edit_columns": ["id", "name"]}
        return [type("CountryView", (ModelView,), options)]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        site.db.session.add(site.models.Country(id=5, name="Peru"))
        site.db.session.commit()
    answer = site.admin().send(f"{BASE}/edit/5", id="7", name="Peru", _continue="1")
    assert answer.location == f"{BASE}/edit/7"


def test_a_view_of_the_hosts_own_says_where_a_plain_save_leads(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class CountryView(ModelView):
            datamodel = SQLAInterface(site.models.Country)

            def post_add_redirect(self) -> Any:
                return "own answer"

        return [CountryView]

    admin = site_of(make_host, declare, rows=0).admin()
    assert admin.send(f"{BASE}/add", name="Peru").text == "own answer"
    assert admin.send(f"{BASE}/add", name="Chile", _addanother="1").location == f"{BASE}/add"
