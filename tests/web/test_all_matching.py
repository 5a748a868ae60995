"""All records that a list finds: asked about always, batch by batch, within scope, filters and rights at each step."""

import html
import re
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, Rejected, SQLAInterface, action
from appbuilder_lite.filters import FilterGreater
from appbuilder_lite.web import all_matching, bulk_delete
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of, site_with
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db, make_models

BASE = "/admin/customerview"
BULK = f"{BASE}/action_post"
DELETE = f"{BASE}/delete_selected"
LIST = f"{BASE}/list/"
ROWS = 12


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five records with each request."""
    for module in (all_matching, bulk_delete):
        monkeypatch.setattr(module, "BATCH", 5)


def _view(site: Site, **options: Any) -> type[ModelView]:
    calls: list[list[int]] = site.made.setdefault("calls", [])

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)
        list_columns = ["name", "email"]
        search_columns = ["name"]

        @action("stamp", "Stamp", all_matching=True)
        def stamp(self, items: Sequence[Any]) -> None:
            calls.append([item.id for item in items])
            for item in items:
                item.notes = f"{item.notes or ''}*"

        @action("each", "Each", each=True, all_matching=True)
        def each(self, item: Any) -> None:
            item.notes = f"{item.notes or ''}*"
            if item.id % 4 == 0:
                raise Rejected(f"{item.id} is a multiple of four")

        @action("rename", "Rename", all_matching=True)
        def rename(self, items: Sequence[Any]) -> None:
            calls.append([item.id for item in items])
            for item in items:
                item.name = f"Zoe {item.id}"

        @action("seven", "Not seven", all_matching=True)
        def seven(self, items: Sequence[Any]) -> None:
            for item in items:
                item.notes = "*"
            if any(item.id == 7 for item in items):
                raise Rejected("Seven is in it")

        @action("odd", "Odd", all_matching=True, condition=lambda item: item.id % 2)
        def odd(self, items: Sequence[Any]) -> None:
            calls.append([item.id for item in items])

        @action("ticked", "Ticked only")
        def ticked(self, items: Sequence[Any]) -> None:
            calls.append([item.id for item in items])

    for name, value in options.items():
        setattr(CustomerView, name, value)
    return CustomerView


def _of(model: Any) -> type[ModelView]:
    return type("PartView", (ModelView,), {"datamodel": SQLAInterface(model)})


def _site(make_host: MakeHost, rows: int = ROWS, **options: Any) -> Site:
    site = site_of(make_host, lambda site: [_view(site, **options)], rows=rows)
    with site.app.app_context():
        site.db.session.execute(sa.delete(site.models.Order))
        site.db.session.execute(sa.update(site.models.Customer).values(notes=None))
        site.db.session.commit()
    return site


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return _site(make_host)


def _ask(browser: Browser, name: str = "stamp", asked: str = "", url: str = BULK, **data: Any) -> TestResponse:
    return browser.client.post(url, data={"csrf_token": browser.token(), "action": name, "_all": asked, **data})


def _send(browser: Browser, page: TestResponse, url: str = BULK, **data: Any) -> TestResponse:
    """Press the button of a page."""
    sent = sent_form(page.text, url)
    for name, value in data.items():
        sent[name] = value
    return browser.client.post(url, data=sent)


def _marked(site: Site) -> dict[int, str]:
    model = site.models.Customer
    with site.app.app_context():
        rows = site.db.session.execute(sa.select(model.id, model.notes).where(model.notes.is_not(None)))
        return {row.id: row.notes for row in rows}


def _calls(site: Site) -> list[list[int]]:
    found: list[list[int]] = site.made["calls"]
    return found


def _left(site: Site) -> list[int]:
    with site.app.app_context():
        return sorted(site.db.session.scalars(sa.select(site.models.Customer.id)))


def _walked(browser: Browser, page: TestResponse, url: str = BULK, **data: Any) -> list[TestResponse]:
    """Go on until it is over; every answer."""
    answers = [_send(browser, page, url, **data)]
    while "data-go" in answers[-1].text:
        answers.append(_send(browser, answers[-1], url))
    return answers


class TestOffer:
    """Where the list says that all of them can be meant."""

    def test_a_list_of_several_pages_offers_all_with_what_it_is_asked_for(self, site: Site) -> None:
        admin = site.admin()
        page = admin.get(f"{LIST}?page_size=10&search=Customer&page=2").text
        box = re.search(r'<input type="checkbox" name="_all" value="([^"]*)"> ([^<]*)</label>', page)
        assert box is not None
        assert html.unescape(box[1]) == "search=Customer&page_size=10"
        assert box[2] == "Select all 12 that match"

    def test_a_list_on_one_page_does_not(self, site: Site) -> None:
        assert 'name="_all"' not in site.admin().get(LIST).text

    @pytest.mark.parametrize(("count", "is_offered"), [("exact", True), ("none", False)])
    def test_only_what_is_counted_is_offered(self, make_host: MakeHost, count: str, is_offered: bool) -> None:
        admin = _site(make_host, list_count=count).admin()
        assert ('name="_all"' in admin.get(f"{LIST}?page_size=10").text) == is_offered

    def test_a_capped_count_is_told_as_one(self, make_host: MakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("appbuilder_lite.data.sqla_totals.MOST", 11)
        admin = _site(make_host, list_count="capped").admin()
        assert "Select all that match, more than 11" in admin.get(f"{LIST}?page_size=10").text

    def test_keys_that_cannot_be_written_as_places_are_not_offered(self, make_host: MakeHost) -> None:
        class Code(sa.TypeDecorator[str]):
            impl = sa.String(20)
            cache_ok = True

        db = make_db()

        class Part(db.Model):  # type: ignore[name-defined,misc]  # the base is made at run time
            code = sa.Column(Code, primary_key=True)

        site = site_with(make_host, db, make_models(db), (_of(Part), "Parts"))
        with site.app.app_context():
            site.db.session.add_all([Part(code=f"P{number:02}") for number in range(ROWS)])
            site.db.session.commit()
        page = site.admin().get("/admin/partview/list/?page_size=10")
        assert 'name="rowid"' in page.text
        assert 'name="_all"' not in page.text

    def test_who_can_do_nothing_to_all_is_not_offered_it(self, site: Site) -> None:
        site.user("olga", ("can_list", "CustomerView"), ("ticked", "CustomerView"))
        site.user("ida", ("can_list", "CustomerView"), ("stamp", "CustomerView"))
        assert 'name="_all"' not in site.sign_in("olga").get(f"{LIST}?page_size=10").text
        assert 'name="_all"' in site.sign_in("ida").get(f"{LIST}?page_size=10").text


class TestQuestion:
    """It is always asked first, with the number and the filters."""

    def test_it_says_how_many_and_by_which_filters(self, site: Site) -> None:
        page = _ask(site.admin(), asked="search=Customer&name__ct=00", confirmed="1")
        assert page.status_code == 200
        assert "It is about 10 records, all that match:" in page.text
        assert "<li>Search: Customer</li>" in page.text
        assert re.search(r"<li>Name: .*00.*</li>", page.text)
        assert _calls(site) == []

    def test_without_filters_it_says_so(self, site: Site) -> None:
        assert "It is about 12 records, all of this list." in _ask(site.admin()).text

    def test_a_tab_narrows_it_and_is_named(self, make_host: MakeHost) -> None:
        tabs = [("Last ones", {"filters": [["id", FilterGreater, 8]]})]
        admin = (site := _site(make_host, list_tabs=tabs)).admin()
        question = _ask(admin, asked="tab=last-ones")
        assert "It is about 4 records, all that match:" in question.text
        assert "<li>Last ones</li>" in question.text
        _walked(admin, question)
        assert _calls(site) == [[9, 10, 11, 12]]
        assert "all of this list" not in _ask(admin, "", "tab=last-ones", DELETE).text
        assert _ask(admin, asked="tab=first").status_code == 400

    def test_ticks_count_for_nothing_beside_it(self, site: Site) -> None:
        admin = site.admin()
        _send(admin, _ask(admin, asked="search=00", rowid=["11", "12"]), rowid="12")
        assert sorted(key for call in _calls(site) for key in call) == list(range(1, 6))

    def test_nothing_that_matches_is_told(self, site: Site) -> None:
        admin = site.admin()
        assert _ask(admin, asked="search=nobody").status_code == 302
        assert "No row is selected" in admin.get(LIST).text

    def test_an_action_for_ticked_rows_alone_is_refused(self, site: Site) -> None:
        admin = site.admin()
        assert _ask(admin, "ticked", rowid=["1"]).status_code == 302
        assert "“Ticked only” works on ticked records only" in admin.get(LIST).text
        assert _calls(site) == []

    @pytest.mark.parametrize(
        "asked", ["nothing__eq=1", "name__nothing=1", "search=a&search=b", "a" * 9000, "page=x", "country__has=77"]
    )
    def test_what_no_list_can_be_asked_for_is_refused(self, site: Site, asked: str) -> None:
        answer = _ask(site.admin(), asked=asked)
        assert answer.status_code == 400
        assert _calls(site) == []


class TestBatches:
    """So many records with each request, each batch for itself."""

    def test_all_are_met_once_and_it_tells_how_far_it_is(self, site: Site) -> None:
        admin = site.admin()
        first, second, last = _walked(admin, _ask(admin))
        assert _calls(site) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]
        assert '<progress value="5" max="12"' in first.text
        assert "10 of 12 records" in second.text
        assert "Stamp: 12 records" in last.text
        assert "data-go" not in last.text
        assert f'href="{LIST}"' in last.text
        assert _marked(site) == dict.fromkeys(range(1, 13), "*")

    def test_one_batch_leads_back_to_the_list_as_it_was(self, site: Site) -> None:
        admin = site.admin()
        answer = _send(admin, _ask(admin, asked="search=Customer+00&name__ct=1&sort=-name"))
        assert answer.status_code == 302
        assert answer.location == f"{LIST}?search=Customer+00&sort=-name&name__ct=1"
        assert "Stamp: 1 record" in admin.get(answer.location).text

    def test_rows_that_fall_out_of_the_filter_are_neither_left_out_nor_met_twice(self, site: Site) -> None:
        admin = site.admin()
        _walked(admin, _ask(admin, "rename", asked="search=Customer&sort=-name"))
        assert _calls(site) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]

    def test_rows_that_come_meanwhile_are_not_met(self, site: Site) -> None:
        admin = site.admin()
        page = _ask(admin)
        with site.app.app_context():
            site.db.session.add(site.models.Customer(name="Late"))
            site.db.session.commit()
        _walked(admin, page)
        assert sorted(_marked(site)) == list(range(1, 13))

    def test_a_step_is_taken_once(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin)
        first = _send(admin, question)
        assert _send(admin, question).location == LIST
        assert "This step was taken before" in admin.get(LIST).text
        _send(admin, first)
        assert _send(admin, first).status_code == 302
        assert _calls(site) == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]

    def test_it_is_cancelled_and_says_how_many_are_done(self, site: Site) -> None:
        admin = site.admin()
        first = _send(admin, _ask(admin))
        assert _send(admin, first, _stop="1").location == LIST
        page = admin.get(LIST).text
        assert "Stopped after 5 of 12 records" in page
        assert "Stamp: 5 records" in page
        assert sorted(_marked(site)) == [1, 2, 3, 4, 5]
        assert _send(admin, first).status_code == 302
        assert sorted(_marked(site)) == [1, 2, 3, 4, 5]

    def test_a_refused_batch_is_undone_and_ends_it(self, site: Site) -> None:
        admin = site.admin()
        _first, second = _walked(admin, _ask(admin, "seven"))
        assert "It was stopped: Seven is in it" in second.text
        assert "Not seven: 5 records" in second.text
        assert sorted(_marked(site)) == [1, 2, 3, 4, 5]

    def test_one_that_is_refused_holds_up_no_other(self, site: Site) -> None:
        admin = site.admin()
        last = _walked(admin, _ask(admin, "each"))[-1]
        assert "Each: 9 records" in last.text
        assert re.findall(r"<li>(Customer \d+ was kept: [^<]*)</li>", last.text) == [
            f"Customer {key - 1:03} was kept: {key} is a multiple of four" for key in (4, 8, 12)
        ]
        assert sorted(_marked(site)) == [1, 2, 3, 5, 6, 7, 9, 10, 11]

    def test_those_that_it_is_not_for_are_left_out_and_told(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin, "odd")
        assert "Those that it is not for are left out." in question.text
        last = _walked(admin, question)[-1]
        assert _calls(site) == [[1, 3, 5], [7, 9], [11]]
        assert "Customer 001 was kept: “Odd” is not for it" in last.text

    def test_a_step_costs_the_same_however_many_came_before(
        self, make_host: MakeHost, count_statements: CountStatements
    ) -> None:
        site = _site(make_host, rows=40)
        admin = site.admin()
        page, counts = _ask(admin), []
        for _ in range(5):
            with count_statements() as seen:
                page = _send(admin, page)
            counts.append(sum(text.startswith("SELECT") for text in seen.texts))
        first, *others = counts
        assert len(set(others)) == 1, counts
        # The first one asks whether there are more of them than the question spoke of.
        assert first == others[0] + 1, counts
        assert others[0] <= 3


def _odd_first(view: Any, query: Any, user: Any) -> Any:
    """The first seven of those that were not acted on: others follow as these go, before the last one's key too."""
    model = view.datamodel.model
    return query.where(model.notes.is_(None)).order_by((model.id % 2).desc(), model.id).limit(7)


class TestLimitedScope:
    """Of a scope that takes the first so many, as many are met as it was asked about."""

    def test_those_that_come_in_for_others_do_not_add_to_the_number(self, make_host: MakeHost) -> None:
        site = _site(make_host, scope=_odd_first)
        admin = site.admin()
        question = _ask(admin)
        assert "It is about 7 records" in question.text
        first, last = _walked(admin, question)
        assert "5 of 7 records" in first.text
        assert "Stamp: 7 records" in last.text
        assert [len(found) for found in _calls(site)] == [5, 2]
        assert len(_marked(site)) == 7

    def test_no_more_are_deleted_than_the_number_that_was_agreed_to(self, make_host: MakeHost) -> None:
        site = _site(make_host, scope=_odd_first)
        admin = site.admin()
        question = _ask(admin, "", "", DELETE)
        assert "Delete 7 records?" in question.text
        assert "Deleted 7 records" in _walked(admin, question, DELETE)[-1].text
        assert len(_left(site)) == ROWS - 7

    def test_those_that_are_kept_count_too(self, make_host: MakeHost) -> None:
        site = _site(make_host, scope=_odd_first, can_delete_item=lambda view, user, item: item.id != 7)
        admin = site.admin()
        last = _walked(admin, _ask(admin, "", "", DELETE), DELETE)[-1]
        assert "Deleted 6 records" in last.text
        assert len(_left(site)) == ROWS - 6


class TestRights:
    """Scope, rights and filters are asked at every step; what is sent cannot be made up."""

    def test_rows_out_of_scope_are_not_met(self, make_host: MakeHost) -> None:
        def scope(view: Any, query: Any, user: Any) -> Any:
            return query.where(view.datamodel.model.id > 3)

        site = _site(make_host, scope=scope)
        admin = site.admin()
        _walked(admin, _ask(admin))
        assert sorted(_marked(site)) == list(range(4, 13))

    def test_a_scope_that_shrinks_holds_from_the_next_step_on(self, make_host: MakeHost) -> None:
        least = [0]
        site = _site(make_host, scope=lambda view, query, user: query.where(view.datamodel.model.id > least[0]))
        admin = site.admin()
        first = _send(admin, _ask(admin))
        least[0] = 10
        _walked(admin, first)
        assert _calls(site) == [[1, 2, 3, 4, 5], [11, 12]]

    def test_a_right_that_is_taken_away_ends_it(self, site: Site) -> None:
        site.user("olga", ("can_list", "CustomerView"), ("stamp", "CustomerView"))
        olga = site.sign_in("olga")
        first = _send(olga, _ask(olga))
        with site.app.app_context():
            role = site.sm.find_role("role of olga")
            site.sm.del_permission_role(role, site.sm.find_permission_view_menu("stamp", "CustomerView"))
        assert _send(olga, first).status_code == 403
        assert _calls(site) == [[1, 2, 3, 4, 5]]

    def test_who_may_not_do_it_or_may_not_list_is_refused(self, site: Site) -> None:
        site.user("olga", ("can_list", "CustomerView"))
        site.user("ida", ("stamp", "CustomerView"))
        assert _ask(site.sign_in("olga")).status_code == 403
        assert _ask(site.sign_in("ida")).status_code == 403
        assert _ask(site.sign_in("olga"), url=DELETE).status_code == 403

    def test_a_filter_of_a_column_that_the_person_does_not_meet_is_refused(self, make_host: MakeHost) -> None:
        def can_access_field(view: Any, user: Any, column: str, action: str) -> bool:
            return column != "email"

        site = _site(make_host, can_access_field=can_access_field)
        answer = _ask(site.admin(), asked="email__ct=c5")
        assert answer.status_code == 400
        assert "The list has no such filter" in answer.text

    def _token(self, browser: Browser, name: str = "stamp") -> MultiDict[str, str]:
        return sent_form(_ask(browser, name).text, BULK)

    def test_nobody_else_can_send_it(self, site: Site) -> None:
        sent = self._token(site.admin())
        site.user("olga", ("can_list", "CustomerView"), ("stamp", "CustomerView"))
        olga = site.sign_in("olga")
        sent["csrf_token"] = olga.token()
        assert olga.client.post(BULK, data=sent).status_code == 400
        assert _calls(site) == []

    def test_it_holds_for_its_own_action_alone(self, site: Site) -> None:
        admin = site.admin()
        sent = self._token(admin)
        sent["action"] = "rename"
        assert admin.client.post(BULK, data=sent).status_code == 400
        assert admin.client.post(DELETE, data=sent).status_code == 400
        assert _calls(site) == []
        assert len(_left(site)) == ROWS

    @pytest.mark.parametrize("forge", ["", "x", "signed", "changed"])
    def test_a_made_up_one_is_refused(self, site: Site, forge: str) -> None:
        admin = site.admin()
        sent = self._token(admin)
        made = {
            "signed": URLSafeTimedSerializer("another secret").dumps({"view": "CustomerView"}),
            "changed": sent["_run"][:-4] + "AAAA",
        }
        sent["_run"] = made.get(forge, forge)
        assert admin.client.post(BULK, data=sent).status_code == 400
        assert _calls(site) == []

    def test_an_old_one_is_refused(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        admin = site.admin()
        sent = self._token(admin)
        monkeypatch.setattr("appbuilder_lite.web.runs.STEP_SECONDS", -1)
        assert admin.client.post(BULK, data=sent).status_code == 400
        assert _calls(site) == []

    def test_without_a_csrf_token_nothing_runs(self, site: Site) -> None:
        admin = site.admin()
        sent = self._token(admin)
        sent["csrf_token"] = "old"
        answer = admin.client.post(BULK, data=sent, headers={"Origin": "http://localhost"})
        assert answer.status_code == 400
        assert _calls(site) == []
        assert _send(admin, answer).status_code == 200
        assert _calls(site) == [[1, 2, 3, 4, 5]]


class TestDelete:
    """All that match are deleted by the same question, with their number typed."""

    def _ask(self, browser: Browser, asked: str = "") -> TestResponse:
        return _ask(browser, "", asked, DELETE)

    def test_few_are_asked_about_and_go(self, site: Site) -> None:
        admin = site.admin()
        question = self._ask(admin, "name__ct=00&search=Customer+001")
        assert "Delete 1 record?" in question.text
        question = self._ask(admin, "name__ct=01")
        assert "Delete 3 records?" in question.text
        assert len(_left(site)) == ROWS
        assert _send(admin, question, DELETE).location == f"{LIST}?name__ct=01"
        assert _left(site) == [1, *range(3, 11)]
        assert "Deleted 3 records" in admin.get(LIST).text

    def test_of_many_the_number_is_typed(self, make_host: MakeHost) -> None:
        site = _site(make_host, rows=60)
        admin = site.admin()
        question = self._ask(admin)
        assert "Type 60 to delete them" in question.text
        assert "What becomes of other records is not looked up for so many." in question.text
        again = _send(admin, question, DELETE, typed="6")
        assert again.status_code == 422
        assert 'value="6"' in again.text
        assert len(_left(site)) == 60
        answers = _walked(admin, again, DELETE, typed="60")
        assert len(answers) == 12
        assert "Deleted 60 records" in answers[-1].text
        assert _left(site) == []

    def test_more_than_were_asked_about_are_not_deleted(self, site: Site) -> None:
        admin = site.admin()
        question = self._ask(admin, "name__ct=Customer+001")
        with site.app.app_context():
            model = site.models.Customer
            site.db.session.execute(sa.update(model).where(model.id < 9).values(name="Customer 001"))
            site.db.session.commit()
        again = _send(admin, question, DELETE)
        assert again.status_code == 409
        assert "Meanwhile there are more of them: nothing was deleted." in again.text
        # The one that was asked about last, the second, bounds them still.
        assert "Delete 2 records?" in again.text
        assert len(_left(site)) == ROWS
        assert _send(admin, again, DELETE).status_code == 302
        assert _left(site) == list(range(3, ROWS + 1))

    def test_rows_that_come_behind_the_last_are_no_reason_to_ask_again(self, site: Site) -> None:
        admin = site.admin()
        question = self._ask(admin, "name__ct=01")
        with site.app.app_context():
            site.db.session.add(site.models.Customer(name="Late 01"))
            site.db.session.commit()
        assert _send(admin, question, DELETE).status_code == 302
        assert _left(site) == [1, *range(3, 11), 13]

    def test_none_is_left_of_those_that_were_asked_about(self, site: Site) -> None:
        admin = site.admin()
        question = self._ask(admin, "name__ct=01")
        with site.app.app_context():
            site.db.session.execute(sa.update(site.models.Customer).values(name="Renamed"))
            site.db.session.commit()
        assert _send(admin, question, DELETE).status_code == 302
        assert len(_left(site)) == ROWS
        assert "No row is selected" in admin.get(LIST).text

    def test_a_record_that_stays_is_told_and_keeps_no_other(self, make_host: MakeHost) -> None:
        site = _site(make_host, can_delete_item=lambda view, user, item: item.id != 7)
        admin = site.admin()
        last = _walked(admin, self._ask(admin), DELETE)[-1]
        assert "Customer 006 was kept: You cannot delete this customer" in last.text
        assert _left(site) == [7]

    def test_who_may_not_delete_is_refused(self, site: Site) -> None:
        site.user("olga", ("can_list", "CustomerView"), ("can_edit", "CustomerView"))
        assert self._ask(site.sign_in("olga")).status_code == 403
        assert len(_left(site)) == ROWS
