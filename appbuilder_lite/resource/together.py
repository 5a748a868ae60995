"""Deletes several records, each for itself: what keeps one of them keeps no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appbuilder_lite.errors import Forbidden, NotFound, Rejected, WriteFailed
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.policy import Policy, WritePolicy
from appbuilder_lite.resource.resource import Resource

_HOOKS = ("can_delete_item", "pre_delete", "post_delete")
_STEPS = ("get", "get_for", "delete", "prepare", "finish")


@dataclass(frozen=True, slots=True)
class Deletion:
    """What became of records that were to be deleted.

    `deleted` are the names of those that are gone, `keys` their keys, `kept` those that stay, each with the reason.
    `missing` were gone before. `notices` are faults of steps after a commit.
    """

    deleted: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    missing: int = 0
    notices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def find(resource: Resource, keys: Sequence[str], policy: Policy) -> Mapping[str, Any]:
    """The records by key and in their order, of those keys that exist within what the person may see."""
    return _in_order(keys, resource.datamodel.get_many(keys, resource.scope(policy)))


def doomed(resource: Resource, keys: Sequence[str], policy: Policy) -> Mapping[str, Any]:
    """The same, to be deleted: with what deleting all of them in one step reads."""
    if not is_plain(resource):
        return find(resource, keys, policy)
    return _in_order(keys, resource.datamodel.get_doomed(keys, resource.scope(policy)))


def is_plain(resource: Resource) -> bool:
    """Whether nothing but the policy has a word in the deleting of a record, so that many can go in one step."""
    hooks, steps = type(resource.hooks), type(resource)
    return all(getattr(hooks, name) is getattr(ResourceDeclaration, name) for name in _HOOKS) and all(
        getattr(steps, name) is getattr(Resource, name) for name in _STEPS
    )


def delete_together(resource: Resource, items: Mapping[str, Any], policy: WritePolicy) -> Deletion:
    """Delete records by their keys: in one step where all of them can go and no hook is to be asked about each."""
    names = {key: resource.datamodel.name_of(item) for key, item in items.items()}
    if is_plain(resource) and _in_one_step(resource, list(items.values()), policy):
        return Deletion(tuple(names.values()), keys=tuple(names))
    return _one_by_one(resource, names, policy)


def _in_order(keys: Sequence[str], found: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: found[key] for key in keys if key in found}


def _in_one_step(resource: Resource, items: Sequence[Any], policy: WritePolicy) -> bool:
    """Delete all of these or none, and tell which."""
    try:
        with resource.datamodel.savepoint():
            for item in items:
                policy.check_item("delete", item)
                resource.prepare("delete", item, None, policy)
            policy.check_along(items)
            resource.datamodel.delete_all(items)
            for item in items:
                resource.finish("delete", item, None, policy)
    except (Forbidden, Rejected, WriteFailed):
        return False
    return True


def _one_by_one(resource: Resource, names: Mapping[str, str], policy: WritePolicy) -> Deletion:
    deleted: dict[str, str] = {}
    kept: list[tuple[str, str]] = []
    notices: dict[str, None] = {}
    for key, name in names.items():
        try:
            outcome = resource.delete(resource.get_for("delete", key, policy), policy)
        except NotFound:
            continue
        except Forbidden as refusal:
            kept.append((name, str(refusal)))
            continue
        notices.update(dict.fromkeys(outcome.notices))
        if outcome.ok:
            deleted[key] = name
        else:
            kept.append((name, " ".join(text for _field, text in outcome.errors)))
    missing = len(names) - len(deleted) - len(kept)
    return Deletion(tuple(deleted.values()), tuple(kept), missing, tuple(notices), tuple(deleted))
