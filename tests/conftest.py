"""Fresh databases of both kinds for whoever asks: a test that takes ``database_url`` or ``engine`` runs on each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL, Engine, make_url

from reex_crawler.storage import schema
from reex_crawler.storage.session import make_engine
from tests import postgres

# How fast a machine draws examples says nothing about the code; on a busy one both limits fail tests at random.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

DIALECTS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A PostgreSQL server for the whole run of this worker; without one the test is skipped with the reason.

    Where ``CI`` or ``REEX_REQUIRE_POSTGRES`` is set the test fails instead: that half must not be left out unseen.
    """
    try:
        with postgres.server() as url:
            yield url
    except postgres.Unavailable as error:
        reason = f"the PostgreSQL half did not run: {error}"
        if os.environ.get("CI") or os.environ.get("REEX_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def _postgres_archive(postgres_server: URL) -> Iterator[URL]:
    with postgres.database(postgres_server) as url:
        _upgraded(url)
        yield url


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "reex.db"
    _upgraded(_sqlite(path))
    return path


@pytest.fixture(params=DIALECTS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """A database without tables; of SQLite not even the file is there."""
    if request.param == "sqlite":
        yield _sqlite(tmp_path / "data" / "reex.db")
    else:
        with postgres.database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """An empty archive: every table, no row."""
    if request.param == "sqlite":
        path = tmp_path / "reex.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield _sqlite(path)
    else:
        # Making a database takes a quarter of a second; emptying one does not.
        url = request.getfixturevalue("_postgres_archive")
        yield url
        postgres.empty(url)


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """An engine on an empty archive."""
    made = make_engine(database_url)
    yield made
    made.dispose()


def _upgraded(url: URL) -> None:
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()


def _sqlite(path: Path) -> URL:
    return make_url(f"sqlite:///{path}")
