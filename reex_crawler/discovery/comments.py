"""The newest comments of the whole site: its REST collection and its feed, bytes to listed comments. No network.

A field that is missing or of another type is as if it were not given; an entry that names no comment is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from reex_crawler.discovery import entries
from reex_crawler.discovery.objects import address, dated, identity, objects
from reex_crawler.discovery.values import number
from reex_crawler.discovery.xml import read_tree
from reex_crawler.records import ListedComment, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.urls import absolute

_FRAGMENT = re.compile(r"#comment-(\d+)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class CommentListing:
    """One page of the collection, and how much the site says there is in all.

    WordPress counts comments on articles that nobody may read, and leaves them out: a page may hold fewer than asked
    for, and the total may be more than can be listed. A page past the end is empty, and no error.
    """

    items: tuple[ListedComment, ...]
    total: int | None
    total_pages: int | None


def collection(page: Page, profile: SiteProfile) -> CommentListing:
    """The comments of one page of ``SiteProfile.all_comments_url``, in the order given, each id once.

    They carry the id of their article, not its address. Pings are never among them; approved replies under a held
    comment are, though no page shows them. Raises ``BadListing`` for an answer that is no collection.
    """
    found = (_listed(entry, page, profile) for entry in objects(page))
    items = {comment.comment_id: comment for comment in found if comment}
    return CommentListing(
        tuple(items.values()), number(page.header("X-WP-Total")), number(page.header("X-WP-TotalPages"))
    )


def feed(page: Page, profile: SiteProfile) -> tuple[ListedComment, ...]:
    """The comments and pings on articles of the site that its comment feed shows, newest first, each id once.

    A feed tells nothing of parents. It has one page: WordPress shows the newest comments (as many as feeds have
    entries, 10 by default), and ``?paged=2`` is a 404 (``WP_Query::get_posts``, comment feeds). Raises ``BadListing``
    for an answer that is no feed.
    """
    tree = read_tree(page, entries.ROOTS)
    found = (_fed(entry, page, profile) for entry in tree.iter("{*}item", "{*}entry"))
    items: dict[int, ListedComment] = {}
    for comment in found:
        if comment is not None:
            items.setdefault(comment.comment_id, comment)
    return tuple(items.values())


def _listed(entry: dict[str, Any], page: Page, profile: SiteProfile) -> ListedComment | None:
    comment_id = identity(entry.get("id"))
    if comment_id is None:
        return None
    name, parent = entry.get("author_name"), entry.get("parent")
    return ListedComment(
        comment_id=comment_id,
        post_id=identity(entry.get("post")),
        parent_id=0 if type(parent) is int and parent == 0 else identity(parent),
        posted=dated(entry, "date", page, profile),
        author_name=name if isinstance(name, str) else None,
        author_url=address(entry.get("author_url")),
    )


def _fed(entry: etree._Element, page: Page, profile: SiteProfile) -> ListedComment | None:
    link, guid = entries.link(entry) or "", entries.guid(entry) or ""
    found = _FRAGMENT.search(link) or _FRAGMENT.search(guid)
    comment_id = number(found[1]) if found else None
    url = absolute(link, page.final_url)
    article = profile.article_url(url) if url else None
    if not comment_id or article is None:
        return None
    return ListedComment(
        comment_id=comment_id,
        post_id=entries.post_id(guid),
        article_url=article,
        posted=entries.published(entry, page, profile),
        author_name=next(iter(entries.names(entry)), None),
    )
