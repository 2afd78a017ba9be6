"""``reex why``: all that decides when an address is asked again, and what asking it found so far."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import click
from sqlalchemy.orm import Session

from reex_crawler.cli.common import archive, configuration, json_option, shown, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.discovery import revisit
from reex_crawler.errors import UsageError
from reex_crawler.records import DueReason
from reex_crawler.site.profile import SiteProfile, UrlKind, profile
from reex_crawler.storage import lookup, visits
from reex_crawler.storage.models import ResourceState
from reex_crawler.storage.visits import Address, Story
from reex_crawler.urls import last_segment, normalise

_REASONS = {
    DueReason.NEW: "listed, never asked",
    DueReason.EDITED: "a listing gives a later time of change",
    DueReason.COMMENTS: "a listing tells of comments that are not stored",
    DueReason.UNLISTED: "a listing that named it does so no more",
    DueReason.REVISIT: "nothing says that it changed; it is looked at all the same",
    DueReason.GONE: "it was not there; to confirm that, or see it return",
    DueReason.RECHECK: "somebody wants it asked",
}
_NOT_DUE = {
    ResourceState.NEW: "never asked; it waits for a backfill",
    ResourceState.MOVED: "it leads to another address, which is asked instead",
    ResourceState.DEAD: "given up; it is asked again when a listing says something new of it",
}
_NEAREST = 3


@click.command(epilog=examples("reex why china-rare-earth-exports", "reex why 7855 --json"))
@click.argument("name", metavar="URL|SLUG|ID")
@json_option
def command(name: str, *, as_json: bool) -> None:
    """Show when an address is asked next and why: who names it, and what the last visits found.

    Any spelling will do: with a tracking query, of a comment page, an old slug, the slug alone, the site's number.
    """
    config = configuration()
    site = profile(config.site_url)
    with archive(config) as session:
        story = _story(session, name, site)
    if as_json:
        write_json(_as_json(story))
    else:
        _write(story)


def _story(session: Session, name: str, site: SiteProfile) -> Story:
    url = name if "://" in name else site.url(name) if name.startswith("/") else None
    spellings: list[str] = []
    number = int(name) if name.isdecimal() else None
    if url is not None:
        with suppress(ValueError):
            spellings = [one for one in (site.article_url(url), normalise(url)) if one]
            if site.kind(url) is UrlKind.ARTICLE_ID:
                number = int(parse_qs(urlsplit(url).query)["p"][0])
    slug = None if url else unquote(name)
    story = visits.find(session, urls=spellings, slug=slug, number=number)
    if story is not None:
        return story
    message = f"nothing is known of {name}"
    raise UsageError(message, hint=_hint(session, name, url, site))


def _hint(session: Session, name: str, url: str | None, site: SiteProfile) -> str:
    by_slug = {last_segment(known) or known: known for known in lookup.urls(session)}
    wanted = unquote(name.rstrip("/").rpartition("/")[2])
    near = [by_slug[slug] for slug in get_close_matches(wanted, by_slug, n=_NEAREST, cutoff=0.5)]
    hint = f"Nearest known: {', '.join(near)}" if near else "reex status says what is stored"
    named = url is None or site.kind(url) is UrlKind.ARTICLE_ID or site.article_url(url)
    return hint if named else f"It is no address of an article on {site.site_url}. {hint}"


def _due(story: Story, address: Address) -> str:
    """When an address is asked next and why, in words."""
    if address.next_due_at is None:
        return f"not due: {_NOT_DUE.get(address.state, 'asked when the crawl comes to it')}"
    return f"due {shown(address.next_due_at)} ({address.due_reason}: {_why(story, address)})"


def _why(story: Story, address: Address) -> str:
    reason, article = address.due_reason, story.article
    if reason is DueReason.RETRY:
        return f"tried {address.tries} times: {address.last_error or address.last_status}"
    if reason is DueReason.REVISIT and article is not None and address.last_fetched_at is not None:
        return revisit.explained(article.history, address.last_fetched_at)
    return _REASONS[reason] if reason else "asked when the crawl comes to it"


def _as_json(story: Story) -> dict[str, Any]:
    addresses = [asdict(one) | {"due": _due(story, one)} for one in story.addresses]
    return asdict(story) | {"addresses": addresses}


def _write(story: Story) -> None:
    rows: list[tuple[str, object]] = []
    if story.addresses:
        main, *others = story.addresses
        rows += [("address", main.url), ("next", _due(story, main)), ("state", main.state), ("tries", main.tries)]
        rows += [("last asked", main.last_fetched_at), ("last status", main.last_status)]
        rows += [("last error", main.last_error)] if main.last_error else []
        rows += [("known since", main.first_seen_at)]
        rows += [("also known as", f"{one.url} ({one.state}; {_due(story, one)})") for one in others]
    if story.article is not None:
        facts = asdict(story.article)
        facts |= facts.pop("history")
        told = ((name, value) for name, value in facts.items() if value is not None and name != "url")
        rows += [(f"article {name.replace('_', ' ')}", value) for name, value in told]
    else:
        rows.append(("article", "not stored"))
    write_rows(rows, columns=("", ""), title="Why")
    if story.named_by:
        table = [
            (one.source, one.first_listed_at, one.last_listed_at, one.published_at, one.modified_at, one.listed_in)
            for one in story.named_by
        ]
        columns = ("named by", "since", "last", "published", "changed", "in")
        write_rows(table, columns=columns, title="Listings that name it")
    if story.visits:
        found = [
            (one.at, one.reason, one.status, one.found, _comments(one.new_comments), one.error) for one in story.visits
        ]
        columns = ("visited", "because", "status", "found", "comments", "error")
        write_rows(found, columns=columns, title="Last visits")


def _comments(new: int) -> str:
    return f"{new} new" if new else ""
