"""What is still to be asked and what could not be had, over all runs: counts, and the addresses that come first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reex_crawler.records import DueReason
from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow, ResourceState
from reex_crawler.storage.types import whole_second


@dataclass(frozen=True, slots=True)
class Due:
    """An article's address that is to be asked, since when or from when on."""

    url: str
    at: datetime
    reason: DueReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Addresses that could not be had the last time, alike in why."""

    kind: ResourceKind
    outcome: FetchOutcome | None
    status: int | None
    why: str | None
    """What the last try met, without the address itself."""
    addresses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """One address that could not be had."""

    url: str
    tries: int
    last_error: str | None
    last_fetched_at: datetime | None


def planned(session: Session, now: datetime) -> dict[DueReason, int]:
    """How many articles' addresses are due later than ``now``, by the reason."""
    counts = (
        select(ResourceRow.due_reason, func.count())
        .where(ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.next_due_at > whole_second(now))
        .group_by(ResourceRow.due_reason)
    )
    return {reason: count for reason, count in session.execute(counts) if reason is not None}


def next_due(session: Session, limit: int) -> list[Due]:
    """The articles' addresses that are due first, whether or not their time has come."""
    first = (
        select(ResourceRow.url, ResourceRow.next_due_at, ResourceRow.due_reason)
        .where(ResourceRow.kind == ResourceKind.ARTICLE, ResourceRow.next_due_at.is_not(None))
        .order_by(ResourceRow.next_due_at, ResourceRow.id)
        .limit(limit)
    )
    return [Due(url, at, reason) for url, at, reason in session.execute(first) if at is not None]


def failures(session: Session) -> list[Failure]:
    """Why addresses could not be had the last time, what is most frequent first."""
    # Most errors begin with the address, and would else all be different.
    why = func.replace(ResourceRow.last_error, ResourceRow.url, "").label("why")
    count = func.count().label("addresses")
    grouped = (
        select(
            ResourceRow.kind,
            ResourceRow.last_outcome.label("outcome"),
            ResourceRow.last_status.label("status"),
            why,
            count,
        )
        .where(ResourceRow.state == ResourceState.FAILED)
        .group_by(ResourceRow.kind, ResourceRow.last_outcome, ResourceRow.last_status, "why")
        .order_by(count.desc(), "why", ResourceRow.kind)
    )
    return [
        Failure(
            kind=row.kind,
            outcome=row.outcome,
            status=row.status,
            why=row.why.strip() if row.why else None,
            addresses=row.addresses,
        )
        for row in session.execute(grouped)
    ]


def last_in(session: Session, state: ResourceState, limit: int) -> list[Failing]:
    """The addresses of a state that were asked last."""
    last = (
        select(ResourceRow.url, ResourceRow.tries, ResourceRow.last_error, ResourceRow.last_fetched_at)
        .where(ResourceRow.state == state)
        .order_by(ResourceRow.last_fetched_at.desc(), ResourceRow.id)
        .limit(limit)
    )
    return [Failing(**row) for row in session.execute(last).mappings()]
