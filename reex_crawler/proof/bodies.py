"""The page that an answer was, proven to be what was received."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from reex_crawler.archive import digests, sound
from reex_crawler.archive.reader import REVISIT, Archive, Raw, to_page
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.records import Page, Record
from reex_crawler.storage import fetches
from reex_crawler.storage.kept import Kept

_HINT = "reex verify names all that disagrees; restore the file from a backup"


def proven(session: Session, archive: Archive, kept: Kept) -> Page:
    """The page of a row, its body without Content-Encoding.

    Raises ``ArchiveDamaged`` where a digest, of a record or of the row, says that it is another one.
    """
    raw = _sound(archive, kept.record)
    holder = _holder(session, raw)
    repeated = _sound(archive, holder) if holder else None
    try:
        page = to_page(raw, asked=kept.asked, repeated=repeated)
    except ValueError as error:
        raise _damaged(archive, kept.record, str(error)) from error
    if raw.payload_digest != kept.record.payload_digest:
        raise _damaged(archive, kept.record, f"the payload digest is not {kept.record.payload_digest}, as its row says")
    if repeated is not None and not digests.agree(raw.payload_digest, repeated.payload_digest):
        raise _damaged(archive, kept.record, f"what it repeats has the payload digest {repeated.payload_digest}")
    if kept.digest not in {None, hashlib.sha256(page.body).hexdigest()}:
        raise _damaged(archive, kept.record, f"the SHA-256 of its body is not {kept.digest}, as its row says")
    return page


def _holder(session: Session, raw: Raw) -> Record | None:
    """Where the body is that a revisit repeats; those of other programs may not name it."""
    if raw.kind != REVISIT:
        return None
    named = fetches.places(session, [raw.refers_to]).get(raw.refers_to)
    return named or fetches.first_with_payload(session, raw.payload_digest)


def _sound(archive: Archive, record: Record) -> Raw:
    raw = archive.record(record.file, record.offset)
    if raw.record_id != record.record_id:
        raise _damaged(archive, record, f"here is {raw.record_id or 'no record'}, not {record.record_id}")
    for problem in sound.problems(raw):
        raise _damaged(archive, record, problem)
    return raw


def _damaged(archive: Archive, record: Record, what: str) -> ArchiveDamaged:
    message = f"the archive is damaged: {archive.folder / record.file} at byte {record.offset:,}: {what}"
    return ArchiveDamaged(message, hint=_HINT)
