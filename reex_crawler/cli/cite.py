"""``reex cite``: an article as it was at some time, cited with what proves it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import click

from reex_crawler.archive.reader import Archive
from reex_crawler.cli import capture, common
from reex_crawler.cli.examples import examples
from reex_crawler.cli.lookup import find_article
from reex_crawler.proof.citation import Citation, citation
from reex_crawler.records import Precision
from reex_crawler.site.profile import profile


@click.command(epilog=examples("reex cite china-rare-earth-exports", "reex cite 7855 --at 2026-03-03 --json"))
@click.argument("article", metavar="URL|SLUG|ID")
@capture.at_option
@common.json_option
def command(article: str, *, at: str | None, as_json: bool) -> None:
    """Cite an article: title, authors and times as they were then, and where the archive holds the page as received.

    The page is read and its digests are checked first; reex show --raw writes its bytes.
    """
    config = common.configuration()
    site = profile(config.site_url)
    with common.archive(config) as session:
        row = find_article(session, article, config.site_url)
        found = capture.of_article(session, row, at, site.time_zone)
        cited = citation(session, Archive(config.archive_dir), row, found, site)
    if as_json:
        common.write_json(cited)
    else:
        click.echo("\n".join(_lines(cited, site.time_zone)))


def _lines(cited: Citation, zone: ZoneInfo) -> Iterator[str]:
    people = ", ".join(cited.authors)
    yield f"{people}{': ' if people else ''}“{cited.title}”, {cited.site}"
    yield cited.url
    if cited.published_at is not None:
        is_day = cited.published_precision is Precision.DAY
        day = f"{cited.published_at.astimezone(zone):%Y-%m-%d}"
        yield f"Published: {day if is_day else common.shown(cited.published_at)}"
    if cited.modified_at is not None:
        yield f"Modified: {common.shown(cited.modified_at)}"
    yield f"Captured: {common.shown(cited.captured_at)}"
    yield f"SHA-256: {cited.sha256}"
    yield f"WARC-Payload-Digest: {cited.payload_digest}"
    yield f"WARC-Record-ID: {cited.record_id}"
    yield f"WARC file: {cited.file}, byte {cited.offset}"
