"""``reex rebuild``: a new database, made from the raw archive alone."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from reex_crawler.archive.reader import Archive
from reex_crawler.cli.common import configuration
from reex_crawler.cli.examples import examples
from reex_crawler.cli.progress import progress
from reex_crawler.replay.rebuild import rebuild
from reex_crawler.site.profile import profile
from reex_crawler.storage.exclusive import exclusive
from reex_crawler.storage.models import ArticleRow, CommentRow, RevisionRow
from reex_crawler.storage.session import transaction


@click.command(epilog=examples("REEX_DATABASE_URL=sqlite:///data/new.db reex rebuild"))
def command() -> int:
    """Make the database of REEX_DATABASE_URL anew from the files in REEX_ARCHIVE_DIR, and from nothing else.

    All pages are read by today's extractor, so what an older one read otherwise has no revision there. A rebuild that
    was broken off is continued. What is damaged is named and left out; the exit code is 4 then.
    """
    config = configuration()
    archive = Archive(config.archive_dir)
    archive.files()
    with exclusive(config.database_url) as bind:
        with progress("reading the archive", in_bytes=True) as move:
            found = rebuild(bind, archive, profile(config.site_url), progress=move)
        with transaction(bind) as session:
            counts = {
                name: session.scalar(select(func.count()).select_from(table))
                for name, table in (("articles", ArticleRow), ("revisions", RevisionRow), ("comments", CommentRow))
            }
    for line in dict.fromkeys(found.damage):
        click.echo(f"damaged: {line}", err=True)
    for line in found.failed:
        click.echo(f"failed: {line}", err=True)
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    click.echo(f"{told}, from {found.records:,} records in {found.files:,} files")
    return found.exit_code
