"""Brings records back from the trash, each for itself: what holds one of them back holds back no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.errors import WriteFailed
from appbuilder_lite.resource.acting import Kept, act_on_each
from appbuilder_lite.resource.hooks import run_after_commit
from appbuilder_lite.resource.policy import WritePolicy
from appbuilder_lite.resource.resource import Resource
from appbuilder_lite.resource.together import find


@dataclass(frozen=True, slots=True)
class Restoration:
    """What became of records that were to come back.

    `restored` has their names by key, `kept` those that stay in the trash, each with the reason. `missing` were not
    there any more. `notices` are faults of steps after the commit.
    """

    restored: dict[str, str]
    kept: Kept = ()
    missing: int = 0
    notices: tuple[str, ...] = ()


def restore_together(
    resource: Resource, take_out: Callable[[Any], bool], keys: Sequence[str], policy: WritePolicy
) -> Restoration:
    """Restore the records of these keys that are in the trash and in the person's scope, in one transaction.

    `resource` is that of the trash; `take_out` changes a record, and is false for one that is not in there any more.
    It takes the right to delete each of them.
    """
    items = find(resource, keys, policy)
    names = {key: resource.datamodel.name_of(item) for key, item in items.items()}
    back: dict[str, Any] = {}

    def restore(item: Any) -> None:
        key = resource.datamodel.encode_key(item)
        policy.check_item("delete", item)
        resource.prepare("delete", item, None, policy)
        resource.hooks.pre_restore(item)
        if take_out(item):
            resource.datamodel.flush()
            back[key] = item

    try:
        acted = act_on_each(resource.datamodel, list(items.values()), restore)
    except WriteFailed as refusal:
        return Restoration({}, tuple((name, refusal.message) for name in names.values()), len(keys) - len(items))
    undo, after = resource.datamodel.rollback, resource.hooks.post_restore
    notices = dict.fromkeys(text for item in back.values() for text in run_after_commit(after, item, undo))
    missing = len(keys) - len(back) - len(acted.kept)
    return Restoration({key: names[key] for key in back}, acted.kept, missing, tuple(notices))
