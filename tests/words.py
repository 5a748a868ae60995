"""`make words`: collect the texts of the package, bring the catalogues up to date, and compile them.

A new language: make its folder (`appbuilder_lite/translations/fr/LC_MESSAGES`), run this, and translate.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from tests.catalogues import DOMAIN, FOLDER, extracted, locales, po_file, read

HEADER = "# Texts of appbuilder_lite."
# No time of making: the same texts make the same files.
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    template = extracted()
    template.header_comment, template.creation_date = HEADER, MADE
    write(template, FOLDER / f"{DOMAIN}.pot")
    for locale in locales():
        known = read(locale) if po_file(locale).exists() else Catalog(locale, domain=DOMAIN)
        known.update(template, no_fuzzy_matching=True)
        known.obsolete.clear()
        known.header_comment, known.revision_date = HEADER, MADE
        write(known, po_file(locale))
        with po_file(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, known)
        missing = [message.id for message in known if message.id and not all(strings(message.string))]
        print(f"{locale}: {len(known)} texts, {len(missing)} to be translated")
        for text in missing:
            print(f"  {text!r}")


def strings(text: Any) -> tuple[str, ...]:
    """The forms of a text, singular and plural, or the only one that it has."""
    return tuple(text) if isinstance(text, tuple | list) else (text,)


def write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, no_location=True, sort_output=True, width=120, ignore_obsolete=True)


if __name__ == "__main__":
    main()
