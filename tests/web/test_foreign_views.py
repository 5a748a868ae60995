"""Views, tables without keys and triggers: what cannot be written is not offered, or refused in words."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import MakeHost
from tests.web.foreign import open_mapped
from tests.web.foreign_keys import Rows
from tests.web.foreign_views import open_views
from tests.web.sent_form import sent_form
from tests.web.site import Site

REFUSED = "The database does not let this record be written."
PERMISSIONS = ["can_list", "can_show", "can_add", "can_edit", "can_delete"]
READ_ONLY = ["saletotal", "logline", "saidtimes"]


@pytest.fixture
def site(make_host: MakeHost, database_url: str) -> Site:
    site, seen = open_views(make_host, database_url)
    assert len(seen) == 0
    return site


def links(page: str, base: str) -> list[str]:
    return sorted(set(re.findall(rf'href="({base}/(?:show|edit|delete)/[^"?]*|{base}/add)"', page)))


def body_rows(page: str) -> list[str]:
    return re.findall(r'<tr role="row">\s*(?:<td|<th role=rowheader).*?</tr>', page[page.index("<tbody") :], re.DOTALL)


@pytest.mark.parametrize("name", READ_ONLY)
def test_what_has_no_key_is_listed_and_shown_only(site: Site, name: str) -> None:
    base, browser = f"/admin/{name}view", site.admin()
    page = browser.get(f"{base}/list/")
    assert page.status_code == 200
    found = links(page.text, base)
    assert found, page.text
    assert all(link.startswith(f"{base}/show/") for link in found)
    assert 'name="rowid"' not in page.text
    for link in found:
        assert browser.get(link).status_code == 200, link
        key = link.rpartition("/")[2]
        assert browser.get(f"{base}/edit/{key}").status_code == 404
        assert links(browser.get(link).text, base) == []
    assert browser.get(f"{base}/add").status_code == 404
    with site.app.app_context():
        menus = {view.__name__.lower(): view.__name__ for view in site.views}
        asked = {asks: site.sm.find_permission_view_menu(asks, menus[f"{name}view"]) for asks in PERMISSIONS}
        assert [asks for asks, found in asked.items() if found] == ["can_list", "can_show"]


def test_rows_of_which_all_of_the_key_is_null_are_listed_without_a_link(site: Site) -> None:
    page = site.admin().get("/admin/loglineview/list/").text
    rows = {word: row for row in body_rows(page) for word in ("one", "two", "three", "four") if f">{word}<" in row}
    assert {word for word, row in rows.items() if "href" in row} == {"one", "two"}
    assert len(rows) == 4


def test_a_table_without_a_key_but_with_a_unique_constraint_is_written(site: Site) -> None:
    url, browser = "/admin/legacyview/edit/x~2fy", site.admin()
    assert browser.send(url, note="new").status_code == 302
    with site.app.app_context():
        assert site.db.session.scalars(sa.select(site.models["Legacy"].note)).all() == ["new"]


def test_a_view_that_nobody_can_tell_from_a_table_refuses_in_words(site: Site) -> None:
    base, browser = "/admin/claimedtotalview", site.admin()
    assert links(browser.get(f"{base}/list/").text, base) == [
        f"{base}/{page}" for page in ("add", "edit/north", "show/north")
    ]
    added = browser.send(f"{base}/add", shop="typed", total="77")
    edited = browser.send(f"{base}/edit/north", total="77")
    for answer in (added, edited):
        assert (answer.status_code, "77" in answer.text, REFUSED in answer.text) == (422, True, True)
    url = f"{base}/delete/north"
    assert browser.send(url).status_code == 302
    assert REFUSED in browser.get(f"{base}/list/").text


def test_what_a_trigger_refuses_is_told_at_the_form_without_its_words(site: Site, database_url: str) -> None:
    answer = site.admin().send("/admin/guardedview/edit/1", note="typed")
    assert answer.status_code == 422
    assert "typed" in answer.text
    assert "secret words" not in answer.text
    words = REFUSED if not database_url.startswith("sqlite") else "The database does not accept a value."
    assert words in answer.text


def test_what_a_trigger_writes_is_shown_after_the_save(site: Site) -> None:
    url, browser = "/admin/saleview/edit/1", site.admin()
    body: dict[str, Any] = {**sent_form(browser.get(url).text, url), "shop": "south", "_continue": "1"}
    answer = browser.client.post(url, data=body)
    assert answer.status_code == 302
    assert "SOUTH" in browser.get(url).text


def test_a_search_that_finds_a_row_without_a_key_leads_to_its_list(site: Site) -> None:
    page = site.admin().get("/admin/search?q=three").text
    assert 'href="/admin/loglineview/list/?search=three"' in page
    assert "/admin/loglineview/show/" not in page


def make_loose(**options: Any) -> Any:
    """A view of a table without a key, with these options."""

    def make(db: Any) -> Rows:
        table = sa.Table("loose", db.metadata, sa.Column("city", sa.String(9)), sa.Column("total", sa.Integer))
        mapped = {"__table__": table, "__mapper_args__": {"primary_key": [table.c.city]}, "view_options": options}
        return [(type("Loose", (db.Model,), mapped), []), (table, [{"city": "Oslo", "total": 1}])]

    return make


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ["datamodel: Loose has no key", "its records are only listed and shown: no add, delete, edit"]),
        ({"exclude_route_methods": ["edit", "delete"]}, ["datamodel: Loose has no key", "shown: no add\n"]),
        ({"add_columns": ["city"]}, ["add_columns does nothing"]),
        ({"default_view": "add"}, ["default_view: Loose has no key in the database, so there is no page 'add'"]),
        ({"exclude_route_methods": ["add", "edit", "delete"]}, []),
        ({"include_route_methods": ["list", "show"]}, []),
        ({"base_permissions": ["can_list", "can_show"]}, []),
    ],
)
def test_pages_that_are_taken_back_are_told_once_unless_the_view_leaves_them_out(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture, options: dict[str, Any], words: list[str]
) -> None:
    site, _seen = open_mapped(make_host, make_loose(**options))
    told = [message for message in caplog.messages if "AB115" in message]
    assert len(told) == bool(words)
    assert all(word in told[0] for word in words), told
    assert "AB211" not in caplog.text
    home = site.admin().get("/admin/").text
    assert 'href="/admin/looseview/list/"' in home


def test_permissions_of_pages_that_are_taken_back_are_not_declared(make_host: MakeHost) -> None:
    options = {"base_permissions": ["can_list", "can_add", "can_delete", "can_count"]}
    site, _seen = open_mapped(make_host, make_loose(**options))
    with site.app.app_context():
        found = [name for name in ("can_list", "can_add", "can_delete", "can_count") if _is_there(site, name)]
    # The last one is the host's own, and asked for by code of its own.
    assert found == ["can_list", "can_count"]


def _is_there(site: Site, permission: str) -> bool:
    return site.sm.find_permission_view_menu(permission, "LooseView") is not None
