"""The question before a delete tells what becomes of other records, and its answer does that and no more."""

import re
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import relationship
from werkzeug.test import TestResponse

from appbuilder_lite import ModelView, SQLAInterface
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.sent_form import sent_form
from tests.web.site import Browser, Site

SHELF = "/admin/shelfview"
BULK = f"{SHELF}/delete_selected"
BUTTON = "ab-destroy"


def _library(db: Any) -> SimpleNamespace:
    """Shelves whose books go with them, chapters that go with a book, loans that forget it, seals that keep a shelf."""

    class Shelf(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(40))
        books = relationship("Book", cascade="all, delete-orphan", back_populates="shelf")

        def __str__(self) -> str:
            return str(self.name)

    class Book(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        title = sa.Column(sa.String(40))
        shelf_id: Any = sa.Column(sa.ForeignKey("shelf.id"))
        shelf = relationship(Shelf, back_populates="books")

        def __str__(self) -> str:
            return str(self.title)

    class Chapter(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        book_id: Any = sa.Column(sa.ForeignKey("book.id", ondelete="CASCADE"), nullable=False)

        def __str__(self) -> str:
            return f"Chapter {self.id}"

    class Loan(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        book_id: Any = sa.Column(sa.ForeignKey("book.id", ondelete="SET NULL"))

        def __str__(self) -> str:
            return f"Loan {self.id}"

    class FireSeal(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        shelf_id: Any = sa.Column(sa.ForeignKey("shelf.id"))
        shelf = relationship(Shelf)

        def __str__(self) -> str:
            return f"<seal> {self.id}"

    return SimpleNamespace(Shelf=Shelf, Book=Book, Chapter=Chapter, Loan=Loan, FireSeal=FireSeal)


def _kennel(site: Site) -> list[type[Any]]:
    """Owners whose animals go with them; a view of dogs and one of cats, none of all animals."""
    db: Any = site.db

    class Owner(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        animals = relationship("Animal", cascade="all, delete-orphan")

    class Animal(db.Model):  # type: ignore[misc]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        kind = sa.Column(sa.String(10))
        owner_id: Any = sa.Column(sa.ForeignKey("owner.id"))
        __mapper_args__: Any = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

    class Dog(Animal):
        id: Any = sa.Column(sa.ForeignKey("animal.id"), primary_key=True)
        __mapper_args__: Any = {"polymorphic_identity": "dog"}

    class Cat(Animal):
        __mapper_args__: Any = {"polymorphic_identity": "cat"}

    site.models = SimpleNamespace(Owner=Owner, Animal=Animal, Dog=Dog, Cat=Cat)
    return [
        type(f"{model.__name__}View", (ModelView,), {"datamodel": SQLAInterface(model)}) for model in (Owner, Dog, Cat)
    ]


def _site(make_host: MakeHost, *without: str, **options: dict[str, Any]) -> Site:
    """Four shelves: one with two books, one with thirty, one sealed, one bare; views of all but `without`."""

    def declare(site: Site) -> list[type[Any]]:
        site.models = _library(site.db)
        return [
            type(f"{name}View", (ModelView,), {"datamodel": SQLAInterface(model), **options.get(name, {})})
            for name, model in vars(site.models).items()
            if name not in without
        ]

    site = site_of(make_host, declare, rows=0)
    models = site.models
    with site.app.app_context():
        for key, name in enumerate(("Poems", "Novels", "Maps", "Empty"), 1):
            _add(site, models.Shelf(id=key, name=name))
        for key in (1, 2):
            _add(site, models.Book(id=key, title=f"Poem {key}", shelf_id=1))
        for key in range(11, 41):
            _add(site, models.Book(id=key, title=f"Novel {key}", shelf_id=2))
        _add(site, *(models.Chapter(id=key, book_id=1) for key in (1, 2, 3)))
        _add(site, models.Loan(id=1, book_id=1), models.Loan(id=2, book_id=11))
        _add(site, models.FireSeal(id=1, shelf_id=3))
        site.db.session.commit()
    return site


def _add(site: Site, *items: Any) -> None:
    site.db.session.add_all(items)
    site.db.session.flush()


@pytest.fixture
def site(make_host: MakeHost) -> Site:
    return _site(make_host)


def _post(browser: Browser, url: str, rows: Iterable[int] = (), **data: Any) -> TestResponse:
    return browser.client.post(url, data={"csrf_token": browser.token(), "rowid": [str(row) for row in rows], **data})


def _told(html: str) -> dict[str, list[str]]:
    """What a question tells, without markup: the lines of each group by its look."""
    sections = re.findall(r'<section class="ab-touched ab-(\w+)">(.*?)</section>', html, re.DOTALL)
    return {look: re.findall(r"[^\n]+", re.sub(r"<svg.*?</svg>|<[^>]+>", "", text).strip()) for look, text in sections}


def _left(site: Site, name: str) -> int:
    return site.count(getattr(site.models, name))


class TestOneRecord:
    def test_what_goes_too_and_what_is_unlinked_is_told_with_names(self, site: Site) -> None:
        page = site.admin().get(f"{SHELF}/delete/1").text
        assert _told(page) == {
            "goes": [
                *("These are deleted, too", "Books: 2", "Poem 1", "Poem 2"),
                *("Chapters: 3", "Chapter 1", "Chapter 2", "Chapter 3"),
            ],
            "unlinked": ["These stay, and are no longer linked to it", "Loans: 1", "Loan 1"],
        }
        assert '<a href="/admin/bookview/show/1">Poem 1</a>' in page
        assert BUTTON in page
        assert 'name="typed"' not in page

    def test_its_answer_does_what_it_told(self, site: Site) -> None:
        admin = site.admin()
        url = f"{SHELF}/delete/1"
        assert admin.client.post(url, data=sent_form(admin.get(url).text, url)).status_code == 302
        assert [_left(site, name) for name in ("Shelf", "Book", "Chapter", "Loan")] == [3, 30, 0, 2]
        with site.app.app_context():
            assert site.db.session.get(site.models.Loan, 1).book_id is None

    def test_a_record_that_nothing_hangs_on_is_asked_about_as_ever(self, site: Site) -> None:
        page = site.admin().get(f"{SHELF}/delete/4").text
        assert _told(page) == {}
        assert 'name="counted"' not in page
        assert "This cannot be undone." in page

    def test_what_keeps_it_is_told_in_place_of_the_question(self, site: Site) -> None:
        admin = site.admin()
        page = admin.get(f"{SHELF}/delete/3").text
        assert "“Maps” cannot be deleted</h1>" in page
        assert BUTTON not in page
        assert "This cannot be undone." not in page
        _title, seals, name, link = _told(page)["blocks"]
        assert (seals, name) == ("Fire Seals: 1", "&lt;seal&gt; 1")
        assert link == "Show all in Fire Seals"
        found = re.search(r'<a href="([^"]+)">Show all in', page)
        assert found is not None
        assert found[1] == "/admin/firesealview/list/?shelf__eq=3"
        assert "1 record" in admin.get(found[1]).text
        assert _post(admin, f"{SHELF}/delete/3").status_code == 302
        assert _left(site, "Shelf") == 4

    def test_ten_are_named_and_the_rest_is_counted(self, site: Site) -> None:
        lines = _told(site.admin().get(f"{SHELF}/delete/2").text)["goes"]
        assert lines[1:3] == ["Books: 30", "Novel 11"]
        assert lines[11:] == ["Novel 20", "and 20 more"]

    def test_an_old_token_brings_the_whole_question_back(self, site: Site) -> None:
        data, url = {"csrf_token": "old"}, f"{SHELF}/delete/1"
        again = site.admin().client.post(url, data=data, headers={"Origin": "http://localhost"})
        assert again.status_code == 400
        assert _told(again.text)["goes"][1] == "Books: 2"


class TestTypedNumber:
    """Of many others their number is typed, and nobody deletes more than they were asked about."""

    @pytest.mark.parametrize("typed", ["", "30", "yes"])
    def test_another_number_deletes_nothing(self, site: Site, typed: str) -> None:
        admin = site.admin()
        assert "Type 31, the number of others that this changes" in admin.get(f"{SHELF}/delete/2").text
        answer = _post(admin, f"{SHELF}/delete/2", typed=typed, counted="31")
        assert answer.status_code == 422
        assert "nothing was deleted" in answer.text
        assert f'name="typed" value="{typed}"' in answer.text
        assert _left(site, "Shelf") == 4

    def test_the_right_one_deletes(self, site: Site) -> None:
        assert _post(site.admin(), f"{SHELF}/delete/2", typed=" 31 ", counted="31").status_code == 302
        assert _left(site, "Book") == 2

    def test_who_asks_by_hand_types_it_too(self, site: Site) -> None:
        assert _post(site.admin(), f"{SHELF}/delete/2").status_code == 422
        assert _post(site.admin(), f"{SHELF}/delete/2", typed="31").status_code == 302

    @pytest.mark.parametrize(("count", "is_typed"), [(20, False), (21, True)])
    def test_it_is_asked_for_above_twenty(self, site: Site, count: int, is_typed: bool) -> None:
        with site.app.app_context():
            _add(site, *(site.models.Book(id=100 + key, title="New", shelf_id=4) for key in range(count)))
            site.db.session.commit()
        assert ('name="typed"' in site.admin().get(f"{SHELF}/delete/4").text) == is_typed

    def test_more_than_were_asked_about_are_asked_about_again(self, site: Site) -> None:
        admin = site.admin()
        answer = _post(admin, f"{SHELF}/delete/1", counted="5")
        assert answer.status_code == 409
        assert "Meanwhile there are more of them: nothing was deleted. This cannot be undone." in answer.text
        assert 'name="counted" value="6"' in answer.text
        assert _left(site, "Shelf") == 4
        assert (
            admin.client.post(f"{SHELF}/delete/1", data=sent_form(answer.text, f"{SHELF}/delete/1")).status_code == 302
        )

    def test_of_more_than_are_counted_the_bound_is_typed(self, site: Site) -> None:
        admin, url = site.admin(), f"{SHELF}/delete/4"
        with site.app.app_context():
            rows = [{"id": key, "title": "New", "shelf_id": 4} for key in range(101, 1101)]
            site.db.session.execute(sa.insert(site.models.Book), rows)
            site.db.session.commit()
        assert "Type 1000, the number of others that this changes" in admin.get(url).text
        with site.app.app_context():
            site.db.session.execute(sa.insert(site.models.Book), {"id": 1101, "title": "New", "shelf_id": 4})
            site.db.session.commit()
        answer = _post(admin, url, typed="1000", counted="1000")
        assert answer.status_code == 409
        assert "Books: more than 1,000" in _told(answer.text)["goes"]
        assert "Type 1000: this changes more than that many others" in answer.text
        assert "Type 1000: this changes more than that many others" in _post(admin, BULK, [1, 4]).text
        assert _left(site, "Shelf") == 4
        sent = sent_form(answer.text, url)
        assert admin.client.post(url, data={**sent, "typed": "1001"}).status_code == 422
        assert admin.client.post(url, data={**sent, "typed": "1000"}).status_code == 302
        assert _left(site, "Shelf") == 3

    def test_fewer_than_were_asked_about_are_deleted(self, site: Site) -> None:
        assert _post(site.admin(), f"{SHELF}/delete/2", typed="33", counted="33").status_code == 302
        assert _left(site, "Shelf") == 3

    @pytest.mark.parametrize("counted", ["", "-1", "x", "²", "9" * 5000])
    def test_nonsense_counts_as_not_told(self, site: Site, counted: str) -> None:
        assert _post(site.admin(), f"{SHELF}/delete/1", counted=counted).status_code == 302


class TestTickedRows:
    """The same of several records, in sum, and each is deleted for itself."""

    def test_it_is_told_in_sum(self, site: Site) -> None:
        page = _post(site.admin(), BULK, [1, 2, 3]).text
        told = _told(page)
        assert told["blocks"][:3] == ["Some cannot be deleted because of these", "Fire Seals: 1", "&lt;seal&gt; 1"]
        assert told["goes"][1:3] == ["Books: 32", "Poem 1"]
        assert told["unlinked"] == ["These stay, and are no longer linked to them", "Loans: 2", "Loan 1", "Loan 2"]
        assert "Type 40, the number of all records that this changes" in page
        assert BUTTON in page

    def test_each_goes_or_stays_for_itself(self, site: Site) -> None:
        admin = site.admin()
        assert _post(admin, BULK, [1, 2, 3], confirmed="1").status_code == 422
        assert _left(site, "Shelf") == 4
        answer = _post(admin, BULK, [1, 2, 3], confirmed="1", typed="40", counted="37")
        page = admin.get(answer.location).text
        assert "Deleted 2 records" in page
        assert "Maps was kept: " in page
        assert (_left(site, "Shelf"), _left(site, "Book")) == (2, 0)

    def test_more_than_were_asked_about_are_asked_about_again(self, site: Site) -> None:
        answer = _post(site.admin(), BULK, [1, 4], confirmed="1", counted="3")
        assert answer.status_code == 409
        assert "Delete 2 records?" in answer.text
        assert _left(site, "Shelf") == 4

    def test_of_one_record_it_is_the_question_of_its_page(self, site: Site) -> None:
        page = _post(site.admin(), BULK, [3]).text
        assert "“Maps” cannot be deleted</h1>" in page
        assert BUTTON not in page


class TestWhoIsTold:
    """Names are for those who may list them; what a person may not delete does not go along."""

    READER = (("can_list", "ShelfView"), ("can_delete", "ShelfView"), ("can_delete", "BookView"))

    def _reader(self, site: Site, *grants: tuple[str, str]) -> Browser:
        site.user("rita", *self.READER, ("can_delete", "ChapterView"), *grants)
        return site.sign_in("rita")

    def test_who_may_not_list_them_is_told_their_number(self, site: Site) -> None:
        told = _told(self._reader(site).get(f"{SHELF}/delete/1").text)
        assert told["goes"] == ["These are deleted, too", "Books: 2", "Chapters: 3"]
        assert _told(self._reader_again(site).get(f"{SHELF}/delete/3").text)["blocks"][1:] == ["Fire Seals: 1"]

    def _reader_again(self, site: Site) -> Browser:
        return site.sign_in("rita")

    def test_a_name_without_a_page_is_no_link(self, site: Site) -> None:
        page = self._reader(site, ("can_list", "BookView")).get(f"{SHELF}/delete/1").text
        assert "<li>Poem 1</li>" in page

    def test_only_those_within_the_scope_are_named(self, make_host: MakeHost) -> None:
        def scope(view: Any, query: Any, user: Any) -> Any:
            return query.where(view.datamodel.model.id == 2)

        site = _site(make_host, Book={"scope": scope})
        lines = _told(site.admin().get(f"{SHELF}/delete/1").text)["goes"]
        assert lines[:4] == ["These are deleted, too", "Books: 2", "Poem 2", "and 1 more"]

    def test_a_hidden_relation_names_nobody(self, make_host: MakeHost) -> None:
        def can_access_field(view: Any, user: Any, column: str, action: str) -> bool:
            return column != "shelf"

        site = _site(make_host, Book={"can_access_field": can_access_field})
        assert _told(site.admin().get(f"{SHELF}/delete/1").text)["goes"][:2] == ["These are deleted, too", "Books: 2"]
        assert "Poem 1" not in site.admin().get(f"{SHELF}/delete/1").text

    def test_a_model_without_a_view_goes_by_its_own_words(self, make_host: MakeHost) -> None:
        site = _site(make_host, "FireSeal", "Chapter")
        assert _told(site.admin().get(f"{SHELF}/delete/3").text)["blocks"][1:] == ["Fire Seals: 1"]
        assert _post(site.admin(), f"{SHELF}/delete/1").status_code == 302
        assert _left(site, "Chapter") == 0

    def test_a_scope_that_fails_costs_the_names_alone(self, make_host: MakeHost) -> None:
        def scope(view: Any, query: Any, user: Any) -> Any:
            raise ValueError("the directory does not answer")

        page = _site(make_host, Book={"scope": scope}).admin().get(f"{SHELF}/delete/1")
        assert page.status_code == 200
        assert "Books: 2" in page.text


class TestRights:
    """What goes along takes the right to delete it."""

    @pytest.fixture
    def dan(self, site: Site) -> Browser:
        site.user("dan", ("can_list", "ShelfView"), ("can_delete", "ShelfView"), ("can_list", "BookView"))
        return site.sign_in("dan")

    def test_who_may_not_delete_what_would_go_is_told_so(self, dan: Browser) -> None:
        page = dan.get(f"{SHELF}/delete/1").text
        assert BUTTON not in page
        assert _told(page)["blocks"] == [
            "It cannot be deleted because of these",
            "Books: 2",
            "You may not delete them.",
            "Poem 1",
            "Poem 2",
            "Show all in Books",
            "Chapters: 3",
            "You may not delete them.",
        ]

    def test_the_answer_is_refused_too(self, site: Site, dan: Browser) -> None:
        answer = _post(dan, f"{SHELF}/delete/1")
        assert "It would take records along that you may not delete." in dan.get(answer.location).text
        assert (_left(site, "Shelf"), _left(site, "Book")) == (4, 32)

    def test_a_record_that_takes_nothing_along_goes(self, site: Site, dan: Browser) -> None:
        assert BUTTON in dan.get(f"{SHELF}/delete/4").text
        assert _post(dan, f"{SHELF}/delete/4").status_code == 302
        assert _left(site, "Shelf") == 3

    def test_of_ticked_rows_each_is_judged_for_itself(self, site: Site, dan: Browser) -> None:
        answer = _post(dan, BULK, [1, 4], confirmed="1")
        page = dan.get(answer.location).text
        assert "Deleted Empty" in page
        assert "Poems was kept: It would take records along that you may not delete." in page
        assert (_left(site, "Shelf"), _left(site, "Book")) == (3, 32)

    def test_what_no_view_deletes_the_model_decides(self, make_host: MakeHost) -> None:
        site = _site(make_host, "Chapter", Book={"exclude_route_methods": ["delete"]})
        site.user("dan", ("can_list", "ShelfView"), ("can_delete", "ShelfView"))
        assert _post(site.sign_in("dan"), f"{SHELF}/delete/1").status_code == 302
        assert _left(site, "Book") == 30


class TestSubclasses:
    """Records of a subclass that go along take the right to delete in its view."""

    @pytest.fixture
    def site(self, make_host: MakeHost) -> Site:
        site = site_of(make_host, _kennel, rows=0)
        models = site.models
        with site.app.app_context():
            _add(site, models.Owner(id=1), models.Owner(id=2), models.Owner(id=3))
            _add(site, models.Dog(id=1, owner_id=1), models.Animal(id=2, owner_id=2), models.Cat(id=3, owner_id=3))
            site.db.session.commit()
        site.user("bob", ("can_list", "OwnerView"), ("can_delete", "OwnerView"))
        site.user("eve", ("can_list", "OwnerView"), ("can_delete", "OwnerView"), ("can_delete", "DogView"))
        return site

    @pytest.mark.parametrize(("owner", "may"), [(1, False), (2, True), (3, False)])
    def test_who_lacks_it_deletes_none_of_these(self, site: Site, owner: int, may: bool) -> None:
        bob, url = site.sign_in("bob"), f"/admin/ownerview/delete/{owner}"
        page = bob.get(url).text
        assert (BUTTON in page) == may
        assert ("You may not delete them." in page) != may
        _post(bob, url)
        assert (_left(site, "Owner"), _left(site, "Animal")) == ((2, 2) if may else (3, 3))

    def test_who_has_it_does(self, site: Site) -> None:
        assert BUTTON in site.sign_in("eve").get("/admin/ownerview/delete/1").text
        _post(site.sign_in("eve"), "/admin/ownerview/delete/1")
        assert _left(site, "Dog") == 0


class TestCodeOfTheHost:
    """What the host's own code makes possible is not refused before it had its say."""

    def _clears(self, site_of_it: list[Site]) -> Any:
        def pre_delete(_view: Any, item: Any) -> None:
            site = site_of_it[0]
            site.db.session.execute(sa.delete(site.models.FireSeal).where(site.models.FireSeal.shelf_id == item.id))

        return pre_delete

    def test_a_hook_may_do_away_with_what_keeps_it(self, make_host: MakeHost) -> None:
        found: list[Site] = []
        found.append(_site(make_host, Shelf={"pre_delete": self._clears(found)}))
        admin = found[0].admin()
        page = admin.get(f"{SHELF}/delete/3").text
        assert _told(page)["hinders"][:2] == ["It may be kept because of these", "Fire Seals: 1"]
        assert BUTTON in page
        assert "Show all in Fire Seals" in page
        assert _told(_post(admin, BULK, [3, 4]).text)["hinders"][0] == "Some may be kept because of these"
        assert _post(admin, f"{SHELF}/delete/3").status_code == 302
        assert (_left(found[0], "Shelf"), _left(found[0], "FireSeal")) == (3, 0)

    def test_a_hook_that_does_not_leaves_it(self, make_host: MakeHost) -> None:
        site = _site(make_host, Shelf={"pre_delete": lambda _view, item: None})
        admin = site.admin()
        assert "Associated data exists" in admin.get(_post(admin, f"{SHELF}/delete/3").location).text
        assert _left(site, "Shelf") == 4

    def test_so_may_a_listener(self, site: Site) -> None:
        assert BUTTON not in site.admin().get(f"{SHELF}/delete/3").text
        sa.event.listen(site.models.Shelf, "before_delete", lambda _mapper, _connection, _item: None)
        assert BUTTON in site.admin().get(f"{SHELF}/delete/3").text

    def test_a_hook_gives_no_right(self, make_host: MakeHost) -> None:
        site = _site(make_host, Shelf={"pre_delete": lambda _view, item: None})
        site.user("dan", ("can_list", "ShelfView"), ("can_delete", "ShelfView"))
        assert BUTTON not in site.sign_in("dan").get(f"{SHELF}/delete/1").text

    @pytest.mark.parametrize("key", [1, 2, 3])
    def test_a_delete_that_only_marks_does_nothing_to_others(self, make_host: MakeHost, key: int) -> None:
        class Marking(SQLAInterface):
            def delete(self, item: Any) -> None:
                item.name = "gone"

        class Lazy:
            def __set_name__(self, owner: Any, name: str) -> None:
                owner.datamodel = Marking(owner.datamodel.model)

        site = _site(make_host, Shelf={"lazy": Lazy()})
        site.user("dan", ("can_list", "ShelfView"), ("can_delete", "ShelfView"))
        dan = site.sign_in("dan")
        page = dan.get(f"{SHELF}/delete/{key}").text
        assert BUTTON in page
        assert _told(page) == {}
        assert _post(dan, f"{SHELF}/delete/{key}").status_code == 302
        assert (_left(site, "Shelf"), _left(site, "Book")) == (4, 32)
        with site.app.app_context():
            assert site.db.session.get(site.models.Shelf, key).name == "gone"


class TestWhatCannotBeAsked:
    """The page comes, and says what it does not know."""

    def test_a_table_that_is_not_there(self, site: Site, caplog: pytest.LogCaptureFixture) -> None:
        admin, url = site.admin(), f"{SHELF}/delete/4"
        with site.app.app_context():
            site.models.FireSeal.__table__.drop(site.db.engine)
        page = admin.get(url)
        assert page.status_code == 200
        assert _told(page.text) == {"hinders": ["What becomes of other records could not be found out"]}
        assert "Empty" in page.text
        assert "Nothing could be read of ShelfView" in caplog.text
        assert admin.client.post(url, data=sent_form(page.text, url)).status_code == 302

    def test_its_answer_is_believed_as_it_was_told(self, site: Site) -> None:
        admin = site.admin()
        with site.app.app_context():
            site.models.Loan.__table__.drop(site.db.engine)
        assert _post(admin, f"{SHELF}/delete/2", typed="30", counted="31").status_code == 422
        assert _left(site, "Shelf") == 4

    def test_another_database_is_left_out(self, make_host: MakeHost) -> None:
        def declare(site: Site) -> list[type[Any]]:
            db: Any = site.db

            class Shop(db.Model):  # type: ignore[misc]  # the base is made at run time
                id = sa.Column(sa.Integer, primary_key=True)
                logs = relationship("Log", primaryjoin="Shop.id == foreign(Log.shop_id)")

            class Log(db.Model):  # type: ignore[misc]  # the base is made at run time
                __bind_key__ = "other"
                id = sa.Column(sa.Integer, primary_key=True)
                shop_id = sa.Column(sa.Integer)

            site.models = SimpleNamespace(Shop=Shop, Log=Log)
            return [type("ShopView", (ModelView,), {"datamodel": SQLAInterface(Shop)})]

        site = site_of(make_host, declare, rows=0, SQLALCHEMY_BINDS={"other": "sqlite://"})
        with site.app.app_context():
            _add(site, site.models.Shop(id=1), site.models.Log(id=1, shop_id=1))
            site.db.session.commit()
        admin, url = site.admin(), "/admin/shopview/delete/1"
        page = admin.get(url)
        assert (page.status_code, _told(page.text)) == (200, {})
        assert admin.client.post(url, data=sent_form(page.text, url)).status_code == 302
        assert _left(site, "Shop") == 0


class TestStatements:
    """It costs the same for any number of others, and nothing where there can be none."""

    def _count(self, site: Site, count_statements: CountStatements, url: str, **data: Any) -> list[str]:
        admin = site.admin()
        admin.get(url)
        fields = {"csrf_token": admin.token(), **data}
        with count_statements() as seen:
            answer = admin.client.post(url, data=fields) if data else admin.get(url)
        assert answer.status_code in {200, 302}
        return [text for text in seen.texts if "ab_" not in text and "SAVEPOINT" not in text]

    def test_the_question_costs_one_and_one_per_kind(self, site: Site, count_statements: CountStatements) -> None:
        few = self._count(site, count_statements, f"{SHELF}/delete/1")
        assert len(few) == 1 + 1 + 3, few
        many = self._count(site, count_statements, f"{SHELF}/delete/2")
        assert len(many) == 1 + 1 + 2, "no chapter is in those books"
        bare = self._count(site, count_statements, f"{SHELF}/delete/4")
        assert len(bare) == 1 + 1, bare

    def test_its_answer_counts_once(self, site: Site, count_statements: CountStatements) -> None:
        seen = self._count(site, count_statements, BULK, rowid=["1", "4"], confirmed="1")
        assert len([text for text in seen if "UNION" in text]) == 1, seen

    def test_a_right_that_is_lacking_is_asked_about_once(self, site: Site, count_statements: CountStatements) -> None:
        with site.app.app_context():
            _add(site, *(site.models.Shelf(id=key, name="New") for key in range(101, 131)))
            site.db.session.commit()
        site.user("dan", ("can_list", "ShelfView"), ("can_delete", "ShelfView"))
        dan = site.sign_in("dan")
        seen = []
        for rows in (range(101, 103), range(103, 131)):
            data = {"csrf_token": dan.token(), "rowid": [str(row) for row in rows], "confirmed": "1"}
            with count_statements() as statements:
                assert dan.client.post(BULK, data=data).status_code == 302
            seen.append(len([text for text in statements.texts if "count(" in text]))
        assert seen == [2, 2], "for the number of others, and for the right"
        assert _left(site, "Shelf") == 4

    def test_where_nothing_can_go_along_nothing_is_counted(self, site: Site, count_statements: CountStatements) -> None:
        seen = self._count(site, count_statements, "/admin/loanview/delete_selected", rowid=["1", "2"], confirmed="1")
        assert len(seen) <= 5, seen
        assert not [text for text in seen if "count(" in text]
