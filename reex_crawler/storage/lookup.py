"""From any name of an article (an address, a slug, a number) to all its addresses, stored or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.storage import known
from reex_crawler.storage.models import ArticleRow, ListingRow, ResourceKind, ResourceRow

_LARGEST_ID = 2**63 - 1
_IS_ARTICLE = ResourceRow.kind == ResourceKind.ARTICLE


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name stands for: addresses of one article, and that article where it is stored."""

    resource_ids: tuple[int, ...]
    article_id: int | None


def find(session: Session, *, urls: Collection[str], slug: str | None, number: int | None) -> Meant | None:
    """What the first name that is known stands for: a URL, a slug, a post id, our own number of an article.

    A URL may be that of anything that was ever asked for. A slug has its percent-encoding decoded.
    """
    number = number if number is not None and number <= _LARGEST_ID else None
    resource_id = _resource(session, urls)
    article_id = None if resource_id else _article(session, urls, slug, number)
    if resource_id is None and article_id is None:
        resource_id = _listed(session, slug, number)
    if resource_id is None and article_id is None and number is not None:
        article_id = session.scalar(select(ArticleRow.id).where(ArticleRow.id == number))
    if article_id is not None:
        return _of_article(session, article_id)
    return _of_resource(session, resource_id) if resource_id is not None else None


def urls(session: Session) -> list[str]:
    """Every address of an article, in whatever way it came to be known."""
    return list(session.scalars(select(ResourceRow.url).where(_IS_ARTICLE)))


def _resource(session: Session, urls: Collection[str]) -> int | None:
    statement = select(ResourceRow.url, ResourceRow.id).where(ResourceRow.url.in_(urls))
    found = dict(iter(session.execute(statement)))
    return next((found[url] for url in urls if url in found), None)


def _article(session: Session, urls: Collection[str], slug: str | None, number: int | None) -> int | None:
    conditions = [ArticleRow.url == url for url in urls]
    conditions += [ArticleRow.slug == slug] if slug is not None else []
    conditions += [ArticleRow.post_id == number] if number is not None else []
    newest_first = (ArticleRow.last_seen_at.desc(), ArticleRow.id.desc())
    for condition in conditions:
        found = session.scalar(select(ArticleRow.id).where(condition).order_by(*newest_first).limit(1))
        if found is not None:
            return found
    return None


def _listed(session: Session, slug: str | None, number: int | None) -> int | None:
    """The address, known from listings or from old times, that ends in a slug or belongs to a post id."""
    if slug is not None:
        ends = ResourceRow.url.endswith(f"/{quote(slug)}/", autoescape=True)
        found = session.scalar(select(ResourceRow.id).where(_IS_ARTICLE, ends).order_by(ResourceRow.id.desc()).limit(1))
        if found is not None:
            return found
    if number is None:
        return None
    of_post = select(ListingRow.resource_id).join(ResourceRow).where(_IS_ARTICLE, ListingRow.post_id == number)
    return session.scalar(of_post.order_by(ListingRow.last_listed_at.desc()).limit(1))


def _of_article(session: Session, article_id: int) -> Meant:
    addresses = known.addresses(session)
    ids = session.scalars(select(addresses.c.resource_id).where(addresses.c.article_id == article_id))
    return Meant(tuple(ids), article_id)


def _of_resource(session: Session, resource_id: int) -> Meant:
    addresses = known.addresses(session)
    own = session.execute(select(addresses).where(addresses.c.resource_id == resource_id)).one_or_none()
    if own is None:
        return Meant((resource_id,), None)
    if own.article_id is not None:
        return _of_article(session, own.article_id)
    same = addresses.c.same_as == own.same_as if own.post_id is None else addresses.c.post_id == own.post_id
    ids = session.scalars(select(addresses.c.resource_id).where(same, addresses.c.article_id.is_(None)))
    return Meant(tuple(ids), None)
