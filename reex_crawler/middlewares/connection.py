"""The connection that requests go out on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web.iweb import IResponse

from reex_crawler.middlewares.archive import REASON


class OneTryHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP and HTTPS, which sends a request once and no more, and keeps the whole status line.

    Twisted sends it again at once, past every middleware, where a connection that was used before breaks off without
    an answer: no pause is kept, and the tries are more than anybody counts.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
        self._pool._factory = partial(_Factory, self._note)  # type: ignore[assignment]  # noqa: SLF001 - as Scrapy puts its own
        self._reason = b""

    async def download_request(self, request: Request) -> Response:
        """The answer to a request; the words of its status line, which Scrapy drops, go into the request's meta."""
        self._reason = b""
        response = await super().download_request(request)
        # PaceMiddleware keeps one request on the wire, so these are the words of this answer.
        request.meta[REASON] = self._reason
        return response

    def _note(self, response: IResponse) -> IResponse:
        self._reason = response.phrase
        return response


class _Factory(_LenientHTTP11ClientFactory):
    def __init__(self, note: Callable[[IResponse], IResponse], *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._note = note

    def buildProtocol(self, addr: IAddress | None) -> _Protocol:  # noqa: ARG002, N802 - Twisted's name
        return _Protocol(self._note, self._quiescentCallback)


class _Protocol(_LenientHTTP11ClientProtocol):
    def __init__(self, note: Callable[[IResponse], IResponse], *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._note = note

    def request(self, request: Any) -> Deferred[IResponse]:
        return super().request(request).addCallback(self._note)
