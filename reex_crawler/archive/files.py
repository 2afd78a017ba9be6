"""The files of the archive: their names, and one that is being written."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from reex_crawler.archive.members import Damage, members
from reex_crawler.errors import AlreadyRunning, ArchiveMissing, StorageError

OPEN = ".open"
"""What follows the name of a file that is being written; its writer holds it with ``flock``."""
SUFFIX = ".warc.gz"

_PREFIX = "reex-"
_HINT = "Mend its permissions, or choose another folder in REEX_ARCHIVE_DIR"


class State(Enum):
    """How far a file is."""

    COMPLETE = auto()
    """It has its name: nothing more is written into it."""
    UNDER_WAY = auto()
    """A run is writing it."""
    LEFT_OPEN = auto()
    """A killed run left it; the next one takes it up."""


class OpenFile:
    """A file being written. Every method raises ``StorageError``; what was written before stays whole."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.name = f"{_PREFIX}{now:%Y%m%d%H%M%S%f}-{secrets.token_hex(3)}{SUFFIX}"
        """The name it will have."""
        self.end = 0
        """Bytes written."""
        self._path = folder / (self.name + OPEN)
        self._is_synced = True
        with clear_errors(self._path):
            # Unbuffered, so that nothing is written late.
            self._stream = self._path.open("xb", buffering=0)
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sync_folder(folder)

    def append(self, content: bytes) -> int:
        """Write some bytes at the end; gives where they begin."""
        offset = self.end
        try:
            with clear_errors(self._path):
                written = 0
                while written < len(content):
                    written += self._stream.write(content[written:])
        except StorageError:
            # A half record would hide whatever is written after it.
            with suppress(OSError):
                self._stream.truncate(offset)
                self._stream.seek(offset)
            raise
        self.end += len(content)
        self._is_synced = False
        return offset

    def sync(self) -> None:
        """Have all that was written on the disk."""
        if not self._is_synced:
            with clear_errors(self._path):
                os.fsync(self._stream.fileno())
            self._is_synced = True

    def finish(self) -> None:
        """Give it its name."""
        self.sync()
        _rename(self._path)
        self.close()

    def close(self) -> None:
        """Let go of it; without its name the next run takes it up."""
        self._stream.close()


def prepare(folder: Path) -> None:
    """Make the folder of the archive, which nobody else may read; raises ``StorageError`` where it cannot be used.

    One that is there and holds other things as well keeps its permissions.
    """
    with clear_errors(folder, "folder"):
        folder.mkdir(parents=True, exist_ok=True)
        is_open = folder.stat().st_mode & 0o077
        if is_open and all(path.name.startswith(_PREFIX) for path in folder.iterdir()):
            folder.chmod(0o700)
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder of the archive, made if need be, for one writer alone; the lock ends with its process.

    Raises ``AlreadyRunning`` where another one writes there, ``StorageError`` where the folder cannot be used.
    """
    prepare(folder)
    with clear_errors(folder, "folder"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"another run writes into the archive folder {folder}"
            raise AlreadyRunning(message, hint="Give each database a folder of its own in REEX_ARCHIVE_DIR") from None
        yield
    finally:
        os.close(handle)


def names(folder: Path) -> list[str]:
    """The names that the files have or will have, the oldest first; raises ``StorageError``."""
    if not folder.exists():
        message = f"there is no raw archive in {folder}"
        raise StorageError(message, hint="A crawl writes one: reex crawl. REEX_ARCHIVE_DIR says where it is")
    with clear_errors(folder, "folder", "read"):
        found = {path.name.removesuffix(OPEN) for path in folder.iterdir()}
    return sorted(name for name in found if name.endswith(SUFFIX))


def reading(folder: Path, name: str) -> BinaryIO:
    """A file to read, by the name it has or will have; raises ``ArchiveMissing``, and ``StorageError``."""
    path = folder / name
    with clear_errors(path, deed="read"):
        # Asked twice for its name, which it may have got meanwhile.
        for place in (path, path.with_name(name + OPEN), path):
            with suppress(FileNotFoundError):
                return place.open("rb")
    message = f"the archive file {path} is missing"
    raise ArchiveMissing(message, hint="Restore it from a backup; reex verify names all that disagrees")


def state(folder: Path, name: str) -> State:
    """How far a file is, by the name it has or will have; raises ``StorageError``."""
    path = folder / (name + OPEN)
    with clear_errors(path, deed="read"):
        try:
            with path.open("rb") as stream:
                if stream.seek(0, os.SEEK_END) == 0:
                    # Its writer may be about to take hold of it.
                    return State.UNDER_WAY
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return State.COMPLETE
        except BlockingIOError:
            return State.UNDER_WAY
    return State.LEFT_OPEN


def left_open(folder: Path) -> Iterator[str]:
    """The files that a killed run left open, each cut back to its last whole record.

    Gives the name that each will have, and gives it that name when the next one is asked for: until then what it holds
    can be noted. A file whose writer lives is left alone, and one without a whole record removed. Raises
    ``StorageError``.
    """
    for path in sorted(folder.glob(f"*{SUFFIX}{OPEN}")):
        with clear_errors(path), path.open("r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            end = _whole(stream)
            if end == 0:
                path.unlink()
                continue
            stream.truncate(end)
            os.fsync(stream.fileno())
            yield path.name.removesuffix(OPEN)
            _rename(path)


@contextmanager
def clear_errors(path: Path, what: str = "file", deed: str = "written") -> Iterator[None]:
    """Turn what the system says into a ``StorageError`` that names the file."""
    try:
        yield
    except OSError as error:
        message = f"the archive {what} {path} cannot be {deed}: {error.strerror or error}"
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise StorageError(message, hint="Make room on the disk" if full else _HINT) from error


def _whole(stream: BinaryIO) -> int:
    """Where the last whole record ends that nothing but the cut follows."""
    end = 0
    for member in members(stream):
        if not isinstance(member, Damage):
            end = member.offset + member.length
    return end


def _rename(path: Path) -> None:
    with clear_errors(path):
        path.rename(path.with_name(path.name.removesuffix(OPEN)))
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have a new or changed name of the folder on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
