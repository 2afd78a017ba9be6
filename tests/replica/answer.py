"""A request and its answer as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    target: str
    """Path and query as they stand in the request line."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


HTML = ("Content-Type", "text/html; charset=UTF-8")


def html(text: str, *headers: tuple[str, str], status: int = 200) -> Answer:
    """A page."""
    return Answer(status, (HTML, *headers), text.encode())


def moved(url: str, status: int = 301) -> Answer:
    """A redirect as WordPress sends it."""
    return Answer(status, (HTML, ("X-Redirect-By", "WordPress"), ("Location", url)))
