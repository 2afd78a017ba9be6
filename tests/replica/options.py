"""How a replica is set up: theme, plugins, what is open, how comments are paged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.replica.answer import Answer, Request

THEMES = ("divi4", "divi4-classic", "divi5", "classic", "block")
"""The layouts a page can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    theme: str = "mixed"
    """One of ``THEMES``; ``mixed`` shows different articles through different ones."""
    seo: bool = True
    """Whether an SEO plugin writes JSON-LD, Open Graph and a sitemap index of its own."""
    seo_plugin: Literal["yoast", "rankmath"] = "yoast"
    """Whose dialect of JSON-LD and Open Graph it is."""
    rest: Literal["open", "closed", "absent"] = "closed"
    sitemap: Literal["core", "yoast", "none"] = "yoast"
    sitemap_size: int = 40
    """Addresses a sitemap file holds, so that this small site has several."""
    feed: Literal["ok", "broken", "absent"] = "ok"
    """``broken`` lets the control character of one article into the feed."""
    feed_size: int = 10
    comments_per_page: int = 0
    """Top-level comments a page; 0 is no paging."""
    comments_first: Literal["newest", "oldest"] = "newest"
    """Which comment page the bare address shows."""
    newest_on_top: bool = False
    """Whether each comment page shows its top-level comments newest first."""
    gzip: bool = True
    robots: str | None = None
    """The text of robots.txt in place of WordPress' own."""
    robots_status: int = 200
    faults: Mapping[str, Callable[[Request], Answer | None]] = field(default_factory=dict)
    """Path to a function that answers in place of the site; ``None`` lets the site answer."""
