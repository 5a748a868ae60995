"""Rows of a form begin with the defaults of their columns; one in which nothing else stands is a blank row."""

import re
from typing import Any

import pytest

from tests.conftest import MakeHost
from tests.web.order_lines import sent_of, shown, trip_site
from tests.web.sent_form import sent_form
from tests.web.site import Site

pytestmark = pytest.mark.databases
ROWS = "_rows-legs"
ADD = "/admin/tripview/add"
EDIT = "/admin/tripview/edit/1"


def legs(site: Site) -> list[Any]:
    with site.app.app_context():
        return [
            (leg.label, leg.seats, leg.is_booked, leg.is_open, leg.made is not None)
            for leg in site.db.session.query(site.models.Leg).order_by(site.models.Leg.id)
        ]


def test_a_blank_row_shows_the_defaults(make_host: MakeHost) -> None:
    form = shown(trip_site(make_host).admin(), EDIT)
    row = {name: form[f"{ROWS}-1-{name}"] for name in ("day", "at", "label", "is_booked", "seats", "is_open", "made")}
    assert re.fullmatch(r"2024-01-\d\d", row["day"])
    assert re.fullmatch(r"2024-01-\d\dT05:06:07", row["at"])
    assert re.fullmatch(r"leg \d+", row["label"])
    assert (row["is_booked"], row["seats"], row["is_open"], row["made"]) == ("true", "2", "true", "")
    assert form[f"{ROWS}-1-day"] != form[f"{ROWS}-2-day"]


@pytest.mark.parametrize("url", [ADD, EDIT])
def test_rows_with_nothing_but_defaults_are_not_saved(make_host: MakeHost, url: str) -> None:
    site = trip_site(make_host)
    admin, before = site.admin(), legs(site)
    form = shown(admin, url)
    form["name"] = "U"
    assert admin.client.post(url, data=form).status_code == 302
    assert legs(site) == before


def test_a_row_in_which_one_value_was_typed_is_saved_as_it_was_shown(make_host: MakeHost) -> None:
    site = trip_site(make_host)
    admin, before = site.admin(), legs(site)
    form = shown(admin, EDIT)
    form[f"{ROWS}-2-seats"] = "3"
    assert admin.client.post(EDIT, data=form).status_code == 302
    assert legs(site) == [*before, (form[f"{ROWS}-2-label"], 3, True, True, True)]


def test_a_made_value_that_was_changed_counts(make_host: MakeHost) -> None:
    site = trip_site(make_host)
    admin, before = site.admin(), legs(site)
    form = shown(admin, EDIT)
    form[f"{ROWS}-1-label"] = "mine"
    assert admin.client.post(EDIT, data=form).status_code == 302
    assert legs(site) == [*before, ("mine", 2, True, True, True)]


def test_a_blank_row_stays_blank_when_the_form_comes_back(make_host: MakeHost) -> None:
    site = trip_site(make_host)
    admin, before = site.admin(), legs(site)
    form = shown(admin, EDIT)
    again = sent_of(admin.client.post(EDIT, data={**form.to_dict(flat=False), "_add_row": ROWS}), EDIT)
    assert [again[f"{ROWS}-{number}-label"] for number in (1, 2)] == [form[f"{ROWS}-{n}-label"] for n in (1, 2)]
    assert f"{ROWS}-3-label" in again
    assert admin.client.post(EDIT, data=again).status_code == 302
    assert legs(site) == before


def test_the_row_that_scripts_copy_has_no_value_that_only_one_row_may_have(make_host: MakeHost) -> None:
    site = trip_site(make_host)
    admin, before = site.admin(), legs(site)
    page = admin.get(EDIT)
    (template,) = re.findall("<template>(.*?)</template>", page.text, re.DOTALL)
    found = sent_form(f'<form action="{EDIT}" method="post">{template}</form>', EDIT)
    copied = {name: value for name, value in found.items() if name.startswith(f"{ROWS}-new-")}
    assert (copied[f"{ROWS}-new-label"], copied[f"{ROWS}-new-is_booked"]) == ("", "true")
    form = sent_of(page, EDIT)
    form["_fields"] += "," + ",".join(copied).replace("-new-", "-9-")
    form.add(ROWS, "9")
    for name, value in copied.items():
        form[name.replace("-new-", "-9-")] = value
    assert admin.client.post(EDIT, data=form).status_code == 302
    assert legs(site) == before
    form[f"{ROWS}-9-seats"] = "4"
    assert admin.client.post(EDIT, data=form).status_code == 302
    ((label, seats, is_booked, is_open, is_made),) = legs(site)[len(before) :]
    assert (label.startswith("leg "), seats, is_booked, is_open, is_made) == (True, 4, True, True, True)


def test_a_row_that_somebody_else_removed_is_added_again_with_all_of_it(make_host: MakeHost) -> None:
    site = trip_site(make_host, extra=0)
    admin = site.admin()
    form = shown(admin, EDIT)
    with site.app.app_context():
        site.db.session.query(site.models.Leg).delete()
        site.db.session.commit()
    again = sent_of(admin.client.post(EDIT, data=form), EDIT)
    again.poplist(f"{ROWS}-0-_remove")
    assert admin.client.post(EDIT, data=again).status_code == 302
    assert [leg[0] for leg in legs(site)] == [form[f"{ROWS}-0-label"]]
