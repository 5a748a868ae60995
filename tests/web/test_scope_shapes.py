"""A scope that limits, groups, makes distinct or unites holds on every path as one that only filters."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from appbuilder_lite import AppBuilder, ModelView, SQLAInterface, action
from appbuilder_lite.filters import BaseFilter
from tests.conftest import CountStatements, MakeHost
from tests.web.declared import site_of
from tests.web.site import Browser, Site, make_db
from tests.web.test_templates import Document

ROWS = 12
INSIDE = (1, 2, 3)
"""The customers that every scope here has."""
BASE = "/admin/customerview"
LIST = f"{BASE}/list/"


def _filtered(models: Any, query: Any) -> Any:
    return query.where(models.Customer.id <= 3)


def _limited(models: Any, query: Any) -> Any:
    return query.order_by(models.Customer.name).limit(3)


def _last(models: Any, query: Any) -> Any:
    return query.order_by(models.Customer.name.desc()).offset(ROWS - 3).limit(100)


def _distinct(models: Any, query: Any) -> Any:
    joined = query.join(models.Order, models.Order.customer_id == models.Customer.id)
    return joined.distinct().order_by(models.Customer.name.desc()).offset(ROWS - 3).limit(100)


def _grouped(models: Any, query: Any) -> Any:
    joined = query.join(models.Order, models.Order.customer_id == models.Customer.id)
    return joined.group_by(models.Customer.id).having(sa.func.max(models.Order.id) <= 3)


def _just_grouped(models: Any, query: Any) -> Any:
    return query.where(models.Customer.id <= 3).group_by(models.Customer.id)


def _united(models: Any, query: Any) -> Any:
    return sa.union(query.where(models.Customer.id < 3), query.where(models.Customer.id.in_([2, 3])))


SHAPES = {
    "limit": _limited,
    "offset": _last,
    "distinct": _distinct,
    "having": _grouped,
    "group by": _just_grouped,
    "union": _united,
}


@pytest.fixture(params=list(SHAPES.values()), ids=list(SHAPES))
def site(request: pytest.FixtureRequest, make_host: MakeHost) -> Site:
    def declare(site: Site) -> list[type[Any]]:
        return _views(site, request.param)

    site = site_of(make_host, declare, rows=ROWS)

    @site.app.get("/asked")
    def asked() -> dict[str, int]:
        number = sa.select(sa.func.count(site.models.Customer.id))
        return {"number": site.db.session.scalar(site.sm.scoped(number, view="CustomerView"))}

    return site


def _views(site: Site, shape: Any) -> list[type[Any]]:
    models = site.models

    class CustomerView(ModelView):
        datamodel = SQLAInterface(models.Customer)
        list_columns = ["name", "country.name", "tags"]
        search_columns = ["name"]
        filter_columns = ["name", "status", "tags"]
        filter_counts = ["status", "tags"]
        list_sums = ["id"]

        def scope(self, query: Any, user: Any) -> Any:
            return shape(models, query)

        @action("stamp", "Stamp", all_matching=True)
        def stamp(self, items: Any) -> None:
            site.made["stamped"] = [item.id for item in items]

    class OrderView(ModelView):
        datamodel = SQLAInterface(models.Order)
        list_columns = ["number", "customer.country"]

    class TagView(ModelView):
        datamodel = SQLAInterface(models.Tag)

    class CountryView(ModelView):
        datamodel = SQLAInterface(models.Country)
        related_views = [CustomerView]

    return [CustomerView, OrderView, TagView, CountryView]


def _shown(browser: Browser, url: str) -> set[int]:
    answer = browser.get(url)
    assert answer.status_code == 200
    return {number + 1 for number in range(ROWS) if f"Customer {number:03}" in answer.text}


def test_a_list_has_the_rows_of_its_scope_alone(site: Site) -> None:
    admin = site.admin()
    for query in ("", "sort=country.name", "sort=-name&page_size=10", "status__in=NEW&status__in=KNOWN"):
        assert _shown(admin, f"{LIST}?{query}") == set(INSIDE), query
        assert "3 records" in admin.get(f"{LIST}?{query}").text, query
    # What is searched and filtered is taken of the scope, and does not move it on to other rows.
    assert _shown(admin, f"{LIST}?search=00") == set(INSIDE)
    assert _shown(admin, f"{LIST}?search=005") == set()
    assert _shown(admin, f"{LIST}?match=any&name__eq=Customer+001&name__ew=007") == {2}
    form = Document(admin.get(f"{BASE}/filter").text)
    counted = {found.text for found in form.all("label", "option") if "(" in found.text}
    assert counted == {"New (1)", "Known (2)", "loyal (2)", "late (1)"}
    assert "6 in all" in admin.get(f"{LIST}?sums=yes").text


def test_one_record_is_met_within_the_scope_alone(site: Site) -> None:
    admin = site.admin()
    for method in ("show", "edit", "delete"):
        assert [admin.get(f"{BASE}/{method}/{key}").status_code for key in (1, 3, 4)] == [200, 200, 404], method
    token = {"csrf_token": admin.token()}
    rows = {**token, "action": "stamp", "rowid": ["1", "4"]}
    assert admin.client.post(f"{BASE}/action_post", data=rows).status_code == 404
    sent = admin.client.post(f"{BASE}/action_post", data={**token, "action": "stamp", "_all": ""})
    assert "about 3 records, all of this list" in sent.text
    assert admin.client.post(f"{BASE}/delete/4", data=token).status_code == 404
    # Its orders keep it, which is not "not found".
    assert admin.client.post(f"{BASE}/delete/3", data=token).status_code == 302
    assert site.count(site.models.Customer) == ROWS


def test_other_pages_have_the_records_of_the_scope_alone(site: Site) -> None:
    admin = site.admin()
    assert _shown(admin, "/admin/orderview/add") == set(INSIDE)
    assert _shown(admin, "/admin/orderview/choices/add/customer?q=Customer") == set(INSIDE)
    assert admin.send("/admin/orderview/add", number="B1", customer="4").status_code == 422
    assert _shown(admin, "/admin/countryview/show/1") == {1, 3}
    assert admin.get("/asked").json == {"number": 3}
    assert admin.send("/admin/orderview/add", number="B1", customer="3").status_code == 302


def test_a_scope_that_limits_costs_no_statement_more(make_host: MakeHost, count_statements: CountStatements) -> None:
    counts = []
    for shape in (_filtered, _limited):
        site = site_of(make_host, partial(_views, shape=shape), rows=ROWS)
        admin = site.admin()
        admin.get(LIST)
        with count_statements() as seen:
            admin.get(f"{LIST}?sort=country.name&sums=yes")
        counts.append(len(seen))
        with site.app.app_context():
            site.db.drop_all()
    assert counts[0] == counts[1]


def test_a_filter_of_the_hosts_own_may_limit(make_host: MakeHost) -> None:
    class FilterNewest(BaseFilter):
        """The newest customers, so many."""

        name = "newest"

        def apply(self, query: Any, value: Any) -> Any:
            return query.order_by(self.model.id.desc()).limit(value)

    def declare(site: Site) -> list[type[Any]]:
        class CustomerView(ModelView):
            datamodel = SQLAInterface(site.models.Customer)
            list_columns = ["name", "country.name"]
            base_filters = [["id", FilterNewest, 3]]

        return [CustomerView]

    admin = site_of(make_host, declare, rows=ROWS).admin()
    assert _shown(admin, f"{LIST}?sort=country.name") == {10, 11, 12}
    assert _shown(admin, f"{LIST}?search=00") == {10}
    assert admin.get(f"{BASE}/show/9").status_code == 404


def test_a_key_of_several_columns_is_told_by_all_of_them(make_host: MakeHost) -> None:
    db = make_db()

    class Maker(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(20))

    class Part(db.Model):  # type: ignore[misc, name-defined]  # the base is made at run time
        maker_id: Any = sa.Column(sa.ForeignKey("maker.id"), primary_key=True)
        number = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
        title = sa.Column(sa.String(20))
        maker = orm.relationship(Maker)

    class PartView(ModelView):
        datamodel = SQLAInterface(Part)
        list_columns = ["title", "maker"]

        def scope(self, query: Any, user: Any) -> Any:
            return query.order_by(Part.title.desc()).limit(2)

    site = _site(make_host, db, PartView)
    with site.app.app_context():
        makers = [Maker(id=1, name="one"), Maker(id=2, name="two")]
        parts = [
            Part(number=number, title=f"part-{maker.id}{number}", maker=maker) for maker in makers for number in (1, 2)
        ]
        db.session.add_all(parts)
        db.session.commit()
    text = site.admin().get("/admin/partview/list/?sort=title").text
    assert [name for name in ("part-11", "part-12", "part-21", "part-22") if name in text] == ["part-21", "part-22"]
    assert "2 records" in text


def _site(make_host: MakeHost, db: Any, view: type[Any]) -> Site:
    site = Site(make_host(db).app, db, AppBuilder())
    site.builder.add_view(view, view.__name__)
    site.builder.init_app(site.app, db)
    site.create()
    return site
