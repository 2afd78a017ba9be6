"""The schema on its way up and down, on both databases."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL, Engine, make_url

from reex_crawler.errors import StorageError
from reex_crawler.storage import articles, schema
from reex_crawler.storage.models import Base
from reex_crawler.storage.session import make_engine, transaction
from reex_crawler.storage.types import with_postgresql_options
from tests.factories import make_article, make_comment

FIRST = "20261123_1100"


@pytest.fixture
def empty_engine(empty_database_url: URL) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(make_url(f"sqlite:///{tmp_path / 'reex.db'}"))
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def upgrade_to(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        command.upgrade(schema.config(connection), revision)


def test_up_check_down_up(empty_engine: Engine) -> None:
    assert schema.upgrade(empty_engine)
    schema.check(empty_engine)
    assert tables(empty_engine) == set(Base.metadata.tables)
    schema.downgrade(empty_engine)
    assert tables(empty_engine) == set()
    assert schema.upgrade(empty_engine)
    assert tables(empty_engine) == set(Base.metadata.tables)


def test_every_migration_can_be_taken_back_on_its_own(empty_engine: Engine) -> None:
    seen = [tables(empty_engine)]
    for revision in sorted(schema.revisions()):
        upgrade_to(empty_engine, revision)
        seen.append(tables(empty_engine))
    for expected in reversed(seen[:-1]):
        schema.downgrade(empty_engine, "-1")
        assert tables(empty_engine) == expected


def test_models_and_migrations_do_not_drift(engine: Engine) -> None:
    with engine.begin() as connection:
        command.check(schema.config(connection))


def test_indexes_have_the_condition_and_the_method_that_the_models_give_them(engine: Engine) -> None:
    options = {f"{engine.dialect.name}_{option}" for option in ("where", "using")}
    for table in with_postgresql_options(Base.metadata).tables.values():
        declared = {
            index.name: {name: str(value) for name, value in index.dialect_kwargs.items() if name in options}
            for index in table.indexes
        }
        found = {
            index["name"]: {
                name: str(value).strip("()")
                for name, value in index.get("dialect_options", {}).items()
                if name in options
            }
            for index in inspect(engine).get_indexes(table.name)
            if not index.get("duplicates_constraint")
        }
        assert found == declared


def test_the_newest_file_is_the_only_head(engine: Engine) -> None:
    with engine.begin() as connection:
        scripts = ScriptDirectory.from_config(schema.config(connection))
    assert scripts.get_heads() == [schema.head()]
    assert {script.revision for script in scripts.walk_revisions()} == schema.revisions()
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(script.revision)


def test_an_upgrade_of_what_is_up_to_date_does_nothing_and_loads_no_alembic(engine: Engine) -> None:
    program = f"""
import sys
from sqlalchemy.engine import make_url
from reex_crawler.storage import schema
from reex_crawler.storage.session import make_engine
assert not schema.upgrade(make_engine(make_url({engine.url.render_as_string(hide_password=False)!r})))
assert not {{name for name in sys.modules if name.partition(".")[0] == "alembic"}}
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parent.parent)


def test_an_older_archive_with_rows_is_upgraded_and_keeps_them(empty_engine: Engine) -> None:
    upgrade_to(empty_engine, FIRST)
    with empty_engine.begin() as connection:
        connection.execute(
            text("INSERT INTO authors (name, first_seen_at) VALUES ('Daniel', '2026-01-05 12:00:00+00:00')")
        )
    with pytest.raises(StorageError, match="is older than this program"):
        schema.check(empty_engine)
    assert schema.upgrade(empty_engine)
    with empty_engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM authors")).scalars().all() == ["Daniel"]


def test_a_migration_that_fails_halfway_leaves_the_old_version_whole(empty_engine: Engine) -> None:
    upgrade_to(empty_engine, FIRST)
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE fetches (id integer)"))
    before = tables(empty_engine)
    with pytest.raises(StorageError, match=r"fetches.* already exists"):
        schema.upgrade(empty_engine)
    assert schema.revision(empty_engine) == FIRST
    assert tables(empty_engine) == before


def test_an_older_sqlite_file_is_copied_before_it_is_upgraded(sqlite_engine: Engine, tmp_path: Path) -> None:
    upgrade_to(sqlite_engine, FIRST)
    schema.upgrade(sqlite_engine)
    copy = tmp_path / f"reex.db.{FIRST}.backup"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (FIRST,)
    assert not list(tmp_path.glob("*.part"))


def test_a_new_sqlite_file_is_not_copied(sqlite_engine: Engine, tmp_path: Path) -> None:
    schema.upgrade(sqlite_engine)
    assert not list(tmp_path.glob("*.backup"))


def test_a_copy_that_cannot_be_made_leaves_the_archive_as_it_is(sqlite_engine: Engine, tmp_path: Path) -> None:
    upgrade_to(sqlite_engine, FIRST)
    (tmp_path / f"reex.db.{FIRST}.backup" / "in the way").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be copied"):
        schema.upgrade(sqlite_engine)
    assert schema.revision(sqlite_engine) == FIRST


def test_an_archive_newer_than_the_program_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231_2359'"))
    try:
        for refused in (schema.upgrade, schema.check, schema.downgrade):
            with pytest.raises(StorageError, match="newer than this program") as caught:
                refused(engine)
            assert "\n" not in str(caught.value)
        assert tables(engine) == set(Base.metadata.tables)
    finally:
        # The PostgreSQL database serves other tests as well.
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": schema.head()})


def test_an_archive_that_is_not_there_is_said_to_be_missing_and_not_made(empty_engine: Engine) -> None:
    with pytest.raises(StorageError, match="There is no archive"):
        schema.check(empty_engine)
    path = empty_engine.url.database if empty_engine.dialect.name == "sqlite" else None
    assert path is None or not Path(path).exists()


def test_a_database_that_cannot_hold_all_text_is_refused(postgres_server: URL) -> None:
    admin = make_engine(postgres_server).execution_options(isolation_level="AUTOCOMMIT")
    url = postgres_server.set(database="reex_latin")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE reex_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"))
    engine = make_engine(url)
    with pytest.raises(StorageError, match="LATIN1"):
        schema.upgrade(engine)
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE reex_latin"))
    admin.dispose()


def test_rows_survive_a_table_that_is_rebuilt(sqlite_engine: Engine) -> None:
    """SQLite changes a column by copying its table and dropping the old one; nothing that refers to it may go."""
    schema.upgrade(sqlite_engine)
    with transaction(sqlite_engine) as session:
        articles.upsert(session, make_article(comments=(make_comment(),)), extractor_version="1")
    with schema.migrating(sqlite_engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("articles", recreate="always") as batch:
            batch.alter_column("slug", nullable=False)
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM comments")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM links")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_migration_that_leaves_dangling_rows_is_rolled_back(sqlite_engine: Engine) -> None:
    schema.upgrade(sqlite_engine)
    with transaction(sqlite_engine) as session:
        articles.upsert(session, make_article(), extractor_version="1")

    def careless() -> None:
        with schema.migrating(sqlite_engine) as connection:
            connection.execute(text("DELETE FROM authors"))

    with pytest.raises(StorageError, match="refer to none"):
        careless()
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM authors")).scalar() == 1
