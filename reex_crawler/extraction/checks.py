"""Whether an answer is an article at all. Nothing that fails here may ever take an article's place in the archive.

An article needs evidence that it is one; what a page that has none may be is only named, for the one who reads the
reason. Three signs outweigh all evidence: a form that asks for a password, WordPress' own error page, and the body
class of a page that lists or finds nothing.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from reex_crawler.errors import Incomplete, NotAnArticle
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import words_of
from reex_crawler.extraction.schema import types
from reex_crawler.records import Page

# How files that are no HTML start, whatever their headers say (WHATWG, MIME Sniffing, section 7.1).
_OTHER_FORMATS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x1f\x8b", b"{", b"<?xml")
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

# wp_die() prints a page of its own, even after half of another page was sent; what stands before it is no article.
_ERROR_PAGES = (
    ("error-page", "error-page", re.compile(r"<body[^>]*\sid=[\"']?error-page\b")),
    ("error-page", "wp-die-message", re.compile(r"class=[\"']?wp-die-message\b")),
    (
        "critical-error",
        "critical error on this website",
        re.compile(r"critical error on this website.{0,300}(?:troubleshooting|admin email|\Z)", re.DOTALL),
    ),
    ("php-error", " error</b>:", re.compile(r"<b>(?:Fatal|Parse) error</b>:.{0,2000}? on line <b>\d+</b>", re.DOTALL)),
)
"""What such a page is called, the words to look for first, as that is fast, and the sign itself."""
_DATABASE = re.compile(r"Error establishing a database connection", re.IGNORECASE)

LASTING = frozenset({"password", "listing", "not-html", "page"})
"""Why a page is no article and is not meant to be one: it will not be another page tomorrow."""
_LISTINGS = frozenset({"archive", "author", "blog", "category", "date", "home", "post-type-archive", "search", "tag"})
_NOTHING_FOUND = frozenset({"error404", "search-no-results"})

_KINDS = (
    (
        "challenge",
        re.compile(
            r"Just a moment\.\.\.|_cf_chl_opt|cf-browser-verification|Checking (?:if the site connection|your browser)|"
            r"Attention Required! \| Cloudflare|sucuri_cloudproxy_js|ddos-guard|Enable JavaScript and cookies|"
            r"verify (?:that )?you are (?:a )?human|g-recaptcha|h-captcha|px-captcha|captcha-delivery",
            re.IGNORECASE,
        ),
    ),
    (
        "firewall",
        re.compile(
            r"Sucuri WebSite Firewall|blocked by Wordfence|Your access to this site has been (?:limited|blocked)|"
            r"Access Denied|403 Forbidden|Request (?:blocked|rejected)|unusual traffic|Incapsula incident",
            re.IGNORECASE,
        ),
    ),
    ("database", _DATABASE),
    ("error-page", re.compile(r"critical error on this website|Internal Server Error|Fatal error", re.IGNORECASE)),
    (
        "maintenance",
        re.compile(
            r"Briefly unavailable for scheduled maintenance|maintenance|coming soon|be back soon", re.IGNORECASE
        ),
    ),
    (
        "login",
        re.compile(r"id=[\"']?loginform\b|name=[\"']?log[\"' >]|<title>\s*Log In\b|Please log in", re.IGNORECASE),
    ),
    ("not-found", re.compile(r"(?:page|nothing|results?)\s+(?:was |were |be |not )*found|\b404\b", re.IGNORECASE)),
)
"""What pages without evidence of an article may be, the surest first."""


def answer(page: Page) -> None:
    """Raise ``NotAnArticle`` for an answer that is no web page: another status than 200, another format, nothing."""
    if page.status != HTTPStatus.OK:
        reason = "status"
        raise NotAnArticle(reason, f"the site answered {page.status}")
    start = page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n\f")
    if not start:
        reason = "empty"
        raise NotAnArticle(reason, "the answer is empty")
    content_type = (page.header("Content-Type") or "text/html").partition(";")[0].strip().lower()
    is_xhtml = start.startswith(b"<?xml") and b"<html" in page.body[:2048]
    if content_type not in _HTML_TYPES or (start.startswith(_OTHER_FORMATS) and not is_xhtml):
        reason = "not-html"
        raise NotAnArticle(reason, f"the answer is no web page but {content_type}")


def whole(doc: Document) -> None:
    """Raise ``Incomplete`` for a page that was cut: every theme ends its body, and nothing of a text comes after."""
    text = doc.decoded.text
    end = max(text.rfind("</body"), text.rfind("</html"), text.rfind("</BODY"), text.rfind("</HTML"))
    in_script = end >= 0 and text.rfind("<script", 0, end) > text.rfind("</script", 0, end)
    if end < 0 or in_script:
        reason = "cut"
        raise Incomplete(reason, "the page ends before its markup does")


def article(doc: Document) -> None:
    """Raise ``NotAnArticle`` for a page that is none, with what it is as its reason.

    A page of which so little came that it could be anything is ``Incomplete``.
    """
    text = doc.decoded.text
    for name, words, sign in _ERROR_PAGES:
        if words in text and sign.search(text):
            reason = "database" if _DATABASE.search(text) else name
            raise NotAnArticle(reason, "the page is an error message of WordPress")
    if _asks_password(doc):
        reason = "password"
        raise NotAnArticle(reason, "the article is protected by a password")
    if doc.body_classes & _NOTHING_FOUND:
        reason = "not-found"
        raise NotAnArticle(reason, "the page says that nothing was found")
    if doc.body_classes & _LISTINGS and not _is_single(doc):
        reason = "listing"
        raise NotAnArticle(reason, "the page lists articles")
    if any(name.startswith("page-id-") for name in doc.body_classes) and not _is_single(doc):
        # WordPress' own word for what is_page() (get_body_class()); SEO plugins call these articles, too.
        reason = "page"
        raise NotAnArticle(reason, "the page is one of the site's own, such as one about it")
    if not _has_evidence(doc):
        reason = next((kind for kind, sign in _KINDS if sign.search(text)), "no-evidence")
        if reason == "no-evidence":
            whole(doc)
        raise NotAnArticle(reason, f"nothing says that the page is an article; its title is {_title(doc)!r}")


def _asks_password(doc: Document) -> bool:
    fields = (field.get("name") for field in doc.marks.find(("input",)))
    return bool(doc.marks.find((".post-password-form",))) or "post_password" in fields


def _is_single(doc: Document) -> bool:
    return any(name == "single" or name.startswith("postid-") for name in doc.body_classes)


def _has_evidence(doc: Document) -> bool:
    return (
        _is_single(doc)
        or "article" in (value.strip().lower() for value in doc.meta.get("og:type", ()))
        or any(name.endswith(("Article", "BlogPosting")) for node in doc.json_ld for name in types(node))
        or any(element.tag == "article" for element in doc.marks.find((".hentry",)))
    )


def _title(doc: Document) -> str:
    element = doc.tree.find(".//title")
    return " ".join(words_of(element).split())[:80] if element is not None else ""
