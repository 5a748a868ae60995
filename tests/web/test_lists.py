"""The list page: which columns, in what order, what is marked, what is offered around the rows, and what it weighs."""

import datetime
import re
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Numeric, String, Text
from werkzeug.test import TestResponse

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface, action, security_model
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site, make_db
from tests.web.test_templates import Document, Element

LIST = "/admin/customerview/list/"
KEEP = "/admin/preferences/columns?view=CustomerView"
OWN = ["Name", "Email", "Country", "Status", "Since", "Tags"]


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    """Thirty customers in a list that offers two columns more than it shows."""

    def declare(site: Site) -> list[type[Any]]:
        class CountryView(ModelView):
            datamodel = SQLAInterface(site.models.Country)

        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)
            list_columns = ["name", "email", "country", "status", "since", "tags"]
            list_optional_columns = ["notes", "country.name"]
            search_columns = ["name", "email", "country.name"]
            label_columns = {"country.name": "Land"}
            base_order = ("since", "desc")

        return [CustomerView, CountryView]

    return site_of(make_host, declare, rows=30)


def page_of(answer: TestResponse) -> Document:
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def test_of_long_texts_a_list_has_the_beginning(site: Site) -> None:
    with site.app.app_context():
        site.db.session.execute(site.models.Customer.__table__.update().values(notes="a word & " * 3000))
        site.db.session.commit()
    text = site.admin().get(f"{LIST}?cols=name,notes,email").text
    assert text.count('title="a word &amp; a word') == 25
    assert len(text) < 60_000
    assert site.admin().get("/admin/customerview/show/1").text.count("a word &amp;") == 3000


def test_how_many_there_are_is_grouped_wherever_it_stands(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        return [type("CustomerView", (ModelView,), {"datamodel": SQLAInterface(site.models.Customer)})]

    admin = site_of(make_host, declare, rows=1001).admin()
    page = page_of(admin.get(f"{LIST}?page_size=10&page=100"))
    assert "1,001 records" in [text.text for text in page.all("p")]
    assert "991-1,000 of 1,001" in [text.text for text in page.all("p")]
    assert "1,001 records" in admin.get("/admin/").text
    [place] = [text.text for text in page_of(admin.get(f"{LIST}?page_size=1")).all("span") if "Page " in text.text]
    assert place == "Page  of 1,001"


def headings(answer: TestResponse) -> list[str]:
    found = [element.text for element in page_of(answer).all("th", scope="col")]
    return [text for text in found if text != "Actions"]


def offered(page: Document) -> list[str]:
    return [box.get("value") for box in page.all("input", name="cols", type="checkbox")]


def first_cells(answer: TestResponse) -> list[str]:
    return [element.text for element in page_of(answer).all("th", scope="row")]


def sort_url(answer: TestResponse, column: str) -> str:
    (link,) = page_of(answer).all("a", **{"data-sort": column})
    return link.get("href")


def keep(browser: Browser, *columns: str, url: str = KEEP, **fields: str) -> TestResponse:
    data = {"csrf_token": browser.token(LIST), "cols": list(columns), **fields}
    return browser.client.post(url, data=data)


class TestColumns:
    """`cols` in the address, and what a person keeps."""

    @pytest.mark.parametrize("query", ["cols=email,name,notes", "cols=email&cols=name&cols=notes"])
    def test_the_address_says_which_and_in_what_order(self, site: Site, query: str) -> None:
        page = site.admin().get(f"{LIST}?{query}")
        assert headings(page) == ["Email", "Name", "Notes"]
        assert first_cells(page)[0].endswith("@example.org")

    def test_an_unknown_column_is_refused_by_name(self, site: Site) -> None:
        admin = site.admin()
        for query in ("cols=nmae", "cols=name,name", "cols=id", "cols=country.id", "cols=%00"):
            answer = admin.get(f"{LIST}?{query}")
            assert answer.status_code == 400, query
            assert "cols" in answer.text

    def test_every_link_and_form_of_the_list_carries_them_on(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?cols=email,name&search=example&page_size=10"))
        links = [link.get("href") for link in page.all("a") if "=" in link.get("href")]
        assert len(links) >= 6
        reset = [link for link in page.all("a") if link.text == "Reset"]
        assert [url for url in links if "cols=email,name" not in url] == [link.get("href") for link in reset]
        (search,) = page.all("form", role="search", method="get")
        sent = {field.get("name"): field.get("value") for field in page.inside(search, "input")}
        assert sent == {"page_size": "10", "cols": "email,name", "search": "example"}

    def test_the_chooser_offers_what_the_list_can_show_the_shown_first(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?cols=notes,name"))
        further = ["email", "country", "status", "since", "tags", "country.name"]
        assert offered(page) == ["notes", "name", *further]
        ticked = [box for box in page.all("input", name="cols", type="checkbox") if "checked" in box.attributes]
        assert [box.get("value") for box in ticked] == ["notes", "name"]

    def test_a_column_that_the_person_may_not_see_is_neither_offered_nor_shown(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class CustomerView(ModelView):
                datamodel = SQLAInterface(site.models.Customer)
                list_columns = ["name", "email"]
                list_optional_columns = ["notes", "since"]

                def can_access_field(self, user: Any, column: str, action: str) -> bool:
                    return column not in {"email", "notes"}

            return [CustomerView]

        admin = site_of(make_host, declare).admin()
        page = admin.get(f"{LIST}?cols=notes,since,email")
        assert headings(page) == ["Since"]
        assert offered(page_of(page)) == ["since", "name"]
        assert headings(admin.get(f"{LIST}?cols=notes")) == ["Name"]

    def test_the_password_of_users_is_no_column_to_choose(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class AccountView(ModelView):
                datamodel = SQLAInterface(security_model("user_model"))
                list_columns = ["username"]
                list_optional_columns = ["password", "email"]

            return [AccountView]

        page = site_of(make_host, declare).admin().get("/admin/accountview/list/?cols=username,password")
        assert headings(page) == ["Username"]
        assert offered(page_of(page)) == ["username", "email"]

    def test_a_list_of_one_column_has_nothing_to_choose(self, site: Site) -> None:
        assert not page_of(site.admin().get("/admin/countryview/list/")).all("input", name="cols")

    def test_what_a_person_keeps_is_theirs_and_this_lists_alone(self, site: Site) -> None:
        site.user("olga", ("can_list", "CustomerView"))
        admin, olga = site.admin(), site.sign_in("olga")
        answer = keep(admin, "since", "name", search="example", page_size="10", sort="-name")
        assert answer.status_code == 302
        assert answer.location == f"{LIST}?search=example&sort=-name&page_size=10"
        assert headings(admin.get(LIST)) == ["Since", "Name"]
        assert headings(admin.get(f"{LIST}?cols=email")) == ["Email"]
        assert headings(site.sign_in("admin").get(LIST)) == ["Since", "Name"]
        assert headings(olga.get(LIST)) == OWN
        assert headings(admin.get("/admin/countryview/list/")) == ["Name"]

    def test_links_of_a_list_with_kept_columns_say_nothing_of_them(self, site: Site) -> None:
        admin = site.admin()
        keep(admin, "since", "name")
        assert "cols=" not in admin.get(f"{LIST}?search=example").text

    def test_a_later_choice_takes_the_place_and_reset_forgets_it(self, site: Site) -> None:
        admin = site.admin()
        keep(admin, "since", "name")
        keep(admin, "email")
        page = admin.get(LIST)
        assert headings(page) == ["Email"]
        (reset,) = [button for button in page_of(page).all("button") if button.text == "Reset"]
        assert keep(admin, "email", url=reset.get("formaction")).status_code == 302
        assert headings(admin.get(LIST)) == OWN

    def test_the_lists_own_columns_are_no_choice(self, site: Site) -> None:
        admin = site.admin()
        keep(admin, "name", "email", "country", "status", "since", "tags")
        with site.app.app_context():
            assert site.db.session.execute(site.sm.models.preference.select()).all() == []

    def test_a_kept_column_that_is_gone_is_left_out(self, site: Site) -> None:
        admin = site.admin()
        keep(admin, "since", "name")
        with site.app.app_context():
            site.db.session.execute(site.sm.models.preference.update().values(value="gone,name"))
            site.db.session.commit()
        assert headings(admin.get(LIST)) == ["Name"]

    def test_to_keep_takes_a_token_a_list_and_the_right_to_it(self, site: Site) -> None:
        site.user("olga", ("can_list", "CountryView"))
        admin, olga = site.admin(), site.sign_in("olga")
        token = olga.token("/admin/")
        assert olga.client.post(KEEP, data={"csrf_token": token, "cols": "name"}).status_code == 403
        assert admin.client.post(KEEP, data={"cols": "name"}).status_code == 400
        assert keep(admin, "name", url="/admin/preferences/columns?view=IndexView").status_code == 404
        assert keep(admin, "name", url="/admin/preferences/columns").status_code == 404
        assert keep(admin, "nmae").status_code == 400
        assert headings(admin.get(LIST)) == OWN

    def test_who_is_not_signed_in_chooses_in_the_address_alone(self, site: Site) -> None:
        with site.app.app_context():
            public = site.sm.find_role("Public")
            site.sm.add_permission_role(public, site.sm.find_permission_view_menu("can_list", "CustomerView"))
        page = site.browser().get(f"{LIST}?cols=email")
        assert headings(page) == ["Email"]
        assert "preferences" not in page.text
        assert "Apply" in page.text

    def test_kept_columns_cost_no_statement(self, site: Site, count_statements: CountStatements) -> None:
        admin = site.admin()
        keep(admin, "since", "name")
        admin.get(LIST)
        with count_statements() as seen:
            page = admin.get(LIST)
        assert headings(page) == ["Since", "Name"]
        assert len(seen) == 3, seen


class TestOrder:
    """Headings sort: up, down, and back."""

    def test_three_clicks_lead_back_to_the_usual_order(self, site: Site) -> None:
        admin = site.admin()
        up = sort_url(admin.get(LIST), "name")
        down = sort_url(admin.get(LIST + up), "name")
        back = sort_url(admin.get(LIST + down), "name")
        assert (up, down, back) == ("?sort=name", "?sort=-name", LIST)

    def test_the_column_of_the_usual_order_turns_round_first(self, site: Site) -> None:
        admin = site.admin()
        usual = admin.get(LIST)
        (heading,) = [element for element in page_of(usual).all("th", scope="col") if element.text == "Since"]
        assert heading.get("aria-sort") == "descending"
        assert sort_url(usual, "since") == "?sort=since"

    def test_several_columns_sort_and_say_which_is_first(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?sort=-status,name&page_size=50"))
        sorted_by = [element for element in page.all("th", scope="col") if element.get("aria-sort")]
        assert [(element.text, element.get("aria-sort")) for element in sorted_by] == [
            ("Name2", "ascending"),
            ("Status1", "descending"),
        ]
        assert page.all("table")[0].get("data-order") == "-status,name"
        # A database may sort the states by their names or by their places.
        names = [element.text for element in page.all("th", scope="row")]
        assert names in (_names(1) + _names(0), _names(0) + _names(1))

    def test_the_select_of_a_narrow_page_holds_the_order_of_now(self, site: Site) -> None:
        admin = site.admin()
        for sort, words in [("", "Usual order"), ("-name", "Name, descending"), ("name,status", "Several columns")]:
            page = page_of(admin.get(f"{LIST}?sort={sort}"))
            chosen = [option for option in page.all("option") if "selected" in option.attributes]
            assert [(option.get("value"), option.text) for option in chosen] == [(sort, words)]


def _names(start: int) -> list[str]:
    """Every second of the customers."""
    return [f"Customer {number:03}" for number in range(start, 30, 2)]


class TestMarks:
    """What is searched for is marked where it stands, and nothing else is."""

    def test_hits_are_marked_in_the_searched_columns_alone(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?search=C7@EXAMPLE+007"))
        marked = [(element.text, _cell(element)) for element in page.all("mark")]
        assert marked == [("007", "th"), ("c7@example", "td")]

    def test_a_name_of_a_related_record_that_is_searched_is_marked(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?search=norw"))
        assert {element.text for element in page.all("mark")} == {"Norw"}
        assert all(element.is_inside("a") for element in page.all("mark"))

    def test_markup_that_is_stored_stays_text_whatever_is_searched(self, site: Site) -> None:
        with site.app.app_context():
            for number, name in enumerate(["<b>bold</b>", "a & b", '"quoted" <mark>']):
                site.db.session.add(site.models.Customer(name=name, email=f"<i>{number}</i>"))
            site.db.session.commit()
        admin = site.admin()
        bold, quoted = "<b>bold</b>", '"quoted" <mark>'
        for search, name in [("b", bold), ("<b>", bold), ("&", "a & b"), ("<mark>", quoted)]:
            page = page_of(admin.get(LIST, query_string={"search": search, "page_size": "50"}))
            assert name in [element.text for element in page.all("th", scope="row")], search
            assert not page.all("b", "i")
            assert {element.text.lower() for element in page.all("mark")} == {search}

    @pytest.mark.parametrize("search", ["(", "[a-", ".*", "\\", "+", "a|", "%", "_"])
    def test_no_search_is_a_pattern(self, site: Site, search: str) -> None:
        page = page_of(site.admin().get(LIST, query_string={"search": search}))
        assert {element.text for element in page.all("mark")} <= {search}

    def test_markup_of_a_formatter_is_not_touched(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class CustomerView(ModelView):
                datamodel = SQLAInterface(site.models.Customer)
                list_columns = ["name", "email"]
                search_columns = ["email"]
                formatters_columns = {"email": lambda value: Markup("<em>{}</em>").format(value)}

            return [CustomerView]

        page = page_of(site_of(make_host, declare).admin().get(f"{LIST}?search=em"))
        assert not page.all("mark")

    def test_a_list_without_a_search_marks_nothing(self, site: Site) -> None:
        assert "<mark" not in site.admin().get(LIST).text


def _cell(element: Element) -> str:
    return next(parent.tag for parent in reversed(element.ancestors) if parent.tag in {"td", "th"})


class TestSurroundings:
    """What stands around the rows."""

    def test_a_search_is_a_chip_with_a_way_without_it(self, site: Site) -> None:
        page = page_of(site.admin().get(f"{LIST}?search=customer&sort=name"))
        (clear,) = [link for link in page.all("a") if link.text == "Clear search"]
        assert clear.get("href") == "?sort=name"
        assert "Search: customer" in page.all("main")[0].text

    def test_many_pages_have_a_field_for_the_number_which_keeps_the_rest(self, site: Site) -> None:
        few, many = (page_of(site.admin().get(f"{LIST}?page_size={size}&sort=name")) for size in (10, 3))
        assert not few.all("input", name="page")
        (field,) = many.all("input", name="page")
        (form,) = many.all("form", id=field.get("form"))
        assert (field.get("max"), form.get("method")) == ("10", "get")
        assert {hidden.get("name"): hidden.get("value") for hidden in many.inside(form, "input")} == {
            "sort": "name",
            "page_size": "3",
        }

    def test_page_sizes_are_offered_where_they_change_something(self, site: Site) -> None:
        admin = site.admin()
        assert "Rows per page" in admin.get(LIST).text
        assert "Rows per page" not in admin.get(f"{LIST}?search=Customer+00").text

    def test_an_empty_list_says_what_to_do_first(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class TagView(ModelView):
                datamodel = SQLAInterface(site.models.Tag)

            return [TagView]

        site = site_of(make_host, declare)
        with site.app.app_context():
            site.db.session.execute(site.models.Tag.__table__.metadata.tables["customer_tag"].delete())
            site.db.session.execute(site.models.Tag.__table__.delete())
            site.db.session.commit()
        text = page_of(site.admin().get("/admin/tagview/list/")).all("main")[0].text
        assert "There is no tag yet." in text
        assert "The first one that is added will be listed here." in text
        assert "Columns" not in text

    def test_an_empty_search_says_where_it_looked(self, site: Site) -> None:
        text = page_of(site.admin().get(f"{LIST}?search=nobody")).all("main")[0].text
        assert "No customer matches “nobody”." in text
        assert "Each word has to be in one of these: Name, Email, Land." in text

    def test_the_height_of_rows_is_kept_in_a_cookie(self, site: Site) -> None:
        admin = site.admin()
        data = {"csrf_token": admin.token(LIST), "density": "compact", "next": f"{LIST}?page=2"}
        answer = admin.client.post("/admin/density", data=data)
        assert answer.location == f"{LIST}?page=2"
        page = page_of(admin.get(LIST))
        assert page.all("html")[0].get("data-density") == "compact"
        (button,) = page.all("button", name="density")
        assert (button.get("value"), button.get("aria-pressed")) == ("comfortable", "true")
        assert admin.client.post("/admin/density", data={**data, "density": "dense"}).status_code == 400

    def test_a_dangerous_action_stands_last_and_asks_in_red(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            class CustomerView(ModelView):
                datamodel = SQLAInterface(site.models.Customer)
                list_columns = ["name"]

                @action("erase", "Erase", confirmation="Erase these?", danger=True)
                def erase(self, items: Any) -> None:
                    raise AssertionError

                @action("mail", "Send mail")
                def mail(self, items: Any) -> None:
                    raise AssertionError

            return [CustomerView]

        admin = site_of(make_host, declare).admin()
        page = page_of(admin.get(LIST))
        buttons = page.all("button", name="action")
        assert [button.get("value") for button in buttons] == ["mail", "erase"]
        assert "ab-danger-text" in buttons[1].get("class")
        menu = page.all("div", id="row-1")[0]
        assert [item.text for item in page.inside(menu, "a", "button")] == [
            "Duplicate",
            "Send mail",
            "Erase",
            "Delete",
        ]
        asked = admin.client.post(
            "/admin/customerview/action/erase/1", data={"csrf_token": admin.token(LIST), "rowid": "2"}
        )
        assert "ab-destroy" in asked.text

    def test_an_action_of_a_rows_menu_runs_on_that_row_whatever_is_ticked(self, make_host: MakeHost) -> None:
        seen: list[str] = []

        def declare(site: Site) -> list[type[Any]]:
            class CustomerView(ModelView):
                datamodel = SQLAInterface(site.models.Customer)
                list_columns = ["name"]

                @action("mail", "Send mail")
                def mail(self, items: Any) -> None:
                    seen.append(items.name)

            return [CustomerView]

        admin = site_of(make_host, declare).admin()
        (button,) = [
            button
            for button in page_of(admin.get(LIST)).all("button")
            if button.get("formaction").endswith("/action/mail/3")
        ]
        data = {"csrf_token": admin.token(LIST), "rowid": ["1", "2"]}
        assert admin.client.post(button.get("formaction"), data=data).status_code == 302
        assert seen == ["Customer 002"]


def test_25_rows_of_8_columns_are_30_kilobytes_at_most(make_host: MakeHost) -> None:
    db = make_db()

    class Person(db.Model):  # type: ignore[name-defined, misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(80), nullable=False)
        email = Column(String(80))
        city = Column(String(80))
        note = Column(Text)
        credit = Column(Numeric(10, 2))
        is_active = Column(Boolean, nullable=False)
        born_on = Column(Date)
        created_at = Column(DateTime)

        def __str__(self) -> str:
            return str(self.name)

    class PersonView(ModelView):
        datamodel = SQLAInterface(Person)

    host, builder = make_host(db), AppBuilder()
    builder.add_view(PersonView, "People")
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    with site.app.app_context():
        day = datetime.datetime(2024, 5, 6, 7, 8, 9)
        for number in range(25):
            person = {"name": f"Anna Abbott {number}", "email": f"anna.abbott{number}@example.org", "city": "Bergen"}
            values = {"credit": 1000 + number, "is_active": number % 2 == 0, "born_on": day.date(), "created_at": day}
            db.session.add(Person(**person, **values, note="Calls back." if number % 3 else None))
        db.session.commit()
    answer = site.admin().get("/admin/personview/list/")
    assert len(headings(answer)) == 8
    assert len(first_cells(answer)) == 25
    assert len(answer.data) <= 30 * 1024, re.sub(r"\s+", " ", answer.text)[:2000]
