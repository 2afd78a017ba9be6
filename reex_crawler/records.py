"""The plain values that travel along the road from bytes to rows.

All of them are frozen, know nothing of Scrapy, SQLAlchemy or lxml, and carry instants as timezone-aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where the raw archive keeps an answer."""

    file: str
    """Name of the WARC file, relative to the archive."""
    offset: int
    """First byte of the compressed record in that file."""
    length: int
    """Bytes of the compressed record."""
    record_id: str
    """``WARC-Record-ID``."""
    payload_digest: str
    """``WARC-Payload-Digest``: of the body as it came, its Content-Encoding kept."""
    body_at: tuple[str, int] | None = None
    """File and offset of the record that has the body, where this one only repeats it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of the site, as bytes; live, archived or saved in a file, it is the same value.

    ``headers`` are pairs in the order received, repeated names kept. ``body`` has its Content-Encoding removed.
    """

    url: str
    """The URL that was asked for, before any redirect."""
    final_url: str
    """The URL that answered, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    """When the answer was received, aware UTC."""
    record: Record | None = field(default=None, compare=False)
    """Where the archive keeps it; two pages are equal whatever keeps them."""
    redirect: Record | None = field(default=None, compare=False)
    """Where the archive keeps the first redirect, the answer of the URL that was asked."""

    def header(self, name: str) -> str | None:
        """The first value of a header, its name compared without case (RFC 9110, section 5.1)."""
        return next(iter(self.header_values(name)), None)

    def header_values(self, name: str) -> tuple[str, ...]:
        """Every value of a header in the order received."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What is kept of a page beside its content: which answer a record was read from."""

    url: str
    final_url: str
    status: int
    fetched_at: datetime
    digest: str
    """SHA-256 of the body in hex."""
    size: int
    """Length of the body in bytes."""


class Precision(StrEnum):
    """The finest unit that a source gave for an instant."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Dated:
    """An instant, how exactly it is known, and the text it was read from."""

    at: datetime
    """Aware UTC; for ``Precision.DAY`` the start of the day in the site's time zone."""
    precision: Precision
    raw: str


@dataclass(frozen=True, slots=True)
class Step:
    """One encoding repair: the codec chain (such as ``utf-8>windows-874``), the text before and after."""

    codecs: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Text that looks damaged and was left alone because no repair of it is certain."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after repair, what was done to it, and what still looks wrong."""

    text: str
    steps: tuple[Step, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRepair:
    """A repair and the field of the article it was made in, such as ``body`` or ``comment:17``."""

    field: str
    step: Step


@dataclass(frozen=True, slots=True)
class FieldSuspicion:
    """A suspicion and the field of the article it was found in."""

    field: str
    suspicion: Suspicion


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A byline: ``slug`` is the last segment of the author's page, WordPress' ``user_nicename``."""

    name: str
    slug: str | None = None
    url: str | None = None
    bio: str | None = None


class Taxonomy(StrEnum):
    """The two kinds of terms WordPress gives an article."""

    CATEGORY = "category"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category or tag of an article."""

    taxonomy: Taxonomy
    name: str
    slug: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image the body shows, with its absolute URL."""

    url: str
    alt: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the body: absolute URL, visible anchor text, and whether it stays on the site."""

    url: str
    text: str
    internal: bool


class CommentKind(StrEnum):
    """WordPress' comment types that a reader can see."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One visible comment. Avatars, e-mail hashes and addresses are never part of it."""

    comment_id: int
    """The site's own id."""
    parent_id: int | None
    """The site's id of the comment it answers; none at the root."""
    author_name: str
    author_url: str | None
    by_article_author: bool
    posted: Dated | None
    body: str
    """Plain text, paragraphs parted by a blank line."""
    kind: CommentKind = CommentKind.COMMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedComment:
    """What a listing (REST collection, comment feed) says of one comment; none where it does not say."""

    comment_id: int
    """The site's own id."""
    post_id: int | None = None
    """Of the article."""
    article_url: str | None = None
    """The article's canonical URL."""
    parent_id: int | None = None
    """The site's id of the comment it answers, zero at the root: none where the listing tells nothing of parents."""
    posted: Dated | None = None
    author_name: str | None = None
    author_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one listing (feed, sitemap, REST collection) says of one address.

    A listing knows only part of this; what it does not give is ``None`` or empty.
    """

    url: str
    source: str
    """``feed``, ``sitemap`` or ``rest``."""
    listed_in: str
    """The URL of the listing."""
    post_id: int | None = None
    title: str | None = None
    published: Dated | None = None
    modified: Dated | None = None
    authors: tuple[Author, ...] = ()
    terms: tuple[Term, ...] = ()
    comment_count: int | None = None
    content_html: str | None = None
    """The whole text of an article parted by ``<!--nextpage-->``, which only REST shows in one piece."""
    thread: tuple[ListedComment, ...] | None = None
    """Every comment that REST's collection names for the article; none where the collection was not read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as a page tells it. An absent fact is ``None`` or empty, never a guess."""

    post_id: int | None
    url: str
    """Canonical URL: the site's scheme and host, no query, no fragment, percent-encoding normalised."""
    slug: str | None
    title: str
    published: Dated | None
    modified: Dated | None
    authors: tuple[Author, ...]
    terms: tuple[Term, ...]
    highlights: tuple[str, ...]
    body: str
    """Plain text: paragraphs parted by a blank line, headings on their own line, list items one a line with ``- ``."""
    body_markdown: str
    body_html: str
    """Sanitised HTML."""
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    lead_image: str | None
    language: str | None
    """BCP 47 tag."""
    word_count: int
    layout: str
    """The layout that was recognised, or ``trafilatura`` where none was."""
    sources: dict[str, str]
    """Field name to the source that won, such as ``{"published": "json-ld"}``."""
    comments: tuple[Comment, ...]
    """The visible comments of all pages read, in the order shown."""
    thread_complete: bool
    """Whether every page of the comment thread was read."""
    pending: tuple[str, ...]
    """Further pages of this article (comment pages, text pages, REST comments) that were not read yet."""
    repairs: tuple[FieldRepair, ...]
    suspicions: tuple[FieldSuspicion, ...]
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page that was fetched and gave no article, with the reason; its bytes are kept."""

    reason: str
    detail: str
    page: Page = field(repr=False)


class DueReason(StrEnum):
    """Why an address is to be asked."""

    NEW = "new"
    """Listed, never asked."""
    EDITED = "edited"
    """A listing gives a later time of change."""
    COMMENTS = "comments"
    """A listing names a comment that is not stored, or another number of comments."""
    UNLISTED = "unlisted"
    """A listing that should name it does not."""
    REVISIT = "revisit"
    """Nothing says that it changed; changes that nothing tells are found by looking."""
    RETRY = "retry"
    """The last try failed."""
    GONE = "gone"
    """It was not there; to confirm that, or see it return."""
    RECHECK = "recheck"
    """Somebody wants it asked."""


class Outcome(StrEnum):
    """What storing an article did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
