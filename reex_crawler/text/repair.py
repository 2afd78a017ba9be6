"""Encoding damage mended where the repair is certain."""

from __future__ import annotations

from collections.abc import Sequence

from reex_crawler.records import Repaired


def repair(text: str) -> Repaired:
    """Repair one text on its own."""
    return repair_block([text])[0]


def repair_block(runs: Sequence[str]) -> tuple[Repaired, ...]:
    """Repair the text nodes of one paragraph together; as many results as runs."""
    return tuple(Repaired(run) for run in runs)
