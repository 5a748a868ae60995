"""Somebody changes a record while another person is asked about it: nothing is deleted or done that was not meant."""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, Rejected, SQLAInterface, action
from appbuilder_lite.resource.together import delete_together
from appbuilder_lite.web import bulk_delete
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import paper_site, site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

BASE = "/admin/orderview"
DELETE = f"{BASE}/delete/1"
BULK = f"{BASE}/delete_selected"
ACT = f"{BASE}/action_post"
LIST = f"{BASE}/list/"
KEPT = "was kept: Somebody else has changed it since you were asked."


class RenumberForm(wtforms.Form):
    """What an action asks for."""

    prefix = wtforms.StringField()


def _view(site: Site, **options: Any) -> type[ModelView]:
    class OrderView(ModelView):
        datamodel = SQLAInterface(site.models.Order)
        list_columns = ["number", "customer"]

        @action("each", "Each", "Do it?", each=True)
        def each(self, order: Any) -> None:
            order.number += "!"

        @action("all", "All", form=RenumberForm, all_matching=True)
        def together(self, orders: Any, form: Any) -> None:
            for order in orders if isinstance(orders, list) else [orders]:
                order.number = form.prefix.data + order.number

        @action("now", "Now", each=True)
        def now(self, order: Any) -> None:
            order.number += "?"

        @action("never", "Never", "Do it?", form=RenumberForm)
        def never(self, orders: Any, form: Any) -> None:
            raise Rejected("Not today")

    for name, value in options.items():
        setattr(OrderView, name, value)
    return OrderView


def _site(make_host: MakeHost, rows: int = 6, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        return [_view(site, **options), type("CustomerView", (ModelView,), {"datamodel": _customers(site)})]

    return site_of(make_host, declare, rows=rows)


def _customers(site: Site) -> SQLAInterface:
    return SQLAInterface(site.models.Customer)


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return _site(make_host)


def _change(site: Site, key: int = 1, **values: Any) -> None:
    """Somebody else changes an order."""
    with site.app.app_context():
        order = site.db.session.get(site.models.Order, key)
        for name, value in values.items():
            setattr(order, name, value)
        site.db.session.commit()


def _change_elsewhere(site: Site, key: int = 1, **values: Any) -> None:
    """The same in a connection of its own, and done before it returns."""
    thread = threading.Thread(target=_change, args=(site, key), kwargs=values)
    thread.start()
    thread.join()


def _numbers(site: Site) -> dict[int, str]:
    with site.app.app_context():
        order = site.models.Order
        found = site.db.session.execute(sa.select(order.id, order.number).order_by(order.id))
        return {row.id: row.number for row in found}


def _ask(browser: Browser, keys: Iterable[int], url: str = BULK, **data: Any) -> TestResponse:
    rows = [str(key) for key in keys]
    return browser.client.post(url, data={"csrf_token": browser.token(), "rowid": rows, **data})


def _answer(browser: Browser, page: TestResponse, url: str, **typed: str) -> TestResponse:
    """Press the button of a question."""
    sent = sent_form(page.text, url)
    for name, value in typed.items():
        sent[name] = value
    return browser.client.post(url, data=sent)


def _said(browser: Browser) -> str:
    return unescape(re.sub(r"<[^>]+>", "", browser.get(LIST).text))


class TestOne:
    """The question before one record is deleted."""

    def test_it_comes_again_with_what_has_changed_and_then_deletes(self, site: Site) -> None:
        admin = site.admin()
        question = admin.get(DELETE)
        _change(site, number="Theirs", customer_id=2)
        again = _answer(admin, question, DELETE)
        text = unescape(again.text)
        assert again.status_code == 409
        assert "Somebody else has changed this record since you were asked. Nothing was deleted." in text
        assert "This cannot be undone." in text
        assert "<dt>Number</dt><dd>“A00000” before, “Theirs” now</dd>" in text
        assert "<dt>Customer</dt><dd>“Customer 000” before, “Customer 001” now</dd>" in text
        assert "Delete “Theirs”?" in text
        assert _numbers(site)[1] == "Theirs"
        assert _answer(admin, again, DELETE).status_code == 302
        assert 1 not in _numbers(site)

    def test_a_second_change_is_noticed_too(self, site: Site) -> None:
        admin = site.admin()
        question = admin.get(DELETE)
        _change(site, number="Theirs")
        again = _answer(admin, question, DELETE)
        _change(site, number="Others")
        third = _answer(admin, again, DELETE)
        assert third.status_code == 409
        assert "“Theirs” before, “Others” now" in unescape(third.text)

    def test_a_change_between_the_reading_and_the_delete_is_noticed(self, site: Site) -> None:
        admin = site.admin()
        question = admin.get(DELETE)
        with site.app.app_context():
            view = next(iter(site.app.extensions["appbuilder_lite"].values())).views["OrderView"]
        read = view.resource.get_for

        def read_then_change(*args: Any, **more: Any) -> Any:
            item = read(*args, **more)
            _change_elsewhere(site, number="Theirs")
            return item

        view.resource.get_for = read_then_change
        try:
            again = _answer(admin, question, DELETE)
        finally:
            del view.resource.get_for
        assert again.status_code == 409
        assert "“A00000” before, “Theirs” now" in unescape(again.text)
        assert _numbers(site)[1] == "Theirs"
        assert _answer(admin, again, DELETE).status_code == 302

    def test_what_the_person_does_not_meet_is_none_of_it(self, make_host: MakeHost) -> None:
        def meets(self: Any, user: Any, column: str, action: str) -> bool:
            return column != "customer"

        site = _site(make_host, can_access_field=meets)
        admin = site.admin()
        question = admin.get(DELETE)
        assert "Customer" not in "".join(re.findall(r'name="_(?:asked|was)" value="([^"]*)"', question.text))
        _change(site, customer_id=2)
        assert _answer(admin, question, DELETE).status_code == 302

    @pytest.mark.parametrize("sent", ["", "nonsense", "number=0", "x" * 200_000, "%00=1", "number=" + "f" * 16])
    def test_digests_that_nobody_made_delete_nothing(self, site: Site, sent: str) -> None:
        admin = site.admin()
        assert _answer(admin, admin.get(DELETE), DELETE, _asked=sent).status_code == 409
        assert 1 in _numbers(site)

    @pytest.mark.parametrize("whose", ["another record", "another person"])
    def test_digests_are_worth_nothing_elsewhere(self, make_host: MakeHost, whose: str) -> None:
        def meets(self: Any, user: Any, column: str, action: str) -> bool:
            return column != "number"

        site = _site(make_host, can_access_field=meets)
        with site.app.app_context():
            site.db.session.execute(sa.update(site.models.Order).values(customer_id=1))
            site.db.session.commit()
        admin = site.admin()
        site.user("olga", roles=("Admin",))
        browser, url = (admin, f"{BASE}/delete/2") if whose == "another record" else (site.sign_in("olga"), DELETE)
        digests = sent_form(browser.get(url).text, url)["_asked"]
        assert digests
        assert _answer(admin, admin.get(DELETE), DELETE, _asked=digests).status_code == 409
        assert 1 in _numbers(site)

    def test_an_answer_without_digests_is_not_compared(self, site: Site) -> None:
        admin = site.admin()
        assert admin.client.post(DELETE, data={"csrf_token": admin.token()}).status_code == 302
        assert 1 not in _numbers(site)

    def test_a_question_that_has_expired_remembers_what_it_was_about(self, site: Site) -> None:
        admin = site.admin()
        sent = sent_form(admin.get(DELETE).text, DELETE)
        _change(site, number="Theirs")
        sent["csrf_token"] = "none"
        expired = admin.client.post(DELETE, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
        assert expired.status_code == 400
        assert _answer(admin, expired, DELETE).status_code == 409

    def test_it_costs_no_statement_more(self, site: Site, count_statements: CountStatements) -> None:
        admin = site.admin()
        assert admin.client.post(DELETE, data={"csrf_token": admin.token()}).status_code == 302
        with count_statements() as bare:
            admin.client.post(f"{BASE}/delete/2", data={"csrf_token": admin.token()})
        third = f"{BASE}/delete/3"
        question = admin.get(third)
        with count_statements() as now:
            admin.token()
            assert _answer(admin, question, third).status_code == 302
        assert len(now) == len(bare), now.texts


class TestVersion:
    """A model that keeps a version of its records."""

    def test_it_counts_and_tells_nothing_of_what_is_not_shown(self, make_host: MakeHost) -> None:
        site = paper_site(make_host)
        admin, url = site.admin(), "/admin/paperview/delete/1"
        question = admin.get(url)
        with site.app.app_context():
            site.db.session.get(site.models.Paper, 1).other = "Theirs"
            site.db.session.commit()
        again = _answer(admin, question, url)
        assert again.status_code == 409
        assert "Theirs" not in again.text
        assert _answer(admin, again, url).status_code == 302
        assert site.count(site.models.Paper) == 0

    @pytest.mark.parametrize("is_asked", [True, False])
    def test_a_delete_that_comes_too_late_asks_again(self, make_host: MakeHost, is_asked: bool) -> None:
        def pre_delete(self: Any, item: Any) -> None:
            table = type(item).__table__
            self.datamodel.session.execute(sa.update(table).values(version=99))

        site = paper_site(make_host, pre_delete=pre_delete)
        admin, url = site.admin(), "/admin/paperview/delete/1"
        question = admin.get(url)
        sent = sent_form(question.text, url) if is_asked else {"csrf_token": admin.token()}
        again = admin.client.post(url, data=sent)
        assert again.status_code == 409
        assert 'name="_asked"' in again.text
        assert site.count(site.models.Paper) == 1


class TestTicked:
    """The question before several are deleted."""

    def test_those_that_changed_are_kept_and_named(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin, [1, 2, 3])
        _change(site, 2, number="Theirs")
        assert _answer(admin, question, BULK).status_code == 302
        assert set(_numbers(site)) == {2, 4, 5, 6}
        said = _said(admin)
        assert "Deleted 2 records" in said
        assert f"Theirs {KEPT}" in said

    def test_of_one_it_comes_again(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin, [1])
        _change(site, number="Theirs")
        again = _answer(admin, question, BULK)
        assert again.status_code == 409
        assert "“A00000” before, “Theirs” now" in unescape(again.text)
        assert _answer(admin, again, BULK).status_code == 302
        assert 1 not in _numbers(site)

    @pytest.mark.parametrize("options", [{}, {"pre_delete": lambda self, item: None}], ids=["one step", "each"])
    def test_a_change_just_before_the_delete_is_noticed(
        self, make_host: MakeHost, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site = _site(make_host, **options)
        admin = site.admin()
        question = _ask(admin, [1, 2, 3])

        def change_then_delete(*args: Any) -> Any:
            _change_elsewhere(site, 2, number="Theirs")
            return delete_together(*args)

        monkeypatch.setattr(bulk_delete, "delete_together", change_then_delete)
        assert _answer(admin, question, BULK).status_code == 302
        assert _numbers(site) == {2: "Theirs", 4: "A00003", 5: "A00004", 6: "A00005"}
        assert KEPT in _said(admin)

    def test_the_page_stays_small_and_the_delete_cheap(
        self, make_host: MakeHost, count_statements: CountStatements
    ) -> None:
        site = _site(make_host, rows=110)
        admin = site.admin()
        token = admin.token()
        bare = {"csrf_token": token, "confirmed": "1", "rowid": [str(key) for key in range(1, 51)]}
        with count_statements() as without:
            assert admin.client.post(BULK, data=bare).status_code == 302
        question = _ask(admin, range(51, 101))
        digests = sent_form(question.text, BULK)["_seen"]
        assert len(digests) == 50 * 17 - 1
        with count_statements() as now:
            assert _answer(admin, question, BULK).status_code == 302
        assert len(now) == len(without), now.texts
        assert len(_numbers(site)) == 10


class TestActions:
    """The question before an action."""

    def test_each_for_itself_leaves_those_alone_that_changed(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin, [1, 2, 3], ACT, action="each")
        _change(site, 2, number="Theirs")
        assert _answer(admin, question, ACT).status_code == 302
        assert list(_numbers(site).values())[:3] == ["A00000!", "Theirs", "A00002!"]
        assert f"Theirs {KEPT}" in _said(admin)

    def test_all_or_none_asks_again_with_what_was_typed(self, site: Site) -> None:
        admin = site.admin()
        question = _ask(admin, [1, 2, 3], ACT, action="all")
        _change(site, 2, number="Theirs")
        again = _answer(admin, question, ACT, prefix="Mine-")
        text = unescape(again.text)
        assert again.status_code == 409
        assert "Somebody else has changed these records since you were asked. Nothing was done." in text
        assert re.findall(r"<li>([^<]*)</li>\s*</ul>", text.partition("Nothing was done.")[2]) == ["Theirs"]
        assert 'value="Mine-"' in text
        assert _numbers(site)[1] == "A00000"
        assert _answer(admin, again, ACT).status_code == 302
        assert list(_numbers(site).values())[:3] == ["Mine-A00000", "Mine-Theirs", "Mine-A00002"]

    @pytest.mark.parametrize("name", ["each", "all"])
    def test_of_one_record_it_tells_field_by_field(self, site: Site, name: str) -> None:
        admin, url = site.admin(), f"{BASE}/action/{name}/1"
        question = _ask(admin, [], url)
        _change(site, number="Theirs")
        again = _answer(admin, question, url)
        assert again.status_code == 409
        assert "“A00000” before, “Theirs” now" in unescape(again.text)
        assert _answer(admin, again, url, prefix="Mine-").status_code == 302
        assert _numbers(site)[1] in {"Theirs!", "Mine-Theirs"}

    def test_a_change_after_the_reading_is_noticed(self, make_host: MakeHost) -> None:
        races: list[Callable[[], None]] = []

        def records(self: Any, keys: Sequence[str]) -> Sequence[Any]:
            found = ModelView.records(self, keys)
            while races:
                races.pop()()
            return found

        site = _site(make_host, records=records)
        admin = site.admin()
        for name, expected in (("each", 302), ("all", 409)):
            question = _ask(admin, [1, 2], ACT, action=name)
            races.append(lambda name=name: _change_elsewhere(site, 2, number=f"Theirs {name}"))  # type: ignore[misc]  # mypy knows no default of a lambda
            answer = _answer(admin, question, ACT, prefix="Mine-")
            assert answer.status_code == expected
        assert list(_numbers(site).values())[:2] == ["A00000!", "Theirs all"]

    def test_a_refusal_keeps_what_the_question_was_about(self, site: Site) -> None:
        admin = site.admin()
        refused = _answer(admin, _ask(admin, [1, 2], ACT, action="never"), ACT)
        assert refused.status_code == 422
        _change(site, 2, number="Theirs")
        assert _answer(admin, refused, ACT).status_code == 409

    def test_one_without_a_question_runs_at_once(self, site: Site) -> None:
        admin = site.admin()
        assert _ask(admin, [1, 2], ACT, action="now").status_code == 302
        assert list(_numbers(site).values())[:2] == ["A00000?", "A00001?"]

    def test_all_that_match_are_not_more_than_were_asked_about(self, site: Site) -> None:
        admin = site.admin()
        asked = {"action": "all", "_all": "number__ct=A0000"}
        _change(site, 2, number="Other")
        question = _ask(admin, [], ACT, **asked)
        assert "It is about 5 records" in question.text
        _change(site, 2, number="A0000x")
        again = _answer(admin, question, ACT, prefix="Mine-")
        assert again.status_code == 409
        assert "Meanwhile there are more of them. Nothing was done." in again.text
        assert "It is about 6 records" in again.text
        assert 'value="Mine-"' in again.text
        assert _numbers(site)[1] == "A00000"
        assert _answer(admin, again, ACT).status_code == 302
        assert _numbers(site)[2] == "Mine-A0000x"


def test_what_is_gone_since_the_question_holds_up_no_other_record(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        @action("mark", "Mark", "Sure?", each=True)
        def mark(self: Any, item: Any) -> None:
            item.name = f"{item.name} marked"

        options = {"datamodel": SQLAInterface(site.models.Tag), "list_columns": ["name"], "mark": mark}
        return [type("TagView", (ModelView,), options)]

    site = site_of(make_host, declare)
    admin, url = site.admin(), "/admin/tagview/action_post"
    data = {"csrf_token": admin.token(), "action": "mark", "rowid": ["1", "2"]}
    answer = sent_form(admin.client.post(url, data=data).text, url)
    with site.app.app_context():
        site.db.session.execute(sa.text("DELETE FROM customer_tag WHERE tag_id = 2"))
        site.db.session.execute(sa.text("DELETE FROM tag WHERE id = 2"))
        site.db.session.commit()
    assert admin.client.post(url, data=answer).status_code == 302
    page = admin.get("/admin/tagview/list/").text
    assert "1 record does not exist any more" in page
    assert "loyal marked" in page
    # Nothing is guessed for who was never asked.
    assert admin.client.post(url, data={**data, "confirmed": "1"}).status_code == 404
