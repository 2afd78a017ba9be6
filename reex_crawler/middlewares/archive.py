"""What goes into the raw archive: every answer, as it came, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol, Self, runtime_checkable

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from reex_crawler.archive.exchange import Exchange
from reex_crawler.records import Record

RECORD = "reex_record"
"""Request meta: where the archive keeps the last answer."""
REDIRECT = "reex_redirect"
"""Request meta: where the archive keeps the first redirect of a chain."""
RECEIVED_AT = "reex_received_at"
"""Request meta: when the last answer came."""
REASON = "reex_reason"
"""Request meta: the words of the last answer's status line, from the download handler."""

_REDIRECTS = range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST)


@runtime_checkable
class Keeper(Protocol):
    """What keeps answers: the item pipeline that has this method."""

    async def keep(self, exchange: Exchange, *, asked: str) -> Record | None:
        """Write an answer into the archive; none where there is none in this run. Raises ``CloseSpider``."""


class ArchiveMiddleware:
    """Hands every answer to the archive: redirects, failures that are tried again, robots.txt and listings included.

    It must stand between the network and all that changes an answer: decompression, redirects, retries.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("REEX_ARCHIVE_ENABLED"):
            raise NotConfigured
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component; raises ``NotConfigured`` without ``REEX_ARCHIVE_ENABLED``."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Keep an answer that came over the network; raises ``CloseSpider`` where it cannot be kept."""
        keeper = self._crawler.get_item_pipeline(Keeper)  # type: ignore[type-abstract]
        if keeper is None or "cached" in response.flags:
            return response
        received_at = datetime.now(UTC)
        asked = asked_url(request.url, request.meta)
        record = await keeper.keep(_exchange(request, response, received_at), asked=asked)
        request.meta[RECEIVED_AT] = received_at
        request.meta[RECORD] = record
        if response.status in _REDIRECTS:
            request.meta.setdefault(REDIRECT, record)
        return response


def asked_url(url: str, meta: Mapping[str, Any]) -> str:
    """The URL that was asked for before any redirect led to ``url``."""
    redirects: list[str] = meta.get("redirect_urls", [])
    return redirects[0] if redirects else url


def _exchange(request: Request, response: Response, received_at: datetime) -> Exchange:
    return Exchange(
        url=response.url,
        method=request.method,
        request_headers=tuple((name, value) for name, values in request.headers.items() for value in values),
        protocol=response.protocol or "HTTP/1.1",
        status=response.status,
        reason=request.meta.get(REASON, b""),
        headers=tuple((name, value) for name, values in response.headers.items() for value in values),
        body=response.body,
        ip_address=str(response.ip_address) if response.ip_address else None,
        received_at=received_at,
    )
