"""WordPress' REST API as far as a reader without login sees it: posts, comments, users, terms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from tests.replica.answer import Answer, Request
from tests.replica.content import Entry, RawComment
from tests.replica.people import AUTHORS, TERMS
from tests.replica.post import FOLDERS, Post, texturized
from tests.replica.themes.view import local
from tests.replica.truth import AuthorTruth, Status, TermTruth

ROOT = "/wp-json/"
_V2 = "/wp-json/wp/v2/"
_AUTHOR_IDS = {slug: number for number, slug in enumerate(AUTHORS, start=2)}
_TERM_IDS = {slug: number for number, slug in enumerate(TERMS, start=30)}
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)?", re.ASCII)
_JSON = ("Content-Type", "application/json; charset=UTF-8")
_COMMON = (("X-Robots-Tag", "noindex"), ("X-Content-Type-Options", "nosniff"), ("Allow", "GET"))


class Refusal(Enum):
    """The error answers of the API: code, message, status."""

    CLOSED = ("rest_not_logged_in", "You are not currently logged in.", 401)
    NO_ROUTE = ("rest_no_route", "No route was found matching the URL and request method.", 404)
    INVALID = ("rest_invalid_param", "Invalid parameter(s).", 400)
    PAST_THE_END = (
        "rest_post_invalid_page_number",
        "The page number requested is larger than the number of pages available.",
        400,
    )
    NO_POST = ("rest_post_invalid_id", "Invalid post ID.", 404)
    NOT_YOURS = ("rest_forbidden", "Sorry, you are not allowed to do that.", 401)
    NO_COMMENT = ("rest_comment_invalid_id", "Invalid comment ID.", 404)
    NO_PINGS = ("rest_forbidden_param", "Query parameter not permitted: type", 401)

    @property
    def answer(self) -> Answer:
        code, message, status = self.value
        return reply({"code": code, "message": message, "data": {"status": status}}, status=status)


class RestError(Exception):
    """Ends the handling of a request with an error answer."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


def reply(value: Any, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A JSON answer, escaped as PHP escapes it."""
    text = json.dumps(value, separators=(",", ":")).replace("/", "\\/")
    return Answer(status, (_JSON, *_COMMON, *headers), text.encode())


def answer(request: Request, base: str, state: str, posts: Sequence[Post]) -> Answer | None:
    """The answer for a path under ``/wp-json/``; none where there is no API at all."""
    if state == "absent":
        return None
    if state == "closed":
        return Refusal.CLOSED.answer
    try:
        return _route(request, base, posts)
    except RestError as error:
        return error.refusal.answer


def _route(request: Request, base: str, posts: Sequence[Post]) -> Answer:
    path = request.path.rstrip("/")
    if path == ROOT.rstrip("/"):
        return reply(
            {
                "name": "Rare Earth Exchanges",
                "url": base,
                "home": base,
                "gmt_offset": -7,
                "timezone_string": "America/Denver",
                "namespaces": ["oembed/1.0", "wp/v2"],
            }
        )
    collection, _, number = path.removeprefix(_V2).partition("/")
    if collection in FOLDERS:
        return _posts(request, base, [post for post in posts if post.entry.post_type == collection], number, path)
    if collection == "comments":
        return _comments(request, base, posts, number, path)
    if collection == "users":
        return _list(request, base, path, [_user(base, author) for author in AUTHORS.values()])
    if collection in {"categories", "tags"}:
        taxonomy = "category" if collection == "categories" else "tag"
        return _list(request, base, path, [_term(base, term) for term in TERMS.values() if term.taxonomy == taxonomy])
    raise RestError(Refusal.NO_ROUTE)


def _posts(request: Request, base: str, posts: list[Post], number: str, path: str) -> Answer:
    embed = "_embed" in request.query
    if number:
        return _one_post(request, base, posts, number, embed=embed)
    public = [post for post in posts if post.is_public]
    query = request.query
    limits: dict[str, Callable[[Entry], datetime]] = {
        "after": lambda entry: entry.published,
        "modified_after": lambda entry: entry.modified,
        "before": lambda entry: entry.published,
        "modified_before": lambda entry: entry.modified,
    }
    for name, stamp in limits.items():
        public = [post for post in public if _within(query, name, stamp(post.entry))]
    if "slug" in query:
        public = [post for post in public if post.entry.slug in query["slug"].split(",")]
    order = query.get("orderby", "date")
    if order not in {"date", "modified", "id", "slug", "title"}:
        raise RestError(Refusal.INVALID)
    keys: dict[str, Callable[[Post], Any]] = {
        "date": lambda post: (_wall(post.entry.published), post.entry.post_id),
        "modified": lambda post: (_wall(post.entry.modified), post.entry.post_id),
        "id": lambda post: post.entry.post_id,
        "slug": lambda post: post.entry.slug,
        "title": lambda post: post.entry.title,
    }
    public.sort(key=keys[order], reverse=query.get("order", "desc") == "desc")
    if _number(query, "page", 1) > max(-(-len(public) // _number(query, "per_page", 10)), 1) and public:
        raise RestError(Refusal.PAST_THE_END)
    return _list(request, base, path, [_post(base, post, embed=embed) for post in public])


def _one_post(request: Request, base: str, posts: list[Post], number: str, *, embed: bool) -> Answer:
    post = next((post for post in posts if str(post.entry.post_id) == number), None)
    if post is None:
        raise RestError(Refusal.NO_POST)
    if not post.is_public:
        raise RestError(Refusal.NOT_YOURS)
    return reply(_fields(request, _post(base, post, embed=embed)))


def _comments(request: Request, base: str, posts: Sequence[Post], number: str, path: str) -> Answer:
    # A reply that is approved under a held comment is in this list, and on no page.
    found = [
        (post, comment)
        for post in posts
        if post.entry.status is not Status.TRASH
        for comment in post.entry.comments
        if comment.approved and comment.kind == "comment"
    ]
    if number:
        one = next(((post, comment) for post, comment in found if str(comment.comment_id) == number), None)
        if one is None or not _readable(one[0]):
            raise RestError(Refusal.NO_COMMENT)
        return reply(_comment(base, *one))
    query = request.query
    if query.get("type", "comment") != "comment" or query.get("status", "approve") != "approve":
        raise RestError(Refusal.NO_PINGS)
    if "post" in query:
        wanted = query["post"].split(",")
        found = [(post, comment) for post, comment in found if str(post.entry.post_id) in wanted]
    for name in ("after", "before"):
        found = [(post, comment) for post, comment in found if _within(query, name, comment.posted)]
    keys: dict[str, Callable[[RawComment], Any]] = {
        "date": lambda comment: (_wall(comment.posted), comment.comment_id),
        "date_gmt": lambda comment: (comment.posted, comment.comment_id),
        "id": lambda comment: comment.comment_id,
    }
    if (order := query.get("orderby", "date_gmt")) not in keys:
        raise RestError(Refusal.INVALID)
    found.sort(key=lambda pair: keys[order](pair[1]), reverse=query.get("order", "desc") == "desc")
    # WordPress counts and pages what nobody may read, then leaves it out.
    rows = [_comment(base, post, comment) if _readable(post) else None for post, comment in found]
    return _list(request, base, path, rows)


def _readable(post: Post) -> bool:
    return post.is_public and not post.has_password


def _list(request: Request, base: str, path: str, rows: Sequence[dict[str, Any] | None]) -> Answer:
    """One page of the rows; past the end it is empty, which only collections of posts refuse."""
    query = request.query
    size, page = _number(query, "per_page", 10), _number(query, "page", 1)
    if not 1 <= size <= 100 or page < 1:
        raise RestError(Refusal.INVALID)
    pages = -(-len(rows) // size)
    shown = [_fields(request, row) for row in rows[(page - 1) * size : page * size] if row is not None]
    links = [
        f'<{base}{path}?{urlencode({**query, "page": other})}>; rel="{rel}"'
        for rel, other in (("prev", min(page - 1, pages)), ("next", page + 1))
        if 1 <= other <= pages
    ]
    headers = [("X-WP-Total", str(len(rows))), ("X-WP-TotalPages", str(pages))]
    return reply(shown, *headers, *([("Link", ", ".join(links))] if links else []))


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal():
        raise RestError(Refusal.INVALID)
    return int(value)


def _within(query: dict[str, str], name: str, stamp: datetime) -> bool:
    """Whether an instant keeps to a limit: strictly, and by the clock of the site, an offset converted to it first."""
    if name not in query:
        return True
    if not _DATE_TIME.fullmatch(query[name]):
        raise RestError(Refusal.INVALID)
    limit = datetime.fromisoformat(query[name])
    limit = _wall(limit) if limit.tzinfo else limit
    return _wall(stamp) > limit if name.endswith("after") else _wall(stamp) < limit


def _wall(instant: datetime) -> datetime:
    """The local time that WordPress stores beside UTC."""
    return local(instant).replace(tzinfo=None)


def _fields(request: Request, row: dict[str, Any]) -> dict[str, Any]:
    wanted = request.query.get("_fields")
    if wanted is None:
        return row
    keys = {name.partition(".")[0] for name in wanted.split(",")}
    return {key: value for key, value in row.items() if key in keys}


def _naive(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat()


def _post(base: str, post: Post, *, embed: bool) -> dict[str, Any]:
    entry = post.entry
    hidden = post.has_password
    row: dict[str, Any] = {
        "id": entry.post_id,
        "date": _naive(local(entry.published)),
        "date_gmt": _naive(entry.published),
        "guid": {
            "rendered": f"https://staging-4712.example.cloudhost.net/?post_type={entry.post_type}&#038;p={entry.post_id}"
        },
        "modified": _naive(local(entry.modified)),
        "modified_gmt": _naive(entry.modified),
        "slug": entry.slug,
        "status": "publish",
        "type": entry.post_type,
        "link": post.url,
        "title": {"rendered": post.title_html},
        "content": {"rendered": "" if hidden else post.content_html, "protected": hidden},
        "excerpt": {"rendered": "" if hidden else f"<p>{texturized(post.summary)}</p>\n", "protected": hidden},
        "author": _AUTHOR_IDS[entry.authors[0].slug],
        "featured_media": entry.post_id + 1,
        "comment_status": "closed" if "closed" in entry.notes else "open",
        "ping_status": "open",
        "template": "",
        "meta": [],
        "categories": [_TERM_IDS[term.slug] for term in entry.terms if term.taxonomy == "category"],
        "tags": [_TERM_IDS[term.slug] for term in entry.terms if term.taxonomy == "tag"],
        "_links": {
            "self": [{"href": f"{base}{_V2}{entry.post_type}/{entry.post_id}"}],
            "author": [{"embeddable": True, "href": f"{base}{_V2}users/{_AUTHOR_IDS[entry.authors[0].slug]}"}],
            "replies": [{"embeddable": True, "href": f"{base}{_V2}comments?post={entry.post_id}"}],
        },
    }
    if embed:
        groups = [
            [_term(base, term) for term in entry.terms if term.taxonomy == taxonomy] for taxonomy in ("category", "tag")
        ]
        row["_embedded"] = {"author": [_user(base, entry.authors[0])], "wp:term": groups}
    return row


def _comment(base: str, post: Post, comment: RawComment) -> dict[str, Any]:
    return {
        "id": comment.comment_id,
        "post": post.entry.post_id,
        "parent": comment.parent_id or 0,
        "author": _AUTHOR_IDS[comment.member] if comment.member else 0,
        "author_name": comment.author_name,
        "author_url": comment.author_url or "",
        "date": _naive(local(comment.posted)),
        "date_gmt": _naive(comment.posted),
        "content": {"rendered": f"{post.comment_html(comment)}\n"},
        "link": f"{post.url}#comment-{comment.comment_id}",
        "status": "approved",
        "type": "comment",
        "author_avatar_urls": {
            "24": f"https://secure.gravatar.com/avatar/{comment.comment_id * 7919:032x}?s=24&d=mm&r=g"
        },
        "meta": [],
        "_links": {"self": [{"href": f"{base}{_V2}comments/{comment.comment_id}"}]},
    }


def _user(base: str, author: AuthorTruth) -> dict[str, Any]:
    return {
        "id": _AUTHOR_IDS[author.slug],
        "name": author.name,
        "url": "",
        "description": author.bio,
        "link": base + author.path,
        "slug": author.slug,
    }


def _term(base: str, term: TermTruth) -> dict[str, Any]:
    taxonomy = "category" if term.taxonomy == "category" else "post_tag"
    return {
        "id": _TERM_IDS[term.slug],
        "link": base + term.path,
        "name": texturized(term.name),
        "slug": term.slug,
        "taxonomy": taxonomy,
    }
