"""A field of many records that holds thousands: it is told, left as it is by every save, and never read whole."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import relationship
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms.validators import InputRequired, Length

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.statements import Statements
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

MANY = 4000
MOST = 100
URL = "/admin/customerview/edit/1"
TOLD = "More than 100 are chosen, which is more than a form can hold."
THEIR_LIST = "/admin/tagview/list/?customers__has=1"
MOST_BYTES = 200_000
FEW_COLUMNS: dict[str, Any] = {"edit_columns": ["name", "tags"], "add_columns": ["name", "tags"]}


def _site(make_host: MakeHost, chosen: int = MANY, *, lazy: Any = "select", limit: int = 100, **options: Any) -> Site:
    """A site of customers, the first of whom has so many tags; `options` are those of the customers' view."""

    def declare(site: Site) -> list[type[Any]]:
        models = site.models
        table = site.db.metadata.tables["customer_tag"]
        tied = {"secondary": table, "overlaps": "tags,marks,customers"}
        models.Customer.marks = relationship(models.Tag, lazy=lazy, **tied)
        models.Tag.customers = relationship(models.Customer, **tied)
        given = {"datamodel": SQLAInterface(models.Customer), **FEW_COLUMNS, **options}
        tags = {"datamodel": SQLAInterface(models.Tag), "list_columns": ["name"], "search_columns": ["name"]}
        return [type("CustomerView", (ModelView,), given), type("TagView", (ModelView,), tags)]

    site = site_of(make_host, declare, rows=3, APPBUILDER_CHOICES_LIMIT=limit)
    _choose(site, range(1, chosen + 1))
    return site


def _choose(site: Site, tags: Sequence[int]) -> None:
    """Let the first customer have exactly these tags, which are made where they lack."""
    table, tag = site.db.metadata.tables["customer_tag"], site.models.Tag.__table__
    with site.app.app_context():
        session = site.db.session
        known = set(session.scalars(sa.select(tag.c.id)))
        session.execute(sa.delete(table).where(table.c.customer_id == 1))
        missing = [{"id": key, "name": f"Tag {key:05}"} for key in tags if key not in known]
        rows = [{"customer_id": 1, "tag_id": key} for key in tags]
        for statement, values in ((sa.insert(tag), missing), (sa.insert(table), rows)):
            if values:
                session.execute(statement, values)
        session.commit()


def _chosen(site: Site) -> list[int]:
    table = site.db.metadata.tables["customer_tag"]
    with site.app.app_context():
        found = sa.select(table.c.tag_id).where(table.c.customer_id == 1).order_by(table.c.tag_id)
        return list(site.db.session.scalars(found))


def _name(site: Site) -> str:
    with site.app.app_context():
        return str(site.db.session.get(site.models.Customer, 1).name)


def _post(browser: Browser, body: MultiDict[str, str], url: str = URL) -> TestResponse:
    return browser.client.post(url, data=body)


def _reads_bounded(seen: Statements) -> bool:
    """Whether no statement reads the pairs of customers and tags without a bound."""
    reads = [text for text in seen.texts if "customer_tag" in text]
    return all("LIMIT" in text or "row_number" in text for text in reads)


def _writes(seen: Statements) -> list[str]:
    """What is written to which table."""
    words = [text.replace("`", "").split()[:2] for text in seen.texts]
    return [" ".join(found) for found in words if not {"SELECT", "SAVEPOINT", "RELEASE"}.intersection(found)]


def _note(page: str, name: str = "tags") -> str:
    found = re.search(rf'id="{name}-note">([^<]*)<', page)
    return found[1] if found else ""


@pytest.mark.databases
@pytest.mark.parametrize("limit", [1, 100])
def test_a_form_tells_that_there_are_more_than_it_holds_and_leads_to_their_list(
    make_host: MakeHost, count_statements: CountStatements, limit: int
) -> None:
    admin = _site(make_host, limit=limit).admin()
    admin.get(URL)
    with count_statements() as seen:
        page = admin.get(URL)
    assert TOLD in page.text
    assert f'<a href="{THEIR_LIST}">Open their list</a>' in page.text
    assert 'name="tags' not in page.text
    assert sent_form(page.text, URL)["_fields"] == "name"
    assert len(page.data) < 30_000
    # Who asks, the record, and the first of what it holds.
    assert len(seen) == 3, seen
    assert _reads_bounded(seen)
    found = admin.get(THEIR_LIST)
    assert found.status_code == 200
    assert "4,000 records" in found.text


@pytest.mark.databases
def test_a_save_leaves_them_as_they_are_and_reads_no_more(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    site = _site(make_host)
    admin, before = site.admin(), _chosen(site)
    body = sent_form(admin.get(URL).text, URL)
    with count_statements() as seen:
        assert _post(admin, body).status_code == 302
    assert _writes(seen) == []
    assert _reads_bounded(seen)
    body["name"] = "Other"
    with count_statements() as seen:
        assert _post(admin, body).status_code == 302
    assert _writes(seen) == ["UPDATE customer"]
    assert _reads_bounded(seen)
    assert (_name(site), _chosen(site)) == ("Other", before)


@pytest.mark.databases
@pytest.mark.parametrize(
    "sent",
    [
        {"tags": ""},
        {"tags": ["1", "2"]},
        {"tags": "99999"},
        {"tags": "1\n2"},
        {},
        {"_take": "tags"},
        {"tags-find": "x"},
    ],
    ids=str,
)
def test_nothing_that_is_sent_changes_them(make_host: MakeHost, sent: dict[str, Any]) -> None:
    site = _site(make_host, 150)
    admin, before = site.admin(), _chosen(site)
    body = sent_form(admin.get(URL).text, URL)
    body["name"], body["_fields"] = "Other", "name,tags"
    for name, value in sent.items():
        body.setlist(name, value if isinstance(value, list) else [value])
    assert _post(admin, body).status_code == 302
    assert (_name(site), _chosen(site)) == ("Other", before)


@pytest.mark.parametrize(("chosen", "is_left"), [(MOST, False), (MOST + 1, True)])
def test_the_bound_is_what_a_form_carries(make_host: MakeHost, chosen: int, is_left: bool) -> None:
    admin = _site(make_host, chosen).admin()
    page = admin.get(URL).text
    assert (TOLD in page) is is_left
    assert len(sent_form(page, URL).getlist("tags")) == (0 if is_left else chosen)


@pytest.mark.databases
def test_as_many_as_a_form_carries_are_chosen_as_ever(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = _site(make_host, MOST)
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    with count_statements() as seen:
        assert _post(admin, body).status_code == 302
    assert _writes(seen) == []
    body.setlist("tags", body.getlist("tags")[1:])
    with count_statements() as seen:
        assert _post(admin, body).status_code == 302
    # The pairs are read once.
    assert sum("customer_tag" in text for text in seen.texts) == 2, seen
    assert _chosen(site) == list(range(2, MOST + 1))


def test_more_than_a_form_carries_cannot_be_chosen_and_nothing_that_was_is_lost(make_host: MakeHost) -> None:
    site = _site(make_host, MOST - 1)
    _choose(site, range(1, 200))
    _choose(site, range(1, MOST))
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    body.setlist("tags", [str(key) for key in range(1, MOST + 6)])
    answer = _post(admin, body)
    assert answer.status_code == 422
    assert "At most 100 at once." in answer.text
    assert len(sent_form(answer.text, URL).getlist("tags")) == MOST + 5
    assert _chosen(site) == list(range(1, MOST))
    body.setlist("tags", [str(key) for key in range(1, 1500)])
    answer = _post(admin, body)
    assert answer.status_code == 422
    assert len(answer.data) < MOST_BYTES
    assert _chosen(site) == list(range(1, MOST))


@pytest.mark.databases
def test_what_was_chosen_is_not_lost_silently_where_they_have_become_too_many(make_host: MakeHost) -> None:
    site = _site(make_host, MOST)
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    _choose(site, range(1, 151))
    body["name"] = "Other"
    body.setlist("tags", ["1", "2"])
    answer = _post(admin, body)
    assert answer.status_code == 409
    assert TOLD in answer.text
    assert _note(answer.text) == "What you chose here was not saved: meanwhile there are too many."
    assert (_name(site), len(_chosen(site))) == ("Customer 000", 150)
    assert _post(admin, sent_form(answer.text, URL)).status_code == 302
    assert (_name(site), len(_chosen(site))) == ("Other", 150)


def test_who_chose_nothing_is_not_asked_where_they_have_become_too_many(make_host: MakeHost) -> None:
    site = _site(make_host, MOST)
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    _choose(site, range(1, 151))
    body["name"] = "Other"
    assert _post(admin, body).status_code == 302
    assert (_name(site), len(_chosen(site))) == ("Other", 150)


def test_a_form_that_showed_none_empties_nothing_where_they_have_become_fewer(make_host: MakeHost) -> None:
    site = _site(make_host, 150)
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    _choose(site, range(1, 51))
    body["name"] = "Other"
    assert _post(admin, body).status_code == 302
    assert (_name(site), len(_chosen(site))) == ("Other", 50)


@pytest.mark.parametrize("validator", [InputRequired(), Length(max=5)], ids=["required", "few"])
def test_what_a_field_is_asked_for_is_not_asked_of_what_the_form_does_not_hold(
    make_host: MakeHost, validator: Any
) -> None:
    site = _site(make_host, 150, validators_columns={"tags": [validator]})
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    body["name"], body["_fields"] = "Other", "name,tags"
    assert _post(admin, body).status_code == 302
    assert (_name(site), len(_chosen(site))) == ("Other", 150)


def test_a_form_that_comes_back_tells_it_again(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = _site(make_host)
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    body["name"] = ""
    with count_statements() as seen:
        answer = _post(admin, body)
    assert (answer.status_code, TOLD in answer.text, THEIR_LIST in answer.text) == (422, True, True)
    assert _reads_bounded(seen)
    body["_update"] = "tags"
    answer = _post(admin, body)
    assert (answer.status_code, TOLD in answer.text) == (200, True)


def test_the_form_in_a_dialog_tells_it_too(make_host: MakeHost) -> None:
    page = _site(make_host, 150).admin().get(f"{URL}?_related=1").text
    assert TOLD in page


@pytest.mark.databases
@pytest.mark.parametrize("lazy", ["select", "joined", "selectin", "subquery", "immediate", "raise", "dynamic"])
def test_however_a_relation_loads_itself_it_is_read_up_to_the_bound(
    make_host: MakeHost, count_statements: CountStatements, lazy: str
) -> None:
    site = _site(make_host, lazy=lazy, edit_columns=["name", "marks"], show_columns=["name"])
    admin, before = site.admin(), _chosen(site)
    with count_statements() as seen:
        page = admin.get(URL).text
    assert TOLD in page
    assert _reads_bounded(seen), seen
    body = sent_form(page, URL)
    body["name"], body["_fields"] = "Other", "name,marks"
    with count_statements() as seen:
        assert _post(admin, body).status_code == 302
    assert _reads_bounded(seen), seen
    assert (_name(site), _chosen(site)) == ("Other", before)


@pytest.mark.databases
def test_records_of_a_relation_to_many_of_their_own_are_left_too(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    def declare(site: Site) -> list[type[Any]]:
        models = site.models
        models.Customer.orders = relationship(models.Order, overlaps="customer")
        columns = ["name", "orders"]
        orders = {"datamodel": SQLAInterface(models.Order), "list_columns": ["number"]}
        customers = {"datamodel": SQLAInterface(models.Customer), "edit_columns": columns, "show_columns": columns}
        return [type("CustomerView", (ModelView,), customers), type("OrderView", (ModelView,), orders)]

    site = site_of(make_host, declare, rows=2)
    order = site.models.Order
    with site.app.app_context():
        rows = [{"number": f"B{number:05}", "customer_id": 1} for number in range(MANY)]
        site.db.session.execute(sa.insert(order), rows)
        site.db.session.commit()
    admin = site.admin()
    with count_statements() as seen:
        page = admin.get(URL)
    assert (TOLD in page.text, len(page.data) < 30_000) == (True, True)
    assert '<a href="/admin/orderview/list/?customer__eq=1">Open their list</a>' in page.text
    assert all("LIMIT" in text for text in seen.texts if "customer_order" in text), seen
    body = sent_form(page.text, URL)
    body["name"], body["_fields"] = "Other", "name,orders"
    assert _post(admin, body).status_code == 302
    with site.app.app_context():
        owned = sa.select(sa.func.count()).where(order.customer_id == 1)
        assert site.db.session.scalar(owned) == MANY + 1
    assert _name(site) == "Other"


def test_a_list_that_the_person_may_not_see_is_not_led_to(make_host: MakeHost) -> None:
    site = _site(make_host, 150)
    site.user("olga", ("can_edit", "CustomerView"), ("can_list", "CustomerView"))
    page = site.sign_in("olga").get(URL).text
    assert (TOLD in page, "Open their list" in page) == (True, False)


def test_a_list_that_cannot_be_asked_for_them_is_not_led_to(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        views = {"CustomerView": {**FEW_COLUMNS}, "TagView": {"list_columns": ["name"]}}
        models = {"CustomerView": site.models.Customer, "TagView": site.models.Tag}
        return [
            type(name, (ModelView,), {"datamodel": SQLAInterface(models[name]), **options})
            for name, options in views.items()
        ]

    site = site_of(make_host, declare, rows=3)
    _choose(site, range(1, 151))
    page = site.admin().get(URL).text
    assert (TOLD in page, "Open their list" in page) == (True, False)


@pytest.mark.databases
def test_a_duplicate_takes_none_of_them_and_says_so(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = _site(make_host, search_columns=["name"])
    admin, url = site.admin(), "/admin/customerview/add?_from=1"
    admin.get(url)
    with count_statements() as seen:
        page = admin.get(url)
    assert _note(page.text) == "Not copied: there are more than a form can hold."
    assert len(page.data) < MOST_BYTES
    assert _reads_bounded(seen), seen
    body = sent_form(page.text, "/admin/customerview/add")
    assert (body["name"], body.getlist("tags")) == ("Customer 000", [])
    assert _post(admin, body, "/admin/customerview/add").status_code == 302
    assert len(_chosen(site)) == MANY
    with site.app.app_context():
        assert len(site.db.session.get(site.models.Customer, 4).tags) == 0


@pytest.mark.databases
@pytest.mark.parametrize("url", ["/admin/customerview/show/1", "/admin/customerview/list/"])
def test_a_page_that_shows_them_is_bounded(make_host: MakeHost, count_statements: CountStatements, url: str) -> None:
    columns = ["name", "tags", "tags.name"]
    admin = _site(make_host, list_columns=columns, show_columns=columns).admin()
    with count_statements() as seen:
        page = admin.get(url)
    assert page.status_code == 200
    assert len(page.data) < 60_000
    assert "3,980" in page.text
    assert _reads_bounded(seen), seen


def test_a_field_that_depends_on_another_is_not_left_with_what_does_not_go_with_it(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        models = site.models
        models.Tag.country_id = sa.Column(sa.ForeignKey("country.id"))
        models.Tag.country = relationship(models.Country)
        options = {"edit_columns": ["country", "tags"], "form_dependent_choices": {"tags": "country"}}
        return [
            type("CustomerView", (ModelView,), {"datamodel": SQLAInterface(models.Customer), **options}),
            type("CountryView", (ModelView,), {"datamodel": SQLAInterface(models.Country)}),
        ]

    site = site_of(make_host, declare, rows=3)
    _choose(site, range(1, 151))
    with site.app.app_context():
        site.db.session.execute(sa.update(site.models.Tag).values(country_id=1))
        site.db.session.commit()
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    assert body["country"] == "1"
    assert _post(admin, body).status_code == 302
    body["country"] = "2"
    answer = _post(admin, body)
    assert answer.status_code == 422
    assert "are too many to choose others here" in answer.text
    assert len(_chosen(site)) == 150
