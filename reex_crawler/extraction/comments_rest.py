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
from reex_crawler.records import Comment, ListedComment, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.instants import machine, plausible
from reex_crawler.text.typography import folded
from reex_crawler.urls import absolute

_UTC = ZoneInfo("UTC")
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Facts:
    """One answer of the collection: facts by comment id, and how many answers there are in all."""

    by_id: dict[int, ListedComment]
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
    by_id = {one.comment_id: one for entry in answer if isinstance(entry, dict) and (one := _listed(entry, page))}
    pages = (page.header("X-WP-TotalPages") or "").strip()
    return Facts(by_id, int(pages) if pages.isascii() and pages.isdecimal() and len(pages) < len("1000") else 1)


def refine(comment: Comment, fact: ListedComment, mender: Mender) -> Comment:
    """The comment with what REST knows better; its words stay those that the page shows.

    A name that differs only as typed and printed text do is taken as typed: block themes print curly quotes in names.
    """
    parent_id = comment.parent_id
    if fact.parent_id is not None and fact.parent_id != comment.comment_id:
        parent_id = fact.parent_id or None
    name = mender.line(f"comment:{comment.comment_id}", fact.author_name)
    return replace(
        comment,
        parent_id=parent_id,
        posted=fact.posted or comment.posted,
        author_name=name if name and folded(name) == folded(comment.author_name or name) else comment.author_name,
        author_url=comment.author_url or fact.author_url,
    )


def _listed(entry: dict[str, Any], page: Page) -> ListedComment | None:
    comment_id, parent = entry.get("id"), entry.get("parent")
    if type(comment_id) is not int or not 0 < comment_id <= _LARGEST_ID:
        return None
    posted, name, url = entry.get("date_gmt"), entry.get("author_name"), entry.get("author_url")
    return ListedComment(
        comment_id=comment_id,
        parent_id=parent if type(parent) is int and 0 <= parent <= _LARGEST_ID else None,
        posted=plausible(machine(posted, _UTC), page.fetched_at) if isinstance(posted, str) else None,
        author_name=name if isinstance(name, str) else None,
        author_url=absolute(url, url) if isinstance(url, str) else None,
    )
