"""Downloader middlewares: what may be asked at all. What should be asked is decided by the spiders."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Self

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from reex_crawler.errors import SiteRefused
from reex_crawler.site.profile import SiteProfile, profile

logger = logging.getLogger(__name__)

# RFC 9309, section 2.5: at least 500 KiB of a robots.txt must be read.
_ROBOTS_SIZE = 512 * 1024


class Refused(IgnoreRequest):
    """A request that must not be sent; ``reason`` is a short stable word that can be counted."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class RobotsMiddleware:
    """Obeys the site's robots.txt after RFC 9309: where it cannot be had, nothing is asked.

    A status of 400 to 499 other than 429 means that there are no rules (section 2.3.1.3); any other status, a failing
    network or a redirect away from the site means complete disallow (section 2.3.1.4).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._url = profile(crawler.settings["REEX_SITE_URL"]).url("/robots.txt")
        self._reading: asyncio.Task[Protego] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let an allowed request pass; raises ``Refused`` for any other."""
        if request.meta.get("robotstxt"):
            return
        try:
            rules = await self.rules()
        except SiteRefused as error:
            raise Refused(str(error), reason="robots.txt") from error
        if not rules.can_fetch(request.url, self._agent):
            message = f"robots.txt forbids {request.url}"
            raise Refused(message, reason="robots.txt")

    async def rules(self) -> Protego:
        """The site's rules, read once a run; raises ``SiteRefused`` where they cannot be had."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)

    async def _read(self) -> Protego:
        request = Request(self._url, callback=NO_CALLBACK, priority=1000, meta={"robotstxt": True})
        hint = "Without it nothing may be fetched (RFC 9309); check REEX_SITE_URL or try again later"
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            # The network can fail in as many ways as there are download handlers; all of them mean the same here.
            message = f"{self._url} cannot be read: {error_text(error)}"
            raise SiteRefused(message, hint=hint) from error
        if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            return Protego.parse(response.body[:_ROBOTS_SIZE].decode("utf-8-sig", "replace"))
        refusal = HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if refusal and response.status != HTTPStatus.TOO_MANY_REQUESTS:
            return Protego.parse("")
        message = f"{self._url} answers {response.status}"
        raise SiteRefused(message, hint=hint)


class RedirectMiddleware(redirect.RedirectMiddleware):
    """Scrapy's, without its warning at each start that there is no Referer to send.

    A redirect to an address that was asked before is followed, so that the spider learns where the first one leads.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made

    # Scrapy's own still names its deprecated third argument.
    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a redirect; which site it may lead to is for ``OneSiteMiddleware`` to say."""
        followed = super().process_response(request, response)
        return followed.replace(dont_filter=True) if isinstance(followed, Request) else followed


class OneSiteMiddleware:
    """Lets only the site's own scheme, host and port be asked, at each redirect, whatever flags a request carries."""

    def __init__(self, site: SiteProfile) -> None:
        self._site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(profile(crawler.settings["REEX_SITE_URL"]))

    def process_request(self, request: Request) -> Response | None:
        """Let a request to the site pass; raises ``Refused`` for any other."""
        if not self._site.owns(request.url):
            message = f"{request.url} is not on {self._site.site_url}"
            raise Refused(message, reason="foreign")
        return None


def error_text(error: BaseException) -> str:
    """An exception in one line of words, with its kind where it has none of its own."""
    return " ".join(str(error).split()) or type(error).__name__
