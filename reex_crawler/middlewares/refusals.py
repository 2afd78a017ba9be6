"""When to stop altogether: a site that refuses again and again is left alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from reex_crawler.middlewares.refused import Blocked
from reex_crawler.site.profile import SiteProfile, profile

_IN_A_ROW = 5
_REFUSALS = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
# A WordPress whose REST API is closed says one of these to everybody, which tells nothing of the rest of the site.
_CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class RefusalsMiddleware:
    """Ends a crawl after five refusals in a row; each try counts. robots.txt has a rule of its own."""

    def __init__(self, site: SiteProfile) -> None:
        self._site = site
        self._in_a_row = 0
        self._last = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(profile(crawler.settings["REEX_SITE_URL"]))

    def process_request(self, request: Request) -> None:
        """Let a request pass; raises ``Blocked`` after five refusals in a row."""
        if not request.meta.get("robotstxt"):
            self._check()

    def process_response(self, request: Request, response: Response) -> Response:
        """Count a refusal, or forget those before it; raises ``Blocked`` at the fifth in a row."""
        if request.meta.get("robotstxt"):
            return response
        under_rest = urlsplit(request.url).path.startswith(self._site.rest_root)
        if response.status in _CLOSED and under_rest:
            return response
        self._in_a_row = self._in_a_row + 1 if response.status in _REFUSALS else 0
        self._last = f"{request.url} answers {response.status}"
        self._check()
        return response

    def _check(self) -> None:
        if self._in_a_row >= _IN_A_ROW:
            message = f"{self._site.site_url} refused {_IN_A_ROW} requests in a row; the last: {self._last}"
            raise Blocked(message)
