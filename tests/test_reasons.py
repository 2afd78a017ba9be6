from __future__ import annotations

import pytest

from reex_crawler import reasons
from reex_crawler.storage.models import RunOutcome


@pytest.mark.parametrize(
    ("reason", "failed", "code", "outcome"),
    [
        ("finished", 0, 0, RunOutcome.DONE),
        ("finished", 2, 1, RunOutcome.PARTIAL),
        ("time_is_up", 0, 0, RunOutcome.DONE),
        ("time_is_up", 2, 1, RunOutcome.PARTIAL),
        ("closespider_timeout", 0, 0, RunOutcome.DONE),
        ("closespider_itemcount", 0, 0, RunOutcome.DONE),
        ("closespider_pagecount", 0, 0, RunOutcome.DONE),
        ("closespider_errorcount", 0, 1, RunOutcome.FAILED),
        ("closespider_timeout_no_item", 0, 1, RunOutcome.FAILED),
        ("memusage_exceeded", 0, 1, RunOutcome.FAILED),
        ("site_refused", 2, 3, RunOutcome.REFUSED),
        ("storage_error", 0, 4, RunOutcome.FAILED),
        ("already_running", 0, 75, RunOutcome.FAILED),
        ("other_site", 0, 2, RunOutcome.FAILED),
        ("shutdown", 2, 130, RunOutcome.INTERRUPTED),
        ("start_error", 0, 1, RunOutcome.FAILED),
        ("not_started", 0, 1, RunOutcome.FAILED),
    ],
)
def test_a_limit_is_no_failure_and_whatever_is_unknown_is_one(
    reason: str, failed: int, code: int, outcome: RunOutcome
) -> None:
    assert reasons.exit_code(reason, failed=failed) == code
    assert reasons.run_outcome(reason, failed=failed) is outcome


@pytest.mark.parametrize(
    ("codes", "code"),
    [([0, 0], 0), ([1, 0], 1), ([0, 1, 3], 3), ([1, 4], 4), ([1, 75], 75), ([1, 130], 130), ([5, 1], 5), ([], 130)],
)
def test_the_most_serious_code_stands_for_several_crawls(codes: list[int], code: int) -> None:
    assert reasons.most_serious(codes) == code


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        *((reason, True) for reason in ("site_refused", "storage_error", "already_running", "other_site", "shutdown")),
        *((reason, False) for reason in ("finished", "start_error", "closespider_itemcount")),
    ],
)
def test_the_next_crawl_is_not_started_where_it_could_do_no_better(reason: str, *, ends: bool) -> None:
    assert reasons.ends_all(reason) is ends
