"""The navigation, which is kept between requests: what it hangs on is asked at each of them all the same."""

import re
from typing import Any

from appbuilder_lite import ModelView, SQLAInterface
from appbuilder_lite.web.menu import MenuItem
from appbuilder_lite.web.navigation import visible_menu
from appbuilder_lite.web.session import current_principal
from tests.calls import calls
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site

LIST = "/admin/customerview/list/"
OF_NAV = re.compile(r'<a href="([^"]*)"( aria-current="page")?>.*?<span class="ab-nav-label">([^<]*)</span>')


class Changing:
    """A label as a host's own lazy texts are: it says what it says when it is shown."""

    says = "Before"

    def __str__(self) -> str:
        return self.says


def _site(make_host: MakeHost, label: Any = "Customers") -> Site:
    def declare(site: Site) -> list[type[Any]]:
        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)

        class CountryView(ModelView):
            datamodel = SQLAInterface(site.models.Country)

        site.builder.add_view(CustomerView, "Customers", label=label, category="Sales")
        site.builder.add_view(CountryView, "Countries", category="Sales")
        return []

    return site_of(make_host, declare, rows=3)


def _words(browser: Browser, url: str = LIST, **options: Any) -> list[str]:
    return [word for _url, _current, word in _links(browser, url, **options)]


def _links(browser: Browser, url: str = LIST, **options: Any) -> list[tuple[str, bool, str]]:
    page = browser.get(url, **options)
    assert page.status_code == 200
    found = OF_NAV.findall(page.text.partition('class="ab-nav-links"')[2].partition("</nav>")[0])
    return [(url, bool(current), word) for url, current, word in found]


def test_each_person_sees_their_own(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("menu_access", "Customers"), ("can_list", "CustomerView"))
    site.user("ivan", ("menu_access", "Countries"), ("can_list", "CountryView"))
    olga, ivan = site.browser_of("olga"), site.browser_of("ivan")
    for _ in range(2):
        assert _words(olga) == ["Customers"]
        assert _words(ivan, "/admin/countryview/list/") == ["Countries"]


def test_what_a_role_is_granted_and_loses_is_seen_at_once(make_host: MakeHost) -> None:
    site = _site(make_host)
    grant = ("can_list", "CountryView")
    site.user("olga", ("menu_access", "Customers"), ("can_list", "CustomerView"), ("menu_access", "Countries"))
    olga = site.browser_of("olga")
    assert _words(olga) == ["Customers"]
    with site.app.app_context():
        role, access = site.sm.find_role("role of olga"), site.sm.find_permission_view_menu(*grant)
        site.sm.add_permission_role(role, access)
    assert _words(olga) == ["Customers", "Countries"]
    with site.app.app_context():
        role, access = site.sm.find_role("role of olga"), site.sm.find_permission_view_menu(*grant)
        site.sm.del_permission_role(role, access)
    assert _words(olga) == ["Customers"]


def test_the_page_that_is_open_is_marked_and_no_other(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    for _ in range(2):
        for name in ("customerview", "countryview"):
            url = f"/admin/{name}/list/"
            assert [link for link, current, _word in _links(admin, url) if current] == [url]
    assert [link for link, current, _word in _links(admin, "/admin/") if current] == []


def test_a_label_of_the_host_and_a_condition_are_asked_at_each_request(make_host: MakeHost) -> None:
    label, shown = Changing(), [True]
    site = _site(make_host, label)
    site.builder.state.menu.add_link("Help", href="https://example.org", cond=lambda: shown[0])
    site.builder.state.menu.add_category("Sales").items.append(MenuItem("Free", "Free", href="/free"))
    admin = site.admin()
    assert {"Before", "Help", "Free"} <= set(_words(admin))
    label.says, shown[0] = "After", False
    found = _words(admin)
    assert {"After", "Free"} <= set(found)
    assert not {"Before", "Help"} & set(found)


def test_where_the_app_is_mounted_is_asked_at_each_request(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    plain, below = _links(admin), _links(admin, environ_overrides={"SCRIPT_NAME": "/shop"})
    assert [url for url, _current, _word in below] == [f"/shop{url}" for url, _current, _word in plain]
    assert _links(admin) == plain


def test_an_entry_that_is_added_later_is_seen(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    assert "Help" not in _words(admin)
    site.builder.state.menu.add_link("Help", href="https://example.org")
    assert "Help" in _words(admin)


def test_a_long_menu_costs_no_more_than_a_short_one(make_host: MakeHost) -> None:
    site, seen = _site(make_host), list[int]()
    state = site.builder.state

    @site.app.after_request
    def count_again(answer: Any) -> Any:
        principal = current_principal(state)
        with calls() as found:
            visible_menu(state, principal)
        seen.append(len(found))
        return answer

    browser = site.admin()
    for count in (10, 100):
        for number in range(count):
            state.menu.add_link(f"Place {number}", href=f"/place/{count}/{number}", category="Places")
        assert browser.get(LIST).status_code == 200
    assert seen[1] <= seen[0], seen
