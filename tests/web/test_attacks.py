"""Attacks that are tried wherever they can be: markup that is stored or sent, keys that are none, signs of patterns."""

import re

import pytest

from tests.web.site import Site
from tests.web.test_bad_input import KEYS
from tests.web.test_url_walk import addresses

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
RUNS = re.compile(r"<script>alert|<img src=x")
LIST = "/admin/customerview/list/"


@pytest.fixture
def poisoned(site: Site) -> Site:
    """A site whose first customer, its country and its tags are called by markup."""
    models = site.models
    with site.app.app_context():
        for model in (models.Country, models.Tag, models.Customer):
            site.db.session.get(model, 1).name = EVIL[:50]
        site.db.session.get(models.Customer, 1).tags = [site.db.session.get(models.Tag, 1)]
        site.db.session.commit()
    return site


def test_stored_markup_runs_on_no_page(poisoned: Site) -> None:
    admin = poisoned.admin()
    told = set()
    for _, url in addresses(poisoned, "1"):
        page = admin.get(url).text
        assert not RUNS.search(page), url
        told |= {url} if "&lt;script&gt;" in page else set()
    base = "/admin/customerview"
    assert {f"{base}/{page}" for page in ("list/", "show/1", "edit/1", "delete/1", "add")} <= told


@pytest.mark.parametrize(
    "name", ["search", "sort", "page", "page_size", "cols", "after", "tab", "match", "name__ct", EVIL]
)
def test_markup_in_an_address_comes_back_as_text(site: Site, name: str) -> None:
    admin = site.admin()
    for url in ("list/", "filter", "add", "show/1", f"show/{EVIL}", f"list/{EVIL}", f"choices/add/{EVIL}"):
        answer = admin.get(f"/admin/customerview/{url}", query_string={name: EVIL})
        assert answer.status_code < 500
        assert not RUNS.search(answer.text), url
    for url in ("login/", "search", EVIL):
        assert not RUNS.search(site.browser().get(f"/admin/{url}", query_string={"next": EVIL, "q": EVIL}).text)
        assert not RUNS.search(admin.get(f"/admin/{url}", query_string={"next": EVIL, "q": EVIL}).text)


def test_markup_that_is_typed_comes_back_as_text(site: Site) -> None:
    admin = site.admin()
    for url in ("/admin/customerview/add", "/admin/customerview/edit/1"):
        answer = admin.send(url, name=EVIL * 2, email=EVIL, since=EVIL, status=EVIL, country=EVIL, tags=EVIL)
        assert answer.status_code == 422
        assert not RUNS.search(answer.text)
    assert not RUNS.search(site.browser().send("/admin/login/", username=EVIL, password=EVIL).text)


@pytest.mark.parametrize("key", KEYS)
def test_no_route_breaks_at_a_key_that_is_none(site: Site, key: str) -> None:
    admin = site.admin()
    token = admin.token()
    for rule, address in addresses(site, "KEY"):
        for verb in (rule.methods or set()) & {"GET", "POST"} if rule.arguments else ():
            url = address.replace("KEY", key)
            answer = admin.client.open(url, method=verb, data={"csrf_token": token} if verb == "POST" else None)
            assert 400 <= answer.status_code < 500, (verb, url, answer.status)
    for url in ("action_post", "delete_selected"):
        data = {"csrf_token": token, "action": "none", "rowid": key}
        assert admin.client.post(f"/admin/customerview/{url}", data=data).status_code < 500
    assert site.count(site.models.Customer) == 30


@pytest.mark.parametrize("value", ["%", "_", "\\", "' OR 1=1 --", "%%", "Customer%"])
def test_a_filter_takes_any_text_literally(site: Site, value: str) -> None:
    admin = site.admin()
    for operator in ("eq", "sw", "ew", "ct", "nsw", "new", "nct"):
        answer = admin.get(LIST, query_string={f"name__{operator}": value})
        assert answer.status_code == 200
        assert ("Customer 001" in answer.text) == operator.startswith("n"), operator
