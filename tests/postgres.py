"""A PostgreSQL server of the tests' own: on a socket in a temporary folder, without TCP, ended with the tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

USER = "postgres"
PATIENCE = 60.0  # seconds to start or to stop
# Sorted as people sort words, which no code may count on, and not careful with a disk that is thrown away.
INITDB = ("--auth=trust", f"--username={USER}", "--no-sync", "--encoding=UTF8", "--locale=C")
ICU = ("--locale-provider=icu", "--icu-locale=en-US")
SETTINGS = {"listen_addresses": "", "fsync": "off", "max_connections": "100", "shared_buffers": "32MB"}


class Server:
    """A running server; `database` gives a fresh database in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """The address of a database by its name, for SQLAlchemy."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def sql(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run a statement outside of any transaction and give its rows."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=USER, dbname=database, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database, by its address; dropped at the end, whoever is still connected to it."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def running() -> Iterator[Server]:
    """Make a server, start it, and stop it at the end; skips where it is not installed."""
    initdb, postgres = programs()
    account = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="playground-pg-"))  # short: a socket's path has 107 bytes at most
    try:
        if account:
            shutil.chown(folder, USER, USER)
        command = [initdb, "--pgdata", folder / "data", *INITDB, *ICU]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE, **account)
        yield from _started(postgres, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs() -> tuple[str, str]:
    """Where `initdb` and `postgres` are."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (pip install 'retrieval-playground[postgres]')")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    path = os.pathsep.join([*map(str, debian), os.environ.get("PATH", os.defpath)])
    found = [shutil.which(name, path=path) for name in ("initdb", "postgres")]
    if None in found:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    if os.geteuid() == 0:
        with suppress(KeyError):
            pwd.getpwnam(USER)
            return found[0], found[1]
        pytest.skip("root cannot run a PostgreSQL server, and there is no user postgres")
    return found[0], found[1]


def _started(postgres: str, folder: Path, account: dict) -> Iterator[Server]:
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    command = [postgres, "-D", folder / "data", *(f"--{name}={value}" for name, value in settings.items())]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **account)
    try:
        server = Server(folder)
        _wait(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # its fast shutdown: it ends all connections first
        process.wait(PATIENCE)


def _wait(server: Server, process: subprocess.Popen) -> None:
    import psycopg

    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.sql("SELECT 1")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((server.folder / "log").read_text(errors="replace")) from error
            time.sleep(0.05)
