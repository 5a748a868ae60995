"""A record is deleted while somebody edits it, or asks to delete it: what was typed is kept, and nothing is told."""

import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Boolean, Column
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from appbuilder_lite import CompactCRUDMixin, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterStartsWith
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.order_lines import ROWS, lines, order_site
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

pytestmark = pytest.mark.databases

BASE = "/admin/customerview"
EDIT, ADD = f"{BASE}/edit/1", f"{BASE}/add"
GONE = "This record is no longer there: it was deleted while you edited it, or it is not for you to see any more."
NONE = "This customer does not exist or was deleted"


def gone_site(make_host: MakeHost, *bases: type[Any], **options: Any) -> Site:
    """Customers of whom the form of a new one has no notes; those whose name begins with an X are nobody's."""

    def declare(site: Site) -> list[type[Any]]:
        site.models.Customer.is_deleted = Column(Boolean, nullable=False, default=False)
        attributes = {
            "datamodel": SQLAInterface(site.models.Customer),
            "base_filters": [["name", FilterStartsWith, "Cust"]],
            "soft_delete": "is_deleted",
            "list_columns": ["name"],
            "add_columns": ["name", "email", "country", "tags"],
            "edit_columns": ["name", "email", "country", "tags", "notes"],
            **options,
        }
        orders = {"datamodel": SQLAInterface(site.models.Order), "edit_columns": ["number", "customer"]}
        views = [type("CustomerView", (*bases, ModelView), attributes), type("OrderView", (ModelView,), orders)]
        return views

    return site_of(make_host, declare)


def lose(site: Site, how: str = "deleted", key: int = 1) -> None:
    """A customer is deleted, is put into the trash, or leaves what the people here may see."""
    with site.app.app_context():
        customer = site.db.session.get(site.models.Customer, key)
        if how == "deleted":
            site.db.session.query(site.models.Order).filter_by(customer_id=key).delete()
            site.db.session.delete(customer)
        elif how == "in the trash":
            customer.is_deleted = True
        else:
            customer.name = "X"
        site.db.session.commit()


def opened(browser: Browser, url: str = EDIT, **typed: Any) -> MultiDict[str, str]:
    """A form of a page, with what is typed into it."""
    form = sent_form(browser.get(url).text, url.partition("#")[0])
    for name, value in typed.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return form


def newest(site: Site) -> Any:
    with site.app.app_context():
        found = site.db.session.query(site.models.Customer).order_by(site.models.Customer.id.desc()).first()
        return found.name, found.email, found.country_id, [tag.id for tag in found.tags], found.notes


TYPED: dict[str, Any] = {
    "name": "Customer typed",
    "email": "t@example.org",
    "country": "2",
    "tags": ["2"],
    "notes": "Long <words>",
}


@pytest.mark.parametrize("how", ["deleted", "in the trash", "out of scope"])
def test_what_was_typed_comes_back_and_is_saved_as_a_new_record(make_host: MakeHost, how: str) -> None:
    site = gone_site(make_host)
    admin = site.admin()
    form = opened(admin, **TYPED)
    lose(site, how)
    answer = admin.client.post(EDIT, data={**form.to_dict(flat=False), "_continue": "1"})
    text = unescape(answer.text)
    assert answer.status_code == 409
    assert f"{GONE} Nothing was saved. What you typed is below." in text
    assert f'href="{BASE}/list/"' in text
    assert "Back to Customers" in text
    assert "Save as a new record" in text
    assert "Save and continue" not in text
    # What a new record has no field for is to be read, and told.
    assert "Long &lt;words&gt;" in answer.text
    assert "A new record has no such fields: this is not saved." in text
    again = sent_form(answer.text, ADD)
    assert admin.client.post(ADD, data=again).status_code == 302
    assert newest(site) == ("Customer typed", "t@example.org", 2, [2], None)


def test_ways_of_being_gone_are_told_in_the_same_words(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    admin, pages = site.admin(), set()
    for key, how in enumerate(("deleted", "in the trash", "out of scope"), start=4):
        url = f"{BASE}/edit/{key}"
        form = opened(admin, url, name="Mine", email="t@example.org", country="1", tags=[])
        lose(site, how, key)
        page = admin.client.post(url, data=form).text
        for own in (form["_shown"], url):
            page = page.replace(own, "")
        pages.add(re.sub(r'name="csrf_token" value="[^"]*"', "", page))
    assert len(pages) == 1


def test_a_form_that_was_not_shown_to_the_person_tells_nothing(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    site.user("olga", ("can_edit", "CustomerView"), ("can_add", "CustomerView"), ("can_list", "CustomerView"))
    admin, olga = site.admin(), site.sign_in("olga")
    mine, theirs, other = opened(admin), opened(olga), opened(admin, f"{BASE}/edit/2")
    lose(site)
    # None, another record's, another person's, nonsense, and another digest of the same page.
    for token in (None, other["_shown"], theirs["_shown"], "\u00e9\x00", mine["_loaded"]):
        form = mine.copy()
        form.setlist("_shown", [] if token is None else [token])
        answer = admin.client.post(EDIT, data=form)
        assert (answer.status_code, NONE in answer.text, GONE in answer.text) == (404, True, False)
    assert admin.get(EDIT).status_code == 404
    assert admin.client.post(EDIT, data=mine).status_code == 409


def test_who_may_not_add_reads_what_was_typed(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    site.user("olga", ("can_edit", "CustomerView"), ("can_list", "CustomerView"))
    olga = site.sign_in("olga")
    form = opened(olga, **TYPED)
    lose(site)
    answer = olga.client.post(EDIT, data=form)
    assert (answer.status_code, GONE in unescape(answer.text)) == (409, True)
    assert "Save" not in answer.text.partition('class="ab-savebar"')[2].partition("</form>")[0]
    again = sent_form(answer.text, EDIT)
    assert {name: again.getlist(name) for name in TYPED} == {
        name: value if isinstance(value, list) else [value] for name, value in TYPED.items()
    }


def test_the_add_form_judges_what_was_typed_and_its_buttons_keep_it(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    admin = site.admin()
    form = opened(admin, name="", notes="Long words", email="t@example.org")
    lose(site)
    updated = admin.client.post(EDIT, data={**form.to_dict(flat=False), "_update": "country"})
    # Buttons of the page without scripts lead to its own address once more.
    again = admin.client.post(EDIT, data={**sent_form(updated.text, ADD).to_dict(flat=False), "_update": "country"})
    assert [updated.status_code, again.status_code] == [409, 409]
    assert "Long words" in again.text.partition("ab-savebar")[0]
    refused = admin.client.post(ADD, data=sent_form(again.text, ADD))
    assert (refused.status_code, sent_form(refused.text, ADD)["email"]) == (422, "t@example.org")


def test_a_delete_during_the_save_is_told_in_the_same_way(make_host: MakeHost) -> None:
    def delete(_form: Any, _field: Any) -> None:
        for model in (site.models.Order, site.models.Customer):
            site.db.session.execute(sa.delete(model), execution_options={"synchronize_session": False})

    names = ["name", "email", "notes"]
    site = gone_site(make_host, edit_columns=names, add_columns=names, validators_columns={"name": [delete]})
    with site.app.app_context():
        site.db.session.execute(sa.delete(site.models.Order))
        site.db.session.execute(sa.delete(site.db.metadata.tables["customer_tag"]))
        site.db.session.commit()
    admin = site.admin()
    answer = admin.client.post(EDIT, data=opened(admin, name="Customer typed"))
    assert (answer.status_code, GONE in unescape(answer.text)) == (409, True)
    assert sent_form(answer.text, ADD)["name"] == "Customer typed"


def test_a_form_that_is_sent_too_late_comes_back_with_its_token_renewed(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    admin = site.admin()
    form = opened(admin, name="Customer typed")
    lose(site)
    form["csrf_token"] = "old"
    answer = admin.client.post(EDIT, data=form, headers={"Origin": "http://localhost"})
    assert (answer.status_code, GONE in unescape(answer.text)) == (400, True)
    assert admin.client.post(ADD, data=sent_form(answer.text, ADD)).status_code == 302


def test_a_form_beside_its_list_stays_beside_it(make_host: MakeHost) -> None:
    site = gone_site(make_host, CompactCRUDMixin)
    admin = site.admin()
    url = f"{BASE}/list/edit/1?sort=-name"
    form = opened(admin, url, name="Customer typed")
    lose(site)
    answer = admin.client.post(url, data=form)
    assert (answer.status_code, GONE in unescape(answer.text), 'id="list"' in answer.text) == (409, True, True)
    add = f"{BASE}/list/add?sort=-name"
    assert admin.client.post(add, data=sent_form(answer.text, add)).status_code == 302
    assert newest(site)[0] == "Customer typed"


def test_a_form_in_a_dialog_is_that_of_a_new_record(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    admin = site.admin()
    form = sent_form(admin.get(f"{EDIT}?_related=1").text, EDIT)
    form["name"] = "Customer typed"
    lose(site)
    answer = admin.client.post(EDIT, data={**form.to_dict(flat=False), "_related": "script"})
    assert (answer.status_code, "data-anew" in answer.text) == (409, True)
    again = sent_form(answer.text, ADD)
    saved = admin.client.post(ADD, data={**again.to_dict(flat=False), "_related": "script"})
    assert saved.json is not None
    assert saved.json["name"] == "Customer typed"


def order_gone(site: Site) -> None:
    with site.app.app_context():
        site.db.session.query(site.models.Line).delete()
        site.db.session.query(site.models.Order).delete()
        site.db.session.commit()


def test_rows_that_were_typed_are_kept(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin, edit, add = site.admin(), "/admin/orderview/edit/1", "/admin/orderview/add"
    form = opened(admin, edit, **{f"{ROWS}-0-quantity": "61"})
    before = lines(site)
    order_gone(site)
    answer = admin.client.post(edit, data={**form.to_dict(flat=False), "_add_row": ROWS})
    again = sent_form(answer.text, add)
    assert (answer.status_code, again[f"{ROWS}-0-quantity"]) == (409, "61")
    assert len(again.getlist(ROWS)) == len(form.getlist(ROWS)) + 1
    assert admin.client.post(add, data=again).status_code == 302
    with site.app.app_context():
        found = [line.quantity for line in site.db.session.query(site.models.Line).order_by(site.models.Line.id)]
    assert found == [61, *(quantity for _product, quantity in before[1:])]


def answers(site: Site, browser: Browser, url: str, form: Any) -> tuple[int, str]:
    answer: TestResponse = browser.client.post(url, data=form)
    return answer.status_code, answer.headers.get("Location", "")


def test_a_question_about_a_record_that_is_gone_leads_back_to_the_list(make_host: MakeHost) -> None:
    site = gone_site(make_host)
    admin, url = site.admin(), f"{BASE}/delete/1"
    form = opened(admin, url)
    lose(site)
    assert answers(site, admin, url, form) == (302, f"{BASE}/list/")
    assert NONE in admin.get(f"{BASE}/list/").text
    lose(site, "out of scope", 2)
    assert answers(site, admin, f"{BASE}/delete/2", form) == (302, f"{BASE}/list/")
    assert NONE in admin.get(f"{BASE}/list/").text
    # A script that was never asked is told that there is nothing.
    assert admin.client.post(url, data={"csrf_token": form["csrf_token"]}).status_code == 404
