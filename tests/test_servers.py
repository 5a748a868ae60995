"""How a run of the suite finds its servers; none is started here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from tests import databases, servers


def _server(make: str, start: str) -> servers.Server:
    return servers.Server(
        variable="SHOP_URL",
        make=(make, "{folder}/data"),
        start=(start, "{folder}/data"),
        url="postgresql+psycopg://shop@/shop?host={folder}",
        usual_url="postgresql+psycopg://shop@127.0.0.1/shop",
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The hosts of the servers that were asked whether they answer, and did."""
    hosts = []

    @contextmanager
    def administration(url: URL) -> Iterator[None]:
        hosts.append(url.host)
        yield

    monkeypatch.setattr(databases, "administration", administration)
    return hosts


def test_a_server_that_is_named_is_used(asked: list[str | None]) -> None:
    with servers.running(_server("touch", "true"), {"SHOP_URL": "postgresql+psycopg://u@db.example/x"}) as url:
        assert url == "postgresql+psycopg://u@db.example/x"
    assert asked == ["db.example"]


def test_without_its_programs_the_server_of_this_machine_is_used(asked: list[str | None]) -> None:
    with servers.running(_server("touch", "no-such-program"), {}) as url:
        assert url == "postgresql+psycopg://shop@127.0.0.1/shop"
    assert asked == ["127.0.0.1"]


def test_a_server_of_our_own_is_gone_with_its_folder_at_the_end(asked: list[str | None]) -> None:
    with servers.running(_server("mkdir", "ls"), {}) as url:
        folder = Path(url.partition("host=")[2])
        assert (folder / "data").is_dir()
    assert not folder.exists()


def test_a_server_that_cannot_be_made_ends_the_run_with_its_words() -> None:
    with pytest.raises(SystemExit, match=r"rmdir failed:\n.*No such file"), servers.running(_server("rmdir", "ls"), {}):
        pass


def test_a_server_that_ends_at_once_ends_the_run_with_its_words(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def administration(url: URL) -> None:
        raise OperationalError("", {}, ConnectionError("nobody is there"))

    monkeypatch.setattr(databases, "administration", administration)
    with pytest.raises(SystemExit, match="SHOP_URL names another one"), servers.running(_server("touch", "cat"), {}):
        pass
    with pytest.raises(SystemExit), servers.running(_server("true", "cat"), {}):
        pass
    assert "No such file or directory" in capfd.readouterr().err


def test_the_command_gets_the_urls_and_gives_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "administration", contextmanager(lambda url: iter([None])))
    named = {server.variable: server.usual_url for server in servers.SERVERS}
    program = "import os, sys; sys.exit(os.environ['TEST_DATABASE_URLS'].count('appbuilder_ci') + 40)"
    assert servers.run([sys.executable, "-c", program], named) == 42
