"""Asking once more after a failure that may pass."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object

from reex_crawler.middlewares.pace import PaceMiddleware
from reex_crawler.middlewares.refused import Later, error_text
from reex_crawler.middlewares.retry_after import LONGEST_WAIT, retry_after

# The part of a wait that chance may add to it.
_JITTER = 0.25


class RetryMiddleware:
    """Asks again after a failing network, a cut answer or a status that may pass, and leaves the site alone before.

    ``REEX_RETRY_WAITS`` names the seconds before each further try, ``RETRY_HTTP_CODES`` and ``RETRY_EXCEPTIONS`` what
    is tried again. Scrapy's own asks again at once and does not know Retry-After. robots.txt has a rule of its own.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waits = waits(crawler)
        self._statuses = {int(code) for code in crawler.settings.getlist("RETRY_HTTP_CODES")}
        self._errors = tuple(load_object(error) for error in crawler.settings.getlist("RETRY_EXCEPTIONS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The request once more where the answer may become a better one; raises ``Later``."""
        if request.meta.get("robotstxt") or response.status not in self._statuses:
            return response
        now = datetime.now(UTC)
        why = f"{request.url} answers {response.status}"
        asked = retry_after(response.headers, now)
        if asked is not None and asked > LONGEST_WAIT:
            not_before = now + timedelta(seconds=asked)
            message = f"{why} and asks to come back after {not_before:%Y-%m-%d %H:%M} UTC"
            raise Later(message, not_before=not_before)
        if asked:
            # Also after the last try: it is the site that must be left alone, not only this address.
            PaceMiddleware.of(self._crawler).hold(asked, f"{why} with Retry-After")
        return self.again(request, why) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request once more where the network failed."""
        if request.meta.get("robotstxt") or not isinstance(exception, self._errors):
            return None
        return self.again(request, f"{request.url}: {error_text(exception)}")

    def again(self, request: Request, why: str) -> Request | None:
        """The request to ask once more, which waits for its turn by itself; none where its tries are used up."""
        tries: int = request.meta.get("retry_times", 0)
        if tries >= len(self._waits):
            return None
        self._crawler.stats.inc_value("retry/count")
        PaceMiddleware.of(self._crawler).hold(with_jitter(self._waits[tries]), why)
        return request.replace(dont_filter=True, meta=request.meta | {"retry_times": tries + 1})


def waits(crawler: Crawler) -> tuple[float, ...]:
    """The seconds to wait before each further try, as the settings have them."""
    return tuple(float(seconds) for seconds in crawler.settings.getlist("REEX_RETRY_WAITS"))


def with_jitter(seconds: float) -> float:
    """A wait that is never shorter than asked for, and not the same each time."""
    return seconds * random.uniform(1, 1 + _JITTER)  # noqa: S311 - no secret depends on it
