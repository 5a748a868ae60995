"""A list and its forms on one page: everything is in the address, and the forms are those of the pages of their own."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, String
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from appbuilder_lite import CompactCRUDMixin, MasterDetailView, ModelView, SQLAInterface
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.order_lines import lines, order_site, send, shown
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site
from tests.web.test_templates import Document, Element

VIEW = "/admin/customerview"
LIST = f"{VIEW}/list/"
ADD = f"{LIST}add"
EDIT = f"{LIST}edit/1"
ASKED = "search=customer&sort=-name&page=2&page_size=2&country__eq=1"
AS_HTML = ASKED.replace("&", "&amp;")
COLUMNS = ["name", "email", "notes", "country", "tags"]


def compact_site(
    make_host: MakeHost, *, rows: int = 8, templates: dict[str, str] | None = None, **options: Any
) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        if templates is not None:
            site.app.jinja_loader = DictLoader(templates)
        attributes = {
            "datamodel": SQLAInterface(site.models.Customer),
            "list_columns": ["name", "email", "country"],
            "search_columns": ["name"],
            "add_columns": COLUMNS,
            "edit_columns": COLUMNS,
            "page_sizes": [2, 25],
            **options,
        }
        country = {"datamodel": SQLAInterface(site.models.Country)}
        customers = type("CustomerView", (CompactCRUDMixin, ModelView), attributes)
        return [type("CountryView", (ModelView,), country), customers]

    return site_of(make_host, declare, rows=rows)


def rows_of(answer: TestResponse) -> dict[str, Element]:
    """The links of the list's rows by name."""
    page = Document(answer.text)
    [part] = page.all("div", id="list")
    heads = [head for head in page.inside(part, "th") if head.get("scope") == "row"]
    return {link.text: link for head in heads for link in page.inside(head, "a")}


def form_of(answer: TestResponse) -> tuple[Document, Element] | None:
    page = Document(answer.text)
    found = page.all("section", id="form")
    return (page, found[0]) if found else None


def post(browser: Browser, url: str, *, button: str = "", **fields: Any) -> TestResponse:
    """Open the form at an address and send it with some fields changed."""
    page = browser.get(url)
    [form] = [one for one in Document(page.text).all("form") if one.get("class") == "ab-form"]
    sent = sent_form(page.text, form.get("action"))
    for name, value in {**fields, **({button: "1"} if button else {})}.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return browser.client.post(form.get("action"), data=sent)


def name_of(site: Site, key: int) -> str:
    with site.app.app_context():
        return str(site.db.session.get(site.models.Customer, key).name)


def asked(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_the_list_alone_leads_to_its_forms_as_it_is(make_host: MakeHost) -> None:
    answer = compact_site(make_host).admin().get(f"{LIST}?{ASKED}")
    links = [link.get("href") for link in Document(answer.text).all("a")]
    assert form_of(answer) is None
    [add] = {link for link in links if urlsplit(link).path == ADD}
    edits = [urlsplit(link) for link in links if urlsplit(link).path.startswith(f"{LIST}edit/")]
    assert asked(add) == parse_qs(ASKED)
    assert [(one.path, one.fragment) for one in edits] == [(f"{LIST}edit/3", "form"), (f"{LIST}edit/1", "form")]
    assert all(parse_qs(one.query) == parse_qs(ASKED) for one in edits)
    assert f"{VIEW}/show/1" in links


@pytest.mark.parametrize(("url", "heading"), [(ADD, "New customer"), (EDIT, "Customer 000")])
def test_a_form_stands_beside_the_list_as_it_is(make_host: MakeHost, url: str, heading: str) -> None:
    answer = compact_site(make_host).admin().get(f"{url}?{ASKED}")
    found = form_of(answer)
    assert found is not None
    page, section = found
    assert [one.text for one in page.all("h1")] == ["Customers"]
    assert next(one.text for one in page.inside(section, "h2")) == heading
    assert list(rows_of(answer)) == ["Customer 002", "Customer 000"]
    [form] = page.inside(section, "form")
    assert (urlsplit(form.get("action")).path, asked(form.get("action"))) == (url, parse_qs(ASKED))
    [cancel] = [link for link in page.inside(section, "a") if link.text == "Cancel"]
    assert (urlsplit(cancel.get("href")).path, asked(cancel.get("href"))) == (LIST, parse_qs(ASKED))
    # Without scripts the list's own tools ask this same address.
    [side] = page.all("div", id="list")
    assert {one.get("action") for one in page.inside(side, "form") if one.get("method") == "get"} == {""}


def test_the_rows_beside_a_form_lead_to_theirs_and_the_open_one_is_marked(make_host: MakeHost) -> None:
    rows = rows_of(compact_site(make_host).admin().get(f"{EDIT}?{ASKED}"))
    assert [name for name, link in rows.items() if link.get("aria-current") == "true"] == ["Customer 000"]
    assert urlsplit(rows["Customer 002"].get("href")).path == f"{LIST}edit/3"


@pytest.mark.parametrize(
    ("url", "button", "path"),
    [
        (ADD, "", LIST),
        (EDIT, "", LIST),
        (ADD, "_addanother", ADD),
        (EDIT, "_addanother", ADD),
        (EDIT, "_continue", EDIT),
        (ADD, "_continue", f"{LIST}edit/9"),
    ],
)
def test_a_save_leads_back_to_the_list_as_it_was(make_host: MakeHost, url: str, button: str, path: str) -> None:
    site = compact_site(make_host)
    answer = post(site.admin(), f"{url}?{ASKED}", button=button, name="Zoe", email="zoe@example.org")
    assert answer.status_code == 302
    there = urlsplit(answer.headers["Location"])
    assert (there.path, parse_qs(there.query)) == (path, parse_qs(ASKED))
    assert name_of(site, 1 if url == EDIT else 9) == "Zoe"


@pytest.mark.parametrize("url", [ADD, EDIT])
def test_a_refused_save_comes_back_with_the_list_and_what_was_typed(make_host: MakeHost, url: str) -> None:
    site = compact_site(make_host)
    answer = post(site.admin(), f"{url}?{ASKED}", name="", notes="typed just now")
    assert answer.status_code == 422
    found = form_of(answer)
    assert found is not None
    page, section = found
    [field] = page.inside(section, "textarea")
    assert field.text.strip() == "typed just now"
    assert [one for one in page.inside(section, "div") if one.get("role") == "alert"]
    assert list(rows_of(answer)) == ["Customer 002", "Customer 000"]
    assert name_of(site, 1) == "Customer 000"


def test_what_the_database_refuses_comes_back_beside_the_stored_rows(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    answer = post(site.admin(), EDIT, name="Zoe", email="c1@example.org")
    assert answer.status_code == 422
    assert form_of(answer) is not None
    assert next(iter(rows_of(answer))) == "Customer 000"
    assert name_of(site, 1) == "Customer 000"


def test_a_stale_save_asks_field_by_field_beside_the_list(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    url = f"{EDIT}?{ASKED}"
    sent = sent_form(admin.get(url).text, url)
    sent["name"] = "Mine"
    with site.app.app_context():
        site.db.session.get(site.models.Customer, 1).name = "Customer 000, theirs"
        site.db.session.commit()
    answer = admin.client.post(url, data=sent)
    assert answer.status_code == 409
    found = form_of(answer)
    assert found is not None
    assert re.findall(r'name="_take" value="([^"]*)"', answer.text) == ["name"]
    assert list(rows_of(answer)) == ["Customer 002", "Customer 000, theirs"]
    assert admin.client.post(url, data=sent_form(answer.text, url)).headers["Location"] == f"{LIST}?{ASKED}"
    assert name_of(site, 1) == "Mine"


def test_an_address_fills_the_form_beside_what_it_asks_of_the_list(make_host: MakeHost) -> None:
    admin = compact_site(make_host).admin()
    url = f"{ADD}?{ASKED}&name=Anna&country=2&tags=1&tags=2"
    answer = admin.get(url)
    sent = sent_form(answer.text, f"{ADD}?{AS_HTML.replace('&amp;', '&')}")
    assert (sent["name"], sent["country"], sent.getlist("tags")) == ("Anna", "2", ["1", "2"])
    assert list(rows_of(answer)) == ["Customer 002", "Customer 000"]
    # The list that is turned goes on having the form filled beside it.
    turns = [link.get("href") for link in Document(answer.text).all("a") if link.get("rel") == "prev"]
    assert [asked(link)["name"] for link in turns] == [["Anna"]]


def test_what_asks_for_the_list_fills_no_field(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        book = type(
            "Book",
            (site.db.Model,),
            {"id": Column(Integer, primary_key=True), "page": Column(String(9)), "title": Column(String(9))},
        )
        attributes = {"datamodel": SQLAInterface(book), "add_columns": ["title", "page"], "search_columns": ["title"]}
        return [type("CustomerView", (CompactCRUDMixin, ModelView), attributes)]

    answer = site_of(make_host, declare, rows=0).admin().get(f"{ADD}?page=1&title=Emma")
    sent = sent_form(answer.text, ADD)
    assert (sent["title"], sent["page"]) == ("Emma", "")


def test_a_duplicate_begins_beside_the_list(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    url = f"{ADD}?_from=1&{ASKED}"
    answer = site.admin().get(url)
    assert form_of(answer) is not None
    assert 'value="Customer 000"' in answer.text
    assert "Copied from" in answer.text


@pytest.mark.parametrize(
    ("grants", "add", "edit"),
    [
        (["can_list"], 403, 403),
        (["can_add", "can_edit"], 403, 403),
        (["can_list", "can_add"], 200, 403),
        (["can_list", "can_edit"], 403, 200),
    ],
)
def test_a_form_takes_the_permission_of_its_page_and_that_of_the_list(
    make_host: MakeHost, grants: list[str], add: int, edit: int
) -> None:
    site = compact_site(make_host)
    site.user("olga", *((grant, "CustomerView") for grant in grants))
    olga = site.sign_in("olga")
    assert (olga.get(ADD).status_code, olga.get(EDIT).status_code) == (add, edit)
    token = olga.token()
    for url, code in ((ADD, add), (EDIT, edit)):
        if code == 403:
            data = {"csrf_token": token, "name": "Zoe", "_fields": "name"}
            assert olga.client.post(url, data=data).status_code == 403
    assert site.count(site.models.Customer) == 8
    assert name_of(site, 1) == "Customer 000"
    if "can_list" in grants:
        text = olga.get(LIST).text
        assert (ADD in text, EDIT in text) == (add == 200, edit == 200)


def test_who_is_not_signed_in_is_sent_to_sign_in(make_host: MakeHost) -> None:
    browser = compact_site(make_host).browser()
    for url in (ADD, EDIT):
        answer = browser.get(url)
        assert (answer.status_code, "login" in answer.headers["Location"]) == (302, True)


def test_a_record_outside_the_scope_has_no_form(make_host: MakeHost) -> None:
    site = compact_site(make_host, base_filters=[["name", FilterEqual, "Customer 000"]])
    admin = site.admin()
    assert admin.get(EDIT).status_code == 200
    assert admin.get(f"{LIST}edit/2").status_code == 404
    data = {"csrf_token": admin.token(), "name": "Zoe", "_fields": "name"}
    assert admin.client.post(f"{LIST}edit/2", data=data).status_code == 404
    assert name_of(site, 2) == "Customer 001"


def test_a_hook_that_refuses_a_record_refuses_it_here_too(make_host: MakeHost) -> None:
    site = compact_site(make_host, can_edit_item=lambda _view, _user, item: item.id != 1)
    admin = site.admin()
    assert admin.get(EDIT).status_code == admin.get(f"{VIEW}/edit/1").status_code == 403
    rows = rows_of(admin.get(f"{LIST}edit/2"))
    assert rows["Customer 000"].get("href") == f"{VIEW}/show/1"


@pytest.mark.parametrize("left_out", ["add", "edit", "list"])
def test_a_page_that_is_left_out_takes_its_form_along(make_host: MakeHost, left_out: str) -> None:
    default: dict[str, Any] = {"default_view": "add"} if left_out == "list" else {}
    admin = compact_site(make_host, exclude_route_methods=[left_out], **default).admin()
    gone = {"add": [ADD], "edit": [EDIT], "list": [ADD, EDIT]}[left_out]
    assert [url for url in (ADD, EDIT) if admin.get(url).status_code == 404] == gone


def test_a_post_without_a_token_writes_nothing_and_brings_the_page_back(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    data = {"csrf_token": "none", "name": "Zoe", "_fields": "name"}
    answer = admin.client.post(f"{EDIT}?{ASKED}", data=data, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert form_of(answer) is not None
    assert 'value="Zoe"' in answer.text
    assert name_of(site, 1) == "Customer 000"


def test_a_list_that_cannot_be_asked_for_is_told_before_anything_is_written(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    data = {"csrf_token": admin.token(), "name": "Zoe", "_fields": "name"}
    assert admin.client.post(f"{EDIT}?page=none", data=data).status_code == 400
    assert name_of(site, 1) == "Customer 000"


def test_what_was_typed_is_kept_where_the_page_of_the_list_is_gone(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    assert admin.get(f"{EDIT}?page=99&page_size=2").headers["Location"] == f"{EDIT}?page=4&page_size=2"
    data = {"csrf_token": admin.token(), "name": "", "notes": "typed", "_fields": "name,notes"}
    answer = admin.client.post(f"{EDIT}?page=99&page_size=2", data=data)
    assert (answer.status_code, form_of(answer)) == (422, None)
    assert "typed" in answer.text


def test_the_pages_of_their_own_are_there_for_links_from_elsewhere(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    for url in (f"{VIEW}/add?search=Anna&name=Zoe", f"{VIEW}/edit/1"):
        answer = admin.get(url)
        assert (answer.status_code, form_of(answer)) == (200, None)
    assert f'href="{VIEW}/edit/1"' in admin.get(f"{VIEW}/show/1").text
    assert post(admin, f"{VIEW}/edit/1", name="Zoe").headers["Location"] == LIST


def test_nothing_is_kept_in_the_session(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    admin.get(LIST)
    with admin.client.session_transaction() as before:
        kept = set(before)
    admin.get(f"{EDIT}?{ASKED}")
    admin.get(ADD)
    post(admin, EDIT, name="")
    with admin.client.session_transaction() as after:
        assert set(after) - {"_flashes"} == kept - {"_flashes"}
    # Another tab that asks for the list has no form.
    assert form_of(admin.get(LIST)) is None


@pytest.mark.parametrize("from_url", [ADD, EDIT])
def test_ticked_rows_are_deleted_beside_a_form_and_the_list_is_as_it_was(make_host: MakeHost, from_url: str) -> None:
    admin = compact_site(make_host).admin()
    data = {"csrf_token": admin.token(), "rowid": ["2"]}
    question = admin.client.post(
        f"{VIEW}/delete_selected", data=data, headers={"Referer": f"http://localhost{from_url}?search=a&sort=-name"}
    )
    assert f'href="{LIST}?search=a&amp;sort=-name"' in question.text


def test_a_form_of_the_views_own_template_stands_there_with_its_blocks(make_host: MakeHost) -> None:
    own = {
        "list.html": "{% extends 'appbuilder_lite/list.html' %}{% block page_buttons %}OWN BUTTON{% endblock %}",
        "form.html": "{% extends 'appbuilder_lite/form.html' %}{% block fields %}OWN FIELDS{{ super() }}{% endblock %}"
        "{% block scripts %}OWN SCRIPT{% endblock %}",
    }
    site = compact_site(make_host, templates=own, list_template="list.html", edit_template="form.html")
    text = site.admin().get(EDIT).text
    assert [text.count(one) for one in ("OWN BUTTON", "OWN FIELDS", "OWN SCRIPT", "<html")] == [1, 1, 1, 1]


def test_rows_of_another_model_are_edited_in_it(make_host: MakeHost) -> None:
    site = order_site(make_host, bases=(CompactCRUDMixin, ModelView))
    admin = site.admin()
    url = "/admin/orderview/list/edit/1"
    form = shown(admin, url)
    form["number"] = "B1"
    answer = send(admin, form, url, r0={"quantity": "6"}, r1={"_remove": "1"}, r2={"product": "3", "quantity": "8"})
    assert answer.headers["Location"] == "/admin/orderview/list/"
    assert lines(site) == [(1, 6), (3, 8)]


def test_a_read_only_model_has_no_forms_beside_its_list(make_host: MakeHost) -> None:
    admin = compact_site(make_host, base_permissions=["can_list", "can_show"]).admin()
    assert admin.get(LIST).status_code == 200
    assert [admin.get(url).status_code for url in (ADD, EDIT)] == [404, 404]


@pytest.mark.parametrize("rows", [8, 24])
def test_it_costs_the_list_and_the_form(make_host: MakeHost, count_statements: CountStatements, rows: int) -> None:
    admin = compact_site(make_host, rows=rows).admin()
    counted: dict[str, int] = {}
    for url in (LIST, f"{VIEW}/add", f"{VIEW}/edit/1", ADD, EDIT):
        admin.get(url)
        with count_statements() as seen:
            assert admin.get(url).status_code == 200
        counted[url] = len(seen)
    # Who asks is asked once, and what stands on one page is not counted.
    assert counted[LIST] == 2
    assert counted[ADD] == counted[LIST] + counted[f"{VIEW}/add"] - 1
    assert counted[EDIT] == counted[LIST] + counted[f"{VIEW}/edit/1"] - 1


def test_every_link_of_the_list_beside_a_form_leaves_the_form_there(make_host: MakeHost) -> None:
    """One that asks for the usual list, too: it has no query that the browser could put behind the address."""
    admin = compact_site(make_host).admin()
    links = {link.text: link.get("href") for link in Document(admin.get(f"{EDIT}?search=customer").text).all("a")}
    assert links["Clear search"] == EDIT
    links = {link.text: link.get("href") for link in Document(admin.get(f"{LIST}?search=customer").text).all("a")}
    assert links["Clear search"] == LIST


def test_what_fills_the_form_stays_where_the_page_of_the_list_is_gone(make_host: MakeHost) -> None:
    admin = compact_site(make_host).admin()
    there = urlsplit(admin.get(f"{ADD}?name=Anna&_from=1&page=99&page_size=2").headers["Location"])
    assert there.path == ADD
    assert parse_qs(there.query) == {"name": ["Anna"], "_from": ["1"], "page": ["4"], "page_size": ["2"]}


def test_what_fills_the_form_stays_where_columns_are_chosen(make_host: MakeHost) -> None:
    page = Document(compact_site(make_host).admin().get(f"{ADD}?name=Anna").text)
    [chooser] = [form for form in page.all("form") if form.get("aria-label") == "Columns"]
    assert [
        (one.get("name"), one.get("value")) for one in page.inside(chooser, "input") if one.get("type") == "hidden"
    ] == [("name", "Anna")]


@pytest.mark.parametrize("gone", ["country__eq=99", "after=none"])
def test_what_was_typed_is_kept_where_what_the_list_was_asked_for_is_gone(make_host: MakeHost, gone: str) -> None:
    admin = compact_site(make_host).admin()
    data = {"csrf_token": admin.token(), "name": "", "notes": "typed", "_fields": "name,notes"}
    answer = admin.client.post(f"{EDIT}?{gone}", data=data)
    assert (answer.status_code, form_of(answer)) == (422, None)
    assert "typed" in answer.text


def test_a_delete_leads_back_to_the_list_as_it_was(make_host: MakeHost) -> None:
    site = compact_site(make_host)
    admin = site.admin()
    post(admin, ADD, name="Zoe", email="zoe@example.org")
    url = f"{VIEW}/delete/9"
    question = admin.client.get(url, headers={"Referer": f"http://localhost{EDIT}?{ASKED}"})
    answer = admin.client.post(url, data=sent_form(question.text, url))
    assert answer.headers["Location"] == f"{LIST}?{ASKED}"
    assert site.count(site.models.Customer) == 8


def test_the_columns_that_somebody_chose_stand_beside_a_form_too(make_host: MakeHost) -> None:
    admin = compact_site(make_host).admin()
    # A token in the address is none of what fills the form: it would be sent before the one that holds.
    url = f"{ADD}?csrf_token=none&name=Anna"
    page = Document(admin.get(url).text)
    [button] = [one for one in page.all("button") if one.text == "Use as my columns"]
    [chooser] = [form for form in page.all("form") if form.get("aria-label") == "Columns"]
    hidden = [
        (one.get("name"), one.get("value")) for one in page.inside(chooser, "input") if one.get("type") == "hidden"
    ]
    data = MultiDict([*hidden, ("cols", "name"), ("cols", "email"), (button.get("name"), button.get("value"))])
    assert admin.client.post(button.get("formaction"), data=data).status_code == 302
    for beside in (LIST, ADD, EDIT):
        page = Document(admin.get(beside).text)
        [part] = page.all("div", id="list")
        heads = [head.text for head in page.inside(part, "th") if head.get("scope") == "col"]
        assert heads[:2] == ["Name", "Email"]
        assert "Country" not in heads


@pytest.mark.parametrize(
    ("left_out", "url", "button", "path"),
    [
        ("add_beside", EDIT, "_addanother", f"{VIEW}/add"),
        ("edit_beside", ADD, "_continue", f"{VIEW}/edit/9"),
    ],
)
def test_the_next_form_is_on_a_page_of_its_own_where_none_stands_beside_the_list(
    make_host: MakeHost, left_out: str, url: str, button: str, path: str
) -> None:
    admin = compact_site(make_host, exclude_route_methods=[left_out]).admin()
    answer = post(admin, f"{url}?{ASKED}", button=button, name="Zoe", email="zoe@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (302, path)


def test_pages_that_are_the_only_ones_bring_their_forms_beside_the_list(make_host: MakeHost) -> None:
    admin = compact_site(make_host, include_route_methods=["list", "add", "edit"]).admin()
    assert [admin.get(url).status_code for url in (LIST, ADD, EDIT)] == [200, 200, 200]


def test_a_list_with_a_stylesheet_of_its_own_keeps_it(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        own = {"datamodel": SQLAInterface(site.models.Customer)}
        related = type("CustomerView", (ModelView,), own)
        both = {"datamodel": SQLAInterface(site.models.Country), "related_views": [related]}
        return [related, type("CountryView", (CompactCRUDMixin, MasterDetailView), both)]

    admin = site_of(make_host, declare, rows=2).admin()
    for url in ("list/", "list/1", "list/add", "list/edit/1"):
        assert admin.get(f"/admin/countryview/{url}").status_code == 200
