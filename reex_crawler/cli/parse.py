"""``reex parse``: read one page and say what was found in it, and where each field came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from reex_crawler import ingest
from reex_crawler.cli.common import configuration, heading, json_option, shown, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.cli.thread import Line, drawn
from reex_crawler.errors import UsageError
from reex_crawler.extraction.document import parse
from reex_crawler.records import Article, Dated, Page
from reex_crawler.site.profile import SiteProfile, profile

# Shown as a table; what is longer than a line follows below it.
_FIELDS = (
    *("post_id", "url", "slug", "title", "published", "modified", "authors", "terms", "highlights"),
    *("lead_image", "images", "links", "language", "word_count", "layout", "comments", "thread_complete", "pending"),
)


def _instant(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is no time. Give one such as 2026-01-05T12:00:00Z"
        raise click.BadParameter(message) from None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


@click.command(
    epilog=examples('reex parse "$REEX_SITE_URL/news/china-rare-earth-exports/"', "reex parse saved.html --json")
)
@click.argument("source", metavar="FILE|URL")
@click.option("--url", help="The address a saved page was fetched from; its canonical link by default.")
@click.option(
    "--fetched-at",
    callback=_instant,
    metavar="TIME",
    help="When a saved page was fetched, in ISO 8601 (UTC unless it names a zone); the time of its file by default.",
)
@json_option
def command(source: str, url: str | None, fetched_at: datetime | None, *, as_json: bool) -> None:
    """Read one article and show every field and the source it came from.

    A URL is fetched as a crawl does it, comment pages and all, and from the site of REEX_SITE_URL only. Nothing is
    stored. No date of a page can be later than its fetch; where the time of its file says so, it counts as fetched now.
    """
    site = profile(configuration().site_url)
    if source.startswith(("http://", "https://")):
        article = _fetched(source, site)
    else:
        article = _read(_saved(Path(source), url, fetched_at, site), site, sure=fetched_at is not None)
    if as_json:
        write_json(asdict(article))
    else:
        _show(article)


def _fetched(url: str, site: SiteProfile) -> Article:
    # Scrapy takes half a second to import, which a saved page need not wait for.
    from reex_crawler.spiders.once import read_once  # noqa: PLC0415

    return read_once(url, site_url=site.site_url)


def _saved(path: Path, url: str | None, fetched_at: datetime | None, site: SiteProfile) -> Page:
    try:
        body = path.read_bytes()
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise UsageError(message, hint="Give a saved page or a URL with http:// or https://") from error
    fetched_at = fetched_at or min(saved_at, datetime.now(UTC))
    page = Page(url=url or "", final_url=url or "", status=200, headers=(), body=body, fetched_at=fetched_at)
    if url is None:
        page = _addressed(page, site)
    if not site.owns(page.url):
        message = f"{page.url} is not on {site.site_url}"
        raise UsageError(message, hint="Name the site the page is from in REEX_SITE_URL, or its address with --url")
    return page


def _read(page: Page, site: SiteProfile, *, sure: bool) -> Article:
    """The article of a saved page, and on stderr what its dates say against the time of the fetch.

    A file is often younger or older than the fetch; one that is older than the page's own dates is no witness.
    """
    article = ingest.read(page, site)
    as_of_now = ingest.read(replace(page, fetched_at=datetime.now(UTC)), site)
    known = dict(_dates(article))
    # An age ("2 days ago") is another date at another time of fetching, and the same words.
    late = [
        f"{name} {dated.raw}" for name, dated in _dates(as_of_now) if name not in known or known[name].raw != dated.raw
    ]
    if not late:
        return article
    first, *others = late
    named = f"{first} and {len(others)} more" if others else first
    if sure:
        click.echo(f"reex: left out, since later than --fetched-at: {named}", err=True)
        return article
    click.echo(f"reex: read as fetched now, since its file is older than the page ({named}): --fetched-at", err=True)
    return as_of_now


def _dates(article: Article) -> Iterator[tuple[str, Dated]]:
    if article.published:
        yield "published", article.published
    if article.modified:
        yield "modified", article.modified
    for comment in article.comments:
        if comment.posted:
            yield f"comment {comment.comment_id}", comment.posted


def _addressed(page: Page, site: SiteProfile) -> Page:
    canonical = next((href for rel, _, href in parse(page, site).links if rel == "canonical"), None)
    if canonical is None:
        message = "the page does not say where it belongs"
        raise UsageError(message, hint="Give its address with --url")
    return replace(page, url=canonical, final_url=canonical)


def _show(article: Article) -> None:
    rows = [(name, _brief(getattr(article, name)), article.sources.get(name, "")) for name in _FIELDS]
    write_rows(rows, columns=("field", "value", "source"))
    for name, text in _texts(article):
        heading(f"{name} ({article.sources[name]})" if name in article.sources else name)
        click.echo(text)


def _brief(value: object) -> str:
    if isinstance(value, Dated):
        return f"{shown(value.at)} ({value.precision}, from {value.raw!r})"
    if isinstance(value, tuple):
        names = [str(getattr(one, "name", one)) for one in value]
        return "; ".join(names) if names and all(hasattr(one, "name") for one in value) else str(len(value))
    return shown(value)


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    if article.highlights:
        yield "highlights", "\n".join(f"- {one}" for one in article.highlights)
    yield "body", article.body
    if article.comments:
        thread = [
            Line(
                comment_id=one.comment_id,
                parent_id=one.parent_id,
                author=one.author_name,
                posted=one.posted.at if one.posted else None,
                body=one.body,
                note="" if one.kind == "comment" else f" ({one.kind})",
            )
            for one in article.comments
        ]
        yield "comments", "\n".join(drawn(thread))
    if article.repairs:
        steps = ((one.field, one.step) for one in article.repairs)
        lines = (f"{field} ({step.codecs}): {step.before!r} -> {step.after!r}" for field, step in steps)
        yield "repairs", "\n".join(lines)
    if article.suspicions:
        lines = (f"{one.field} ({one.suspicion.reason}): {one.suspicion.text!r}" for one in article.suspicions)
        yield "suspicions", "\n".join(lines)
