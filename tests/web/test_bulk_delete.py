"""Ticked rows are deleted together: asked about first, each for itself, and in few statements."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import redirect
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, Rejected, SQLAInterface, action
from appbuilder_lite.errors import Forbidden
from appbuilder_lite.resource.resource import Resource
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

BASE = "/admin/orderview"
BULK = f"{BASE}/delete_selected"
LIST = f"{BASE}/list/"
ROWS = 12
REFERRED = "Associated data exists, please delete them first"


def _orders(site: Site, **options: Any) -> type[ModelView]:
    values = {"datamodel": SQLAInterface(site.models.Order), "list_columns": ["number", "customer"], **options}
    return type("OrderView", (ModelView,), values)


def _site(make_host: MakeHost, rows: int = ROWS, **options: Any) -> Site:
    """A site of orders, declared with these options and hooks, and of customers, each with an order and tags."""

    def declare(site: Site) -> list[type[Any]]:
        customers = {"datamodel": SQLAInterface(site.models.Customer), "list_columns": ["name"]}
        return [_orders(site, **options), type("CustomerView", (ModelView,), customers)]

    return site_of(make_host, declare, rows=rows)


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return _site(make_host)


def _post(browser: Browser, keys: Iterable[Any], url: str = BULK, **data: Any) -> TestResponse:
    rows = [str(key) for key in keys]
    return browser.client.post(url, data={"csrf_token": browser.token(), "rowid": rows, **data})


def _delete(browser: Browser, keys: Iterable[Any], url: str = BULK, **data: Any) -> list[str]:
    """Confirm the delete, and what is said of it then."""
    answer = _post(browser, keys, url, confirmed="1", **data)
    assert answer.status_code == 302, answer.text
    return _said(browser.get(answer.location).text)


def _said(html: str) -> list[str]:
    """The messages of a page."""
    flashes = re.findall(r'<div class="ab-flash ab-(?!danger" role="alert" data-failed).*?</div>', html, re.DOTALL)
    return [
        " ".join(re.sub(r"<[^>]+>", " ", flash.partition("<p")[2].partition(">")[2].partition("</p>")[0]).split())
        for flash in flashes
    ]


def _left(site: Site, model: str = "Order") -> set[int]:
    found = getattr(site.models, model)
    with site.app.app_context():
        return set(site.db.session.scalars(sa.select(found.id)))


def _ticks(html: str) -> list[int]:
    return [int(key) for key in re.findall(r'name="rowid" value="(\d+)"', html)]


class TestQuestion:
    """What is asked, and that nothing goes before it is answered."""

    def test_the_records_are_named_and_nothing_goes_yet(self, site: Site) -> None:
        asked = _post(site.admin(), [1, 2, 3])
        assert asked.status_code == 200
        assert "Delete 3 records?" in asked.text
        assert re.findall(r"<li>(A\d+)</li>", asked.text) == ["A00000", "A00001", "A00002"]
        assert "more</li>" not in asked.text
        assert _left(site) == set(range(1, ROWS + 1))

    def test_its_answer_deletes_them(self, site: Site) -> None:
        admin = site.admin()
        asked = _post(admin, [1, 2, 3])
        answer = admin.client.post(BULK, data=sent_form(asked.text, BULK))
        assert (answer.status_code, answer.location) == (302, LIST)
        assert _said(admin.get(LIST).text) == ["Deleted 3 records"]
        assert _left(site) == set(range(4, ROWS + 1))

    def test_ten_are_named_and_the_rest_is_counted(self, site: Site) -> None:
        asked = _post(site.admin(), range(1, 13)).text
        assert len(re.findall(r"<li>A\d+</li>", asked)) == 10
        assert "and 2 more</li>" in asked

    def test_of_one_record_it_is_the_question_of_its_page(self, site: Site) -> None:
        admin = site.admin()
        asked = _post(admin, [2]).text
        assert "Delete “A00001”?" in asked
        assert ">Delete order</button>" in asked
        assert "<li>A00001</li>" not in asked
        assert _delete(admin, [2]) == ["Deleted A00001"]

    def test_names_are_no_markup(self, site: Site) -> None:
        with site.app.app_context():
            site.db.session.get(site.models.Order, 1).number = "<b>bold</b>"
            site.db.session.commit()
        assert "<b>bold" not in _post(site.admin(), [1, 2]).text

    def test_no_row_ticked_is_told(self, site: Site) -> None:
        admin = site.admin()
        for confirmed in ({}, {"confirmed": "1"}):
            assert _post(admin, [], **confirmed).location == LIST
            assert _said(admin.get(LIST).text) == ["No row is selected."]

    def test_more_rows_than_an_action_takes_are_refused(self, site: Site) -> None:
        assert _post(site.admin(), range(1, 1002), confirmed="1").status_code == 400
        assert len(_left(site)) == ROWS

    def test_a_question_whose_token_is_old_comes_back_with_the_rows(self, site: Site) -> None:
        admin = site.admin()
        data = {"csrf_token": "old", "rowid": ["2", "1"], "confirmed": "1"}
        again = admin.client.post(BULK, data=data, headers={"Origin": "http://localhost"})
        assert again.status_code == 400
        assert "This page was open for too long" in again.text
        assert len(_left(site)) == ROWS
        assert admin.client.post(BULK, data=sent_form(again.text, BULK)).status_code == 302
        assert _left(site) == set(range(3, ROWS + 1))

    def test_another_site_gets_nothing_deleted(self, site: Site) -> None:
        data = {"csrf_token": "made up", "rowid": ["1"], "confirmed": "1"}
        answer = site.admin().client.post(BULK, data=data, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 400
        assert "A00000" not in answer.text
        assert len(_left(site)) == ROWS


class TestTypedNumber:
    """Of many records their number is typed."""

    @pytest.mark.parametrize(("count", "is_typed"), [(50, False), (51, True)])
    def test_it_is_asked_for_above_fifty(self, make_host: MakeHost, count: int, is_typed: bool) -> None:
        site = _site(make_host, 51)
        admin = site.admin()
        asked = _post(admin, range(1, count + 1)).text
        assert ('name="typed"' in asked) == is_typed
        assert (f"Type {count} " in asked) == is_typed
        assert _post(admin, range(1, count + 1), confirmed="1").status_code == (422 if is_typed else 302)

    @pytest.mark.parametrize("typed", ["", "50", "fifty <one>", "51.0"])
    def test_another_number_deletes_nothing_and_comes_back(self, make_host: MakeHost, typed: str) -> None:
        site = _site(make_host, 51)
        answer = _post(site.admin(), range(1, 52), confirmed="1", typed=typed)
        assert answer.status_code == 422
        assert "nothing was deleted" in answer.text
        assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert len(_ticks(answer.text)) == 51
        assert len(_left(site)) == 51

    def test_the_right_one_deletes(self, make_host: MakeHost) -> None:
        site = _site(make_host, 51)
        assert _delete(site.admin(), range(1, 52), typed=" 51 ") == ["Deleted 51 records"]
        assert _left(site) == set()

    def test_records_that_are_not_there_do_not_count(self, make_host: MakeHost) -> None:
        site = _site(make_host, 50)
        assert 'name="typed"' not in _post(site.admin(), range(1, 80)).text


class TestEachForItself:
    """One that stays keeps no other."""

    def test_a_hook_keeps_its_record(self, make_host: MakeHost) -> None:
        seen: list[str] = []

        def pre_delete(view: Any, item: Any) -> None:
            seen.append(f"pre {item.id}")
            if item.id == 2:
                item.number = "changed by the hook"
                raise Rejected("It is on its way")

        def post_delete(view: Any, item: Any) -> None:
            seen.append("post")

        site = _site(make_host, pre_delete=pre_delete, post_delete=post_delete)
        said = _delete(site.admin(), [1, 2, 3])
        assert said == ["Deleted 2 records", "A00001 was kept: It is on its way"]
        assert _left(site) == {2, *range(4, ROWS + 1)}
        assert seen == ["pre 1", "post", "pre 2", "pre 3", "post"]
        with site.app.app_context():
            assert site.db.session.get(site.models.Order, 2).number == "A00001"

    def test_what_fails_after_a_commit_is_told_once(self, make_host: MakeHost) -> None:
        def post_delete(view: Any, item: Any) -> None:
            raise ValueError("no mail today")

        site = _site(make_host, post_delete=post_delete)
        said = _delete(site.admin(), [1, 2])
        assert said[0] == "Deleted 2 records"
        assert len(said) == 2
        assert len(_left(site)) == ROWS - 2

    def test_a_record_that_others_refer_to_stays_and_says_so(self, site: Site) -> None:
        with site.app.app_context():
            site.db.session.execute(sa.delete(site.models.Order).where(site.models.Order.customer_id != 2))
            site.db.session.commit()
        said = _delete(site.admin(), [1, 2, 3], "/admin/customerview/delete_selected")
        assert said == ["Deleted 2 records", f"Customer 001 was kept: {REFERRED}"]
        assert _left(site, "Customer") == {2, *range(4, ROWS + 1)}

    def test_ten_that_stay_are_named_in_the_order_of_their_rows(self, site: Site) -> None:
        said = _delete(site.admin(), range(12, 0, -1), "/admin/customerview/delete_selected")
        assert len(said) == 11
        assert said[0].startswith("Customer 011 was kept: ")
        assert said[9].startswith("Customer 002 was kept: ")
        assert said[10] == "2 more were kept"
        assert len(_left(site, "Customer")) == ROWS

    def test_long_names_and_reasons_leave_room_in_the_session(self, make_host: MakeHost) -> None:
        def pre_delete(view: Any, item: Any) -> None:
            raise Rejected(f"{item.number} " + "".join(chr(0x4E00 + 37 * item.id + n) for n in range(3000)))

        site = _site(make_host, pre_delete=pre_delete)
        admin = site.admin()
        answer = _post(admin, range(1, 13), confirmed="1")
        assert all(len(cookie) < 4093 for cookie in answer.headers.getlist("Set-Cookie"))
        assert len(_said(admin.get(LIST).text)) == 11

    def test_an_item_rule_keeps_its_record_and_its_row_has_no_tick(self, make_host: MakeHost) -> None:
        site = _site(make_host, can_delete_item=lambda view, user, item: item.id != 2)
        admin = site.admin()
        assert 2 not in _ticks(admin.get(LIST).text)
        assert len(_ticks(admin.get(LIST).text)) == ROWS - 1
        assert _delete(admin, [1, 2]) == ["Deleted A00000", "A00001 was kept: You cannot delete this order"]
        assert 2 in _left(site)

    def test_records_beyond_the_scope_are_as_if_they_were_not_there(self, make_host: MakeHost) -> None:
        def scope(view: Any, query: Any, user: Any) -> Any:
            return query.where(view.datamodel.model.id > 6)

        site = _site(make_host, scope=scope)
        admin = site.admin()
        asked = _post(admin, [1, 7, 999]).text
        assert "A00000" not in asked
        assert "Delete “A00006”?" in asked
        said = _delete(admin, [1, 7, 999, "nonsense"])
        assert said == ["Deleted A00006", "3 records do not exist any more"]
        assert _left(site) == set(range(1, ROWS + 1)) - {7}
        assert _delete(admin, [1, 999]) == ["2 records do not exist any more"]
        assert _post(admin, [1]).location == LIST
        assert _said(admin.get(LIST).text) == ["1 record does not exist any more"]

    def test_a_parent_and_its_child_go_together(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class Folder(site.db.Model):  # type: ignore[name-defined, misc]  # the base is made at run time
                id = sa.Column(sa.Integer, primary_key=True)
                parent_id: Any = sa.Column(sa.ForeignKey("folder.id"))
                folders = sa.orm.relationship("Folder")

                def __str__(self) -> str:
                    return f"Folder {self.id}"

            site.models.Folder = Folder
            return [type("FolderView", (ModelView,), {"datamodel": SQLAInterface(Folder)})]

        site = site_of(make_host, declare, rows=0)
        with site.app.app_context():
            for key, parent in ((1, None), (2, 1), (3, 2), (4, 2)):
                site.db.session.add(site.models.Folder(id=key, parent_id=parent))
                site.db.session.flush()
            site.db.session.commit()
        said = _delete(site.admin(), [1, 2, 3], "/admin/folderview/delete_selected")
        assert said == ["Deleted Folder 3", f"Folder 1 was kept: {REFERRED}", f"Folder 2 was kept: {REFERRED}"]
        assert _delete(site.admin(), [1, 2, 4], "/admin/folderview/delete_selected") == ["Deleted 3 records"]
        assert _left(site, "Folder") == set()

    def test_a_resource_of_the_views_own_is_asked_about_each(self, make_host: MakeHost) -> None:
        seen: list[Any] = []

        class Own(Resource):
            def finish(self, action: str, item: Any, form: Any, policy: Any) -> None:
                seen.append((action, item.id))
                if item.id == 1:
                    raise Rejected("No")

        site = _site(make_host, resource_class=Own)
        assert _delete(site.admin(), [1, 2]) == ["Deleted A00001", "A00000 was kept: No"]
        assert seen == [("delete", 1), ("delete", 2)]


class TestStatements:
    """Deleting ten records is cheap; what the session reads of the user comes on top."""

    def _count(self, site: Site, count_statements: CountStatements, keys: Iterable[int], url: str = BULK) -> list[str]:
        admin = site.admin()
        data = {"csrf_token": admin.token(), "rowid": [str(key) for key in keys], "confirmed": "1"}
        with count_statements() as seen:
            assert admin.client.post(url, data=data).status_code == 302
        return [text for text in seen.texts if "ab_" not in text and "SAVEPOINT" not in text]

    def test_ten_records_take_five_at_most(self, site: Site, count_statements: CountStatements) -> None:
        seen = self._count(site, count_statements, range(1, 11))
        assert len(seen) <= 5, seen
        assert len(_left(site)) == ROWS - 10

    def test_a_relation_that_goes_too_costs_two_more_whatever_the_rows(
        self, make_host: MakeHost, count_statements: CountStatements
    ) -> None:
        site = _site(make_host, 20)
        with site.app.app_context():
            site.db.session.execute(sa.delete(site.models.Order))
            site.db.session.commit()
        url = "/admin/customerview/delete_selected"
        few = self._count(site, count_statements, range(1, 4), url)
        many = self._count(site, count_statements, range(4, 21), url)
        assert len(many) == len(few) <= 6, many
        assert _left(site, "Customer") == set()


class TestWhoMay:
    """It asks for what deleting one record asks for."""

    def test_strangers_and_readers_are_refused(self, site: Site) -> None:
        answer = site.browser().client.post(BULK, data={"rowid": "1", "confirmed": "1"})
        assert answer.location.startswith("/admin/login/")
        site.user("rita", ("can_list", "OrderView"), ("can_edit", "OrderView"))
        rita = site.sign_in("rita")
        refused = _post(rita, [1], confirmed="1")
        assert refused.status_code == 403
        assert "You cannot delete from" in refused.text
        assert _ticks(rita.get(LIST).text) == []
        assert len(_left(site)) == ROWS

    def test_the_permission_to_delete_is_all_it_takes(self, site: Site) -> None:
        site.user("dan", ("can_list", "OrderView"), ("can_delete", "OrderView"))
        dan = site.sign_in("dan")
        page = dan.get(LIST).text
        assert (len(_ticks(page)), BULK in page) == (ROWS, True)
        assert ">Actions</span>" not in page, "there is nothing else to be done with a row"
        assert ">Actions</span>" in site.admin().get(LIST).text
        assert _delete(dan, [1, 2]) == ["Deleted 2 records"]
        with site.app.app_context():
            assert site.sm.find_permission_view_menu("can_delete_selected", "OrderView") is None

    def test_whoever_may_not_list_gets_home(self, site: Site) -> None:
        site.user("dan", ("can_delete", "OrderView"))
        assert _post(site.sign_in("dan"), [1], confirmed="1").location == "/admin/"
        assert 1 not in _left(site)

    def test_a_permission_of_another_name_counts_for_both(self, make_host: MakeHost) -> None:
        site = _site(make_host, method_permission_name={"delete": "remove"})
        site.user("dan", ("can_list", "OrderView"), ("can_remove", "OrderView"))
        assert _delete(site.sign_in("dan"), [1, 2]) == ["Deleted 2 records"]
        with site.app.app_context():
            assert site.sm.find_permission_view_menu("can_delete", "OrderView") is None

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
    def test_other_methods_delete_nothing(self, site: Site, method: str) -> None:
        assert site.admin().client.open(f"{BULK}?rowid=1&confirmed=1", method=method).status_code in {404, 405}
        assert len(_left(site)) == ROWS


class TestWayBack:
    """The list comes back as it was left, and nothing else does."""

    ASKED = "search=A&page_size=10&page=2&status__in=a&status__in=%C3%A9+b"

    def _ask(self, site: Site, referrer: str) -> tuple[Browser, str]:
        admin = site.admin()
        data = {"csrf_token": admin.token(), "rowid": ["1", "2"]}
        return admin, admin.client.post(BULK, data=data, headers={"Referer": referrer}).text

    def test_a_list_comes_back_with_what_it_was_asked_for(self, site: Site) -> None:
        admin, asked = self._ask(site, f"http://localhost{LIST}?{self.ASKED}")
        assert f'href="{LIST}?{self.ASKED.replace("&", "&amp;")}"' in asked, "by Cancel, too"
        answer = admin.client.post(BULK, data=sent_form(asked, BULK), headers={"Referer": f"http://localhost{BULK}"})
        assert answer.location == f"{LIST}?{self.ASKED}"
        assert 1 not in _left(site)

    def test_so_it_does_when_the_records_are_kept(self, site: Site) -> None:
        url = "/admin/customerview/delete_selected"
        answer = _post(site.admin(), [1], url, confirmed="1", list="search=x")
        assert answer.location == "/admin/customerview/list/?search=x"

    @pytest.mark.parametrize(
        "referrer",
        ["", "http://localhost/elsewhere?search=A", "http://[", f"http://localhost{LIST}", "http://localhost/%ff?a=b"],
    )
    def test_another_page_tells_nothing(self, site: Site, referrer: str) -> None:
        admin, asked = self._ask(site, referrer)
        assert 'name="list"' not in asked
        assert admin.client.post(BULK, data=sent_form(asked, BULK)).location == LIST

    @pytest.mark.parametrize(
        ("sent", "left"),
        [
            ("//evil.example", "?%2F%2Fevil.example="),
            ("https://evil.example/?a=b", "?https%3A%2F%2Fevil.example%2F%3Fa=b"),
            ("a=b\r\nSet-Cookie: x=y", "?a=b%0D%0ASet-Cookie%3A+x%3Dy"),
            ("a=b#c", "?a=b%23c"),
            ("&".join(f"a{n}=1" for n in range(300)), ""),
            (f"a={'b' * 5000}", ""),
        ],
    )
    def test_what_is_sent_leads_nowhere_else(self, site: Site, sent: str, left: str) -> None:
        answer = _post(site.admin(), [1], confirmed="1", list=sent)
        assert answer.location == LIST + left

    def test_a_redirect_of_the_views_own_leads(self, make_host: MakeHost) -> None:
        site = _site(make_host, post_delete_redirect=lambda view: redirect("/elsewhere"))
        assert _post(site.admin(), [1], confirmed="1", list="search=x").location == "/elsewhere"


def _own_delete(site: Site) -> dict[str, Any]:
    def delete(self: Any, pk: str) -> str:
        return "archived"

    return {"delete": delete}


def _muldelete(site: Site) -> dict[str, Any]:
    @action("muldelete", "Delete", "Really?", single=False)
    def muldelete(self: Any, items: Any) -> None:
        self.datamodel.delete_all(items)

    return {"muldelete": muldelete}


ABSENT: dict[str, Callable[[Site], dict[str, Any]]] = {
    "a delete of its own": _own_delete,
    "an action muldelete": _muldelete,
    "no delete": lambda site: {"exclude_route_methods": ["delete"]},
    "no bulk delete": lambda site: {"exclude_route_methods": ["delete_selected"]},
    "other routes only": lambda site: {"include_route_methods": ["list", "show", "action_post"]},
    "no permission for it": lambda site: {"base_permissions": ["can_list", "can_show"]},
}


@pytest.mark.parametrize("options", ABSENT.values(), ids=ABSENT)
def test_there_is_none_where_deleting_means_something_else(
    make_host: MakeHost, options: Callable[[Site], dict[str, Any]]
) -> None:
    site = site_of(make_host, lambda site: [_orders(site, **options(site))], rows=3)
    admin = site.admin()
    page = admin.get(LIST)
    assert page.status_code == 200
    assert BULK not in page.text
    assert _post(admin, [1], confirmed="1").status_code == 404
    has_own_button = "muldelete" in page.text
    assert (_ticks(page.text) == [1, 2, 3]) == has_own_button
    is_deleted_singly = site.builder.state.views["OrderView"].routes.keys() >= {"delete"}
    assert (f"{BASE}/delete/1" in page.text) == is_deleted_singly


def test_who_lists_the_routes_has_it_with_delete(make_host: MakeHost) -> None:
    options = {"include_route_methods": ["list", "delete"]}
    admin = site_of(make_host, lambda site: [_orders(site, **options)], rows=3).admin()
    assert BULK in admin.get(LIST).text
    assert _post(admin, [1], confirmed="1").status_code == 302


def test_a_delete_selected_of_the_views_own_is_left_alone(make_host: MakeHost) -> None:
    def delete_selected(self: Any) -> str:
        return "mine"

    site = _site(make_host, delete_selected=delete_selected)
    assert _post(site.admin(), [1]).text == "mine"


def test_it_stands_last_and_red_behind_the_actions(make_host: MakeHost) -> None:
    @action("stamp", "Stamp", single=False)
    def stamp(self: Any, items: Any) -> None: ...

    admin = _site(make_host, stamp=stamp).admin()
    bar = admin.get(LIST).text.partition('class="ab-bulk"')[2].partition("</div>")[0]
    buttons = re.findall(r"<button ([^>]*)>([^<]*)", bar)
    assert [text for _attributes, text in buttons] == ["Stamp", "Clear", "Delete"]
    last = buttons[-1][0]
    assert "ab-danger-text" in last
    assert f'formaction="{BULK}"' in last
    assert "data-dialog" in last


class TestStockLists:
    """Users and roles keep their rules."""

    def test_the_last_administrator_stays(self, site: Site) -> None:
        admin = site.admin()
        site.user("boss", roles=("Admin",))
        site.user("rita")
        with site.app.app_context():
            keys = [site.sm.find_user(name).id for name in ("boss", "rita", "admin")]
        said = _delete(admin, keys, "/admin/users/delete_selected")
        assert said[0] == "Deleted 2 records"
        assert len(said) == 2
        assert " was kept: " in said[1]
        with site.app.app_context():
            assert [user.username for user in site.sm.get_all_users()] == ["admin"]

    def test_a_role_that_exists_by_itself_stays(self, site: Site) -> None:
        admin = site.admin()
        with site.app.app_context():
            keys = [site.sm.find_role("Admin").id, site.sm.add_role("Clerk").id, site.sm.find_role("Public").id]
        said = _delete(admin, keys, "/admin/roles/delete_selected")
        assert said[0] == "Role deleted"
        assert [text.partition(" was kept: ")[0] for text in said[1:]] == ["Admin", "Public"]
        with site.app.app_context():
            assert site.sm.find_role("Clerk") is None
            assert site.sm.find_role("Admin") is not None

    def test_nobody_deletes_who_may_do_more(self, site: Site) -> None:
        site.admin()
        grants = [(f"can_{name}", "UserDBModelView") for name in ("list", "delete")]
        site.user("helen", *grants)
        site.user("rita")
        with site.app.app_context():
            keys = [site.sm.find_user(name).id for name in ("admin", "rita")]
        helen = site.sign_in("helen")
        said = _delete(helen, keys, "/admin/users/delete_selected")
        assert said[0] == "User deleted"
        assert " was kept: " in said[1]
        with site.app.app_context():
            assert site.sm.find_user("admin") is not None


def test_what_refuses_a_record_by_itself_refuses_it_among_others(make_host: MakeHost) -> None:
    class Careful(Resource):
        def get_for(self, action: str, key: str, policy: Any, columns: Any = ()) -> Any:
            if key == "2":
                raise Forbidden("Not this one")
            return super().get_for(action, key, policy, columns)

    site = site_of(make_host, lambda site: [_orders(site, resource_class=Careful)], rows=3)
    _post(site.admin(), [1, 2, 3], confirmed="1")
    assert _left(site) == {2}


def test_a_data_source_that_deletes_in_its_own_way_does_so_with_several(make_host: MakeHost) -> None:
    class Archive(SQLAInterface):
        def delete(self, item: Any) -> None:
            item.number = f"gone {item.number}"

    site = site_of(make_host, lambda site: [_orders(site, datamodel=Archive(site.models.Order))], rows=3)
    _post(site.admin(), [1, 2], confirmed="1")
    with site.app.app_context():
        numbers = site.db.session.scalars(sa.select(site.models.Order.number).order_by(site.models.Order.id))
        assert [number.startswith("gone ") for number in numbers] == [True, True, False]
