"""The connection that requests go out on."""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class OneTryHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP and HTTPS, which sends a request once and no more.

    Twisted sends it again at once, past every middleware, where a connection that was used before breaks off without
    an answer: no pause is kept, and the tries are more than anybody counts.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
