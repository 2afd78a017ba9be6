"""What a listing said of an article, as JSON and back: a crawl that is killed still knows what its listings told it.

Where the JSON is kept is no matter of this module. Texts are kept as the listing gave them; they are not repaired here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from datetime import datetime
from typing import Any

from reex_crawler.records import Author, Dated, Listed, ListedComment, Precision, Taxonomy, Term

_KEPT = tuple(field for field in fields(Listed) if field.name not in {"url", "source", "listed_in"})


def dump(listed: Listed) -> dict[str, Any]:
    """All that the listing says beside the address and its own name, as a JSON object without its empty fields."""
    return _object(listed, _KEPT)


def load(url: str, source: str, listed_in: str, facts: Mapping[str, Any]) -> Listed:
    """What ``dump`` was given: ``load(one.url, one.source, one.listed_in, dump(one)) == one``.

    Fields that are not there are empty, and those of no name known here are passed over, so that facts written by
    another version can be read. Raises ``ValueError``, ``TypeError`` or ``KeyError`` for what no version writes.
    """
    thread = facts.get("thread")
    return Listed(
        url=url,
        source=source,
        listed_in=listed_in,
        post_id=facts.get("post_id"),
        title=facts.get("title"),
        published=_dated(facts.get("published")),
        modified=_dated(facts.get("modified")),
        authors=tuple(Author(**_known(Author, author)) for author in facts.get("authors", ())),
        terms=tuple(_term(term) for term in facts.get("terms", ())),
        comment_count=facts.get("comment_count"),
        content_html=facts.get("content_html"),
        thread=None if thread is None else tuple(_comment(comment) for comment in thread),
    )


def _object(value: Any, of: tuple[Field[Any], ...]) -> dict[str, Any]:
    said = ((field, getattr(value, field.name)) for field in of)
    return {field.name: _json(content) for field, content in said if content != field.default}


def _json(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Precision() | Taxonomy():
            return value.value
        case tuple():
            return [_json(item) for item in value]
        case Author() | Term() | Dated() | ListedComment():
            return _object(value, fields(value))
    return value


def _known(kind: type, facts: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in facts.items() if name in names}


def _dated(facts: Mapping[str, Any] | None) -> Dated | None:
    if facts is None:
        return None
    return Dated(datetime.fromisoformat(facts["at"]), Precision(facts["precision"]), facts["raw"])


def _term(facts: Mapping[str, Any]) -> Term:
    return Term(**_known(Term, facts) | {"taxonomy": Taxonomy(facts["taxonomy"])})


def _comment(facts: Mapping[str, Any]) -> ListedComment:
    return ListedComment(**_known(ListedComment, facts) | {"posted": _dated(facts.get("posted"))})
