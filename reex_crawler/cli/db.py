"""``reex db``: bring the schema of the database up to this program, or say whether it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.engine import Engine

from reex_crawler.cli.common import configuration
from reex_crawler.storage import schema
from reex_crawler.storage.faults import describe
from reex_crawler.storage.session import make_engine


@click.group
def command() -> None:
    r"""Create, upgrade or check the database of REEX_DATABASE_URL.

    \b
    Example:
      reex db upgrade
    """


@command.command
def upgrade() -> None:
    r"""Create the database or bring it up to this program; one that is up to date is left as it is.

    A crawl does the same by itself.

    \b
    Example:
      REEX_DATABASE_URL=postgresql+psycopg://reex@localhost/reex reex db upgrade
    """
    with _engine() as engine:
        changed = schema.upgrade(engine)
        click.echo(f"{describe(engine.url)} {'is now' if changed else 'was already'} up to date")


@command.command
def check() -> None:
    r"""Say whether the database is there and up to date; exit code 4 where it is not.

    \b
    Example:
      reex db check
    """
    with _engine() as engine:
        schema.check(engine)
        click.echo(f"{describe(engine.url)} is up to date")


@contextmanager
def _engine() -> Iterator[Engine]:
    engine = make_engine(configuration().database_url)
    try:
        yield engine
    finally:
        engine.dispose()
