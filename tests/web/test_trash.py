"""Deleted records are in the trash: out of every page but that one, and they come back from it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import get_flashed_messages, redirect, request
from werkzeug.test import TestResponse

from appbuilder_lite import (
    AppBuilder,
    ConfigurationError,
    ModelView,
    Rejected,
    SecurityManager,
    SQLAInterface,
    UserMixin,
    action,
)
from appbuilder_lite.data.types import security_model
from appbuilder_lite.resource.inline import Inline
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db
from tests.web.test_bulk_delete import _said as said
from tests.web.test_lists import first_cells

BASE = "/admin/ticketview"
LIST, TRASH, RESTORE, FOR_GOOD = f"{BASE}/list/", f"{BASE}/trash", f"{BASE}/restore", f"{BASE}/delete_for_good"
BULK = f"{BASE}/delete_selected"


def _models(db: Any) -> tuple[type[Any], type[Any]]:
    """Tickets that are deleted softly, each with parts; a ticket may follow another one."""

    class Ticket(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        title = sa.Column(sa.String(50), nullable=False)
        deleted_at = sa.Column(sa.DateTime)
        parent_id: Any = sa.Column(sa.ForeignKey("ticket.id"))
        parent = sa.orm.relationship("Ticket", remote_side=[id])
        parts = sa.orm.relationship("Part", back_populates="ticket", cascade="all, delete-orphan")

        def __str__(self) -> str:
            return str(self.title)

    class Part(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50), nullable=False)
        deleted_at = sa.Column(sa.DateTime(timezone=True))
        ticket_id: Any = sa.Column(sa.ForeignKey("ticket.id"), nullable=False)
        ticket = sa.orm.relationship(Ticket, back_populates="parts")

        def __str__(self) -> str:
            return str(self.name)

    return Ticket, Part


def _site(make_host: MakeHost, titles: Iterable[str] = "abcdef", part: Any = (), **options: Any) -> Site:
    """A site of tickets, one for each letter, and of their parts, one for each ticket."""

    def declare(site: Site) -> list[type[Any]]:
        site.models.Ticket, site.models.Part = _models(site.db)
        tickets = {
            "datamodel": SQLAInterface(site.models.Ticket),
            "soft_delete": "deleted_at",
            "list_columns": ["title", "parent"],
            **options,
        }
        parts = {"datamodel": SQLAInterface(site.models.Part), **dict(part)}
        part_view = type("PartView", (ModelView,), parts)
        if tickets.pop("with_inlines", False):
            inline = type("PartInline", (Inline,), {"datamodel": SQLAInterface(site.models.Part)})
            tickets["inlines"] = [inline]
        if tickets.pop("with_related", False):
            tickets["related_views"] = [part_view]
        return [type("TicketView", (ModelView,), tickets), part_view]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        for title in titles:
            ticket = site.models.Ticket(title=title)
            site.db.session.add(ticket)
            site.db.session.add(site.models.Part(name=f"part of {title}", ticket=ticket))
            site.db.session.flush()
        site.db.session.commit()
    return site


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return _site(make_host)


def _post(browser: Browser, url: str, keys: Iterable[Any] = (), **data: Any) -> TestResponse:
    return browser.client.post(url, data={"csrf_token": browser.token(), "rowid": [str(key) for key in keys], **data})


def _delete(browser: Browser, *keys: int) -> TestResponse:
    """Delete one record on its page, or several that are ticked; the page that comes then."""
    url = f"{BASE}/delete/{keys[0]}" if len(keys) == 1 else BULK
    answer = _post(browser, url, keys, confirmed="1")
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location)


def _titles(browser: Browser, url: str = LIST) -> list[str]:
    return first_cells(browser.get(url))


def _marked(site: Site, model: str = "Ticket") -> dict[int, bool]:
    """Which rows there are, and which of them are marked as deleted."""
    found = getattr(site.models, model)
    with site.app.app_context():
        rows = site.db.session.execute(sa.select(found.id, found.deleted_at).order_by(found.id))
        return {key: at is not None for key, at in rows}


def _undo_form(html: str) -> Any:
    """What the button of a message sends."""
    assert ">Undo</button>" in html
    return sent_form(html, RESTORE)


class TestDeleting:
    """The row stays, with the time of its delete."""

    def test_a_record_goes_to_the_trash(self, site: Site) -> None:
        admin = site.admin()
        asked = admin.get(f"{BASE}/delete/2").text
        assert "It goes to the trash, from which it can be restored." in asked
        assert "cannot be undone" not in asked
        assert "These are deleted, too" not in asked, "nothing goes with it"
        assert said(_delete(admin, 2).text) == ["Deleted b"]
        assert _titles(admin) == ["a", "c", "d", "e", "f"]
        assert _marked(site) == {1: False, 2: True, 3: False, 4: False, 5: False, 6: False}
        with site.app.app_context():
            at = site.db.session.get(site.models.Ticket, 2).deleted_at
        assert abs(at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(hours=1)

    def test_ticked_rows_go_there(self, site: Site) -> None:
        admin = site.admin()
        asked = _post(admin, BULK, [1, 2, 3]).text
        assert "They go to the trash, from which they can be restored." in asked
        assert "cannot be undone" not in asked
        assert said(_delete(admin, 1, 2, 3).text) == ["Deleted 3 records"]
        assert [key for key, is_marked in _marked(site).items() if is_marked] == [1, 2, 3]
        assert _marked(site, "Part") == dict.fromkeys(range(1, 7), False), "their parts stay"

    def test_all_that_match_go_there(self, site: Site) -> None:
        admin = site.admin()
        asked = _post(admin, BULK, _all="search=")
        assert "They go to the trash" in asked.text
        answer = admin.client.post(BULK, data=sent_form(asked.text, BULK))
        assert said(admin.get(answer.location).text) == ["Deleted 6 records"]
        assert all(_marked(site).values())

    def test_the_hooks_are_asked_and_told(self, make_host: MakeHost) -> None:
        told = []

        def pre_delete(self: Any, item: Any) -> None:
            if item.title == "b":
                raise Rejected("b is needed")

        site = _site(make_host, pre_delete=pre_delete, post_delete=lambda self, item: told.append(item.title))
        admin = site.admin()
        assert said(_delete(admin, 2).text) == ["b is needed"]
        assert "Deleted 2 records" in said(_delete(admin, 1, 2, 3).text)
        assert told == ["a", "c"]
        assert [key for key, is_marked in _marked(site).items() if is_marked] == [1, 3]

    def test_the_right_to_delete_a_record_is_asked_for(self, make_host: MakeHost) -> None:
        site = _site(make_host, can_delete_item=lambda self, user, item: item.title != "b")
        admin = site.admin()
        assert _post(admin, f"{BASE}/delete/2").status_code == 403
        assert not any(_marked(site).values())

    def test_it_is_deleted_once(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2)
        assert _post(admin, f"{BASE}/delete/2").status_code == 404
        assert said(_delete(admin, 2, 3).text) == ["Deleted c", "1 record does not exist any more"]

    def test_an_action_that_deletes_all_it_is_given_fills_the_trash(self, make_host: MakeHost) -> None:
        @action("muldelete", "Delete", single=False)
        def muldelete(self: Any, items: Any) -> None:
            self.datamodel.delete_all(items)

        site = _site(make_host, muldelete=muldelete)
        _post(site.admin(), f"{BASE}/action_post", [1, 2], action="muldelete")
        assert [key for key, is_marked in _marked(site).items() if is_marked] == [1, 2]

    def test_a_view_without_it_has_no_trash(self, make_host: MakeHost) -> None:
        site = _site(make_host, soft_delete=None)
        admin = site.admin()
        assert admin.get(TRASH).status_code == 404
        assert "Trash" not in admin.get(LIST).text
        assert "cannot be undone" in admin.get(f"{BASE}/delete/2").text
        assert ">Undo<" not in _delete(admin, 2).text
        assert 2 not in _marked(site)


class TestUndo:
    """The message after a delete takes it back."""

    def test_one_record_comes_back(self, site: Site) -> None:
        admin = site.admin()
        form = _undo_form(_delete(admin, 2).text)
        answer = admin.client.post(RESTORE, data=form)
        assert answer.location == LIST
        page = admin.get(LIST).text
        assert said(page) == ["Restored b"]
        assert f'href="{BASE}/show/2">b</a>' in page
        assert _titles(admin) == list("abcdef")

    def test_ticked_ones_come_back(self, site: Site) -> None:
        admin = site.admin()
        form = _undo_form(_delete(admin, 2, 3).text)
        admin.client.post(RESTORE, data=form)
        assert said(admin.get(LIST).text) == ["Restored 2 records"]
        assert not any(_marked(site).values())

    def test_it_is_offered_once(self, site: Site) -> None:
        admin = site.admin()
        assert ">Undo<" in _delete(admin, 2).text
        assert ">Undo<" not in admin.get(LIST).text

    def test_of_two_messages_of_the_same_words_the_later_one_offers_what_it_is_about(self, site: Site) -> None:
        with site.app.app_context():
            site.db.session.execute(sa.update(site.models.Ticket).values(title="a"))
            site.db.session.commit()
        admin = site.admin()
        send = {"csrf_token": admin.token()}
        for key in (2, 3):
            admin.client.post(f"{BASE}/delete/{key}", data=send)
        page = admin.get(LIST).text
        assert said(page) == ["Deleted a", "Deleted a"]
        assert page.count(">Undo<") == 1
        assert page.index(">Undo<") > page.rindex("Deleted a")
        admin.client.post(RESTORE, data=_undo_form(page))
        assert [key for key, is_marked in _marked(site).items() if is_marked] == [2]

    @pytest.mark.parametrize("count", [1, 2])
    @pytest.mark.parametrize("url", ["/admin/partview/delete_selected", FOR_GOOD], ids=["another view", "for good"])
    def test_a_message_of_the_same_words_does_not_offer_it(self, make_host: MakeHost, count: int, url: str) -> None:
        """A page of the host's shows the message of the first delete, and what it offers waits for none."""
        site = _site(make_host, post_delete_redirect=lambda self: redirect("/host"))
        site.app.add_url_rule("/host", "host", lambda: str(get_flashed_messages()))
        with site.app.app_context():
            deleted = datetime(2024, 1, 1)
            site.db.session.execute(sa.update(site.models.Part).values(name="a"))
            for key in (3, 4):
                ticket = site.db.session.get(site.models.Ticket, key)
                ticket.title, ticket.deleted_at, ticket.parts = "a", deleted, []
            site.db.session.commit()
        admin = site.admin()
        token = admin.token()
        send = {"csrf_token": token, "confirmed": "1"}
        admin.client.post(BULK, data={**send, "rowid": ["1", "2"][:count]})
        (text,) = re.findall(r"'(.*)'", admin.client.get("/host").text)
        keys = ["5", "6"] if "part" in url else ["3", "4"]
        admin.client.post(url, data={**send, "rowid": keys[:count]})
        page = admin.get(LIST).text
        assert said(page) == [text]
        assert ">Undo<" not in page

    def test_twice_is_harmless(self, site: Site) -> None:
        admin = site.admin()
        form = _undo_form(_delete(admin, 2).text)
        admin.client.post(RESTORE, data=form)
        admin.client.post(RESTORE, data=form)
        assert said(admin.get(LIST).text) == ["Restored b", "1 record is not in the trash any more"]
        assert not any(_marked(site).values())

    def test_who_signs_in_after_somebody_is_not_offered_it(self, site: Site) -> None:
        admin = site.admin()
        token = admin.token()
        admin.client.post(f"{BASE}/delete/2", data={"csrf_token": token})
        admin.client.post("/admin/logout/", data={"csrf_token": token})
        page = admin.get("/admin/login/").text
        assert ">Undo<" not in page
        assert "rowid" not in page

    @pytest.mark.parametrize("prefix", ["/back office", "/büro"])
    def test_it_is_there_under_any_prefix(self, site: Site, prefix: str) -> None:
        admin = site.admin()
        send = {"csrf_token": admin.token()}
        below = {"SCRIPT_NAME": prefix.encode().decode("latin-1")}
        admin.client.post(f"{BASE}/delete/2", data=send, environ_overrides=below)
        page = admin.client.get(LIST, environ_overrides=below).text
        assert f'action="{prefix}{RESTORE}"' in page

    def test_it_takes_a_token(self, site: Site) -> None:
        admin = site.admin()
        assert ">Undo<" in _delete(admin, 2).text
        assert admin.client.post(RESTORE, data={"undo": "1", "rowid": "2"}).status_code == 400
        assert _marked(site)[2]

    def test_of_too_many_the_way_to_the_trash_is_told(self, make_host: MakeHost) -> None:
        site = _site(make_host, [f"ticket {number}" for number in range(400)])
        admin = site.admin()
        page = _post(admin, BULK, range(1, 401), confirmed="1", typed="400")
        shown = admin.get(page.location).text
        assert said(shown) == ["Deleted 400 records", "What was deleted is in the trash ."]
        assert ">Undo<" not in shown
        assert f'href="{TRASH}">trash</a>' in shown

    def test_the_message_of_the_view_has_it_too(self, make_host: MakeHost) -> None:
        admin = _site(make_host, delete_row_message="Away it is").admin()
        page = _delete(admin, 2).text
        assert said(page) == ["Away it is"]
        _undo_form(page)


class TestOtherPages:
    """What is in the trash is on no other page."""

    @pytest.mark.parametrize("page", ["show", "edit", "delete"])
    def test_its_address_is_not_found(self, site: Site, page: str) -> None:
        admin = site.admin()
        _delete(admin, 2)
        assert admin.get(f"{BASE}/{page}/2").status_code == 404

    def test_no_search_finds_it(self, site: Site) -> None:
        admin = site.admin()
        with site.app.app_context():
            site.db.session.get(site.models.Ticket, 2).title = "seldom"
            site.db.session.commit()
        assert "seldom" in admin.get("/admin/search?q=seldom").text.replace('value="seldom"', "")
        _delete(admin, 2)
        assert "/show/2" not in admin.get("/admin/search?q=seldom").text
        assert _titles(admin, f"{LIST}?search=seldom") == []

    def test_the_home_page_does_not_count_it(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2)
        assert "5 records" in admin.get("/admin/").text

    def test_it_cannot_be_copied_or_chosen(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2)
        assert admin.get(f"{BASE}/add?_from=2").status_code == 404
        assert '<option value="2"' not in admin.get(f"{BASE}/add").text
        answer = admin.send(f"{BASE}/add", title="new", parent="2")
        assert answer.status_code == 422
        assert "Not one of the choices." in answer.text

    def test_who_points_to_it_is_saved_unchanged(self, site: Site) -> None:
        with site.app.app_context():
            site.db.session.get(site.models.Ticket, 1).parent_id = 2
            site.db.session.commit()
        admin = site.admin()
        _delete(admin, 2)
        assert '<option value="2" selected>b</option>' in admin.get(f"{BASE}/edit/1").text
        assert admin.send(f"{BASE}/edit/1").status_code == 302
        with site.app.app_context():
            assert site.db.session.get(site.models.Ticket, 1).parent_id == 2

    def test_actions_do_not_find_it(self, make_host: MakeHost) -> None:
        @action("mark", "Mark")
        def mark(self: Any, items: Any) -> None:
            for item in items:
                item.title = "marked"

        site = _site(make_host, mark=mark)
        admin = site.admin()
        _delete(admin, 2)
        assert _post(admin, f"{BASE}/action_post", [2], action="mark").status_code == 404

    def test_related_lists_leave_it_out(self, make_host: MakeHost) -> None:
        site = _site(make_host, part={"soft_delete": "deleted_at", "list_columns": ["name"]}, with_related=True)
        admin = site.admin()
        assert "part of a" in admin.get(f"{BASE}/show/1").text
        _post(admin, "/admin/partview/delete/1")
        assert "part of a" not in admin.get(f"{BASE}/show/1", headers={"X-Appbuilder-Unseen": "1"}).text

    def test_a_form_does_not_ask_for_the_mark(self, site: Site) -> None:
        admin = site.admin()
        for page in ("add", "edit/1", "show/1", "list/"):
            assert "deleted_at" not in admin.get(f"{BASE}/{page}").text

    def test_the_list_costs_no_statement_more(self, make_host: MakeHost, count_statements: CountStatements) -> None:
        counted = []
        for column in (None, "deleted_at"):
            admin = _site(make_host, soft_delete=column).admin()
            admin.get(LIST)
            with count_statements() as seen:
                admin.get(LIST)
            counted.append(len(seen))
        assert counted[0] == counted[1]


def test_users_have_no_trash_as_they_would_stay_signed_in(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        options = {"datamodel": SQLAInterface(security_model("user_model")), "soft_delete": "last_login"}
        return [type("PeopleView", (ModelView,), options)]

    with pytest.raises(ConfigurationError, match=r"AB109.*soft_delete.*would still be signed in"):
        site_of(make_host, declare)


def test_nor_has_a_kind_of_users(make_host: MakeHost) -> None:
    db = make_db()

    class Member(UserMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        deleted_at = sa.Column(sa.DateTime)

    class Clerk(Member):
        """In the table of all members."""

    view = type("ClerkView", (ModelView,), {"datamodel": SQLAInterface(Clerk), "soft_delete": "deleted_at"})
    builder = AppBuilder(security_manager_class=type("Manager", (SecurityManager,), {"user_model": Member}))
    builder.add_view(view, "Clerks")
    with pytest.raises(ConfigurationError, match=r"AB109.*soft_delete.*would still be signed in"):
        builder.init_app(make_host(db).app, db)


def test_nor_has_what_users_are_a_kind_of(make_host: MakeHost) -> None:
    db = make_db()

    class Person(db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        kind = sa.Column(sa.String(10))
        deleted_at = sa.Column(sa.DateTime)
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "person"}

    class Member(Person):
        id = sa.Column(sa.ForeignKey("person.id"), primary_key=True)
        username = sa.Column(sa.String(50), unique=True)
        password = sa.Column(sa.String(256))
        active = sa.Column(sa.Boolean, default=True)
        __mapper_args__ = {"polymorphic_identity": "member"}

    view = type("PersonView", (ModelView,), {"datamodel": SQLAInterface(Person), "soft_delete": "deleted_at"})
    builder = AppBuilder(security_manager_class=type("Manager", (SecurityManager,), {"user_model": Member}))
    builder.add_view(view, "People")
    with pytest.raises(ConfigurationError, match=r"AB109.*soft_delete.*would still be signed in"):
        builder.init_app(make_host(db).app, db)


class TestInlines:
    """Rows of a form are deleted as in the view of them."""

    def _site(self, make_host: MakeHost) -> Site:
        return _site(make_host, part={"soft_delete": "deleted_at"}, with_inlines=True, edit_columns=["title"])

    def test_a_row_that_is_removed_goes_to_the_trash(self, make_host: MakeHost) -> None:
        site = self._site(make_host)
        admin = site.admin()
        page = admin.get(f"{BASE}/edit/1").text
        assert "part of a" in page
        assert "deleted_at" not in page
        form = {**sent_form(page, f"{BASE}/edit/1"), "_rows-parts-0-_remove": "1"}
        assert admin.client.post(f"{BASE}/edit/1", data=form).status_code == 302
        assert _marked(site, "Part")[1]
        assert "part of a" not in admin.get(f"{BASE}/edit/1").text
        assert _titles(admin, "/admin/partview/trash") == ["part of a"]


class TestTrash:
    """The list of what was deleted."""

    def test_the_list_leads_there_for_who_may_delete(self, site: Site) -> None:
        site.user("reader", ("can_list", "TicketView"))
        site.user("cleaner", ("can_delete", "TicketView"))
        assert f'href="{TRASH}"' in site.admin().get(LIST).text
        reader = site.sign_in("reader")
        assert TRASH not in reader.get(LIST).text
        assert reader.get(TRASH).status_code == 403
        assert _post(reader, RESTORE, [1]).status_code == 403
        assert _post(reader, FOR_GOOD, [1], confirmed="1").status_code == 403
        assert site.sign_in("cleaner").get(TRASH).status_code == 403, "it lists records"

    def test_it_has_the_deleted_records_and_the_time(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2, 4)
        page = admin.get(TRASH)
        assert sorted(first_cells(page)) == ["b", "d"]
        assert "Deleted At" in page.text
        assert "<time" in page.text
        assert "/show/" not in page.text
        assert "/edit/" not in page.text
        assert f'<a href="{LIST}">' in page.text

    def test_it_is_searched_sorted_and_turned(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 1, 2, 3)
        assert _titles(admin, f"{TRASH}?search=b") == ["b"]
        assert _titles(admin, f"{TRASH}?sort=-title") == ["c", "b", "a"]
        assert _titles(admin, f"{TRASH}?sort=deleted_at,title&page_size=2&page=2") == ["c"]
        assert f"{TRASH}?page=2&page_size=2" == admin.get(f"{TRASH}?page_size=2&page=9").location

    def test_the_last_deleted_is_the_first(self, site: Site) -> None:
        with site.app.app_context():
            for key, day in ((1, 3), (2, 5), (3, 4)):
                site.db.session.get(site.models.Ticket, key).deleted_at = datetime(2024, 1, day)
            site.db.session.commit()
        assert _titles(site.admin(), TRASH) == ["b", "c", "a"]

    def test_what_was_asked_about_the_list_deletes_nothing_here(self, site: Site) -> None:
        admin = site.admin()
        asked = sent_form(_post(admin, BULK, _all="search=").text, BULK)
        _delete(admin, 2)
        assert admin.client.post(FOR_GOOD, data=asked).status_code == 400
        assert _titles(admin, TRASH) == ["b"]

    def test_an_empty_one_says_so(self, site: Site) -> None:
        assert "The trash is empty." in site.admin().get(TRASH).text

    def test_its_rows_are_restored(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2, 3, 4)
        asked = f"{TRASH}?sort=title"
        answer = _post(admin, f"{RESTORE}/2", [3])
        assert said(admin.get(answer.location).text)[-1] == "Restored b"
        answer = admin.client.post(
            RESTORE, data={"csrf_token": admin.token(), "rowid": ["3", "4"]}, headers={"Referer": asked}
        )
        assert answer.location == asked
        assert said(admin.get(asked).text) == ["Restored 2 records"]
        assert not any(_marked(site).values())

    def test_a_row_is_deleted_for_good_after_a_question(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2)
        asked = _post(admin, f"{FOR_GOOD}/2").text
        assert "This cannot be undone." in asked
        assert "These are deleted, too" in asked, "its parts go now"
        assert 2 in _marked(site)
        answer = admin.client.post(FOR_GOOD, data=sent_form(asked, FOR_GOOD))
        assert answer.location == TRASH
        page = admin.get(TRASH).text
        assert said(page)[-1] == "Deleted b"
        assert ">Undo<" not in page
        assert 2 not in _marked(site)
        assert 2 not in _marked(site, "Part")

    def test_only_what_is_in_it_is_deleted_for_good(self, site: Site) -> None:
        admin = site.admin()
        _delete(admin, 2)
        _post(admin, FOR_GOOD, [1, 2], confirmed="1", counted="9")
        assert 1 in _marked(site)
        assert 2 not in _marked(site)

    def test_deleting_for_good_takes_the_right_to_what_goes_along(self, site: Site) -> None:
        site.user("clerk", ("can_list", "TicketView"), ("can_delete", "TicketView"))
        clerk = site.sign_in("clerk")
        _delete(clerk, 2)
        assert "You may not delete them." in _post(clerk, FOR_GOOD, [2]).text
        _post(clerk, FOR_GOOD, [2], confirmed="1", counted="9")
        assert 2 in _marked(site)

    def test_what_a_person_may_not_delete_they_may_not_restore(self, make_host: MakeHost) -> None:
        site = _site(make_host, can_delete_item=lambda self, user, item: item.title != "b")
        with site.app.app_context():
            site.db.session.execute(sa.update(site.models.Ticket).values(deleted_at=datetime(2024, 1, 1)))
            site.db.session.commit()
        admin = site.admin()
        page = admin.get(TRASH).text
        assert f'formaction="{RESTORE}/1"' in page
        assert f'formaction="{RESTORE}/2"' not in page
        _post(admin, RESTORE, [1, 2])
        assert _marked(site)[2]
        assert not _marked(site)[1]

    def test_the_scope_holds_in_it(self, make_host: MakeHost) -> None:
        def scope(self: Any, query: Any, user: Any) -> Any:
            return query.where(self.datamodel.model.title != "b")

        site = _site(make_host, scope=scope)
        with site.app.app_context():
            site.db.session.execute(sa.update(site.models.Ticket).values(deleted_at=datetime(2024, 1, 1)))
            site.db.session.commit()
        admin = site.admin()
        assert "b" not in _titles(admin, TRASH)
        _post(admin, RESTORE, [2])
        _post(admin, FOR_GOOD, [2], confirmed="1", counted="9")
        assert _marked(site)[2]

    def test_the_hooks_of_a_restore(self, make_host: MakeHost) -> None:
        told = []

        def pre_restore(self: Any, item: Any) -> None:
            if item.title == "b":
                raise Rejected("b has to stay")

        site = _site(make_host, pre_restore=pre_restore, post_restore=lambda self, item: told.append(item.title))
        admin = site.admin()
        _delete(admin, 1, 2)
        _post(admin, RESTORE, [1, 2])
        assert said(admin.get(LIST).text)[-2:] == ["Restored a", "b was not restored: b has to stay"]
        assert told == ["a"]

    @pytest.mark.parametrize("keys", [["nonsense"], ["99999999999999999999"], ["1", "1"], [""]])
    def test_nonsense_is_no_error(self, site: Site, keys: list[str]) -> None:
        admin = site.admin()
        for url in (RESTORE, FOR_GOOD):
            assert _post(admin, url, keys, confirmed="1").status_code == 302
        assert len(_marked(site)) == 6


class TestUnique:
    """A mark that is part of a unique key: what comes back may find its place taken."""

    def _site(self, make_host: MakeHost) -> Site:
        def declare(site: Site) -> list[type[Any]]:
            class Label(site.db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
                __table_args__ = (sa.UniqueConstraint("name", "is_deleted"),)
                region = sa.Column(sa.String(5), primary_key=True)
                number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
                name = sa.Column(sa.String(50), nullable=False)
                is_deleted = sa.Column(sa.Boolean, nullable=False, default=False)

                def __str__(self) -> str:
                    return str(self.name)

            site.models.Label = Label
            options = {"datamodel": SQLAInterface(Label), "soft_delete": "is_deleted", "list_columns": ["name"]}
            return [type("LabelView", (ModelView,), options)]

        site = site_of(make_host, declare, rows=0)
        with site.app.app_context():
            site.db.session.add(site.models.Label(region="n", number=1, name="red"))
            site.db.session.commit()
        return site

    def test_a_restore_says_what_is_in_the_way(self, make_host: MakeHost) -> None:
        site = self._site(make_host)
        admin = site.admin()
        (key,) = re.findall(r"/labelview/show/([^\"]+)\"", admin.get("/admin/labelview/list/").text)
        page = admin.get(_post(admin, f"/admin/labelview/delete/{key}").location)
        assert said(page.text) == ["Deleted red"]
        assert first_cells(admin.get("/admin/labelview/list/")) == []
        assert first_cells(admin.get("/admin/labelview/trash")) == ["red"]
        with site.app.app_context():
            site.db.session.add(site.models.Label(region="n", number=2, name="red"))
            site.db.session.commit()
        _post(admin, "/admin/labelview/restore", [key])
        (text,) = said(admin.get("/admin/labelview/trash").text)
        assert text.startswith("red was not restored: ")
        assert first_cells(admin.get("/admin/labelview/trash")) == ["red"]

    def test_a_delete_says_what_is_in_the_way(self, make_host: MakeHost) -> None:
        site = self._site(make_host)
        admin = site.admin()
        with site.app.app_context():
            site.db.session.add(site.models.Label(region="n", number=2, name="red", is_deleted=True))
            site.db.session.commit()
        (key,) = re.findall(r"/labelview/show/([^\"]+)\"", admin.get("/admin/labelview/list/").text)
        page = admin.get(_post(admin, f"/admin/labelview/delete/{key}").location)
        (text,) = said(page.text)
        assert "exists already" in text or "already" in text, text
        assert "Associated data" not in text, "there is none"

    def test_a_composite_key_comes_back(self, make_host: MakeHost) -> None:
        site = self._site(make_host)
        admin = site.admin()
        (key,) = re.findall(r"/labelview/show/([^\"]+)\"", admin.get("/admin/labelview/list/").text)
        page = admin.get(_post(admin, f"/admin/labelview/delete/{key}").location).text
        admin.client.post("/admin/labelview/restore", data=sent_form(page, "/admin/labelview/restore"))
        assert first_cells(admin.get("/admin/labelview/list/")) == ["red"]


class TestTogether:
    """Two people, one record."""

    def test_an_edit_of_what_was_deleted_meanwhile_is_not_saved(self, site: Site) -> None:
        admin = site.admin()
        page = admin.get(f"{BASE}/edit/2").text
        _delete(admin, 2)
        form = {**sent_form(page, f"{BASE}/edit/2"), "title": "other"}
        assert admin.client.post(f"{BASE}/edit/2", data=form).status_code == 409
        with site.app.app_context():
            assert site.db.session.get(site.models.Ticket, 2).title == "b"

    def test_a_delete_in_the_midst_of_an_edit_refuses_that(self, make_host: MakeHost) -> None:
        """Somebody deletes between the moment at which the record is read and that at which it is written."""
        waiting: list[int] = []

        def can_edit_item(self: Any, user: Any, item: Any) -> bool:
            if waiting:
                found = sa.update(made.models.Ticket).where(made.models.Ticket.id == waiting.pop())
                with made.db.engine.begin() as other:
                    other.execute(found.values(deleted_at=datetime(2024, 1, 1)))
            return True

        made = _site(make_host, can_edit_item=can_edit_item)
        admin = made.admin()
        form = {**sent_form(admin.get(f"{BASE}/edit/2").text, f"{BASE}/edit/2"), "title": "other"}
        waiting.append(2)
        answer = admin.client.post(f"{BASE}/edit/2", data=form)
        assert not waiting
        assert answer.status_code == 409
        assert "This record is no longer there" in answer.text
        with made.app.app_context():
            assert made.db.session.get(made.models.Ticket, 2).title == "b"
        assert _marked(made)[2]

    def test_who_deletes_too_late_is_told_so_on_the_list(self, make_host: MakeHost) -> None:
        waiting: list[int] = []

        def can_delete_item(self: Any, user: Any, item: Any) -> bool:
            if waiting:
                found = sa.update(made.models.Ticket).where(made.models.Ticket.id == waiting.pop())
                with made.db.engine.begin() as other:
                    other.execute(found.values(deleted_at=datetime(2024, 1, 1)))
            return True

        made = _site(make_host, can_delete_item=can_delete_item)
        admin, url = made.admin(), f"{BASE}/delete/2"
        form = sent_form(admin.get(url).text, url)
        waiting.append(2)
        answer = admin.client.post(url, data=form)
        assert answer.location == LIST
        assert said(admin.get(LIST).text) == ["Somebody else has changed or deleted this record."]

    def test_an_action_leaves_alone_what_was_deleted_in_its_midst(self, make_host: MakeHost) -> None:
        waiting: list[int] = []

        def is_for(self: Any, item: Any) -> bool:
            if waiting and "confirmed" in request.form:
                found = sa.update(made.models.Ticket).where(made.models.Ticket.id == waiting.pop())
                with made.db.engine.begin() as other:
                    other.execute(found.values(deleted_at=datetime(2024, 1, 1)))
            return True

        @action("mark", "Mark", "Do it?", each=True, condition="is_for")
        def mark(self: Any, item: Any) -> None:
            item.title += "!"

        made = _site(make_host, mark=mark, is_for=is_for)
        admin, url = made.admin(), f"{BASE}/action_post"
        asked = _post(admin, url, [2, 3], action="mark")
        waiting.append(2)
        page = admin.get(admin.client.post(url, data=sent_form(asked.text, url)).location)
        assert not waiting
        assert said(page.text) == ["Mark: 1 record", "b was kept: It does not exist any more."]
        with made.app.app_context():
            assert [made.db.session.get(made.models.Ticket, key).title for key in (2, 3)] == ["b", "c!"]

    def test_the_answer_to_a_question_costs_no_statement_more(
        self, site: Site, count_statements: CountStatements
    ) -> None:
        admin = site.admin()
        _delete(admin, 1)
        with count_statements() as bare:
            admin.client.post(f"{BASE}/delete/2", data={"csrf_token": admin.token()})
        question = admin.get(f"{BASE}/delete/3").text
        with count_statements() as now:
            admin.token()
            admin.client.post(f"{BASE}/delete/3", data=sent_form(question, f"{BASE}/delete/3"))
        assert _marked(site)[3]
        assert len(now) == len(bare), now.texts


class TestRoutesLeftOut:
    """A host leaves some of its pages out, or asks for a permission of its own."""

    @pytest.mark.parametrize(
        ("left_out", "offered"),
        [
            (["delete_for_good"], ["Restore"]),
            (["restore_deleted"], ["Delete for good"]),
            (["restore_deleted", "delete_for_good"], []),
        ],
    )
    def test_the_trash_offers_what_is_there(self, make_host: MakeHost, left_out: list[str], offered: list[str]) -> None:
        admin = _site(make_host, exclude_route_methods=left_out).admin()
        _delete(admin, 2)
        page = admin.get(TRASH)
        assert page.status_code == 200
        assert first_cells(page) == ["b"]
        assert [words for words in ("Restore", "Delete for good") if f">{words}</button>" in page.text] == offered

    @pytest.mark.parametrize(
        ("method", "kept"), [("restore_deleted", "Delete for good"), ("delete_for_good", "Restore")]
    )
    def test_it_offers_nothing_that_the_person_may_not(self, make_host: MakeHost, method: str, kept: str) -> None:
        site = _site(make_host, method_permission_name={method: "clear"})
        _delete(site.admin(), 2)
        site.user("clerk", ("can_list", "TicketView"), ("can_delete", "TicketView"))
        page = site.sign_in("clerk").get(TRASH).text
        assert [words for words in ("Restore", "Delete for good") if f">{words}</button>" in page] == [kept]

    def test_where_deleting_is_the_views_own_nothing_else_deletes_for_good(self, make_host: MakeHost) -> None:
        def delete(self: Any, pk: str) -> Any:
            return ModelView.delete(self, pk)

        site = _site(make_host, delete=delete)
        admin = site.admin()
        page = _delete(admin, 2)
        assert "Delete for good" not in admin.get(TRASH).text
        assert _post(admin, FOR_GOOD, [2], confirmed="1").status_code == 404
        assert _marked(site)[2]
        admin.client.post(RESTORE, data=_undo_form(page.text))
        assert not _marked(site)[2]

    def test_a_view_with_both_of_its_own_has_both(self, make_host: MakeHost) -> None:
        def delete(self: Any, pk: str) -> Any:
            return ModelView.delete(self, pk)

        def delete_for_good(self: Any, pk: str = "") -> Any:
            return ModelView.delete_for_good(self, pk)

        site = _site(make_host, delete=delete, delete_for_good=delete_for_good)
        admin = site.admin()
        _delete(admin, 2)
        assert _post(admin, FOR_GOOD, [2], confirmed="1").location == TRASH
        assert 2 not in _marked(site)

    @pytest.mark.parametrize("url", [RESTORE, FOR_GOOD])
    @pytest.mark.parametrize("keys", [[2], []], ids=["one", "none"])
    def test_without_its_page_the_ways_out_lead_to_the_list(
        self, make_host: MakeHost, url: str, keys: list[int]
    ) -> None:
        admin = _site(make_host, exclude_route_methods=["trash"]).admin()
        assert TRASH not in _delete(admin, 2).text
        assert _post(admin, url, keys, confirmed="1").location == LIST


@pytest.mark.parametrize("reads", [None, "*"], ids=["alone", "with its subclasses"])
def test_records_in_several_tables_go_and_come_back(make_host: MakeHost, reads: str | None) -> None:
    """PostgreSQL locks no outer join, by which a model can read the tables of its subclasses."""

    def declare(site: Site) -> list[type[Any]]:
        class Animal(site.db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            id = sa.Column(sa.Integer, primary_key=True)
            kind = sa.Column(sa.String(10), nullable=False)
            name = sa.Column(sa.String(50))
            deleted_at = sa.Column(sa.DateTime)
            __mapper_args__ = {
                "polymorphic_on": kind,
                "polymorphic_identity": "animal",
                "with_polymorphic": reads,
            }

            def __str__(self) -> str:
                return str(self.name)

        class Dog(Animal):
            id = sa.Column(sa.ForeignKey("animal.id"), primary_key=True)
            __mapper_args__ = {"polymorphic_identity": "dog"}

        site.models.Animal, site.models.Dog = Animal, Dog
        options = {"datamodel": SQLAInterface(Animal), "soft_delete": "deleted_at", "list_columns": ["name"]}
        return [type("TicketView", (ModelView,), options)]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        site.db.session.add_all([site.models.Animal(id=1, name="Cow"), site.models.Dog(id=2, name="Rex")])
        site.db.session.commit()
    admin = site.admin()
    for key, name in ((1, "Cow"), (2, "Rex")):
        page = _delete(admin, key).text
        assert said(page) == [f"Deleted {name}"]
        admin.client.post(RESTORE, data=_undo_form(page))
        assert said(admin.get(LIST).text) == [f"Restored {name}"]
    assert said(_delete(admin, 1, 2).text) == ["Deleted 2 records"]
    _post(admin, FOR_GOOD, [1, 2], confirmed="1")
    assert said(admin.get(TRASH).text) == ["Deleted 2 records"]
    assert _marked(site, "Animal") == {}
