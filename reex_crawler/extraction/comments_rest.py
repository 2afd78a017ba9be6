"""What the REST collection of comments knows better than markup: exact seconds, true parents, unlinked addresses.

It adds to comments that the page shows, and never a comment of its own: REST also lists what no reader sees, such as an
approved reply under a held one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from reex_crawler.extraction.document import Mender
from reex_crawler.records import Comment, Dated, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.instants import machine, plausible
from reex_crawler.text.typography import folded
from reex_crawler.urls import absolute

_UTC = ZoneInfo("UTC")
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What REST says of one comment; none where it does not say."""

    parent: int | None
    """Zero at the root."""
    posted: Dated | None
    author_name: str | None
    author_url: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """One answer of the collection: facts by comment id, and how many answers there are in all."""

    by_id: dict[int, Fact]
    pages: int


def page_asked(url: str, post_id: int, profile: SiteProfile) -> int | None:
    """Which page (from 1) of an article's REST comments a URL asks for; none where it asks for something else."""
    wanted = urlsplit(profile.comments_url(post_id))
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if not profile.owns(url) or parts.path != wanted.path or query.get("post") != [str(post_id)]:
        return None
    number = query.get("page", ["1"])[0]
    return int(number) if number.isascii() and number.isdecimal() else None


def read_facts(page: Page) -> Facts:
    """The facts of one answer; a refusal, a web page or any other answer holds none."""
    try:
        answer = json.loads(page.body) if page.status == HTTPStatus.OK else None
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, list):
        return Facts({}, 0)
    by_id = {entry["id"]: _fact(entry, page) for entry in answer if isinstance(entry, dict) and _is_id(entry.get("id"))}
    pages = (page.header("X-WP-TotalPages") or "").strip()
    return Facts(by_id, int(pages) if pages.isascii() and pages.isdecimal() and len(pages) < len("1000") else 1)


def refine(comment: Comment, fact: Fact, mender: Mender) -> Comment:
    """The comment with what REST knows better; its words stay those that the page shows.

    A name that differs only as typed and printed text do is taken as typed: block themes print curly quotes in names.
    """
    parent_id = comment.parent_id
    if fact.parent is not None and fact.parent != comment.comment_id:
        parent_id = fact.parent or None
    name = mender.line(f"comment:{comment.comment_id}", fact.author_name)
    return replace(
        comment,
        parent_id=parent_id,
        posted=fact.posted or comment.posted,
        author_name=name if name and folded(name) == folded(comment.author_name or name) else comment.author_name,
        author_url=comment.author_url or fact.author_url,
    )


def _fact(entry: dict[str, Any], page: Page) -> Fact:
    posted, name, url = entry.get("date_gmt"), entry.get("author_name"), entry.get("author_url")
    parent = entry.get("parent")
    return Fact(
        parent=parent if parent == 0 or _is_id(parent) else None,
        posted=plausible(machine(posted, _UTC), page.fetched_at) if isinstance(posted, str) else None,
        author_name=name if isinstance(name, str) else None,
        author_url=absolute(url, url) if isinstance(url, str) else None,
    )


def _is_id(value: object) -> bool:
    return type(value) is int and 0 < value <= _LARGEST_ID
