"""The index by which replay programs find a capture: its lines (CDXJ), their keys (SURT), and sorting them on disk.

How a WARC file is read is in ``members.py``; what an index is packed with is in ``wacz.py``.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_LINES_IN_MEMORY = 50_000

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(r"www\d*\.")
# What stays as it is when the rest is percent-encoded: all of ASCII's printable characters but space, # and %.
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SESSION_IDS = tuple(
    re.compile(rf"^(.*)(?:{pattern})(?:&(.*))?$", re.IGNORECASE)
    for pattern in (
        r"jsessionid=[0-9a-z]{32}",
        r"phpsessid=[0-9a-z]{32}",
        r"sid=[0-9a-z]{32}",
        r"aspsessionid[a-z]{8}=[a-z]{24}",
        r"cfid=[^&]+&cftoken=[^&]+",
    )
)


def line(url: str, at: datetime, fields: Mapping[str, str]) -> bytes:
    """The line of one capture: key, time to the second, and the rest as JSON; it ends with a line feed."""
    about = json.dumps({"url": url, **fields})
    return f"{surt(url)} {at:%Y%m%d%H%M%S} {about}\n".encode()


def surt(url: str) -> str:
    """The key of an http(s) URL: its host turned round, and one spelling for what a server most likely takes for one.

    These are the rules of the Internet Archive's canonicaliser, which pywb looks up with, so that they must be
    followed where they are doubtful too: case and a trailing slash are lost, parameters are sorted, session ids go.
    Any other URI is its own key.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        return url
    if scheme not in _DEFAULT_PORTS or not host:
        return url
    address = ",".join(reversed(_host(host).split(".")))
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        address += f":{port}"
    query = _query(parts.query)
    return f"{address}){_path(parts.path)}" + (f"?{query}" if query else "")


def _host(host: str) -> str:
    # A host that IDNA does not know cannot be asked; then any key will do.
    with suppress(UnicodeError):
        host = host.strip(".").encode("idna").decode("ascii")
    return host[found.end() :] if (found := _WWW.match(host)) else host


def _path(path: str) -> str:
    kept: list[str] = []
    for name in _spelt(path).lower().split("/")[1:]:
        if name == ".." and kept:
            kept.pop()
        elif name != ".":
            kept.append(name)
    return "/" + "/".join(filter(None, kept))


def _query(query: str) -> str:
    spelt = _spelt(query)
    for pattern in _SESSION_IDS:
        if found := pattern.match(spelt):
            spelt = found[1] + (found[2] or "")
    parameters = (tuple(each.split("=", 1)) for each in spelt.lower().split("&"))
    return "&".join("=".join(each) for each in sorted(parameters))


def _spelt(text: str) -> str:
    """One spelling of percent-escapes: undone as often as they were done, then done once."""
    raw = text.encode()
    while (plain := unquote_to_bytes(raw)) != raw:
        raw = plain
    return quote_from_bytes(raw, safe=_SAFE)


class SortedLines:
    """Lines in any number, given back in the order of their bytes. Memory holds some thousands of them, files the rest.

    These lie in ``folder`` and have no name there, so that nothing is left of them however the program ends.
    """

    def __init__(self, folder: Path) -> None:
        self.size = 0
        """Bytes of all lines."""
        self._folder = folder
        self._lines: list[bytes] = []
        self._runs: list[IO[bytes]] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, line: bytes) -> None:
        """Take one line, which ends with a line feed."""
        self._lines.append(line)
        self.size += len(line)
        if len(self._lines) == _LINES_IN_MEMORY:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        for run in self._runs:
            run.seek(0)
        return heapq.merge(*self._runs, sorted(self._lines))

    def _spill(self) -> None:
        run = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with all the others
        self._open.callback(run.close)
        run.writelines(sorted(self._lines))
        self._runs.append(run)
        self._lines.clear()
