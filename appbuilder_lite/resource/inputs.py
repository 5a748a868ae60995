"""What the inputs of a form are called, whatever the columns are called."""

from __future__ import annotations

import re

FIELDS_MARKER = "_fields"
"""Name of the hidden input that lists the fields a page showed: what it does not name keeps its value."""

_PLAIN = re.compile(r"(?!_)[\w.-]+")
# Inputs and buttons that begin with "_" are a form's own, and so is the token.
_OWN = frozenset({"csrf_token"})


def input_name(name: str) -> str:
    """The name and id of a column's input: the column's own where that can stand in a list and in an address.

    Tables that no mapper designed have columns with spaces and commas in their names, and such as our own inputs have.
    Those bytes are written as `~` and two hexadecimal digits.
    """
    if _PLAIN.fullmatch(name) and name not in _OWN:
        return name
    return "~" + re.sub(r"[^\w.-]", _escaped, name)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"~{byte:02x}" for byte in found[0].encode("utf-8", "surrogatepass"))
