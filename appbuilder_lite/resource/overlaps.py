"""Foreign keys that share a column: what is chosen for one of them has to go with what the others hold.

A customer within a tenant is held by two columns, of which the tenant's own foreign key is one. SQLAlchemy writes such
a column for each relation in turn, and the last one wins: the record would point to a customer that nobody chose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from appbuilder_lite.data.interface import DataModel
from appbuilder_lite.data.types import Relation
from appbuilder_lite.errors import Rejected
from appbuilder_lite.resource.forms import ResourceForm
from appbuilder_lite.text import column_label, gettext


class Overlaps:
    """The relations of one record that share columns, while a form is written to it.

    `kept` are columns that stay as they are, whatever is chosen. To be made before anything is written, as afterwards
    nobody could tell what a relation that is not in the form had pointed to.
    """

    def __init__(
        self, item: Any, form: ResourceForm, datamodel: DataModel, changed: Collection[str], kept: Collection[str]
    ) -> None:
        self.item, self.form, self.datamodel = item, form, datamodel
        relations = [one for one in datamodel.relations.values() if len(one.local_columns) > 1 and one.writable]
        touched = {column for name in changed for column in self._columns(name)}
        concerned = (one for one in relations if touched.intersection(one.local_columns))
        # What the person can choose anew is told first.
        self.concerned = sorted(concerned, key=lambda one: one.name not in form)
        for relation in self.concerned:
            self._record(relation)
        self.kept: Mapping[str, Any] = {
            name: vars(item).get(name) for one in self.concerned for name in one.local_columns if name in kept
        }

    def check(self) -> None:
        """Raises `Rejected` where a record was chosen that does not go with the rest."""
        for relation in self.concerned:
            chosen = self._record(relation)
            if chosen is None:
                continue
            for name, remote in zip(relation.local_columns, relation.remote_columns, strict=True):
                self._check(relation, chosen, name, getattr(chosen, remote) if remote else None)

    def _check(self, relation: Relation, chosen: Any, name: str, value: Any) -> None:
        for other, held in self._held(relation, name) if value is not None else ():
            if held is not None and held != value:
                text = gettext(
                    "“%(name)s” does not go with “%(other)s”.",
                    name=self.datamodel.name_of(chosen),
                    other=self.form[other].label.text if other in self.form else column_label(other),
                )
                raise Rejected(text, field=relation.name if relation.name in self.form else other)

    def _held(self, relation: Relation, name: str) -> Iterator[tuple[str, Any]]:
        """What else says what stands in a column, and what it says."""
        for other in self.datamodel.relations.values():
            if other.name == relation.name or name not in other.local_columns or not other.writable:
                continue
            found, remote = self._record(other), other.remote_columns[other.local_columns.index(name)]
            yield other.name, getattr(found, remote) if found is not None and remote else None
        if name in self.form:
            yield name, self.form[name].data
        if name in self.kept:
            yield name, self.kept[name]

    def _columns(self, name: str) -> tuple[str, ...]:
        relation = self.datamodel.relations.get(name)
        return (name,) if relation is None else relation.local_columns

    def _record(self, relation: Relation) -> Any:
        """What a relation points to; None where that is not loaded, and does not load itself."""
        return getattr(self.item, relation.name, None) if relation.loads_itself else vars(self.item).get(relation.name)
