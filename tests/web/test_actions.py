"""Actions: on POST only, with their own permission, on ticked records or on one, asked about first where due."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Response, flash, jsonify, redirect
from flask.typing import ResponseReturnValue

from appbuilder_lite import ModelView, Rejected, SQLAInterface, action
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site

BASE = "/admin/customerview"
BULK = f"{BASE}/action_post"


def _one(site: Site, action_name: str, key: Any = 1) -> str:
    return f"{BASE}/action/{action_name}/{key}"


def _declare(site: Site) -> list[type[Any]]:
    """A view with an action of each sort; each notes what it was given."""
    runs: list[tuple[str, Any]] = site.made.setdefault("runs", [])

    def note(name: str, items: Any) -> None:
        runs.append((name, [item.name for item in items] if isinstance(items, Sequence) else items.name))

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)
        list_columns = ["name"]

        @action("stamp", "Stamp it")
        def stamp(self, items: Any) -> None:
            note("stamp", items)

        @action("archive", "Archive it", confirmation="Archive these?", icon="fa-archive")
        def archive(self, items: Any) -> None:
            note("archive", items)

        @action("merge", "Merge them", single=False)
        def merge(self, items: Any) -> None:
            note("merge", items)

        @action("call", "Call them up", multiple=False)
        def call(self, item: Any) -> None:
            note("call", item)

        @action("refuse", "Refuse it")
        def refuse(self, items: Any) -> None:
            for item in items if isinstance(items, Sequence) else [items]:
                item.name = "refused"
            site.db.session.flush()
            raise Rejected("Not <on> a Sunday")

        @action("rename", "Rename it")
        def rename(self, items: Any) -> None:
            for item in items if isinstance(items, Sequence) else [items]:
                item.name = "renamed"
            site.db.session.commit()
            flash("Done", "success")

        @action("clash", "Clash")
        def clash(self, items: Any) -> None:
            for item in items:
                item.email = "c5@example.org"
            self.datamodel.flush()

        @action("export", "Export them")
        def export(self, items: Any) -> ResponseReturnValue:
            return Response("name\n" + "\n".join(item.name for item in items), mimetype="text/csv")

        @action("as_json", "As JSON")
        def as_json(self, items: Any) -> ResponseReturnValue:
            return jsonify([item.name for item in items]), 202

    return [CustomerView]


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    """A site whose customers have actions."""
    return site_of(make_host, _declare)


def _runs(site: Site) -> list[Any]:
    found: list[Any] = site.made["runs"]
    return found


def _post(browser: Browser, url: str, **data: Any) -> Any:
    return browser.client.post(url, data={"csrf_token": browser.token(), **data})


def _names(site: Site) -> set[str]:
    with site.app.app_context():
        return {row.name for row in site.db.session.query(site.models.Customer)}


def test_ticked_rows_come_as_a_list_in_their_order(site: Site) -> None:
    answer = _post(site.admin(), BULK, action="stamp", rowid=["3", "1"])
    assert (answer.status_code, answer.location) == (302, f"{BASE}/list/")
    assert _runs(site) == [("stamp", ["Customer 002", "Customer 000"])]


def test_one_record_comes_as_itself(site: Site) -> None:
    assert _post(site.admin(), _one(site, "stamp", 2)).status_code == 302
    assert _runs(site) == [("stamp", "Customer 001")]


def test_a_row_that_is_ticked_twice_counts_once(site: Site) -> None:
    _post(site.admin(), BULK, action="stamp", rowid=["2", "2", "1", "2"])
    assert _runs(site) == [("stamp", ["Customer 001", "Customer 000"])]


@pytest.mark.parametrize("rows", [["999"], ["1", "999"], ["nonsense"], ["1", ""], ["1\0"], ["-1"], ["9" * 40]])
def test_a_row_that_does_not_exist_stops_the_whole_action(site: Site, rows: list[str]) -> None:
    admin = site.admin()
    assert _post(admin, BULK, action="stamp", rowid=rows).status_code == 404
    assert _runs(site) == []
    assert admin.get(f"{BASE}/list/").status_code == 200


def test_no_row_ticked_is_told_and_nothing_runs(site: Site) -> None:
    admin = site.admin()
    for name in ("stamp", "archive"):
        assert _post(admin, BULK, action=name).status_code == 302
        assert "No row is selected" in admin.get(f"{BASE}/list/").text
    assert _runs(site) == []


def test_more_rows_than_one_action_takes_are_refused(site: Site) -> None:
    keys = [str(number) for number in range(1, 1002)]
    assert _post(site.admin(), BULK, action="stamp", rowid=keys).status_code == 400
    assert _runs(site) == []


@pytest.mark.parametrize("name", ["nothing", "", "delete", "list", "__init__", "can_list", "Stamp"])
def test_an_unknown_action_is_not_found(site: Site, name: str) -> None:
    admin = site.admin()
    assert _post(admin, BULK, action=name, rowid=["1"]).status_code == 404
    if name:
        assert _post(admin, _one(site, name)).status_code == 404


def test_an_action_without_a_name_is_not_found(site: Site) -> None:
    assert _post(site.admin(), BULK, rowid=["1"]).status_code == 404


def test_an_action_runs_in_the_places_that_it_is_for(site: Site) -> None:
    admin = site.admin()
    assert _post(admin, BULK, action="call", rowid=["1"]).status_code == 400
    assert _post(admin, _one(site, "merge")).status_code == 400
    assert _runs(site) == []
    assert _post(admin, _one(site, "call")).status_code == 302
    assert _post(admin, BULK, action="merge", rowid=["1"]).status_code == 302
    assert _runs(site) == [("call", "Customer 000"), ("merge", ["Customer 000"])]


def test_buttons_stand_where_their_action_runs(site: Site) -> None:
    admin = site.admin()
    listed, shown = admin.get(f"{BASE}/list/").text, admin.get(f"{BASE}/show/1").text
    assert "Merge them" in listed
    assert "Merge them" not in shown
    assert "Call them up" in shown
    assert 'value="call"' not in listed
    assert f'formaction="{_one(site, "call")}"' in listed
    assert _one(site, "merge") not in listed


def test_the_permission_is_the_bare_name(site: Site) -> None:
    site.user("olga", ("can_list", "CustomerView"), ("can_show", "CustomerView"), ("stamp", "CustomerView"))
    olga = site.sign_in("olga")
    for url in (f"{BASE}/list/", f"{BASE}/show/1"):
        page = olga.get(url).text
        assert "Stamp it" in page
        assert "Archive it" not in page
    assert _post(olga, _one(site, "stamp")).status_code == 302
    assert _post(olga, _one(site, "archive")).status_code == 403
    assert _post(olga, BULK, action="archive", rowid=["1"], confirmed="1").status_code == 403
    assert _runs(site) == [("stamp", "Customer 000")]
    with site.app.app_context():
        assert site.sm.find_permission_view_menu("can_stamp", "CustomerView") is None


def test_a_person_who_may_not_list_gets_home_after_an_action(site: Site) -> None:
    site.user("olga", ("stamp", "CustomerView"))
    assert _post(site.sign_in("olga"), _one(site, "stamp")).location == "/admin/"


def test_strangers_are_sent_to_sign_in(site: Site) -> None:
    browser = site.browser()
    for url in (BULK, _one(site, "stamp")):
        answer = browser.client.post(url, data={"action": "stamp", "rowid": "1"})
        assert answer.status_code == 302
        assert answer.location.startswith("/admin/login/")
    assert _runs(site) == []


def test_without_a_token_nothing_runs(site: Site) -> None:
    admin = site.admin()
    for url in (BULK, _one(site, "stamp")):
        answer = admin.client.post(url, data={"action": "stamp", "rowid": "1", "csrf_token": "made up"})
        assert answer.status_code == 400
    assert _runs(site) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_other_methods_run_nothing(site: Site, method: str) -> None:
    admin = site.admin()
    for url in (BULK, _one(site, "stamp"), f"{BULK}?action=stamp&rowid=1"):
        assert admin.client.open(url, method=method).status_code in {404, 405}
    assert _runs(site) == []


def _fields(html: str) -> dict[str, list[str]]:
    """The hidden inputs of the question's form."""
    form = re.search(r'<form class="ab-card ab-message".*?</form>', html, re.DOTALL)
    assert form is not None, html
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(value)
    return found


def test_a_confirmation_is_asked_without_scripts_and_its_answer_runs_the_action(site: Site) -> None:
    admin = site.admin()
    asked = _post(admin, BULK, action="archive", rowid=["1", "2"])
    assert asked.status_code == 200
    assert "Archive these?" in asked.text
    assert "2 records" in asked.text
    assert _runs(site) == []
    fields = _fields(asked.text)
    assert fields["rowid"] == ["1", "2"]
    assert admin.client.post(BULK, data=fields).status_code == 302
    assert _runs(site) == [("archive", ["Customer 000", "Customer 001"])]


def test_a_confirmation_on_one_record_goes_back_to_that_record(site: Site) -> None:
    admin = site.admin()
    asked = _post(admin, _one(site, "archive", 2))
    assert asked.status_code == 200
    assert f'action="{_one(site, "archive", 2)}"' in asked.text
    assert admin.client.post(_one(site, "archive", 2), data=_fields(asked.text)).status_code == 302
    assert _runs(site) == [("archive", "Customer 001")]


def test_a_confirmation_repeats_no_markup_from_outside(site: Site) -> None:
    asked = _post(site.admin(), BULK, action="archive", rowid=['1"><script>alert(1)</script>'])
    assert "<script>alert" not in asked.text


def test_a_refused_action_says_why_and_undoes_what_it_did(site: Site) -> None:
    admin = site.admin()
    for url in (_one(site, "refuse"), BULK):
        assert _post(admin, url, action="refuse", rowid=["1", "2"]).status_code == 302
        page = admin.get(f"{BASE}/list/").text
        assert "Not &lt;on&gt; a Sunday" in page
        assert "refused" not in page
    assert "refused" not in _names(site)


def test_a_refused_action_keeps_the_hosts_pending_rows_and_leaves_none_of_its_own(make_host: MakeHost) -> None:
    site = site_of(make_host, _declare)

    @site.app.before_request
    def visit() -> None:
        site.db.session.add(site.models.Tag(name="visited"))

    @site.app.after_request
    def commit(response: Any) -> Any:
        site.db.session.commit()
        return response

    admin = site.admin()
    token = admin.token()
    before = site.count(site.models.Tag)
    answer = admin.client.post(_one(site, "refuse"), data={"csrf_token": token})
    assert answer.status_code == 302
    assert site.count(site.models.Tag) == before + 1
    assert "refused" not in _names(site)


def test_a_clash_in_an_action_is_told_without_database_text(site: Site) -> None:
    admin = site.admin()
    assert _post(admin, BULK, action="clash", rowid=["1", "2"]).status_code == 302
    page = admin.get(f"{BASE}/list/").text
    assert "There is already a record with these values." in page
    assert "constraint" not in page.lower()


def test_an_action_that_commits_by_itself_keeps_its_work(site: Site) -> None:
    admin = site.admin()
    assert _post(admin, BULK, action="rename", rowid=["1", "2"]).status_code == 302
    assert "Done" in admin.get(f"{BASE}/list/").text
    assert "renamed" in _names(site)


def test_the_response_of_an_action_is_the_answer(site: Site) -> None:
    admin = site.admin()
    answer = _post(admin, BULK, action="export", rowid=["1", "2"])
    assert answer.mimetype == "text/csv"
    assert answer.text == "name\nCustomer 000\nCustomer 001"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = _post(admin, BULK, action="as_json", rowid=["1"])
    assert (answer.status_code, answer.json) == (202, ["Customer 000"])


def test_ticked_rows_are_read_in_one_statement(make_host: MakeHost, count_statements: CountStatements) -> None:
    site = site_of(make_host, _declare, rows=40)
    admin = site.admin()
    token = admin.token()
    counts = []
    for keys in (["1", "2"], [str(number) for number in range(1, 41)]):
        with count_statements() as seen:
            admin.client.post(BULK, data={"csrf_token": token, "action": "stamp", "rowid": keys})
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("methods", [{"list", "show"}, {"list", "show", "action"}, {"list", "show", "action_post"}])
def test_a_view_without_the_routes_of_actions_offers_no_buttons(make_host: MakeHost, methods: set[str]) -> None:
    def declare(site: Site) -> list[type[Any]]:
        (view,) = _declare(site)
        view.include_route_methods = methods
        return [view]

    admin = site_of(make_host, declare).admin()
    listed, shown = admin.get(f"{BASE}/list/").text, admin.get(f"{BASE}/show/1").text
    assert ('value="stamp"' in listed) == ("action_post" in methods)
    assert (f"{BASE}/action/stamp/1" in listed) == ("action" in methods)
    assert ("Stamp it" in shown) == ("action" in methods)


def test_base_permissions_leave_an_action_out(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        (view,) = _declare(site)
        view.base_permissions = ["can_list", "can_show", "stamp"]
        return [view]

    site = site_of(make_host, declare)
    admin = site.admin()
    assert _post(admin, _one(site, "stamp")).status_code == 302
    assert _post(admin, _one(site, "archive")).status_code == 404
    assert "Archive it" not in admin.get(f"{BASE}/list/").text


def test_an_overridden_action_keeps_its_mark(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        (view,) = _declare(site)

        def stamp(self: Any, items: Any) -> None:
            site.made["runs"].append("mine")

        return [type("CustomerView", (view,), {"stamp": stamp})]

    site = site_of(make_host, declare)
    _post(site.admin(), _one(site, "stamp"))
    assert _runs(site) == ["mine"]


def _with_muldelete(site: Site) -> list[type[Any]]:
    """The action that Flask-AppBuilder's documentation has."""

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)

        @action("muldelete", "Delete", "Delete all Really?", "fa-rocket", single=False)
        def muldelete(self, items: Any) -> Any:
            self.datamodel.delete_all(items)
            self.update_redirect()
            return redirect(self.get_redirect())

    return [CustomerView]


def test_the_action_of_flask_appbuilders_documentation_deletes_the_ticked_rows(make_host: MakeHost) -> None:
    site = site_of(make_host, _with_muldelete, rows=4)
    with site.app.app_context():
        site.db.session.query(site.models.Order).filter(site.models.Order.customer_id != 4).delete()
        site.db.session.commit()
    admin = site.admin()

    def muldelete(*keys: str) -> str:
        data = {"csrf_token": admin.token(), "action": "muldelete", "confirmed": "1", "rowid": list(keys)}
        answer = admin.client.post(BULK, data=data)
        assert (answer.status_code, answer.location) == (302, f"{BASE}/list/")
        return admin.get(answer.location).text

    assert 'role="alert"' in muldelete("3", "4"), "the fourth has an order, so neither goes"
    assert site.count(site.models.Customer) == 4
    muldelete("1", "2", "3")
    assert site.count(site.models.Customer) == 1
