"""``reex export``: the archive in a form that other programs open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from reex_crawler import __version__
from reex_crawler.archive.reader import Archive
from reex_crawler.archive.wacz import SUFFIX, About, PageEntry, pack
from reex_crawler.cli import common
from reex_crawler.cli.examples import examples
from reex_crawler.cli.progress import progress
from reex_crawler.config import Config
from reex_crawler.errors import ArchiveDamaged, UsageError
from reex_crawler.storage.models import FetchOutcome, FetchRow, ResourceRow, RevisionRow

_ROWS_AT_ONCE = 1000


@click.command(epilog=examples("reex export --wacz reex.wacz"))
@click.option(
    "--wacz",
    "target",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Pack the raw archive as a WACZ file, which ReplayWeb.page and pywb open.",
)
@click.option("--force", is_flag=True, help="Replace FILE where it is there.")
def command(target: Path, *, force: bool) -> int:
    """Write the archive in a form that other programs open.

    A WACZ file holds all WARC files, an index and a list of pages: the first capture of each version of
    each article, with its title. Without a database every HTML page is listed. It may be written while a crawl runs.
    What is damaged is named and left out; the exit code is 4 then.
    """
    if target.suffix != SUFFIX:
        message = f"the name of a WACZ file ends in {SUFFIX}: {target}"
        raise UsageError(message, hint=f"Try {target}{SUFFIX}")
    if target.exists() and not force:
        message = f"{target} is there already"
        raise UsageError(message, hint="Give another name, or --force to replace it")
    config = common.configuration()
    archive = Archive(config.archive_dir)
    about = About(
        title=f"Archive of {urlsplit(config.site_url).netloc}",
        software=f"reex_crawler {__version__}",
        created=datetime.now(UTC),
    )
    with _listed(config, archive) as pages, progress("packing", in_bytes=True) as move:
        packed = pack(archive, target, about, pages=pages, progress=move)
    for broken in packed.unfinished:
        click.echo(f"left out, still being written: {broken}", err=True)
    for broken in packed.damaged:
        click.echo(f"left out, damaged: {broken}", err=True)
    click.echo(f"{target}: {packed.files:,} WARC files, {packed.captures:,} captures, {packed.pages:,} pages")
    return ArchiveDamaged.exit_code if packed.damaged else 0


@contextmanager
def _listed(config: Config, archive: Archive) -> Iterator[Iterator[PageEntry] | None]:
    """The pages that the database knows; none where there is no database."""
    if _is_missing(config.database_url):
        click.echo(f"there is no database at {config.database_url.database}: pages are listed without titles", err=True)
        yield None
        return
    with common.archive(config) as session:
        yield _pages(session, archive)


def _is_missing(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _pages(session: Session, archive: Archive) -> Iterator[PageEntry]:
    """The first archived capture of each version of each article, by time; asked for when the list is written."""
    files = set(archive.files())
    place = func.row_number().over(partition_by=RevisionRow.id, order_by=(FetchRow.fetched_at, FetchRow.id))
    captures = (
        select(FetchRow.warc_file, FetchRow.final_url, FetchRow.fetched_at, RevisionRow.title, place.label("place"))
        .join(ResourceRow, FetchRow.resource_id == ResourceRow.id)
        .join(RevisionRow, RevisionRow.article_id == ResourceRow.article_id)
        .where(FetchRow.outcome == FetchOutcome.ARTICLE, FetchRow.warc_file.is_not(None))
        .where(FetchRow.fetched_at.between(RevisionRow.first_seen_at, RevisionRow.last_seen_at))
        .subquery()
    )
    first = select(captures).where(captures.c.place == 1).order_by(captures.c.fetched_at, captures.c.final_url)
    for file, url, at, title, _ in session.execute(first.execution_options(yield_per=_ROWS_AT_ONCE)):
        if file in files:
            yield PageEntry(url=url, at=at, title=title)
