"""One page, parsed once: the tree and the machine-readable facts that several fields read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from reex_crawler.records import FieldRepair, FieldSuspicion, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.clean import clean_line
from reex_crawler.text.decode import Decoded
from reex_crawler.text.repair import repair_block

_POST_ID_CLASS = re.compile(r"^(?:postid|page-id)-(\d+)$")


@dataclass(slots=True)
class Mender:
    """Repairs texts on their way out of the document and remembers what it did, field by field."""

    repairs: list[FieldRepair] = field(default_factory=list)
    suspicions: list[FieldSuspicion] = field(default_factory=list)

    def line(self, field_name: str, text: str | None) -> str | None:
        """A repaired text on one line, white space folded; none where nothing is left of it."""
        if text is None:
            return None
        return clean_line(self.runs(field_name, [text])[0]) or None

    def runs(self, field_name: str, texts: list[str]) -> list[str]:
        """Repair the text nodes of one paragraph together; as many come out as went in."""
        repaired = repair_block(texts)
        for one in repaired:
            self.repairs.extend(FieldRepair(field_name, step) for step in one.steps)
            self.suspicions.extend(FieldSuspicion(field_name, suspicion) for suspicion in one.suspicions)
        return [one.text for one in repaired]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the fields read from. The tree belongs to the caller of ``parse`` and may be cut."""

    page: Page
    profile: SiteProfile
    decoded: Decoded
    tree: html.HtmlElement
    json_ld: tuple[dict[str, Any], ...]
    """Every JSON-LD object of the page, ``@graph`` flattened, in document order."""
    meta: dict[str, tuple[str, ...]]
    """``<meta>`` name or property, lower case, to its contents in document order."""
    links: tuple[tuple[str, str, str], ...]
    """``<link>`` elements and ``Link`` headers (RFC 8288) as (rel, type, href)."""
    body_classes: frozenset[str]
    mender: Mender = field(default_factory=Mender)
