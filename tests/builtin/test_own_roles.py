"""The page of roles with a host's own class of roles, and in a host's own subclasses."""

from typing import Any

import pytest
from sqlalchemy import Column, DateTime, String
from wtforms import StringField

from appbuilder_lite import AppBuilder, SecurityManager
from appbuilder_lite.builtin.roles import RoleModelView
from appbuilder_lite.security.mixins import RoleMixin
from tests.builtin.forms import read_form, send_form
from tests.builtin.matrix import grants_of, read_matrix, send_ticks
from tests.conftest import MakeHost
from tests.web.site import Site, make_db, make_models, make_views


def _site(make_host: MakeHost, view: type[RoleModelView], *, own_model: bool = True) -> Site:
    """A site with this view of roles, which are of a class with a label and a date of their own."""
    db = make_db()
    views = make_views(make_models(db))
    slots: dict[str, Any] = {"rolemodelview": view}
    if own_model:

        class Job(RoleMixin, db.Model):  # type: ignore[misc,name-defined]  # the base is made at run time
            __tablename__ = "job"
            label = Column(String(50))
            changed_on = Column(DateTime)

            def __str__(self) -> str:
                return f"Job {self.name}"

        slots["role_model"] = Job
    host = make_host(db)
    builder = AppBuilder(security_manager_class=type("Manager", (SecurityManager,), slots))
    builder.add_view(views.CustomerView, "Customers", category="Sales")
    builder.init_app(host.app, db)
    site = Site(host.app, db, builder)
    site.create()
    with site.app.app_context():
        site.sm.add_role("Sales", [site.sm.find_permission_view_menu("can_list", "CustomerView")])
    return site


def _url(site: Site, view: str = "roles") -> str:
    with site.app.app_context():
        return f"/admin/{view}/edit/{site.sm.find_role('Sales').id}"


def test_a_class_of_roles_of_the_hosts_works_as_it_is(make_host: MakeHost) -> None:
    site = _site(make_host, RoleModelView)
    admin, url = site.admin(), _url(site)
    assert send_ticks(admin, url, "Edit on Customers", name="Sellers").status_code == 302
    assert grants_of(site, "Sellers") == {"can_list on CustomerView", "can_edit on CustomerView"}
    with site.app.app_context():
        key = site.sm.find_role("Admin").id
    page = admin.get(f"/admin/roles/edit/{key}")
    assert 'name="name"' not in page.text
    assert f"/admin/roles/delete/{key}" not in page.text


@pytest.mark.parametrize("further", [[], ["assigned_permissions"]])
def test_own_columns_stand_beside_the_matrix(make_host: MakeHost, further: list[str]) -> None:
    class Jobs(RoleModelView):
        list_columns = ["name", "label", "permissions", "groups"]
        show_columns = ["name", "label", "permissions"]
        add_columns = edit_columns = ["name", "label", *further]

    site = _site(make_host, Jobs)
    admin, url = site.admin(), _url(site)
    assert send_ticks(admin, url, "Edit on Customers", label="Sell things").status_code == 302
    page = admin.get("/admin/roles/list/")
    assert "Sell things" in page.text
    assert "2 of " in page.text
    assert "CustomerView" in admin.get(url.replace("edit", "show")).text


def test_without_the_further_field_there_is_no_matrix(make_host: MakeHost) -> None:
    class Names(RoleModelView):
        list_columns = ["name"]
        add_columns = edit_columns = ["name", "label"]
        add_form_extra_fields = edit_form_extra_fields = {}

    site = _site(make_host, Names)
    admin, url = site.admin(), _url(site)
    page = admin.get(url)
    assert "ab-matrix" not in page.text
    assert "_review" not in page.text
    assert send_form(admin, url, label="Sell things").status_code == 302
    assert send_form(admin, "/admin/roles/add", name="New").status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView"}


def test_the_relation_itself_is_a_field_like_any_other(make_host: MakeHost) -> None:
    class Plain(RoleModelView):
        edit_columns = ["name", "permissions", "user"]

    site = _site(make_host, Plain, own_model=False)
    admin, url = site.admin(), _url(site)
    page = admin.get(url)
    assert {"permissions", "user"} <= set(read_form(page).values["_fields"][0].split(","))
    assert "ab-matrix" not in page.text
    assert send_form(admin, url).status_code == 302
    assert grants_of(site, "Sales") == {"can_list on CustomerView"}
    assert send_form(admin, url, permissions=[]).status_code == 302
    assert grants_of(site, "Sales") == set()


def test_own_formatters_and_templates_get_what_they_had(make_host: MakeHost) -> None:
    class Formatted(RoleModelView):
        list_columns = ["name", "permissions", "user"]
        formatters_columns = {"permissions": lambda found: f"{len(found)} things"}
        edit_template = "appbuilder_lite/form.html"
        edit_form_extra_fields = {**RoleModelView.edit_form_extra_fields, "reason": StringField("Reason")}
        edit_columns = ["name", "reason", "assigned_permissions"]

    site = _site(make_host, Formatted)
    admin, url = site.admin(), _url(site)
    assert "1 things" in admin.get("/admin/roles/list/").text
    assert send_form(admin, url, name="Sellers", reason="better").status_code == 302
    assert grants_of(site, "Sellers") == {"can_list on CustomerView"}


@pytest.mark.parametrize("method", ["add", "edit"])
def test_a_review_of_an_own_field_keeps_what_was_typed(make_host: MakeHost, method: str) -> None:
    class Jobs(RoleModelView):
        add_columns = edit_columns = ["name", "label", "assigned_permissions"]

    site = _site(make_host, Jobs)
    admin, url = site.admin(), "/admin/roles/add" if method == "add" else _url(site)
    review = send_ticks(admin, url, "Edit on Customers", name="Sellers", label="Sell things", _review="1")
    assert read_form(review).values["label"] == ["Sell things"]
    form = admin.client.post(url, data={**read_form(review).values, "_change": "1"})
    assert 'value="Sell things"' in form.text
    assert read_matrix(form).boxes["Edit on Customers"].is_ticked
