"""A site of 300 articles and an archive of all of it that knows 20,000 addresses, without crawling all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.engine import make_url

from reex_crawler import ingest
from reex_crawler.storage.models import ArticleRow, ListingRow, ResourceKind, ResourceRow, ResourceState
from reex_crawler.storage.session import make_engine, transaction
from tests.factories import make_article, make_dated
from tests.replica import Replica, edit
from tests.replica.blocks import Block
from tests.shell.running import scrapy
from tests.shell.smaller import shrink

ARTICLES, ADDRESSES = 300, 20_000
_CRAWLED = 12
_LONG_AGO = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)


def archive(replica: Replica, database: Path) -> None:
    """Fill the site, crawl what is newest and all listings of it, and store the rest as a crawl would have."""
    shrink(replica, _CRAWLED)
    text = (Block(kind="p", texts=("Nothing of it was ever changed.",)),)
    for number in range(ARTICLES - _CRAWLED):
        edit.publish(replica, slug=f"article-{number}", at=_LONG_AGO + timedelta(hours=number), blocks=text)
    arguments = ("-a", f"max_articles={_CRAWLED}")
    done = scrapy("crawl", "backfill", *arguments, site=replica.url, database=database)
    assert done.returncode == 0, done.stderr
    engine = make_engine(make_url(f"sqlite:///{database}"))
    now = datetime.now(UTC)
    with transaction(engine) as session:
        stored = set(session.scalars(select(ArticleRow.post_id)))
        for truth in replica.site.truths():
            if truth.post_id not in stored:
                dates = {"published": make_dated(truth.published), "modified": make_dated(truth.modified)}
                article = make_article(now, url=truth.url, post_id=truth.post_id, slug=truth.slug, **dates)
                ingest.store(session, article)
        known = session.scalar(select(func.count()).select_from(ResourceRow)) or 0
        common = {"kind": ResourceKind.ARTICLE, "state": ResourceState.MOVED, "tries": 0}
        times = {"first_seen_at": now, "last_fetched_at": now}
        urls = (f"{replica.url}/news/an-old-address-{number}/" for number in count())
        moved = [{"url": url, **common, **times} for url in islice(urls, ADDRESSES - known)]
        session.execute(insert(ResourceRow), moved)
        named = select(ResourceRow.id).where(ResourceRow.state == ResourceState.MOVED)
        said = {"source": "feed", "listed_in": f"{replica.url}/news/feed/", "published_at": _LONG_AGO}
        times = {"first_listed_at": now, "last_listed_at": now}
        session.execute(insert(ListingRow), [{"resource_id": one, **said, **times} for one in session.scalars(named)])
    engine.dispose()
