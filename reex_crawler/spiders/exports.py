"""The files a crawl is to write its articles to (Scrapy's feed exports), tried before anything is asked of a site."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from w3lib.url import file_uri_to_path

from reex_crawler.errors import UsageError


def check(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for a file of ``FEEDS`` that cannot be written.

    Scrapy opens a file when the first article is there, and goes on without it. Feeds on other machines, and folders
    that are named only when the crawl runs, are tried by nobody before; ``failed`` tells of them.
    """
    for feed in settings.getdict("FEEDS"):
        path = _path(str(feed))
        if path is None or "%(" in str(path.parent):
            continue
        try:
            _try(path)
        except OSError as error:
            message = f"the file {path} cannot be written: {error.strerror}"
            raise UsageError(message, hint="Name another one after -O or -o, or in FEEDS") from error


def failed(stats: Mapping[str, Any]) -> bool:
    """Whether a feed could not be stored at the end of a crawl."""
    return any(name.startswith("feedexport/failed_count") for name in stats)


def _path(feed: str) -> Path | None:
    scheme = urlsplit(feed).scheme
    if scheme == "file":
        return Path(file_uri_to_path(feed))
    return None if scheme else Path(feed)


def _try(path: Path) -> None:
    """Open a file as a crawl would, and leave all as it was but for the folder, which Scrapy makes as well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.open("xb").close()
    except FileExistsError:
        # Opening a pipe would wait for its reader.
        if path.is_file() or path.is_dir():
            path.open("ab").close()
    else:
        path.unlink()
