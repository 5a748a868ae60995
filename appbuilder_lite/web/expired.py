"""A form whose CSRF token does not hold any more: it comes back as it was filled in, to be sent again.

Only what a page of this site sent comes back: else another site could fill in a form of ours, and leave it to the
person to press the button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, make_response, request

from appbuilder_lite.resource.defaults import is_secret
from appbuilder_lite.text import column_label, gettext
from appbuilder_lite.web.entrance import Entrance
from appbuilder_lite.web.error_pages import error_page
from appbuilder_lite.web.form_pages import FormPage
from appbuilder_lite.web.guard import CSRF_FIELD, is_from_this_site, wants_json
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.question_page import DeletePage
from appbuilder_lite.web.rendering import render, this_address
from appbuilder_lite.web.session import csrf_field
from appbuilder_lite.web.state import AppState

TEMPLATE = "appbuilder_lite/delete.html"
_FORMS = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})


def expired_page(state: AppState, entrance: Entrance, values: Mapping[str, Any]) -> Response:
    """400: what was sent, ready to be sent again; or what to do, where that cannot be."""
    shown = None
    if is_from_this_site() and not wants_json() and request.mimetype in _FORMS:
        shown = entrance.view.show_again(entrance.method, values) or _same_again(state, entrance)
    if shown is None:
        text = gettext(
            "It was open for too long, or you have signed in again since. Go back, reload the page and send it again."
        )
        return error_page(state, 400, gettext("This form has expired"), text, entrance.view)
    response = make_response(shown)
    if response.status_code not in range(300, 400):
        response.status_code = 400
    return response


def why_again() -> str:
    """Why a form is here again."""
    return gettext(
        "This page was open for too long, or you have signed in again since. "
        "Nothing was saved: check it and send it again."
    )


def sent_again(page: FormPage) -> FormPage:
    """The page of a form with the reason why it is here again, and one button, which does what the pressed one did."""
    pressed = tuple((name, "1") for name, _label in page.extra_submits if name in request.form)
    hidden, label = (*page.hidden, *pressed), gettext("Send again")
    return replace(page, errors=(("", why_again()),), submit_label=label, extra_submits=(), hidden=hidden)


def _same_again(state: AppState, entrance: Entrance) -> str | None:
    """A page that sends the same fields once more; None where it would have to hold a file or a secret."""
    fields = [item for item in request.form.items(multi=True) if item[0] not in {csrf_field(), CSRF_FIELD}]
    if request.method != "POST" or request.files or any(is_secret(name) for name, _value in fields):
        return None
    back = entrance.view.way_back()
    page = DeletePage(
        title=gettext("This form has expired"),
        action_url=this_address(),
        cancel_url=back.url if back is not None else page_url(state, state.home),
        submit_label=gettext("Send again"),
        text=why_again(),
        hidden=tuple(fields),
        facts=tuple((column_label(name), value) for name, value in fields if not name.startswith("_") and value),
        danger=False,
    )
    return render(state, TEMPLATE, page=page)
