"""A host whose models no mapper of ours designed: every page of every record opens, and an unchanged save is none."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus, urljoin

import pytest
import sqlalchemy as sa

from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.foreign import open_mapped, open_reflected
from tests.web.foreign_keys import make_keys
from tests.web.foreign_shapes import make_shapes
from tests.web.foreign_tables import COUNT, KEYS
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

ODD = re.compile(r"[^\w.&=?/-]|=-?_|data|errors|search|sort|page|type|query")


def faults(site: Site, view_names: list[str]) -> Iterator[str]:
    """What goes wrong on the pages of these views and of their records."""
    browser = site.admin()
    for name in view_names:
        base = f"/admin/{name.lower()}"
        page = browser.get(f"{base}/list/").text
        links = {urljoin(f"{base}/list/", html.unescape(link)) for link in re.findall(r'href="([^"]*)"', page)}
        own = sorted(link for link in links if link.startswith(f"{base}/"))
        edited = [link for link in own if link.startswith(f"{base}/edit/")]
        listed = [link for link in own if "/list/?" in link and ODD.search(unquote_plus(link.partition("?")[2]))]
        records = [link for link in own if link.startswith(f"{base}/show/")]
        if not edited or len(edited) != len(records):
            yield f"{base}: {len(edited)} rows lead to a form, {len(records)} to a page"
        for url in (f"{base}/list/", f"{base}/add", *listed, *records):
            answer = browser.get(url)
            if answer.status_code != 200:
                yield f"{url}: {answer.status}"
        yield from (fault for url in edited for fault in saved_unchanged(browser, url))


def saved_unchanged(browser: Browser, url: str) -> Iterator[str]:
    """What goes wrong when a form is sent back as it was shown."""
    body = sent_form(browser.get(url).text, url)
    with statements() as seen:
        answer = browser.client.post(url, data=body)
    written = [text for text in seen.texts if text.lstrip()[:6].upper() in ("UPDATE", "INSERT", "DELETE")]
    if answer.status_code != 302 or written:
        yield f"{url}: {answer.status} {written}"


def test_sixty_tables_of_automap(make_host: MakeHost, database_url: str) -> None:
    site, seen = open_reflected(make_host, database_url)
    # Automap makes no class of a table without a key, and there is nothing to say about it.
    assert len(site.views) == COUNT - COUNT // len(KEYS)
    assert len(seen) == 0
    assert list(faults(site, [view.__name__ for view in site.views])) == []


def test_keys_of_every_shape(make_host: MakeHost, database_url: str) -> None:
    site, seen = open_mapped(make_host, make_keys)
    assert len(seen) == 0
    assert list(faults(site, [view.__name__ for view in site.views])) == []


def test_classes_of_every_shape(make_host: MakeHost, database_url: str) -> None:
    site, seen = open_mapped(make_host, make_shapes)
    assert len(seen) == 0
    assert list(faults(site, [view.__name__ for view in site.views])) == []


@pytest.mark.parametrize("name", ["crew", "crew_asked", "crew_raised", "crew_named"])
def test_a_collection_of_any_kind_is_changed_in_a_form(make_host: MakeHost, name: str) -> None:
    site, _seen = open_mapped(make_host, make_shapes)
    url, browser, crew = "/admin/shipview/edit/1", site.admin(), site.db.metadata.tables["crew"]
    body = sent_form(browser.get(url).text, url)
    assert body.getlist(name) == ["1", "2"]
    body.setlist(name, ["2", "3"])
    with statements() as seen:
        assert browser.client.post(url, data=body).status_code == 302
    # Who stays is not written again.
    written = sorted(text.split()[0] for text in seen.texts if " crew" in text and "SELECT" not in text)
    assert written == ["DELETE", "INSERT"]
    with site.app.app_context():
        assert site.db.session.scalars(sa.select(crew.c.sailor_id).order_by(crew.c.sailor_id)).all() == [2, 3]


def test_a_record_of_a_dataclass_is_added(make_host: MakeHost, database_url: str) -> None:
    site, _seen = open_mapped(make_host, make_shapes)
    answer = site.admin().send("/admin/ticketview/add", title="new", spot="2")
    assert answer.status_code == 302
    with site.app.app_context():
        ticket = site.db.session.scalars(sa.select(site.models["Ticket"]).filter_by(title="new")).one()
        assert (ticket.spot_id, ticket.seats) == (2, 4)
