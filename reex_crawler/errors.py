"""Every error the program raises on purpose, named for what the caller should do about it.

::

    ReexError                 one clear line, what to try next, an exit code
    |-- UsageError            2   the caller asked for something that cannot be
    |   `-- ConfigError       2   an environment variable or setting is wrong
    |-- SiteRefused           3   robots.txt, a block or an unreachable site: stay away
    |-- StorageError          4   the database or a file cannot be read or written
    |   `-- ArchiveDamaged    4   a place of the raw archive does not hold what it should; the rest may
    |       `-- ArchiveMissing  a whole file of it is not there
    |-- LayoutDrift           5   the site's pages no longer look as they did
    |-- AlreadyRunning        75  another run holds the lock (EX_TEMPFAIL of sysexits.h)
    |-- BadListing                a feed, sitemap or REST answer is not one; another source may serve
    `-- PageError                 this one page gives no article; the crawl goes on
        |-- NotAnArticle          it is something else: challenge, log-in form, soft 404, ...
        |-- Incomplete            it was cut on the way: fetch it again
        `-- Unreadable            it should be an article and could not be understood
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

DEFECT = "defect"
"""The reason of a page that was set aside for a fault of this program, and for none of its own."""


class ReexError(Exception):
    """Base of all errors: ``message`` says what and where, ``hint`` what to try next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """The whole error on one line."""
        # A driver's or system's own words may end the sentence already.
        return f"{self.message.rstrip('.')}. {self.hint}" if self.hint else self.message


class UsageError(ReexError):
    """An argument or command cannot be carried out as it was given."""

    exit_code = 2


class ConfigError(UsageError):
    """An environment variable or setting has a value that cannot be used."""


class SiteRefused(ReexError):
    """The site does not want to be read now: robots.txt, a block, or no answer at all."""

    exit_code = 3


class StorageError(ReexError):
    """The database or a file cannot be reached, read or written."""

    exit_code = 4


class ArchiveDamaged(StorageError):
    """A place of the raw archive does not hold the record it should. Other places may be whole."""


class ArchiveMissing(ArchiveDamaged):
    """A file of the raw archive is not there any more."""


class LayoutDrift(ReexError):
    """The site's pages no longer look as the layouts expect."""

    exit_code = 5


class AlreadyRunning(ReexError):
    """Another run holds the lock."""

    exit_code = 75


class ListingFault(StrEnum):
    """What is wrong with an answer that should be a listing."""

    STATUS = "status"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    HTML = "html"
    DOCTYPE = "doctype"
    NOT_XML = "not-xml"
    NOT_JSON = "not-json"
    MALFORMED = "malformed"
    OTHER = "other"
    """Well formed, and something else than was asked for."""


class BadListing(ReexError):
    """An answer is not the listing it should be. ``reason`` is a short stable word that can be counted."""

    def __init__(self, reason: ListingFault, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class PageError(ReexError):
    """One page gives no article. ``reason`` is a short stable word that can be counted."""

    def __init__(self, reason: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class NotAnArticle(PageError):
    """The page is something else than an article and must never be archived as one."""


class Incomplete(PageError):
    """The page was cut on its way here; fetching it again may help."""


class Unreadable(PageError):
    """The page should be an article, and could not be understood."""
