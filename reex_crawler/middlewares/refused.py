"""What a middleware raises where it lets a request or an answer not pass."""

from __future__ import annotations

from datetime import datetime

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """A request that must not be sent; ``reason`` is a short stable word that can be counted."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class Blocked(Refused):
    """The site refuses whatever is asked: nothing more may be asked in this run."""

    def __init__(self, message: str, *, reason: str = "blocked") -> None:
        super().__init__(message, reason=reason)


class Later(Refused):
    """The site names a time, too far off to wait for, before which the address must not be asked again."""

    def __init__(self, message: str, *, not_before: datetime) -> None:
        super().__init__(message, reason="later")
        self.not_before = not_before


def error_text(error: BaseException) -> str:
    """An exception in one line of words, with its kind where it has none of its own."""
    return " ".join(str(error).split()) or type(error).__name__
