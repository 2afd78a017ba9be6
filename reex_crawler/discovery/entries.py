"""The parts that one entry of a feed has in RSS 2.0 and in Atom, whatever it stands for."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from reex_crawler.discovery.values import line, number
from reex_crawler.discovery.xml import content, text_of
from reex_crawler.records import Dated, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.instants import machine, mail, plausible

ROOTS = frozenset({"rss", "feed", "rdf"})
"""The root elements of feeds."""


def link(entry: etree._Element) -> str | None:
    """Where the entry leads, as written: its link, or a guid that says it is one."""
    for element in entry.findall("{*}link"):
        if element.get("rel", "alternate") == "alternate" and (url := element.get("href") or line(content(element))):
            return url
    found = entry.find("{*}guid")
    return content(found).strip() if found is not None and found.get("isPermaLink", "true") == "true" else None


def guid(entry: etree._Element) -> str | None:
    """The name that the entry keeps for ever."""
    return text_of(entry, "{*}guid") or text_of(entry, "{*}id")


def post_id(name: str | None) -> int | None:
    """The post id in a guid of WordPress' form ``…/?post_type=…&p=ID``; its host proves nothing."""
    try:
        query = parse_qs(urlsplit(name or "").query)
    except ValueError:
        return None
    return number(query["p"][0]) or None if "p" in query and query.keys() <= {"p", "post_type"} else None


def published(entry: etree._Element, page: Page, profile: SiteProfile) -> Dated | None:
    """When it was published."""
    return _date(entry, ("{*}pubDate", "{*}published", "{*}date"), page, profile)


def updated(entry: etree._Element, page: Page, profile: SiteProfile) -> Dated | None:
    """When it was last changed, which only Atom tells."""
    return _date(entry, ("{*}updated",), page, profile)


def names(entry: etree._Element) -> tuple[str, ...]:
    """Who wrote it."""
    creators = entry.findall("{http://purl.org/dc/elements/1.1/}creator") or entry.findall("{*}author/{*}name")
    return tuple(dict.fromkeys(name for creator in creators if (name := line(unescape(content(creator))))))


def _date(entry: etree._Element, paths: tuple[str, ...], page: Page, profile: SiteProfile) -> Dated | None:
    for path in paths:
        if text := text_of(entry, path):
            return plausible(mail(text) or machine(text, profile.time_zone), page.fetched_at)
    return None
