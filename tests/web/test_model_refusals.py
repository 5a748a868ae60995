"""What a model itself refuses by `@validates`, which raises in the middle of a form: told at the field."""

from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import MakeHost
from tests.web.declared import site_of
from tests.web.order_lines import EDIT, ROWS, order_site, send, shown
from tests.web.site import Site, make_views

BASE = "/admin/customerview"


def _refusing(attribute: Any, refused: Any, error: Exception) -> None:
    """What `@validates` makes of a method."""

    def validate(_item: Any, value: Any, _old: Any, _initiator: Any) -> Any:
        if value == refused:
            raise error
        return value

    event.listen(attribute, "set", validate, retval=True)


@pytest.mark.parametrize("error", [ValueError("No <b>, please"), AssertionError("No <b>, please")])
def test_it_is_told_at_the_field_with_what_was_typed(make_host: MakeHost, error: Exception) -> None:
    def declare(site: Site) -> list[type[Any]]:
        _refusing(site.models.Customer.name, "<b>", error)
        return [make_views(site.models).CustomerView]

    site = site_of(make_host, declare, rows=3)
    admin = site.admin()
    before = site.count(site.models.Customer)
    for url in ("add", "edit/1"):
        answer = admin.send(f"{BASE}/{url}", name="<b>", email="new@example.org")
        assert answer.status_code == 422
        assert 'id="name-error"' in answer.text
        assert "No &lt;b&gt;, please" in answer.text
        assert 'value="new@example.org"' in answer.text
    assert site.count(site.models.Customer) == before


def test_one_that_says_nothing_is_told_in_our_words(make_host: MakeHost) -> None:
    def declare(site: Site) -> list[type[Any]]:
        _refusing(site.models.Customer.name, "x", AssertionError())
        return [make_views(site.models).CustomerView]

    answer = site_of(make_host, declare, rows=3).admin().send(f"{BASE}/edit/1", name="x")
    assert (answer.status_code, "This value is not accepted." in answer.text) == (422, True)


def test_it_is_told_in_the_row_of_a_form(make_host: MakeHost) -> None:
    site = order_site(make_host)
    _refusing(site.models.Line.quantity, 13, ValueError("Not thirteen"))
    admin = site.admin()
    answer = send(admin, shown(admin), r0={"quantity": "13"})
    assert answer.status_code == 422
    assert f'id="{ROWS}-0-quantity-error"' in answer.text
    assert "Not thirteen" in answer.text
    assert admin.get(EDIT).status_code == 200
