"""Listings to read from."""

from __future__ import annotations

from typing import Any

from reex_crawler.records import Page
from reex_crawler.site.profile import SiteProfile, profile
from tests.factories import SITE_URL, make_page

SITE: SiteProfile = profile(SITE_URL)


def listing(path: str, text: str | bytes, **over: Any) -> Page:
    """The answer to a path of the site, as UTF-8."""
    body = text if isinstance(text, bytes) else text.encode()
    return make_page(
        url=SITE_URL + path, body=body, **{"headers": (("Content-Type", "application/xml; charset=UTF-8"),)} | over
    )
