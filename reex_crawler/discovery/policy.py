"""What to ask for: which of the listed addresses are wanted, and in which order. Pure: no clock, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reex_crawler.records import Listed
from reex_crawler.site.profile import SiteProfile, UrlKind

# Which listing knows most of an article: REST gives ids and instants, a feed instants, a sitemap little but the URL.
_KNOWS = {"rest": 2, "feed": 1, "sitemap": 0}
FEW = 20
"""How many articles are recent where no feed says so; WordPress' feeds show 10."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of publication times: ``since`` belongs to it, ``before`` does not; none is open."""

    since: datetime | None = None
    before: datetime | None = None

    @classmethod
    def of_days(cls, since: date | None, until: date | None, zone: ZoneInfo) -> Window:
        """The days from ``since`` to ``until``, both inclusive, as the site's own calendar has them."""
        return cls(
            since=datetime.combine(since, time(), zone).astimezone(UTC) if since else None,
            before=datetime.combine(until + timedelta(days=1), time(), zone).astimezone(UTC) if until else None,
        )

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in the window."""
        return (self.since is None or at >= self.since) and (self.before is None or at < self.before)

    def may_hold(self, listed: Listed) -> bool:
        """Whether an article may lie in the window, by what its listing says.

        A time of change alone bounds the publication from above: nothing is changed before it is published.
        """
        if listed.published is not None:
            return self.holds(listed.published.at)
        return listed.modified is None or self.since is None or listed.modified.at >= self.since


def merge(listings: Iterable[Listed], site: SiteProfile) -> dict[str, Listed]:
    """One entry an article, by canonical URL, from the listing that knows most; in the order of first mention.

    Addresses of anything else are left out.
    """
    best: dict[str, Listed] = {}
    for listed in listings:
        key = article_key(listed.url, site)
        if key is not None and (key not in best or _KNOWS[listed.source] > _KNOWS[best[key].source]):
            best[key] = listed
    return best


def article_key(url: str, site: SiteProfile) -> str | None:
    """What an address is called while it is only an address: one key for all spellings; none for what is no article."""
    return url if site.kind(url) is UrlKind.ARTICLE_ID else site.article_url(url)


def newest_first(listings: Iterable[Listed]) -> list[Listed]:
    """By publication or, where that is not listed, by change; what has neither comes last, in the order given."""
    return sorted(listings, key=_age, reverse=True)


def recent(fed: Sequence[Listed], others: Iterable[Listed]) -> list[Listed]:
    """What a feed shows, and what other listings say was published or changed since the feed's oldest entry.

    The feed sets the horizon, so that a quiet site is asked little; without one the newest of the others are recent.
    """
    horizon = min((listed.published.at for listed in fed if listed.published), default=None)
    if horizon is None:
        return [*fed, *sorted(others, key=_last_change, reverse=True)[:FEW]]
    return [*fed, *(listed for listed in others if _last_change(listed) >= horizon)]


def _age(listed: Listed) -> datetime:
    return next(iter(_instants(listed)), _LONG_AGO)


def _last_change(listed: Listed) -> datetime:
    return max(_instants(listed), default=_LONG_AGO)


def _instants(listed: Listed) -> list[datetime]:
    return [dated.at for dated in (listed.published, listed.modified) if dated is not None]
