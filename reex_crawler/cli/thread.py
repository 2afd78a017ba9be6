"""A comment thread as indented lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import indent

from reex_crawler.cli.common import shown

_STEP = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is shown of one comment."""

    comment_id: int
    parent_id: int | None
    author: str
    posted: datetime | None
    body: str
    note: str = ""


def drawn(thread: Sequence[Line]) -> Iterator[str]:
    """Each comment below the one it answers, in the order given; one whose parent is unknown stands at the root."""
    known = {one.comment_id for one in thread}
    waiting = [(one, 0) for one in reversed(thread) if one.parent_id not in known]
    while waiting:
        one, depth = waiting.pop()
        head = f"#{one.comment_id} {one.author}, {shown(one.posted) or 'no date'}{one.note}"
        yield indent(f"{head}\n{indent(one.body, _STEP)}", _STEP * depth)
        waiting.extend((reply, depth + 1) for reply in reversed(thread) if reply.parent_id == one.comment_id)
