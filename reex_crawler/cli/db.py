"""``reex db``: bring the schema of the database up to this program, or say whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.engine import Engine

from reex_crawler.cli.common import configuration
from reex_crawler.cli.examples import examples
from reex_crawler.storage import schema
from reex_crawler.storage.faults import describe
from reex_crawler.storage.session import make_engine


@click.group(epilog=examples("reex db upgrade"))
def command() -> None:
    """Create, upgrade or check the database of REEX_DATABASE_URL."""


@command.command(epilog=examples("REEX_DATABASE_URL=postgresql+psycopg://reex@localhost/reex reex db upgrade"))
def upgrade() -> None:
    """Create the database or bring it up to this program; one that is up to date is left as it is.

    A crawl does the same by itself.
    """
    with _engine(make_folder=True) as engine:
        changed = schema.upgrade(engine)
        click.echo(f"{describe(engine.url)} {'is now' if changed else 'was already'} up to date")


@command.command(epilog=examples("reex db check"))
def check() -> None:
    """Say whether the database is there and up to date; exit code 4 where it is not."""
    with _engine(make_folder=False) as engine:
        schema.check(engine)
        click.echo(f"{describe(engine.url)} is up to date")


@contextmanager
def _engine(*, make_folder: bool) -> Iterator[Engine]:
    engine = make_engine(configuration().database_url, make_folder=make_folder)
    try:
        yield engine
    finally:
        engine.dispose()
