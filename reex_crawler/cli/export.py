"""``reex export``: the archive in a form that other programs open."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
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
from reex_crawler.config import Config
from reex_crawler.errors import UsageError
from reex_crawler.storage.models import FetchOutcome, FetchRow, ResourceRow, RevisionRow

_ROWS_AT_ONCE = 1000
_SECONDS_UNSEEN = 2


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
def command(target: Path, *, force: bool) -> None:
    """Write the archive in a form that other programs open.

    A WACZ file holds all WARC files as they are, an index and a list of pages: the first capture of each version of
    each article, with its title. Without a database every HTML page is listed. It may be written while a crawl runs.
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
    with _listed(config, archive) as pages, _progress() as progress:
        packed = pack(archive, target, about, pages=pages, progress=progress)
    for rest in packed.left_out:
        click.echo(f"left out the end of {rest}", err=True)
    click.echo(f"{target}: {packed.files:,} WARC files, {packed.captures:,} captures, {packed.pages:,} pages")


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


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """What moves a bar to so many bytes of all. It is seen from the third second on, and only at a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    # Only a terminal needs rich, which is slow to import.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("packing"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("")
    began = time.monotonic()

    def move(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)
        if time.monotonic() - began > _SECONDS_UNSEEN:
            bar.start()

    try:
        yield move
    finally:
        bar.stop()
