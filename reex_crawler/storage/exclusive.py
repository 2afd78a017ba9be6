"""The database of one who changes it outside of a crawl: locked as a crawl locks it, its tables up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL, Connection, Engine

from reex_crawler.storage import lock
from reex_crawler.storage.schema import upgrade
from reex_crawler.storage.session import make_engine


@contextmanager
def exclusive(url: URL) -> Iterator[Engine | Connection]:
    """What transactions are made over while no crawl can run; the tables are made or upgraded first.

    Raises ``AlreadyRunning`` where a crawl runs, ``StorageError`` where the database cannot be used.
    """
    engine = make_engine(url)
    try:
        held = lock.hold(engine)
        try:
            upgrade(engine)
            yield held.connection or engine
        finally:
            held.release()
    finally:
        engine.dispose()
