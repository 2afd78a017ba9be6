"""Which articles are known, as one query: those that are stored and those that a source names, each once.

However many addresses an article has (an old slug, ``/?p=7``), those that lead to one stored article, or for which
listings give one post id, are one article. What is counted of them is in ``coverage``.
"""

from __future__ import annotations

from sqlalchemy import CTE, Subquery, and_, case, false, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from reex_crawler.storage import sources
from reex_crawler.storage.models import (
    ArticleRow,
    FetchOutcome,
    FetchRow,
    ListingRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
)
from reex_crawler.storage.sources import SOURCES

NAMED, NO_LONGER, NEVER = 2, 1, 0
"""What a source says of an article: it names it, it named it before its last whole reading, or it never did."""
STATES = (
    *(ResourceState.FETCHED, ResourceState.NEW, ResourceState.FAILED, ResourceState.QUARANTINED),
    *(ResourceState.DEAD, ResourceState.GONE, ResourceState.MOVED),
)
"""The states of an address; an article with several is as far as the one that got furthest, the first of these."""


def known_articles(session: Session) -> Subquery:
    """One row an article, stored or named by a source.

    ``stored`` and ``withdrawn`` (the site showed it no more when last asked) are 1 or 0; ``published_at`` is as stored,
    else as listed; ``resource_id`` is the address that got furthest and ``state`` its place in ``STATES``; for each
    source a column of its name holds ``NAMED``, ``NO_LONGER`` or ``NEVER``.
    """
    named = addresses(session)
    stored = select(
        null().label("resource_id"),
        ArticleRow.id.label("article_id"),
        null().label("post_id"),
        null().label("same_as"),
        ArticleRow.published_at,
        null().label("state"),
        *(literal(NEVER).label(source) for source in SOURCES),
        null().label("withdrawn"),
        literal(1).label("stored"),
    )
    rows = union_all(select(named, literal(0).label("stored")), stored).subquery()
    post_id = case((rows.c.article_id.is_(None), rows.c.post_id))
    same_as = case((func.coalesce(rows.c.article_id, rows.c.post_id).is_(None), rows.c.same_as))
    key = (rows.c.article_id, post_id, same_as)
    best = func.row_number().over(partition_by=key, order_by=(rows.c.state, rows.c.resource_id))
    names = ("key_article", "key_post", "key_address")
    keyed = select(
        rows, best.label("place"), *(one.label(name) for one, name in zip(key, names, strict=True))
    ).subquery()
    as_stored = func.max(case((keyed.c.stored == 1, keyed.c.published_at)))
    return (
        select(
            func.max(keyed.c.stored).label("stored"),
            func.coalesce(func.min(keyed.c.withdrawn), 0).label("withdrawn"),
            func.coalesce(as_stored, func.min(keyed.c.published_at)).label("published_at"),
            func.min(keyed.c.state).label("state"),
            func.max(case((keyed.c.place == 1, keyed.c.resource_id))).label("resource_id"),
            *(func.max(keyed.c[source]).label(source) for source in SOURCES),
        )
        .group_by(*(keyed.c[name] for name in names))
        .subquery()
    )


def addresses(session: Session) -> CTE:
    """Every address that a source names or that leads to an article, with the article it belongs to."""
    named = _listings(session)
    own, target, by_post_id = aliased(ArticleRow), aliased(ResourceRow), aliased(ArticleRow)
    # Where the article of a redirect was met already, its address is not attached to it.
    answered = (
        select(FetchRow.final_url)
        .where(FetchRow.resource_id == ResourceRow.id, FetchRow.outcome != FetchOutcome.KEPT)
        .order_by(FetchRow.fetched_at.desc(), FetchRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    leads_to = case((ResourceRow.state == ResourceState.MOVED, answered))
    # An address may have passed on to another article, which its listing tells before it is asked again.
    passed_on = and_(own.post_id.is_not(None), named.c.post_id.is_not(None))
    article_id = func.coalesce(by_post_id.id, case((passed_on, null()), else_=own.id))
    # Whether the site still shows a stored article is told by the address it has now, and by none that it had.
    former = and_(article_id.is_not(None), ResourceRow.url != func.coalesce(by_post_id.url, own.url))
    return (
        select(
            ResourceRow.id.label("resource_id"),
            article_id.label("article_id"),
            named.c.post_id,
            func.coalesce(target.id, ResourceRow.id).label("same_as"),
            named.c.published_at,
            case({state: place for place, state in enumerate(STATES)}, value=ResourceRow.state).label("state"),
            *(func.coalesce(named.c[source], NEVER).label(source) for source in SOURCES),
            case((former, null()), (ResourceRow.state == ResourceState.GONE, 1), else_=0).label("withdrawn"),
        )
        .outerjoin(named, named.c.resource_id == ResourceRow.id)
        .outerjoin(target, target.url == leads_to)
        .outerjoin(own, own.id == func.coalesce(ResourceRow.article_id, target.article_id))
        .outerjoin(by_post_id, by_post_id.post_id == named.c.post_id)
        .where(ResourceRow.kind == ResourceKind.ARTICLE)
        .where(named.c.resource_id.is_not(None) | own.id.is_not(None))
        .cte("addresses")
    )


def _listings(session: Session) -> CTE:
    """One row an address: whether each source names it, its newest post id, when it was published."""
    # What a page names at one reading is listed at one instant. An entry of a sitemap stays on its page or is found on
    # another one. Those of a collection slide from page to page, so only a reading of all pages tells; of a feed, which
    # shows the newest only, none does.
    page = (
        select(ListingRow.listed_in, func.max(ListingRow.last_listed_at).label("read_at"))
        .where(ListingRow.source == "sitemap")
        .group_by(ListingRow.listed_in)
        .subquery()
    )
    no_longer = [(ListingRow.source == "sitemap", ListingRow.last_listed_at < page.c.read_at)]
    no_longer += [
        (and_(ListingRow.source == "rest", sources.of_collection(one.url)), ListingRow.last_listed_at < one.whole_since)
        for one in sources.collections(session)
        if one.whole_since is not None
    ]
    said = case((case(*no_longer, else_=false()), NO_LONGER), else_=NAMED)
    return (
        select(
            ListingRow.resource_id,
            func.max(ListingRow.post_id).label("post_id"),
            func.min(ListingRow.published_at).label("published_at"),
            *(func.max(case((ListingRow.source == source, said), else_=NEVER)).label(source) for source in SOURCES),
        )
        .outerjoin(page, and_(ListingRow.source == "sitemap", page.c.listed_in == ListingRow.listed_in))
        .where(ListingRow.source.in_(SOURCES))
        .group_by(ListingRow.resource_id)
        .cte("named")
    )
