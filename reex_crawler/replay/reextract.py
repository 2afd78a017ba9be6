"""The archive read again by today's extractor, into the database that points to it.

Whatever reads otherwise is our change and never an edit of the site: the article follows it, its earlier content stays
as a revision, and the new one is a revision of origin ``extractor``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.records import Article
from reex_crawler.replay.again import Again, read_all
from reex_crawler.replay.drift import Drift, state_of
from reex_crawler.replay.inputs import inputs_of
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import articles, fetches
from reex_crawler.storage.fetches import Choice
from reex_crawler.storage.models import ArticleRow
from reex_crawler.storage.reading import reading_hash
from reex_crawler.storage.session import rehearsing, transaction
from reex_crawler.storage.types import whole_second


@dataclass(slots=True)
class Reextracted:
    """What reading the archive again came to."""

    pages: int = 0
    """Answers that were read again."""
    changed: int = 0
    """Those that read otherwise."""
    recovered: list[str] = field(default_factory=list)
    """The URLs of pages that were set aside and are articles now."""
    refused: list[str] = field(default_factory=list)
    """Why stored articles are none by today's extractor, a line each; they stay as they are."""
    damage: list[str] = field(default_factory=list)
    """What the archive does not hold any more, a line each."""
    drift: Drift = field(default_factory=Drift)


def reextract(  # noqa: PLR0913 - each is a fact of the work, given by name
    bind: Engine | Connection,
    archive: Archive,
    site: SiteProfile,
    choice: Choice,
    *,
    workers: int,
    dry_run: bool,
    progress: Callable[[int, int], None],
) -> Reextracted:
    """Read the chosen answers again, with so many processes; ``dry_run`` takes all of it back in the end.

    Raises ``StorageError`` where the database or a file of the archive cannot be used.
    """
    done = Reextracted()
    with rehearsing(bind) if dry_run else nullcontext(bind) as opened:
        with transaction(opened) as session:
            todo = fetches.to_read(session, choice)
        current: set[int] = set()
        for batch in read_all(todo, archive, site.site_url, workers=workers):
            _take(opened, batch, done, archive)
            current |= {one.read.fetch_id for one in batch if one.damage is None and one.refused is None}
            done.pages += len(batch)
            progress(done.pages, len(todo))
        with transaction(opened) as session:
            fetches.mark_read_by(session, EXTRACTOR_VERSION, current)
    return done


def _take(bind: Engine | Connection, batch: list[Again], done: Reextracted, archive: Archive) -> None:
    done.damage += [one.damage for one in batch if one.damage]
    done.refused += [one.refused for one in batch if one.refused and not one.read.was_set_aside]
    new = [(one, one.article) for one in batch if one.article is not None]
    if not new:
        return
    with transaction(bind) as session:
        for one, article in new:
            done.changed += 1
            if one.read.was_set_aside:
                _recover(session, one, article, archive)
                done.recovered.append(article.url)
            else:
                _follow(session, one, article, done.drift)


def _recover(session: Session, one: Again, article: Article, archive: Archive) -> None:
    note = archive.record(*one.read.note).note()
    if note is not None:
        given = inputs_of(archive, note)
        ingest.store(session, article, pages=(given.page, *given.parts), why=given.why, note=one.read.note)


def _follow(session: Session, one: Again, article: Article, drift: Drift) -> None:
    row, _ = articles.row_of(session, article)
    before = state_of(session, row) if row is not None and _is_last(row, article) else None
    stored = articles.upsert(
        session, article, extractor_version=EXTRACTOR_VERSION, fetch_id=one.read.fetch_id, again=True
    )
    fetches.read_again(session, one.read.fetch_id, reading_hash(article))
    if row is not None and before is not None and stored.article_id == row.id:
        drift.add(row.url, before, state_of(session, row))


def _is_last(row: ArticleRow, article: Article) -> bool:
    return whole_second(article.capture.fetched_at) >= row.last_seen_at
