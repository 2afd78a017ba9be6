"""Why a crawl ended, and what that means for its exit code (docs/exit-codes.md) and its row in ``crawl_runs``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reex_crawler.errors import SiteRefused, StorageError
from reex_crawler.storage.models import RunOutcome

FINISHED = "finished"
STORAGE_ERROR = "storage_error"
SITE_REFUSED = "site_refused"
# Scrapy's own, after Ctrl-C or SIGTERM.
SHUTDOWN = "shutdown"

SOME_FAILED = 1
# 128 + SIGINT, as a shell has it.
INTERRUPTED = 130

DEFECT = "defect"
"""Why a page was set aside or lost: a fault of this program, not of the page."""


def exit_code(reason: str, *, failed: int) -> int:
    """The exit code of a crawl that ended for ``reason``, after ``failed`` pages could not be stored."""
    if reason == STORAGE_ERROR:
        return StorageError.exit_code
    if reason == SITE_REFUSED:
        return SiteRefused.exit_code
    if reason == SHUTDOWN:
        return INTERRUPTED
    return SOME_FAILED if failed or reason != FINISHED else 0


def run_outcome(reason: str, *, failed: int) -> RunOutcome:
    """The same as the row of the run keeps it."""
    if reason == FINISHED:
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
