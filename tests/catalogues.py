"""Our texts as they stand in the code, and the catalogues that translate them."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "appbuilder_lite"
FOLDER = PACKAGE / "translations"
DOMAIN = "appbuilder_lite"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every text of the package that is translated where it is shown."""
    found = Catalog(domain=DOMAIN, charset="utf-8", fuzzy=False)
    for _file, _line, message, comments, _context in extract_from_dir(
        PACKAGE, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(message, auto_comments=comments)
    return found


def locales() -> list[str]:
    """The locales that we have words in."""
    return sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


def po_file(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(locale: str) -> Catalog:
    """The catalogue of a locale."""
    with po_file(locale).open("rb") as file:
        return read_po(file, locale=locale, domain=DOMAIN)
