"""The one site that is ever asked, whatever a listing, a redirect or a name server says."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from reex_crawler.middlewares.refused import Refused
from reex_crawler.site.profile import SiteProfile, profile

# Names that no public name server knows (RFC 6761, RFC 6762, RFC 8375; .internal by ICANN, 2024).
_PRIVATE_NAMES = (".localhost", ".local", ".test", ".home.arpa", ".internal")


class OneSiteMiddleware:
    """Lets only the site's own scheme, host and port be asked, at each redirect, whatever flags a request carries.

    The answer of a private address is thrown away unless the configured site is private itself: a public name may be
    made to lead into the network of the one who asks. The request, which carries no secret, has reached that address
    by then. Through a proxy it is the proxy that looks names up, and nothing can be said here.
    """

    def __init__(self, site: SiteProfile) -> None:
        self._site = site
        self._may_be_private = _is_private_host(urlsplit(site.site_url).hostname or "")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        return cls(profile(crawler.settings["REEX_SITE_URL"]))

    def process_request(self, request: Request) -> None:
        """Let a request to the site pass; raises ``Refused`` for any other."""
        if not self._site.owns(request.url):
            message = f"{request.url} is not on {self._site.site_url}"
            raise Refused(message, reason="foreign")

    def process_response(self, request: Request, response: Response) -> Response:
        """Let the answer of a public address pass; raises ``Refused`` for any other."""
        address = response.ip_address
        if address is None or self._may_be_private or request.meta.get("proxy") or _is_public(address):
            return response
        message = f"{request.url} leads to the private address {address}"
        raise Refused(message, reason="foreign")


def _is_private_host(host: str) -> bool:
    """Whether a host is a private address, or a name that only a private network can know."""
    try:
        return not _is_public(ip_address(host))
    except ValueError:
        return "." not in host or f".{host}".endswith(_PRIVATE_NAMES)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast
