"""Roles as a file: what is written is read, and what is no such file says where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.role_file import RoleFileError, read_roles, write_roles

START = '{"format": "appbuilder_lite roles 1", "roles": '
NAMES = st.sampled_from(["can_list", "Sales", "Ä b", "日本", 'a"b'])


@given(st.dictionaries(NAMES, st.frozensets(st.builds(Access, NAMES, NAMES))), st.sampled_from([None, 2]))
def test_what_is_written_is_read(roles: dict[str, frozenset[Access]], indent: int | None) -> None:
    assert read_roles(write_roles(roles, indent)) == roles


def test_the_form_is_kept() -> None:
    text = write_roles({"Sales": frozenset({Access("can_list", "CustomerView")})})
    assert text == START + '[{"name": "Sales", "permissions": [["can_list", "CustomerView"]]}]}\n'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "no JSON"),
        ("[]", "none of ours"),
        ('[{"name": "Sales", "permissions": []}]', "none of ours"),
        ('{"format": "other", "roles": []}', "none of ours"),
        (START + "{}}", "roles is no list"),
        (START + "[1]}", r"roles\[0\] is no object"),
        (START + '[{"permissions": []}]}', r"roles\[0\].name"),
        (START + '[{"name": " ", "permissions": []}]}', r"roles\[0\].name"),
        (START + '[{"name": "a\\u0000", "permissions": []}]}', r"roles\[0\].name"),
        (START + '[{"name": "a\\ud800", "permissions": []}]}', r"roles\[0\].name"),
        (START + f'[{{"name": "{"x" * 65}", "permissions": []}}]}}', "at most 64"),
        (START + '[{"name": "Sales"}]}', r"roles\[0\].permissions is no list"),
        (START + '[{"name": "Sales", "permissions": [["can_list"]]}]}', "no pair"),
        (START + '[{"name": "Sales", "permissions": [[1, 2]]}]}', r"permissions\[0\]"),
        (START + '[{"name": "Sales", "permissions": []}, {"name": "Sales", "permissions": []}]}', "twice"),
    ],
)
def test_what_is_no_such_file_says_where(text: str, where: str) -> None:
    with pytest.raises(RoleFileError, match=where):
        read_roles(text)
