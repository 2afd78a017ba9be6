"""WARC files of other programs taken into the archive and read from there, each page as of the time of its capture.

First the answers are copied and get their rows, then the pages of articles are read, the oldest first. Wherever that is
broken off, the same import goes on from there: what has its row is not copied, what has its note is not read again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from reex_crawler import __version__, ingest
from reex_crawler.archive import files
from reex_crawler.archive.foreign import Found, Source, sources
from reex_crawler.archive.reader import REVISIT, Archive, Broken
from reex_crawler.archive.writer import Writer
from reex_crawler.errors import ArchiveDamaged, PageError, StorageError, UsageError
from reex_crawler.records import Outcome, Record
from reex_crawler.replay import renewal, take_up
from reex_crawler.replay.captures import Capture, Captures, Role
from reex_crawler.replay.copying import Copied, Copier
from reex_crawler.replay.inputs import note_of
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import fetches, runs, site_of
from reex_crawler.storage.models import RunOutcome
from reex_crawler.storage.session import transaction

logger = logging.getLogger(__name__)

NAME = "import"
"""What stands for the spider in the row of the run."""

_SOME_FAILED = 1
# 128 + SIGINT, as a shell has it.
_INTERRUPTED = 130
# How many pages a transaction stores.
_PAGES = 20
# Why a page is none of an article where its address tells that.
_OTHER_PAGE = "other page"
_COPIED = (
    "These answers were captured by another program and are copied here byte for byte, under their own ids and dates; "
    "what it wrote beside them (requests, notes) is not. The digests are made anew, of the bytes as they stand here."
)

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(slots=True)
class Imported:
    """What an import found and did."""

    files: int = 0
    answers: Copied = field(default_factory=Copied)
    pages: Counter[Outcome] = field(default_factory=Counter)
    """Pages of articles that were stored, by what that did."""
    read_before: int = 0
    """Pages of articles that an earlier import stored."""
    comments: int = 0
    """New ones."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Pages that give no article, by the reason."""
    failed: list[str] = field(default_factory=list)
    """Pages that met a fault of this program, a line each."""
    damage: list[str] = field(default_factory=list)
    """What of the files could not be read, a line each."""
    missing: list[str] = field(default_factory=list)
    """Files that could not be opened, a line each."""

    @property
    def exit_code(self) -> int:
        """The exit code of the command, by the most serious of what happened."""
        if self.damage:
            return ArchiveDamaged.exit_code
        if self.missing:
            return UsageError.exit_code
        return _SOME_FAILED if self.failed else 0

    def stats(self) -> dict[str, int]:
        """The same as the row of the run keeps it."""
        counts = {
            "answers_taken": self.answers.taken,
            "answers_known": self.answers.known,
            "answers_elsewhere": self.answers.elsewhere,
            **{f"articles_{outcome}": count for outcome, count in self.pages.items()},
            "comments_new": self.comments,
            "passed_over": self.passed_over.total(),
            "failed": len(self.failed),
            "damaged": len(self.damage),
            "missing": len(self.missing),
        }
        return {f"reex/{name}": count for name, count in counts.items()}


def import_files(  # noqa: PLR0913 - each is a fact of the import, given by name
    bind: Engine | Connection,
    folder: Path,
    site: SiteProfile,
    paths: Sequence[Path],
    *,
    operator: str | None,
    progress: Progress,
) -> Imported:
    """Take what others captured of the site into the archive in ``folder``, and its articles into the database.

    The lock of the database is the caller's, that of the folder is taken here. What is damaged is named and passed
    over, as are files that cannot be opened. Raises ``AlreadyRunning`` where another run writes into the folder,
    ``StorageError`` where database or archive cannot be used, ``ConfigError`` for a database of another site.
    """
    with files.held(folder):
        return _import_files(bind, folder, site, paths, operator=operator, progress=progress)


def _import_files(  # noqa: PLR0913 - as above
    bind: Engine | Connection,
    folder: Path,
    site: SiteProfile,
    paths: Sequence[Path],
    *,
    operator: str | None,
    progress: Progress,
) -> Imported:
    with transaction(bind) as session:
        site_of.check(session, site.site_url)
        runs.close_killed(session)
        run_id = runs.start(
            session,
            spider=NAME,
            arguments={"files": [str(path) for path in paths]},
            versions={"reex_crawler": __version__, "warcio": version("warcio")},
            started_at=datetime.now(UTC),
        )
    done = Imported()
    outcome, code = RunOutcome.INTERRUPTED, _INTERRUPTED
    try:
        for name in files.left_open(folder):
            take_up.file(bind, Archive(folder), site, name)
        _Import(bind, folder, site, run_id, done, operator=operator).run(paths, progress)
        code = done.exit_code
        outcome = RunOutcome.PARTIAL if code else RunOutcome.DONE
    except StorageError as error:
        outcome, code = RunOutcome.FAILED, error.exit_code
        raise
    finally:
        # Where the database is away the next run notes that this one ended.
        with suppress(StorageError), transaction(bind) as session:
            ended_at = datetime.now(UTC)
            runs.finish(session, run_id, outcome=outcome, exit_code=code, stats=done.stats(), ended_at=ended_at)
    return done


class _Import:
    """An import that is under way."""

    def __init__(  # noqa: PLR0913 - what every step of it needs
        self,
        bind: Engine | Connection,
        folder: Path,
        site: SiteProfile,
        run_id: int,
        done: Imported,
        *,
        operator: str | None,
    ) -> None:
        self._bind = bind
        self._folder = folder
        self._site = site
        self._run_id = run_id
        self._done = done
        self._operator = operator
        self._archive = Archive(folder)
        self._captures = Captures(self._archive, site)

    def run(self, paths: Sequence[Path], progress: Progress) -> None:
        """Copy all files, then read the articles in them."""
        found: list[Source] = []
        for path in paths:
            try:
                found += sources(path)
                self._done.files += 1
            except UsageError as error:
                self._done.missing.append(str(error))
        copier = Copier(self._bind, self._archive, self._site, self._run_id, self._done.answers)
        before, total = 0, sum(source.size for source in found)

        def move(of: int, offset: int) -> None:
            progress("copying", of + offset, total)

        for source in found:
            with self._writing(source.name) as writer:
                self._copy(source, copier, writer, partial(move, before))
            before += source.size
            move(before, 0)
        with self._writing(", ".join(source.name for source in found)) as writer:
            self._read_all(writer, progress)

    @contextmanager
    def _writing(self, source: str) -> Iterator[Writer]:
        """A file of the archive, begun with its first record; where that is broken off, left to the next run."""
        info = {
            "description": _COPIED,
            "software": f"reex_crawler/{__version__} warcio/{version('warcio')}",
            "isPartOf": self._site.site_url,
            "operator": self._operator or "",
            "reex-run": str(self._run_id),
            "reex-spider": NAME,
            "reex-import": source,
        }
        writer = Writer(self._folder, info)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            raise
        writer.close()

    def _copy(self, source: Source, copier: Copier, writer: Writer, progress: Callable[[int], None]) -> None:
        try:
            for one in copier.copy(source, writer, progress=progress):
                if isinstance(one, Broken):
                    self._done.damage.append(str(one))
                else:
                    self._take(*one)
        except UsageError as error:
            self._done.missing.append(str(error))

    def _take(self, found: Found, record: Record) -> None:
        if found.kind == REVISIT and record.body_at is None:
            return
        capture = Capture(found.asked, found.at, record)
        role = self._captures.add(capture, status=found.status, content_type=found.content_type)
        if role is Role.PAGE:
            self._done.passed_over[_OTHER_PAGE] += 1

    def _read_all(self, writer: Writer, progress: Progress) -> None:
        todo = self._captures.articles()
        waiting = iter(todo)
        read = 0
        while some := list(islice(waiting, _PAGES)):
            with transaction(self._bind) as session:
                noted = fetches.noted(session, [capture.record.record_id for capture in some])
                for capture in some:
                    if capture.record.record_id in noted:
                        self._done.read_before += 1
                    else:
                        self._read(session, capture, writer)
                writer.sync()
            writer.rotate()
            read += len(some)
            progress("reading", read, len(todo))

    def _read(self, session: Session, capture: Capture, writer: Writer) -> None:
        try:
            read = self._captures.read(capture)
        except PageError as error:
            self._done.passed_over[error.reason] += 1
            return
        except ArchiveDamaged as error:
            self._done.damage.append(str(error))
            return
        except StorageError:
            raise
        except Exception as error:
            # A fault of ours, which must cost neither this page nor those after it.
            logger.exception("the page of %s cannot be read", capture.url)
            self._done.failed.append(f"{capture.url}: {type(error).__name__}: {error}")
            return
        note = note_of(read.page, parts=read.parts, listed=read.listed, why=None, run_id=self._run_id)
        renewal.renew(session, self._archive, self._site, read.article)
        stored = ingest.store(
            session,
            read.article,
            run_id=self._run_id,
            pages=(read.page, *read.parts),
            note=writer.note(note) if note else None,
        )
        self._done.pages[stored.outcome] += 1
        self._done.comments += stored.new_comments
