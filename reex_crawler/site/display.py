"""How a browser shows the site's pages: which markup is seen, and where what is seen is not what the markup says.

Facts only, of HTML and of the plugins that pages are built with; ``extraction`` does the reading.
"""

from __future__ import annotations

import re

UNSEEN_TAGS = frozenset(
    {
        *("annotation", "annotation-xml", "applet", "area", "audio", "canvas", "datalist", "embed", "form", "frame"),
        *("head", "iframe", "input", "link", "map", "meta", "meter", "nav", "noframes", "noscript", "object", "option"),
        *("progress", "rp", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track"),
        "video",
    }
)
"""Elements whose text is no text of the article: machinery, media, forms and navigation."""

UNSEEN_ROLES = frozenset(
    {
        *("alertdialog", "banner", "contentinfo", "dialog", "doc-backlink", "doc-toc", "form", "menu", "menubar"),
        *("navigation", "search", "tablist", "toolbar", "tooltip"),
    }
)

HIDDEN_STYLE = re.compile(
    r"(?<![-\w])(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*hidden|clip\s*:\s*rect\(|"
    r"clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:text-indent|left|top)\s*:\s*-[1-9]\d{3,})",
    re.IGNORECASE,
)
"""Inline styles that take text from a reader's sight; a margin moves a box, and its padding may bring the text back."""

PANEL_ROLES = frozenset({"tabpanel", "region"})
PANEL_CLASSES = frozenset(
    {
        *("accordion-body", "accordion-collapse", "accordion-content", "accordion-panel", "elementor-tab-content"),
        *("et_pb_tab", "et_pb_toggle_content", "kt-accordion-panel", "su-spoiler-content", "su-tabs-pane", "tab-pane"),
        *("toggle-content", "uagb-faq-content", "wp-block-accordion-panel", "wp-block-kadence-tab"),
    }
)
"""Panels of tabs and accordions: text of the author's that a click shows. A region is one where something labels it."""

QUESTION = re.compile(r"accordion|faq|question|spoiler|collapsible", re.IGNORECASE)
"""Class names of the buttons that are an accordion's headings."""
CONTROL = re.compile(
    r"\W*(?:show|hide|read|view|see|load|more|less|menu|expand|collapse|toggle|open|close|share|contents?|search)\b",
    re.IGNORECASE,
)
"""How the label of a button reads that shows a panel and is no heading of it."""

NOTICE = re.compile(r"^[\s(\[]*opens? in (?:a )?new (?:tab|window)[\s)\].]*$", re.IGNORECASE)
"""The notice that accessibility plugins append to links, hidden by style sheets under many class names."""

LINE_CLASSES = frozenset({"et_pb_counter_container", "et_pb_counter_title", "uagb-counter-block-number"})
"""Inline elements that a builder's style sheet puts on lines of their own."""

COUNTERS = {"elementor-counter-number": "data-to-value", "percent-value": "data-number-value"}
"""Elements whose number a script counts up to, and the attribute, on them or around them, that has the number."""
