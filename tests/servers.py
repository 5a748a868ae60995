"""Runs a command with `TEST_DATABASE_URLS` naming both servers: `python -m tests.servers pytest -m databases`.

Where the programs of PostgreSQL and MariaDB are installed, each is started for this run alone: in memory where the
machine has room there, reached by a socket file, and never waiting for a disk. `POSTGRESQL_URL` and `MARIADB_URL`
name servers to use instead; where the programs are missing, those on 127.0.0.1 are used.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from tests import databases

MEMORY = Path("/dev/shm")
ROOM = 2**30
START_SECONDS = 60
# Where the packages of the distributions put the programs that are not on every PATH.
PROGRAM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]))


@dataclass(frozen=True)
class Server:
    """How a server is made and started in `{folder}`, and found there or on this machine."""

    variable: str
    make: tuple[str, ...]
    start: tuple[str, ...]
    url: str
    usual_url: str


SERVERS = (
    Server(
        variable="POSTGRESQL_URL",
        make=(
            *("initdb", "--pgdata={folder}/data", "--username=postgres", "--auth=trust", "--no-sync"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        ),
        start=(
            *("postgres", "-D", "{folder}/data", "-c", "unix_socket_directories={folder}", "-c", "listen_addresses="),
            *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
        ),
        url="postgresql+psycopg://postgres@/appbuilder?host={folder}",
        usual_url="postgresql+psycopg://postgres@127.0.0.1:5432/appbuilder_ci",
    ),
    Server(
        variable="MARIADB_URL",
        make=(
            *("mariadb-install-db", "--no-defaults", "--datadir={folder}/data", "--skip-test-db"),
            "--auth-root-authentication-method=normal",
        ),
        start=(
            *("mariadbd", "--no-defaults", "--datadir={folder}/data", "--socket={folder}/socket"),
            *("--pid-file={folder}/pid", "--skip-networking"),
            *("--character-set-server=utf8mb4", "--collation-server=utf8mb4_general_ci"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--sync-frm=0"),
        ),
        url="mysql+pymysql://root@localhost/appbuilder?unix_socket={folder}/socket",
        usual_url="mysql+pymysql://root@127.0.0.1:3306/appbuilder_ci",
    ),
)


def run(command: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run a command while the servers run; its exit status."""
    with ExitStack() as stack:
        urls = [stack.enter_context(running(server, environ)) for server in SERVERS]
        return subprocess.run(command, env={**environ, "TEST_DATABASE_URLS": ",".join(urls)}, check=False).returncode


@contextmanager
def running(server: Server, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """The URL of a server that answers; ends the program with the reason where there is none."""
    if server.variable in environ or not (program(server.make[0]) and program(server.start[0])):
        url = environ.get(server.variable, server.usual_url)
        _wait_for(url, server.variable)
        yield url
        return
    with _folder() as folder, _process(server, folder) as process:
        url = server.url.format(folder=folder)
        _wait_for(url, server.variable, process)
        yield url


def program(name: str) -> str | None:
    """The path of a server's program, or None where it is not installed."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *PROGRAM_FOLDERS)))


def _wait_for(url: str, variable: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with databases.administration(make_url(url)):
                return
        except OperationalError as error:
            if time.monotonic() > deadline or (process and process.poll() is not None):
                sys.exit(f"No server answers at {url}; {variable} names another one.\n{error}")
            time.sleep(0.1)


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder, in memory unless there is little room or no such place."""
    place = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
    return tempfile.TemporaryDirectory(dir=place, prefix="appbuilder-", ignore_cleanup_errors=True)


@contextmanager
def _process(server: Server, folder: str) -> Iterator["subprocess.Popen[bytes]"]:
    options = _without_rights(folder)
    done = subprocess.run(_words(server.make, folder), cwd=folder, capture_output=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{server.make[0]} failed:\n{(done.stdout + done.stderr).decode()}")
    with (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            _words(server.start, folder), cwd=folder, stdout=log, stderr=subprocess.STDOUT, **options
        )
    try:
        yield process
    except SystemExit:
        print((Path(folder) / "log").read_text(), file=sys.stderr)
        raise
    finally:
        # Nothing in there is wanted any more, so nothing needs to be tidied up: PostgreSQL's immediate shutdown.
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _words(words: tuple[str, ...], folder: str) -> list[str]:
    return [str(program(words[0])), *(word.format(folder=folder) for word in words[1:])]


def _without_rights(folder: str) -> dict[str, Any]:
    """Options for a process that must not run as root, which PostgreSQL refuses and MariaDB warns of."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run(sys.argv[1:]))
