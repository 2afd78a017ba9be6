"""When the next request may go out. Every wait of a crawl happens here, in one place."""

from __future__ import annotations

import asyncio
import logging
import math
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler

from reex_crawler.errors import ConfigError

logger = logging.getLogger(__name__)


class PaceMiddleware:
    """Keeps one request on the wire, and a pause between the end of its answer and the next one.

    The pause is ``DOWNLOAD_DELAY`` or ``crawl_delay``, whichever is longer. It counts from the end of an answer, so a
    site that answers slowly is asked more slowly. It must be the last middleware before the network: nothing may stop
    a request that it let pass.

    Where one process runs several crawls, ``free_at`` of one is ``REEX_HELD_UNTIL`` of the next.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawl_delay = 0.0
        """Seconds that robots.txt asks for between two requests."""
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._wire = asyncio.Lock()
        self._on_wire: Request | None = None
        # Both on the monotonic clock.
        self._last_end = -math.inf
        self._held_until = crawler.settings.getfloat("REEX_HELD_UNTIL", -math.inf)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler)
        crawler.signals.connect(made.left, signals.request_left_downloader)
        return made

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The one of a running crawler; raises ``ConfigError`` where the settings leave it out."""
        found = crawler.get_downloader_middleware(cls)
        if found is None:
            message = "DOWNLOADER_MIDDLEWARES has no PaceMiddleware"
            raise ConfigError(message, hint="Without it nothing keeps the delay; put it back, last before the network")
        return found

    async def process_request(self, request: Request) -> None:
        """Wait until the request may be sent."""
        await self._wire.acquire()
        try:
            while (wait := self.free_at - monotonic()) > 0:  # noqa: ASYNC110 - what is waited for is a time
                await asyncio.sleep(wait)
        except BaseException:
            self._wire.release()
            raise
        self._on_wire = request

    def left(self, request: Request) -> None:
        """The answer to a request, or its failure, has ended; Scrapy says so in either case."""
        if request is self._on_wire:
            self._on_wire = None
            self._last_end = monotonic()
            self._wire.release()

    def hold(self, seconds: float, why: str) -> None:
        """Let nothing be sent for some seconds from now on."""
        until = monotonic() + seconds
        if seconds > 0 and until > self._held_until:
            logger.info("waiting %.1f s: %s", seconds, why)
            self._held_until = until

    @property
    def free_at(self) -> float:
        """When the next request may be sent at the earliest, on the monotonic clock."""
        return max(self._last_end + max(self._delay, self.crawl_delay), self._held_until)
