"""The one reader: from pages of the site to an article. This file is the table of contents of the extraction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from reex_crawler.errors import NotAnArticle, Unreadable
from reex_crawler.extraction import body, checks, comments, dates, highlights, identity, media, people, terms
from reex_crawler.extraction.blocks import finish
from reex_crawler.extraction.document import parse
from reex_crawler.extraction.language import language
from reex_crawler.extraction.markdown import markdown_of
from reex_crawler.extraction.plaintext import text_of, word_count
from reex_crawler.extraction.sanitise import html_of
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.extraction.title import title
from reex_crawler.records import Article, Capture, Listed, Page
from reex_crawler.site.profile import SiteProfile


def extract(page: Page, profile: SiteProfile, *, more: Sequence[Page] = (), listed: Listed | None = None) -> Article:
    """Read one article. Pure: the same pages give the same article, on any day and on any machine.

    ``more`` are further pages of the article read so far: comment pages, pages of its text, REST answers. What is
    still to be read is named by ``Article.pending``. ``listed`` is what a listing says of the article. Raises
    ``NotAnArticle``, ``Incomplete`` or ``Unreadable`` where the page gives no article.
    """
    checks.answer(page)
    doc = parse(page, profile)
    checks.article(doc)
    checks.whole(doc)

    place = body.find(doc)
    post_id = identity.post_id(doc, place.element if place else None, listed)
    url = identity.canonical_url(doc, post_id.value if post_id else None)
    headline = title(doc, place.layout if place else None, listed)
    if headline is None:
        reason = "no-title"
        raise NotAnArticle(reason, "the page has no headline")
    published, modified = dates.published(doc, listed), dates.modified(doc, listed)
    authors, article_terms = people.authors(doc, listed), terms.terms(doc, listed)
    tongue = language(doc)
    lead_image = media.lead_image(doc)
    thread = comments.read(doc, more, listed)

    text = body.read(doc, place, more, listed)
    highlight_drafts, body_drafts = highlights.split(text.drafts)
    points = highlights.texts(finish(highlight_drafts, doc.mender, "highlights"))
    blocks = finish(body_drafts, doc.mender, "body")
    plain = text_of(blocks)
    if not (plain or points or (place and body.shows_media(place))):
        reason = "no-body"
        raise Unreadable(reason, "the page is an article whose text was not found")

    found: dict[str, Sourced[object] | None] = {
        "post_id": post_id,
        "url": url,
        "title": headline,
        "published": published,
        "modified": modified,
        "authors": authors,
        "terms": article_terms,
        "language": tongue,
        "lead_image": lead_image,
    }
    return Article(
        post_id=post_id.value if post_id else None,
        url=url.value,
        slug=identity.slug(url.value),
        title=headline.value,
        published=published.value if published else None,
        modified=modified.value if modified else None,
        authors=authors.value if authors else (),
        terms=article_terms.value if article_terms else (),
        highlights=points,
        body=plain,
        body_markdown=markdown_of(blocks),
        body_html=html_of(blocks),
        images=media.images(blocks),
        links=media.links(blocks, profile),
        lead_image=lead_image.value if lead_image else None,
        language=tongue.value if tongue else None,
        word_count=word_count(plain),
        layout=place.layout.name if place else "trafilatura",
        sources={name: one.source for name, one in found.items() if one} | {"body": text.source},
        comments=thread.comments,
        thread_complete=thread.complete,
        pending=tuple(dict.fromkeys((*text.pending, *thread.pending))),
        repairs=tuple(doc.mender.repairs),
        suspicions=tuple(doc.mender.suspicions),
        capture=capture(page),
    )


def capture(page: Page) -> Capture:
    """Which answer an article was read from."""
    return Capture(
        url=page.url,
        final_url=page.final_url,
        status=page.status,
        fetched_at=page.fetched_at,
        digest=hashlib.sha256(page.body).hexdigest(),
        size=len(page.body),
    )
