"""Whose language texts are made in: the reader that Flask-Babel finds where the app has it, else plain English."""

from __future__ import annotations

from flask.globals import app_ctx
from sqlalchemy.exc import SQLAlchemyError

from appbuilder_lite.text import PLAIN, Reader

_NOTE = "_appbuilder_lite_reader"


def current_reader() -> Reader | None:
    """Who reads the answer of this request, found once; None outside of an app that has Flask-Babel."""
    try:
        # Asked for each number and word of a page: through the proxies of Flask it takes four times as long.
        context = app_ctx._get_current_object()  # type: ignore[attr-defined]  # Flask types the proxy as what it leads to
    except RuntimeError:
        return None
    if "babel" not in context.app.extensions:
        return None
    found: Reader | None = context.g.get(_NOTE)
    if found is None:
        # What the app's own locale selector asks of us is answered in English, not by asking it again.
        setattr(context.g, _NOTE, PLAIN)
        found = _find()
        setattr(context.g, _NOTE, found)
    return found


def _find() -> Reader:
    from appbuilder_lite.web.babel_reader import find_reader  # noqa: PLC0415  # Flask-Babel is an extra

    try:
        return find_reader()
    except SQLAlchemyError:
        # The app asks its database for the locale; the page that says that it is down needs none.
        return PLAIN
