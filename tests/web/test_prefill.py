"""An address fills an add form: what a link offers is chosen already, and nothing is saved by it."""

from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Site

ADD = "/admin/customerview/add"


def prefill_site(make_host: MakeHost, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        columns = ["name", "email", "notes", "since", "status", "country", "tags"]
        attributes = {"datamodel": SQLAInterface(site.models.Customer), "add_columns": columns, **options}
        customers = type("CustomerView", (ModelView,), attributes)
        country = {"datamodel": SQLAInterface(site.models.Country), "related_views": [customers]}
        return [customers, type("CountryView", (ModelView,), country)]

    return site_of(make_host, declare)


def test_an_address_fills_fields_of_every_kind(make_host: MakeHost) -> None:
    site = prefill_site(make_host)
    page = site.admin().get(f"{ADD}?name=Anna&notes=a%0Ab&since=2024-02-29&status=NEW&country=2&tags=1&tags=2")
    form = sent_form(page.text, ADD)
    assert page.status_code == 200
    assert {name: form[name] for name in ("name", "notes", "since", "status", "country")} == {
        "name": "Anna",
        "notes": "a\r\nb",
        "since": "2024-02-29",
        "status": "NEW",
        "country": "2",
    }
    assert form.getlist("tags") == ["1", "2"]
    assert site.count(site.models.Customer) == 6


def test_what_an_address_does_not_name_keeps_its_default(make_host: MakeHost) -> None:
    admin = prefill_site(make_host).admin()
    plain, filled = (sent_form(admin.get(url).text, ADD) for url in (ADD, f"{ADD}?name=Anna"))
    assert {**filled, "name": plain["name"], "csrf_token": ""} == {**plain, "csrf_token": ""}


@pytest.mark.parametrize(
    "query",
    [
        "country=999",
        "country=x&country=y",
        "since=never",
        "status=none",
        "name=%00",
        "tags=x",
        "any=1",
        "_fields=name",
    ],
)
def test_what_does_not_fit_is_no_fault_of_the_page(make_host: MakeHost, query: str) -> None:
    page = prefill_site(make_host).admin().get(f"{ADD}?{query}")
    assert page.status_code == 200
    assert "needs attention" not in page.text


def test_a_field_that_the_person_does_not_meet_is_not_filled(make_host: MakeHost) -> None:
    site = prefill_site(make_host, can_access_field=lambda _view, _user, column, _action: column != "email")
    form = sent_form(site.admin().get(f"{ADD}?name=Anna&email=secret@example.org").text, ADD)
    assert form["name"] == "Anna"
    assert "email" not in form


def test_a_related_list_leads_to_a_form_with_the_record_filled_in(make_host: MakeHost) -> None:
    admin = prefill_site(make_host).admin()
    assert f'href="{ADD}?country=2"' in admin.get("/admin/countryview/show/2").text
    assert sent_form(admin.get(f"{ADD}?country=2").text, ADD)["country"] == "2"


def test_a_related_list_whose_form_has_no_such_field_leads_to_the_form(make_host: MakeHost) -> None:
    admin = prefill_site(make_host, add_columns=["name"]).admin()
    assert f'href="{ADD}"' in admin.get("/admin/countryview/show/2").text


def test_a_look_up_is_filled_too(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        views = {"Order": site.models.Order, "Customer": site.models.Customer}
        return [type(f"{name}View", (ModelView,), {"datamodel": SQLAInterface(model)}) for name, model in views.items()]

    admin = site_of(make_host, declare, APPBUILDER_CHOICES_LIMIT=1).admin()
    form = sent_form(admin.get("/admin/orderview/add?customer=3").text, "/admin/orderview/add")
    assert (form["customer"], form["customer-find"]) == ("3", "Customer 002")
