"""Comment threads: what readers wrote, in the order and under the parents that they chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.wordpress import prose

READERS = (
    ("Ian Brown", "https://example.org/ian"),
    ("Mei-Ling Zhao", ""),
    ("สมชาย ใจดี", ""),
    ("J. O'Connor", "https://example.net/"),
    ("Łukasz W.", ""),
    ('Bob "Ore" Hale', "https://example.com/bob?a=1&b=2"),
    ("Smith & Daughters", ""),
    ("anna", ""),
)

RICH = (
    "First paragraph of a longer thought, with a line\nbreak in it.\n\nSecond paragraph: https://example.org/report?id=7&lang=en is where the figures are.",
    "I like it 😀 and my colleague 👩‍🔬 does, too. ⚒️",
    '<blockquote>It is a small market.</blockquote>\n\nThat\'s <em>the</em> point, "small" or not :-)',
    'Compare <a href="https://example.com/assay">this assay</a> with <code>TREO > 2 %</code>; a < b.',
    "<strong>Three</strong> things:\n\n1) price\n2) price\n\n3) price -- and patience...",
    "中国稀土的数据从哪里来？ Genuine question.",
    "Спасибо за статью, “оксид неодима” упомянут верно.",
)


@dataclass(slots=True)
class Thread:
    """The comments of one article, made one after the other; each has a key that its answers name."""

    random: Random
    at: datetime
    comments: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, text: str | None = None, *, parent: int | None = None, at: datetime | None = None, **facts: Any
    ) -> int:
        """One comment, an hour or so after the last one, or at ``at``; returns its key."""
        self.at = at or self.at + timedelta(seconds=self.random.randint(61, 9000))
        author, url = self.random.choice(READERS)
        comment = {
            "key": len(self.comments),
            "parent": parent,
            "author": author,
            "url": url,
            "email": "reader@example.org",
            "date_gmt": self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            "content": text or prose.comment(self.random),
            "type": "comment",
            "status": "approve",
            **facts,
        }
        self.comments.append({name: value for name, value in comment.items() if value is not None})
        return len(self.comments) - 1


def chat(thread: Thread, count: int) -> None:
    """A few comments, about every second one an answer to an earlier one."""
    for _ in range(count):
        earlier = [comment["key"] for comment in thread.comments]
        thread.add(parent=thread.random.choice(earlier) if earlier and thread.random.random() < 0.5 else None)


def pages(thread: Thread) -> None:
    """Enough for several pages of comments, answers on each of them."""
    for number in range(17):
        top = thread.add()
        if number % 3 == 0:
            answer = thread.add(parent=top)
            thread.add(parent=answer)


def deep(thread: Thread) -> None:
    """Two lines of answers deeper than the five levels that the site nests."""
    for depth in (9, 7):
        parent = None
        keys = []
        for _ in range(depth):
            parent = thread.add(parent=parent)
            keys.append(parent)
        # A late answer to the fifth level stands among the flattened ones.
        thread.add(parent=keys[4])


def rich(thread: Thread) -> None:
    """Paragraphs, links, emoji, quotations, code."""
    for text in RICH:
        thread.add(text)


def pings(thread: Thread) -> None:
    """Pingbacks and trackbacks among comments."""
    thread.add()
    thread.add(
        "[&#8230;] as reported on magnets [&#8230;]",
        type="pingback",
        author="Magnet Weekly",
        url="https://example.org/magnets/",
    )
    top = thread.add()
    thread.add(
        "<strong>Ore Notes</strong>\n\nA note on the same deal.",
        type="trackback",
        author="Ore Notes",
        url="https://example.net/ore/",
    )
    thread.add(parent=top)


def moderated(thread: Thread) -> None:
    """Held, spam and trashed comments, and approved answers under them, which only a flat list shows."""
    shown = thread.add()
    held = thread.add(f"{SECRET} held", status="hold")
    thread.add("Approved, below a held one.", parent=held)
    thread.add(f"{SECRET} spam", parent=shown, status="spam")
    bad = thread.add(f"{SECRET} trash", status="trash")
    thread.add("Approved, below a trashed one.", parent=bad)
    thread.add(parent=shown)


def daylight(thread: Thread) -> None:
    """Around both changes of the clock in Denver: the hour that happens twice, the one that never does."""
    for text in (
        "2025-03-09T08:59:58", "2025-03-09T09:00:07", "2025-11-02T07:15:09", "2025-11-02T08:15:31", "2025-11-02T09:00:00",
        "2026-01-01T06:59:59",
    ):  # fmt: skip
        thread.add(at=datetime.fromisoformat(text).replace(tzinfo=UTC))


SECRET = "QZX-NOT-FOR-READERS"
"""Stands in everything that no visitor may see, so that one search through a database finds any leak."""
