"""Sites for the tests of the stock views."""

import pytest

from tests.web.conftest import MakeSite
from tests.web.conftest import make_site as make_site
from tests.web.site import Site


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """A site with our own sign-in and users."""
    return make_site()
