"""The question before something is done that cannot be undone: values for its template."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appbuilder_lite.web.form_pages import FieldsetPage, parts_of_form
from appbuilder_lite.web.pages import Crumb
from appbuilder_lite.web.parts import Part
from appbuilder_lite.web.shell import MenuLink


@dataclass(frozen=True, slots=True)
class TouchedKind:
    """Other records that a delete does something to: what they are, how many, and the first by their names.

    A name without a URL is plain text. `more` says how many others there are, `url` is the list of all of them (empty:
    there is none), `note` what else is to be known.
    """

    label: str
    count: str
    names: tuple[MenuLink, ...] = ()
    more: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TouchedGroup:
    """What happens to other records: `look` is `blocks`, `hinders`, `goes` or `unlinked`, `title` says it in words."""

    look: str
    title: str
    kinds: tuple[TouchedKind, ...]


@dataclass(frozen=True, slots=True)
class DeletePage:
    """Asks before deleting; `submit_label` names the kind in full words ("Delete customer").

    An action that asks first uses it too: `hidden` is what its form sends again (`action`, each `rowid`), and
    `danger=False` is for what destroys nothing. `facts` are (name, value) pairs of what it is about.
    Of several records `names` are the first, and `more` says how many others there are. `must_type` is what has to be
    typed (empty: nothing), under the words `type_label`, `typed` what was, and `error` what is wrong with it.
    `touched` is what becomes of others; `is_kept` tells that something keeps the record, so that nothing is asked.
    An action's form is in `fieldsets` and `errors`, as on a FormPage; `multipart` where there is a file in it.
    """

    title: str
    action_url: str
    cancel_url: str
    submit_label: str
    text: str = ""
    crumbs: tuple[Crumb, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    danger: bool = True
    names: tuple[str, ...] = ()
    more: str = ""
    must_type: str = ""
    type_label: str = ""
    typed: str = ""
    error: str = ""
    touched: tuple[TouchedGroup, ...] = ()
    is_kept: bool = False
    fieldsets: tuple[FieldsetPage, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    multipart: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The tabs that the groups of its form stand in."""
        return parts_of_form(self.fieldsets)


def because(page: DeletePage, why: str) -> DeletePage:
    """A question that comes again: why it does, then what it says itself."""
    return replace(page, text=f"{why} {page.text}".rstrip())
