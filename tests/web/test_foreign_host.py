"""A host whose models no mapper of ours designed: every page of every record opens, and an unchanged save is none."""

import enum
import html
import re
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import unquote_plus, urljoin

import pytest
import sqlalchemy as sa

from tests.calls import calls
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.foreign import open_foreign, open_mapped, open_reflected, reflect, view_of
from tests.web.foreign_keys import Rows, make_keys
from tests.web.foreign_schemas import open_schemas, schemas
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
        exported = browser.get(f"{base}/list/export/csv")
        if exported.status_code != 200 or exported.data.count(b"\r\n") < 1 + len(records):
            yield f"{base}/list/export/csv: {exported.status}, {exported.data!r}"
        yield from (fault for url in edited for fault in saved_unchanged(browser, url))


def refused_or_done(site: Site, view_names: list[str]) -> Iterator[str]:
    """What goes wrong when something is typed into every field of a new record, and when records are deleted."""
    browser = site.admin()
    for name in view_names:
        base = f"/admin/{name.lower()}"
        for text in ("", "1", "x/y?%"):
            body = sent_form(browser.get(f"{base}/add").text, f"{base}/add")
            typed = {key: text for key in body["_fields"].split(",") if key and text}
            answer = browser.client.post(f"{base}/add", data={**body, **typed})
            if answer.status_code not in (302, 422):
                yield f"{base}/add with {text!r}: {answer.status}"
        page = browser.get(f"{base}/list/").text
        for key in re.findall(r'name="rowid" value="([^"]*)"', page):
            answer = browser.client.post(f"{base}/delete/{key}", data={"csrf_token": sent_token(page)})
            if answer.status_code != 302:
                yield f"{base}/delete/{key}: {answer.status}"


def sent_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


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


def test_a_start_takes_time_by_the_number_of_tables(make_host: MakeHost, database_url: str) -> None:
    db, models = reflect(database_url)
    counted = []
    for count in (len(models), 0, len(models) // 2, len(models)):
        with calls() as seen:
            open_foreign(make_host, db, [view_of(model) for model in models[:count]], models)
        counted.append(len(seen))
    first, none, half, whole = counted
    assert first <= len(models) * 2_200
    # As many tables again cost as much again, whatever they refer to.
    assert whole - half <= 1.03 * (half - none), counted


def test_keys_of_every_shape(make_host: MakeHost, database_url: str) -> None:
    site, seen = open_mapped(make_host, make_keys)
    assert len(seen) == 0
    assert list(faults(site, [view.__name__ for view in site.views])) == []


# No form has a field for bytes, so the database is asked and refuses.
@pytest.mark.filterwarnings("ignore:Column 'key_raw.key' is marked:sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("make_models", [make_keys, make_shapes])
def test_records_of_every_shape_are_added_and_deleted_or_that_is_refused(
    make_host: MakeHost, database_url: str, make_models: Any
) -> None:
    site, _seen = open_mapped(make_host, make_models)
    assert list(refused_or_done(site, [view.__name__ for view in site.views])) == []


def test_classes_of_every_shape(make_host: MakeHost, database_url: str) -> None:
    site, seen = open_mapped(make_host, make_shapes)
    assert len(seen) == 0
    assert list(faults(site, [view.__name__ for view in site.views])) == []


@pytest.mark.parametrize("name", ["crew", "crew_asked", "crew_raised", "crew_named"])
def test_a_collection_of_any_kind_is_changed_in_a_form(make_host: MakeHost, name: str) -> None:
    site, _seen = open_mapped(make_host, make_shapes)
    url, browser, crew = "/admin/shipview/edit/1", site.admin(), site.db.metadata.tables["crew"]
    body = sent_form(browser.get(url).text, url)
    # A set has no order.
    assert sorted(body.getlist(name)) == ["1", "2"]
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
        assert (ticket.code, ticket.token, ticket.rank) == ("made", "secret", 7)


def test_a_dataclass_makes_the_key_of_a_record_that_is_added(make_host: MakeHost, database_url: str) -> None:
    site, _seen = open_mapped(make_host, make_shapes)
    assert site.admin().send("/admin/slipview/add", title="new").status_code == 302
    with site.app.app_context():
        slip = site.db.session.scalars(sa.select(site.models["Slip"]).filter_by(title="new")).one()
        assert len(slip.id) == 32


class Guid(sa.TypeDecorator[uuid.UUID]):
    """A UUID as text that takes nothing but a UUID, as in SQLAlchemy's own recipe."""

    impl = sa.CHAR(32)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else value.hex

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else uuid.UUID(value)


class Phone(sa.TypeDecorator[str]):
    """A text that may only be digits."""

    impl = sa.String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        if value is not None and not value.isdigit():
            raise ValueError(f"secret words about {value}")
        return value


class Mood(enum.Enum):
    """A state that the next release may have more of."""

    GLAD = "g"
    SAD = "s"


def make_caller(db: Any) -> Rows:
    class Caller(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(Guid, primary_key=True, default=uuid.uuid4)
        name = sa.Column(sa.String(20))
        phone = sa.Column(Phone)
        mood: Any = sa.Column(sa.Enum(Mood, native_enum=False, length=20))
        word: Any = sa.Column(sa.Enum("a", "b", native_enum=False, length=20))
        friend_id: Any = sa.Column(sa.ForeignKey("caller.id"))
        friend = sa.orm.relationship("Caller", remote_side=id)
        view_options: ClassVar = {"list_columns": ["name", "phone", "mood", "word"]}

    first = {"id": uuid.UUID(int=1), "name": "Ann", "phone": "1", "mood": Mood.SAD}
    return [(Caller, [first, {"id": uuid.UUID(int=2), "friend_id": uuid.UUID(int=1)}])]


def test_a_key_whose_type_takes_no_text_opens_pages(make_host: MakeHost, database_url: str) -> None:
    site, _seen = open_mapped(make_host, make_caller)
    assert list(faults(site, ["CallerView"])) == []
    for text in ("x", str(uuid.UUID(int=9)), "~n"):
        assert site.admin().get(f"/admin/callerview/show/{text}").status_code == 404
    url = f"/admin/callerview/edit/{uuid.UUID(int=2)}"
    assert site.admin().send(url, friend=str(uuid.UUID(int=2))).status_code == 422
    assert site.admin().send(url, friend="x").status_code == 422
    assert site.admin().send(url, friend="").status_code == 302


@pytest.mark.parametrize("page", ["add", f"edit/{uuid.UUID(int=1)}"])
def test_what_a_type_refuses_is_told_at_its_field(make_host: MakeHost, database_url: str, page: str) -> None:
    site, _seen = open_mapped(make_host, make_caller)
    answer = site.admin().send(f"/admin/callerview/{page}", name="typed", phone="none")
    assert answer.status_code == 422
    assert re.search(r'id="phone-error".{0,200}This value does not fit the column\.', answer.text)
    assert "typed" in answer.text
    assert "secret words" not in answer.text


def test_a_state_that_the_enum_does_not_know_is_listed_as_it_is(make_host: MakeHost, database_url: str) -> None:
    site, _seen = open_mapped(make_host, make_caller)
    table = site.db.metadata.tables["caller"]
    with site.app.app_context():
        raw: dict[str, Any] = {"mood": sa.literal_column("'FURIOUS'"), "word": sa.literal_column("'zz'")}
        site.db.session.execute(sa.update(table).where(table.c.name == "Ann").values(**raw))
        site.db.session.commit()
    answer = site.admin().get("/admin/callerview/list/")
    assert answer.status_code == 200
    assert all(f">{text}<" in answer.text for text in ("FURIOUS", "zz"))
    with site.app.app_context():
        site.db.session.execute(sa.update(table).values(mood=Mood.GLAD, word="b"))
        site.db.session.commit()
    assert all(f">{text}<" in site.admin().get("/admin/callerview/list/").text for text in ("Glad", "b"))


def test_tables_of_one_name_in_several_schemas(make_host: MakeHost, database_url: str) -> None:
    with schemas(database_url) as (north, south):
        site = open_schemas(make_host, north, south)
        assert list(faults(site, ["NorthItemView", "SouthItemView"])) == []
        browser = site.admin()
        assert ">first of NorthItem</a>" in browser.get("/admin/southitemview/list/").text
        assert browser.send("/admin/southitemview/add", name="first of SouthItem", note="second").status_code == 302
        answer = browser.send("/admin/southitemview/add", name="third", note="n")
        assert answer.status_code == 422
        assert re.search(r'id="note-error".{0,200}There is already a record with these values\.', answer.text)
        assert browser.send("/admin/northitemview/delete/1").status_code == 302
        with site.app.app_context():
            site.db.session.remove()
            for engine in site.db.engines.values():
                engine.dispose()


def make_old(db: Any) -> Rows:
    attributes = {"__tablename__": "old", "id": sa.Column(sa.Integer, primary_key=True)}
    return [(type("Old", (db.Model,), {**attributes, "_flt_0_name": sa.Column(sa.String(9))}), [{"_flt_0_name": "x"}])]


def test_a_column_called_as_a_filter_of_flask_appbuilder_is_filtered(make_host: MakeHost) -> None:
    site, _seen = open_mapped(make_host, make_old)
    page = site.admin().get("/admin/oldview/list/?_flt_0_name__eq=y")
    assert page.status_code == 200
    assert ">x</a>" not in page.text
    assert ">x</a>" in site.admin().get("/admin/oldview/list/?_flt_0_name__eq=x").text


def make_priced(db: Any) -> Rows:
    columns = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("price, net", sa.Integer)]
    table = sa.Table("priced", db.metadata, *columns, sa.Column("-x", sa.Integer), sa.Column("unit price", sa.Integer))
    rows = [{"price, net": 7, "-x": 9, "unit price": 8}, {"price, net": 8, "-x": 7, "unit price": 9}]
    return [(type("Priced", (db.Model,), {"__table__": table}), []), (table, rows)]


def test_every_order_that_is_offered_by_name_sorts(make_host: MakeHost) -> None:
    site, _seen = open_mapped(make_host, make_priced)
    url, browser = "/admin/pricedview/list/", site.admin()
    offered = re.search(r'<select[^>]*name="sort".*?</select>', browser.get(url).text, re.DOTALL)
    assert offered is not None
    values = [html.unescape(value) for value in re.findall(r'<option value="([^"]+)"', offered[0])]
    assert len(values) == 6
    for value in values:
        answer = browser.get(url, query_string={"sort": value})
        assert answer.status_code == 200, value
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', answer.text)
        assert chosen is not None
        assert html.unescape(chosen[1]) == value


def test_a_class_mapped_to_a_join_is_deleted_from_all_of_its_tables(make_host: MakeHost, database_url: str) -> None:
    def make(db: Any) -> Rows:
        person = sa.Table("person", db.metadata, sa.Column("id", sa.Integer, primary_key=True))
        mail = sa.Table(
            "mail",
            db.metadata,
            sa.Column("mail_id", sa.Integer, primary_key=True),
            sa.Column("person_id", sa.ForeignKey("person.id")),
        )

        class Recipient(db.Model):  # type: ignore[misc]  # the base is made at run time
            __table__ = sa.join(person, mail)
            id = sa.orm.column_property(person.c.id, mail.c.person_id)

        keys = (1, 2)
        return [
            (person, [{"id": key} for key in keys]),
            (mail, [{"mail_id": 10 * key, "person_id": key} for key in keys]),
            (Recipient, []),
        ]

    site, _seen = open_mapped(make_host, make)
    # Two tables that nothing ties together would be a warning, and so an error here.
    assert site.admin().send("/admin/recipientview/delete/1,10").status_code == 302
    with site.app.app_context():
        left = site.db.session.execute(sa.select(*site.db.metadata.tables["mail"].c)).all()
        assert [tuple(row) for row in left] == [(20, 2)]
        assert site.db.session.scalars(sa.select(site.db.metadata.tables["person"].c.id)).all() == [2]
