"""The pages of a model, as a signed-in person uses them."""

from appbuilder_lite import ModelView, SQLAInterface
from tests.web.site import Site


def test_list_shows_rows_links_and_count(site: Site) -> None:
    page = site.admin().get("/admin/customerview/list/")
    assert page.status_code == 200
    assert "30 records" in page.text
    assert 'href="/admin/customerview/show/1"' in page.text
    assert 'href="/admin/countryview/show/1"' in page.text
    assert "Customer 024" in page.text
    assert "Customer 025" not in page.text


def test_list_pages_sorts_and_searches(site: Site) -> None:
    admin = site.admin()
    assert "Customer 025" in admin.get("/admin/customerview/list/?page=2").text
    first = admin.get("/admin/customerview/list/?sort=-name&page_size=10").text
    assert "Customer 029" in first
    assert "Customer 019" not in first
    found = admin.get("/admin/customerview/list/?search=C7@EXAMPLE").text
    assert "Customer 007" in found
    assert "Customer 008" not in found


def test_a_page_beyond_the_last_leads_to_the_last(site: Site) -> None:
    answer = site.admin().get("/admin/customerview/list/?page=99&sort=-name")
    assert answer.status_code == 302
    assert answer.location == "/admin/customerview/list/?sort=-name&page=2"


def test_add_stores_what_was_typed_and_leads_to_the_list(site: Site) -> None:
    admin = site.admin()
    answer = admin.send(
        "/admin/customerview/add", name="Zoe", email="zoe@example.org", since="2025-02-03", country="2", tags=["1", "2"]
    )
    assert answer.status_code == 302
    with site.app.app_context():
        zoe = site.db.session.query(site.models.Customer).filter_by(name="Zoe").one()
        assert (zoe.email, str(zoe.since), zoe.country.name, len(zoe.tags)) == (
            "zoe@example.org",
            "2025-02-03",
            "Spain",
            2,
        )


def test_add_shows_the_form_again_with_what_was_typed(site: Site) -> None:
    answer = site.admin().send("/admin/customerview/add", name="", email="new@example.org", since="yesterday")
    assert answer.status_code == 422
    assert "new@example.org" in answer.text
    assert "yesterday" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert site.count(site.models.Customer) == 30


def test_a_duplicate_is_told_at_its_field_without_database_text(site: Site) -> None:
    answer = site.admin().send("/admin/customerview/add", name="Twin", email="c1@example.org")
    assert answer.status_code == 422
    assert "UNIQUE" not in answer.text
    assert "IntegrityError" not in answer.text
    assert 'id="email-error"' in answer.text or "email" in answer.text.lower()
    assert site.count(site.models.Customer) == 30


def test_edit_changes_only_what_was_shown(site: Site) -> None:
    admin = site.admin()
    answer = admin.send("/admin/customerview/edit/3", name="Renamed", email="c2@example.org", _fields="name")
    assert answer.status_code == 302
    with site.app.app_context():
        customer = site.db.session.get(site.models.Customer, 3)
        assert customer.name == "Renamed"
        assert customer.country is not None


def test_delete_asks_on_get_and_deletes_on_post(site: Site) -> None:
    admin = site.admin()
    asked = admin.get("/admin/countryview/delete/1")
    assert asked.status_code == 200
    assert "Norway" in asked.text
    assert site.count(site.models.Country) == 2
    with site.app.app_context():
        site.db.session.add(site.models.Country(name="Chile"))
        site.db.session.commit()
    assert admin.send("/admin/countryview/delete/3").status_code == 302
    assert site.count(site.models.Country) == 2


def test_deleting_what_others_need_is_refused_with_a_message(site: Site) -> None:
    admin = site.admin()
    answer = admin.send("/admin/customerview/delete/1")
    assert answer.status_code == 302
    assert site.count(site.models.Customer) == 30
    assert "please delete them first" in admin.get("/admin/customerview/list/").text


def test_show_has_related_rows(site: Site) -> None:
    page = site.admin().get("/admin/customerview/show/1")
    assert "A00000" in page.text
    assert "A00001" not in page.text


def test_a_missing_record_is_a_404_in_words(site: Site) -> None:
    admin = site.admin()
    for url in ("show/999", "edit/999", "delete/999", "show/nonsense", "edit/%00"):
        answer = admin.get(f"/admin/customerview/{url}")
        assert answer.status_code == 404, url
        assert "<h1" in answer.text


def test_our_pages_carry_the_security_headers(site: Site) -> None:
    headers = site.admin().get("/admin/customerview/list/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_list_without_a_column_shows_the_keys(site: Site) -> None:
    hidden = {"can_access_field": lambda self, user, column, action: False, "list_columns": ["name"]}
    options = {"datamodel": SQLAInterface(site.models.Country), **hidden}
    with site.app.app_context():
        site.builder.add_view(type("HiddenView", (ModelView,), options), "Hidden")
    page = site.admin().get("/admin/hiddenview/list/")
    assert page.status_code == 200
    assert '<a href="/admin/hiddenview/show/2">2</a>' in page.text
    assert "Norway" not in page.text
