"""``reex reextract``: the raw archive read again by today's extractor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from sqlalchemy.engine import Connection, Engine

from reex_crawler.archive.reader import Archive
from reex_crawler.cli.common import configuration, json_option, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.cli.lookup import find_article
from reex_crawler.cli.progress import progress
from reex_crawler.discovery.policy import Window
from reex_crawler.errors import ArchiveDamaged, UsageError
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.replay.reextract import Reextracted, reextract
from reex_crawler.site.profile import SiteProfile, profile
from reex_crawler.storage.exclusive import exclusive
from reex_crawler.storage.fetches import Choice
from reex_crawler.storage.session import transaction

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(epilog=examples("reex reextract --dry-run", "reex reextract --where-extractor-older --workers 2"))
@click.option("--since", type=_DAY, metavar="DAY", help="Only what was fetched on that day or later.")
@click.option("--until", type=_DAY, metavar="DAY", help="Only what was fetched on that day or earlier.")
@click.option("--url", metavar="URL|SLUG|ID", help="Only one article.")
@click.option("--where-extractor-older", is_flag=True, help="Only articles that another extractor read last.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: len(os.sched_getaffinity(0)),
    show_default="one a core",
    help="How many processes read.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@json_option
def command(  # noqa: PLR0913 - each is an option of the command
    *,
    since: datetime | None,
    until: datetime | None,
    url: str | None,
    where_extractor_older: bool,
    workers: int,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Read archived pages again by today's extractor, and say what reads otherwise.

    What changes is our reading, never an edit of the site: the earlier content of an article stays among its revisions,
    and the new one has the origin "extractor". Pages that were set aside and can be read now become articles.
    """
    if since and until and since > until:
        message = f"--since {since:%Y-%m-%d} is later than --until {until:%Y-%m-%d}"
        raise UsageError(message, hint="No day lies between them")
    config = configuration()
    site = profile(config.site_url)
    archive = Archive(config.archive_dir)
    archive.files()
    days = Window.of_days(since.date() if since else None, until.date() if until else None, site.time_zone)
    with exclusive(config.database_url) as bind:
        choice = Choice(
            since=days.since,
            before=days.before,
            article_id=_article_id(bind, url, site) if url else None,
            other_than=EXTRACTOR_VERSION if where_extractor_older else None,
        )
        with progress("reading again") as move:
            done = reextract(bind, archive, site, choice, workers=workers, dry_run=dry_run, progress=move)
    if as_json:
        write_json(_as_json(done, dry_run=dry_run))
    else:
        _write(done, dry_run=dry_run)
    for line in dict.fromkeys(done.damage):
        click.echo(f"damaged: {line}", err=True)
    return ArchiveDamaged.exit_code if done.damage else 0


def _article_id(bind: Engine | Connection, url: str, site: SiteProfile) -> int:
    with transaction(bind) as session:
        return find_article(session, url, site.site_url).id


def _write(done: Reextracted, *, dry_run: bool) -> None:
    would = "would change" if dry_run else "changed"
    click.echo(
        f"{done.pages:,} pages read again, {done.changed:,} read otherwise; {done.drift.articles:,} articles {would}"
    )
    if done.drift.fields:
        write_rows(_rows(done), columns=("field", "articles", "article", "before", "after"))
    for name, lines in (("now an article", done.recovered), ("no article any more, kept", done.refused)):
        for line in lines:
            click.echo(f"{name}: {line}")


def _rows(done: Reextracted) -> Iterator[tuple[str, int, str, str, str]]:
    for name, change in sorted(done.drift.fields.items(), key=lambda one: (-one[1].articles, one[0])):
        for place, example in enumerate(change.examples):
            shown = (name, change.articles) if place == 0 else ("", "")
            yield *shown, example.url, example.before, example.after


def _as_json(done: Reextracted, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "extractor_version": EXTRACTOR_VERSION,
        "pages": done.pages,
        "changed": done.changed,
        "articles": done.drift.articles,
        "fields": {name: asdict(change) for name, change in done.drift.fields.items()},
        "recovered": done.recovered,
        "refused": done.refused,
        "damaged": list(dict.fromkeys(done.damage)),
    }
