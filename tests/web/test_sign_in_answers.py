"""What the sign-in page answers: a way back that never leaves the site, and failures that look alike."""

import re

import pytest
from werkzeug.security import check_password_hash, generate_password_hash

from appbuilder_lite.security import passwords
from tests.conftest import CountStatements
from tests.web.sessions import CAN_LIST, LIST, is_in
from tests.web.site import PASSWORD, Site, token_of

METHOD = "APPBUILDER_PASSWORD_HASH_METHOD"
FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
LEAVING = ["//evil.example", "/\\evil.example", "https:evil.example", "/\t/evil.example", "http://localhost/admin/"]


@pytest.mark.parametrize("target", LEAVING, ids=ascii)
def test_next_leads_home_where_it_would_leave(site: Site, target: str) -> None:
    site.user("ann")
    browser = site.browser()
    data = {"csrf_token": browser.token("/admin/login/"), "username": "ann", "password": PASSWORD}
    answer = browser.client.post("/admin/login/", query_string={"next": target}, data=data)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    answer = browser.get("/admin/login/", query_string={"next": target})
    assert (answer.status_code, answer.location) == (302, "/admin/"), "who is signed in already"
    data = {"csrf_token": browser.token(), "theme": "dark", "next": target}
    assert browser.client.post("/admin/theme", data=data).location == "/admin/"


def test_a_refusal_leads_back_after_signing_in_with_its_query(site: Site) -> None:
    site.user("ann", CAN_LIST)
    browser = site.browser()
    refused = browser.get(LIST + "?search=a%20b&sort=-name")
    answer = browser.send(refused.location, username="ann", password=PASSWORD)
    assert answer.location == LIST + "?search=a%20b&sort=-name"
    assert browser.get(answer.location).status_code == 200


def test_below_a_mount_point_the_way_back_is_whole(site: Site) -> None:
    site.user("ann", CAN_LIST)
    client = site.app.test_client()
    refused = client.get(LIST, environ_overrides={"SCRIPT_NAME": "/shop"})
    assert refused.location == "/shop/admin/login/?next=%2Fshop%2Fadmin%2Fcustomerview%2Flist%2F"


def test_a_forged_host_steers_no_redirect_and_no_link(site: Site) -> None:
    site.user("ann", CAN_LIST)
    client = site.app.test_client()
    refused = client.get(LIST, headers=FORGED)
    page = client.get("/admin/login/", headers=FORGED)
    data = {"csrf_token": token_of(page), "username": "ann", "password": PASSWORD}
    entered = client.post(refused.location, data=data, headers=FORGED)
    # The cookie belongs to the forged name, so the rest is asked with it as well.
    opened = client.get(LIST, headers=FORGED)
    left = client.post("/admin/logout/", data={"csrf_token": token_of(opened)}, headers=FORGED)
    for answer in (refused, page, entered, opened, left):
        assert "evil.example" not in (answer.location or "")
        assert "evil.example" not in answer.text
    assert [answer.status_code for answer in (refused, entered, opened, left)] == [302, 302, 200, 302]


def _without_token(text: str, name: str) -> str:
    return re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", text).replace(name, "NAME")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords were compared with."""
    seen: list[str] = []
    check = check_password_hash

    def note(stored: str, password: str) -> bool:
        seen.append(stored)
        return bool(check(stored, password))

    monkeypatch.setattr(passwords, "check_password_hash", note)
    return seen


def test_unknown_inactive_unusable_and_wrong_look_alike_and_cost_one_hash(site: Site, hashed: list[str]) -> None:
    broken = {"nul": None, "empty": "", "barred": "!", "crooked": "scrypt:1:1:1$x", "plain": PASSWORD}
    for name in ("wrong", "idle", *broken):
        site.user(f"{name}-user")
    with site.app.app_context():
        idle = site.sm.find_user("idle-user")
        idle.active = False
        for name, stored in broken.items():
            site.sm.find_user(f"{name}-user").password = stored
        site.db.session.commit()
    looks = set()
    for name in ("unknown", "wrong", "idle", *broken):
        del hashed[:]
        browser = site.browser()
        address = f"/admin/login/?next={LIST}"
        typed = f"{name}-user"
        answer = browser.send(address, username=typed, password="wr0ng!" if name == "wrong" else PASSWORD)
        looks.add((answer.status_code, answer.location, _without_token(answer.text, typed), len(answer.headers)))
        assert len(hashed) == 1, name
        assert hashed[0].startswith(f"{site.app.config[METHOD]}$"), name
        assert not is_in(browser)
    assert len(looks) == 1, looks


def test_a_wrong_and_an_unknown_name_cost_as_many_statements(site: Site, count_statements: CountStatements) -> None:
    site.user("ann")
    counts = []
    for name in ("ann", "unknown", "ann", "unknown"):
        browser = site.browser()
        token = browser.token("/admin/login/")
        with count_statements() as seen:
            browser.client.post("/admin/login/", data={"csrf_token": token, "username": name, "password": "wr0ng!"})
        counts.append(len([text for text in seen.texts if not text.startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[2] == counts[3], "once the row that is written instead exists"


def test_a_weaker_hash_is_replaced_at_sign_in_and_the_session_holds(site: Site) -> None:
    site.user("ann")
    with site.app.app_context():
        site.sm.find_user("ann").password = generate_password_hash(PASSWORD, "pbkdf2:sha256:1000")
        site.db.session.commit()
    ann = site.sign_in("ann")
    with site.app.app_context():
        first = site.sm.find_user("ann").password
    assert first.startswith(f"{site.app.config[METHOD]}$")
    assert is_in(ann)
    site.sign_in("ann")
    with site.app.app_context():
        assert site.sm.find_user("ann").password == first, "a strong one stays"
    assert is_in(ann)
