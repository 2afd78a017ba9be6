"""``reex show``: one stored article with its history, its comments and what was mended in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from reex_crawler.cli.capture import at_option
from reex_crawler.cli.common import archive, configuration, heading, json_option, shown, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.cli.lookup import find_article
from reex_crawler.cli.raw import write_raw
from reex_crawler.cli.thread import Line, drawn
from reex_crawler.errors import UsageError
from reex_crawler.storage.models import ArticleRow, Base, CommentState

_FIELDS = (
    *("id", "post_id", "url", "state", "title", "published_at", "modified_at", "language", "word_count"),
    *("layout", "extractor_version", "first_seen_at", "last_seen_at"),
)


@click.command(
    epilog=examples(
        "reex show china-rare-earth-exports", "reex show 7855 --json", "reex show /robots.txt --raw --at 2026-03-03"
    )
)
@click.argument("article", metavar="URL|SLUG|ID")
@json_option
@click.option("--raw", is_flag=True, help="Write the bytes of its page instead, or of any other archived URL.")
@at_option
def command(article: str, *, as_json: bool, raw: bool, at: str | None) -> None:
    """Show a stored article: its facts, body, comment thread, revisions and text repairs.

    ID is the site's own number of the article, or ours. Addresses it had before lead to it as well. The bytes that
    --raw writes are what the site sent, without its compression, and are checked against their digests first.
    """
    if raw and as_json:
        message = "--raw writes bytes, and no JSON"
        raise UsageError(message)
    if at is not None and not raw:
        message = "--at goes with --raw"
        raise UsageError(message, hint="reex cite --at says what an article was called at a time, and by whom it was")
    config = configuration()
    with archive(config) as session:
        if raw:
            write_raw(session, config, article, at)
            return
        row = find_article(session, article, config.site_url)
        if as_json:
            write_json(_as_json(row))
        else:
            _show(row)


def _show(row: ArticleRow) -> None:
    facts = [(name, shown(getattr(row, name)), _source(row, name)) for name in _FIELDS]
    people = "; ".join(author.name for author in row.authors)
    terms = "; ".join(f"{term.name} ({term.taxonomy})" for term in row.terms)
    facts += [("authors", people, _source(row, "authors")), ("terms", terms, _source(row, "terms"))]
    facts += [("images", str(len(row.images)), ""), ("links", str(len(row.links)), "")]
    write_rows(facts, columns=("field", "value", "source"))
    for title, text in _texts(row):
        heading(title)
        click.echo(text)


def _texts(row: ArticleRow) -> Iterator[tuple[str, str]]:
    if row.highlights:
        yield "highlights", "\n".join(f"- {one}" for one in row.highlights)
    yield "body", row.body
    if row.comments:
        yield f"{len(row.comments)} comments", "\n".join(drawn(_thread(row)))
    revisions = [
        f"{shown(one.first_seen_at)} to {shown(one.last_seen_at)}: {one.title} ({one.origin})" for one in row.revisions
    ]
    yield f"{len(revisions)} revisions", "\n".join(revisions)
    if row.repairs:
        lines = (f"{one.field} ({one.codecs}): {one.before!r} -> {one.after!r}" for one in row.repairs)
        yield f"{len(row.repairs)} repairs", "\n".join(lines)
    if row.suspicions:
        lines = (f"{one.field} ({one.reason}): {one.text!r}" for one in row.suspicions)
        yield f"{len(row.suspicions)} suspicions", "\n".join(lines)


def _thread(row: ArticleRow) -> list[Line]:
    return [
        Line(
            comment_id=one.comment_id,
            parent_id=one.parent_id,
            author=one.author_name,
            posted=one.posted_at,
            body=one.body,
            note="" if one.state is CommentState.VISIBLE else f" ({one.state})",
        )
        for one in sorted(row.comments, key=lambda one: one.position)
    ]


def _source(row: ArticleRow, name: str) -> str:
    return row.sources.get(name.removesuffix("_at"), "")


def _as_json(row: ArticleRow) -> dict[str, Any]:
    parts = ("authors", "terms", "images", "links", "comments", "revisions", "repairs", "suspicions")
    return _columns(row) | {name: [_columns(one) for one in getattr(row, name)] for name in parts}


def _columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
