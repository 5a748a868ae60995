"""A field that looks for records: what it shows, and what a form asks it to look for.

Without scripts a button sends the form as it is, and it comes back with what was found, to be chosen there; so nothing
that was typed is lost. Scripts make a combobox of it (WAI-ARIA, "editable combobox with list autocomplete").
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from appbuilder_lite.resource.parameters import Args, checked
from appbuilder_lite.resource.params import page_number, search_text
from appbuilder_lite.resource.related_fields import RelatedField, RelatedListField
from appbuilder_lite.resource.related_source import MOST_PAGES, Finding
from appbuilder_lite.text import gettext
from appbuilder_lite.web.form_pages import LookUpPage
from appbuilder_lite.web.pages import Choice

FIND = "_find"
"""The button that looks for records: its value is the page, a colon and the name of the field."""
UPDATE = "_update"
"""The button that only brings the form back, with the choices that there are now."""


def look_up_page(
    field: LookUpPage, choices: Iterable[Choice], chosen: Iterable[str], finding: Finding | None
) -> LookUpPage:
    """The field with what can be chosen: `chosen` are the names of what is, `finding` is what was looked for."""
    text = "" if field.many else " ".join(chosen)
    note, next_page = "", 0
    if finding is not None:
        text = finding.text
        note = gettext("Choose here.") if finding.records else gettext("No record matches.")
        next_page = finding.page + 1 if finding.more else 0
    return replace(field, choices=tuple(choices), text=text, found=text, note=note, next_page=next_page)


def find_in(form: Any, sent: Args) -> bool:
    """Look for what a form that was sent asks for, so that it can be shown; False for one that is to be saved."""
    asks = FIND in list(sent) or UPDATE in list(sent)
    for field in (*form, *(one for rows in form.inlines for one in rows.fields())):
        if not isinstance(field, RelatedField | RelatedListField) or field.source is None or not field.can_look_up:
            continue
        wanted = asked(sent, field.name, field.names_of(field.chosen_keys))
        if wanted is not None:
            field.finding, asks = field.source.look_up(*wanted), True
    return asks


def asked(sent: Args, name: str, chosen: Iterable[str]) -> tuple[str, int] | None:
    """The words and the page that a field is to look for; None where it is left alone. Raises `InvalidInput`.

    That is what its button was pressed for; or words that nobody has looked for yet and that are not what the chosen
    records are called: whoever presses Enter after them would lose them.
    """
    if f"{name}-find" not in list(sent):
        return None
    # What the page itself has put there is no search, however long the name of a record is.
    words, found = (_plain("".join(sent.getlist(f"{name}-{part}")[:1])) for part in ("find", "found"))
    names = {"", *map(_plain, chosen)}
    page, _, pressed = "".join(sent.getlist(FIND)[:1]).partition(":")
    if pressed == name:
        text = "" if words in names else search_text(sent, f"{name}-find")
        return text, page_number(FIND, checked(FIND, page), MOST_PAGES) if words == found else 1
    return None if words == found or words in names else (search_text(sent, f"{name}-find"), 1)


def _plain(text: str) -> str:
    """A text as a field of one line holds it."""
    return " ".join(text.split())
