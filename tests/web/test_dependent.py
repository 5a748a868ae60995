"""Choices that depend on another field: narrowed where the form is shown and looked for, checked where it is saved."""

import re
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import relationship

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.sent_form import sent_form
from tests.web.site import Site, make_db

ADD = "/admin/visitview/add"
EDIT = "/admin/visitview/edit/1"
CHOICES = "/admin/visitview/choices/add/city"
# Country 1 has cities 1 and 3, country 2 has city 2.
PLACES = (("Norway", "Oslo"), ("Spain", "Madrid"), ("Norway", "Bergen"))


def _models(db: Any) -> dict[str, Any]:
    def model(name: str, **values: Any) -> Any:
        own = {"__tablename__": name.lower(), "__str__": lambda self: self.name}
        columns = {"id": Column(Integer, primary_key=True), "name": Column(String(40), nullable=False)}
        return type(name, (db.Model,), {**own, **columns, **values})

    country = model("Country")
    city = model("City", country_id=Column(ForeignKey("country.id")), country=relationship(country))
    seen = Table(
        "visit_seen",
        db.metadata,
        Column("visit_id", ForeignKey("visit.id"), primary_key=True),
        Column("city_id", ForeignKey("city.id"), primary_key=True),
    )
    visit = model(
        "Visit",
        country_id=Column(ForeignKey("country.id")),
        country=relationship(country),
        city_id=Column(ForeignKey("city.id")),
        city=relationship(city),
        seen=relationship(city, secondary=seen),
    )
    return {"Country": country, "City": city, "Visit": visit}


def dependent_site(
    make_host: MakeHost, cities: dict[str, Any] | None = None, *, limit: int = 100, **visits: Any
) -> Site:
    """Visits of a city in a country; one of them is stored: Oslo, in Norway."""
    db = make_db()
    models = _models(db)
    host = make_host(db, APPBUILDER_CHOICES_LIMIT=limit)
    depends = {"form_dependent_choices": {"city": "country", "seen": "country"}, **visits}
    site = Site(host.app, db, AppBuilder())
    for name, options in {"Visit": depends, "City": cities or {}, "Country": {}}.items():
        view: Any = type(f"{name}View", (ModelView,), {"datamodel": SQLAInterface(models[name]), **options})
        site.builder.add_view(view, name)
    site.builder.init_app(host.app, db)
    site.create()
    with host.app.app_context():
        countries = {name: models["Country"](name=name) for name in ("Norway", "Spain")}
        db.session.add_all(countries.values())
        db.session.flush()
        for country, name in PLACES:
            db.session.add(models["City"](name=name, country=countries[country]))
            db.session.flush()
        db.session.add(models["Visit"](name="First", country_id=1, city_id=1))
        db.session.commit()
    return site


def offered(page: str, name: str = "city") -> list[str]:
    """What a field of a form offers."""
    select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    if select:
        return sorted(re.findall(r'<option value="\d+"[^>]*>([^<]*)<', select[0]))
    return sorted(re.findall(rf'name="{name}" value="\d+"[^>]*><label[^>]*>([^<]*)<', page))


def test_a_stored_choice_narrows_those_of_the_other_field(make_host: MakeHost) -> None:
    admin = dependent_site(make_host).admin()
    page = admin.get(EDIT).text
    assert offered(page) == ["Bergen", "Oslo"]
    assert offered(page, "seen") == ["Bergen", "Oslo"]
    assert offered(page, "country") == ["Norway", "Spain"]


def test_nothing_chosen_narrows_nothing(make_host: MakeHost) -> None:
    admin = dependent_site(make_host).admin()
    assert offered(admin.get(ADD).text) == ["Bergen", "Madrid", "Oslo"]
    assert offered(admin.get(f"{ADD}?country=2").text) == ["Madrid"]
    assert admin.send(ADD, name="New", city="2").status_code == 302


def test_a_duplicate_offers_what_goes_with_the_copied_choice(make_host: MakeHost) -> None:
    admin = dependent_site(make_host).admin()
    page = admin.get(f"{ADD}?_from=1").text
    assert offered(page) == offered(page, "seen") == ["Bergen", "Oslo"]
    form = sent_form(page, ADD)
    assert (form["country"], form["city"]) == ("1", "1")
    # What the address fills in wins, and what does not go with it is left out.
    page = admin.get(f"{ADD}?_from=1&country=2").text
    assert offered(page) == ["Madrid"]
    assert sent_form(page, ADD)["city"] == ""
    assert admin.client.post(ADD, data=form).status_code == 302


def test_a_form_that_comes_back_offers_what_goes_with_the_new_choice(make_host: MakeHost) -> None:
    admin = dependent_site(make_host).admin()
    form = {**sent_form(admin.get(EDIT).text, EDIT).to_dict(), "country": "2", "name": "Typed", "_update": "country"}
    page = admin.client.post(EDIT, data=form).text
    assert offered(page) == ["Madrid"]
    assert sent_form(page, EDIT)["city"] == ""
    assert sent_form(page, EDIT)["name"] == "Typed"


@pytest.mark.parametrize("limit", [100, 1])
@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"country": "2"}, "city"),
        ({"city": "2"}, "city"),
        ({"country": "2", "city": "3"}, "city"),
        ({"seen": "2"}, "seen"),
    ],
)
def test_a_city_of_another_country_is_an_error_at_the_field(
    make_host: MakeHost, changes: dict[str, str], at: str, limit: int
) -> None:
    site = dependent_site(make_host, limit=limit)
    admin = site.admin()
    sent = {**sent_form(admin.get(EDIT).text, EDIT).to_dict(), "city": "1", **changes}
    answer = admin.client.post(EDIT, data=sent)
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text
    with site.app.app_context():
        visit = site.db.session.get(_visit(site), 1)
        assert (visit.country_id, visit.city_id, visit.seen) == (1, 1, [])


def _visit(site: Site) -> Any:
    return next(mapper.class_ for mapper in site.db.Model.registry.mappers if mapper.class_.__name__ == "Visit")


def test_a_forged_form_without_the_city_keeps_no_city_of_another_country(make_host: MakeHost) -> None:
    admin = dependent_site(make_host).admin()
    answer = admin.send(EDIT, country="2", _fields="country")
    assert answer.status_code == 422
    assert "Not one of the choices." in answer.text


def test_both_can_change_together_and_a_pair_that_stays_is_not_judged(make_host: MakeHost) -> None:
    site = dependent_site(make_host)
    admin = site.admin()
    form = sent_form(admin.get(EDIT).text, EDIT).to_dict()
    assert admin.client.post(EDIT, data={**form, "country": "2", "city": "2"}).status_code == 302
    with site.app.app_context():
        site.db.session.get(_visit(site), 1).city_id = 3
        site.db.session.commit()
    form = sent_form(admin.get(EDIT).text, EDIT).to_dict()
    assert form["city"] == "3"
    assert admin.client.post(EDIT, data={**form, "name": "Other"}).status_code == 302


def test_scripts_find_only_what_goes_with_the_other_field(make_host: MakeHost) -> None:
    admin = dependent_site(make_host, limit=1).admin()

    def names(query: str) -> list[str]:
        return [choice["name"] for choice in admin.get(f"{CHOICES}?{query}").get_json()["choices"]]

    assert sorted(names("")) == ["Bergen", "Madrid", "Oslo"]
    assert sorted(names("country=1")) == ["Bergen", "Oslo"]
    assert names("country=1&q=mad") == []
    assert sorted(names("country=")) == ["Bergen", "Madrid", "Oslo"]
    page = admin.get(ADD).text
    assert 'data-masters="country"' in page
    assert 'data-dependents="city,seen"' in page


@pytest.mark.parametrize("query", ["country=9", "country=x", "country=1&country=2", "country=%00"])
def test_a_choice_that_cannot_be_is_told(make_host: MakeHost, query: str) -> None:
    assert dependent_site(make_host, limit=1).admin().get(f"{CHOICES}?{query}").status_code == 400


def test_the_scope_holds_beside_what_is_chosen(make_host: MakeHost) -> None:
    site = dependent_site(make_host, {"base_filters": [["name", FilterEqual, "Oslo"]]})
    admin = site.admin()
    assert offered(admin.get(f"{ADD}?country=1").text) == ["Oslo"]
    assert admin.send(ADD, name="New", country="1", city="3").status_code == 422
    assert admin.send(ADD, name="New", country="1", city="1").status_code == 302


def test_who_does_not_meet_the_other_field_is_offered_what_goes_with_what_is_stored(make_host: MakeHost) -> None:
    site = dependent_site(make_host, can_access_field=lambda _view, _user, column, _action: column != "country")
    admin = site.admin()
    assert offered(admin.get(EDIT).text) == ["Bergen", "Oslo"]
    assert admin.send(EDIT, city="2").status_code == 422
    assert admin.send(EDIT, city="2", country="2").status_code == 422
    assert admin.send(EDIT, city="3").status_code == 302


def test_who_does_not_meet_the_field_finds_nothing(make_host: MakeHost) -> None:
    site = dependent_site(make_host, limit=1, can_access_field=lambda _view, _user, column, _action: column != "city")
    assert site.admin().get(f"{CHOICES}?country=1").status_code == 404


def test_narrowing_costs_no_statement(make_host: MakeHost, count_statements: CountStatements) -> None:
    admin = dependent_site(make_host).admin()
    admin.get(EDIT)
    with count_statements() as seen:
        admin.get(EDIT)
    # Who asks, the record, its cities, and the choices of three fields.
    assert len(seen) <= 6, seen.texts


@pytest.mark.parametrize(("city", "code"), [("2", 422), ("3", 302)])
def test_what_is_not_asked_for_narrows_by_what_is_stored(make_host: MakeHost, city: str, code: int) -> None:
    site = dependent_site(make_host, conditional_fields={"country": {"name": "Abroad"}})
    admin = site.admin()
    form = {**sent_form(admin.get(EDIT).text, EDIT).to_dict(), "country": "2", "city": city}
    assert admin.client.post(EDIT, data=form).status_code == code
    with site.app.app_context():
        visit = site.db.session.get(_visit(site), 1)
        assert (visit.country_id, visit.city_id) == (1, 1 if code == 422 else 3)


def _choices_of(page: str, name: str = "city") -> str:
    found = re.search(rf'data-look-up="([^"]*/choices/edit/{name}[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "visits",
    [
        {"edit_form_query_rel_fields": {"country": [["name", FilterEqual, "Spain"]]}},
        {"can_access_field": lambda _view, _user, column, _action: column != "country"},
    ],
    ids=["outside of the scope", "not met"],
)
def test_scripts_find_what_goes_with_a_stored_record_that_the_person_could_not_choose(
    make_host: MakeHost, visits: dict[str, Any]
) -> None:
    admin = dependent_site(make_host, limit=1, **visits).admin()
    url = _choices_of(admin.get(EDIT).text)
    found = admin.get(f"{url}&country=1&q=").get_json()
    assert sorted(choice["name"] for choice in found["choices"]) == ["Bergen", "Oslo"]


@pytest.mark.parametrize("key", ["9", "x", "1,2", "%00"])
def test_nothing_is_found_for_a_record_that_is_not_there(make_host: MakeHost, key: str) -> None:
    admin = dependent_site(make_host, limit=1).admin()
    assert admin.get(f"/admin/visitview/choices/edit/city?_of={key}").status_code in {400, 404}


def test_nothing_is_found_for_a_record_outside_of_the_scope(make_host: MakeHost) -> None:
    admin = dependent_site(make_host, limit=1, base_filters=[["name", FilterEqual, "Second"]]).admin()
    assert admin.get("/admin/visitview/choices/edit/city?_of=1").status_code == 404


def test_scripts_find_all_where_the_other_field_was_emptied(make_host: MakeHost) -> None:
    admin = dependent_site(make_host, limit=1).admin()
    url = _choices_of(admin.get(EDIT).text)
    assert len(admin.get(f"{url}&country=").get_json()["choices"]) == 3
    assert len(admin.get(url).get_json()["choices"]) == 2
