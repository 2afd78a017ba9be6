"""``reex verify``: whether the raw archive is whole, and the database agrees with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from sqlalchemy.orm import Session

from reex_crawler.archive.reader import Archive
from reex_crawler.cli import common
from reex_crawler.cli.examples import examples
from reex_crawler.cli.progress import progress
from reex_crawler.config import Config
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.proof.verification import Verification
from reex_crawler.storage import schema
from reex_crawler.storage.faults import describe
from reex_crawler.storage.session import make_engine


@click.command(epilog=examples("reex verify", "reex verify --json"))
@common.json_option
def command(*, as_json: bool) -> int:
    """Check the whole raw archive: every record, every digest, and every row of the database that points to one.

    Whatever does not agree is one line that names file and byte; the exit code is 4 then. A crawl may be at work
    meanwhile. Where there is no database yet, the files in REEX_ARCHIVE_DIR are checked alone.
    """
    config = common.configuration()
    with _rows(config) as session:
        checked = Verification(Archive(config.archive_dir), session)
        count, told = 0, []
        with progress("checking", in_bytes=True) as move:
            for fault in checked.faults(move):
                count += 1
                if as_json:
                    told.append(asdict(fault))
                else:
                    click.echo(str(fault))
    for remark in checked.remarks:
        click.echo(remark, err=True)
    if as_json:
        common.write_json(asdict(checked.counts) | {"disagreements": told, "remarks": checked.remarks})
    else:
        looked_at = ", ".join(f"{one:,} {name}" for name, one in asdict(checked.counts).items() if one is not None)
        verdict = "all agree" if not count else "1 disagreement" if count == 1 else f"{count:,} disagreements"
        click.echo(f"{looked_at}: {verdict}")
    return ArchiveDamaged.exit_code if count else 0


@contextmanager
def _rows(config: Config) -> Iterator[Session | None]:
    """What reads the database; none where there is none yet."""
    engine = make_engine(config.database_url, make_folder=False)
    try:
        is_there = schema.is_there(engine)
    finally:
        engine.dispose()
    if is_there:
        with common.archive(config) as session:
            yield session
    else:
        click.echo(f"there is no archive in {describe(config.database_url)}: the files alone are checked", err=True)
        yield None
