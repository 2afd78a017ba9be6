"""The article that somebody means by a URL, a slug or a number."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.errors import UsageError
from reex_crawler.site.profile import profile
from reex_crawler.storage.articles import find
from reex_crawler.storage.models import ArticleRow, ResourceRow

_NEAREST = 3


def find_article(session: Session, key: str, site_url: str) -> ArticleRow:
    """The stored article; an address that it had before leads to it as well, and so does the path of one.

    Raises ``UsageError`` that names the nearest known addresses.
    """
    site = profile(site_url)
    address = site.url(key) if key.startswith("/") else key
    url = site.article_url(address) or address
    moved = select(ArticleRow).join(ResourceRow, ResourceRow.article_id == ArticleRow.id).where(ResourceRow.url == url)
    row = find(session, url) or session.scalars(moved).first()
    if row is not None:
        return row
    known = session.scalars(select(ArticleRow.url)).all()
    near = get_close_matches(url, known, n=_NEAREST, cutoff=0.5)
    message = f"no article is stored under {key}"
    raise UsageError(message, hint=f"Nearest known: {', '.join(near)}" if near else "reex status says what is stored")
