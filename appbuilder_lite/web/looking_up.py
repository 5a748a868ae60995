"""Where scripts find records for a field of a form, or for a filter; the same that the form itself offers and takes."""

from __future__ import annotations

from functools import partial

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.errors import InvalidInput, NotFound
from appbuilder_lite.resource.dependent import masters
from appbuilder_lite.resource.inputs import input_name
from appbuilder_lite.resource.parameters import single
from appbuilder_lite.resource.params import page_number, search_text
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.resource.related_source import MOST_PAGES, Source
from appbuilder_lite.text import gettext
from appbuilder_lite.web.inlines import field_in_rows
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.record_view import RecordView
from appbuilder_lite.web.related import asked_view
from appbuilder_lite.web.routes import expose, part_of

OF = "_of"
"""The record in whose form somebody looks for others."""


class LookUpRoutes(RecordView):
    """Records by words, as JSON: `{"choices": [{"key": "7", "name": "Anna Abbott"}], "more": false}`."""

    @expose("/choices/add/<name>")
    @part_of("add")
    def add_choices(self, name: str) -> ResponseReturnValue:
        """What a relation of the add form can point to: `?q=words&page=2`; with the fields that it depends on."""
        return _found(self._form_source("add", name))

    @expose("/choices/edit/<name>")
    @part_of("edit")
    def edit_choices(self, name: str) -> ResponseReturnValue:
        """What a relation of the edit form can point to."""
        return _found(self._form_source("edit", name))

    @expose("/choices/list/<name>")
    @part_of("list")
    def list_choices(self, name: str) -> ResponseReturnValue:
        """What the list can be narrowed to the records of."""
        return _found(self.filter_source(self.policy(), name))

    def look_up_url(self, action: str, name: str, pk: str = "") -> str:
        """Where scripts find records for a field of `add` or `edit`, or for a filter of the `list`; empty: nowhere.

        What depends on another field is found for the record `pk`, as what is stored there counts, too.
        """
        method = f"{action}_choices"
        if method not in self.routes:
            return ""
        return self.url_for(method, name=name, **({OF: pk} if pk and name in self.options.dependent_choices else {}))

    def filter_source(self, policy: ViewPolicy, name: str) -> Source | None:
        """Where the records come from that the person may compare a relation with; None where they may not ask."""
        is_asked = name in self.options.relations and name in self.options.filters
        if not is_asked or asked_view(self, name, policy) is None:
            return None
        return self.resource.source(name, partial(policy.related_scope, name), policy)

    def _form_source(self, action: str, name: str) -> Source | None:
        names = {one: input_name(one) for one in masters(name, self.options.dependent_choices)}
        given = MultiDict({name: single(request.args, name) for name in names.values() if name in request.args})
        policy, pk = self.policy(), single(request.args, OF) if action == "edit" and names else ""
        item = self.resource.get_for("edit", pk, policy, self.options.edit_columns) if pk else None
        form = self.resource.form(action, policy, formdata=given if given or item is not None else None, item=item)
        for one, parameter in names.items():
            if one in form and form[one].process_errors:
                raise InvalidInput(parameter, str(form[one].process_errors[0]))
        field = form._fields.get(name) or field_in_rows(form, name)
        return field.source if isinstance(field, RelatedField | RelatedListField) else None


def _found(source: Source | None) -> ResponseReturnValue:
    if source is None or source.way is None:
        raise NotFound(gettext("There is nothing to look for."))
    page = page_number("page", single(request.args, "page"), MOST_PAGES)
    found = source.look_up(search_text(request.args, "q"), page)
    return jsonify(choices=[_choice(one) for one in found.records], more=found.more)


def _choice(found: RelatedValue) -> dict[str, str]:
    told = {"detail": found.detail} if found.detail else {}
    return {"key": found.key, "name": found.text, **told}
