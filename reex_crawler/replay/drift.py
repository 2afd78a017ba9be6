"""What another extractor changed in the articles as they are now: which fields, on how many, with examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.storage.models import ArticleRow, CommentRow

_COLUMNS = (
    *("post_id", "url", "slug", "title", "published_at", "published_precision", "modified_at", "modified_precision"),
    *("highlights", "body", "body_markdown", "body_html", "word_count", "language", "lead_image", "layout"),
    "thread_complete",
)
_EXAMPLES = 3
_AROUND = 30


@dataclass(frozen=True, slots=True)
class Example:
    """One article, and a field of it before and after, from where the two begin to differ."""

    url: str
    before: str
    after: str


@dataclass(slots=True)
class Change:
    """A field that reads otherwise."""

    articles: int = 0
    examples: list[Example] = field(default_factory=list)


class Drift:
    """Counts the articles on which a field changed."""

    def __init__(self) -> None:
        self.fields: dict[str, Change] = {}
        self.articles = 0
        """On how many any field changed."""

    def add(self, url: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Compare two states of one article."""
        changed = [name for name in after if before[name] != after[name]]
        self.articles += bool(changed)
        for name in changed:
            change = self.fields.setdefault(name, Change())
            change.articles += 1
            if len(change.examples) < _EXAMPLES:
                change.examples.append(Example(url, *differing(str(before[name]), str(after[name]))))


def state_of(session: Session, row: ArticleRow) -> dict[str, Any]:
    """All that is read of an article, as it is stored now."""
    session.flush()
    session.expire(row)
    thread = select(
        CommentRow.comment_id,
        CommentRow.parent_id,
        CommentRow.author_name,
        CommentRow.posted_at,
        CommentRow.body,
        CommentRow.state,
    ).where(CommentRow.article_id == row.id)
    return {name: getattr(row, name) for name in _COLUMNS} | {
        "authors": [(one.name, one.slug) for one in row.authors],
        "terms": [(one.taxonomy.value, one.name) for one in row.terms],
        "images": [(one.url, one.alt, one.caption) for one in row.images],
        "links": [(one.url, one.text) for one in row.links],
        "repairs": [(one.field, one.before, one.after) for one in row.repairs],
        "comments": [tuple(one) for one in session.execute(thread.order_by(CommentRow.comment_id))],
    }


def differing(before: str, after: str) -> tuple[str, str]:
    """Two texts from a little before where they begin to differ, each in one short line."""
    at = next((i for i, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), None)
    start = max((min(len(before), len(after)) if at is None else at) - _AROUND, 0)

    def shown(text: str) -> str:
        end = start + 3 * _AROUND
        piece = " ".join(text[start:end].split())
        return f"{'…' if start else ''}{piece}{'…' if len(text) > end else ''}"

    return shown(before), shown(after)
