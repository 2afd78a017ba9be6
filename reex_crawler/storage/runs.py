"""Crawl runs: one row from the start of a spider to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from reex_crawler.storage.models import CrawlRunRow, RunOutcome


def start(
    session: Session, *, spider: str, arguments: Mapping[str, Any], versions: Mapping[str, str], started_at: datetime
) -> int:
    """Note that a run began; gives its number."""
    values = {
        "spider": spider,
        "arguments": dict(arguments),
        "versions": dict(versions),
        "started_at": started_at,
        "outcome": RunOutcome.RUNNING,
        "stats": {},
    }
    return session.execute(insert(CrawlRunRow).values(values).returning(CrawlRunRow.id)).scalar_one()


def finish(  # noqa: PLR0913 - each is a fact of the run's end, given by name
    session: Session,
    run_id: int,
    *,
    outcome: RunOutcome,
    exit_code: int,
    stats: Mapping[str, Any],
    ended_at: datetime,
) -> None:
    """Note how the run ended. ``stats`` holds JSON values only."""
    values = {"outcome": outcome, "exit_code": exit_code, "stats": dict(stats), "ended_at": ended_at}
    session.execute(update(CrawlRunRow).where(CrawlRunRow.id == run_id).values(values))


def close_killed(session: Session) -> int:
    """Note that runs without an end were killed; gives their number. To be called by the holder of the lock only.

    When they ended is not known.
    """
    killed = update(CrawlRunRow).where(CrawlRunRow.outcome == RunOutcome.RUNNING).values(outcome=RunOutcome.KILLED)
    return len(session.execute(killed.returning(CrawlRunRow.id)).all())


def latest(session: Session, limit: int) -> Sequence[CrawlRunRow]:
    """The last runs, newest first."""
    return session.scalars(select(CrawlRunRow).order_by(CrawlRunRow.id.desc()).limit(limit)).all()
