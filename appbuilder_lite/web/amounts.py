"""How many records a list has, in words that claim no more than is known."""

from __future__ import annotations

from appbuilder_lite.data.query import MOST, Certainty, Page
from appbuilder_lite.text import gettext, ngettext, reader


def amount(page: Page) -> str:
    """The number of records; empty where nobody has counted them."""
    total = reader().count(page.total)
    match page.certainty:
        case Certainty.EXACT:
            return ngettext("%(num)s record", "%(num)s records", page.total)
        case Certainty.MORE:
            return gettext("More than %(total)s records", total=total)
        case Certainty.ABOUT:
            return gettext("About %(total)s records", total=total)
    return ""


def span(page: Page) -> str:
    """Which of the records are shown."""
    first, last, total = map(reader().count, (page.first, page.last, page.total))
    match page.certainty:
        case Certainty.EXACT:
            return gettext("%(first)s-%(last)s of %(total)s", first=first, last=last, total=total)
        case Certainty.MORE:
            return gettext("%(first)s-%(last)s of more than %(total)s", first=first, last=last, total=total)
        case Certainty.ABOUT:
            return gettext("%(first)s-%(last)s of about %(total)s", first=first, last=last, total=total)
    return f"{first}-{last}"


def place(page: Page, field: str) -> str:
    """Which page this is, and of how many; with a `field` in the place of its number, if there is one."""
    number = field or reader().count(page.number)
    if page.pages is None:
        return gettext("Page %(page)s", page=number)
    return gettext("Page %(page)s of %(pages)s", page=number, pages=reader().count(page.pages))


def all_label(page: Page) -> str:
    """What selects the rows of all pages; empty where this one has them all, or nobody knows how many there are."""
    total = reader().count(page.total)
    if page.certainty is Certainty.EXACT and page.total > len(page.rows):
        return gettext("Select all %(total)s that match", total=total)
    if page.certainty is Certainty.MORE:
        return gettext("Select all that match, more than %(total)s", total=total)
    return ""


def export_label(page: Page) -> str:
    """What the way to a file of the records says: all of them, and not those of one page."""
    if page.certainty is Certainty.EXACT:
        return ngettext("Export %(num)s record", "Export %(num)s records", page.total)
    return gettext("Export all")


def way_to_all(page: Page) -> str:
    """What the link to all of the records says."""
    if page.certainty is Certainty.EXACT:
        return gettext("Show all %(total)s", total=reader().count(page.total))
    return gettext("Show all")


def figure(total: int | None) -> str:
    """The bare number of what was counted up to `MOST`; empty where nobody has counted it."""
    if total is None:
        return ""
    return reader().count(total) if total <= MOST else f"{reader().count(MOST)}+"
