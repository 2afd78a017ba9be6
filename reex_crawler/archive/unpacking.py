"""The bytes of a WARC file whoever made it: packed by record, packed as a whole, or not packed at all."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO

from reex_crawler.archive.members import GZIP, MAGIC, Damaged, begins_record

LONGEST_HEAD = 256 * 1024
"""Bytes that the named fields of a record may have; more are no fields."""

_CHUNK = 64 * 1024
_RECORD = re.compile(rb"(?<=\n)WARC/[01]\.\d")


class Unpacked:
    """The bytes of a file from an offset on, its gzip members unpacked as they are asked for.

    Every method raises ``Damaged`` where the bytes end too early or cannot be unpacked.
    """

    def __init__(self, stream: IO[bytes], offset: int) -> None:
        stream.seek(offset)
        self._stream = stream
        self._packed = stream.read(_CHUNK)
        self._read = offset + len(self._packed)
        self._is_packed = self._packed.startswith(MAGIC)
        self._unpacker: zlib._Decompress | None = None
        self._bytes = b""
        self._at = 0
        self._member = offset

    @property
    def offset(self) -> int:
        """Where in the file the next byte stands; of one that is packed, where its member begins."""
        return self._member if self._is_packed else self._member + self._at

    def next_line(self) -> bool:
        """Pass over blank lines; gives whether anything follows."""
        while self._fill():
            while self._at < len(self._bytes):
                if self._bytes[self._at] not in b"\r\n":
                    return True
                self._at += 1
        return False

    def line(self) -> bytes:
        """Up to the end of the line, or as much of one as is no line at all; nothing at the end of the file."""
        parts: list[bytes] = []
        size = 0
        while size < LONGEST_HEAD and self._fill():
            end = self._bytes.find(b"\n", self._at) + 1
            parts.append(self._cut(end or len(self._bytes)))
            size += len(parts[-1])
            if end:
                break
        return b"".join(parts)

    def take(self, size: int) -> bytes:
        """So many bytes."""
        return b"".join(self._parts(size))

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        for _ in self._parts(size):
            pass

    def _parts(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._fill():
                message = "the file ends inside of a record"
                raise Damaged(message)
            part = self._cut(min(len(self._bytes), self._at + size))
            size -= len(part)
            yield part

    def _cut(self, end: int) -> bytes:
        part = self._bytes[self._at : end]
        self._at = end
        return part

    def _fill(self) -> bool:
        """Have at least one byte at hand; gives whether there is one."""
        while self._at >= len(self._bytes):
            if not self._packed:
                self._packed = self._stream.read(_CHUNK)
                self._read += len(self._packed)
            is_end = not self._packed
            self._bytes, self._at = (self._unpack() if self._is_packed else self._plain()), 0
            if is_end and not self._bytes:
                if self._unpacker is not None:
                    message = "the file ends inside of a record"
                    raise Damaged(message)
                return False
        return True

    def _plain(self) -> bytes:
        self._member = self._read - len(self._packed)
        taken, self._packed = self._packed, b""
        return taken

    def _unpack(self) -> bytes:
        if self._unpacker is None:
            # Some programs fill files up with zeros.
            self._packed = self._packed.lstrip(b"\0")
            if not self._packed:
                return b""
            self._member = self._read - len(self._packed)
            self._unpacker = zlib.decompressobj(GZIP)
        try:
            found = self._unpacker.decompress(self._packed, _CHUNK)
        except zlib.error as error:
            message = f"the record cannot be unpacked ({error})"
            raise Damaged(message) from error
        if self._unpacker.eof:
            self._packed, self._unpacker = self._unpacker.unused_data, None
        else:
            self._packed = self._unpacker.unconsumed_tail
        return found


def resumed(stream: IO[bytes], offset: int, end: int) -> int:
    """Where the next record begins from ``offset`` on, packed or not; the end of the file where there is none."""
    overlap = 16
    while offset < end:
        # One byte before, since a record that is not packed begins a line.
        stream.seek(offset - 1)
        chunk = stream.read(_CHUNK)
        found = _RECORD.search(chunk, 1)
        plain = found.start() if found else len(chunk)
        at = chunk.find(MAGIC, 1, plain)
        while at >= 0:
            if begins_record(stream, offset - 1 + at):
                return offset - 1 + at
            at = chunk.find(MAGIC, at + 1, plain)
        if found:
            return offset - 1 + plain
        offset += max(len(chunk) - overlap, 1)
    return end
