"""How long a site asks to be left alone: the ``Retry-After`` of an answer (RFC 9110, section 10.2.3). Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http.headers import Headers

LONGEST_WAIT = 120.0
"""Seconds that a crawl waits for; what is asked to stay away longer is due in a later run."""

# A server that names a year cannot mean it; its pages must not be lost for so long.
_LONGEST = 7 * 24 * 3600.0


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Seconds until the site wants to be asked again, at most a week; none where it does not say so in a valid form.

    A date is read against the answer's own ``Date``, so that a wrong clock on either side does no harm, and against
    ``now`` without one. A date that has passed says nothing.
    """
    value = _text(headers, "Retry-After")
    if value.isascii() and value.isdigit():
        return min(float(value), _LONGEST)
    until = _date(value)
    if until is None:
        return None
    seconds = (until - (_date(_text(headers, "Date")) or now)).total_seconds()
    return min(seconds, _LONGEST) if seconds >= 0 else None


def _text(headers: Headers, name: str) -> str:
    return (headers.get(name) or b"").decode("latin-1").strip()


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
        # An HTTP date is always GMT, whether its zone could be read or not.
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
