"""XML as WordPress really sends it, read without trusting it: the one way to a listing's tree.

Feeds and sitemaps come from outside, so nothing here resolves entities, loads a DTD or opens a connection.
"""

from __future__ import annotations

import re
import sys
import zlib
from html.entities import html5
from http import HTTPStatus

from lxml import etree

from reex_crawler.discovery.values import line
from reex_crawler.errors import BadListing, ListingFault
from reex_crawler.records import Page
from reex_crawler.text.decode import decode

MAX_BYTES = 50 * 1024 * 1024
"""What a sitemap may measure uncompressed (sitemaps.org); no feed comes near it."""

_GZIP_MAGIC = b"\x1f\x8b"
# Everything outside of the Char production of XML 1.0, section 2.2.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = re.compile(r"\A<\?xml\b[^>]*\?>")
# Outside of CDATA: a reference to a character or to a named entity, or an ampersand that is none.
_AMPERSAND = re.compile(
    r"(<!\[CDATA\[.*?(?:]]>|\Z))|&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z]\w*;))?", re.DOTALL
)
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_HTML_DOCTYPE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_LEADING = 8192


def read_tree(page: Page, roots: frozenset[str]) -> etree._Element:
    """The root element of an answer, whose local name has to be among ``roots``.

    Characters that XML forbids are dropped first: one in a single article's text makes WordPress' whole feed invalid.
    Other slips are recovered from. Of an answer that was cut, the last entry is left out, since it may be half a URL.
    Raises ``BadListing`` for an answer that is empty, too large, a web page, no XML, or carries a document type.
    """
    text = _text(page)
    root = _refuse_other(page, text, roots)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        tree = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BadListing(ListingFault.MALFORMED, f"{page.url} is not readable XML: {error.msg}") from error
    if tree is None:
        raise BadListing(ListingFault.MALFORMED, f"{page.url} is not readable XML")
    if f"</{root}" not in text:
        _drop_last_entry(page, tree)
    return tree


def text_of(element: etree._Element, path: str) -> str | None:
    """The text of the first element on a path such as ``{*}title``, on one line; none where it is empty."""
    found = element.find(path)
    return None if found is None else line(content(found)) or None


def content(element: etree._Element) -> str:
    """All text inside an element."""
    return "".join(element.itertext())


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname.lower()


def _text(page: Page) -> str:
    if page.status != HTTPStatus.OK:
        raise BadListing(ListingFault.STATUS, f"{page.url} answered {page.status}")
    body = page.body
    if body.startswith(_GZIP_MAGIC):
        body = _gunzip(page)
    if len(body) > MAX_BYTES:
        raise BadListing(ListingFault.TOO_LARGE, f"{page.url} measures more than {MAX_BYTES} bytes")
    text = _NOT_XML.sub("", decode(body, page.header("Content-Type")).text)
    # A blank line or a PHP warning before the declaration is a common slip of WordPress plugins.
    start = text.find("<?xml", 0, _LEADING)
    text = text[start:] if start >= 0 else text.lstrip()
    if not text.strip():
        raise BadListing(ListingFault.EMPTY, f"{page.url} is empty")
    return _AMPERSAND.sub(_reference, _DECLARATION.sub("", text, count=1))


def _reference(found: re.Match[str]) -> str:
    """A reference that XML knows, in place of one that only HTML knows or that names a forbidden character.

    All are written as numbers: past its first error libxml2 drops even ``&amp;`` without a word.
    """
    section, decimal, hexadecimal, name = found.groups()
    if section:
        return section
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return f"&#{number};" if number <= sys.maxunicode and not _NOT_XML.match(chr(number)) else ""
    return "".join(f"&#{ord(character)};" for character in html5.get(name or "", found[0]))


def _gunzip(page: Page) -> bytes:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = inflater.decompress(page.body, MAX_BYTES + 1)
    except zlib.error as error:
        raise BadListing(ListingFault.MALFORMED, f"{page.url} is not readable gzip: {error}") from error
    return body


def _refuse_other(page: Page, text: str, roots: frozenset[str]) -> str:
    """The name of the root element as written, after a look at all that stands before it."""
    position = 0
    while skipped := _PROLOG.match(text, position):
        position = skipped.end()
    if _HTML_DOCTYPE.match(text, position):
        raise BadListing(ListingFault.HTML, f"{page.url} is a web page")
    if text[position : position + 9].upper() == "<!DOCTYPE":
        raise BadListing(ListingFault.DOCTYPE, f"{page.url} carries a document type, which no feed or sitemap needs")
    found = _ROOT.match(text, position)
    if found is None:
        raise BadListing(ListingFault.NOT_XML, f"{page.url} is not XML")
    name = found[1]
    if name.rpartition(":")[2].lower() not in roots:
        fault = ListingFault.HTML if name.lower() in {"html", "head", "body", "div", "p"} else ListingFault.OTHER
        raise BadListing(fault, f"{page.url} is <{name}>, not {' or '.join(f'<{root}>' for root in sorted(roots))}")
    return name


def _drop_last_entry(page: Page, tree: etree._Element) -> None:
    parent = tree.find("{*}channel") if local_name(tree) == "rss" else tree
    if parent is None or not len(parent):
        raise BadListing(ListingFault.MALFORMED, f"{page.url} is cut before its first entry")
    parent.remove(parent[-1])
