"""The REST collection of articles (WordPress REST API, /wp/v2/): bytes to listed articles. No network, no state.

A field that is missing or of another type is as if it were not given; only an answer that is no collection is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack
from urllib.parse import unquote, urlencode

from w3lib.html import remove_tags, replace_entities

from reex_crawler.discovery.objects import address, dated, identity, objects
from reex_crawler.discovery.values import line, number
from reex_crawler.records import Author, Listed, Page, Taxonomy, Term
from reex_crawler.site.profile import SiteProfile, UrlKind
from reex_crawler.urls import absolute

PER_PAGE = 100
"""The most WordPress gives in one answer; 101 is refused."""
_FIELDS = "id,date,date_gmt,modified,modified_gmt,slug,status,link,title,content,_links,_embedded"
_NEXT_PAGE = "<!--nextpage-->"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a collection, and how much the site says there is in all."""

    items: tuple[Listed, ...]
    total: int | None
    total_pages: int | None


class Limits(TypedDict, total=False):
    """Between which instants the articles of a collection lie; those of the limits themselves are not listed."""

    modified_after: datetime | None
    """By the last change."""
    after: datetime | None
    """By publication, as ``before``."""
    before: datetime | None


def articles_url(
    profile: SiteProfile,
    page: int = 1,
    *,
    collection: str | None = None,
    orderby: Literal["date", "modified"] | None = None,
    oldest_first: bool = False,
    **limits: Unpack[Limits],
) -> str:
    """The address of one page (from 1) of a collection of articles, the profile's best one by default.

    WordPress compares the limits with ``post_date`` and ``post_modified``, which are local times, and not with their
    ``*_gmt`` twins (``WP_REST_Posts_Controller::get_items``); ``SiteProfile.lower_limit`` says how they are written.
    """
    query = {"per_page": str(PER_PAGE), "page": str(page), "_embed": "author,wp:term", "_fields": _FIELDS}
    if orderby is not None:
        query["orderby"] = orderby
    if oldest_first:
        query["order"] = "asc"
    if modified_after := limits.get("modified_after"):
        query["modified_after"] = profile.lower_limit(modified_after)
    if after := limits.get("after"):
        query["after"] = profile.lower_limit(after)
    if before := limits.get("before"):
        query["before"] = profile.upper_limit(before)
    path = f"{profile.rest_root}{collection or profile.rest_types[0]}"
    return profile.url(f"{path}?{urlencode(query, safe=',:')}")


def articles(page: Page, profile: SiteProfile) -> Listing:
    """The published articles of one page of a collection; those behind a password are left out.

    Times come from the ``*_gmt`` fields, which carry no zone and are UTC. Raises ``BadListing`` for an answer that is
    no collection, such as an error object or a web page.
    """
    items = {item.url: item for entry in objects(page) if (item := _listed(entry, page, profile))}
    return Listing(tuple(items.values()), number(page.header("X-WP-Total")), number(page.header("X-WP-TotalPages")))


def _listed(entry: dict[str, Any], page: Page, profile: SiteProfile) -> Listed | None:
    url = absolute(link, page.final_url) if isinstance(link := entry.get("link"), str) else None
    article = profile.article_url(url) if url and profile.kind(url) is UrlKind.ARTICLE else None
    content = _dict(entry.get("content"))
    if article is None or content.get("protected") is True or entry.get("status", "publish") != "publish":
        return None
    embedded = _dict(entry.get("_embedded"))
    rendered = content.get("rendered")
    return Listed(
        url=article,
        source="rest",
        listed_in=page.url,
        post_id=identity(entry.get("id")),
        title=_text(_dict(entry.get("title")).get("rendered")),
        published=dated(entry, "date", page, profile),
        modified=dated(entry, "modified", page, profile),
        authors=tuple(_authors(embedded)),
        terms=tuple(_terms(embedded)),
        content_html=rendered if isinstance(rendered, str) and _NEXT_PAGE in rendered else None,
    )


def _authors(embedded: dict[str, Any]) -> Iterator[Author]:
    for author in _dicts(embedded.get("author")):
        if name := _text(author.get("name")):
            yield Author(
                name=name,
                slug=_slug(author.get("slug")),
                url=address(author.get("link")),
                bio=_text(author.get("description")),
            )


def _terms(embedded: dict[str, Any]) -> Iterator[Term]:
    groups = embedded.get("wp:term")
    for group in groups if isinstance(groups, list) else []:
        for term in _dicts(group):
            taxonomy, name = _taxonomy(term.get("taxonomy")), _text(term.get("name"))
            if taxonomy and name:
                yield Term(taxonomy=taxonomy, name=name, slug=_slug(term.get("slug")), url=address(term.get("link")))


def _taxonomy(name: object) -> Taxonomy | None:
    """WordPress' ``category`` and ``post_tag``, or a taxonomy of a custom post type that is named like them."""
    if not isinstance(name, str):
        return None
    if name.endswith("tag"):
        return Taxonomy.TAG
    return Taxonomy.CATEGORY if name.endswith(("category", "cat")) else None


def _text(value: object) -> str | None:
    """Rendered HTML as one line of text."""
    return line(replace_entities(remove_tags(value))) or None if isinstance(value, str) else None


def _slug(value: object) -> str | None:
    return unquote(value) or None if isinstance(value, str) else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
