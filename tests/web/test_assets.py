"""The static files: joined, compressed, and kept by browsers."""

import gzip
import re

import pytest

from appbuilder_lite.web.assets import SCRIPTS, STATIC_FOLDER, STYLES, STYLESHEETS
from tests.web.conftest import MakeSite
from tests.web.site import Browser

LINKED = ["appbuilder.css", "sign_in.js", "icons.svg"]
NAMES = [*STYLESHEETS, "icons.svg", *SCRIPTS]


@pytest.fixture
def browser(make_site: MakeSite) -> Browser:
    return make_site().browser()


def address_of(browser: Browser, name: str) -> str:
    """The address under which a page links the asset."""
    page = browser.get("/admin/login/").text
    start = page.index(f"/admin/static/{name}")
    return page[start : page.index('"', start)].partition("#")[0]


@pytest.mark.parametrize("name", LINKED)
def test_an_address_of_a_page_is_kept_for_ever(browser: Browser, name: str) -> None:
    answer = browser.get(address_of(browser, name))
    assert answer.status_code == 200
    assert answer.cache_control.max_age == 365 * 24 * 3600
    assert answer.cache_control.immutable
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["", "?v=", "?v=of-another-version"])
def test_another_address_is_asked_for_again(browser: Browser, name: str, query: str) -> None:
    answer = browser.get(f"/admin/static/{name}{query}")
    assert answer.status_code == 200
    assert answer.cache_control.no_cache
    assert answer.cache_control.max_age is None


@pytest.mark.parametrize("name", NAMES)
def test_compressed_for_who_takes_it(browser: Browser, name: str) -> None:
    plain = browser.get(f"/admin/static/{name}")
    zipped = browser.get(f"/admin/static/{name}", headers={"Accept-Encoding": "br, gzip"})
    refused = browser.get(f"/admin/static/{name}", headers={"Accept-Encoding": "gzip;q=0, identity"})
    encodings: list[str | None] = [answer.content_encoding for answer in (plain, zipped, refused)]
    assert encodings == [None, "gzip", None]
    assert gzip.decompress(zipped.data) == plain.data == refused.data
    assert "Accept-Encoding" in plain.vary
    assert plain.headers["ETag"] != zipped.headers["ETag"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_who_has_it_gets_no_bytes(browser: Browser, encoding: str) -> None:
    first = browser.get("/admin/static/appbuilder.css", headers={"Accept-Encoding": encoding})
    again = browser.get(
        "/admin/static/appbuilder.css",
        headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]},
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.css", "styles/base.css", "../assets.py", "%00", ""])
def test_what_is_no_asset_is_not_found(browser: Browser, name: str) -> None:
    assert browser.get(f"/admin/static/{name}").status_code in {404, 405}


def test_every_part_is_served() -> None:
    assert {file.stem for file in (STATIC_FOLDER / "styles").iterdir()} == set(STYLES)
    parts = {part for parts in SCRIPTS.values() for part in parts}
    assert {file.stem for file in (STATIC_FOLDER / "scripts").iterdir()} == parts


def test_the_layer_of_a_part_is_written_in_one_place() -> None:
    for file in (STATIC_FOLDER / "styles").iterdir():
        assert "@layer" not in file.read_text(encoding="utf-8"), file.name


def test_a_class_gets_its_looks_in_one_part() -> None:
    """Two parts that style the same class have two components in mind, and each spoils the other's."""
    parts: dict[str, set[str]] = {}
    for file in (STATIC_FOLDER / "styles").iterdir():
        # A rule that starts a line stands in no condition: those are indented.
        for selectors in re.findall(r"^([^\s@/}][^{]*)\{", file.read_text(encoding="utf-8"), re.MULTILINE):
            for selector in map(str.strip, selectors.split(",")):
                if re.fullmatch(r"\.ab-[\w-]+|[a-z]+", selector):
                    parts.setdefault(selector, set()).add(file.stem)
    resets = {"reset", "document"}
    assert {selector: files for selector, files in parts.items() if len(files - resets) > 1} == {}
