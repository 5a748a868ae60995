"""What people are told of records that were left as they are."""

from __future__ import annotations

from flask import flash

from appbuilder_lite.resource.acting import Kept
from appbuilder_lite.text import gettext, ngettext
from appbuilder_lite.web.runs import MOST_TOLD, shortened


def tell_of_kept(kept: Kept, count: int) -> None:
    """Flash the first of so many records that were kept, each with the reason, and how many others there are."""
    for name, reason in kept[:MOST_TOLD]:
        flash(words_of_kept(name, reason), "danger")
    further = count - len(kept[:MOST_TOLD])
    if further > 0:
        flash(words_of_further(further), "danger")


def words_of_kept(name: str, reason: str) -> str:
    """What is said of one."""
    name, reason = shortened(name, reason)
    return gettext("%(name)s was kept: %(reason)s", name=name, reason=reason)


def words_of_further(count: int) -> str:
    """What is said of so many others."""
    return ngettext("%(num)s more was kept", "%(num)s more were kept", count)


def words_of_missing(count: int) -> str:
    return ngettext("%(num)s record does not exist any more", "%(num)s records do not exist any more", count)
