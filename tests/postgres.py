"""A throw-away PostgreSQL for tests: the server named in the environment, or one started from the machine's binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from reex_crawler.storage.models import Base

ENVIRONMENT = "REEX_TEST_POSTGRES_URL"
PASSWORD = "only-for-tests"


class Unavailable(Exception):
    """No PostgreSQL can be had here; the message says why in one line."""


@contextmanager
def server() -> Iterator[URL]:
    """The address of a database on a server whose user may create databases. Raises ``Unavailable``."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
    else:
        with _cluster() as url:
            yield url


@contextmanager
def database(server_url: URL) -> Iterator[URL]:
    """A fresh database without tables, dropped at the end."""
    name = f"reex_test_{uuid.uuid4().hex}"
    _execute(server_url, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield server_url.set(database=name)
    finally:
        _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def empty(url: URL) -> None:
    """Take every row out of an archive, and end what a test may have left connected to it."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    tables = ", ".join(Base.metadata.tables)
    _execute(
        url,
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}",
        f"TRUNCATE {tables} RESTART IDENTITY",
    )


def _execute(url: URL, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _cluster() -> Iterator[URL]:
    binaries = _binaries()
    as_user = _plain_user()
    root = Path(tempfile.mkdtemp(prefix="reex-pg-", dir=_open_folder()))
    try:
        if as_user:
            shutil.chown(root, as_user["user"], as_user["group"])
        (root / "password").write_text(PASSWORD)
        (root / "password").chmod(0o644)
        port = _free_port()
        # Through the socket anybody on it is let in, which is quick; over TCP a password is asked for.
        initdb = [binaries / "initdb", "-D", root / "data", "-U", "reex", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run([*initdb, "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={root / 'password'}"], as_user)
        options = f"-k {root} -p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c jit=off"
        control = [binaries / "pg_ctl", "-D", root / "data", "-w"]
        _run([*control, "-l", root / "log", "-o", options, "start"], as_user)
        try:
            yield URL.create(
                "postgresql+psycopg",
                username="reex",
                password=PASSWORD,
                port=port,
                database="postgres",
                query={"host": str(root)},
            )
        finally:
            _run([*control, "-m", "immediate", "stop"], as_user)
    finally:
        shutil.rmtree(root)


def over_tcp(url: URL) -> URL:
    """The same database of a throw-away cluster by the way that asks for a password."""
    return url.set(host="127.0.0.1", query={})


def _binaries() -> Path:
    """The folder of the newest server's programs, which Debian keeps off the PATH."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(installed, key=lambda path: float(path.parent.parent.name), default=None)
    found = newest or (Path(path).resolve() if (path := shutil.which("initdb")) else None)
    if found is None and shutil.which("pg_config"):
        folder = subprocess.run(["pg_config", "--bindir"], check=True, capture_output=True, text=True).stdout.strip()
        found = Path(folder, "initdb") if Path(folder, "initdb").is_file() else None
    if found is None:
        message = f"no PostgreSQL server is installed (no initdb); install one or set {ENVIRONMENT}"
        raise Unavailable(message)
    return found.parent


def _plain_user() -> dict[str, Any]:
    """How to run a program as a user who is not root, since the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    message = f"PostgreSQL does not run as root and there is no user postgres or nobody; set {ENVIRONMENT}"
    raise Unavailable(message)


def _open_folder() -> str:
    """A folder for temporary files that every user may enter; its path is short, as a socket's must be."""
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        path = Path(folder).resolve()
        if all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents)):
            return str(path)
    message = f"there is no temporary folder that a plain user may enter; set {ENVIRONMENT}"
    raise Unavailable(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[Path | str], as_user: dict[str, Any]) -> None:
    # A started server would keep pipes open for ever, so what is said goes to a file.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            check=False,
            **as_user,
        )
        if done.returncode:
            said.seek(0)
            message = f"{Path(command[0]).name} failed: {said.read().decode(errors='replace').strip()}"
            raise Unavailable(message)
