"""The list of roles: figures in the place of long lists, and the way to the matrix."""

import csv
import re

import pytest

from tests.builtin.matrix import read_matrix, role_key
from tests.conftest import CountStatements
from tests.web.conftest import MakeSite
from tests.web.site import Browser, Site


def _cells(browser: Browser) -> dict[str, list[str]]:
    """The texts of each row by its role; an empty cell is a dash with a word for it."""
    text = browser.get("/admin/roles/list/").text
    found = {}
    for row in re.findall(r'<tr role="row"><td role=cell>.*?</tr>', text.partition("<tbody")[2], re.DOTALL):
        cells = re.findall(r"<t[hd].*?(?=<t[hd]|</tr)", row, re.DOTALL)[1:]
        name, users, permissions = (re.sub(r"<[^>]+>", "", cell) for cell in cells[:3])
        found[name] = ["none" if users.endswith("empty") else users, permissions]
    return found


def test_each_role_tells_its_users_and_how_much_it_grants(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"), ("can_show", "CountryView"))
    site.user("ben", roles=("role of ann",))
    with site.app.app_context():
        role = site.sm.find_role("role of ann")
        site.sm.add_group(
            "Berlin", roles=[role], users=[site.sm.find_user("ben"), site.sm.add_user("cem", "C", "C", "c")]
        )
        site.sm.add_role("Nobody")
    admin = site.admin()
    total = len(read_matrix(admin.get("/admin/roles/edit/2")).boxes)
    assert _cells(admin) == {
        "Admin": ["1 user", "Everything"],
        "Nobody": ["none", f"0 of {total}"],
        "Public": ["none", f"0 of {total}"],
        "role of ann": ["3 users", f"2 of {total}"],
    }


@pytest.mark.parametrize("asked", ["", "?cols=name,user,permissions"])
def test_a_file_has_the_figures_of_the_list_and_names_nobody(site: Site, asked: str) -> None:
    site.user("ann", ("can_list", "CountryView"))
    admin = site.admin()
    total = len(read_matrix(admin.get("/admin/roles/edit/2")).boxes)
    answer = admin.get(f"/admin/roles/list/export/csv{asked}")
    assert [*csv.reader(answer.data.decode("utf-8-sig").splitlines())] == [
        ["Name", "Users", "Permissions"],
        ["Admin", "1", "Everything"],
        ["Public", "0", f"0 of {total}"],
        ["role of ann", "1", f"1 of {total}"],
    ]
    names = admin.get("/admin/roles/list/export/csv?cols=name").data.decode("utf-8-sig").split()
    assert names == ["Name", "Admin", "Public", "role", "of", "ann"]


def test_a_role_in_code_is_no_count_of_rows(make_site: MakeSite) -> None:
    rules = {"Auditor": [[".*", "can_list"]], "Admin": [["RoleModelView", "can_.*"]]}
    cells = _cells(make_site(APPBUILDER_ROLES=rules).admin())
    assert (cells["Auditor"][1], cells["Admin"][1]) == ("Set in code", "Set in code")


def test_menu_entries_that_follow_their_page_are_not_counted(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"), ("menu_access", "Countries"))
    assert _cells(site.admin())["role of ann"][1].startswith("1 of ")


@pytest.mark.parametrize("roles", [1, 20])
def test_the_figures_cost_two_statements(site: Site, count_statements: CountStatements, roles: int) -> None:
    with site.app.app_context():
        for number in range(roles):
            site.sm.add_role(f"Role {number}")
    admin = site.admin()
    admin.get("/admin/roles/list/")
    with count_statements() as seen:
        admin.get("/admin/roles/list/")
    # The guard and the rows; then the figures.
    assert len(seen) == 2 + 2, seen


def test_a_name_leads_to_the_matrix_and_a_role_that_exists_by_itself_has_no_delete(site: Site) -> None:
    site.user("ann", ("can_list", "CountryView"))
    key = role_key(site, "role of ann")
    page = site.admin().get("/admin/roles/list/").text
    assert f'href="/admin/roles/edit/{key}">role of ann</a>' in page
    assert re.findall(r'name="rowid" value="(\d+)"', page) == [str(key)]


def test_an_empty_list_is_no_error(site: Site) -> None:
    assert site.admin().get("/admin/roles/list/?search=nothing").status_code == 200
