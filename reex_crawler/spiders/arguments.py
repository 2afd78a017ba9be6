"""The arguments of the spiders: ``-a since=… -a until=… -a max_articles=…``, typed and checked.

Plain dataclasses: a library for this would be imported by every run (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Generic, Literal, TypeVar, cast

from reex_crawler.errors import UsageError

_MOST_DAYS = 36500


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        message = "input should be a valid integer"
        raise ValueError(message) from None
    if number < 1:
        message = "input should be greater than 0"
        raise ValueError(message)
    return number


def _days(text: str) -> int:
    number = _count(text)
    if number > _MOST_DAYS:
        message = f"input should be less than or equal to {_MOST_DAYS}"
        raise ValueError(message)
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = "is no day; give one as 2025-01-31"
        raise ValueError(message) from None


def _order(text: str) -> str:
    if text not in {"newest", "oldest"}:
        message = "input should be 'newest' or 'oldest'"
        raise ValueError(message)
    return text


def _from(read: Callable[[str], Any], meaning: str) -> Mapping[str, Any]:
    """How the text of an argument is read, which may raise ``ValueError``, and what the argument is."""
    return {"read": read, "meaning": meaning}


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestArguments:
    """What ``latest`` takes."""

    max_articles: int | None = field(default=None, metadata=_from(_count, "how many article pages to ask for at most"))

    def as_json(self) -> dict[str, Any]:
        """What is given, and what stands for it where nothing is, as values that JSON has."""
        values = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckArguments(LatestArguments):
    """What ``recheck`` takes."""

    days: int = field(
        default=30, metadata=_from(_days, "how many days back the articles were published, 30 by default")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillArguments(LatestArguments):
    """What part of the site's articles ``backfill`` reads; raises ``ValueError`` where it ends before it begins."""

    since: date | None = field(
        default=None, metadata=_from(_day, "first day of publication, as 2025-01-31, in the site's time zone")
    )
    until: date | None = field(
        default=None, metadata=_from(_day, "last day of publication, as 2025-06-30, in the site's time zone")
    )
    order: Literal["newest", "oldest"] = field(
        default="newest", metadata=_from(_order, "newest or oldest articles first, newest by default")
    )

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            message = f"since={self.since} is after until={self.until}"
            raise ValueError(message)


MODELS: Mapping[str, type[LatestArguments]] = {
    "latest": LatestArguments,
    "backfill": BackfillArguments,
    "recheck": RecheckArguments,
}
"""By the name of the spider."""

A = TypeVar("A", bound=LatestArguments)


class Args(Generic[A]):
    """Gives a spider its arguments as ``args``, those that ``MODELS`` has for its name."""

    name: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.args = cast("A", read(self.name, kwargs))


def names(spider: str) -> frozenset[str]:
    """The arguments that a spider takes."""
    return frozenset(one.name for one in fields(MODELS[spider]))


def check(spider: str, given: Mapping[str, str]) -> None:
    """Raise ``UsageError`` with one line for arguments that the spider does not take."""
    read(spider, given)


def read(spider: str, given: Mapping[str, str]) -> LatestArguments:
    """The arguments of a spider out of their texts; raises ``UsageError`` with one line that says all that is wrong."""
    takes = {one.name: one.metadata for one in fields(MODELS[spider])}
    values: dict[str, Any] = {}
    problems = []
    for name, text in given.items():
        if name not in takes:
            problems.append(f"there is no argument {name!r}")
            continue
        try:
            values[name] = takes[name]["read"](text)
        except ValueError as error:
            problems.append(f"{name}={text if text.isprintable() else repr(text)} {error}")
    if not problems:
        try:
            return MODELS[spider](**values)
        except ValueError as error:
            problems.append(str(error))
    message = f"spider {spider!r} cannot be started: {'; '.join(problems)}"
    allowed = ", ".join(f"{name}: {about['meaning']}" for name, about in takes.items())
    raise UsageError(message, hint=f"It takes {allowed}")
