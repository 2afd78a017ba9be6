"""Pages of no known layout: what is certainly no article is cut away, then trafilatura reads what is left."""

from __future__ import annotations

from functools import partial

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document as Answer

from reex_crawler.extraction import reader
from reex_crawler.extraction.blocks import Block
from reex_crawler.extraction.cut import is_footnote_mark, is_foreign
from reex_crawler.extraction.document import Document, Mender, parse_html
from reex_crawler.extraction.reader import BLOCK_TAGS

# trafilatura's answer is in the vocabulary of TEI; the block reader knows that of HTML.
_TAGS = {"list": "ul", "item": "li", "quote": "blockquote", "ref": "a", "lb": "br", "row": "tr", "cell": "td"}
_TAGS |= {"graphic": "img", "del": "del", "table": "table", "p": "p"}
_RENDS = {"#b": "strong", "#i": "em", "#u": "u", "#t": "code", "#sub": "sub", "#sup": "sup"}
_AROUND = frozenset({"header", "footer", "aside"})
_ask = partial(
    bare_extraction,
    include_comments=False,
    include_tables=True,
    include_links=True,
    include_formatting=True,
    with_metadata=False,
    favor_precision=True,
)
_LEAST, _LEAST_SHARE = 250, 0.2
"""What is too little: fewer characters than trafilatura itself calls a text, or than this share of the cut page's."""


def read(doc: Document) -> tuple[Block, ...]:
    """The blocks of the article's text as trafilatura finds it; none where it finds nothing. The page is cut for it.

    Damage is repaired before, because trafilatura drops controls and folds spaces that are part of it. Only what was
    repaired in the text that came out is remembered.
    """
    tree, mender = doc.tree, Mender()
    cut(tree)
    _drop_machinery(tree)
    body = tree.find("body")
    if body is None:
        return ()
    _mend(body, mender)
    found = _found(tree, body, doc.page.final_url)
    if not isinstance(found, Answer) or found.body is None:
        return ()
    drafts = reader.read([_as_html(found.body)], doc.base)
    text = "\n".join("".join(run.text for run in draft.runs) for draft in drafts)
    doc.mender.repairs.extend(repair for repair in mender.repairs if repair.step.after in text)
    return drafts


def _found(tree: HtmlElement, body: HtmlElement, url: str) -> object:
    """What trafilatura finds by its own rules or, where that is too little, by whichever of its ways finds most.

    The other ways, those of readability and justext, take as long as all the rest, and mostly find nothing else.
    """
    quick = _ask(tree, url=url, fast=True)
    held = len(" ".join(body.text_content().split()))
    if isinstance(quick, Answer) and len(quick.text or "") >= max(_LEAST, _LEAST_SHARE * held):
        return quick
    return _ask(tree, url=url)


def cut(tree: HtmlElement) -> None:
    """Remove everything from a page that is no part of an article's text, its headline too."""
    body = tree.find("body")
    if body is None:
        return
    steps = etree.iterwalk(body, events=("start",))
    foreign: list[HtmlElement] = []
    for _, element in steps:
        if element is not body and (element.tag in _AROUND or is_foreign(element) or is_footnote_mark(element)):
            foreign.append(element)
            steps.skip_subtree()
    headlines = list(body.iter("h1"))
    cut_off = dict.fromkeys((*foreign, *(headlines if len(headlines) == 1 else ())))
    for element in cut_off:
        element.drop_tree()
    # Those left are headings of accordions; trafilatura drops every button, and keeps a line only as a paragraph.
    for button in list(body.iter("button")):
        parent = button.getparent()
        button.tag = "p" if parent is not None and parent.tag in {"div", "li", "section"} else "span"


def _drop_machinery(tree: HtmlElement) -> None:
    """Remove the styles and scripts that are left, which are most of many pages; trafilatura only reads JSON-LD."""
    for element in list(tree.iter("style", "script")):
        if "json" not in element.get("type", ""):
            element.drop_tree()


def _mend(tree: HtmlElement, mender: Mender) -> None:
    """Repair the texts of an element in place, those between two ends of blocks together."""
    places: list[tuple[HtmlElement, str, str]] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if places and element.tag in BLOCK_TAGS:
            _mend_together(places, mender)
            places = []
        text = element.text if event == "start" else element.tail
        if text:
            places.append((element, "text" if event == "start" else "tail", text))
    _mend_together(places, mender)


def _mend_together(places: list[tuple[HtmlElement, str, str]], mender: Mender) -> None:
    repaired = mender.runs("body", [text for _, _, text in places])
    for (element, name, text), new in zip(places, repaired, strict=True):
        if new != text:
            setattr(element, name, new)


def _as_html(body: etree._Element) -> HtmlElement:
    """A page with trafilatura's text, its elements named as HTML names them."""
    for element in body.iter():
        rend = element.get("rend", "")
        if element.tag == "head":
            element.tag = rend if rend in {"h2", "h3", "h4", "h5", "h6"} else "h2"
        elif element.tag == "hi":
            element.tag = _RENDS.get(rend, "span")
        elif element.tag == "code":
            # A block of code comes as a quotation of nothing else, renamed already because it was visited before.
            parent = element.getparent()
            is_block = parent is not None and parent.tag == "blockquote" and len(parent) == 1 and not parent.text
            element.tag = "pre" if is_block else "code"
        elif element.tag == "list" and rend == "ol":
            element.tag = "ol"
        elif element.tag == "ref":
            element.tag = "a"
            element.set("href", element.get("target", ""))
        else:
            element.tag = _TAGS.get(str(element.tag), "div")
    return parse_html(f"<body>{etree.tostring(body, encoding='unicode', method='html')}</body>")
