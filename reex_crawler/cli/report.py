"""What ``reex crawl`` says at its end: one page of plain text, for a person at a terminal and for a mail alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from reex_crawler.cli.common import shown
from reex_crawler.errors import AlreadyRunning, SiteRefused, StorageError, UsageError
from reex_crawler.reasons import (
    ALREADY_RUNNING,
    FINISHED,
    INTERRUPTED,
    NOT_STARTED,
    OTHER_SITE,
    SHUTDOWN,
    SITE_REFUSED,
    SOME_FAILED,
    STORAGE_ERROR,
    TIME_IS_UP,
    by_reason,
)
from reex_crawler.records import DueReason, Outcome
from reex_crawler.storage import accounts, agenda
from reex_crawler.storage.backlog import Due

if TYPE_CHECKING:
    from reex_crawler.spiders.in_turn import Crawled, Task

# What fits on a page, with all the rest.
_NAMED = 10
_LABEL = 12
_LONGEST = 300

_ENDS = {
    FINISHED: "done",
    TIME_IS_UP: "stopped when the time was up; the next run goes on from here",
    STORAGE_ERROR: "stopped, since the database failed; what was stored before stays",
    SITE_REFUSED: "stopped, since the site refuses to be read",
    ALREADY_RUNNING: "not done, since another run holds the database",
    OTHER_SITE: "not done, since the database holds the archive of another site",
    SHUTDOWN: "interrupted; what was stored before stays",
    NOT_STARTED: "could not be started",
}
_CODES = {
    0: "done",
    SOME_FAILED: "something failed",
    UsageError.exit_code: "a setting is wrong",
    SiteRefused.exit_code: "the site refuses",
    StorageError.exit_code: "the database failed",
    AlreadyRunning.exit_code: "another run is at work",
    INTERRUPTED: "interrupted",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows tell of a run, and what they hold for the next."""

    troubles: accounts.Troubles
    waiting: Mapping[DueReason, int]
    next: Due | None


def read_facts(session: Session, run_id: int, now: datetime) -> Facts:
    """The part of the report that stands in the database."""
    return Facts(
        accounts.troubles(session, run_id, named=_NAMED),
        agenda.count_waiting(session, now),
        accounts.upcoming(session, now),
    )


def report(done: Sequence[tuple[Crawled, Facts | None]], left_out: Iterable[Task], code: int) -> Iterator[str]:
    """The lines of the report: one part a spider, and how it all ended."""
    for crawled, facts in done:
        yield f"{crawled.task.spider}: {_ending(crawled)}"
        for label, text in _part(crawled, facts):
            yield f"  {label:<{_LABEL}}{one_line(text)}"
    for task in left_out:
        yield f"{task.spider}: not started"
    yield f"exit code {code}: {_CODES[code]}"


def _ending(crawled: Crawled) -> str:
    """How a crawl ended, in words."""
    if crawled.reason == FINISHED and crawled.exit_code == SOME_FAILED:
        return "done, but some pages failed"
    return _ENDS.get(crawled.reason) or f"stopped: {crawled.reason.replace('_', ' ')}"


def _part(crawled: Crawled, facts: Facts | None) -> Iterator[tuple[str, str]]:
    stats = crawled.stats
    if crawled.task.arguments:
        yield "asked for", ", ".join(f"{name}={value}" for name, value in crawled.task.arguments.items())
    if not stats.get("downloader/request_count"):
        return
    yield "articles", ", ".join(f"{stats.get(f'reex/articles_{name}', 0)} {name}" for name in (*Outcome, "gone"))
    yield "comments", f"{stats.get('reex/comments_new', 0)} new"
    for label, kind in (("failed", "failed"), ("set aside", "quarantined")):
        if reasons := by_reason(stats, kind):
            yield label, _counted(reasons)
    if facts:
        yield from _named(facts.troubles.pages, facts.troubles.pages_in_all)
        if closed := facts.troubles.listings_in_all:
            yield "listings", f"{closed} closed or broken"
            yield from _named(facts.troubles.listings, closed)
    yield "requests", f"{stats['downloader/request_count']} in {_time(stats)}"
    if facts:
        yield from _backlog(facts)


def _named(troubles: Sequence[accounts.Trouble], in_all: int) -> Iterator[tuple[str, str]]:
    for trouble in troubles:
        yield "", trouble.why if trouble.url in trouble.why else f"{trouble.url}: {trouble.why}"
    if in_all > len(troubles):
        yield "", f"and {in_all - len(troubles)} more: reex status"


def _backlog(facts: Facts) -> Iterator[tuple[str, str]]:
    waiting = {reason.value: count for reason, count in facts.waiting.items()}
    yield "waiting", _counted(waiting) if waiting else "nothing"
    if facts.next:
        why = f" ({facts.next.reason})" if facts.next.reason else ""
        yield "next due", f"{shown(facts.next.at)} {facts.next.url}{why}"


def _counted(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    return parts if len(counts) == 1 else f"{sum(counts.values())}: {parts}"


def _time(stats: Mapping[str, Any]) -> str:
    minutes, seconds = divmod(round(stats.get("elapsed_time_seconds", 0)), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def one_line(text: str) -> str:
    """A text as one line that no terminal takes for a command: what the site or the network said may stand in it."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
