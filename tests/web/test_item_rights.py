"""What a person may do with one record and not with another: no link leads there, and no request gets through."""

import logging
import re
from typing import Any

import pytest

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.web.form_routes import CONTINUE
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site, token_of

LIST = "/admin/customerview/list/"
ROWS = 6


class Rules(ModelView):
    """Customers of even numbers may be edited, those without a late tag deleted; the boss may do both."""

    list_columns = ["name", "email"]
    edit_columns = ["name", "email", "notes"]

    def can_edit_item(self, user: Any, item: Any) -> bool:
        return user is not None and (user.username == "boss" or item.id % 2 == 0)

    def can_delete_item(self, user: Any, item: Any) -> bool:
        return user is not None and (user.username == "boss" or item.country.name == "Spain")


def _ruled(site: Site, **options: Any) -> type[ModelView]:
    values = {"datamodel": SQLAInterface(site.models.Customer), "list_eager": ["country"], **options}
    return type("CustomerView", (Rules,), values)


@pytest.fixture
def ruled(make_host: MakeHost) -> Site:
    """Customers 1 (Norway) to 6 (Spain); Clara and the boss may list, show, edit and delete, by their roles."""

    def declare(site: Site) -> list[type[Any]]:
        view = _ruled(site)
        country = {"datamodel": SQLAInterface(site.models.Country), "related_views": [view]}
        return [view, type("CountryView", (ModelView,), country)]

    site = site_of(make_host, declare, rows=ROWS)
    rights = [(f"can_{name}", "CustomerView") for name in ("list", "show", "edit", "delete")]
    for name in ("clara", "boss"):
        site.user(name, *rights, ("can_show", "CountryView"))
    return site


def _linked(text: str, method: str) -> set[int]:
    return {key for key in range(1, ROWS + 1) if f'"/admin/customerview/{method}/{key}"' in text}


def _ticked(text: str) -> set[int]:
    """The records of a list that can be ticked, which is how they are deleted there."""
    return {int(key) for key in re.findall(r'name="rowid" value="(\d+)"', text)}


def _post(browser: Browser, url: str, **data: str) -> int:
    token = token_of(browser.get("/admin/"))
    return browser.client.post(url, data={"csrf_token": token, **data}).status_code


def test_a_list_has_links_only_to_what_may_be_done_with_each_record(ruled: Site) -> None:
    page = ruled.sign_in("clara").get(LIST).text
    assert _linked(page, "show") == {1, 2, 3, 4, 5, 6}
    assert _linked(page, "edit") == {2, 4, 6}
    assert (_ticked(page), _linked(page, "delete")) == ({2, 4, 6}, set())
    page = ruled.sign_in("boss").get(LIST).text
    assert _linked(page, "edit") == _ticked(page) == {1, 2, 3, 4, 5, 6}


def test_a_list_that_deletes_rows_one_by_one_has_links_to_no_other(make_host: MakeHost) -> None:
    options = {"exclude_route_methods": {"delete_selected"}}
    site = site_of(make_host, lambda site: [_ruled(site, **options)], rows=ROWS)
    site.user("clara", *((f"can_{name}", "CustomerView") for name in ("list", "delete")))
    page = site.sign_in("clara").get(LIST).text
    assert (_linked(page, "delete"), _ticked(page)) == ({2, 4, 6}, set())


def test_a_related_list_has_no_other_links(ruled: Site) -> None:
    page = ruled.sign_in("clara").get("/admin/countryview/show/1").text
    assert "Customer 000" in page
    assert _linked(page, "edit") == _linked(page, "delete") == set()
    assert _linked(ruled.sign_in("clara").get("/admin/countryview/show/2").text, "edit") == {2, 4, 6}


def test_the_pages_of_a_record_have_no_link_to_what_is_refused(make_host: MakeHost) -> None:
    def kept(view: Any, user: Any, item: Any) -> bool:
        return bool(item.id != 2)

    site = site_of(make_host, lambda site: [_ruled(site, can_delete_item=kept)], rows=ROWS)
    admin = site.admin()
    for key, edit, delete in ((1, set(), {1}), (2, {2}, set()), (4, {4}, {4})):
        page = admin.get(f"/admin/customerview/show/{key}").text
        assert (_linked(page, "edit"), _linked(page, "delete")) == (edit, delete), key
        if edit:
            assert _linked(admin.get(f"/admin/customerview/edit/{key}").text, "delete") == delete
    refused = admin.send("/admin/customerview/edit/2", name="")
    assert refused.status_code == 422
    assert _linked(refused.text, "delete") == set()


def test_what_is_refused_cannot_be_opened_or_sent(ruled: Site, caplog: pytest.LogCaptureFixture) -> None:
    clara = ruled.sign_in("clara")
    caplog.set_level(logging.WARNING, "appbuilder_lite.security")
    for url in ("/admin/customerview/edit/1", "/admin/customerview/delete/1"):
        assert clara.get(url).status_code == 403
        assert _post(clara, url, _fields="name", name="Stolen") == 403
        assert _post(clara, url, _fields="name", name="") == 403, "before it is judged what was typed"
    assert "You cannot change this customer" in clara.get("/admin/customerview/edit/1").text
    assert "You cannot delete this customer" in clara.get("/admin/customerview/delete/1").text
    assert "Denied: can_edit_item of CustomerView to user 1, GET /admin/customerview/edit/1." in caplog.text
    assert "Denied: can_delete_item of CustomerView to user 1, POST /admin/customerview/delete/1." in caplog.text
    with ruled.app.app_context():
        assert ruled.db.session.get(ruled.models.Customer, 1).name == "Customer 000"
    assert _post(clara, "/admin/customerview/edit/2", _fields="name", name="Changed") == 302
    boss = ruled.sign_in("boss")
    assert _post(boss, "/admin/customerview/edit/1", _fields="name", name="Changed") == 302
    with ruled.app.app_context():
        names = [ruled.db.session.get(ruled.models.Customer, key).name for key in (1, 2)]
    assert names == ["Changed", "Changed"]


def test_a_form_whose_token_has_expired_shows_nothing_of_what_is_refused(ruled: Site) -> None:
    clara, here = ruled.sign_in("clara"), {"Sec-Fetch-Site": "same-origin"}
    for method in ("edit", "delete"):
        url = f"/admin/customerview/{method}"
        refused = clara.client.post(f"{url}/1", data={"name": "Stolen"}, headers=here)
        assert (refused.status_code, "c0@example.org" in refused.text) == (403, False), method
        again = clara.client.post(f"{url}/2", data={"name": "Changed"}, headers=here)
        assert (again.status_code, "Customer 001" in again.text) == (400, True), method


def test_a_record_that_is_refused_is_not_deleted(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        tags = {"datamodel": SQLAInterface(site.models.Tag), "can_delete_item": lambda self, user, item: item.id != 1}
        return [type("TagView", (ModelView,), tags)]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        site.db.session.add_all([site.models.Tag(id=1, name="kept"), site.models.Tag(id=2, name="gone")])
        site.db.session.commit()
    admin = site.admin()
    assert _post(admin, "/admin/tagview/delete/1") == 403
    assert _post(admin, "/admin/tagview/delete/2") == 302
    assert site.count(site.models.Tag) == 1


def test_the_hook_of_the_public_is_asked_about_nobody(ruled: Site) -> None:
    with ruled.app.app_context():
        for permission in ("can_list", "can_edit"):
            found = ruled.sm.find_permission_view_menu(permission, "CustomerView")
            ruled.sm.add_permission_role(ruled.sm.get_public_role(), found)
    stranger = ruled.browser()
    assert _linked(stranger.get(LIST).text, "edit") == set()
    assert stranger.get("/admin/customerview/edit/2").status_code == 403


def test_a_record_is_judged_as_it_was_before_the_change(make_host: MakeHost) -> None:
    def open_ones(view: Any, user: Any, item: Any) -> bool:
        return bool(item.notes != "closed")

    site = site_of(make_host, lambda site: [_ruled(site, can_edit_item=open_ones)], rows=2)
    admin = site.admin()
    url = "/admin/customerview/edit/1"
    answer = admin.send(url, name="Ann", email="a@example.org", notes="closed", **{CONTINUE: "1"})
    assert (answer.status_code, answer.location) == (302, LIST)
    assert admin.get(url).status_code == 403
    answer = admin.send("/admin/customerview/edit/2", name="Bob", email="", notes="open", **{CONTINUE: "1"})
    assert (answer.status_code, answer.location) == (302, "/admin/customerview/edit/2")


@pytest.mark.parametrize("rows", [10, 30])
def test_hooks_that_follow_a_relation_cost_no_statement_more(
    make_host: MakeHost, count_statements: CountStatements, rows: int
) -> None:
    site = site_of(make_host, lambda site: [_ruled(site)], rows=rows)
    admin = site.admin()
    admin.get(LIST)
    with count_statements() as seen:
        page = admin.get(f"{LIST}?page_size=50")
    assert f"{rows} records" in page.text
    # Who asks, and the rows.
    assert len(seen) == 2, seen


def test_records_are_read_only_for_whom_it_makes_a_difference(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    asked: list[Any] = []

    def ask(view: Any, user: Any, item: Any) -> bool:
        asked.append(item)
        return True

    site = site_of(make_host, lambda site: [_ruled(site, can_edit_item=ask, can_delete_item=ask)], rows=2)
    site.user("olga", ("can_list", "CustomerView"), ("can_show", "CustomerView"))
    olga = site.sign_in("olga")
    with count_statements() as seen:
        olga.get(LIST)
    assert asked == []
    assert not any("notes" in text for text in seen.texts), seen
    with count_statements() as seen:
        site.admin().get(LIST)
    assert len(asked) == 4
    assert any("notes" in text for text in seen.texts), seen


def test_a_view_without_hooks_reads_no_records(make_host: MakeHost, count_statements: CountStatements) -> None:
    def declare(site: Site) -> list[type[Any]]:
        values = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name"]}
        return [type("CustomerView", (ModelView,), values)]

    admin = site_of(make_host, declare).admin()
    with count_statements() as seen:
        assert _linked(admin.get(LIST).text, "edit") == {1, 2, 3, 4, 5, 6}
    assert not any("notes" in text for text in seen.texts), seen
