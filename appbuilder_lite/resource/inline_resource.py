"""The use-cases of rows that belong to a record of another resource; they are saved inside its transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from appbuilder_lite.data.query import RelatedValue
from appbuilder_lite.data.sqla_children import Children, foreign_keys, to_many, ways_back
from appbuilder_lite.data.sqla_model import SQLAInterface
from appbuilder_lite.errors import InvalidInput
from appbuilder_lite.resource.checks_inlines import relation_of
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.defaults import form_columns
from appbuilder_lite.resource.forms import FormData, ResourceForm, form_meta, touched
from appbuilder_lite.resource.inline import Inline
from appbuilder_lite.resource.inline_rows import MOST_SENT, InlineRows, Rights, Row, RowStore, show_stored
from appbuilder_lite.resource.loaded import keep_shown, read_loaded, shown_text
from appbuilder_lite.resource.made_defaults import ALL_KINDS, REPEATABLE
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.related_fields import RelatedField
from appbuilder_lite.resource.related_source import MOST_OPTIONS, MOST_RELATED, Source
from appbuilder_lite.resource.resolving import resolve
from appbuilder_lite.resource.resource import Resource
from appbuilder_lite.resource.values import formatter_for
from appbuilder_lite.resource.writing import changed_documents, check_foreign_keys, fill
from appbuilder_lite.settings import Settings
from appbuilder_lite.text import column_label, gettext, singular_noun

PREFIX = "_rows-"
"""What the names of all inputs of rows begin with: those of columns never do."""
KEY, LOADED, REMOVE = "_key", "_loaded", "_remove"
"""Inputs of a row beside its fields: its key, what it had loaded, and the tick that removes it."""
BLANK = "new"
"""The number of the row that scripts make further ones of."""

_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass
class _Shared(Source):
    """A relation's records for all rows of a form: what they were given is asked for at once.

    `most` is how many each row may repeat; where there are more, they are looked for.
    """

    most: int = MOST_OPTIONS
    found: Mapping[str, Any] = field(default_factory=dict, init=False)

    def read(self, keys: Sequence[str]) -> None:
        """Read the records of these keys."""
        self.found = super().find(keys)

    def offered(self) -> tuple[Sequence[RelatedValue], bool]:
        records, more = super().offered()
        return records, more or (self.way is not None and len(records) > self.most)

    def find(self, keys: Sequence[str]) -> Mapping[str, Any]:
        return {key: self.found[key] for key in keys if key in self.found}


class InlineResource(Resource, RowStore):
    """Reads and writes the rows of one relation; holds no state of a request.

    `hooks` has what a view's policy and resource ask for.
    """

    def __init__(self, inline: type[Inline], owner: SQLAInterface, settings: Settings, hooks: Any) -> None:
        datamodel = inline.datamodel.bind(owner.session)
        self.relation = relation_of(owner, inline)
        columns = _columns(inline, owner, datamodel, self.relation)
        options, _problems = resolve(_declaration(inline, datamodel, columns, self.relation), datamodel, settings)
        super().__init__(datamodel, options, hooks)
        self.inline = inline()
        self.inline.noun = options.noun
        self.name = f"{PREFIX}{self.relation}"
        relation = to_many(owner.model, datamodel.model)[self.relation]
        self.ways_back = ways_back(relation)
        self.ties = foreign_keys(relation)
        order = (inline.order_column,) if inline.order_column else ()
        self.children = Children(owner, datamodel, self.relation, order)

    @property
    def eager(self) -> Sequence[str]:
        """What is read of a row in its own statement."""
        return self._read_with(self.options.add_columns)

    def rows(self, policy: WritePolicy, rights: Rights, formdata: FormData | None, item: Any) -> InlineRows:
        """The rows of a record, or of a new one (None), with what was posted."""
        scope = self.scope(policy)
        stored = [] if item is None else self.children.read(item, scope, self.eager, MOST_RELATED + 1)
        if len(stored) > MOST_RELATED:
            count, is_lost = self.children.count(item, scope), bool(self._numbers(formdata))
            return InlineRows(self, policy, rights, left=count, is_lost=is_lost)
        rows = self._judged(self._rows(policy, formdata, stored), stored, rights)
        found = InlineRows(self, policy, rights, rows=rows, stored=stored)
        if not any(formdata.getlist(self.name) if formdata is not None else ()):
            self._add_blank(found, min(max(self.inline.extra, self.inline.min_rows - len(stored)), self._room(found)))
        self._share([row.form for row in found.rows], policy)
        return found

    def add_blank(self, rows: InlineRows) -> None:
        """One more blank row, where there is room for it."""
        before = len(rows.rows)
        self._add_blank(rows, min(1, self._room(rows)))
        self._share([row.form for row in rows.rows[before:]], rows.policy, rows)

    def blank(self, rows: InlineRows) -> Row:
        """The row that scripts make further ones of."""
        row = Row(BLANK, self._form("add", BLANK, rows.policy, None, None))
        self._share([row.form], rows.policy, rows)
        return row

    def asked(self, rows: InlineRows, name: str) -> Any:
        """A field of new rows, or else of stored ones, with the records that it offers; None where neither has it."""
        for action in ("add", "edit"):
            form = self._form(action, BLANK, rows.policy, None, None)
            if name in form:
                self._share([form], rows.policy, rows)
                return form[name]
        return None

    def words(self, name: str, item: Any) -> str:
        value = None if item is None else self.datamodel.value(item, name)
        return str(formatter_for(self.options.paths[name], self.options)(value).text)

    def are_in_scope(self, forms: Sequence[ResourceForm], action: str, policy: Policy) -> bool:
        return check_foreign_keys(forms, self.datamodel, partial(self._related_scope, action=action, policy=policy))

    def save(self, action: str, item: Any, form: ResourceForm, policy: WritePolicy, place: int | None) -> None:
        is_new = action == "add"
        if not is_new:
            self._make_way(item, form, policy)
        with self.datamodel.unsent():
            fill(item, form, self.datamodel, is_new=is_new, kept=self.ties)
            if place is not None:
                setattr(item, self.inline.order_column, place)
            self.prepare(action, item, form, policy)
            (self.inline.pre_add if is_new else self.inline.pre_update)(item)
        if is_new:
            self.datamodel.add(item)
        self.datamodel.mark_changed(item, changed_documents(item, form, self.datamodel, is_new=is_new))
        self.datamodel.flush()
        self.finish(action, item, form, policy)

    def remove(self, items: Sequence[Any], policy: WritePolicy) -> None:
        keys = [self.datamodel.encode_key(item) for item in items]
        doomed = list(self.datamodel.get_doomed(keys, self.scope(policy)).values())
        for item in doomed:
            policy.check_item("delete", item)
            self.prepare("delete", item, None, policy)
        policy.check_along(doomed)
        for item in doomed:
            self.inline.pre_delete(item)
        self.datamodel.delete_all(doomed)
        for item in doomed:
            self.finish("delete", item, None, policy)

    def _rows(self, policy: WritePolicy, formdata: FormData | None, stored: Sequence[Any]) -> Iterator[Row]:
        """The rows that were posted, in their order, then those that are stored beside them."""
        left = {self.datamodel.encode_key(item): item for item in stored}
        used = 0
        for number in self._numbers(formdata):
            used = max(used, int(number) + 1)
            yield self._posted(number, policy, formdata, left)
        for place, (key, item) in enumerate(left.items(), start=used):
            yield Row(str(place), self._form("edit", str(place), policy, None, item), item, key)

    def _posted(self, number: str, policy: WritePolicy, formdata: Any, left: dict[str, Any]) -> Row:
        prefix = f"{self.name}-{number}-"
        key = "".join(formdata.getlist(prefix + KEY)[:1])
        item = left.pop(key, None)
        is_gone = bool(key) and item is None
        form = self._form("add" if item is None else "edit", number, policy, formdata, item)
        if is_gone:
            # What a record had held makes no row a blank one.
            form.loaded_text = ""
        is_removed = is_gone or prefix + REMOVE in formdata
        return Row(number, form, item, key if item is not None else "", is_removed, is_gone)

    def _judged(self, rows: Iterator[Row], stored: Sequence[Any], rights: Rights) -> Iterator[Row]:
        """The rows with what the person may do with each; of one that cannot be changed nothing is taken."""
        refused = rights.refused(stored)
        for row in rows:
            if row.item is not None:
                row.can_edit = rights.can_edit and row.key not in refused["edit"]
                row.can_delete = rights.can_delete and row.key not in refused["delete"]
                if not row.can_edit:
                    for name, found in row.form._fields.items():
                        show_stored(found, getattr(row.item, name))
            yield row

    def _numbers(self, formdata: FormData | None) -> list[str]:
        given = [] if formdata is None else formdata.getlist(self.name)
        if len(given) > MOST_SENT:
            raise InvalidInput(self.name, gettext("At most %(most)s at once.", most=MOST_SENT))
        return [number for number in dict.fromkeys(map(str, given)) if _NUMBER.fullmatch(number)]

    def _room(self, rows: InlineRows) -> int:
        """How many more rows there can be."""
        return max(0, self.inline.max_rows - len(rows.rows)) if rows.rights.can_add else 0

    def _add_blank(self, rows: InlineRows, count: int) -> None:
        first = max((int(row.number) + 1 for row in rows.rows), default=0)
        for number in map(str, range(first, first + count)):
            rows.rows.append(Row(number, self._form("add", number, rows.policy, None, None)))

    def _form(self, action: str, number: str, policy: Policy, formdata: FormData | None, item: Any) -> ResourceForm:
        form_class = self.add_form if action == "add" else self.edit_form
        prefix = f"{self.name}-{number}-"
        form = form_class(formdata=formdata, obj=item, prefix=prefix, meta=form_meta())
        for name in [name for name in form._fields if not policy.can_access_field(name, action)]:
            del form[name]
        if formdata is not None:
            form.touched = touched(form, formdata)
            form.loaded_text, form.loaded = read_loaded(formdata, prefix + LOADED)
            self._leave_untouched(form, action)
        if action == "add" and formdata is not None:
            keep_shown(form, policy.digest)
        elif action == "add":
            self.made_defaults.offer(form, REPEATABLE if number == BLANK else ALL_KINDS)
            form.loaded_text = shown_text(form, policy.digest)
        return form

    def _share(self, forms: Sequence[ResourceForm], policy: Policy, others: InlineRows | None = None) -> None:
        """Give the relations' fields their records: of all rows at once."""
        by_relation: dict[str, list[RelatedField]] = {}
        for form in forms:
            for name, found in form._fields.items():
                if isinstance(found, RelatedField):
                    by_relation.setdefault(name, []).append(found)
        # Scripts make further rows of one that is drawn with them.
        most = MOST_OPTIONS // max(1, (len(forms) + 1) * len(by_relation))
        for name, fields in by_relation.items():
            source = self._source_of(name, others) or self._shared(name, policy, most)
            source.read([key for found in fields for key in self._new_keys(found)])
            for found in fields:
                found.attach(source)

    def _source_of(self, name: str, rows: InlineRows | None) -> _Shared | None:
        others: Sequence[Any] = () if rows is None else rows.rows
        found = (row.form[name].source for row in others if name in row.form)
        return next((source for source in found if source is not None), None)

    def _shared(self, name: str, policy: Policy, most: int) -> _Shared:
        one = self.source(name, self._related_scope(name, "add", policy), policy)
        return _Shared(one.datamodel, one.relation, one.scope, one.limit, one.way, one.eager, most=most)

    def _new_keys(self, found: RelatedField) -> list[str]:
        """The keys that were posted for a field, but for that of the record which it has already."""
        own = "" if found.object_data is None else self.datamodel.encode_key(found.object_data)
        return [key for key in found.posted or () if key and key != own]


def _columns(inline: type[Inline], owner: SQLAInterface, datamodel: SQLAInterface, name: str) -> tuple[str, ...]:
    if inline.columns is not None:
        return tuple(inline.columns)
    relation = to_many(owner.model, datamodel.model)[name]
    ties = {*ways_back(relation), *foreign_keys(relation), inline.order_column}
    return tuple(
        column for column in form_columns(datamodel) if column not in ties and not datamodel.path(column).is_to_many
    )


def _declaration(
    inline: type[Inline], datamodel: SQLAInterface, columns: Sequence[str], relation: str
) -> type[ResourceDeclaration]:
    """The class of rows as a class of records: what `resolve` understands."""
    attributes = {
        "datamodel": datamodel,
        "title": inline.title or column_label(relation),
        "noun": inline.noun or singular_noun(datamodel.name),
        "list_columns": (),
        "show_columns": (),
        "search_columns": (),
        "add_columns": columns,
        "edit_columns": tuple(name for name in columns if name not in datamodel.key_columns),
        "label_columns": inline.label_columns,
        "description_columns": inline.description_columns,
        "validators_columns": inline.validators_columns,
        "add_form_query_rel_fields": inline.form_query_rel_fields,
        "edit_form_query_rel_fields": inline.form_query_rel_fields,
    }
    return type(inline.__name__, (ResourceDeclaration,), {"__module__": inline.__module__, **attributes})
