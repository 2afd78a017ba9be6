"""Dates and times as sites write them, to aware UTC: machine forms, written English and "3 hours ago".

Nothing here reads a clock. A text that names no day for certain gives ``None``: a date is never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from reex_crawler.records import Dated, Precision

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before this there was no web to publish on."""
_AHEAD = timedelta(days=2)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_WRITTEN_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"\b{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"{_DAY}\.?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
    )
)
_NUMERIC_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![\d:])\s*(?P<half>[ap])?(?(half)\.?m\b)",
    re.IGNORECASE | re.ASCII,
)
_AGO = re.compile(r"\b(?P<count>\d{1,4}|an?)\s+(?P<unit>sec|min|hour|day)[a-z]*\s+ago\b", re.IGNORECASE | re.ASCII)
_UNITS = {"sec": "seconds", "min": "minutes", "hour": "hours", "day": "days"}
_MACHINE_TIME = re.compile(r"\d[T ]\d{2}:?(?P<minute>\d{2})(?P<second>:?\d{2})?", re.IGNORECASE | re.ASCII)
_MAIL_ZONE = re.compile(r"\d\s+(?:[+-]\d{4}|(?![AP]M\b)[A-Z]{1,4})$", re.ASCII)
_SAYS_UTC = re.compile(r"(?:Z|UTC|GMT|[+-]00:?00)$", re.IGNORECASE)
_NOON = 12


def machine(text: str, zone: ZoneInfo) -> Dated | None:
    """An ISO 8601 or SQL date and time; without an offset it is local time of ``zone``.

    WordPress writes ``2025-10-27T18:22:05-06:00``, ``2025-10-27 18:22:05`` and, where it has no date, zeros.
    """
    raw = text.strip()
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return None
    found = _MACHINE_TIME.search(raw)
    if found is None:
        return _dated(moment, zone, Precision.DAY, raw)
    return _dated(moment, zone, Precision.SECOND if found["second"] else Precision.MINUTE, raw)


def mail(text: str) -> Dated | None:
    """The date form of e-mail and RSS (RFC 5322, section 3.3), which has to name its zone."""
    raw = text.strip()
    if not _MAIL_ZONE.search(raw):
        return None
    try:
        moment = parsedate_to_datetime(raw)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        # "-0000" says that the time is UTC and the writer's own zone is unknown.
        moment = moment.replace(tzinfo=UTC)
    return _utc(moment, Precision.SECOND if raw.count(":") > 1 else Precision.MINUTE, raw)


def written(text: str, zone: ZoneInfo, now: datetime) -> Dated | None:
    """A date as WordPress prints it for readers, in any of the formats its settings offer for English.

    The first day named wins, with the first time of day after it or, failing that, before it. ``04/11/2025`` is
    read only where day and month cannot be mistaken for each other. "3 hours ago" counts back from ``now``, the time
    the page was received; an age in hours or days tells the day only, and one in weeks not even that.
    """
    raw = " ".join(text.split())
    day = _day(raw)
    if day is None:
        return _ago(raw, zone, now)
    moment, start, end = day
    time = _TIME.search(raw, end) or _TIME.search(raw[:start])
    if time is None:
        return _dated(moment, zone, Precision.DAY, raw)
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    if time["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if time["half"].lower() == "p" else 0)
    try:
        moment = moment.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None
    return _dated(moment, zone, Precision.SECOND if time["second"] else Precision.MINUTE, raw)


def plausible(dated: Dated | None, now: datetime) -> Dated | None:
    """The date, unless it lies before the web or more than two days after ``now``, when it was read."""
    return dated if dated is not None and EARLIEST <= dated.at <= now + _AHEAD else None


def second_reading(dated: Dated, zone: ZoneInfo) -> Dated | None:
    """The later instant a wall clock may have meant in the hour that autumn repeats; none at any other time.

    WordPress stores local time and PHP reads a repeated hour as its first pass, so that even a time printed with an
    offset may be one hour early. Only a time that was written in UTC is beyond doubt.
    """
    local = dated.at.astimezone(zone)
    later = local.replace(fold=1)
    if dated.precision is Precision.DAY or local.fold or later.utcoffset() == local.utcoffset():
        return None
    if _SAYS_UTC.search(dated.raw):
        return None
    return Dated(later.astimezone(UTC), dated.precision, dated.raw)


def _day(raw: str) -> tuple[datetime, int, int] | None:
    """The first day named in a text, with where it starts and ends."""
    for pattern in _WRITTEN_DAYS:
        if found := pattern.search(raw):
            parts = found.groupdict()
            month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"][:3].lower()) + 1
            return _calendar(int(parts["year"]), month, int(parts["day"]), found)
    found = _NUMERIC_DAY.search(raw)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first > _NOON or first == second:
        return _calendar(year, second, first, found)
    return _calendar(year, first, second, found) if second > _NOON else None


def _calendar(year: int, month: int, day: int, found: re.Match[str]) -> tuple[datetime, int, int] | None:
    try:
        return datetime(year, month, day), found.start(), found.end()  # noqa: DTZ001 (the zone is added by _dated)
    except ValueError:
        return None


def _ago(raw: str, zone: ZoneInfo, now: datetime) -> Dated | None:
    found = _AGO.search(raw)
    if found is None:
        return None
    count = int(found["count"]) if found["count"].isdigit() else 1
    unit = _UNITS[found["unit"].lower()]
    at = now - timedelta(**{unit: count})
    if unit in {"seconds", "minutes"}:
        return Dated(at.replace(second=0, microsecond=0), Precision.MINUTE, raw)
    return _dated(at.astimezone(zone), zone, Precision.DAY, raw)


def _dated(moment: datetime, zone: ZoneInfo, precision: Precision, raw: str) -> Dated | None:
    """A local or aware time as UTC; a time that spring skips counts from the offset before it, as PHP does."""
    if precision is Precision.DAY:
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _utc(moment, precision, raw)


def _utc(moment: datetime, precision: Precision, raw: str) -> Dated | None:
    try:
        return Dated(moment.astimezone(UTC).replace(microsecond=0), precision, raw)
    except OverflowError:
        return None
