"""Objects of WordPress' REST API (/wp/v2/): one answer to its JSON objects, and the values that all kinds of them have.

A value that is missing or of another type is as if it were not given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from reex_crawler.errors import BadListing, ListingFault
from reex_crawler.records import Dated, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.instants import machine, plausible
from reex_crawler.urls import absolute

_UTC = ZoneInfo("UTC")
_LARGEST_ID = 2**63 - 1


def objects(page: Page) -> Iterator[dict[str, Any]]:
    """The objects of a collection. Raises ``BadListing`` for an answer that is none, such as an error or a web page."""
    if page.status != HTTPStatus.OK:
        raise BadListing(ListingFault.STATUS, f"{_door(page)} answered {page.status}")
    try:
        answer = json.loads(page.body)
    except (ValueError, RecursionError) as error:
        raise BadListing(ListingFault.NOT_JSON, f"{_door(page)} is not JSON") from error
    if not isinstance(answer, list):
        raise BadListing(ListingFault.OTHER, f"{_door(page)} is JSON, but not a collection")
    return (entry for entry in answer if isinstance(entry, dict))


def dated(entry: dict[str, Any], field: str, page: Page, profile: SiteProfile) -> Dated | None:
    """An instant from ``field_gmt``, which carries no zone and is UTC, else from ``field``, which is local time."""
    for name, zone in ((f"{field}_gmt", _UTC), (field, profile.time_zone)):
        value = entry.get(name)
        if isinstance(value, str) and (found := plausible(machine(value, zone), page.fetched_at)):
            return found
    return None


def identity(value: object) -> int | None:
    """The id of an object."""
    return value if type(value) is int and 0 < value <= _LARGEST_ID else None


def address(value: object) -> str | None:
    """An absolute web address."""
    return absolute(value, value) if isinstance(value, str) else None


def _door(page: Page) -> str:
    """The collection that was asked, without the query that says which part of it."""
    return page.url.partition("?")[0]
