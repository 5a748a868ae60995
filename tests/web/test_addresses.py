"""Addresses on the page of a record are links, and what people carry elsewhere has a button that copies it."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from appbuilder_lite import ModelView
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.web.addresses import link_of
from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.site import Site
from tests.web.test_lists import page_of
from tests.web.test_templates import Document

LONG = "https://example.org/" + "a" * 200


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("anna@example.org", "mailto:anna@example.org"),
        ("Anna.O'Hara+news@mail.example.co.uk", "mailto:Anna.O%27Hara+news@mail.example.co.uk"),
        ("a?subject=b@example.org", "mailto:a%3Fsubject%3Db@example.org"),
        ("https://example.org", "https://example.org"),
        ("HTTP://example.org:8080/a/b?c=d&e=f#g", "HTTP://example.org:8080/a/b?c=d&e=f#g"),
        ("https://münchen.example/straße", "https://münchen.example/straße"),
        ("http://[::1]/", "http://[::1]/"),
        (LONG, LONG),
    ],
)
def test_an_address_leads_there(text: str, link: str) -> None:
    assert link_of(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@localhost",
        "Anna <anna@example.org>",
        "anna@example.org, ben@example.org",
        "anna@example.org\n",
        "mailto:anna@example.org",
        f"{'a' * 250}@example.org",
        "see https://example.org",
        "https://example.org and more",
        "https://example.org\n",
        "\thttps://example.org",
        "https://",
        "https:example.org",
        "https:///example.org",
        "https://example.org:port/",
        "https://[::1/",
        "https://shop.example@evil.example/",
        r"https://shop.example\@evil.example/",
        'https://example.org/"onclick="alert(1)',
        "https://example.org/<script>",
        "https://example.org/\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
        "https://example.org/\x00",
        "//example.org",
        "www.example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//@example.org",
        "javascript://example.org/%0Aalert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        f"https://example.org/{'a' * 2000}",
    ],
)
def test_any_other_text_stays_a_text(text: str) -> None:
    assert link_of(text) == ""


KEY = uuid.UUID("12345678-1234-5678-1234-567812345678")


def _page(make_host: MakeHost, values: dict[str, Any], **options: Any) -> Document:
    """The page of a record with these values, as the administrator sees it."""

    def declare(site: Site) -> list[type[Any]]:
        class Part(site.db.Model):  # type: ignore[name-defined, misc]  # the base is made at run time
            id = sa.Column(sa.Uuid, primary_key=True, default=KEY)
            number = sa.Column(sa.Integer)
            batch = sa.Column(sa.Uuid)
            text = sa.Column(sa.Text)

        site.models.Part = Part
        columns = {"show_columns": ["id", "number", "batch", "text"]}
        return [type("PartView", (ModelView,), {"datamodel": SQLAInterface(Part), **columns, **options})]

    site = site_of(make_host, declare, rows=0)
    with site.app.app_context():
        site.db.session.add(site.models.Part(**values))
        site.db.session.commit()
    return page_of(site.admin().get(f"/admin/partview/show/{KEY}"))


def _copied(page: Document) -> dict[str, str]:
    """What the buttons are called -> what they copy."""
    return {button.text: button.get("data-copy") for button in page.all("button") if button.get("data-copy")}


def _links(page: Document) -> list[tuple[str, str]]:
    return [(link.text, link.get("href")) for dd in page.all("dd") for link in page.inside(dd, "a")]


def test_keys_uuids_and_email_addresses_are_copied(make_host: MakeHost) -> None:
    page = _page(make_host, {"number": 5, "batch": KEY, "text": "anna@example.org"})
    assert _copied(page) == {"Copy Id": str(KEY), "Copy Batch": str(KEY), "Copy Text": "anna@example.org"}
    assert _links(page) == [("anna@example.org", "mailto:anna@example.org")]
    assert all("hidden" in button.attributes for button in page.all("button") if button.get("data-copy"))


@pytest.mark.parametrize("text", ["https://example.org/a?b", LONG])
def test_a_web_address_is_a_link_in_full_without_a_button(make_host: MakeHost, text: str) -> None:
    page = _page(make_host, {"text": text})
    assert _links(page) == [(text, text)]
    assert list(_copied(page)) == ["Copy Id"], "what is empty has none either"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "Call anna@example.org"])
def test_no_other_text_becomes_a_link(make_host: MakeHost, text: str) -> None:
    page = _page(make_host, {"text": text})
    assert _links(page) == []
    assert text in page.all("main")[0].text


def test_what_a_formatter_makes_stays_as_it_is(make_host: MakeHost) -> None:
    formatters = {"text": lambda value: value, "batch": lambda value: f"…{str(value)[-4:]}"}
    page = _page(make_host, {"text": "anna@example.org", "batch": KEY}, formatters_columns=formatters)
    assert _links(page) == []
    assert _copied(page) == {"Copy Id": str(KEY), "Copy Batch": "…5678"}


def test_a_whole_number_as_key_is_copied_as_plain_figures(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        options = {"datamodel": SQLAInterface(site.models.Customer), "show_columns": ["id", "email"]}
        return [type("CustomerView", (ModelView,), options)]

    page = page_of(site_of(make_host, declare).admin().get("/admin/customerview/show/2"))
    assert _copied(page) == {"Copy Id": "2", "Copy Email": "c1@example.org"}
