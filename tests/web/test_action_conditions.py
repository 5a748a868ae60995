"""Actions that are for some records only, that go on without those that are refused, and that want a form filled in."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
import wtforms
from wtforms.validators import Length

from appbuilder_lite import ModelView, Rejected, SQLAInterface, action
from appbuilder_lite.errors import ConfigurationError
from appbuilder_lite.web import all_matching
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import held_back, sent_form
from tests.web.site import Browser, Site

BASE = "/admin/customerview"
BULK = f"{BASE}/action_post"
LIST = f"{BASE}/list/"


class NoteForm(wtforms.Form):
    """What is noted."""

    note = wtforms.StringField("Note", [Length(3, 20)])
    loud = wtforms.BooleanField("Loud")


def _declare(site: Site) -> list[type[Any]]:
    calls: list[Any] = site.made.setdefault("calls", [])

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)
        list_columns = ["name"]

        def is_even(self, item: Any) -> bool:
            return bool(item.id % 2 == 0)

        @action("odd", "Odd one", condition=lambda item: item.id % 2)
        def odd(self, items: Any) -> None:
            calls.append([item.id for item in items] if isinstance(items, Sequence) else items.id)

        @action("even", "Even one", confirmation="Sure?", condition="is_even")
        def even(self, items: Any) -> None:
            calls.append([item.id for item in items] if isinstance(items, Sequence) else items.id)

        @action("each", "Each one", each=True)
        def each(self, item: Any) -> None:
            item.notes = "each"
            site.db.session.flush()
            if item.id == 2:
                item.name = "changed"
                site.db.session.flush()
                raise Rejected("Not the second")
            if item.id == 3:
                item.email = "c0@example.org"

        @action("note", "Note", form=NoteForm, all_matching=True)
        def note(self, items: Any, form: NoteForm) -> None:
            if form.note.data == "never":
                raise Rejected("Not that word", field="note")
            for item in items if isinstance(items, Sequence) else [items]:
                item.notes = f"{form.note.data}{'!' if form.loud.data else ''}"

    return [CustomerView]


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    """A site of six customers with these actions."""
    return site_of(make_host, _declare)


def _post(browser: Browser, url: str, **data: Any) -> Any:
    return browser.client.post(url, data={"csrf_token": browser.token(), **data})


def _of(site: Site, name: str) -> dict[int, Any]:
    with site.app.app_context():
        customer = site.models.Customer
        return {row.id: getattr(row, name) for row in site.db.session.query(customer).order_by(customer.id)}


class TestCondition:
    """An action for some records only."""

    def test_the_menu_of_a_row_and_the_record_have_it_where_it_is_for_them(self, site: Site) -> None:
        admin = site.admin()
        listed = admin.get(LIST).text
        assert re.findall(rf'formaction="{BASE}/action/odd/(\d)"', listed) == ["1", "3", "5"]
        assert re.findall(rf'formaction="{BASE}/action/even/(\d)"', listed) == ["2", "4", "6"]
        assert 'value="odd"' in listed
        first, second = (admin.get(f"{BASE}/show/{key}").text for key in (1, 2))
        assert ("Odd one" in first, "Even one" in first) == (True, False)
        assert ("Odd one" in second, "Even one" in second) == (False, True)

    @pytest.mark.parametrize(("name", "key"), [("odd", 2), ("even", 1)])
    @pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
    def test_one_record_that_it_is_not_for_is_refused(
        self, site: Site, name: str, key: int, confirmed: dict[str, str]
    ) -> None:
        answer = _post(site.admin(), f"{BASE}/action/{name}/{key}", **confirmed)
        assert answer.status_code == 403
        assert "is not for it" in answer.text
        assert site.made["calls"] == []

    def test_ticked_rows_that_it_is_not_for_are_told_and_left_out(self, site: Site) -> None:
        admin = site.admin()
        assert _post(admin, BULK, action="odd", rowid=["1", "2", "3"]).status_code == 302
        assert site.made["calls"] == [[1, 3]]
        assert "Customer 001 was kept: “Odd one” is not for it" in admin.get(LIST).text

    def test_where_it_is_for_none_nothing_runs(self, site: Site) -> None:
        admin = site.admin()
        assert _post(admin, BULK, action="odd", rowid=["2", "4"]).status_code == 302
        assert site.made["calls"] == []
        assert admin.get(LIST).text.count("is not for it") == 2

    def test_a_list_costs_no_more_for_it(self, make_host: MakeHost, count_statements: CountStatements) -> None:
        counts, admin = [], site_of(make_host, _declare, rows=30).admin()
        for size in (10, 25):
            admin.get(f"{LIST}?page_size={size}")
            with count_statements() as seen:
                admin.get(f"{LIST}?page_size={size}")
            counts.append(len(seen))
        assert counts == [3, 3]


class TestEach:
    """One that is refused holds up no other."""

    def test_the_rest_is_done_and_those_that_were_kept_say_why(self, site: Site) -> None:
        admin = site.admin()
        assert _post(admin, BULK, action="each", rowid=["1", "2", "3", "4"]).status_code == 302
        page = admin.get(LIST).text
        assert "Each one: 2 records" in page
        assert "Customer 001 was kept: Not the second" in page
        assert "Customer 002 was kept: There is already a record with these values." in page
        notes = _of(site, "notes")
        assert [key for key in notes if notes[key] == "each"] == [1, 4]
        assert "changed" not in _of(site, "name").values()

    def test_of_one_record_the_reason_is_told(self, site: Site) -> None:
        admin = site.admin()
        _post(admin, f"{BASE}/action/each/2")
        assert "Not the second" in admin.get(LIST).text
        assert _of(site, "notes")[2] is None

    def test_more_than_ten_are_counted(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class CustomerView(ModelView):
                datamodel = SQLAInterface(site.models.Customer)

                @action("refuse", "Refuse", each=True)
                def refuse(self, item: Any) -> None:
                    raise Rejected("no")

            return [CustomerView]

        site = site_of(make_host, declare, rows=13)
        admin = site.admin()
        _post(admin, BULK, action="refuse", rowid=[str(key) for key in range(1, 14)])
        page = admin.get(LIST).text
        assert page.count("was kept: no") == 10
        assert "3 more were kept" in page


class TestForm:
    """An action that wants a form filled in first."""

    def test_it_is_asked_for_and_its_answer_runs_the_action(self, site: Site) -> None:
        admin = site.admin()
        asked = _post(admin, BULK, action="note", rowid=["1", "2"])
        assert asked.status_code == 200
        assert held_back(asked.text, BULK) == []
        sent = sent_form(asked.text, BULK)
        assert sent.getlist("rowid") == ["1", "2"]
        sent["note"], sent["loud"] = "Hello", "y"
        assert admin.client.post(BULK, data=sent).status_code == 302
        notes = _of(site, "notes")
        assert [notes[1], notes[2], notes[3]] == ["Hello!", "Hello!", None]

    def test_what_is_wrong_comes_back_with_ticks_and_text(self, site: Site) -> None:
        admin = site.admin()
        answer = _post(admin, BULK, action="note", rowid=["1", "2"], confirmed="1", note="<a", loud="y")
        assert answer.status_code == 422
        sent = sent_form(answer.text, BULK)
        assert (sent.getlist("rowid"), sent["note"], sent["loud"]) == (["1", "2"], "<a", "y")
        assert "between 3 and 20 characters" in answer.text
        assert set(_of(site, "notes").values()) == {None}

    def test_a_refusal_stands_at_its_field(self, site: Site) -> None:
        admin = site.admin()
        url = f"{BASE}/action/note/1"
        answer = _post(admin, url, confirmed="1", note="never")
        assert answer.status_code == 422
        assert 'id="note-error"' in answer.text
        assert sent_form(answer.text, url)["note"] == "never"

    def test_its_buttons_open_a_dialog(self, site: Site) -> None:
        assert re.search(r'value="note"[^>]* data-dialog', site.admin().get(LIST).text)

    def test_an_old_token_keeps_what_was_typed(self, site: Site) -> None:
        data = {"csrf_token": "old", "action": "note", "rowid": "1", "confirmed": "1", "note": "Hello"}
        again = site.admin().client.post(BULK, data=data, headers={"Origin": "http://localhost"})
        assert again.status_code == 400
        assert sent_form(again.text, BULK)["note"] == "Hello"
        assert set(_of(site, "notes").values()) == {None}

    def test_it_goes_along_with_every_batch(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(all_matching, "BATCH", 4)
        admin = site.admin()
        sent = sent_form(_post(admin, BULK, action="note", _all="").text, BULK)
        sent["note"] = "a"
        wrong = admin.client.post(BULK, data=sent)
        assert wrong.status_code == 422
        sent = sent_form(wrong.text, BULK)
        sent["note"], sent["loud"] = "All of you", "y"
        page = admin.client.post(BULK, data=sent)
        assert list(_of(site, "notes").values()) == ["All of you!"] * 4 + [None] * 2
        assert "Note: 6 records" in admin.client.post(BULK, data=sent_form(page.text, BULK)).text
        assert set(_of(site, "notes").values()) == {"All of you!"}


class Where(wtforms.Form):
    """A form within a form."""

    street = wtforms.StringField(default="nowhere")


class NestedForm(wtforms.Form):
    """Fields within fields."""

    lines = wtforms.FieldList(wtforms.StringField(), min_entries=2)
    address = wtforms.FormField(Where)
    hint = wtforms.HiddenField(default="hidden")


def test_each_batch_gets_the_fields_within_fields_as_they_were_typed(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    got: list[dict[str, Any]] = []

    def declare(site: Site) -> list[type[Any]]:
        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)

            @action("send", "Send", form=NestedForm, all_matching=True)
            def send(self, items: Any, form: NestedForm) -> None:
                got.append(form.data)

        return [CustomerView]

    monkeypatch.setattr(all_matching, "BATCH", 4)
    admin = site_of(make_host, declare).admin()
    sent = sent_form(_post(admin, BULK, action="send", _all="").text, BULK)
    sent["lines-0"], sent["lines-1"], sent["address-street"] = "one", "two", "High Street"
    page = admin.client.post(BULK, data=sent)
    admin.client.post(BULK, data=sent_form(page.text, BULK))
    assert got == [{"lines": ["one", "two"], "address": {"street": "High Street"}, "hint": "hidden"}] * 2


class FileForm(wtforms.Form):
    """Cannot be sent on."""

    file = wtforms.FileField("File")


class ClashForm(wtforms.Form):
    """Has a name that is taken."""

    rowid = wtforms.StringField("Row")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"condition": "is_paid"}, "'is_paid' is neither a function nor the name of a method"),
        ({"condition": 7}, "7 is neither"),
        ({"form": dict}, "is no form class"),
        ({"form": ClashForm}, "ClashForm.rowid"),
        ({"form": FileForm, "all_matching": True}, "FileForm.file cannot be sent on"),
        ({"multiple": False, "all_matching": True}, "one record only"),
    ],
)
def test_a_mistaken_mark_is_told_at_start(make_host: MakeHost, options: dict[str, Any], message: str) -> None:
    def declare(site: Site) -> list[type[Any]]:
        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)

            @action("ship", "Ship", **options)
            def ship(self, items: Any) -> None:
                """Never runs."""

        return [CustomerView]

    with pytest.raises(ConfigurationError) as caught:
        site_of(make_host, declare)
    (problem,) = caught.value.problems
    assert problem.id == "AB217"
    assert problem.where.endswith("CustomerView.ship")
    assert message in problem.message
