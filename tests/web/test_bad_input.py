"""Nonsense from outside: a message or a 4xx, never a 500, and the session is usable after it."""

import io
from html import unescape

import pytest
from werkzeug.datastructures import MultiDict

from tests.web.site import Site

LIST = "/admin/customerview/list/"

QUERIES = [
    "page=0",
    "page=-1",
    "page=one",
    "page=1.5",
    "page=99999999999999999999999999",
    "page=1&page=2",
    "page=%00",
    "page=٣",
    "page_size=0",
    "page_size=-5",
    "page_size=1000000",
    "page_size=all",
    "page_CustomerView=-1",
    "psize_CustomerView=nonsense",
    "sort=nothing",
    "sort=name;drop table customer",
    "sort=notes",
    "sort=password",
    "sort=name,name",
    "sort=,",
    "sort=--name",
    "_oc_CustomerView=nothing",
    "_oc_CustomerView=name&_od_CustomerView=sideways",
    "search=%00",
    "search=" + "x" * 501,
    "search=one&search=two",
    "search=%ED%A0%80%00",
]
KEYS = [
    "nonsense",
    "0",
    "-1",
    "99999999999999999999999999999999",
    "1.0",
    "1e3",
    "%00",
    "1%00",
    "..%2F..%2Fetc",
    "1;2",
    "1~2",
    "%F0%9F%92%A9",
    "%ED%A0%80",
    "x" * 5000,
    "None",
    "null",
    "true",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_tells_what_is_wrong_with_a_parameter(site: Site, query: str) -> None:
    admin = site.admin()
    answer = admin.get(f"{LIST}?{query}")
    assert answer.status_code == 400, query
    assert "<h1" in answer.text
    assert admin.get(LIST).status_code == 200


SEARCHES = ["%", "_", "'", '"', "\\", "a%b", "<script>alert(1)</script>", "ünïcode", "' OR 1=1 --"]
ODD = ["/admin/%00", "/admin/%ED%A0%80", "/admin/" + "a/" * 500, "/admin/customerview", "/admin/../"]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_takes_any_text_literally(site: Site, search: str) -> None:
    answer = site.admin().client.get(LIST, query_string={"search": search})
    assert answer.status_code == 200
    assert "Customer 001" not in answer.text
    assert "<script>alert" not in answer.text


def test_any_key_is_a_404(site: Site) -> None:
    admin = site.admin()
    for method in ("show", "edit", "delete"):
        for key in KEYS:
            answer = admin.get(f"/admin/customerview/{method}/{key}")
            assert answer.status_code == 404, (method, key)
    assert admin.get(LIST).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x" * 51},
        {"name": "with\0nul"},
        {"name": ""},
        {"name": "   "},
        {"since": "2024-13-45"},
        {"since": "99999-01-01"},
        {"since": "yesterday"},
        {"status": "UNHEARD_OF"},
        {"country": "999"},
        {"country": "nonsense"},
        {"country": "1\0"},
        {"tags": ["1", "999"]},
        {"tags": ["nonsense"]},
    ],
    ids=str,
)
def test_a_bad_value_brings_the_form_back(site: Site, fields: dict[str, str]) -> None:
    admin = site.admin()
    for url in ("/admin/customerview/add", "/admin/customerview/edit/1"):
        answer = admin.send(url, **{"name": "Good", "email": "good@example.org", **fields})
        assert answer.status_code == 422, (url, fields)
        assert 'role="alert"' in answer.text
    assert site.count(site.models.Customer) == 30
    assert "Good" not in admin.get("/admin/customerview/show/1").text
    assert admin.get(LIST).status_code == 200


def test_fields_twice_missing_unknown_and_an_own_id_do_no_harm(site: Site) -> None:
    admin = site.admin()
    token = admin.token()
    twice = MultiDict([("csrf_token", token), ("name", "One"), ("name", "Two"), ("email", "two@example.org")])
    assert admin.client.post("/admin/customerview/add", data=twice).status_code in {302, 422}
    answer = admin.client.post("/admin/customerview/edit/1", data={"csrf_token": token})
    assert answer.status_code in {302, 422}
    odd = {"csrf_token": token, "name": "Odd", "id": "77", "no_such_field": "x", "__class__": "x", "_fields": "name,id"}
    assert admin.client.post("/admin/customerview/edit/2", data=odd).status_code == 302
    with site.app.app_context():
        get = site.db.session.get
        assert get(site.models.Customer, 77) is None
        assert get(site.models.Customer, 2).name == "Odd"
        first = get(site.models.Customer, 1)
        assert first.name == "Customer 000"
        assert first.email == "c0@example.org"


def test_a_record_deleted_meanwhile_is_a_404(site: Site) -> None:
    admin = site.admin()
    with site.app.app_context():
        tag = site.models.Country(name="Short-lived")
        site.db.session.add(tag)
        site.db.session.commit()
        key = tag.id
    token = admin.token(f"/admin/countryview/edit/{key}")
    with site.app.app_context():
        site.db.session.delete(site.db.session.get(site.models.Country, key))
        site.db.session.commit()
    for url in ("edit", "delete"):
        answer = admin.client.post(f"/admin/countryview/{url}/{key}", data={"csrf_token": token, "name": "x"})
        assert answer.status_code == 404
    assert admin.get("/admin/countryview/list/").status_code == 200


def test_a_huge_body_is_cut_off(site: Site) -> None:
    admin = site.admin()
    token = admin.token()
    data = {"csrf_token": token, "name": "x" * (17 * 1024 * 1024)}
    assert admin.client.post("/admin/customerview/add", data=data).status_code == 413
    assert admin.get(LIST).status_code == 200


def test_bodies_that_are_no_forms_are_refused(site: Site) -> None:
    admin = site.admin()
    for content, kind in ((b"{}", "application/json"), (b"\xff\xfe", "text/plain"), (b"%%%", "multipart/form-data")):
        answer = admin.client.post("/admin/customerview/add", data=content, content_type=kind)
        assert answer.status_code == 400
    assert admin.get(LIST).status_code == 200


@pytest.mark.parametrize("name", [b"%FF%FE", b"\xff\xfe", b"%ED%A0%80", b"\xed\xa0\x80", b"%C3"], ids=repr)
@pytest.mark.parametrize("is_multipart", [False, True], ids=["address", "multipart"])
def test_bytes_that_are_no_text_do_no_harm(site: Site, name: bytes, is_multipart: bool) -> None:
    admin = site.admin()
    token = admin.token().encode()
    body, kind = b"csrf_token=%b&name=%b" % (token, name), "application/x-www-form-urlencoded"
    if is_multipart:
        part = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        body, kind = (
            part % (b"csrf_token", token) + part % (b"name", name) + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        )
    answer = admin.client.post("/admin/countryview/add", data=body, content_type=kind)
    assert answer.status_code in {302, 400, 422}
    with site.app.app_context():
        names = site.db.session.scalars(site.db.select(site.models.Country.name)).all()
    assert len(names) == 2 + (answer.status_code == 302)
    assert all(found.encode() for found in names)
    assert admin.get("/admin/countryview/list/").status_code == 200


TEMPLATE_CODE = "{{7*191}}{% raise %}{# x #}${7*191} %(name)s {0}"


def test_code_of_templates_in_values_is_a_text_like_any_other(site: Site) -> None:
    admin = site.admin()
    assert admin.send("/admin/countryview/add", name=TEMPLATE_CODE).status_code == 302
    with site.app.app_context():
        key = site.db.session.scalar(site.db.select(site.models.Country.id).filter_by(name=TEMPLATE_CODE))
    pages = ("list/", "list/?search=raise", f"show/{key}", f"edit/{key}", f"delete/{key}")
    for page in pages:
        answer = admin.get(f"/admin/countryview/{page}")
        assert TEMPLATE_CODE in unescape(answer.text), page
        assert "1337" not in answer.text, page
    # The message names the record, too.
    answer = admin.send(f"/admin/countryview/delete/{key}")
    assert TEMPLATE_CODE in unescape(admin.get(answer.location).text)


def test_a_file_in_the_place_of_a_text_is_not_taken(site: Site) -> None:
    admin = site.admin()
    data = {"csrf_token": admin.token(), "name": (io.BytesIO(b"x"), "name.txt")}
    answer = admin.client.post("/admin/countryview/add", data=data)
    assert answer.status_code == 422
    assert "This field is required" in answer.text
    assert site.count(site.models.Country) == 2


@pytest.mark.parametrize("path", ODD)
def test_odd_addresses_are_not_found(site: Site, path: str) -> None:
    answer = site.admin().get(path)
    assert answer.status_code in {302, 308, 404}, answer.status
