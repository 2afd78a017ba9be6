"""The door to the database: how it is opened, and what is said when it stays shut."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import StatementError

from reex_crawler.errors import StorageError
from reex_crawler.storage import articles, schema
from reex_crawler.storage.faults import explained
from reex_crawler.storage.models import ArticleRow
from reex_crawler.storage.session import make_engine, reading, transaction
from tests import postgres
from tests.factories import FETCHED_AT, make_article

WRONG_PASSWORD = "not-the-password"


@contextmanager
def refusal(said: str) -> Iterator[None]:
    """A storage error that is one line, says what was wanted and shows no password."""
    with pytest.raises(StorageError, match=said) as caught:
        yield
    assert "\n" not in str(caught.value)
    assert not any(secret in str(caught.value) for secret in (postgres.PASSWORD, WRONG_PASSWORD))
    assert caught.value.exit_code == 4
    assert caught.value.hint


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()


def sqlite_url(path: Path) -> URL:
    return make_url(f"sqlite:///{path}")


def write(engine: Engine) -> None:
    with transaction(engine) as session:
        articles.upsert(session, make_article(), extractor_version="1")


def titles(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(ArticleRow.title)))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A SQLite archive with one article, closed."""
    path = tmp_path / "reex.db"
    with opened(sqlite_url(path)) as engine:
        schema.upgrade(engine)
        write(engine)
    return path


@pytest.fixture
def own_postgres(postgres_server: URL) -> URL:
    """A server whose rules of admission are known: through its socket without, over TCP with a password."""
    if postgres.ENVIRONMENT in os.environ:
        pytest.skip(f"whom the server of {postgres.ENVIRONMENT} lets in, and how, is not known here")
    return postgres_server


def test_sqlite_is_safe_and_patient(tmp_path: Path) -> None:
    expected = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 2}
    with opened(sqlite_url(tmp_path / "new" / "folder" / "reex.db")) as engine, reading(engine) as session:
        assert {name: session.scalar(text(f"PRAGMA {name}")) for name in expected} == expected


def test_postgresql_speaks_utc_and_gives_up_waiting(postgres_server: URL) -> None:
    expected = {"TimeZone": "UTC", "lock_timeout": "10s", "statement_timeout": "1min"}
    with opened(postgres_server) as engine, reading(engine) as session:
        assert {name: session.scalar(text(f"SHOW {name}")) for name in expected} == expected


def test_a_writer_takes_the_lock_before_it_reads(archive: Path) -> None:
    with opened(sqlite_url(archive)) as engine, transaction(engine) as session:
        session.scalars(select(ArticleRow)).all()
        with closing(sqlite3.connect(archive, timeout=0)) as other, pytest.raises(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")


def test_a_reader_sees_one_state_and_holds_up_no_writer(engine: Engine) -> None:
    with reading(engine) as session:
        before = session.scalars(select(ArticleRow)).all()
        write(engine)
        if engine.dialect.name == "sqlite":
            assert session.scalars(select(ArticleRow)).all() == before
    assert titles(engine) == ["Magnets"]


def test_foreign_keys_hold(engine: Engine) -> None:
    with refusal_of_integrity(), transaction(engine) as session:
        session.execute(text("INSERT INTO images (article_id, position, url) VALUES (99, 0, 'x')"))


def test_words_outside_their_enum_are_refused(engine: Engine) -> None:
    write(engine)
    with refusal_of_integrity(), transaction(engine) as session:
        session.execute(text("UPDATE articles SET state = 'lost'"))


@contextmanager
def refusal_of_integrity() -> Iterator[None]:
    with pytest.raises(StorageError, match=r"(?i)constraint"):
        yield


@pytest.mark.parametrize(
    "given", [datetime(2026, 1, 5, 5, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=-7))), FETCHED_AT]
)
def test_an_instant_comes_back_as_utc_to_the_second(engine: Engine, given: datetime) -> None:
    with transaction(engine) as session:
        articles.upsert(session, make_article(given), extractor_version="1")
    with reading(engine) as session:
        assert session.scalars(select(ArticleRow.first_seen_at)).one() == FETCHED_AT
        found = session.scalars(select(ArticleRow).where(ArticleRow.first_seen_at <= given)).one()
        assert found.first_seen_at.tzinfo is UTC


def test_an_instant_on_sqlite_says_its_zone_and_can_be_reckoned_with(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        query = "SELECT first_seen_at, datetime(first_seen_at, '+1 hour') FROM articles"
        assert connection.execute(query).fetchone() == ("2026-01-05 12:00:00+00:00", "2026-01-05 13:00:00")


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = FETCHED_AT.replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"), reading(engine) as session:
        session.scalars(select(ArticleRow).where(ArticleRow.first_seen_at < naive)).all()


def a_file_where_the_folder_should_be(tmp_path: Path) -> URL:
    (tmp_path / "file").touch()
    return sqlite_url(tmp_path / "file" / "reex.db")


def a_folder_where_the_file_should_be(tmp_path: Path) -> URL:
    (tmp_path / "reex.db").mkdir()
    return sqlite_url(tmp_path / "reex.db")


def a_picture(tmp_path: Path) -> URL:
    (tmp_path / "reex.db").write_bytes(b"\x89PNG\r\n\x1a\n" * 1000)
    return sqlite_url(tmp_path / "reex.db")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (a_file_where_the_folder_should_be, "The folder .*file for the database .* cannot be made"),
        (a_folder_where_the_file_should_be, "The database .*reex.db cannot be opened"),
        (a_picture, "The database .*reex.db is no SQLite database"),
    ],
)
def test_a_path_that_cannot_be_an_archive_is_refused_in_one_line(
    tmp_path: Path, given: Callable[[Path], URL], said: str
) -> None:
    url = given(tmp_path)
    with refusal(said), opened(url) as engine:
        schema.upgrade(engine)


def test_a_damaged_archive_is_refused_in_one_line(archive: Path) -> None:
    with archive.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (archive.stat().st_size - 8192))
    with opened(sqlite_url(archive)) as engine, refusal("The database .* is damaged"):
        titles(engine)


def test_a_file_that_may_only_be_read_is_refused_in_one_line(archive: Path) -> None:
    with opened(make_url(f"sqlite:///file:{archive}?mode=ro&uri=true")) as engine, refusal("cannot be written"):
        schema.downgrade(engine)


def test_a_full_disk_loses_nothing_stored(archive: Path) -> None:
    with opened(sqlite_url(archive)) as engine:
        limit = "PRAGMA max_page_count=1"  # SQLite takes the present size, and then behaves as on a full disk.
        event.listen(engine, "connect", lambda connection, _: connection.execute(limit))
        with refusal("cannot grow: the disk is full"), transaction(engine) as session:
            big = make_article(post_id=2, url="https://news.example/news/big/", body="long " * 100_000)
            articles.upsert(session, big, extractor_version="1")
        assert titles(engine) == ["Magnets"]


def test_an_archive_locked_by_another_program_is_refused_in_one_line(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as other, opened(sqlite_url(archive)) as engine:
        other.execute("BEGIN IMMEDIATE")
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
        with refusal("is locked by another program"):
            write(engine)


def test_an_archive_without_tables_is_refused_in_one_line(empty_database_url: URL) -> None:
    with opened(empty_database_url) as engine, refusal("has no tables of this program"):
        titles(engine)


def test_a_refused_password_is_one_line_without_it(own_postgres: URL) -> None:
    wrong = postgres.over_tcp(own_postgres).set(password=WRONG_PASSWORD)
    with opened(wrong) as engine, refusal("on 127.0.0.1:.* refuses the user or password"):
        schema.upgrade(engine)


@pytest.mark.parametrize("password", ["se", "e", "password", "connection", ":", "1"])
def test_a_short_password_mangles_no_words_and_is_not_given_away_by_that(own_postgres: URL, password: str) -> None:
    wrong = postgres.over_tcp(own_postgres).set(password=password)
    said = 'FATAL:  password authentication failed for user "'
    with opened(wrong) as engine, pytest.raises(StorageError, match=said) as caught:
        schema.upgrade(engine)
    assert "***" not in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        "no option in user=me password=se@cret host=db",
        "no port in me:se@cret@db",
        "no end of password = 'se@cret'",
        "odd: postgresql://me:se%40cret@db/x",
    ],
)
def test_a_password_that_a_driver_repeats_is_blanked(words: str) -> None:
    url = make_url("postgresql+psycopg://me@db/x").set(password="se@cret")
    line = str(explained(url, ValueError(words)))
    assert "cret" not in line
    assert "***" in line


def test_a_user_the_server_does_not_know_is_one_line(own_postgres: URL) -> None:
    with opened(own_postgres.set(username="nobody")) as engine, refusal("as nobody refuses the user or password"):
        schema.upgrade(engine)


def test_a_server_that_is_away_is_one_line(own_postgres: URL) -> None:
    with (
        opened(postgres.over_tcp(own_postgres).set(port=1)) as engine,
        refusal("cannot be reached: connection failed"),
    ):
        schema.upgrade(engine)


def test_a_missing_database_is_one_line(postgres_server: URL) -> None:
    with opened(postgres_server.set(database="nowhere")) as engine, refusal("nowhere.* does not exist"):
        schema.upgrade(engine)


def test_a_connection_that_the_server_ends_is_one_line_and_the_next_try_connects(postgres_server: URL) -> None:
    with postgres.database(postgres_server) as url, opened(url) as engine, opened(url) as other:
        schema.upgrade(engine)
        with refusal("stopped the work|cannot be reached"), transaction(engine) as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with transaction(other) as ending:
                ending.execute(text(f"SELECT pg_terminate_backend({pid})"))
            session.scalars(select(ArticleRow)).all()
        write(engine)
        assert titles(engine) == ["Magnets"]
