"""The last robots.txt that could be had, which serves for a day where it cannot (RFC 9309, section 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import RobotsCopyRow


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it was had; empty text where the site has none."""

    url: str
    body: str
    fetched_at: datetime


def copy(session: Session, url: str) -> RobotsCopy | None:
    """The copy of this address, however old."""
    row = session.get(RobotsCopyRow, url)
    return RobotsCopy(row.url, row.body, row.fetched_at) if row else None


def keep(session: Session, kept: RobotsCopy) -> None:
    """Keep a copy in place of the one before."""
    insert = insert_into(session, RobotsCopyRow).values(url=kept.url, body=kept.body, fetched_at=kept.fetched_at)
    new = insert.excluded
    session.execute(
        insert.on_conflict_do_update(index_elements=["url"], set_={"body": new.body, "fetched_at": new.fetched_at})
    )
