"""Writes through the pages: all of a write or nothing, and the host's own work of the same request is kept."""

import datetime
import enum
import io
import re
import threading
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms
from flask import request
from flask_wtf import FlaskForm
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import relationship
from wtforms.validators import Length, ValidationError

from appbuilder_lite import AppBuilder, ModelView, Rejected, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.order_lines import lines, order_site
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site, make_db

BASE = "/admin/customerview"
HOOKS = ("pre_add", "post_add", "pre_update", "post_update", "pre_delete", "post_delete", "after_flush")


def _customers(site: Site, **options: Any) -> type[ModelView]:
    return type("CustomerView", (ModelView,), {"datamodel": SQLAInterface(site.models.Customer), **options})


def _site(
    make_host: MakeHost, *, rows: int = 3, hooks: Mapping[str, Callable[..., object]] | None = None, **options: Any
) -> Site:
    """A site of customers, declared with these hooks and options, and of countries."""

    def declare(site: Site) -> list[type[Any]]:
        country = type("CountryView", (ModelView,), {"datamodel": SQLAInterface(site.models.Country)})
        return [_customers(site, **(hooks or {}), **options), country]

    return site_of(make_host, declare, rows=rows)


def _is_write() -> bool:
    return request.method == "POST" and request.path.startswith(BASE)


def _host_adds(site: Site) -> None:
    """The host adds a row before each POST to a page of customers."""

    @site.app.before_request
    def add() -> None:
        if _is_write():
            site.db.session.add(site.models.Tag(name="pending"))


def _host_works_along(site: Site) -> None:
    """The host adds a row before each POST to a page of customers, and commits after it."""
    _host_adds(site)

    @site.app.after_request
    def commit(response: Any) -> Any:
        if _is_write():
            site.db.session.commit()
        return response


def _tags(site: Site, name: str = "pending") -> int:
    with site.app.app_context():
        return int(site.db.session.query(site.models.Tag).filter_by(name=name).count())


def _first(site: Site) -> Any:
    with site.app.app_context():
        row = site.db.session.get(site.models.Customer, 1)
        return None if row is None else (row.name, row.email)


def _refuse(view: Any, item: Any) -> None:
    item.name = "changed by the hook"
    raise Rejected("Not today")


def _refuse_late(view: Any, item: Any) -> None:
    raise Rejected("Not today")


REFUSED: dict[str, tuple[str, dict[str, Any], dict[str, Any], int]] = {
    "add, by a hook": ("add", {"pre_add": _refuse}, {"name": "New"}, 422),
    "add, after the flush": ("add", {"after_flush": _refuse_late}, {"name": "New"}, 422),
    "add, by the database": ("add", {}, {"name": "New", "email": "c1@example.org"}, 422),
    "add, by the form": ("add", {}, {"name": ""}, 422),
    "edit, by a hook": ("edit/1", {"pre_update": _refuse}, {"name": "New"}, 422),
    "edit, after the flush": ("edit/1", {"after_flush": _refuse_late}, {"name": "New"}, 422),
    "edit, by process_form": ("edit/1", {"process_form": lambda view, form, new: _refuse_late(view, form)}, {}, 422),
    "edit, by the database": ("edit/1", {}, {"name": "New", "email": "c1@example.org"}, 422),
    "edit, by the form": ("edit/1", {}, {"name": ""}, 422),
    "delete, by a hook": ("delete/1", {"pre_delete": _refuse}, {}, 302),
    "delete, by the database": ("delete/1", {}, {}, 302),
}


@pytest.mark.parametrize(("url", "hooks", "fields", "code"), REFUSED.values(), ids=REFUSED)
def test_a_refused_write_is_undone_and_the_hosts_rows_are_kept(
    make_host: MakeHost, url: str, hooks: dict[str, Any], fields: dict[str, Any], code: int
) -> None:
    site = _site(make_host, **hooks)
    _host_works_along(site)
    answer = site.admin().send(f"{BASE}/{url}", **{"name": "New", **fields})
    assert answer.status_code == code
    assert _tags(site) == 1
    assert _first(site) == ("Customer 000", "c0@example.org")
    assert site.count(site.models.Customer) == 3


@pytest.mark.parametrize("url", ["add", "edit/1"])
@pytest.mark.parametrize("hook", ["pre", "after_flush"])
def test_a_hook_that_breaks_undoes_the_write_and_keeps_the_hosts_rows(make_host: MakeHost, url: str, hook: str) -> None:
    def broken(view: Any, item: Any) -> None:
        item.name = "changed by the hook"
        view.state.session.execute(sa.text("SELECT * FROM no_such_table"))

    name = hook if hook != "pre" else ("pre_add" if url == "add" else "pre_update")
    site = _site(make_host, hooks={name: broken})
    _host_works_along(site)
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = site.admin().send(f"{BASE}/{url}", name="New")
    assert answer.status_code == 500
    assert "no_such_table" not in answer.text
    assert _tags(site) == 1
    assert _first(site) == ("Customer 000", "c0@example.org")
    assert site.count(site.models.Customer) == 3


def test_without_a_commit_of_the_hosts_a_refused_request_writes_nothing(make_host: MakeHost) -> None:
    site = _site(make_host, pre_update=_refuse)
    _host_adds(site)
    assert site.admin().send(f"{BASE}/edit/1", name="New").status_code == 422
    assert _tags(site) == 0


def test_a_write_commits_the_hosts_rows_with_it(make_host: MakeHost) -> None:
    site = _site(make_host)
    _host_adds(site)
    assert site.admin().send(f"{BASE}/edit/1", name="New").status_code == 302
    assert _tags(site) == 1
    assert _first(site)[0] == "New"


@pytest.mark.parametrize("email", ["new@example.org", "c1@example.org"], ids=["taken", "refused"])
def test_rows_that_a_hook_adds_go_with_the_write(make_host: MakeHost, email: str) -> None:
    def pre_add(view: Any, item: Any) -> None:
        tag = type(item).tags.property.mapper.class_
        view.state.session.add(tag(name="from a hook"))

    site = _site(make_host, pre_add=pre_add)
    _host_works_along(site)
    answer = site.admin().send(f"{BASE}/add", name="New", email=email)
    is_taken = answer.status_code == 302
    assert is_taken == (email == "new@example.org")
    assert _tags(site, "from a hook") == (1 if is_taken else 0)
    assert _tags(site) == 1


def test_hooks_run_in_their_order_around_the_flush_and_the_commit(make_host: MakeHost) -> None:
    seen: list[str] = []

    def noting(name: str) -> Callable[[Any, Any], None]:
        def note(view: Any, item: Any) -> None:
            state: Any = sa.inspect(item)
            seen.append(f"{name} {'stored' if state.identity else 'new'}")

        return note

    site = _site(make_host, hooks={name: noting(name) for name in HOOKS})
    admin = site.admin()
    with site.app.app_context():
        session_class: Any = type(site.db.session())

    def committed(session: Any) -> None:
        if not session.in_nested_transaction():
            seen.append("commit")

    sa.event.listen(session_class, "after_flush", lambda session, context: seen.append("flush"))
    sa.event.listen(session_class, "after_commit", committed)
    expected = {
        "add": ["pre_add new", "flush", "after_flush stored", "commit", "post_add stored"],
        "edit/1": ["pre_update stored", "flush", "after_flush stored", "commit", "post_update stored"],
        "delete/4": ["pre_delete stored", "flush", "commit", "post_delete stored"],
    }
    for url, order in expected.items():
        token = admin.token()
        seen.clear()
        fields = {"csrf_token": token, "name": "New", "_fields": "name"}
        assert admin.client.post(f"{BASE}/{url}", data=fields).status_code == 302
        assert seen == order, url


def test_a_refusal_that_names_a_field_stands_at_it(make_host: MakeHost) -> None:
    def pre_add(view: Any, item: Any) -> None:
        raise Rejected("Never <heard> of it", field=item.name)

    admin = _site(make_host, pre_add=pre_add).admin()
    at_field = admin.send(f"{BASE}/add", name="email", email="kept@example.org")
    assert at_field.status_code == 422
    assert re.search(r'id="email-error">.*?Never &lt;heard&gt; of it', at_field.text, re.DOTALL)
    assert 'value="kept@example.org"' in at_field.text
    at_relation = admin.send(f"{BASE}/add", name="country_id")
    assert re.search(r'id="country-error">.*?Never', at_relation.text, re.DOTALL)
    above = admin.send(f"{BASE}/add", name="no such field")
    assert above.status_code == 422
    assert "Never &lt;heard&gt; of it" in above.text
    assert "aria-invalid" not in above.text


def test_what_is_unique_over_several_columns_is_refused_with_the_names_of_its_fields(make_host: MakeHost) -> None:
    site = order_site(make_host, line_view={"label_columns": {"product": "Goods"}})
    taken = site.admin().send("/admin/lineview/add", order="1", product="1", quantity="2")
    assert taken.status_code == 422
    assert re.search(
        r'id="order-error".{0,200}There is already a record with the same values in: Order, Goods\.', taken.text
    )
    assert lines(site) == [(1, 5), (2, 7)]


def test_a_refused_delete_says_why_on_the_next_page(make_host: MakeHost) -> None:
    site = _site(make_host, pre_delete=_refuse)
    admin = site.admin()
    answer = admin.send(f"{BASE}/delete/1")
    assert answer.status_code == 302
    assert "Not today" in admin.get(answer.location).text


@pytest.mark.parametrize("url", ["add", "edit/1", "delete/3"])
@pytest.mark.parametrize("way", ["commit", "rollback"])
def test_a_hook_that_ends_the_transaction_is_never_a_success(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture, url: str, way: str
) -> None:
    def end(view: Any, item: Any) -> None:
        getattr(view.state.session, way)()

    site = _site(make_host, pre_add=end, pre_update=end, pre_delete=end)
    with site.app.app_context():
        site.db.session.query(site.models.Order).delete()
        site.db.session.commit()
    admin = site.admin()
    answer = admin.send(f"{BASE}/{url}", name="New")
    page = answer.text if answer.status_code == 422 else admin.get(answer.location).text
    assert "not saved as a whole" in page
    assert "Row" not in page, "no word of success"
    assert "must neither commit, roll back" in caplog.text
    assert admin.get(f"{BASE}/list/").status_code == 200
    if way == "rollback":
        assert site.count(site.models.Customer) == 3
        assert _first(site)[0] == "Customer 000"


def _raise(view: Any, item: Any) -> None:
    raise RuntimeError("the mail server is away")


def _fail_a_statement(view: Any, item: Any) -> None:
    view.state.session.execute(sa.text("SELECT * FROM no_such_table"))


def _fail_a_flush(view: Any, item: Any) -> None:
    country = view.datamodel.relations["country"].target
    view.state.session.add(country(name="Norway"))
    view.state.session.flush()


def _leave_half(view: Any, item: Any) -> None:
    tag = view.datamodel.relations["tags"].target
    view.state.session.add(tag(name="half done"))
    raise RuntimeError("and now this")


def _reject(view: Any, item: Any) -> None:
    tag = view.datamodel.relations["tags"].target
    view.state.session.add(tag(name="half done"))
    raise Rejected("No mail was sent")


FAILING = {
    "raises": _raise,
    "fails a statement": _fail_a_statement,
    "fails a flush": _fail_a_flush,
    "leaves half": _leave_half,
    "rejects": _reject,
}


@pytest.mark.parametrize("hook", FAILING.values(), ids=FAILING)
@pytest.mark.parametrize("url", ["add", "edit/1", "delete/1"])
def test_what_fails_after_the_commit_keeps_the_row_and_is_told(
    make_host: MakeHost, hook: Callable[..., None], url: str
) -> None:
    site = _site(make_host, post_add=hook, post_update=hook, post_delete=hook)
    with site.app.app_context():
        site.db.session.query(site.models.Order).delete()
        site.db.session.commit()

    @site.app.after_request
    def work_on(response: Any) -> Any:
        if _is_write():
            assert site.db.session.query(site.models.Customer).count() > 0
            site.db.session.add(site.models.Tag(name="later"))
            site.db.session.commit()
        return response

    admin = site.admin()
    answer = admin.send(f"{BASE}/{url}", name="New")
    assert answer.status_code == 302
    page = admin.get(answer.location).text
    done = {"add": "Added New", "edit/1": "Saved New", "delete/1": "Deleted Customer 000"}[url]
    assert done in re.sub(r"</?a[^>]*>", "", page), "the success is told"
    assert ("No mail was sent" in page) or ("a step after it failed" in page)
    assert "no_such_table" not in page
    assert (_tags(site, "later"), _tags(site, "half done")) == (1, 0)
    assert site.count(site.models.Customer) == {"add": 4, "edit/1": 3, "delete/1": 2}[url]
    assert _first(site) == (
        None if url == "delete/1" else ("New" if url == "edit/1" else "Customer 000", "c0@example.org")
    )


# Forms


def test_prefill_form_changes_what_is_shown_and_not_what_is_posted(make_host: MakeHost) -> None:
    seen: list[str] = []

    def prefill_form(view: Any, form: Any, pk: str) -> None:
        seen.append(pk)
        form.notes.data = "suggested"

    site = _site(make_host, prefill_form=prefill_form)
    admin = site.admin()
    assert "suggested" in admin.get(f"{BASE}/edit/2").text
    assert "suggested" not in admin.get(f"{BASE}/add").text
    assert seen == ["2"]
    assert admin.send(f"{BASE}/edit/2", name="New").status_code == 302
    with site.app.app_context():
        assert site.db.session.get(site.models.Customer, 2).notes is None


def test_process_form_may_change_the_form_before_it_fills_the_record(make_host: MakeHost) -> None:
    def process_form(view: Any, form: Any, is_created: bool) -> None:
        form["name"].data = f"{form['name'].data} {'created' if is_created else 'changed'}"

    site = _site(make_host, process_form=process_form)
    admin = site.admin()
    assert admin.send(f"{BASE}/edit/1", name="One").status_code == 302
    assert admin.send(f"{BASE}/add", name="Four").status_code == 302
    with site.app.app_context():
        names = {row.name for row in site.db.session.query(site.models.Customer)}
    assert {"One changed", "Four created"} <= names


def test_validators_of_a_column_count_on_both_forms(make_host: MakeHost) -> None:
    def no_digits(form: Any, field: Any) -> None:
        if any(letter.isdigit() for letter in field.data):
            raise ValidationError("No <digits>, please")

    site = _site(make_host, validators_columns={"name": [Length(min=3), no_digits]})
    admin = site.admin()
    for url in ("add", "edit/1"):
        for name, message in (("ab", "at least 3"), ("R2D2", "No &lt;digits&gt;, please")):
            answer = admin.send(f"{BASE}/{url}", name=name)
            assert answer.status_code == 422
            assert message in answer.text
        assert admin.send(f"{BASE}/{url}", name="Good name").status_code == 302


def test_extra_fields_reach_the_hooks_and_replace_fields_of_columns(make_host: MakeHost) -> None:
    seen: list[Any] = []

    def pre_add(view: Any, item: Any) -> None:
        seen.append((item.newsletter, item.name))

    extra = {
        "newsletter": wtforms.BooleanField("Newsletter"),
        "name": wtforms.StringField("Full name", validators=[Length(max=5, message="too long")]),
    }
    site = _site(make_host, pre_add=pre_add, add_form_extra_fields=extra)
    admin = site.admin()
    page = admin.get(f"{BASE}/add").text
    assert "Full name" in page
    assert 'type="checkbox" id="newsletter"' in page
    assert admin.send(f"{BASE}/add", name="much too long").status_code == 422
    assert admin.send(f"{BASE}/add", name="Short", newsletter="y").status_code == 302
    assert admin.send(f"{BASE}/add", name="Other").status_code == 302
    assert seen == [(True, "Short"), (False, "Other")]


def test_an_extra_field_may_be_a_file(make_host: MakeHost) -> None:
    seen: list[bytes] = []

    def process_form(view: Any, form: Any, is_created: bool) -> None:
        seen.append(form.paper.data.read())

    admin = _site(make_host, process_form=process_form, add_form_extra_fields={"paper": wtforms.FileField()}).admin()
    assert 'enctype="multipart/form-data"' in admin.get(f"{BASE}/add").text
    assert 'enctype="multipart/form-data"' not in admin.get(f"{BASE}/edit/1").text
    data = {"csrf_token": admin.token(), "name": "New", "paper": (io.BytesIO(b"signed"), "paper.txt")}
    assert admin.client.post(f"{BASE}/add", data=data).status_code == 302
    assert seen == [b"signed"]


class OwnForm(wtforms.Form):
    """A form of the host's own."""

    name = wtforms.StringField("Own name", validators=[Length(min=2)])
    email = wtforms.StringField("Own address")

    def validate_email(self, field: Any) -> None:
        if field.data and "@" not in field.data:
            raise ValidationError("this is no address")


class OwnFlaskForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The same with Flask-WTF, whose forms look for a token of their own."""

    name = wtforms.StringField("Own name", validators=[Length(min=2)])
    email = wtforms.StringField("Own address")

    def validate_email(self, field: Any) -> None:
        if field.data and "@" not in field.data:
            raise ValidationError("this is no address")


@pytest.mark.parametrize("form", [OwnForm, OwnFlaskForm])
def test_a_form_class_of_the_hosts_own_takes_the_place_of_ours(make_host: MakeHost, form: type[Any]) -> None:
    site = _site(make_host, add_form=form, edit_form=form)
    admin = site.admin()
    page = admin.get(f"{BASE}/edit/1").text
    assert "Own address" in page
    assert 'value="c0@example.org"' in page
    assert len(re.findall(r'<form[^>]*action="/admin/customerview/edit/1".*?</form>', page, re.DOTALL)) == 1
    own = re.search(r'<form[^>]*action="/admin/customerview/edit/1".*?</form>', page, re.DOTALL)
    assert own is not None
    assert own[0].count('name="csrf_token"') == 1
    for url in ("add", "edit/1"):
        wrong = admin.send(f"{BASE}/{url}", name="Xy", email="nowhere")
        assert wrong.status_code == 422
        assert "this is no address" in wrong.text
    assert admin.send(f"{BASE}/edit/1", name="Xy", email="xy@example.org").status_code == 302
    assert admin.send(f"{BASE}/add", name="Zw", email="").status_code == 302
    assert _first(site) == ("Xy", "xy@example.org")
    with site.app.app_context():
        assert site.db.session.query(site.models.Customer).filter_by(name="Zw").one().email is None
    unsent = admin.client.post(f"{BASE}/edit/1", data={"name": "No token"})
    assert unsent.status_code == 400


# Unchanged saves


class Size(enum.Enum):
    """Of a gadget."""

    SMALL = "s"
    LARGE = "l"


def _gadget_models(db: Any) -> tuple[type[Any], type[Any]]:
    """A model with a column of every kind, and one that it relates to."""
    link = sa.Table(
        "gadget_part",
        db.metadata,
        sa.Column("gadget_id", sa.ForeignKey("gadget.id"), primary_key=True),
        sa.Column("part_id", sa.ForeignKey("part.id"), primary_key=True),
    )

    class Part(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "part"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))

        def __str__(self) -> str:
            return str(self.name)

    class Gadget(db.Model):  # type: ignore[misc]  # the base is made at run time
        __tablename__ = "gadget"
        id = sa.Column(sa.Integer, primary_key=True)
        text = sa.Column(sa.String(200))
        notes = sa.Column(sa.Text)
        whole = sa.Column(sa.Integer)
        price = sa.Column(sa.Numeric(10, 2))
        weight = sa.Column(sa.Double)
        on_sale = sa.Column(sa.Boolean, nullable=False, default=False)
        checked = sa.Column(sa.Boolean)
        day = sa.Column(sa.Date)
        clock = sa.Column(sa.Time().with_variant(mysql.TIME(fsp=6), "mysql", "mariadb"))
        moment = sa.Column(sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"))
        size: Any = sa.Column(sa.Enum(Size))
        serial = sa.Column(sa.Uuid)
        main_id: Any = sa.Column(sa.ForeignKey("part.id"))
        main = relationship(Part)
        parts = relationship(Part, secondary=link)

    return Part, Gadget


GADGETS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "empty texts": {"text": "", "notes": "", "whole": 0, "price": Decimal("0.00"), "weight": 0.0, "checked": False},
    "full": {
        "text": " both ends ",
        "notes": "two\nlines",
        "whole": -(2**31),
        "price": Decimal("12.30"),
        "weight": 0.1,
        "on_sale": True,
        "checked": True,
        "day": datetime.date(2024, 2, 29),
        "clock": datetime.time(1, 2, 3, 456_789),
        "moment": datetime.datetime(2024, 1, 1, 12, 30, 59, 1),
        "size": Size.LARGE,
        "serial": uuid.UUID(int=7),
    },
    "odd": {
        "text": "<b>&amp;\"'\n😀",
        "notes": "\n\r\n leading, trailing \r\n\n",
        "weight": 1e-300,
        "clock": datetime.time(0, 0),
        "moment": datetime.datetime(2024, 1, 1),
    },
}


@pytest.fixture
def gadgets(make_host: MakeHost) -> Site:
    """A site with a record of every sort of value."""
    db = make_db()
    part, gadget = _gadget_models(db)
    builder = AppBuilder()
    builder.add_view(type("PartView", (ModelView,), {"datamodel": SQLAInterface(part)}), "Parts")
    builder.add_view(type("GadgetView", (ModelView,), {"datamodel": SQLAInterface(gadget)}), "Gadgets")
    site = Site(make_host(db).app, db, builder)
    builder.init_app(site.app, db)
    site.create()
    with site.app.app_context():
        parts = [part(name="wheel"), part(name="bell")]
        db.session.add_all(parts)
        for number, values in enumerate(GADGETS.values(), start=1):
            relations = {"main": parts[0], "parts": parts} if number > 2 else {}
            db.session.add(gadget(id=number, **values, **relations))
        db.session.commit()
    return site


def test_a_page_sent_back_as_it_was_shown_writes_nothing(gadgets: Site, count_statements: CountStatements) -> None:
    admin = gadgets.admin()
    for number, name in enumerate(GADGETS, start=1):
        url = f"/admin/gadgetview/edit/{number}"
        page = admin.get(url)
        body = sent_form(page.text, url)
        assert {"text", "notes", "clock", "moment", "_fields", "csrf_token"} <= set(body), name
        with count_statements() as seen:
            answer = admin.client.post(url, data=body)
        assert answer.status_code == 302, name
        written = [text for text in seen.texts if text.lstrip().upper().startswith(("UPDATE", "INSERT", "DELETE"))]
        assert written == [], name


def test_one_changed_field_writes_that_column_alone(gadgets: Site, count_statements: CountStatements) -> None:
    admin = gadgets.admin()
    url = "/admin/gadgetview/edit/3"
    body = sent_form(admin.get(url).text, url)
    body["whole"] = "5"
    with count_statements() as seen:
        assert admin.client.post(url, data=body).status_code == 302
    written = [text for text in seen.texts if text.lstrip().upper().startswith(("UPDATE", "INSERT", "DELETE"))]
    assert len(written) == 1
    assert re.search(r"SET whole=\S+\s+WHERE", written[0]), written


def test_boxes_and_choices_that_are_cleared_are_cleared(gadgets: Site) -> None:
    admin = gadgets.admin()
    url = "/admin/gadgetview/edit/3"
    body = sent_form(admin.get(url).text, url)
    for name in ("on_sale", "parts"):
        assert name in body
        del body[name]
    body["main"] = body["size"] = ""
    assert admin.client.post(url, data=body).status_code == 302
    again = sent_form(admin.get(url).text, url)
    assert "on_sale" not in again
    assert "parts" not in again
    assert (again["main"], again["size"]) == ("", "")


# Many at once


def _together(works: list[Callable[[], Any]]) -> list[Any]:
    """The results of pieces of work that start at the same moment, each in a thread."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        barrier.wait()
        results[place] = work()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _two_sites(make_host: MakeHost, **options: Any) -> tuple[list[Site], list[Browser]]:
    """Two apps on one database, as two processes would be, and an admin at each."""
    first = _site(make_host, **options)
    second = _site(make_host, rows=0, **options)
    return [first, second], [first.admin(), second.sign_in("admin")]


def _race(admins: list[Browser], url: str, tokens: list[str], **fields: str) -> list[Any]:
    """The answers to the same POST sent by all at the same moment."""

    def send(place: int) -> Any:
        return admins[place].client.post(url, data={"csrf_token": tokens[place], **fields})

    return _together([partial(send, place) for place in range(len(admins))])


def test_of_simultaneous_duplicates_one_wins_and_the_others_get_a_message(make_host: MakeHost) -> None:
    sites, admins = _two_sites(make_host)
    tokens = [admin.token() for admin in admins]
    for number in range(5):
        answers = _race(admins, f"{BASE}/add", tokens, name="Racer", email=f"racer{number}@example.org")
        assert sorted(answer.status_code for answer in answers) == [302, 422]
        loser = next(answer for answer in answers if answer.status_code == 422)
        assert re.search(r'id="email-error">.*?There is already a record', loser.text, re.DOTALL)
        assert not re.search(r"constraint|IntegrityError|SQL|Duplicate entry|racer\d@example.org'", loser.text)
    assert sites[0].count(sites[0].models.Customer) == 8


def test_of_simultaneous_deletes_one_wins_and_the_other_gets_a_message(make_host: MakeHost) -> None:
    sites, admins = _two_sites(make_host)
    with sites[0].app.app_context():
        sites[0].db.session.query(sites[0].models.Order).delete()
        sites[0].db.session.commit()
    tokens = [admin.token() for admin in admins]
    for key in (1, 2, 3):
        answers = _race(admins, f"{BASE}/delete/{key}", tokens)
        assert {answer.status_code for answer in answers} <= {302, 404}
        pages = [admin.get(f"{BASE}/list/").text for admin in admins]
        assert sum("Deleted Customer 00" in page for page in pages) == 1
    assert sites[0].count(sites[0].models.Customer) == 0


def test_requests_in_threads_do_not_share_their_search(make_host: MakeHost) -> None:
    site = _site(make_host, rows=30, search_columns=["name"])
    browsers = [site.admin(), *(site.sign_in("admin") for _ in range(3))]

    def work(place: int) -> list[tuple[str, str]]:
        words = [f"{(place * 7 + number) % 30:03}" for number in range(15)]
        return [(word, browsers[place].get(f"{BASE}/list/?search={word}&sort=-name").text) for word in words]

    results = _together([partial(work, place) for place in range(len(browsers))])
    for word, page in (pair for result in results for pair in result):
        names = re.findall(r">(Customer \d{3})</a>", re.sub("</?mark>", "", page))
        assert names == [f"Customer {word}"]
        assert f'value="{word}"' in page
