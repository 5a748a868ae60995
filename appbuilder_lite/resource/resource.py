"""The use-cases of one resource: add, edit and delete beside what reads it, whatever surface asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.data.types import Cardinality
from appbuilder_lite.errors import Rejected, WriteFailed
from appbuilder_lite.resource.form_maker import FormMaker
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.resource.hooks import run_after_commit
from appbuilder_lite.resource.loaded import changed_since, differs
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.refusals import Errors, errors_of, faults_of, field_of, show_on
from appbuilder_lite.resource.related_fields import lost_by
from appbuilder_lite.resource.writing import changed_documents, fill
from appbuilder_lite.text import gettext


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a write.

    `errors` are (field or None, text) pairs; they stand on the form too, so it can be shown again as it is. `stale` are
    the fields that somebody else has changed since the form was opened; nothing is saved then.
    `is_late` says that somebody else was faster, whether it is known with what or not.
    `notices` are faults of steps after the commit: the record is saved all the same. `key` is the encoded key,
    `name` what the record is called.
    """

    ok: bool
    item: Any
    key: str = ""
    name: str = ""
    errors: Errors = ()
    notices: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    is_late: bool = False


class Resource(FormMaker):
    """Reads and writes the records of one view; holds no state of a request."""

    def add(self, form: ResourceForm, policy: WritePolicy) -> Outcome:
        """Validate and insert. A new record must lie within what the person may see."""
        if not self.is_valid(form, "add", policy):
            return Outcome(False, None, errors=faults_of(form))
        item = self.datamodel.new()

        def write() -> None:
            self.hooks.process_form(form, True)
            self._fill("add", item, form, policy)
            self.hooks.pre_add(item)
            self.datamodel.add(item)
            self._flush("add", item, form, policy)

        return self._write(item, form, write, self.hooks.post_add, "add")

    def edit(self, item: Any, form: ResourceForm, policy: WritePolicy) -> Outcome:
        """Validate and update: what the page did not show, or what was not changed, is not written."""
        policy.check_item("edit", item)
        if not self.is_valid(form, "edit", policy):
            return Outcome(False, item, errors=faults_of(form))

        def write() -> None:
            self._check_fresh(item, form, policy)
            for rows in form.inlines:
                rows.check_fresh()
            self.hooks.process_form(form, False)
            self._make_way(item, form, policy)
            self._fill("edit", item, form, policy)
            self.hooks.pre_update(item)
            self._flush("edit", item, form, policy)

        return self._write(item, form, write, self.hooks.post_update, "edit")

    def delete(self, item: Any, policy: WritePolicy) -> Outcome:
        """Delete a record that `get_for` gave."""
        policy.check_item("delete", item)
        key, name = self.datamodel.encode_key(item), self.datamodel.name_of(item)

        def write() -> None:
            self.prepare("delete", item, None, policy)
            policy.check_along([item])
            self.hooks.pre_delete(item)
            self.datamodel.delete(item)
            self.datamodel.flush()
            self.finish("delete", item, None, policy)

        return self._write(item, None, write, self.hooks.post_delete, "delete", key=key, name=name)

    def prepare(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """What comes before the view's own hook, the record being filled: may the person do this? `Rejected` refuses.

        A kind of resource that checks or writes more extends this, so that no hook of a view can lose it.
        """
        policy.check_change(action, item)

    def finish(self, action: str, item: Any, form: ResourceForm | None, policy: WritePolicy) -> None:
        """What comes when the record is written and its key is known, before the view's own `after_flush`."""
        policy.check_result(action, item)

    def _write(
        self,
        item: Any,
        form: ResourceForm | None,
        write: Callable[[], None],
        after: Callable[[Any], object],
        action: str,
        *,
        key: str = "",
        name: str = "",
    ) -> Outcome:
        """Run a write in its savepoint, commit, then run the hook that comes after."""
        try:
            with self.datamodel.savepoint():
                write()
                key = key or self.datamodel.encode_key(item)
                # Asked while the record is loaded: the commit expires it.
                name = name or self.datamodel.name_of(item)
        except (Rejected, WriteFailed) as refusal:
            return self._refused(refusal, item, form, action, key)
        return Outcome(
            True, item, key, name, notices=(*_unsaved(form), *run_after_commit(after, item, self.datamodel.rollback))
        )

    def _refused(
        self, refusal: Rejected | WriteFailed, item: Any, form: ResourceForm | None, action: str, key: str
    ) -> Outcome:
        declared = self.options.messages[f"{action}_integrity_error_message"]
        text = errors_of(refusal, declared, form, self.datamodel)
        errors: Errors = ((field_of(refusal, form, self.datamodel), text),)
        if form is not None:
            errors = show_on(form, errors)
        is_late = isinstance(refusal, WriteFailed) and refusal.kind == "stale"
        stale = refusal.columns if isinstance(refusal, WriteFailed) and is_late else ()
        return Outcome(False, item, key, errors=errors, stale=stale, is_late=is_late)

    def _check_fresh(self, item: Any, form: ResourceForm, policy: Policy) -> None:
        """Raises `WriteFailed` where somebody else has changed what the form shows since it was opened."""
        if not form.loaded:
            return
        stale = changed_since(form, item, self.datamodel, policy.digest) or self._changed_just_now(item, form)
        if stale:
            message = gettext("Somebody else has changed this record since you opened it. Nothing was saved.")
            raise WriteFailed("stale", message, stale)

    def _changed_just_now(self, item: Any, form: ResourceForm) -> tuple[str, ...]:
        """The fields that somebody has changed since this request read the record, which is locked from now on."""
        changed = self.datamodel.reread(item, [name for name in form.loaded if name in form])
        for name in changed:
            form[name].object_data = getattr(item, name)
        return tuple(name for name in changed if differs(form[name]))

    def _make_way(self, item: Any, form: ResourceForm, policy: WritePolicy) -> None:
        """Judge what relations lose, and let go of the one record that another takes the place of.

        SQLAlchemy would write the new one first, which a unique foreign key does not let it.
        """
        fields: Any = {name: found for name, found in form._fields.items() if name in self.datamodel.relations}
        for name, found in fields.items():
            relation = self.datamodel.relations[name]
            lost = [] if name in form.left_out else lost_by(found)
            if lost and relation.deletes_lost:
                policy.check_lost(lost, name)
            if lost and relation.cardinality is Cardinality.ONE_TO_ONE and found.data is not None:
                self.datamodel.unlink(item, name)
                self.datamodel.flush()

    def _fill(self, action: str, item: Any, form: ResourceForm, policy: WritePolicy) -> None:
        """Put the form's values on the record; nothing is flushed before it is known that the person may."""
        # A validator of the model's that asks the database would flush, and what was flushed looks unchanged.
        with self.datamodel.unsent():
            fill(item, form, self.datamodel, is_new=action == "add")
            self.prepare(action, item, form, policy)

    def _flush(self, action: str, item: Any, form: ResourceForm, policy: WritePolicy) -> None:
        written = changed_documents(item, form, self.datamodel, is_new=action == "add")
        self.datamodel.mark_changed(item, written)
        self.datamodel.flush()
        for rows in form.inlines:
            rows.write(item)
        self.finish(action, item, form, policy)
        if not self.holds(item, policy):
            raise Rejected(gettext("This record would be outside of what you may see."))
        self.hooks.after_flush(item)


def _unsaved(form: ResourceForm | None) -> tuple[str, ...]:
    """What was given for fields that were not to be asked for."""
    if form is None or not form.unsaved:
        return ()
    return (gettext("Not saved, as it does not apply here: %(fields)s", fields=", ".join(form.unsaved)),)
