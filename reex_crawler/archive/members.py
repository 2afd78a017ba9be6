"""The gzip members of a WARC file, found by reading the bytes themselves (RFC 1952; WARC 1.1, annex D).

A member is a record. Where one is damaged, what follows it is still found: nobody else's reader does that.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO

GZIP = 16 + zlib.MAX_WBITS
"""What tells zlib that there is a header of gzip."""
_CHUNK = 32 * 1024
MAGIC = b"\x1f\x8b\x08"
"""How a member begins."""
_RECORD = b"WARC/"
LARGEST = 256 * 1024 * 1024
"""Bytes that a record may have unpacked; far more than any answer that is kept, and what memory allows."""


@dataclass(frozen=True, slots=True)
class Member:
    """One whole member: where it stands, and what it holds."""

    offset: int
    length: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole member, and why."""

    offset: int
    length: int
    reason: str


class Damaged(Exception):
    """There is no whole member at this place."""


def read_member(stream: BinaryIO, offset: int) -> Member:
    """The member that begins at ``offset``; raises ``Damaged``."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(GZIP)
    content: list[bytes] = []
    read = size = 0
    while not unpacker.eof:
        chunk = stream.read(_CHUNK)
        if not chunk:
            message = "the file ends inside of a record" if read else "the file ends before this record"
            raise Damaged(message)
        read += len(chunk)
        try:
            content.append(unpacker.decompress(chunk, LARGEST - size + 1))
        except zlib.error as error:
            message = f"the record cannot be unpacked ({error})"
            raise Damaged(message) from error
        size += len(content[-1])
        if size > LARGEST:
            message = f"the record is larger than {LARGEST:,} bytes"
            raise Damaged(message)
    return Member(offset, read - len(unpacker.unused_data), b"".join(content))


def members(stream: BinaryIO) -> Iterator[Member | Damage]:
    """All members of a file in order; of what is damaged, where the next whole record begins."""
    offset = 0
    end = stream.seek(0, 2)
    while offset < end:
        try:
            member = read_member(stream, offset)
        except Damaged as damaged:
            resumed = _next(stream, offset + 1, end)
            yield Damage(offset, resumed - offset, str(damaged))
            offset = resumed
        else:
            yield member
            offset += member.length


def _next(stream: BinaryIO, offset: int, end: int) -> int:
    """Where the next record begins after ``offset``; the end of the file where there is none."""
    while offset < end:
        stream.seek(offset)
        chunk = stream.read(_CHUNK)
        at = chunk.find(MAGIC)
        while at >= 0:
            if begins_record(stream, offset + at):
                return offset + at
            at = chunk.find(MAGIC, at + 1)
        # The magic may lie across two chunks.
        offset += max(len(chunk) - len(MAGIC) + 1, 1)
    return end


def begins_record(stream: IO[bytes], offset: int) -> bool:
    """Whether a member that holds a record begins at ``offset``; the stream stays where it is."""
    place = stream.tell()
    try:
        stream.seek(offset)
        return zlib.decompressobj(GZIP).decompress(stream.read(4096), len(_RECORD)) == _RECORD
    except zlib.error:
        return False
    finally:
        stream.seek(place)
