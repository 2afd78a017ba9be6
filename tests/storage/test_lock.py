"""One run at a time for each database, and a lock that ends with its process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, Connection, make_url

from reex_crawler.errors import AlreadyRunning, StorageError
from reex_crawler.storage import lock
from reex_crawler.storage.session import make_engine, transaction
from tests import postgres

ROOT = Path(__file__).resolve().parents[2]

HOLDER = """
import subprocess, sys
from sqlalchemy.engine import make_url
from reex_crawler.storage import lock
from reex_crawler.storage.session import make_engine
held = lock.hold(make_engine(make_url({url!r})))
{more}
print("held", flush=True)
sys.stdin.read()
"""
# It shares the holder's standard input, which this process keeps open, and so outlives the holder.
CHILD = 'subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], close_fds=False)'


@pytest.fixture
def own_postgres(postgres_server: URL) -> URL:
    """A server on this machine, whose processes may be stopped."""
    if postgres.ENVIRONMENT in os.environ:
        pytest.skip(f"the processes of the server of {postgres.ENVIRONMENT} are not ours to stop")
    return postgres_server


@contextmanager
def holder(url: URL, more: str = "") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    source = HOLDER.format(url=url.render_as_string(hide_password=False), more=more)
    with subprocess.Popen(
        [sys.executable, "-c", source], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_turned_away_and_told_where_and_since_when(database_url: URL) -> None:
    engine = make_engine(database_url)
    with holder(database_url), pytest.raises(AlreadyRunning) as caught:
        lock.hold(engine)
    said = str(caught.value)
    assert str(database_url.database) in said
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", said)
    assert "\n" not in said
    assert caught.value.exit_code == 75
    assert (database_url.password or "no password") not in said
    engine.dispose()


def test_a_killed_process_leaves_no_lock_behind(database_url: URL) -> None:
    engine = make_engine(database_url)
    with holder(database_url) as process:
        process.kill()
        process.wait()
        lock.hold(engine).release()
    engine.dispose()


def test_a_released_lock_can_be_taken_again_in_the_same_process(database_url: URL) -> None:
    engine = make_engine(database_url)
    for _ in range(3):
        held = lock.hold(engine)
        with pytest.raises(AlreadyRunning):
            lock.hold(engine)
        held.release()
    lock.hold(engine).release()
    engine.dispose()


def test_a_lock_outlives_the_pool_of_its_engine(database_url: URL) -> None:
    engine = make_engine(database_url)
    held = lock.hold(engine)
    engine.dispose()
    with pytest.raises(AlreadyRunning):
        lock.hold(engine)
    held.release()
    engine.dispose()


@contextmanager
def held_over(url: URL) -> Iterator[tuple[lock.Lock, Connection, int]]:
    """A lock, the connection that holds it and the number of its process in the server."""
    engine = make_engine(url)
    held = lock.hold(engine)
    assert held.connection is not None
    with transaction(held.connection) as session:
        pid = session.scalars(text("SELECT pg_backend_pid()")).one()
    try:
        yield held, held.connection, pid
    finally:
        held.release()
        engine.dispose()


def test_work_over_the_connection_that_holds_the_lock_ends_with_the_lock(postgres_server: URL) -> None:
    engine = make_engine(postgres_server)
    with held_over(postgres_server) as (held, connection, pid):
        held.check()
        with transaction(engine) as session:
            session.execute(text(f"SELECT pg_terminate_backend({pid})"))
        with (
            pytest.raises(StorageError, match=r"stopped the work|cannot be reached"),
            transaction(connection) as session,
        ):
            session.execute(text("SELECT 1"))
        with pytest.raises(StorageError, match="the lock of this run was lost with its connection"):
            held.check()
        lock.hold(engine).release()
    engine.dispose()


def test_work_leaves_the_lock_where_it_is(postgres_server: URL) -> None:
    engine = make_engine(postgres_server)
    with held_over(postgres_server) as (held, connection, _):
        for statement in ("SELECT 1", "SELECT nonsense"):
            with suppress(StorageError), transaction(connection) as session:
                session.execute(text(statement))
            held.check()
            with pytest.raises(AlreadyRunning):
                lock.hold(engine)
    engine.dispose()


def test_a_server_that_hangs_is_given_up(own_postgres: URL) -> None:
    with held_over(own_postgres) as (held, connection, pid):
        # Long enough to prove it; what a run has is longer than any answer of a test.
        connection.connection.dbapi_connection.patience = 0.1
        os.kill(pid, signal.SIGSTOP)
        try:
            said = "cannot be reached: no answer within 0.1 seconds"
            with pytest.raises(StorageError, match=said), transaction(connection) as session:
                session.execute(text("SELECT 1"))
            with pytest.raises(StorageError, match="the lock of this run was lost"):
                held.check()
        finally:
            os.kill(pid, signal.SIGCONT)


def test_a_run_does_not_wait_for_ever_for_an_answer(postgres_server: URL) -> None:
    with held_over(postgres_server) as (_, connection, _pid):
        with transaction(connection) as session:
            assert session.scalars(text("SHOW statement_timeout")).one() == "15s"
        assert 15 < connection.connection.dbapi_connection.patience < 30


def test_the_lock_needs_no_table_and_makes_no_database(empty_database_url: URL) -> None:
    engine = make_engine(empty_database_url)
    lock.hold(engine).release()
    assert empty_database_url.get_backend_name() != "sqlite" or not Path(empty_database_url.database).exists()
    engine.dispose()


def test_two_databases_have_two_locks(tmp_path: Path) -> None:
    locks = [lock.hold(make_engine(make_url(f"sqlite:///{tmp_path / name}"))) for name in ("a.db", "b.db")]
    for each in locks:
        each.release()


def test_a_link_to_a_database_has_the_lock_of_the_database(tmp_path: Path) -> None:
    (tmp_path / "reex.db").touch()
    (tmp_path / "link.db").symlink_to("reex.db")
    held = lock.hold(make_engine(make_url(f"sqlite:///{tmp_path / 'reex.db'}")))
    with pytest.raises(AlreadyRunning):
        lock.hold(make_engine(make_url(f"sqlite:///{tmp_path / 'link.db'}")))
    held.release()


def test_a_database_in_memory_has_no_lock() -> None:
    engine = make_engine(make_url("sqlite://"))
    first, second = lock.hold(engine), lock.hold(engine)
    first.release()
    second.release()


def test_a_program_that_the_holder_started_does_not_keep_the_lock(tmp_path: Path) -> None:
    url = make_url(f"sqlite:///{tmp_path / 'reex.db'}")
    with holder(url, CHILD) as process:
        process.kill()
        process.wait()
        lock.hold(make_engine(url)).release()


def test_a_lock_that_cannot_be_taken_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "reex.db.lock").mkdir()
    with pytest.raises(StorageError, match=r"lock file .* cannot be used: Is a directory"):
        lock.hold(make_engine(make_url(f"sqlite:///{tmp_path / 'reex.db'}")))
