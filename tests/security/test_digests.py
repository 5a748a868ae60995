"""Digests that end a session with what it was opened by."""

import itertools

from appbuilder_lite.security.digests import new_stamp, person_digest, session_digest

PARTS = ("secret", 1, "stamp", "hash")


def test_the_same_parts_give_the_same_digest() -> None:
    assert session_digest(*PARTS) == session_digest(*PARTS)
    assert session_digest(b"secret", "1", "stamp", "hash") == session_digest(*PARTS)


def test_every_part_counts() -> None:
    others = ("other", 2, None, None)
    changed = [(*PARTS[:index], others[index], *PARTS[index + 1 :]) for index in range(4)]
    digests = {session_digest(*parts) for parts in [PARTS, *changed]}  # type: ignore[arg-type]  # the types are right
    assert len(digests) == 5


def test_parts_do_not_run_into_each_other() -> None:
    texts = ["", "1", "12", "2", None]
    digests = {session_digest("secret", "k", stamp, stored) for stamp, stored in itertools.product(texts, texts)}
    assert len(digests) == 25


def test_a_stamp_is_new_each_time_and_fits_its_column() -> None:
    stamps = {new_stamp() for _ in range(50)}
    assert len(stamps) == 50
    assert all(len(stamp) <= 64 for stamp in stamps)


def test_a_person_goes_by_a_digest_that_tells_nothing_else() -> None:
    assert person_digest("secret", 1) == person_digest(b"secret", "1")
    assert len({person_digest("secret", 1), person_digest("secret", 2), person_digest("other", 1)}) == 3
    assert len(person_digest("secret", "ada@example.com")) == 16
