"""What to ask for: windows of time, when two addresses are one, what a page leaves open. Pure: no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reex_crawler.records import Article, Precision
from reex_crawler.site.profile import SiteProfile, UrlKind

# Which listing knows most of an article: REST gives ids and instants, a feed instants, a sitemap little but the URL.
KNOWS = {"rest": 2, "feed": 1, "sitemap": 0}

_CURLY = frozenset("‘’“”")


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

    @property
    def is_open(self) -> bool:
        """Whether it holds everything."""
        return self.since is None and self.before is None

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in the window."""
        return (self.since is None or at >= self.since) and (self.before is None or at < self.before)

    def may_hold(self, published_at: datetime | None, changed_at: datetime | None) -> bool:
        """Whether an article may lie in the window, by what is known of it before it is read.

        A time of change alone bounds the publication from above: nothing is changed before it is published.
        """
        if published_at is not None:
            return self.holds(published_at)
        return changed_at is None or self.since is None or changed_at >= self.since


def article_key(url: str, site: SiteProfile) -> str | None:
    """What an address is called while it is only an address: one key for all spellings; none for what is no article."""
    return url if site.kind(url) is UrlKind.ARTICLE_ID else site.article_url(url)


def leaves_open(article: Article) -> bool:
    """Whether a feed may know what the page does not say: some themes print no author, or only a day."""
    exact = article.published is not None and article.published.precision is Precision.SECOND
    return not (exact and article.authors and article.terms)


def curly_names(article: Article) -> list[str]:
    """The authors that may be typed otherwise: block themes print names with curly quotes in place of straight ones."""
    return [author.name for author in article.authors if not _CURLY.isdisjoint(author.name)]
