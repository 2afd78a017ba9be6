"""When to look at an address again. Pure: what is known of it goes in, an instant or a span comes out.

Some changes no listing tells: a silent edit, an edited or removed comment, a withdrawn article. They are found by
looking, more seldom the longer nothing changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from reex_crawler.records import DueReason


class Trouble(Enum):
    """Why an address gave no article."""

    FAILED = auto()
    """No answer, or one that says it failed."""
    PASSING = auto()
    """A page that stands there for a while: a challenge, maintenance."""
    LASTING = auto()
    """A page that is meant to stand there: a form for a password, a list."""


SHORTEST = timedelta(hours=6)
LONGEST = timedelta(days=90)
# An article that has been quiet for a month is looked at every ten days.
_SHARE = 3
# What was edited often will be edited again.
_OFTEN = 3

GIVE_UP = 10
"""After so many failures in a row an address is asked no more."""
# A fault of the site, or a page half way through a change, is mostly over when the next run asks.
_AT_ONCE = {Trouble.FAILED: 3, Trouble.PASSING: 1, Trouble.LASTING: 0}
_FIRST_WAIT = {
    Trouble.FAILED: timedelta(hours=1),
    Trouble.PASSING: timedelta(days=1),
    Trouble.LASTING: timedelta(days=1),
}
_LONGEST_WAIT = timedelta(days=30)

PLANNED = frozenset({DueReason.UNLISTED, DueReason.REVISIT, DueReason.GONE})
"""Visits that no listing asks for; they are held within a daily budget, and news is not."""

CONFIRM = timedelta(days=1)
"""After so long an address that was not there is asked again for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of an article that decides how soon it may change again."""

    first_seen_at: datetime
    published_at: datetime | None
    edits: int
    """How many changes of the site's we have seen."""
    edited_at: datetime | None
    """When we saw the last of them."""
    commented_at: datetime | None
    """When the newest comment was posted."""

    @property
    def changed_at(self) -> datetime:
        """The last sign of life; an article whose publication is unknown counts from when it was first seen."""
        signs = (self.published_at or self.first_seen_at, self.edited_at, self.commented_at)
        return max(sign for sign in signs if sign is not None)


def interval(history: History, at: datetime) -> timedelta:
    """How long to leave an article alone after a look at it at ``at``: a third of the time it has been quiet.

    A sixth where it was edited before, a twelfth where it was edited often; never under six hours or over 90 days.
    """
    share = _SHARE * (1 if not history.edits else 2 if history.edits < _OFTEN else 4)
    return min(max((at - history.changed_at) / share, SHORTEST), LONGEST)


def explained(history: History, at: datetime) -> str:
    """Why ``interval`` is what it is, as a sentence."""
    edits = f"; edited {history.edits} times" if history.edits > 1 else "; edited once" if history.edits else ""
    return (
        f"looked at every {span(interval(history, at))}, because nothing of it changed "
        f"for {span(at - history.changed_at)}{edits}"
    )


def after_failure(trouble: Trouble, tries: int, at: datetime) -> datetime | None:
    """When to ask again what gave no article for the ``tries``-th time in a row; none to give up.

    The first times at once, which is in the next run, then after waits that double.
    """
    if tries >= GIVE_UP and trouble is Trouble.FAILED:
        return None
    late = tries - _AT_ONCE[trouble]
    if late <= 0:
        return at
    return at + min(_FIRST_WAIT[trouble] * (1 << min(late - 1, 10)), _LONGEST_WAIT)


def after_absence(at: datetime, last_asked_at: datetime | None) -> datetime:
    """When to ask again for what is not there: after a day, then after twice the wait before.

    ``last_asked_at`` is when it was found absent before; none for the first time.
    """
    waited = at - last_asked_at if last_asked_at else timedelta()
    return at + min(max(2 * waited, CONFIRM), LONGEST)


def span(time: timedelta) -> str:
    """A span in words, in the largest unit that fits twice: ``47 h``, ``3 days``."""
    hours = max(time, timedelta()) / timedelta(hours=1)
    return f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004 - two days
