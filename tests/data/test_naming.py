"""What a record is called whatever its class does."""

import pytest
from sqlalchemy.exc import OperationalError

from appbuilder_lite.data.naming import text_of


def test_a_name_is_what_str_says() -> None:
    assert text_of("Ann") == "Ann"


@pytest.mark.parametrize("text", ["", "  "])
def test_what_says_nothing_has_no_name(text: str, caplog: pytest.LogCaptureFixture) -> None:
    class Record:
        def __str__(self) -> str:
            return text

    assert (text_of(Record()), text_of(Record())) == ("", "")
    assert caplog.text.count("gives no text") == 1


@pytest.mark.parametrize("error", [TypeError("None"), AttributeError("name"), KeyError("a\nb"), RecursionError()])
def test_what_raises_has_no_name(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    class Record:
        def __str__(self) -> str:
            raise error

    assert text_of(Record()) == ""
    assert text_of(Record()) == ""
    assert len(caplog.records) == 1
    assert "\n" not in caplog.records[0].getMessage()


def test_what_the_database_refuses_is_no_matter_of_names() -> None:
    class Record:
        def __str__(self) -> str:
            raise OperationalError("SELECT", {}, Exception("gone"))

    with pytest.raises(OperationalError):
        text_of(Record())
