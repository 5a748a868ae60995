"""The forms of one resource: made for a person, filled, judged, and given what their relations can point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Protocol

from appbuilder_lite.data.filters import scope_of
from appbuilder_lite.data.interface import DataModel, Scope, both
from appbuilder_lite.resource.conditions import FormConditions
from appbuilder_lite.resource.dependent import in_order, masters, narrow
from appbuilder_lite.resource.forms import (
    FormData,
    ResourceForm,
    RowsOfForm,
    build_form,
    form_meta,
    related_lists,
    touched,
)
from appbuilder_lite.resource.left import leave_unread
from appbuilder_lite.resource.loaded import TAKE_MARKER, loaded_text, read_loaded
from appbuilder_lite.resource.made_defaults import MadeDefaults
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.policy import Policy
from appbuilder_lite.resource.reader import Reader
from appbuilder_lite.resource.refusals import Errors, show_on
from appbuilder_lite.resource.related_fields import First, RelatedField, RelatedListField
from appbuilder_lite.resource.related_source import Source, most_related
from appbuilder_lite.resource.writing import check_foreign_keys


class InlineLike(Protocol):
    """What makes the rows of another model in the forms of a resource."""

    def rows_of(self, action: str, policy: Any, formdata: FormData | None, item: Any) -> RowsOfForm | None:
        """The rows of a record, or of a new one (None), with what was posted; None where the person meets none."""


class FormMaker(Reader):
    """Makes the forms of one view's records; holds no state of a request."""

    def __init__(self, datamodel: DataModel, options: ResourceOptions, hooks: Any) -> None:
        super().__init__(datamodel, options, hooks)
        self.inlines: tuple[InlineLike, ...] = ()
        self.conditions = FormConditions(options.conditional_fields, datamodel)
        self.made_defaults = MadeDefaults(datamodel)

    @cached_property
    def add_form(self) -> type[ResourceForm]:
        """The class of the add form."""
        return build_form(self.options, self.datamodel, "add")

    @cached_property
    def edit_form(self) -> type[ResourceForm]:
        """The class of the edit form."""
        return build_form(self.options, self.datamodel, "edit")

    def form(self, action: str, policy: Policy, *, formdata: FormData | None = None, item: Any = None) -> ResourceForm:
        """The form of `add` or `edit`, filled from what was posted or from the record."""
        form_class = self.add_form if action == "add" else self.edit_form
        # The guard has checked the token; a host's FlaskForm would ask for another.
        form = form_class(formdata=formdata, obj=item, meta=form_meta(self._chosen(form_class, action, policy, item)))
        if item is not None:
            leave_unread(form, item, self.datamodel)
        for name in [name for name in form._fields if not policy.can_access_field(name, action)]:
            del form[name]
        self.conditions.drop_unasked(form, action, policy, item)
        if formdata is not None:
            form.touched = touched(form, formdata) - frozenset(formdata.getlist(TAKE_MARKER))
            form.loaded_text, form.loaded = read_loaded(formdata)
            self._leave_untouched(form, action)
        if action == "add":
            self.made_defaults.offer(form)
        self._attach(form, action, policy, item)
        found = (one.rows_of(action, policy, formdata, item) for one in self.inlines)
        form.inlines = tuple(rows for rows in found if rows is not None)
        if formdata is not None:
            self.conditions.leave_out(form)
            self._attach_again(form, action, policy, item)
        if formdata is None and item is not None:
            self.hooks.prefill_form(form, self.datamodel.encode_key(item))
        return form

    def renewed(self, formdata: FormData, item: Any, errors: Errors, policy: Policy) -> ResourceForm:
        """An edit form whose record somebody else has changed, with what was typed, beside what is stored now."""
        form = self.form("edit", policy, formdata=formdata, item=item)
        self.note_loaded(form, item, policy)
        show_on(form, errors)
        return form

    def note_loaded(self, form: ResourceForm, item: Any, policy: Policy) -> None:
        """Let a form carry what the record holds now: asked when all its fields have their values."""
        form.loaded_text = loaded_text(form, item, self.datamodel, policy.digest)
        for rows in form.inlines:
            rows.note_loaded()

    def is_valid(self, form: ResourceForm, action: str, policy: Policy) -> bool:
        """Whether a form can be saved; the faults stand at its fields."""
        is_valid = form.validate()
        scopes = partial(self._related_scope, action=action, policy=policy)
        # Each is asked, so that all faults are told at once.
        are_valid = [rows.validate() for rows in form.inlines]
        return check_foreign_keys([form], self.datamodel, scopes) and is_valid and all(are_valid)

    def chosen(self, item: Any, relation: str) -> Sequence[Any]:
        """The records that a relation to several holds; `First` of them where a form does not carry so many."""
        found, more = self.datamodel.first_held(item, relation, most_related(self.options.choices_limit))
        return First(found) if more else found

    def _chosen(
        self, form_class: type[ResourceForm], action: str, policy: Policy, item: Any
    ) -> Mapping[str, Sequence[Any]]:
        """What a record holds of the relations to several that are in a form, and that the person meets there."""
        if item is None:
            return {}
        names = related_lists(form_class)
        return {name: self.chosen(item, name) if policy.can_access_field(name, action) else () for name in names}

    def _leave_untouched(self, form: ResourceForm, action: str) -> None:
        """Give the fields that the page did not show their stored values back; an edit does not judge those."""
        for name, field in form._fields.items():
            if name not in form.touched:
                field.process(None, field.object_data)
                field.validators = () if action == "edit" else field.validators

    def _attach(self, form: ResourceForm, action: str, policy: Policy, item: Any) -> None:
        for name in in_order(form._fields, self.options.dependent_choices):
            self._attach_field(name, form, action, policy, item)

    def _attach_field(self, name: str, form: ResourceForm, action: str, policy: Policy, item: Any) -> None:
        field = form._fields[name]
        if isinstance(field, RelatedField | RelatedListField):
            source = self.source(name, self._related_scope(name, action, policy), policy)
            field.attach(narrow(source, self.options.dependent_choices.get(name), form._fields, item))

    def _attach_again(self, form: ResourceForm, action: str, policy: Policy, item: Any) -> None:
        """Judge what depends on a field that was left out by what stays stored there, not by what was sent for it."""
        depends = self.options.dependent_choices
        for name in in_order(form._fields, depends):
            if name not in form.left_out and form.left_out.intersection(masters(name, depends)):
                form._fields[name].process_errors = []
                self._attach_field(name, form, action, policy, item)

    def source(self, relation: str, scope: Scope, policy: Policy) -> Source:
        """Where the records come from that a relation can point to."""
        own = f"{relation}."
        eager = [chain.removeprefix(own) for chain in self.options.list_eager if chain.startswith(own)]
        return Source(self.datamodel, relation, scope, self.options.choices_limit, policy.look_up(relation), eager)

    def _related_scope(self, relation: str, action: str, policy: Policy) -> Scope:
        queries = self.options.add_rel_queries if action == "add" else self.options.edit_rel_queries
        return both(scope_of(queries.get(relation, ())), partial(policy.related_scope, relation))
