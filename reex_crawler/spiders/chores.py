"""Which listings ``latest`` asks once a day only: the lesser ones, and those that were closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.asking import DAY
from reex_crawler.spiders.listings import rest_door
from reex_crawler.storage.doors import Door

# Few at a time, so that every run stays short.
AT_ONCE = 2


def chores(site: SiteProfile, doors: Mapping[str, Door], sitemap: str, now: datetime) -> frozenset[str]:
    """The addresses of those whose turn it is at ``now``, the longest unasked first; ``sitemap`` stands for them all.

    One that was never asked has its first turn a day after any listing was asked.
    """
    asked = [door.asked_at for door in doors.values() if door.asked_at]
    never = min(asked, default=now)
    last = {url: (doors[url].asked_at if url in doors else None) or never for url in _lesser(site, doors, sitemap)}
    return frozenset(sorted((url for url, at in last.items() if at <= now - DAY), key=last.__getitem__)[:AT_ONCE])


def _lesser(site: SiteProfile, doors: Mapping[str, Door], sitemap: str) -> Iterator[str]:
    """All that is not asked in every run."""

    def is_open(url: str) -> bool:
        return url in doors and doors[url].is_open

    def was_closed(url: str) -> bool:
        return url in doors and doors[url].is_shut

    feeds = [site.url(path) for path in site.feed_paths]
    main_feed = next(filter(is_open, feeds), None)
    yield from (url for url in feeds if url != main_feed)
    main, *others = (rest_door(site, name) for name in site.rest_types)
    if is_open(main):
        yield from others
    elif not any(door.lastmod for door in doors.values()):
        yield sitemap
    comments = (rest_door(site, "comments"), site.url(site.comments_feed_path))
    yield from filter(was_closed, (main, *comments))
