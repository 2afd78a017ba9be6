"""URLs: one spelling for one address, and whether an address belongs to the site.

Follows RFC 3986, section 6.2 (normalisation); what a path *means* on this site is in ``site/profile.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_KEPT = 500
# Absolute, with a host and no more than a path: resolving it gives it back, in ten times as long.
_PLAIN = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[\w/.~%+@,=&:-]*)?", re.ASCII)


@lru_cache(maxsize=1024)
def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an absolute http(s) URL, lower case, the default port filled in.

    Raises ``ValueError`` for anything else (RFC 6454, section 4).
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        msg = f"not an absolute http(s) URL: {url!r}"
        raise ValueError(msg)
    return scheme, parts.hostname.lower().rstrip("."), parts.port or _DEFAULT_PORTS[scheme]


@lru_cache(maxsize=4096)
def same_origin(url: str, base: str) -> bool:
    """Whether both URLs have the same scheme, host and port; false for a URL that cannot be read."""
    try:
        return origin(url) == origin(base)
    except ValueError:
        return False


def on_site(url: str, base: str) -> str | None:
    """The URL as the site of ``base`` spells it, whose scheme and host may have been another; none on another site.

    A site answers over http and https, with ``www.`` and without, and is the same; at another port stands another one.
    """
    try:
        (scheme, host, port), (own_scheme, own_host, own_port) = origin(url), origin(base)
    except ValueError:
        return None
    if (scheme, host, port) == (own_scheme, own_host, own_port):
        return url
    usual = port == _DEFAULT_PORTS[scheme] and own_port == _DEFAULT_PORTS[own_scheme]
    if host.removeprefix("www.") != own_host.removeprefix("www.") or not (port == own_port or usual):
        return None
    own, parts = urlsplit(base), urlsplit(url.strip())
    return urlunsplit((own_scheme, own.netloc, parts.path or "/", parts.query, ""))


def absolute(url: str, base: str) -> str | None:
    """Resolve a reference found in a page against its URL; none where it is no http(s) URL."""
    # A reference may be a whole image (``data:``), which is not to be remembered.
    return _absolute(url, base) if len(url) <= _LONGEST_KEPT else _absolute.__wrapped__(url, base)


@lru_cache(maxsize=4096)
def _absolute(url: str, base: str) -> str | None:
    if _PLAIN.fullmatch(url):
        return url
    try:
        joined = urljoin(base, url.strip())
        origin(joined)
    except ValueError:
        return None
    return joined


@lru_cache(maxsize=4096)
def normalise(url: str) -> str:
    """One spelling of an absolute URL: case, default port, percent-encoding; the fragment is dropped.

    Raises ``ValueError`` where the URL is not absolute http(s).
    """
    scheme, host, port = origin(url)
    parts = urlsplit(safe_url_string(url.strip(), quote_path=True))
    netloc = f"[{host}]" if ":" in host else host
    if port != _DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    return urlunsplit((scheme, netloc, _spell_escapes(parts.path) or "/", _spell_escapes(parts.query), ""))


def last_segment(url: str) -> str | None:
    """The last path segment with percent-encoding decoded: WordPress' slug; none at the root."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    return unquote(segments[-1]) if segments else None


def _spell_escapes(text: str) -> str:
    """Write percent-escapes with upper-case hex digits (RFC 3986, section 6.2.2.1)."""
    head, *rest = text.split("%")
    return head + "".join(f"%{piece[:2].upper()}{piece[2:]}" for piece in rest)
