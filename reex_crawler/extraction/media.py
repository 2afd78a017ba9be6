"""What a text shows and cites: its images and links, and the image that stands for the article as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reex_crawler.extraction.blocks import BREAK, Block, Mark
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.plaintext import picture_figures
from reex_crawler.extraction.reader import image_url
from reex_crawler.extraction.schema import articles, items, resolve, texts
from reex_crawler.extraction.sourced import Sourced, first
from reex_crawler.records import Image, Link
from reex_crawler.site.profile import SiteProfile
from reex_crawler.urls import absolute


def images(blocks: Sequence[Block]) -> tuple[Image, ...]:
    """The images in order, each with the caption of the closest figure around it that has one."""
    figures = picture_figures(blocks)
    captions: dict[int, str] = {}
    for block in blocks:
        figure = block.frame("figure") if block.tag == "figcaption" else None
        if figure is not None and figure.key in figures:
            captions.setdefault(figure.key, block.text.replace(BREAK, " "))
    return tuple(
        Image(
            url=block.picture.url,
            alt=" ".join(block.picture.alt.split()) or None,
            caption=next((captions[frame.key] for frame in reversed(block.frames) if frame.key in captions), None),
        )
        for block in blocks
        if block.picture is not None
    )


def links(blocks: Sequence[Block], profile: SiteProfile) -> tuple[Link, ...]:
    """The links to the web in order, with the text a reader sees; a link of an image alone is none."""
    anchors: dict[Mark, str] = {}
    for block in blocks:
        for run in block.runs:
            mark = next((mark for mark in run.marks if mark.tag == "a"), None)
            if mark is not None and not mark.href.lower().startswith("mailto:"):
                anchors[mark] = anchors.get(mark, "") + run.text.replace(BREAK, " ")
    return tuple(
        Link(url=mark.href, text=text.strip(" "), internal=profile.owns(mark.href))
        for mark, text in anchors.items()
        if text.strip()
    )


def lead_image(doc: Document) -> Sourced[str] | None:
    """The absolute address of the image that stands for the article."""
    return first((("og", _og), ("json-ld", _json_ld), ("twitter", _twitter), ("markup", _markup)), doc)


def _og(doc: Document) -> str | None:
    return _first_url(doc, (*doc.meta.get("og:image", ()), *doc.meta.get("og:image:url", ())))


def _twitter(doc: Document) -> str | None:
    return _first_url(doc, doc.meta.get("twitter:image", ()))


def _json_ld(doc: Document) -> str | None:
    return _first_url(doc, (value for node in articles(doc) for value in _addresses(node, doc)))


def _markup(doc: Document) -> str | None:
    found = doc.marks.find((".wp-post-image",))
    return next((url for image in found if image.tag == "img" and (url := image_url(image, doc.base))), None)


def _addresses(article: dict[str, Any], doc: Document) -> Iterator[str]:
    """The addresses of an article's ``image``: text, an ImageObject, a reference to one, or a list of these."""
    for value in items(article.get("image")):
        if isinstance(value, str):
            yield value
        else:
            image = resolve(value, doc)
            yield from texts(image.get("url") or image.get("contentUrl"))
    yield from texts(article.get("thumbnailUrl"))


def _first_url(doc: Document, values: Iterable[str]) -> str | None:
    return next((url for value in values if value.strip() and (url := absolute(value, doc.base))), None)
