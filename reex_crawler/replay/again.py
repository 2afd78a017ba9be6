"""Reading archived pages again, in as many processes as there are. Nothing is written here."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.records import Article
from reex_crawler.replay.inputs import inputs_of
from reex_crawler.site.profile import profile
from reex_crawler.storage.fetches import Read
from reex_crawler.storage.reading import reading_hash

# Enough that handing them over costs nothing beside reading them.
_AT_ONCE = 20
# Batches that wait for each process, so that none is idle and memory stays flat.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Again:
    """What reading an answer again gave."""

    read: Read
    article: Article | None = None
    """None where it is the same as before, or there is none."""
    refused: str | None = None
    """Why today's extractor sees no article."""
    damage: str | None = None
    """Why it cannot be read at all."""


def read_all(todo: Sequence[Read], archive: Archive, site_url: str, *, workers: int) -> Iterator[list[Again]]:
    """Every answer read again, in order, some at a time; by this process where ``workers`` is 1."""
    batches = (list(todo[at : at + _AT_ONCE]) for at in range(0, len(todo), _AT_ONCE))
    if workers == 1:
        with _seldom_collecting():
            for batch in batches:
                yield read_some(batch, archive.folder, site_url)
        return
    # Processes that begin empty share no connection with this one; what they need is imported once for all of them.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_collect_seldom) as pool:
        waiting: deque[Future[list[Again]]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(read_some, batch, archive.folder, site_url))
                if len(waiting) > workers * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _collect_seldom() -> None:
    # Reading a page leaves no cycles behind; looking for them among all that is loaded takes a sixth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    before = gc.get_threshold()
    _collect_seldom()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def read_some(batch: list[Read], folder: Path, site_url: str) -> list[Again]:
    """Some answers read again. Raises ``StorageError`` where a file of the archive cannot be read."""
    archive, site = Archive(folder), profile(site_url)
    found: list[Again] = []
    for read in batch:
        try:
            note = archive.record(*read.note).note()
            if note is None:
                found.append(Again(read, damage=f"{read.note[0]} at byte {read.note[1]:,} is no note on an answer"))
                continue
            given = inputs_of(archive, note)
        except ArchiveDamaged as error:
            found.append(Again(read, damage=str(error)))
            continue
        article = ingest.read_or_set_aside(given.page, site, more=given.parts, listed=given.listed)
        if not isinstance(article, Article):
            found.append(Again(read, refused=article.detail))
        elif read.reading_hash == reading_hash(article):
            found.append(Again(read))
        else:
            found.append(Again(read, article=article))
    return found
