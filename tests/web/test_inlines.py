"""Rows of another model are edited in a form and saved with its record: all of them or nothing."""

import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms.validators import NumberRange

from appbuilder_lite import Rejected
from appbuilder_lite.filters import FilterNotEqual
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.order_lines import (
    ADD,
    EDIT,
    NAMES,
    ROWS,
    chapter_site,
    lines,
    order_site,
    send,
    sent_of,
    sheet_site,
    shown,
    tree_site,
)

LINES = [(1, 5), (2, 7)]
NO_PLUM = [["name", FilterNotEqual, "Plum"]]


def test_rows_are_added_changed_and_removed_in_one_save(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form["number"] = "B1"
    answer = send(
        admin, form, r0={"quantity": "6"}, r1={"_remove": "1"}, r2={"product": "3", "quantity": "8", "note": "ripe"}
    )
    assert answer.status_code == 302
    assert lines(site) == [(1, 6), (3, 8)]
    assert lines(site, 2) == [(1, 9)]
    assert "B1" in admin.get(EDIT).text


def test_a_new_record_gets_its_rows(make_host: MakeHost) -> None:
    site = order_site(make_host, extra=3)
    admin = site.admin()
    form = shown(admin, ADD)
    form["number"] = "N1"
    answer = send(admin, form, ADD, r0={"product": "2", "quantity": "2"}, r2={"product": "4"})
    assert answer.status_code == 302
    with site.app.app_context():
        order = site.db.session.query(site.models.Order).filter_by(number="N1").one()
        found = sorted((line.product.name, line.quantity) for line in order.lines)
    assert found == [("Cherry", 1), ("Pear", 2)]


def test_blank_rows_are_not_saved(make_host: MakeHost) -> None:
    site = order_site(make_host, extra=5)
    admin = site.admin()
    assert send(admin, shown(admin)).status_code == 302
    assert lines(site) == LINES


def test_a_save_that_changes_nothing_writes_nothing(make_host: MakeHost) -> None:
    site = order_site(make_host, order_column="position")
    admin = site.admin()
    form = shown(admin)
    with statements() as seen:
        assert send(admin, form).status_code == 302
    assert [text for text in seen.texts if not text.startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_the_form_costs_the_same_however_many_rows_there_are(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    counts = []
    shown(admin)
    for extra in (0, 20):
        with site.app.app_context():
            model = site.models
            site.db.session.add_all([model.Product(id=100 + number, name=f"P{number}") for number in range(extra)])
            site.db.session.flush()
            site.db.session.add_all([model.Line(order_id=1, product_id=100 + number) for number in range(extra)])
            site.db.session.commit()
        with statements() as seen:
            form = shown(admin)
        with statements() as sent:
            assert send(admin, form).status_code == 302
        counts.append((len(seen), len(sent)))
    assert counts[0] == counts[1]


def test_many_new_rows_look_their_records_up_at_once(make_host: MakeHost) -> None:
    site = order_site(make_host, extra=2)
    admin = site.admin()
    form = shown(admin)
    with statements() as seen:
        assert send(admin, form, r2={"product": "3"}, r3={"product": "4"}).status_code == 302
    asked = [
        text for text in seen.texts if text.startswith("SELECT") and "FROM product " in f"{' '.join(text.split())} "
    ]
    assert len(asked) == 1


def test_a_fault_stands_at_its_row_and_keeps_what_was_typed(make_host: MakeHost) -> None:
    site = order_site(make_host, validators_columns={"quantity": [NumberRange(max=10)]})
    admin = site.admin()
    answer = send(admin, shown(admin), r0={"quantity": "11"}, r2={"quantity": "4", "note": "no product"})
    assert answer.status_code == 422
    form = sent_of(answer)
    assert (form[f"{ROWS}-0-quantity"], form[f"{ROWS}-2-note"]) == ("11", "no product")
    assert f'id="{ROWS}-0-quantity-error"' in answer.text
    assert f'id="{ROWS}-2-product-error"' in answer.text
    assert f'href="#{ROWS}-0-quantity"' in answer.text
    assert lines(site) == LINES


@pytest.mark.databases
@pytest.mark.parametrize(
    ("typed", "place"), [({"product": "1"}, "2-product"), ({"product": "3", "quantity": "13"}, "2-quantity")]
)
def test_what_the_database_refuses_is_told_at_the_row(
    make_host: MakeHost, typed: dict[str, str | None], place: str
) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form["number"] = "B1"
    answer = send(admin, form, r0={"quantity": "6"}, r2=typed)
    assert answer.status_code == 422
    assert f'id="{ROWS}-{place}-error"' in answer.text
    assert sent_of(answer)["number"] == "B1"
    assert lines(site) == LINES
    assert "B1" not in admin.get(EDIT).text


def test_a_row_can_take_the_place_of_a_removed_one(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    answer = send(admin, shown(admin), r0={"_remove": "1"}, r2={"product": "1", "quantity": "2"})
    assert answer.status_code == 302
    assert sorted(lines(site)) == [(1, 2), (2, 7)]


def test_a_refused_record_saves_no_rows(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form["number"] = "A2"
    answer = send(admin, form, r0={"quantity": "6"}, r1={"_remove": "1"}, r2={"product": "3"})
    assert answer.status_code == 422
    assert 'id="number-error"' in answer.text
    assert sent_of(answer)[f"{ROWS}-1-_remove"] == "1"
    assert lines(site) == LINES


def test_another_row_comes_without_scripts_and_nothing_is_lost(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form["number"] = "typed"
    form["_add_row"] = ROWS
    answer = send(admin, form, r2={"product": "3", "note": "kept"})
    assert answer.status_code == 200
    again = sent_of(answer)
    assert again.getlist(ROWS) == ["0", "1", "2", "3"]
    assert (again["number"], again[f"{ROWS}-2-note"], again[f"{ROWS}-2-product"]) == ("typed", "kept", "3")
    assert lines(site) == LINES
    assert send(admin, again, r3={"product": "4"}).status_code == 302
    assert [product for product, _ in lines(site)] == [1, 2, 3, 4]


def test_rows_are_moved_without_scripts(make_host: MakeHost) -> None:
    site = order_site(make_host, order_column="position")
    admin = site.admin()
    form = shown(admin)
    form["_move_row"] = f"{ROWS}:1:up"
    again = sent_of(send(admin, form))
    assert again.getlist(ROWS) == ["1", "0", "2"]
    assert lines(site) == LINES
    assert send(admin, again, r2={"product": "3"}).status_code == 302
    assert lines(site) == [(2, 7), (1, 5), (3, 1)]


@pytest.mark.parametrize("value", ["", f"{ROWS}:99:up", f"{ROWS}:0:sideways", "other:0:up", f"{ROWS}:0:up"])
def test_a_move_that_leads_nowhere_changes_nothing(make_host: MakeHost, value: str) -> None:
    site = order_site(make_host, order_column="position")
    admin = site.admin()
    form = shown(admin)
    form["_move_row"] = value
    answer = send(admin, form)
    assert answer.status_code in (200, 302)
    assert lines(site) == LINES


def test_the_fewest_and_the_most_rows_are_held(make_host: MakeHost) -> None:
    site = order_site(make_host, min_rows=2, max_rows=3, extra=2)
    admin = site.admin()
    form = shown(admin)
    few = send(admin, form, r0={"_remove": "1"})
    assert (few.status_code, "At least 2 rows are needed." in few.text) == (422, True)
    assert form.getlist(ROWS) == ["0", "1", "2"]
    form.setlistdefault(ROWS).append("3")
    form.add("_fields", f"{ROWS}-3-product")
    many = send(admin, form, r2={"product": "3"}, r3={"product": "4"})
    assert (many.status_code, "No more than 3 rows are possible." in many.text) == (422, True)
    assert lines(site) == LINES


def test_as_many_blank_rows_are_shown_as_are_needed(make_host: MakeHost) -> None:
    site = order_site(make_host, min_rows=4)
    assert shown(site.admin(), ADD).getlist(ROWS) == ["0", "1", "2", "3"]


def test_more_rows_than_a_form_carries_are_left_alone(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={}, min_rows=1)
    admin = site.admin()
    with site.app.app_context():
        model = site.models
        site.db.session.add_all([model.Product(id=100 + number, name=f"P{number}") for number in range(99)])
        site.db.session.flush()
        site.db.session.add_all([model.Line(order_id=1, product_id=100 + number) for number in range(99)])
        site.db.session.commit()
    page = admin.get(EDIT)
    assert "There are 101 of them" in page.text
    assert '/admin/lineview/list/?order__eq=1"' in page.text
    form = sent_of(page)
    assert ROWS not in form
    form["number"] = "B1"
    assert send(admin, form).status_code == 302
    assert len(lines(site)) == 101


def test_rows_that_are_sent_when_there_are_too_many_by_now_are_not_lost_silently(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    with site.app.app_context():
        model = site.models
        site.db.session.add_all([model.Product(id=100 + number, name=f"P{number}") for number in range(99)])
        site.db.session.flush()
        site.db.session.add_all([model.Line(order_id=1, product_id=100 + number) for number in range(99)])
        site.db.session.commit()
    form["number"] = "B1"
    answer = send(admin, form, r0={"quantity": "6"})
    assert answer.status_code == 422
    assert answer.text.count("what you did to them is not saved") == 2
    assert lines(site)[0] == (1, 5)
    assert send(admin, sent_of(answer)).status_code == 302
    assert "B1" in admin.get(EDIT).text


@pytest.mark.databases
def test_rows_without_a_place_keep_their_order_and_none_is_given_unasked(make_host: MakeHost) -> None:
    site = order_site(make_host, order_column="position")
    with site.app.app_context():
        site.db.session.get(site.models.Line, 2).position = None
        site.db.session.commit()
    admin = site.admin()
    assert _keys(shown(admin)) == ["2", "1"]
    with statements() as seen:
        assert send(admin, shown(admin)).status_code == 302
    assert [text for text in seen.texts if text.startswith("UPDATE")] == []
    assert send(admin, shown(admin), r2={"product": "3"}).status_code == 302
    form = shown(admin)
    assert _keys(form)[:2] == ["2", "1"]
    form["_move_row"] = f"{ROWS}:0:down"
    assert send(admin, sent_of(send(admin, form))).status_code == 302
    assert _keys(shown(admin))[:2] == ["1", "2"]
    assert len(_keys(shown(admin))) == 3


def _keys(form: MultiDict[str, str]) -> list[str]:
    """The keys of the rows of a form, in their order."""
    found = (form.get(f"{ROWS}-{number}-_key", "") for number in form.getlist(ROWS))
    return [key for key in found if key]


def test_keys_that_are_typed_into_rows_are_looked_up_at_once(make_host: MakeHost) -> None:
    site = order_site(make_host, columns=["product_id", "quantity"], extra=3, product_view={"base_filters": NO_PLUM})
    admin = site.admin()
    form = shown(admin)
    with statements() as seen:
        answer = send(admin, form, r0={"product_id": "3"}, r2={"product_id": "4"}, r4={"product_id": "77"})
    assert answer.status_code == 422
    assert answer.text.count('-product_id-error"><svg') == 2
    # What is offered when a row changes may be other than for a new one.
    assert sum("FROM product" in " ".join(text.split()) for text in seen.texts) == 2
    assert lines(site) == LINES
    assert send(admin, form, r2={"product_id": "4"}).status_code == 302
    assert lines(site) == [*LINES, (4, 1)]


def test_the_hooks_of_the_rows_are_asked(make_host: MakeHost) -> None:
    def pre_add(_self: Any, item: Any) -> None:
        if item.note == "no":
            raise Rejected("Not this one", field="note")
        item.note = f"{item.note} of order {item.order_id}"

    def pre_delete(_self: Any, item: Any) -> None:
        raise Rejected("Lines stay")

    site = order_site(make_host, pre_add=pre_add, pre_delete=pre_delete)
    admin = site.admin()
    refused = send(admin, shown(admin), r2={"product": "3", "note": "no"})
    assert (refused.status_code, "Not this one" in refused.text) == (422, True)
    kept = send(admin, shown(admin), r1={"_remove": "1"})
    assert (kept.status_code, "Lines stay" in kept.text) == (422, True)
    assert send(admin, shown(admin), r2={"product": "3", "note": "yes"}).status_code == 302
    assert "yes of order 1" in admin.get(EDIT).text


def test_the_hook_after_the_flush_sees_the_new_rows(make_host: MakeHost) -> None:
    seen: list[int] = []
    view = {"after_flush": lambda _self, item: seen.append(sum(line.quantity for line in item.lines))}
    site = order_site(make_host, view=view)
    admin = site.admin()
    assert send(admin, shown(admin), r0={"quantity": "1"}, r2={"product": "3", "quantity": "30"}).status_code == 302
    assert seen == [38]


def test_an_address_does_not_fill_rows(make_host: MakeHost) -> None:
    site = order_site(make_host)
    form = shown(site.admin(), ADD)
    page = site.admin().get(f"{ADD}?number=X&{ROWS}=0&{ROWS}-0-note=forged")
    again = sent_of(page, ADD)
    assert again["number"] == "X"
    assert again[f"{ROWS}-0-note"] == form[f"{ROWS}-0-note"] == ""


def test_saving_and_continuing_shows_the_saved_rows(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin, ADD)
    form["number"], form["_continue"] = "N1", "1"
    answer = send(admin, form, ADD, r0={"product": "2"})
    key = answer.location.rpartition("/")[2]
    again = shown(admin, f"/admin/orderview/edit/{key}")
    assert again[f"{ROWS}-0-_key"]
    assert again[f"{ROWS}-0-product"] == "2"


def test_a_select_stands_in_a_row_with_its_choices(make_host: MakeHost) -> None:
    page = order_site(make_host).admin().get(EDIT).text
    assert f'<select id="{ROWS}-0-product"' in page
    assert all(f">{name}</option>" in page for name in NAMES)


def test_records_are_looked_for_in_a_row(make_host: MakeHost) -> None:
    site = order_site(make_host, product_view={}, config={"APPBUILDER_CHOICES_LIMIT": 2})
    admin = site.admin()
    page = admin.get(EDIT)
    address = f"/admin/orderview/choices/edit/{ROWS}-product"
    assert f'data-look-up="{address}"' in page.text
    assert admin.get(f"{address}?q=plu").json == {"choices": [{"key": "3", "name": "Plum"}], "more": False}
    assert admin.get(f"{address}x").status_code == 404
    form = shown(admin)
    form["_find"] = f"1:{ROWS}-2-product"
    found = send(admin, form, r2={"product-find": "plu", "note": "kept"})
    assert (found.status_code, "Plum" in found.text) == (200, True)
    assert sent_of(found)[f"{ROWS}-2-note"] == "kept"
    assert send(admin, shown(admin), r2={"product": "3"}).status_code == 302
    assert lines(site) == [*LINES, (3, 1)]


def test_a_tree_is_edited_through_its_own_model(make_host: MakeHost) -> None:
    site = tree_site(make_host)
    admin = site.admin()
    url = "/admin/nodeview/edit/1"
    form = shown(admin, url)
    rows = "_rows-children"
    form[f"{rows}-0-name"], form[f"{rows}-1-name"] = "renamed", "new leaf"
    assert admin.client.post(url, data=form).status_code == 302
    with site.app.app_context():
        found = {(node.name, node.parent_id) for node in site.db.session.query(site.models.Node)}
    assert found == {("root", None), ("renamed", 1), ("new leaf", 1)}


def test_rows_with_a_key_of_several_columns_are_tied_by_all_of_them(make_host: MakeHost) -> None:
    site = sheet_site(make_host)
    admin = site.admin()
    url = "/admin/sheetview/edit/5,2"
    form = shown(admin, url)
    rows = "_rows-cells"
    form[f"{rows}-0-value"] = "changed"
    form[f"{rows}-1-number"], form[f"{rows}-1-value"] = "9", "added"
    assert admin.client.post(url, data=form).status_code == 302
    with site.app.app_context():
        found = {(one.book, one.page, one.number, one.value) for one in site.db.session.query(site.models.Cell)}
    assert found == {(5, 2, 1, "changed"), (5, 2, 9, "added"), (5, 3, 1, "other")}


@pytest.mark.databases
def test_rows_of_a_subclass_follow_a_key_that_changes_in_the_same_save(make_host: MakeHost) -> None:
    site = chapter_site(make_host)
    admin, url = site.admin(), "/admin/bookview/edit/1"
    form = shown(admin, url)
    form["code"] = "new"
    form["_rows-chapters-0-pages"] = "8"
    form["_rows-chapters-1-title"] = "Second"
    assert admin.client.post(url, data=form).status_code == 302
    chapter = site.models.Chapter
    with site.app.app_context():
        found = site.db.session.query(chapter).order_by(chapter.id)
        assert [(one.title, one.pages, one.book_code) for one in found] == [
            ("First", 8, "new"),
            ("Second", None, "new"),
        ]
    # Sent once more, it would change versions of the rows that it has not loaded.
    form["_rows-chapters-0-pages"] = "9"
    assert admin.client.post(url, data=form).status_code == 409


def test_choices_of_one_name_are_told_apart_in_rows_too(make_host: MakeHost) -> None:
    site = order_site(make_host)
    with site.app.app_context():
        site.db.session.get_one(site.models.Product, 2).name = "Apple"
        site.db.session.commit()
    offered = re.findall(r"<option[^>]*>(Apple[^<]*)</option>", site.admin().get(EDIT).text)
    assert set(offered) == {"Apple (1)", "Apple (2)"}
