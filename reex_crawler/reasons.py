"""Why a crawl ended, and what that means for its exit code (docs/exit-codes.md) and its row in ``crawl_runs``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reex_crawler.errors import DEFECT, AlreadyRunning, ConfigError, LayoutDrift, SiteRefused, StorageError, UsageError
from reex_crawler.storage.models import RunOutcome

FINISHED = "finished"
TIME_IS_UP = "time_is_up"
STORAGE_ERROR = "storage_error"
SITE_REFUSED = "site_refused"
ALREADY_RUNNING = "already_running"
OTHER_SITE = "other_site"
NOT_STARTED = "not_started"
# Scrapy's own, after Ctrl-C or SIGTERM.
SHUTDOWN = "shutdown"

SOME_FAILED = 1
# 128 + SIGINT, as a shell has it.
INTERRUPTED = 130

# A crawl that stops where it was told to is done; these are Scrapy's settings CLOSESPIDER_TIMEOUT and so on.
_LIMITS = frozenset({TIME_IS_UP, "closespider_timeout", "closespider_itemcount", "closespider_pagecount"})
_DONE = _LIMITS | {FINISHED}
_CODES = {
    STORAGE_ERROR: StorageError.exit_code,
    SITE_REFUSED: SiteRefused.exit_code,
    ALREADY_RUNNING: AlreadyRunning.exit_code,
    OTHER_SITE: ConfigError.exit_code,
    SHUTDOWN: INTERRUPTED,
}
_SERIOUS_FIRST = (
    INTERRUPTED,
    StorageError.exit_code,
    SiteRefused.exit_code,
    AlreadyRunning.exit_code,
    UsageError.exit_code,
    LayoutDrift.exit_code,
    SOME_FAILED,
    0,
)


def exit_code(reason: str, *, failed: int) -> int:
    """The exit code of a crawl that ended for ``reason``, after ``failed`` pages could not be stored."""
    return _CODES.get(reason, SOME_FAILED if failed or reason not in _DONE else 0)


def most_serious(codes: Iterable[int]) -> int:
    """The exit code of several crawls that were run one after the other; where not one began, they were interrupted."""
    return min(codes, key=_SERIOUS_FIRST.index, default=INTERRUPTED)


def ends_all(reason: str) -> bool:
    """Whether a crawl that ended so speaks against starting another one now."""
    return reason in _CODES


def run_outcome(reason: str, *, failed: int) -> RunOutcome:
    """The same as the row of the run keeps it."""
    if reason in _DONE:
        return RunOutcome.PARTIAL if failed else RunOutcome.DONE
    known = {SITE_REFUSED: RunOutcome.REFUSED, SHUTDOWN: RunOutcome.INTERRUPTED}
    return known.get(reason, RunOutcome.FAILED)


def by_reason(stats: Mapping[str, Any], kind: str) -> dict[str, int]:
    """How many pages were ``failed`` or ``quarantined``, by the reason."""
    prefix = f"reex/{kind}/"
    return {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix)}


def failures(stats: Mapping[str, Any]) -> int:
    """How many pages gave no answer that could be used, or met a fault of this program."""
    return sum(by_reason(stats, "failed").values()) + by_reason(stats, "quarantined").get(DEFECT, 0)
