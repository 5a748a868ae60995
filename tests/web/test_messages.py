"""What a page says after a write: plain text for everybody, and on our pages a link to the record."""

import re
from typing import Any

import pytest
from flask import flash, get_flashed_messages, session

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.web.messages import LINKS, PLACE, flash_of, messages
from appbuilder_lite.web.shell import Flash
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site

BASE = "/admin/countryview"
GRANTS = ("can_list", "can_add", "can_edit", "can_delete", "can_show")


def told(browser: Browser) -> list[str]:
    """The HTML of the messages on the next page."""
    return re.findall(r'<p role="status">(.*?)</p>', browser.get("/admin/").text)


def test_a_write_is_told_with_a_link_to_the_record_and_a_delete_without(site: Site) -> None:
    admin = site.admin()
    admin.send(f"{BASE}/add", name="Peru & <Co>")
    assert told(admin) == [f'Added <a href="{BASE}/show/3">Peru &amp; &lt;Co&gt;</a>']
    assert told(admin) == []
    admin.send(f"{BASE}/edit/3", name="Chile")
    assert told(admin) == [f'Saved <a href="{BASE}/show/3">Chile</a>']
    admin.send(f"{BASE}/delete/3")
    assert told(admin) == ["Deleted Chile"]


@pytest.mark.parametrize(
    ("kept_from", "expected"),
    [
        ((), f'<a href="{BASE}/show/1">Peru</a>'),
        (("can_show",), f'<a href="{BASE}/edit/1">Peru</a>'),
        (("can_show", "can_edit"), "Peru"),
    ],
    ids=["may open it", "may change it only", "may do neither"],
)
def test_the_link_leads_where_the_person_may_go(make_host: MakeHost, kept_from: tuple[str, ...], expected: str) -> None:
    site = site_of(make_host, lambda site: [country_view(site)], rows=0)
    site.user("olga", *((grant, "CountryView") for grant in GRANTS if grant not in kept_from))
    olga = site.sign_in("olga")
    olga.send(f"{BASE}/add", name="Peru")
    assert told(olga) == [f"Added {expected}"]


def test_a_record_that_the_person_may_not_change_is_no_link_to_its_form(make_host: MakeHost) -> None:
    def refuse(self: Any, user: Any, item: Any) -> bool:
        return False

    site = site_of(make_host, lambda site: [country_view(site, can_edit_item=refuse)], rows=0)
    site.user("olga", *((grant, "CountryView") for grant in GRANTS if grant != "can_show"))
    olga = site.sign_in("olga")
    olga.send(f"{BASE}/add", name="Peru")
    assert told(olga) == ["Added Peru"]


def test_a_message_of_the_views_own_is_told_as_it_is(make_host: MakeHost) -> None:
    admin = site_of(make_host, lambda site: [country_view(site, add_row_message="Done & dusted")], rows=0).admin()
    admin.send(f"{BASE}/add", name="Peru")
    assert told(admin) == ["Done &amp; dusted"]


def test_a_page_of_the_hosts_shows_plain_text_and_leaves_no_link_to_a_later_message(site: Site) -> None:
    site.app.add_url_rule("/host", "host", lambda: repr(get_flashed_messages()))
    admin = site.admin()
    admin.send(f"{BASE}/add", name="Peru")
    assert admin.get("/host").text == "['Added Peru']"
    admin.send(f"{BASE}/edit/3", name="Chile")
    assert told(admin) == [f'Saved <a href="{BASE}/show/3">Chile</a>']


def test_what_a_page_of_the_hosts_has_shown_is_forgotten(site: Site) -> None:
    with site.app.test_request_context():
        flash_of(f"Added {PLACE}", "Peru", "/admin/countryview/show/1")
        session.pop("_flashes")
        flash_of(f"Added {PLACE}", "Peru")
        assert LINKS not in session
        assert messages()[0].url == ""


def test_a_page_that_nobody_sees_leaves_the_messages_to_the_next_one(site: Site) -> None:
    admin = site.admin()
    admin.send("/admin/customerview/edit/1", name="Zoe")
    assert "Zoe" not in admin.get("/admin/", headers={"X-Appbuilder-Unseen": "1"}).text
    assert ">Zoe</a>" in admin.get("/admin/").text


def test_a_letter_is_found_at_its_place(site: Site) -> None:
    with site.app.test_request_context():
        flash_of(f"Saved {PLACE} again", "a", "/admin/countryview/show/1")
        assert messages()[0].parts == ("Saved ", "a", " again")


def test_two_of_one_name_lead_each_to_its_own(site: Site) -> None:
    with site.app.test_request_context():
        for number in (1, 2):
            flash_of(f"Added {PLACE}", "Peru", f"/admin/countryview/show/{number}")
        assert [message.url[-1] for message in messages()] == ["1", "2"]
        assert LINKS not in session


def test_the_session_keeps_few_links_and_no_long_one(site: Site) -> None:
    with site.app.test_request_context():
        flash_of(f"Added {PLACE}", "x" * 600, "/admin/countryview/show/0")
        assert LINKS not in session
        for number in range(20):
            flash_of(f"Added {PLACE}", str(number), f"/admin/countryview/show/{number}")
        assert len(session[LINKS]) == 5
        assert [bool(message.url) for message in messages()] == [False] * 16 + [True] * 5


def test_signing_out_forgets_where_messages_lead(site: Site) -> None:
    admin = site.admin()
    token = admin.token()
    admin.send(f"{BASE}/add", name="Peru")
    with admin.client.session_transaction() as kept:
        assert LINKS in kept
    assert admin.client.post("/admin/logout/", data={"csrf_token": token}).status_code == 302
    with admin.client.session_transaction() as left:
        assert LINKS not in left


def test_who_signs_in_after_somebody_is_told_nothing_of_theirs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.sm, "on_user_logout", lambda user: flash(f"Goodbye, {user.username}"), raising=False)
    admin = site.admin()
    token = admin.token()
    admin.send(f"{BASE}/add", name="Peru")
    admin.client.post("/admin/logout/", data={"csrf_token": token})
    page = admin.get("/admin/login/").text
    assert "Peru" not in page
    assert "Goodbye, admin" in page


def test_who_signs_in_after_a_session_that_ran_out_is_told_nothing_of_it(site: Site) -> None:
    admin = site.admin()
    admin.send(f"{BASE}/add", name="Peru")
    with admin.client.session_transaction() as kept:
        kept["_ab_since"] = 1
    assert "Peru" not in admin.get("/admin/login/").text


def test_who_comes_after_a_session_that_was_ended_is_told_nothing_of_it_and_what_is_told_since(site: Site) -> None:
    @site.app.get("/tell")
    def tell() -> str:
        flash("Closed on Sunday")
        return "told"

    admin = site.admin()
    admin.send(f"{BASE}/add", name="Peru")
    with site.app.app_context(), site.sm.writing(commit=True):
        site.sm.end_sessions(site.sm.find_user(username="admin"))
    assert "Peru" not in admin.get("/admin/login/").text
    admin.get("/tell")
    assert "Closed on Sunday" in admin.get("/admin/login/").text


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        "Added Peru",
        {"Added ": "Peru"},
        [7],
        [["Added ", "Peru", ""]],
        [["Added ", "Peru", "", None]],
        [["Added ", "Peru", "", "https://example.org/"]],
        [["Added ", "Peru", "", "//example.org/"]],
        [["Added ", "Peru", "", "/\\example.org/"]],
        [["Added ", "Peru", "", "/\t/example.org/"]],
        [["Added ", "Peru", "", "javascript:alert(1)"]],
    ],
    ids=str,
)
def test_what_we_never_kept_is_no_link(site: Site, kept: Any) -> None:
    admin = site.admin()
    with admin.client.session_transaction() as before:
        before["_flashes"] = [("success", "Added Peru")]
        before[LINKS] = kept
    assert told(admin) == ["Added Peru"]


@pytest.mark.parametrize(
    ("flashed", "seconds"),
    [
        ([("success", "Saved")], [6]),
        ([("message", "Saved")], [6]),
        ([("success", "x" * 61)], [18]),
        ([("info", "x" * 201)], [0]),
        ([("warning", "Not sent")], [0]),
        ([("danger", "Not saved")], [0]),
        ([("success", "Saved"), ("success", "Saved too")], [0, 0]),
        ([("success", "Saved"), ("warning", "Not sent")], [0, 0]),
    ],
    ids=["good", "of no kind", "long", "very long", "warning", "error", "two", "with a warning"],
)
def test_only_a_single_short_piece_of_good_news_floats(
    site: Site, flashed: list[tuple[str, str]], seconds: list[int]
) -> None:
    with site.app.test_request_context():
        session["_flashes"] = flashed
        found = messages()
    assert [message.seconds for message in found] == seconds
    assert all(isinstance(message, Flash) for message in found)


def country_view(site: Site, **options: Any) -> type[Any]:
    return type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country), **options})
