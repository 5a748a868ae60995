"""Who may do what with the rows of a form: as in a view of theirs. What is forged is refused, nothing is written."""

from typing import Any

import pytest

from appbuilder_lite.errors import Rejected
from appbuilder_lite.filters import FilterNotEqual
from tests.conftest import MakeHost
from tests.web.order_lines import ADD, EDIT, ROWS, lines, order_site, send, sent_of, shown, stamp_site
from tests.web.site import Browser, Site

LINES = [(1, 5), (2, 7)]
FORM = [("can_add", "OrderView"), ("can_edit", "OrderView")]


def clerk(site: Site, *permissions: str) -> Browser:
    """Somebody who may add and edit orders, and has these permissions on their lines."""
    site.user("clerk", *FORM, *((one, "LineView") for one in permissions))
    return site.sign_in("clerk")


def unchanged(site: Site) -> bool:
    return lines(site) == LINES and lines(site, 2) == [(1, 9)]


def test_without_a_view_of_the_rows_the_right_to_the_form_decides(make_host: MakeHost) -> None:
    site = order_site(make_host)
    person = clerk(site)
    assert send(person, shown(person), r0={"_remove": "1"}, r1={"quantity": "1"}).status_code == 302
    assert lines(site) == [(2, 1)]


def test_who_may_not_see_rows_meets_none(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={})
    admin, person = site.admin(), clerk(site)
    form = shown(person)
    assert ROWS not in form
    forged = shown(admin)
    forged["csrf_token"] = form["csrf_token"]
    assert send(person, forged, r0={"quantity": "1"}, r1={"_remove": "1"}).status_code == 302
    assert unchanged(site)


def test_who_may_not_add_rows_has_no_blank_ones(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={})
    person = clerk(site, "can_list", "can_edit", "can_delete")
    form = shown(person)
    assert form.getlist(ROWS) == ["0", "1"]
    assert "Add another" not in person.get(EDIT).text
    form.setlistdefault(ROWS).append("2")
    form.add("_fields", f"{ROWS}-2-product")
    assert send(person, form, r0={"quantity": "1"}, r2={"product": "3"}).status_code == 403
    form["_add_row"] = ROWS
    assert sent_of(send(person, form)).getlist(ROWS) == ["0", "1", "2"]
    forged = shown(person, ADD)
    forged["number"] = "N1"
    forged.add(ROWS, "0")
    forged.add("_fields", f"{ROWS}-0-product")
    assert send(person, forged, ADD, r0={"product": "3"}).status_code == 403
    assert unchanged(site)
    assert site.count(site.models.Order) == 2


def test_who_may_not_change_rows_sees_them(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={}, order_column="position")
    person = clerk(site, "can_list", "can_add", "can_delete")
    form = shown(person)
    assert f"{ROWS}-0-quantity" not in form
    assert ">Apple<" in person.get(EDIT).text
    form.add("_fields", f"{ROWS}-0-quantity,{ROWS}-0-position")
    form["_move_row"] = f"{ROWS}:1:up"
    assert sent_of(send(person, form)).getlist(ROWS)[:2] == ["0", "1"]
    del form["_move_row"]
    assert send(person, form, r0={"quantity": "1", "position": "9"}).status_code == 302
    assert unchanged(site)


def test_who_may_not_change_rows_gives_none_a_place_by_adding_one(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={}, order_column="position")
    with site.app.app_context():
        site.db.session.get(site.models.Line, 2).position = None
        site.db.session.commit()
    person = clerk(site, "can_list", "can_add")
    assert send(person, shown(person), r2={"product": "3"}).status_code == 302
    with site.app.app_context():
        found = {line.id: line.position for line in site.db.session.query(site.models.Line)}
    assert (found.pop(1), found.pop(2), found.pop(3)) == (1, None, 3)
    assert list(found.values()) == [3]


def test_who_does_not_meet_the_relation_meets_no_rows(make_host: MakeHost) -> None:
    def can_access_field(_self: Any, _user: Any, column: str, action: str) -> bool:
        return (column, action) != ("lines", "edit")

    site = order_site(make_host, view={"can_access_field": can_access_field})
    admin = site.admin()
    form = shown(admin)
    assert ROWS not in form
    form.add(ROWS, "0")
    form.add("_fields", f"{ROWS}-0-quantity")
    send(admin, form, r0={"_key": "1", "quantity": "1", "_remove": "1"})
    assert unchanged(site)
    assert ROWS in shown(admin, ADD)


def test_a_removed_row_takes_along_nothing_that_the_person_may_not_delete(make_host: MakeHost) -> None:
    site = stamp_site(make_host)
    site.user("clerk", ("can_edit", "AlbumView"), ("can_list", "SheetView"), ("can_delete", "SheetView"))
    person, url = site.sign_in("clerk"), "/admin/albumview/edit/1"
    form = shown(person, url)
    form["_rows-sheets-0-_remove"] = "1"
    answer = person.client.post(url, data=form)
    assert answer.status_code == 422
    assert "It would take records along that you may not delete." in answer.text
    assert (site.count(site.models.Sheet), site.count(site.models.Stamp)) == (1, 1)
    admin = site.admin()
    form = shown(admin, url)
    form["_rows-sheets-0-_remove"] = "1"
    assert admin.client.post(url, data=form).status_code == 302
    assert (site.count(site.models.Sheet), site.count(site.models.Stamp)) == (0, 0)


def test_who_may_not_remove_rows_has_no_tick(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={})
    person = clerk(site, "can_list", "can_edit", "can_add")
    assert f'name="{ROWS}-0-_remove"' not in person.get(EDIT).text
    assert send(person, shown(person), r1={"_remove": "1"}, r0={"quantity": "1"}).status_code == 403
    assert unchanged(site)


def test_an_inline_may_allow_less_than_the_rights(make_host: MakeHost) -> None:
    site = order_site(make_host, can_add=False, can_edit=False, can_delete=False)
    admin = site.admin()
    form = shown(admin)
    assert form.getlist(ROWS) == ["0", "1"]
    assert send(admin, form, r1={"_remove": "1"}).status_code == 403
    form.add(ROWS, "2")
    form.add("_fields", f"{ROWS}-2-product")
    assert send(admin, form, r2={"product": "3"}).status_code == 403
    assert unchanged(site)


def test_single_rows_are_judged_by_their_view(make_host: MakeHost) -> None:
    view = {
        "can_edit_item": lambda _self, _user, item: item.quantity < 6,
        "can_delete_item": lambda _self, _user, item: item.quantity > 6,
    }
    site = order_site(make_host, line_view=view)
    admin = site.admin()
    form = shown(admin)
    assert f"{ROWS}-0-quantity" in form
    assert f"{ROWS}-1-quantity" not in form
    assert send(admin, form, r0={"_remove": "1"}).status_code == 403
    assert send(admin, form, r1={"quantity": "1"}).status_code == 302
    assert unchanged(site)
    assert send(admin, form, r1={"_remove": "1"}).status_code == 302
    assert lines(site) == [(1, 5)]


def test_rows_out_of_scope_are_neither_shown_nor_touched(make_host: MakeHost) -> None:
    def scope(self: Any, query: Any, _user: Any) -> Any:
        return query.where(self.datamodel.model.quantity < 6)

    site = order_site(make_host, line_view={"scope": scope})
    admin = site.admin()
    form = shown(admin)
    assert form.getlist(ROWS) == ["0", "1"]
    assert form[f"{ROWS}-0-_key"] == "1"
    for name in ("_remove", "quantity"):
        assert send(admin, form, r1={"_key": "2", name: "1"}).status_code == 422
    # Nor can a row be put where nobody sees it.
    assert send(admin, form, r0={"quantity": "60"}).status_code == 422
    assert send(admin, form, r1={"product": "3", "quantity": "60"}).status_code == 422
    assert unchanged(site)


def test_fields_that_the_person_does_not_meet_are_not_taken(make_host: MakeHost) -> None:
    view = {"can_access_field": lambda _self, _user, column, _action: column != "quantity"}
    site = order_site(make_host, line_view=view)
    admin = site.admin()
    form = shown(admin)
    assert f"{ROWS}-0-quantity" not in form
    form.add("_fields", f"{ROWS}-0-quantity")
    assert send(admin, form, r0={"quantity": "1"}).status_code == 302
    assert unchanged(site)


def test_a_field_of_stored_rows_alone_is_looked_up(make_host: MakeHost) -> None:
    view = {"can_access_field": lambda _self, _user, column, action: (column, action) != ("product", "add")}
    site = order_site(make_host, line_view=view, product_view={}, config={"APPBUILDER_CHOICES_LIMIT": 2})
    admin = site.admin()
    address = f"/admin/orderview/choices/edit/{ROWS}-product"
    assert f'data-look-up="{address}"' in admin.get(EDIT).text
    assert admin.get(f"{address}?q=plu").json == {"choices": [{"key": "3", "name": "Plum"}], "more": False}
    assert admin.get(f"{address.replace('product', 'note')}").status_code == 404


@pytest.mark.parametrize("key", ["3", "99", "x", "1,2", "\0", ""])
@pytest.mark.parametrize("typed", [{"quantity": "1"}, {"_remove": "1"}])
def test_a_forged_key_reaches_no_row(make_host: MakeHost, key: str, typed: dict[str, str | None]) -> None:
    """Number 3 is a line of another order; an empty key makes a new line of one that is there already."""
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    answer = send(admin, form, r0={"_key": key, **typed})
    assert answer.status_code == (302 if key == "" and "_remove" in typed else 422)
    assert unchanged(site)


def test_a_key_that_is_sent_twice_counts_once(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    assert send(admin, shown(admin), r1={"_key": "1", "quantity": "1"}).status_code == 422
    assert unchanged(site)


def test_a_key_in_the_form_of_a_new_record_is_refused(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin, ADD)
    form["number"] = "N1"
    assert send(admin, form, ADD, r0={"_key": "1", "quantity": "1"}).status_code == 422
    assert unchanged(site)
    assert site.count(site.models.Order) == 2


def test_what_ties_a_row_to_its_record_is_never_taken_from_a_form(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    for name in ("order", "order_id", "id"):
        form.add("_fields", f"{ROWS}-0-{name},{ROWS}-2-{name}")
    forged: dict[str, str | None] = {"order": "2", "order_id": "2", "id": "77"}
    answer = send(admin, form, r0={**forged, "quantity": "6"}, r2={**forged, "product": "3"})
    assert answer.status_code == 302
    assert sorted(lines(site)) == [(1, 6), (2, 7), (3, 1)]
    assert lines(site, 2) == [(1, 9)]


def test_a_choice_that_is_not_offered_is_refused(make_host: MakeHost) -> None:
    site = order_site(make_host, form_query_rel_fields={"product": [["name", FilterNotEqual, "Plum"]]})
    admin = site.admin()
    assert "Plum" not in admin.get(EDIT).text
    for product in ("3", "99", "x"):
        assert send(admin, shown(admin), r2={"product": product}).status_code == 422
    assert unchanged(site)


def test_a_typed_key_that_is_not_offered_is_refused_in_a_stored_row_too(make_host: MakeHost) -> None:
    only = {"product": [["name", FilterNotEqual, "Plum"]]}
    site = order_site(make_host, columns=["product_id", "quantity"], form_query_rel_fields=only)
    admin = site.admin()
    plum: dict[str, str | None] = {"product_id": "3"}
    for answer in (send(admin, shown(admin), r0=plum), send(admin, shown(admin), r2=plum)):
        assert (answer.status_code, "Not one of the choices." in answer.text) == (422, True)
    assert unchanged(site)
    assert send(admin, shown(admin), r0={"product_id": "4"}).status_code == 302
    assert lines(site) == [(4, 5), (2, 7)]


def test_a_new_row_knows_its_record_before_it_is_saved(make_host: MakeHost) -> None:
    def pre_add(_self: Any, item: Any) -> None:
        if item.order.number == "N1":
            raise Rejected("This order takes no lines", field="note")
        item.note = f"of {item.order.number}"

    site = order_site(make_host, pre_add=pre_add)
    admin = site.admin()
    assert send(admin, shown(admin), r2={"product": "3", "quantity": "1"}).status_code == 302
    assert "of A1" in admin.get(EDIT).text
    form = shown(admin, ADD)
    form["number"] = "N1"
    refused = send(admin, form, ADD, r0={"product": "3"})
    assert (refused.status_code, "This order takes no lines" in refused.text) == (422, True)
    assert site.count(site.models.Order) == 2
    assert lines(site) == [*LINES, (3, 1)]


@pytest.mark.parametrize("number", ["-1", "x", "1e3", "9999999", "٣", "new"])
def test_a_row_of_no_number_is_none(make_host: MakeHost, number: str) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form.add(ROWS, number)
    form.add(f"{ROWS}-{number}-product", "3")
    assert send(admin, form).status_code == 302
    assert unchanged(site)


def test_more_rows_than_anybody_sends_are_bad_input(make_host: MakeHost) -> None:
    site = order_site(make_host)
    admin = site.admin()
    form = shown(admin)
    form.setlist(ROWS, [str(number) for number in range(300)])
    assert send(admin, form).status_code == 400
    assert unchanged(site)


def test_who_may_not_open_the_form_saves_no_rows(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={})
    form = shown(site.admin())
    site.user("clerk", ("can_list", "OrderView"), ("can_edit", "LineView"), ("can_list", "LineView"))
    person = site.sign_in("clerk")
    form["csrf_token"] = person.token()
    assert send(person, form, r0={"quantity": "1"}).status_code == 403
    form["csrf_token"] = "forged"
    assert send(site.admin(), form, r0={"quantity": "1"}).status_code == 400
    assert unchanged(site)
