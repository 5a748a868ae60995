"""How many records the views of the home page hold, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from appbuilder_lite.data.interface import Scope
from appbuilder_lite.data.query import MOST
from appbuilder_lite.text import gettext, ngettext, reader
from appbuilder_lite.web.model_view import ModelView
from appbuilder_lite.web.places import Place
from appbuilder_lite.web.totals import totals

MOST_VIEWS = 50
"""Views that are counted, in the order of the menu."""


def counts(found: Sequence[Place]) -> Mapping[str, str]:
    """The number of records in words, by the name of the view; nothing of what fails or may not be listed."""
    asked = [(view, partial(_scope, view)) for view in _views(found)]
    return {name: _words(total) for name, total in totals(asked, MOST).items()}


def _views(found: Sequence[Place]) -> Sequence[ModelView]:
    views = {place.view.view_name: place.view for place in found if place.view is not None}
    return [view for view in views.values() if view.options.index_count and view.can_open("list")][:MOST_VIEWS]


def _scope(view: ModelView) -> Scope:
    return view.resource.scope(view.policy())


def _words(total: int) -> str:
    if total > MOST:
        return gettext("%(num)s+ records", num=reader().count(MOST))
    return ngettext("%(num)s record", "%(num)s records", total)
