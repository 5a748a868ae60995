"""A form with a CSRF token that does not hold any more comes back as it was filled in; another site's never does."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
import wtforms
from flask import request
from werkzeug.test import TestResponse

from appbuilder_lite import (
    BaseView,
    ModelView,
    PublicFormView,
    SimpleFormView,
    SQLAInterface,
    action,
    expose,
    signed_in,
)
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import PASSWORD, Browser, Site, shown_of

HERE = {"Origin": "http://localhost"}
OLD = {"csrf_token": "an old token"}
WHY = "This page was open for too long"
PLAIN = "This form has expired"


class Wish(wtforms.Form):
    text = wtforms.StringField("Text", [wtforms.validators.InputRequired()])
    photo = wtforms.FileField("Photo")
    pin = wtforms.PasswordField("Pin")


def _names(items: Any) -> Any:
    return [str(item) for item in items] if isinstance(items, Sequence) else str(items)


def _declare(site: Site) -> Iterable[type[Any]]:
    done: list[Any] = site.made.setdefault("done", [])

    class CustomerView(ModelView):
        datamodel = SQLAInterface(site.models.Customer)

        @action("ship", "Ship them", confirmation="Ship these?")
        def ship(self, items: Any) -> None:
            done.append(_names(items))

        @action("weigh", "Weigh them")
        def weigh(self, items: Any) -> None:
            done.append(_names(items))

    class WishView(SimpleFormView):
        form = Wish
        form_title = "Make a wish"
        submit_label = "Wish"

        def form_post(self, form: Any) -> str:
            done.append(form.text.data)
            return "wished"

    class OpenWishView(PublicFormView):
        form = Wish

        def form_post(self, form: Any) -> str:
            done.append(form.text.data)
            return "wished"

    class Machine(BaseView):
        default_view = "run"

        @expose("/run", methods=["POST", "PUT"])
        @signed_in
        def run(self) -> str:
            done.append(request.form.to_dict(flat=False))
            return "ran"

    return [CustomerView, WishView, OpenWishView, Machine]


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return site_of(make_host, _declare)


@pytest.fixture
def admin(site: Site) -> Browser:
    return site.admin()


def _send(browser: Browser, url: str, headers: dict[str, str] = HERE, **data: Any) -> TestResponse:
    """Post with an old token, as a browser does from a page of this site."""
    return browser.client.post(url, data={**OLD, **data}, headers=headers)


def _again(browser: Browser, page: TestResponse, action_url: str | None = None) -> TestResponse:
    """Press the button of the page that came back."""
    url = action_url or page.request.path
    return browser.client.post(url, data=sent_form(page.text, url))


def _is_back(page: TestResponse) -> bool:
    return page.status_code == 400 and WHY in page.text


def test_an_add_comes_back_and_can_be_sent(site: Site, admin: Browser) -> None:
    url = "/admin/customerview/add"
    typed: dict[str, Any] = {
        "name": "Zoe <Z>",
        "email": "zoe@example.org",
        "country": "2",
        "tags": ["1", "2"],
        "notes": "a\r\nb",
    }
    page = _send(admin, url, **{**shown_of(admin.get(url)), **typed})
    assert _is_back(page)
    assert site.count(site.models.Customer) == 6
    assert [name for name in ("Send again", "Save and add another") if f">{name}<" in page.text] == ["Send again"]
    assert _again(admin, page).status_code == 302
    with site.app.app_context():
        found = site.db.session.query(site.models.Customer).filter_by(name="Zoe <Z>").one()
        assert (found.email, str(found.country), len(found.tags)) == ("zoe@example.org", "Spain", 2)
        assert found.notes == "a\nb"


def test_an_edit_comes_back_and_can_be_sent(site: Site, admin: Browser) -> None:
    url = "/admin/customerview/edit/1"
    sent = sent_form(admin.get(url).text, url)
    page = admin.client.post(url, data={**sent, **OLD, "name": "Changed", "_continue": "1"}, headers=HERE)
    assert _is_back(page)
    assert "<h1>Customer 000</h1>" in page.text, "the record is called what it is still called"
    with site.app.app_context():
        assert site.db.session.get(site.models.Customer, 1).name == "Customer 000"
    answer = _again(admin, page)
    assert answer.location == url, "the button that was pressed is remembered"
    with site.app.app_context():
        assert site.db.session.get(site.models.Customer, 1).name == "Changed"


def test_the_question_before_a_delete_comes_back(site: Site, admin: Browser) -> None:
    with site.app.app_context():
        site.db.session.query(site.models.Order).delete()
        site.db.session.commit()
    page = _send(admin, "/admin/customerview/delete/1")
    assert _is_back(page)
    assert "Delete customer" in page.text
    assert site.count(site.models.Customer) == 6
    assert _again(admin, page).status_code == 302
    assert site.count(site.models.Customer) == 5


def test_a_record_that_went_meanwhile_is_a_404(admin: Browser) -> None:
    for method in ("edit", "delete"):
        assert _send(admin, f"/admin/customerview/{method}/99").status_code == 404


@pytest.mark.parametrize("name", ["ship", "weigh"])
def test_an_action_on_ticked_rows_comes_back_with_the_rows(site: Site, admin: Browser, name: str) -> None:
    page = _send(admin, "/admin/customerview/action_post", action=name, rowid=["2", "1"])
    assert _is_back(page)
    assert site.made["done"] == []
    assert _again(admin, page).status_code == 302
    assert site.made["done"] == [["Customer 001", "Customer 000"]]


def test_an_action_on_one_record_comes_back(site: Site, admin: Browser) -> None:
    page = _send(admin, "/admin/customerview/action/ship/3", rowid="3")
    assert _is_back(page)
    assert _again(admin, page).status_code == 302
    assert site.made["done"] == ["Customer 002"]


def test_an_action_that_is_none_or_not_for_the_person_does_not_come_back(site: Site, admin: Browser) -> None:
    assert _send(admin, "/admin/customerview/action_post", action="nothing", rowid="1").status_code == 404
    site.user("olga", ("can_list", "CustomerView"))
    assert _send(site.sign_in("olga"), "/admin/customerview/action_post", action="ship").status_code == 403


def test_a_form_of_the_hosts_own_comes_back_without_its_passwords(site: Site, admin: Browser) -> None:
    page = _send(admin, "/admin/wishview/form", text="Peace", pin="1234")
    assert _is_back(page)
    assert "1234" not in page.text
    assert site.made["done"] == []
    assert _again(admin, page, "/admin/wishview/form").text == "wished"
    assert site.made["done"] == ["Peace"]


def test_a_file_that_was_chosen_cannot_come_back_and_the_form_says_so(admin: Browser) -> None:
    page = _send(admin, "/admin/wishview/form", text="Peace", photo=(io.BytesIO(b"..."), "dove.png"))
    assert _is_back(page)
    assert 'value="Peace"' in page.text
    assert "dove.png" in re.search(r'id="photo-note"[^>]*>(.*?)<', page.text, re.DOTALL)[1]  # type: ignore[index]


def test_a_form_for_everybody_comes_back_to_strangers_too(site: Site) -> None:
    browser = site.browser()
    page = _send(browser, "/admin/openwishview/form", text="Peace")
    assert _is_back(page)
    assert _again(browser, page).text == "wished"


def test_a_form_that_comes_back_is_not_judged_yet(admin: Browser) -> None:
    page = _send(admin, "/admin/wishview/form", text="")
    assert _is_back(page)
    assert "This field is required" not in page.text


def test_the_sign_in_page_keeps_the_name_and_signs_in(site: Site) -> None:
    site.user("ann")
    browser = site.browser()
    page = _send(browser, "/admin/login/?next=/admin/menu", username="ann", password=PASSWORD, remember="y")
    assert _is_back(page)
    assert PASSWORD not in page.text
    again = sent_form(page.text, "/admin/login/?next=/admin/menu")
    assert (again["username"], again["password"], "remember" in again) == ("ann", "", True)
    answer = browser.client.post("/admin/login/?next=/admin/menu", data={**again, "password": PASSWORD})
    assert answer.location == "/admin/menu"


def test_signing_out_can_be_sent_again(admin: Browser) -> None:
    page = _send(admin, "/admin/logout/")
    assert _is_back(page)
    assert admin.get("/admin/").status_code == 200
    assert _again(admin, page, "/admin/logout/").status_code == 302
    assert admin.get("/admin/").status_code == 302


def test_what_a_page_of_the_hosts_own_takes_is_shown_and_sent_again(site: Site, admin: Browser) -> None:
    page = _send(admin, "/admin/machine/run", speed="<fast>", gear=["1", "2"], _hint="x")
    assert _is_back(page)
    assert "<dt>Speed</dt><dd>&lt;fast&gt;</dd>" in page.text
    assert "<dt> Hint</dt>" not in page.text
    assert _again(admin, page).text == "ran"
    assert site.made["done"] == [{"speed": ["<fast>"], "gear": ["1", "2"], "_hint": ["x"], "csrf_token": [token(page)]}]


def token(page: TestResponse) -> str:
    found = re.search(r'<form class="ab-card.*?name="csrf_token" value="([^"]+)"', page.text, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("data", [{"password": "classified"}, {"api_key": "classified"}, {"file": b"classified"}])
def test_a_page_never_holds_a_secret_or_half_of_what_was_sent(admin: Browser, data: dict[str, Any]) -> None:
    # Sending a file closes it, so each database gets one of its own.
    sent: dict[str, Any] = {
        name: (io.BytesIO(value), "x.png") if isinstance(value, bytes) else value for name, value in data.items()
    }
    page = _send(admin, "/admin/machine/run", speed="fast", **sent)
    assert page.status_code == 400
    assert PLAIN in page.text
    assert "classified" not in page.text
    assert "Send again" not in page.text


ELSEWHERE = {
    "another site": {"Origin": "https://evil.example"},
    "no word": {},
    "an opaque origin": {"Origin": "null"},
    "another port": {"Origin": "http://localhost:8000"},
    "a page of another site": {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    "a neighbour": {"Sec-Fetch-Site": "same-site"},
    "a bookmark": {"Sec-Fetch-Site": "none", "Origin": "http://localhost"},
}


PAGES = (
    "/admin/customerview/add",
    "/admin/customerview/edit/1",
    "/admin/customerview/delete/1",
    "/admin/customerview/action_post",
    "/admin/wishview/form",
    "/admin/machine/run",
)


@pytest.mark.parametrize("headers", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_another_site_sent_never_comes_back(admin: Browser, headers: dict[str, str]) -> None:
    data = {"name": "Mallory", "text": "Mallory", "action": "ship", "rowid": "1", "speed": "Mallory"}
    for url in PAGES:
        page = _send(admin, url, headers, **data)
        assert page.status_code == 400
        assert PLAIN in page.text
        assert "Mallory" not in page.text
        assert "Send again" not in page.text


def test_what_another_site_sent_to_sign_in_never_comes_back(site: Site) -> None:
    page = _send(site.browser(), "/admin/login/", ELSEWHERE["another site"], username="Mallory")
    assert page.status_code == 400
    assert "Mallory" not in page.text


def test_a_browser_that_says_where_it_comes_from_is_believed(admin: Browser) -> None:
    page = _send(admin, "/admin/wishview/form", {"Sec-Fetch-Site": "same-origin"}, text="Peace")
    assert _is_back(page)


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_what_is_no_form_is_told_in_words(admin: Browser, method: str) -> None:
    kind = "application/json" if method == "POST" else None
    page = admin.client.open("/admin/machine/run", method=method, data="{}", headers=HERE, content_type=kind)
    assert page.status_code == 400
    assert PLAIN in page.text


def test_a_client_that_wants_json_gets_it(admin: Browser) -> None:
    page = _send(admin, "/admin/customerview/add", {**HERE, "Accept": "application/json"}, name="Zoe")
    assert (page.status_code, page.get_json()["message"]) == (400, PLAIN)
