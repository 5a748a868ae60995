"""Models of another database than that of the app's users (`__bind_key__`): every page asks the right one."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from appbuilder_lite import AppBuilder, Inline, ModelView, SQLAInterface, action
from tests.conftest import MakeHost
from tests.web.sent_form import sent_form
from tests.web.site import Site, make_db

ROWS = 7


@pytest.fixture(name="site")
def _site(make_host: MakeHost, tmp_path: Path) -> Site:
    """Shelves with books, which stand in a database of their own."""
    db: Any = make_db()

    class Shelf(db.Model):  # type: ignore[misc]  # the base is made at run time
        __bind_key__ = "stock"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
        books = relationship("Book", back_populates="shelf", cascade="all, delete-orphan")

        def __str__(self) -> str:
            return str(self.name)

    class Book(db.Model):  # type: ignore[misc]  # the base is made at run time
        __bind_key__ = "stock"
        id = Column(Integer, primary_key=True)
        title = Column(String(20))
        pages: Any = Column(Integer)
        shelf_id: Any = Column(ForeignKey("shelf.id"))
        shelf = relationship(Shelf, back_populates="books")

        def __str__(self) -> str:
            return str(self.title)

    class BookInline(Inline):
        datamodel = SQLAInterface(Book)
        order_column = "pages"

    class BookView(ModelView):
        datamodel = SQLAInterface(Book)
        list_columns = ["title", "pages", "shelf"]
        search_columns = ["title", "shelf.name"]
        list_sums = ["pages"]
        page_size = 5
        filter_counts = ["shelf"]

        @action("mark", "Mark", confirmation="Sure?")
        def mark(self, items: Any) -> Any:
            for item in items:
                item.title = "marked"
            self.datamodel.session.commit()
            return None

    class ShelfView(ModelView):
        datamodel = SQLAInterface(Shelf)
        list_columns = ["name", "books", "books.title"]
        show_columns = ["name", "books", "books.title"]
        inlines = [BookInline]
        related_views = [BookView]

    host = make_host(db, SQLALCHEMY_BINDS={"stock": f"sqlite:///{tmp_path}/stock.sqlite"})
    builder = AppBuilder()
    for view in (ShelfView, BookView):
        builder.add_view(view, view.__name__)
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder, {"Shelf": Shelf, "Book": Book})
    site.create()
    with host.app.app_context():
        shelves = [Shelf(name=f"shelf {number}") for number in range(2)]
        db.session.add_all(Book(title=f"book {n}", pages=n, shelf=shelves[n % 2]) for n in range(ROWS))
        db.session.commit()
    return site


@pytest.mark.parametrize(
    "url",
    [
        "/bookview/list/",
        "/bookview/list/?page=2",
        "/bookview/list/?totals=1",
        "/bookview/list/?q=book",
        "/bookview/list/?shelf__eq=1",
        "/bookview/list/export/csv",
        "/bookview/show/1",
        "/bookview/edit/1",
        "/bookview/add",
        "/bookview/delete/1",
        "/shelfview/list/",
        "/shelfview/show/1",
        "/shelfview/edit/1",
        "/shelfview/delete/1",
        "/search?q=book",
    ],
)
def test_every_page_opens(site: Site, url: str) -> None:
    assert site.admin().get(f"/admin{url}").status_code == 200


def test_records_are_deleted_one_by_one_and_together(site: Site) -> None:
    admin = site.admin()
    assert admin.send("/admin/bookview/delete/1").status_code == 302
    assert site.count(site.models["Book"]) == ROWS - 1
    assert admin.send("/admin/shelfview/delete/2").status_code == 302
    assert site.count(site.models["Shelf"]) == 1


def test_an_action_that_asks_first_runs(site: Site) -> None:
    admin, url = site.admin(), "/admin/bookview/action_post"
    sent = {"csrf_token": admin.token(), "action": "mark", "rowid": ["1", "2"]}
    asked = admin.client.post(url, data=sent)
    assert asked.status_code == 200
    assert admin.client.post(url, data=sent_form(asked.text, url)).status_code == 302
    with site.app.app_context():
        assert site.db.session.query(site.models["Book"]).filter_by(title="marked").count() == 2


def test_rows_of_a_form_are_saved_and_removed(site: Site) -> None:
    admin, url = site.admin(), "/admin/shelfview/edit/1"
    body = sent_form(admin.get(url).text, url)
    rows = sorted({name.split("-")[2] for name in body if re.match(r"_rows-books-\d+-_key", name)})
    body["name"], body["_rows-books-0-title"], body[f"_rows-books-{rows[-1]}-_remove"] = "new", "new", "1"
    body[f"_rows-books-{int(rows[-1]) + 1}-title"] = "added"
    assert admin.client.post(url, data=body).status_code == 302
    with site.app.app_context():
        shelf = site.db.session.get(site.models["Shelf"], 1)
        titles = [book.title for book in sorted(shelf.books, key=lambda book: book.id)]
    assert (titles[0], titles[-1], len(titles)) == ("new", "added", 4)
