"""What the site allows to be asked: its robots.txt, read after RFC 9309."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol, Self, runtime_checkable

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.http.request import NO_CALLBACK
from w3lib.encoding import read_bom

from reex_crawler.errors import SiteRefused
from reex_crawler.middlewares.pace import PaceMiddleware
from reex_crawler.middlewares.refused import Blocked, Refused, error_text
from reex_crawler.middlewares.retry import waits, with_jitter
from reex_crawler.middlewares.retry_after import LONGEST_WAIT, retry_after
from reex_crawler.site.profile import profile

logger = logging.getLogger(__name__)

# RFC 9309, section 2.5: at least 500 KiB of a robots.txt must be read.
_SIZE = 512 * 1024
# Section 2.4: a copy must not be used for longer.
_LIFETIME = timedelta(hours=24)
_TIMEOUT = 15.0
# Crawl-delay is no part of RFC 9309; a longer one would keep a crawl from ever ending.
_LONGEST_DELAY = 60.0


class RobotsCopy(Protocol):
    """A robots.txt that could be had, ``body`` empty where the site has none."""

    @property
    def body(self) -> str: ...  # noqa: D102

    @property
    def fetched_at(self) -> datetime: ...  # noqa: D102


@runtime_checkable
class RobotsStore(Protocol):
    """What keeps the last good copy between two runs: the item pipeline that has these methods."""

    async def robots_copy(self, url: str) -> RobotsCopy | None:
        """The last good copy, if there is one."""

    async def keep_robots(self, url: str, body: str, fetched_at: datetime) -> None:
        """Keep a good copy in place of the one before."""


@dataclass(frozen=True, slots=True)
class _Copy:
    body: str
    fetched_at: datetime


class _Unreachable(Exception):
    """One try gave no answer that could be used; ``wait`` is what the site asks for, endless where trying is vain."""

    def __init__(self, message: str, *, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class RobotsMiddleware:
    """Obeys the site's robots.txt: where it cannot be had, nothing is asked.

    A status of 400 to 499 other than 429 means that there are no rules (section 2.3.1.3). Any other status, a failing
    network, or redirects that never end or lead away from the site are tried again as ``REEX_RETRY_WAITS`` says; then
    the last good copy serves while it is younger than 24 hours, and after that everything is forbidden (2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._url = profile(crawler.settings["REEX_SITE_URL"]).url("/robots.txt")
        self._timeout = min(_TIMEOUT, crawler.settings.getfloat("DOWNLOAD_TIMEOUT") or _TIMEOUT)
        self._waits = waits(crawler)
        # A lock and no task of its own, so that a run which is stopped does not wait for robots.txt.
        self._reading = asyncio.Lock()
        self._rules: Protego | None = None
        self._read_at = datetime.min.replace(tzinfo=UTC)
        self._refused: SiteRefused | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let an allowed request pass; raises ``Refused`` for any other, ``Blocked`` without a robots.txt."""
        if request.meta.get("robotstxt"):
            return
        try:
            rules = await self.rules()
        except SiteRefused as error:
            raise Blocked(str(error), reason="robots.txt") from error
        if not rules.can_fetch(request.url, self._agent):
            message = f"robots.txt forbids {request.url}"
            raise Refused(message, reason="robots.txt")

    async def rules(self) -> Protego:
        """The site's rules, read once a day; raises ``SiteRefused`` where they cannot be had, and from then on."""
        async with self._reading:
            if self._refused is not None:
                raise self._refused
            if self._rules is None or not _is_fresh(self._read_at):
                self._rules = await self._read()
            return self._rules

    async def _read(self) -> Protego:
        try:
            copy = await self._newest_copy()
        except _Unreachable as error:
            hint = "Without it nothing may be fetched (RFC 9309); check REEX_SITE_URL or try again later"
            self._refused = SiteRefused(str(error), hint=hint)
            raise self._refused from error
        rules = Protego.parse(copy.body)
        self._read_at = copy.fetched_at
        PaceMiddleware.of(self._crawler).crawl_delay = crawl_delay(rules, self._agent)
        return rules

    async def _newest_copy(self) -> RobotsCopy:
        # The one place that knows who keeps copies.
        store = self._crawler.get_item_pipeline(RobotsStore)  # type: ignore[type-abstract]
        try:
            made = await self._fetch()
        except _Unreachable as error:
            kept = await store.robots_copy(self._url) if store else None
            if kept is None or not _is_fresh(kept.fetched_at):
                raise
            logger.warning("%s; the copy of %s serves", error, kept.fetched_at.isoformat(timespec="minutes"))
            return kept
        if store:
            await store.keep_robots(self._url, made.body, made.fetched_at)
        return made

    async def _fetch(self) -> _Copy:
        for wait in self._waits:
            try:
                return await self._try()
            except _Unreachable as error:
                if error.wait > LONGEST_WAIT:
                    raise
                PaceMiddleware.of(self._crawler).hold(max(with_jitter(wait), error.wait), str(error))
        return await self._try()

    async def _try(self) -> _Copy:
        meta = {"robotstxt": True, "download_timeout": self._timeout}
        request = Request(self._url, callback=NO_CALLBACK, priority=1000, meta=meta)
        try:
            response = await self._crawler.engine.download_async(request)
        except CloseSpider:
            raise
        except Exception as error:
            # The network can fail in as many ways as there are download handlers; all of them mean the same here.
            message = f"{self._url} cannot be read: {error_text(error)}"
            raise _Unreachable(message, wait=float("inf") if isinstance(error, Refused) else 0.0) from error
        now = datetime.now(UTC)
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return _Copy(text(response.body), now)
        if _says_there_is_none(response.status):
            return _Copy("", now)
        message = f"{self._url} answers {response.status}"
        raise _Unreachable(message, wait=retry_after(response.headers, now) or 0.0)


def text(body: bytes) -> str:
    """The text of a robots.txt: UTF-8 (RFC 9309, section 2.2) unless a byte order mark says otherwise."""
    encoding, mark = read_bom(body)
    # UTF-16 without its mark reads as letters with NUL between them, which no database takes either.
    return body[len(mark or b"") : _SIZE].decode(encoding or "utf-8", "replace").replace("\0", "")


def crawl_delay(rules: Protego, agent: str) -> float:
    """Seconds that the site asks for between two requests, at most a minute; nought where it asks for none."""
    return min(rules.crawl_delay(agent) or 0.0, _LONGEST_DELAY)


def _says_there_is_none(status: int) -> bool:
    refusal = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return refusal and status != HTTPStatus.TOO_MANY_REQUESTS


def _is_fresh(fetched_at: datetime) -> bool:
    # A copy from the future was kept by a wrong clock.
    return abs(datetime.now(UTC) - fetched_at) < _LIFETIME
