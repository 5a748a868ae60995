"""Fields of the host's own over what a class keeps by a setter: hybrids, properties, proxies, composites."""

from typing import Any

import pytest
import wtforms
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import relationship

from tests.conftest import MakeHost
from tests.web.foreign import open_mapped
from tests.web.sent_form import sent_form
from tests.web.site import Site
from tests.web.test_foreign_host import saved_unchanged

URL = "/admin/personview/edit/1"


class LinesField(wtforms.TextAreaField):
    """A list of texts, one a line."""

    data: Any

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [line for text in valuelist for line in str(text).split()]


def _make(db: Any) -> Any:
    class Word(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        person_id: Any = Column(ForeignKey("person.id"))
        text: Any = Column(String(20))

        def __init__(self, text: str) -> None:
            self.text = text

    class Person(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = Column(Integer, primary_key=True)
        first: Any = Column(String(20))
        last: Any = Column(String(20))
        city: Any = Column(String(20))
        words = relationship(Word, order_by=Word.id, cascade="all, delete-orphan")
        texts = association_proxy("words", "text")

        @hybrid_property
        def full(self) -> str:
            return f"{self.first} {self.last}"

        @full.inplace.setter
        def _set_full(self, value: str) -> None:
            self.first, _, self.last = value.partition(" ")

        @property
        def town(self) -> Any:
            return self.city

        @town.setter
        def town(self, value: str | None) -> None:
            self.city = value

        view_options = {
            "add_columns": ["full", "town", "texts"],
            "edit_columns": ["full", "town", "texts"],
            "add_form_extra_fields": _fields(),
            "edit_form_extra_fields": _fields(),
        }

    return [(Person, [{"first": "Ann", "last": "Abbott", "city": "Oslo", "texts": ["one", "two"]}])]


def _fields() -> dict[str, Any]:
    return {"full": wtforms.StringField(), "town": wtforms.StringField(), "texts": LinesField()}


@pytest.fixture(name="site")
def _site(make_host: MakeHost) -> Site:
    return open_mapped(make_host, _make)[0]


def _person(site: Site, key: int = 1) -> tuple[Any, ...]:
    with site.app.app_context():
        person = site.db.session.get(site.models["Person"], key)
        return person.first, person.last, person.city, list(person.texts)


def test_what_is_typed_is_kept_as_the_setter_keeps_it(site: Site) -> None:
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    body["full"], body["town"], body["texts"] = "Bo Berg", "Rome", "one three"
    assert admin.client.post(URL, data=body).status_code == 302
    assert _person(site) == ("Bo", "Berg", "Rome", ["one", "three"])


def test_a_new_record_gets_it_too(site: Site) -> None:
    answer = site.admin().send("/admin/personview/add", full="Cy Costa", town="Bonn", texts="new")
    assert answer.status_code == 302
    assert _person(site, 2) == ("Cy", "Costa", "Bonn", ["new"])


def test_an_unchanged_form_writes_nothing(site: Site) -> None:
    assert list(saved_unchanged(site.admin(), URL)) == []


@pytest.mark.parametrize(
    ("field", "theirs", "stored"),
    [
        ("full", "Di Dahl", ("Di", "Dahl", "Oslo", ["one", "two"])),
        ("town", "Paris", ("Ann", "Abbott", "Paris", ["one", "two"])),
        ("texts", ["x"], ("Ann", "Abbott", "Oslo", ["x"])),
    ],
)
def test_what_somebody_else_has_set_meanwhile_is_not_overwritten(
    site: Site, field: str, theirs: Any, stored: tuple[Any, ...]
) -> None:
    admin = site.admin()
    body = sent_form(admin.get(URL).text, URL)
    with site.app.app_context():
        setattr(site.db.session.get(site.models["Person"], 1), field, theirs)
        site.db.session.commit()
    body[field] = "Mine too"
    answer = admin.client.post(URL, data=body)
    assert (answer.status_code, f'name="_take" value="{field}"' in answer.text) == (409, True)
    assert _person(site) == stored
