"""Rows with a value that Python or the column's type cannot hold: shown beside the others, and never lost."""

import datetime as dt
import html
import json
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import wtforms
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appbuilder_lite import Inline, ModelView, SQLAInterface
from tests.conftest import MakeHost
from tests.statements import statements
from tests.web.declared import site_with
from tests.web.sent_form import sent_form
from tests.web.site import Site, Status, make_db

LIST, SHOW, EDIT = "/admin/tripview/list/", "/admin/tripview/show/1", "/admin/tripview/edit/1"
# What each database holds that nothing can be made of.
STORED = {
    "sqlite": {"day": "soon", "moment": "never", "price": "much", "whole": "few", "doc": "{", "uid": "none"},
    "postgresql": {"day": "infinity", "moment": "0044-03-15 00:00:00 BC"},
    "mysql": {"day": "0000-00-00", "moment": "0000-00-00 00:00:00"},
}
EVERYWHERE = {"state": "OLD", "secret": "plain"}


class Secret(sa.TypeDecorator[str]):
    """A text that is stored in another form, and nothing else is read."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Any) -> Any:
        return None if value is None else f"#{value}"

    def process_result_value(self, value: Any, _dialect: Any) -> Any:
        if value is not None and value[0] != "#":
            raise RuntimeError("this is no secret")
        return value and value[1:]


def make_models(db: Any) -> SimpleNamespace:
    class Owner(db.Model):  # type: ignore[misc]  # the base is made at run time
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(sa.String(20))

        def __str__(self) -> str:
            return self.name

    class Trip(db.Model):  # type: ignore[misc]  # the base is made at run time
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(sa.String(20))
        day: Mapped[dt.date] = mapped_column(sa.Date)
        moment: Mapped[dt.datetime | None] = mapped_column(sa.DateTime)
        price: Mapped[Decimal | None] = mapped_column(sa.Numeric(10, 2))
        whole: Mapped[int | None]
        state: Mapped[Any] = mapped_column(sa.Enum(Status, native_enum=False, length=10))
        doc: Mapped[Any] = mapped_column(sa.JSON)
        uid: Mapped[Any | None] = mapped_column(sa.Uuid(native_uuid=False))
        secret: Mapped[str | None] = mapped_column(Secret)
        owner_id: Mapped[int] = mapped_column(sa.ForeignKey("owner.id"))
        owner: Mapped[Owner] = relationship(Owner, backref=sa.orm.backref("trips", cascade="all, delete-orphan"))

        def __str__(self) -> str:
            return self.name

        @property
        def year(self) -> int:
            return self.day.year

    class Step(db.Model):  # type: ignore[misc]  # the base is made at run time
        id: Mapped[int] = mapped_column(primary_key=True)
        trip_id: Mapped[int] = mapped_column(sa.ForeignKey("trip.id"))
        trip: Mapped[Trip] = relationship(Trip)

    return SimpleNamespace(Owner=Owner, Trip=Trip, Step=Step)


SHOWN = ["name", "day", "moment", "price", "whole", "state", "doc", "uid", "secret", "year", "owner"]


@pytest.fixture
def site(make_host: MakeHost, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(Site, "fill", lambda _site: None)
    db = make_db()
    models = make_models(db)

    class TripView(ModelView):
        datamodel = SQLAInterface(models.Trip)
        list_columns = SHOWN
        show_columns = SHOWN
        export_formats = ["json", "csv"]
        formatters_columns = {"moment": lambda value: value and value.strftime("%d")}

    class OwnForm(wtforms.Form):
        name = wtforms.StringField()
        day = wtforms.DateField()

    class OwnFormView(ModelView):
        datamodel = SQLAInterface(models.Trip)
        edit_form = OwnForm

    class TripInline(Inline):
        datamodel = SQLAInterface(models.Trip)
        columns = ["name", "day", "state"]

    class OwnerView(ModelView):
        inlines = [TripInline]
        edit_columns = ["name"]
        datamodel = SQLAInterface(models.Owner)
        related_views = [TripView]
        list_columns = ["name", "trips.day"]

    class StepView(ModelView):
        datamodel = SQLAInterface(models.Step)
        list_columns = ["trip", "trip.day"]

    made = site_with(
        make_host, db, models, (TripView, "Trips"), (OwnerView, "Owners"), (StepView, "Steps"), (OwnFormView, "Forms")
    )
    fill(made, database_url)
    return made


def fill(site: Site, url: str) -> None:
    """Two trips of one owner, a step of each, and in the first trip what cannot be read."""
    models = site.models
    with site.app.app_context():
        session = site.db.session
        owner = models.Owner(id=1, name="Ann")
        trips = [
            models.Trip(id=key, name=f"Trip {key}", day=dt.date(2024, 2, key), state=Status.NEW, owner=owner, doc=[1])
            for key in (1, 2)
        ]
        session.add_all([*trips, *(models.Step(id=trip.id, trip=trip) for trip in trips)])
        session.commit()
    spoil(site, url, 1)


def spoil(site: Site, url: str, key: int) -> None:
    """Store in a trip what cannot be read."""
    values = unreadable(url)
    with site.app.app_context(), site.db.engine.begin() as connection:
        if url.startswith("mysql"):
            connection.execute(sa.text("SET SESSION sql_mode = ''"))
        assigned = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(sa.text(f"UPDATE trip SET {assigned} WHERE id = {key}"), values)


def unreadable(url: str) -> dict[str, str]:
    return {**STORED[sa.make_url(url).get_backend_name()], **EVERYWHERE}


def stored(site: Site, key: int = 1) -> Any:
    """The row as the database has it."""
    with site.app.app_context(), site.db.engine.connect() as connection:
        columns = [sa.cast(sa.column(name), sa.String(60)) for name in site.models.Trip.__table__.c.keys()]  # noqa: SIM118
        return tuple(
            connection.execute(sa.select(*columns).select_from(sa.table("trip")).where(sa.text(f"id = {key}"))).one()
        )


def words(page: str) -> str:
    """The text of a page, with the titles that its cells have."""
    return html.unescape(re.sub(r"\s+", " ", page))


def test_a_row_that_cannot_be_read_is_listed_shown_and_exported_beside_the_others(
    site: Site, database_url: str
) -> None:
    admin = site.admin()
    for url in (LIST, SHOW, f"{LIST}?page_size=1", f"{LIST}?sort=-day", f"{LIST}?search=Trip"):
        answer = admin.get(url)
        assert answer.status_code == 200, url
        page = words(answer.text)
        assert "This value cannot be read as a date." in page or url.endswith("size=1")
        for name, text in unreadable(database_url).items():
            # A formatter may be there to hide what it shows of a value.
            assert (f">{text}<" in page) is (name != "moment"), (url, name)
    page = words(admin.get(LIST).text)
    assert ">Trip 2<" in page
    assert ">2024-02-02<" in page
    exported = json.loads(admin.get("/admin/tripview/list/export/json").text)
    assert {row["day"] for row in exported} == {unreadable(database_url)["day"], "2024-02-02"}
    assert admin.get("/admin/tripview/list/export/csv").status_code == 200


def test_a_form_leaves_what_cannot_be_read_and_saves_the_rest(site: Site, database_url: str) -> None:
    admin, before = site.admin(), stored(site)
    page = admin.get(EDIT).text
    sent = sent_form(page, EDIT)
    assert not {*unreadable(database_url)} & {*sent["_fields"].split(",")}
    assert "This value cannot be read as a date." in page
    with statements() as seen:
        assert admin.client.post(EDIT, data=sent).status_code == 302
    assert [text for text in seen.texts if text.startswith("UPDATE trip")] == []
    forged = {**sent, "name": "Renamed", **dict.fromkeys(unreadable(database_url), "2024-01-01")}
    forged["_fields"] = ",".join([sent["_fields"], *unreadable(database_url)])
    assert admin.client.post(EDIT, data=forged).status_code == 302
    assert stored(site) == (before[0], "Renamed", *before[2:])


def test_who_typed_a_value_where_there_is_one_by_now_that_cannot_be_read_is_told(site: Site) -> None:
    admin, url = site.admin(), "/admin/tripview/edit/2"
    sent = sent_form(admin.get(url).text, url)
    with site.app.app_context():
        site.db.session.execute(sa.text("UPDATE trip SET state = 'OLD' WHERE id = 2"))
        site.db.session.commit()
    answer = admin.client.post(url, data={**sent, "state": "KNOWN"})
    assert answer.status_code == 409
    assert "What you typed here was not saved" in answer.text
    assert "OLD" in stored(site, 2)


def test_a_form_of_the_apps_own_leaves_it_too(site: Site, database_url: str) -> None:
    admin, before, url = site.admin(), stored(site), "/admin/ownformview/edit/1"
    page = admin.get(url)
    assert page.status_code == 200
    assert f">{unreadable(database_url)['day']}<" in words(page.text)
    assert admin.client.post(url, data={**sent_form(page.text, url), "name": "Own"}).status_code == 302
    assert stored(site) == (before[0], "Own", *before[2:])


def test_rows_in_a_form_leave_it_too(site: Site) -> None:
    admin, before, url = site.admin(), stored(site), "/admin/ownerview/edit/1"
    sent = sent_form(admin.get(url).text, url)
    (name,) = [name for name, value in sent.items() if value == "Trip 1"]
    sent[name] = "Renamed"
    assert admin.client.post(url, data=sent).status_code == 302
    assert stored(site) == (before[0], "Renamed", *before[2:])


def test_it_is_deleted_alone_and_with_its_owner(site: Site, database_url: str) -> None:
    admin = site.admin()
    assert admin.get("/admin/tripview/delete/1").status_code == 200
    assert admin.send("/admin/stepview/delete/1").status_code == 302
    assert admin.send("/admin/tripview/delete/1").status_code == 302
    assert site.count(site.models.Trip) == 1
    assert admin.send("/admin/stepview/delete/2").status_code == 302
    spoil(site, database_url, 2)
    assert admin.send("/admin/ownerview/delete/1").status_code == 302
    assert (site.count(site.models.Owner), site.count(site.models.Trip)) == (0, 0)


def test_filters_find_it_and_a_typed_value_is_blamed_for_itself_alone(site: Site) -> None:
    admin = site.admin()
    found = admin.get(f"{LIST}?name__eq=Trip+1&day__neq=2024-02-02")
    assert found.status_code == 200
    assert ">Trip 1<" in found.text
    assert ">Trip 2<" not in found.text
    assert "does not fit" not in found.text
    refused = admin.get(f"{LIST}?whole__eq={10**30}")
    assert refused.status_code == 422


def test_related_lists_choices_and_look_ups_meet_it(site: Site) -> None:
    admin = site.admin()
    for url in (
        "/admin/ownerview/list/",
        "/admin/ownerview/show/1",
        "/admin/ownerview/edit/1",
        "/admin/stepview/list/",
        "/admin/stepview/show/1",
        "/admin/stepview/add",
        "/admin/stepview/edit/1",
    ):
        answer = admin.get(url)
        assert answer.status_code == 200, url
        assert "Trip 1" in answer.text or "owner" in url


def test_only_pages_that_meet_such_rows_send_more(site: Site, database_url: str) -> None:
    admin = site.admin()
    with statements() as seen:
        assert admin.get(LIST).status_code == 200
    assert sum("FROM trip" in text for text in seen.texts) == 2
    with site.app.app_context():
        site.db.session.execute(sa.text("DELETE FROM step WHERE trip_id = 1"))
        site.db.session.execute(sa.text("DELETE FROM trip WHERE id = 1"))
        site.db.session.commit()
    with statements() as seen:
        assert admin.get(LIST).status_code == 200
    assert sum("FROM trip" in text for text in seen.texts) == 1
