"""Answers of the site copied from other programs' files into the archive, each with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from reex_crawler.archive.exchange import parse_response, payload_digest
from reex_crawler.archive.foreign import Found, Source
from reex_crawler.archive.reader import RESPONSE, REVISIT, Archive, Broken
from reex_crawler.archive.writer import Writer
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.records import Record
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import fetches
from reex_crawler.storage.fetches import Answer
from reex_crawler.storage.session import transaction
from reex_crawler.urls import on_site

# As much as a transaction copies.
_ANSWERS = 200
_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Copied:
    """What copying came to."""

    taken: int = 0
    """Answers that were new to the archive."""
    known: int = 0
    """Answers that it had."""
    elsewhere: int = 0
    """Answers of other sites, left out."""


class Copier:
    """Copies the answers of the files of one import. Every method raises ``StorageError``."""

    def __init__(
        self, bind: Engine | Connection, archive: Archive, site: SiteProfile, run_id: int, copied: Copied
    ) -> None:
        self._bind = bind
        self._archive = archive
        self._site = site
        self._run_id = run_id
        self._copied = copied
        self._payloads: dict[str, str] = {}
        """Digests as other programs wrote them, and our own of the same payload."""

    def copy(
        self, source: Source, writer: Writer, *, progress: Callable[[int], None]
    ) -> Iterator[tuple[Found, Record] | Broken]:
        """Copy a file; gives its answers, each once it has its row, with its place in the archive, and the damage.

        ``progress`` is told the offset in the file. Raises ``UsageError`` where the file cannot be read.
        """
        batch: list[Found] = []
        size = 0
        for one in source.read(self._site.site_url, datetime.now(UTC)):
            if isinstance(one, Broken):
                yield one
            elif isinstance(one, Found):
                batch.append(one)
                size += len(one.block)
            else:
                self._copied.elsewhere += one.is_answer
            if len(batch) >= _ANSWERS or size >= _BYTES:
                yield from self._write(batch, writer)
                batch, size = [], 0
                progress(one.offset)
        yield from self._write(batch, writer)

    def _write(self, batch: Sequence[Found], writer: Writer) -> list[tuple[Found, Record]]:
        if not batch:
            return []
        taken: list[tuple[Found, Record]] = []
        with transaction(self._bind) as session:
            known = fetches.places(session, [one.record_id for one in batch])
            rowless: list[Answer] = []
            for one in batch:
                if one.kind == REVISIT:
                    # What it repeats may have come just before it.
                    self._keep(session, rowless)
                digest, repeats = self._payload(session, one)
                record = known.get(one.record_id)
                if record is None:
                    record = known[one.record_id] = writer.copy(one, digest, repeats)
                    rowless.append(_answer(one, record))
                    self._copied.taken += 1
                else:
                    self._copied.known += 1
                taken.append((one, replace(record, body_at=(repeats.file, repeats.offset) if repeats else None)))
            self._keep(session, rowless)
            writer.sync()
        writer.rotate()
        return taken

    def _keep(self, session: Session, answers: list[Answer]) -> None:
        fetches.keep(session, answers, run_id=self._run_id)
        answers.clear()

    def _payload(self, session: Session, one: Found) -> tuple[str, Record | None]:
        """The digest of what an answer holds; for a revisit of what it repeats, and the answer that holds that."""
        theirs = one.field("WARC-Payload-Digest")
        if one.kind != REVISIT:
            digest = payload_digest(parse_response(one.block).body)
            if theirs:
                self._payloads[theirs] = digest
            return digest, None
        if one.status == HTTPStatus.NOT_MODIFIED:
            return payload_digest(b""), None
        for digest in self._repeated(session, one, theirs):
            holds = fetches.first_with_payload(session, digest)
            if holds and self._has_body(holds):
                return digest, holds
        return theirs or payload_digest(b""), None

    def _has_body(self, record: Record) -> bool:
        """Whether it is no other revisit of something that was never captured."""
        try:
            return self._archive.record(record.file, record.offset).kind == RESPONSE
        except ArchiveDamaged:
            return False

    def _repeated(self, session: Session, one: Found, theirs: str) -> Iterator[str]:
        """What may be the digest of what a revisit repeats, the surest first."""
        yield from (named.payload_digest for named in fetches.places(session, [one.field("WARC-Refers-To")]).values())
        url = on_site(one.field("WARC-Refers-To-Target-URI").strip("<>"), self._site.site_url) or one.asked
        with suppress(ValueError):
            at = datetime.fromisoformat(one.field("WARC-Refers-To-Date"))
            if at.tzinfo and (found := fetches.payload_at(session, url, at)):
                yield found
        yield self._payloads.get(theirs, theirs)


def _answer(one: Found, record: Record) -> Answer:
    return Answer(asked=one.asked, final_url=one.url, status=one.status, fetched_at=one.at, record=record)
