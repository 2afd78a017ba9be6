"""How fast pages are read again, and in how much memory: ``python -m tests.benchmarks.extraction [--pages 20000]``.

The pages are those of the replica in Divi's themes, with articles of a usual length and what real pages hold around
them: about 100 kB and 800 elements each. Printed are the pages that ``ingest.read`` reads in a CPU second, the median
and the best of seven rounds; no address is the same in two rounds. The promise is 250 with a layout and 80 without one.
With ``--pages`` that many are read of each kind, and the most memory that the process had so far is printed five times.
"""

from __future__ import annotations

import re
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice

import click

from reex_crawler.ingest import read
from reex_crawler.records import Page
from reex_crawler.site.profile import profile
from tests.replica import Options, Site
from tests.replica.answer import Request
from tests.replica.blocks import Block
from tests.replica.content import Entry, entries
from tests.replica.themes.head import styles
from tests.replica.truth import Status

BASE = "https://rareearthexchanges.com"
THEMES = ("divi4", "divi5", "divi4-classic")
ARTICLES, ROUNDS, TIMES_TOLD = 30, 7, 5
SIZE, TEXT = 100_000, 6_500
SLUG = "market-report"
FACTS = profile(BASE)
# What the layouts know the place of the text by, and what else tells Divi's pages from those of any other theme.
LAYOUT_MARKS = re.compile(r"\b(?:et_pb_post_content|entry-content|entry-title|et_divi_theme|et_pb_post)\b|\bet_pb_")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of pages to be read, each with further pages of its article."""

    name: str
    articles: tuple[tuple[Page, ...], ...]

    def renewed(self, number: int) -> Iterator[tuple[Page, ...]]:
        """The same pages as articles that were never read before."""
        for article in self.articles:
            yield tuple(_moved(page, f"{SLUG}-{number}") for page in article)


def _moved(page: Page, slug: str) -> Page:
    return replace(
        page,
        url=page.url.replace(SLUG, slug),
        final_url=page.final_url.replace(SLUG, slug),
        body=page.body.replace(SLUG.encode(), slug.encode()),
    )


def written(*, parted: bool) -> tuple[Entry, ...]:
    """Articles of a usual length, made of the blocks and comments of the replica's own."""
    own = [entry for entry in entries() if entry.status is Status.PUBLISH and entry.damage is None]
    blocks = cycle(block for entry in own for block in entry.blocks if block.kind not in {"forged", "nextpage", "raw"})
    threads = cycle([entry.comments for entry in own if len(entry.comments) > 2])
    return tuple(
        replace(
            own[0],
            post_id=20_001 + 2 * number,
            slug=f"{SLUG}-{number}",
            title=f"Market Report {number}: Prices, Licences and the Rest of the Week",
            blocks=tuple(_text(blocks, parted=parted)),
            comments=next(threads),
        )
        for number in range(ARTICLES)
    )


def _text(blocks: Iterator[Block], *, parted: bool) -> Iterator[Block]:
    length = 0
    while length < TEXT:
        block = next(blocks)
        yield block
        before, length = length, length + sum(map(len, block.texts))
        if parted and before < TEXT // 2 <= length:
            yield Block(kind="nextpage")


def articles(options: Options, *, layout: bool = True) -> tuple[tuple[Page, ...], ...]:
    """The articles of a site, each as the pages it is read from: the first one first."""
    site = Site(options, BASE, written(parted=options.comments_per_page > 0))
    found = []
    for truth in site.truths():
        pages = [_page(site, truth.url, layout=layout)]
        while options.comments_per_page and (pending := read(pages[0], FACTS, more=pages[1:]).pending):
            pages.append(_page(site, pending[0], layout=layout))
        found.append(tuple(pages))
    return tuple(found)


def _page(site: Site, url: str, *, layout: bool) -> Page:
    answer = site.answer(Request(method="GET", target=url.removeprefix(BASE)))
    markup = answer.body.decode()
    if markup.startswith("<!DOCTYPE html>"):
        markup = _filled(markup)
    if not layout:
        markup = LAYOUT_MARKS.sub("theme-", markup)
    return Page(
        url=url,
        final_url=url,
        status=answer.status,
        headers=answer.headers,
        body=markup.encode(),
        fetched_at=datetime(2026, 2, 20, tzinfo=UTC),
    )


def _filled(markup: str) -> str:
    """A page with larger menus and lists, and as many styles and settings as bring it to the usual size."""
    markup = re.sub(r'(<ul id="menu-main"[^>]*>)', rf"\1{_menu(36)}", markup, count=1)
    markup = markup.replace("Recent Reex News</h4>", f"Recent Reex News</h4>{_lists()}", 1)
    markup = re.sub(r"(?=<footer\b(?!.*<footer\b))", _cards(6), markup, count=1, flags=re.DOTALL)
    markup = re.sub(r'(?<=<style id="theme-inline-css" type="text/css">)[^<]*', "", markup)
    missing = SIZE - len(markup.encode())
    styled = styles("et_pb_row", missing // 180)
    settings = "".join(f'window.option_{n}="{n * 2654435761 % 2**32:08x}";' for n in range((missing // 2) // 31))
    return markup.replace("</head>", f"<style>{styled}</style><script>{settings}</script></head>", 1)


def _menu(items: int) -> str:
    return "".join(
        f'<li id="menu-item-{n}" class="menu-item menu-item-type-taxonomy menu-item-object-category menu-item-{n}">'
        f'<a href="{BASE}/category/market-{n}/"><span class="menu-text">Market {n}</span></a></li>'
        for n in range(101, 101 + items)
    )


def _lists() -> str:
    recent = "".join(f'<li><a href="{BASE}/news/earlier-story-{n}/">Earlier Story {n}</a></li>' for n in range(10))
    tags = "".join(
        f'<a href="{BASE}/tag/topic-{n}/" class="tag-cloud-link tag-link-{n} tag-link-position-{n}" '
        f'style="font-size: {8 + n % 14}pt;" aria-label="Topic {n} ({n} items)">Topic {n}</a>'
        for n in range(1, 31)
    )
    return f'<ul>{recent}</ul><div class="et_pb_widget widget_tag_cloud"><div class="tagcloud">{tags}</div></div>'


def _cards(number: int) -> str:
    cards = "".join(
        f'<article id="post-{n}" class="et_pb_post clearfix et_pb_blog_item_0_{n} post-{n} news-archive type-news-archive '
        f'status-publish has-post-thumbnail hentry category-news"><div class="et_pb_image_container"><a href="{BASE}/news/'
        f'other-story-{n}/" class="entry-featured-image-url"><img loading="lazy" decoding="async" src="{BASE}/wp-content/'
        f'uploads/2026/01/story-{n}-400x250.jpg" alt="Other Story {n}" class="" srcset="{BASE}/wp-content/uploads/2026/01/'
        f'story-{n}.jpg 479w, {BASE}/wp-content/uploads/2026/01/story-{n}-400x250.jpg 480w" sizes="(max-width:479px) 479px,'
        f' 100vw" width="400" height="250" /></a></div><h2 class="entry-title"><a href="{BASE}/news/other-story-{n}/">Other '
        f'Story {n}: What the Week Brought</a></h2><p class="post-meta"><span class="published">Feb {n % 28 + 1}, 2026</span>'
        f' | <a href="{BASE}/category/news/" rel="tag">News</a></p><div class="post-content"><div class="post-content-inner">'
        f"<p>{'The price of the oxide rose for the third week in a row, said two traders. ' * 3}</p></div></div></article>"
        for n in range(301, 301 + number)
    )
    return (
        '<div class="et_pb_section et_pb_section_4_tb_body et_section_regular"><div class="et_pb_row"><div class="et_pb_module '
        'et_pb_blog_1_tb_body et_pb_blog_grid_wrapper"><div class="et_pb_blog_grid clearfix"><div class="et_pb_ajax_pagination'
        f'_container"><div class="et_pb_salvattore_content" data-columns="3">{cards}</div></div></div></div></div></div>'
    )


def kinds() -> tuple[Kind, ...]:
    """A known layout in each of its themes, the same without a layout, and articles of several pages."""
    single = [(theme, Options(theme=theme, rest="closed", gzip=False)) for theme in THEMES]
    parted = Options(theme="divi4", rest="open", comments_per_page=1, gzip=False)
    return (
        *(Kind(theme, articles(options)) for theme, options in single),
        *(Kind(f"{theme}, no layout", articles(options, layout=False)) for theme, options in single),
        Kind("divi4, article of several pages", articles(parted)),
    )


def seconds(read_from: Sequence[tuple[Page, ...]]) -> float:
    """CPU seconds that reading these articles takes."""
    started = time.process_time()
    for first, *more in read_from:
        read(first, FACTS, more=more)
    return time.process_time() - started


def memory() -> float:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(kind: Kind) -> None:
    """Print how many pages of this kind are read in a CPU second."""
    count = sum(map(len, kind.articles))
    rates = []
    for number in range(ROUNDS + 1):
        fresh = list(kind.renewed(number))
        rates.append(count / seconds(fresh))
    warm = rates[1:]
    layouts = "/".join(sorted({read(pages[0], FACTS, more=pages[1:]).layout for pages in kind.articles}))
    size = statistics.mean(len(page.body) for pages in kind.articles for page in pages)
    click.echo(
        f"{kind.name:32} {layouts:20} {count / len(kind.articles):4.1f} pages of {size / 1000:5.1f} kB"
        f"{statistics.median(warm):7.0f} pages/CPU s, {max(warm):4.0f} at best"
    )


def fill(kind: Kind, pages: int) -> None:
    """Print the most memory after each fifth of so many pages."""
    told = []
    fresh = (article for number in range(ROUNDS + 1, 10**9) for article in kind.renewed(number))
    count = pages // (sum(map(len, kind.articles)) // len(kind.articles))
    for _ in range(TIMES_TOLD):
        for first, *more in islice(fresh, count // TIMES_TOLD):
            read(first, FACTS, more=more)
        told.append(f"{memory():.0f}")
    click.echo(f"{kind.name:32} {pages:,} pages: {', '.join(told)} MB")


@click.command(help="How fast pages are read again, and in how much memory.")
@click.option("--pages", type=int, default=0, help="How many pages to read for the memory it takes.")
@click.option("--only", default="", help="Only the kinds with these words in their name.")
def main(pages: int, only: str) -> None:
    found = [kind for kind in kinds() if only in kind.name]
    for kind in found:
        measure(kind)
    for kind in found if pages else ():
        fill(kind, pages)


if __name__ == "__main__":
    main()
