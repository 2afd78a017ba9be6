"""Scrapy's responses and failures as the values that the rest of the program knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from reex_crawler.errors import ReexError
from reex_crawler.middlewares import RECEIVED_AT, RECORD, REDIRECT, Later, Refused, asked_url, error_text
from reex_crawler.records import Page
from reex_crawler.storage.models import FetchOutcome

_REASONS: Mapping[type[BaseException], str] = {
    DownloadTimeoutError: "timeout",
    DownloadConnectionRefusedError: "refused",
    CannotResolveHostError: "dns",
    ResponseDataLossError: "cut",
}


OUTCOMES: Mapping[int, FetchOutcome] = {
    HTTPStatus.NOT_FOUND: FetchOutcome.GONE,
    HTTPStatus.GONE: FetchOutcome.GONE,
    HTTPStatus.UNAUTHORIZED: FetchOutcome.REFUSED,
    HTTPStatus.FORBIDDEN: FetchOutcome.REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS: FetchOutcome.REFUSED,
}
"""What a status other than 200 means for the address; any that is not here is a failure."""


class NoAnswer(ReexError):
    """A URL was not asked or gave no answer. ``reason`` is a short stable word that can be counted."""

    def __init__(self, url: str, error: BaseException) -> None:
        super().__init__(f"{url} cannot be read: {error_text(error)}")
        self.url = url
        self.refused = isinstance(error, Refused)
        self.not_before = error.not_before if isinstance(error, Later) else None
        """When the site wants it asked again; none where it does not say."""
        self.reason = error.reason if isinstance(error, Refused) else _REASONS.get(type(error), "network")


def to_page(response: Response) -> Page:
    """The answer as a ``Page``, received now; repeated headers are kept."""
    meta = response.request.meta if response.request else {}
    return Page(
        url=asked_url(response.request.url, meta) if response.request else response.url,
        final_url=response.url,
        status=response.status,
        # Latin-1 keeps every byte (RFC 9110, section 5.5); Scrapy's own conversion fails on what is not UTF-8.
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ),
        body=response.body,
        fetched_at=meta.get(RECEIVED_AT) or datetime.now(UTC),
        record=meta.get(RECORD),
        redirect=meta.get(REDIRECT),
    )


def no_page(url: str) -> Page:
    """What stands for a page that gave no answer: no status, no body."""
    return Page(url=url, final_url=url, status=0, headers=(), body=b"", fetched_at=datetime.now(UTC))
