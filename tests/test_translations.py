"""The catalogues: complete, in step with the code, and with the same places for values."""

import re
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.catalogues import DOMAIN, FOLDER, extracted, locales, po_file, read
from tests.words import strings

PLACE = re.compile(r"%\(\w+\)s|%%")


def texts(catalogue: Any) -> dict[Any, Any]:
    return {strings(message.id): strings(message.string) for message in catalogue if message.id}


def test_the_template_has_every_text_of_the_package() -> None:
    with (FOLDER / f"{DOMAIN}.pot").open("rb") as file:
        assert texts(read_po(file)).keys() == texts(extracted()).keys(), "run `make words`"


@pytest.mark.parametrize("locale", locales())
def test_every_text_is_translated(locale: str) -> None:
    translated, wanted = texts(read(locale)), texts(extracted())
    assert translated.keys() == wanted.keys(), "run `make words`"
    assert [text for text, string in translated.items() if not all(strings(string))] == []


@pytest.mark.parametrize("locale", locales())
def test_a_translation_has_the_places_of_its_text(locale: str) -> None:
    for text, string in texts(read(locale)).items():
        places = {place for part in strings(text) for place in PLACE.findall(part)}
        for part in strings(string):
            assert set(PLACE.findall(part)) <= places, text
        assert {place for part in strings(string) for place in PLACE.findall(part)} == places, text


@pytest.mark.parametrize("locale", locales())
def test_what_is_compiled_is_what_is_written(locale: str) -> None:
    with po_file(locale).with_suffix(".mo").open("rb") as file:
        assert texts(read_mo(file)) == texts(read(locale)), "run `make words`"
