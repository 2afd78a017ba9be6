"""Where an answer leads. Which site it may lead to is for ``OneSiteMiddleware`` to say."""

from __future__ import annotations

from typing import Self
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from reex_crawler.middlewares.refused import Refused


class RedirectMiddleware(redirect.RedirectMiddleware):
    """Scrapy's, with a clear end for a redirect that leads nowhere, and without its warning about the Referer.

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
        """Follow a redirect; raises ``Refused`` where it cannot be read, leads in a circle or never ends."""
        try:
            followed = super().process_response(request, response)
        except ValueError as error:
            location = (response.headers.get("Location") or b"").decode("latin-1")
            message = f"{request.url} leads to an address that cannot be read: {location!r}"
            raise Refused(message, reason="location") from error
        except IgnoreRequest as error:
            message = f"{request.url} is the last of {self.max_redirect_times} redirects and leads on"
            raise Refused(message, reason="redirects") from error
        if not isinstance(followed, Request):
            return followed
        asked: list[str] = followed.meta["redirect_urls"]
        if urldefrag(followed.url).url in {urldefrag(url).url for url in asked}:
            message = f"{request.url} leads back to {followed.url}"
            raise Refused(message, reason="redirects")
        return followed.replace(dont_filter=True)
