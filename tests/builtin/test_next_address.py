"""`next` never leaves the site, however it is spelt."""

import pytest

from appbuilder_lite.builtin.next_address import safe_next

HOST = "shop.example"

LEAVING = [
    "//evil.example",
    "//evil.example/admin/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/admin\\..\\..\\evil",
    "http://evil.example",
    "https://evil.example/",
    "http://shop.example/admin/",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://EVIL.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "http://shop.example@evil.example/",
    "//shop.example@evil.example",
    "//shop.example:80@evil.example",
    "http://shop.example.evil.example",
    "evil.example",
    "www.evil.example/admin",
    "@evil.example",
    ".evil.example",
    "admin/users",
    "./admin",
    "../admin",
    "",
    " /admin",
    "/admin ",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\x00/evil.example",
    "/admin\r\nSet-Cookie: a=b",
    "/\u2028/evil.example",
    "/\xa0/evil.example",
    "/\ufeff/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/admin//evil.example",
    "//[::1]",
    "//[",
    "/\udc80",
    "?next=//evil.example",
    "#//evil.example",
]

STAYING = [
    "/",
    "/admin/",
    "/admin/users/list/",
    "/admin/users/list/?search=a&page=2",
    "/admin/users/list/?next=//evil.example",
    "/admin/users/show/1#roles",
    "/admin/caf%C3%A9",
    "/admin/%2F%2Fevil.example",
    "/admin/café",
    "/@evil.example",
]


@pytest.mark.parametrize("target", LEAVING, ids=ascii)
def test_what_could_lead_elsewhere_is_refused(target: str) -> None:
    assert safe_next(target, HOST) == ""


@pytest.mark.parametrize("target", STAYING)
def test_a_path_of_this_site_stays_as_it_is(target: str) -> None:
    assert safe_next(target, HOST) == target


def test_no_target_is_none() -> None:
    assert safe_next(None, HOST) == ""


@pytest.mark.parametrize("host", ["[", "evil.example/", "a@b", ""])
def test_a_forged_host_does_not_make_a_path_lead_elsewhere(host: str) -> None:
    assert safe_next("/admin/", host) in ("", "/admin/")
    assert safe_next("//evil.example", host) == ""
