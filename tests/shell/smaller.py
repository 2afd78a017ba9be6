"""A replica with fewer articles, for tests that crawl often; and time that passes between two crawls."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.replica import Replica
from tests.replica.truth import Status

_STAMPS = {
    "resources": ("first_seen_at", "last_fetched_at", "next_due_at"),
    "fetches": ("fetched_at",),
    "listings": ("first_listed_at", "last_listed_at"),
    "robots_copies": ("fetched_at",),
}


def shrink(replica: Replica, count: int) -> None:
    """Leave the newest visible articles, two podcasts among them, and nothing else."""
    visible = [entry for entry in replica.site.written if entry.status is Status.PUBLISH]
    news = [entry for entry in visible if entry.post_type == "news-archive"][: count - 2]
    podcasts = [entry for entry in visible if entry.post_type == "podcast"][:2]
    kept = sorted(news + podcasts, key=lambda entry: (entry.published, entry.post_id), reverse=True)
    replica.site = replace(replica.site, written=tuple(kept))


def age(database: Path, by: timedelta) -> None:
    """Let time pass: what the crawls so far did, they did so much earlier."""
    earlier = f"-{by.total_seconds():.0f} seconds"
    with closing(sqlite3.connect(database)) as connection, connection:
        for table, columns in _STAMPS.items():
            for column in columns:
                shifted = f"strftime('%Y-%m-%d %H:%M:%S+00:00', {column}, ?)"
                connection.execute(f"UPDATE {table} SET {column} = {shifted}", (earlier,))
