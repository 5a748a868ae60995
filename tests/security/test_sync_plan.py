"""Names, fingerprints and plans, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_lite.security.access import Access
from appbuilder_lite.security.sync_plan import (
    declared_name,
    fingerprint,
    fold,
    make_plan,
    name_problems,
    reserved_roles,
    role_problems,
    wanted,
)
from appbuilder_lite.settings import Settings
from tests.security.managers import settings_with

LIST = Access("can_list", "CustomerView")
SHOW = Access("can_show", "CustomerView")
ACCESSES = st.frozensets(st.builds(Access, st.text(max_size=5), st.text(max_size=5)))


@given(first=ACCESSES, second=ACCESSES)
def test_a_fingerprint_stands_for_exactly_one_set_of_names(first: frozenset[Access], second: frozenset[Access]) -> None:
    settings = Settings()
    same = fingerprint(wanted(first, settings)) == fingerprint(wanted(second, settings))
    assert same == (first == second)


def test_the_fingerprint_knows_the_roles() -> None:
    plain, renamed = Settings(), settings_with(admin_role="Boss")
    assert fingerprint(wanted([LIST], plain)) != fingerprint(wanted([LIST], renamed))


def test_reserved_roles_are_admin_public_and_those_in_code() -> None:
    assert reserved_roles(settings_with(roles={"Reader": []})) == ("Admin", "Public", "Reader")


def test_a_plan_lists_what_is_missing_and_what_is_surplus() -> None:
    old, of_others = Access("can_old", "Old"), Access("can_old", "Others")
    stored = [SHOW, of_others, old]
    plan = make_plan(wanted([LIST, SHOW], Settings()), stored, ["Admin"], {declared_name(old), declared_name(SHOW)})
    assert plan.missing == (LIST,)
    assert plan.surplus == (old,)
    assert plan.unknown == (of_others,)
    assert plan.missing_roles == ("Public",)
    assert plan


def test_a_plan_with_nothing_to_add_is_false() -> None:
    assert not make_plan(wanted([LIST], Settings()), [LIST, SHOW], ["Admin", "Public"])


@pytest.mark.parametrize(
    ("first", "second"), [("Sales", "sales"), ("Sales", "Sales  "), ("Müller", "Muller"), ("Straße", "STRASSE")]
)
def test_names_that_a_database_would_merge_are_one_problem(first: str, second: str) -> None:
    assert fold(first) == fold(second)
    (problem,) = name_problems([Access("can_list", first), Access("can_list", second)])
    assert problem.id == "AB320"
    assert repr(first) in problem.message
    assert repr(second) in problem.message
    assert not problem.warning


def test_permissions_are_compared_with_permissions_only() -> None:
    assert name_problems([Access("sales", "Sales"), Access("can_list", "CustomerView")]) == ()
    (problem,) = name_problems([Access("can_list", "A"), Access("can_LIST", "B")])
    assert (problem.id, problem.where) == ("AB320", "permission 'can_LIST'")


@pytest.mark.parametrize(
    ("access", "fits"),
    [
        (Access("p" * 100, "v" * 250), True),
        (Access("p" * 101, "v"), False),
        (Access("p", "v" * 251), False),
        (Access("", "v"), False),
        (Access("p", " "), False),
        (Access("p", "a\nb"), False),
        (Access("p", "a\0b"), False),
    ],
)
def test_names_must_fit_their_column_and_be_printable(access: Access, fits: bool) -> None:
    assert [problem.id for problem in name_problems([access])] == ([] if fits else ["AB321"])


def test_one_role_cannot_be_both_admin_and_public() -> None:
    assert [problem.id for problem in role_problems(settings_with(public_role="Admin"))] == ["AB322"]
    assert role_problems(Settings()) == ()


def test_role_names_are_checked_like_other_names() -> None:
    problems = role_problems(settings_with(roles={"admin": [], "r" * 65: []}))
    assert sorted(problem.id for problem in problems) == ["AB320", "AB321"]
