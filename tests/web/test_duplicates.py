"""A duplicate: the add form with what the person may read of a record and may set on a new one."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import wtforms
from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, func
from sqlalchemy.orm import relationship

from appbuilder_lite import ModelView, SQLAInterface, action, expose, has_access
from appbuilder_lite.filters import FilterEqual
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of, site_with
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db, make_models

ADD = "/admin/customerview/add"
COPY = f"{ADD}?_from=3"
COLUMNS = ["name", "email", "notes", "since", "status", "country", "tags"]


def _site(make_host: MakeHost, **options: Any) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        attributes = {"datamodel": SQLAInterface(site.models.Customer), "add_columns": COLUMNS, **options}
        return [
            type("CustomerView", (ModelView,), attributes),
            type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country)}),
        ]

    return site_of(make_host, declare)


def _form(browser: Browser, url: str = COPY) -> Any:
    page = browser.get(url)
    assert page.status_code == 200, page.text
    return sent_form(page.text, ADD)


def _links(html: str) -> bool:
    return f'href="{COPY}"' in html


@pytest.mark.databases
def test_a_duplicate_begins_with_the_values_of_its_record_and_is_a_new_one(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    form = _form(admin)
    values = {name: form[name] for name in ("name", "notes", "since", "status", "country")}
    assert values == {"name": "Customer 002", "notes": "", "since": "2024-01-03", "status": "KNOWN", "country": "1"}
    assert form.getlist("tags") == ["1", "2"]
    assert site.count(site.models.Customer) == 6
    assert admin.client.post(ADD, data=form).status_code == 302
    with site.app.app_context():
        one, other = site.db.session.get(site.models.Customer, 3), site.db.session.get(site.models.Customer, 7)
        assert (other.name, other.since, other.status, other.country_id) == (one.name, one.since, one.status, 1)
        assert [[tag.id for tag in customer.tags] for customer in (one, other)] == [[1, 2], [1, 2]]
        assert (one.email, other.email) == ("c2@example.org", None)


def test_the_form_says_whose_values_these_are_and_which_must_be_others(make_host: MakeHost) -> None:
    page = _site(make_host).admin().get(COPY).text
    assert 'Copied from <a href="/admin/customerview/show/3">Customer 002</a>' in page
    assert page.count("Not copied: each record has its own.") == 1
    assert 'id="email-note"' in page


def test_a_form_that_comes_back_says_so_again(make_host: MakeHost) -> None:
    site = _site(make_host)
    admin = site.admin()
    form = _form(admin)
    assert form["_from"] == "3"
    form["name"] = ""
    answer = admin.client.post(ADD, data=form)
    assert answer.status_code == 422
    assert 'Copied from <a href="/admin/customerview/show/3">Customer 002</a>' in answer.text
    assert sent_form(answer.text, ADD)["_from"] == "3"


@pytest.mark.parametrize("key", ["99", "x", "\x00", "1~2", "3" * 500])
def test_a_forged_key_in_a_form_that_comes_back_is_left_out(make_host: MakeHost, key: str) -> None:
    admin = _site(make_host).admin()
    answer = admin.client.post(ADD, data={**_form(admin).to_dict(), "name": "", "_from": key})
    assert answer.status_code == 422
    assert "Copied from" not in answer.text


def test_a_form_that_comes_back_names_no_record_that_the_person_may_not_open(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("clerk", ("can_add", "CustomerView"))
    person = site.sign_in("clerk")
    form = {**sent_form(person.get(ADD).text, ADD).to_dict(), "name": "", "_from": "3"}
    answer = person.client.post(ADD, data=form)
    assert answer.status_code == 422
    assert "Customer 002" not in answer.text


def test_the_page_of_a_record_leads_to_its_duplicate(make_host: MakeHost) -> None:
    assert _links(_site(make_host).admin().get("/admin/customerview/show/3").text)


def test_a_row_with_a_menu_leads_to_its_duplicate(make_host: MakeHost) -> None:
    def greet(_view: Any, _items: Any) -> None:
        """Nothing."""

    site = _site(make_host, greet=action("greet", "Greet")(greet))
    assert _links(site.admin().get("/admin/customerview/list/").text)


def test_no_columns_switch_duplicates_off(make_host: MakeHost) -> None:
    admin = _site(make_host, duplicate_columns=[]).admin()
    assert not _links(admin.get("/admin/customerview/show/3").text)
    assert _form(admin)["name"] == ""
    assert "Copied from" not in admin.get(COPY).text


def test_only_the_declared_columns_are_taken(make_host: MakeHost) -> None:
    form = _form(_site(make_host, duplicate_columns=["status", "tags"]).admin())
    assert (form["name"], form["status"], form.getlist("tags")) == ("", "KNOWN", ["1", "2"])


def test_what_the_address_fills_in_wins(make_host: MakeHost) -> None:
    form = _form(_site(make_host).admin(), f"{COPY}&name=Zoe&tags=2")
    assert (form["name"], form.getlist("tags"), form["status"]) == ("Zoe", ["2"], "KNOWN")


def test_a_hook_changes_what_is_taken(make_host: MakeHost) -> None:
    def prefill_duplicate(_view: Any, form: Any, item: Any) -> None:
        form["name"].data = f"{item.name} (copy)"

    assert _form(_site(make_host, prefill_duplicate=prefill_duplicate).admin())["name"] == "Customer 002 (copy)"


def test_a_record_out_of_scope_is_not_copied(make_host: MakeHost) -> None:
    admin = _site(make_host, base_filters=[["country_id", FilterEqual, 2]]).admin()
    answer = admin.get(COPY)
    assert answer.status_code == 404
    assert "Customer 002" not in answer.text
    assert admin.get(f"{ADD}?_from=2").status_code == 200


@pytest.mark.parametrize("key", ["999", "x", "%00", "1/2", "-1", "9" * 400, "~"])
def test_a_forged_key_leads_to_no_record(make_host: MakeHost, key: str) -> None:
    assert _site(make_host).admin().get(f"{ADD}?_from={key}").status_code == 404


def test_who_may_not_open_a_record_may_not_copy_it(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "CustomerView"), ("can_add", "CustomerView"))
    olga = site.sign_in("olga")
    answer = olga.get(COPY)
    assert answer.status_code == 403
    assert "Customer 002" not in answer.text
    assert olga.get(f"{ADD}?_from=999").status_code == 403


def test_who_may_not_add_is_not_offered_a_duplicate(make_host: MakeHost) -> None:
    site = _site(make_host)
    site.user("olga", ("can_list", "CustomerView"), ("can_show", "CustomerView"))
    olga = site.sign_in("olga")
    assert not _links(olga.get("/admin/customerview/show/3").text)
    assert olga.get(COPY).status_code == 403


@pytest.mark.parametrize("hidden", [("status", "show"), ("status", "edit")])
def test_a_field_is_taken_by_whoever_reads_it_in_one_way(make_host: MakeHost, hidden: tuple[str, str]) -> None:
    site = _site(make_host, can_access_field=lambda _view, _user, column, act: (column, act) != hidden)
    assert _form(site.admin())["status"] == "KNOWN"


def test_a_field_that_nobody_may_read_is_not_taken(make_host: MakeHost) -> None:
    site = _site(make_host, can_access_field=lambda _view, _user, column, act: column != "status" or act == "add")
    assert _form(site.admin())["status"] == ""


def test_a_field_that_the_page_does_not_show_is_taken_by_editors_alone(make_host: MakeHost) -> None:
    site = _site(make_host, show_columns=["name"], edit_columns=COLUMNS)
    site.user("olga", ("can_add", "CustomerView"), ("can_show", "CustomerView"))
    olga, admin = _form(site.sign_in("olga")), _form(site.admin())
    assert (olga["name"], olga["status"], olga.getlist("tags")) == ("Customer 002", "", [])
    assert (admin["name"], admin["status"], admin.getlist("tags")) == ("Customer 002", "KNOWN", ["1", "2"])


def test_an_editor_who_may_not_change_this_record_reads_what_its_page_shows(make_host: MakeHost) -> None:
    site = _site(make_host, show_columns=["name"], can_edit_item=lambda _view, _user, item: item.id != 3)
    assert _form(site.admin())["status"] == ""


def test_what_a_formatter_hides_is_not_put_into_the_form(make_host: MakeHost) -> None:
    site = _site(make_host, formatters_columns={"name": lambda name: f"{name[0]}..."})
    site.user("olga", ("can_add", "CustomerView"), ("can_show", "CustomerView"))
    answer = site.sign_in("olga").get(COPY)
    assert sent_form(answer.text, ADD)["name"] == ""


def test_a_field_that_may_not_be_set_is_not_in_the_form(make_host: MakeHost) -> None:
    site = _site(make_host, can_access_field=lambda _view, _user, column, act: (column, act) != ("status", "add"))
    assert "status" not in _form(site.admin())


def test_a_related_record_that_could_not_be_chosen_is_left_out(make_host: MakeHost) -> None:
    site = _site(make_host, add_form_query_rel_fields={"country": [["name", FilterEqual, "Spain"]]})
    page = site.admin().get(COPY).text
    assert sent_form(page, ADD)["country"] == ""
    assert "Norway" not in page


def test_a_password_is_not_taken(make_host: MakeHost) -> None:
    site = _site(make_host, add_form_extra_fields={"notes": wtforms.PasswordField("Notes")})
    with site.app.app_context():
        site.db.session.get(site.models.Customer, 3).notes = "hidden words"
        site.db.session.commit()
    assert "hidden words" not in site.admin().get(COPY).text


def test_a_duplicate_costs_the_same_for_any_number_of_related_records(
    make_host: MakeHost, count_statements: CountStatements
) -> None:
    admin = _site(make_host).admin()
    admin.get(COPY)
    counts = []
    for key in (2, 3):
        with count_statements() as seen:
            admin.get(f"{ADD}?_from={key}")
        counts.append(len(seen))
    # Who asks, the record with its country, its tags, each relation's choices and what of them is taken.
    assert counts == [7, 7]


def _shelf(db: Any) -> SimpleNamespace:
    class Shelf(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        made_at = Column(DateTime, default=lambda: datetime.datetime(2024, 1, 1))
        changed_at = Column(DateTime, server_default=func.now())
        shown_at = Column(DateTime)
        size = Column(Integer, default=3)
        revision = Column(Integer, nullable=False)
        books = relationship("Book", back_populates="shelf")
        lamp = relationship("Lamp", uselist=False, back_populates="shelf")
        __mapper_args__ = {"version_id_col": revision}

        def __str__(self) -> str:
            return str(self.name)

    class Book(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        shelf_id: Any = Column(ForeignKey("shelf.id"))
        shelf = relationship(Shelf, back_populates="books")

    class Lamp(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        shelf_id: Any = Column(ForeignKey("shelf.id"), unique=True)
        shelf = relationship(Shelf, back_populates="lamp")

    return SimpleNamespace(Shelf=Shelf, Book=Book, Lamp=Lamp)


@pytest.mark.databases
def test_what_belongs_to_the_record_stays_with_it(make_host: MakeHost) -> None:
    db = make_db()
    models = make_models(db)
    own = _shelf(db)
    columns = ["name", "made_at", "changed_at", "shown_at", "size", "books", "lamp"]
    shelves = type("ShelfView", (ModelView,), {"datamodel": SQLAInterface(own.Shelf), "add_columns": columns})
    site = site_with(make_host, db, models, (shelves, "Shelves"))
    when = datetime.datetime(2024, 2, 29, 7, 8, 9)
    with site.app.app_context():
        shelf = own.Shelf(
            name="A", size=7, shown_at=when, made_at=when, books=[own.Book(), own.Book()], lamp=own.Lamp()
        )
        db.session.add(shelf)
        db.session.commit()
    admin, url = site.admin(), "/admin/shelfview/add"
    form = sent_form(admin.get(f"{url}?_from=1").text, url)
    assert (form["name"], form["size"], form["shown_at"]) == ("A", "7", "2024-02-29T07:08:09")
    # What a function makes is made for the new one.
    assert (form["made_at"], form["changed_at"]) == ("2024-01-01T00:00:00", "")
    assert (form.getlist("books"), form["lamp"]) == ([], "")
    assert admin.client.post(url, data=form).status_code == 302
    with site.app.app_context():
        first, second = (db.session.get_one(own.Shelf, key) for key in (1, 2))
        assert (len(first.books), first.lamp.id, second.books, second.lamp) == (2, 1, [], None)


def test_stock_views_offer_no_duplicates(make_host: MakeHost) -> None:
    admin = _site(make_host).admin()
    for url in ("/admin/users/show/1", "/admin/roles/show/1"):
        assert "_from=" not in admin.get(url).text


def test_an_add_page_of_the_hosts_own_is_not_led_to(make_host: MakeHost) -> None:
    class Own(ModelView):
        @expose("/add")
        @has_access
        def add(self) -> str:
            return "mine"

    admin = _site(make_host, add=Own.add).admin()
    assert not _links(admin.get("/admin/customerview/show/3").text)
    assert admin.get(COPY).text == "mine"
