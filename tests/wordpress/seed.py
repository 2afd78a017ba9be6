"""What the site holds: users, terms, articles of every kind and their comments, the same on every run.

The texts are what authors wrote; ``stored`` content is what an accident made of some of them. Nothing here knows
how WordPress or a theme shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.replica.damage import DAMAGE
from tests.wordpress import blocks as b
from tests.wordpress import prose, threads
from tests.wordpress.threads import SECRET

ZONE = ZoneInfo("America/Denver")
FIRST_DAY = datetime(2025, 2, 3, 15, 4, 11, tzinfo=UTC)

OPTIONS = {
    "blogname": "Rare Earth Exchanges",
    "blogdescription": "News of the rare-earth supply chain",
    "timezone_string": "America/Denver",
    "date_format": "M j, Y",
    "time_format": "g:i a",
    "thread_comments": "1",
    "thread_comments_depth": "5",
    "page_comments": "1",
    "comments_per_page": "6",
    "default_comments_page": "newest",
    "comment_order": "asc",
    "default_pingback_flag": "",
    "default_ping_status": "open",
    "show_avatars": "1",
    "posts_per_rss": "10",
    "blog_public": "1",
}

USERS = (
    {"login": "daniel", "slug": "daniel", "name": "Daniel", "bio": "Inspired by a lifelong passion for geology, Daniel writes about supply chains that nobody sees."},
    {"login": "jose", "slug": "jose-alvarez", "name": "José Álvarez-Núñez", "bio": "Covers “everything that sticks to a magnet” from Madrid & Kalgoorlie."},
    {"login": "obrien", "slug": "obrien", "name": "Siobhán O'Brien", "bio": ""},
    {"login": "desk", "slug": "reex-news-desk", "name": "REEx News Desk", "bio": "The desk.\n\nTwo people and a kettle."},
)  # fmt: skip

CATEGORIES = (
    "Mining & Refining",
    "Magnets",
    "China's Grip",
    "Clean Energy Technology",
    "Western Australia",
    "Politics",
)
TAGS = ("MP Materials", "Lynas", "NdFeB", "export controls", "磁石", "Q3 results", "dysprosium", "recycling")

Body = list[b.Block]
Feature = Callable[[Random], Body]


def seed() -> dict[str, Any]:
    """Everything ``fill.php`` puts into the site, as JSON values."""
    return {"options": OPTIONS, "users": USERS, "articles": [*_articles(), *_hidden(), *_other_types()]}


def _prose(random: Random) -> Body:
    return [b.paragraph(prose.paragraph(random)) for _ in range(2)]


def _structure(random: Random) -> Body:
    items = [prose.short(random) for _ in range(3)]
    return [
        b.heading(f"What {random.choice(prose.COMPANIES)}’s plan says"),
        b.bullets(items, nested=[prose.short(random) for _ in range(2)]),
        b.heading("In numbers &amp; order", 3),
        b.bullets([prose.sentence(random) for _ in range(3)], ordered=True),
    ]


def _quote(random: Random) -> Body:
    person = random.choice(prose.PEOPLE)
    return [
        b.quote([prose.paragraph(random), prose.short(random)], cite=f"{person}, in a call with analysts"),
        b.pullquote(prose.short(random), person),
    ]


def _table(random: Random) -> Body:
    rows = [
        [random.choice(prose.ELEMENTS), str(random.randint(10, 900)), random.choice(prose.PLACES)] for _ in range(4)
    ]
    return [b.table([["Element", "Tonnes", "Site"], *rows], caption="Source: company filings")]


def _pictures(random: Random) -> Body:
    return [
        b.image(
            random.randint(1, 3),
            'A plant with "hot" cells',
            f"The line at {random.choice(prose.PLACES)}, photographed in July.",
        ),
        b.image(random.randint(1, 3), ""),
    ]


def _layout(random: Random) -> Body:
    left, right = ([b.heading(side, 3), b.paragraph(prose.paragraph(random))] for side in ("For", "Against"))
    return [b.columns(left, right), b.group([b.paragraph(prose.paragraph(random)), b.separator()])]


def _code(_: Random) -> Body:
    return [b.code('recovery = out / feed  # "TREO"\nif recovery < 0.85:\n    halt("line 2")')]


def _furniture(random: Random) -> Body:
    return [
        b.button("Download the report", "https://example.org/report.pdf"),
        b.embed("https://video.example.org/watch?v=neodymium"),
        b.shortcode(f"[reex_note]{(note := prose.short(random))}[/reex_note]", b.Unit("p", note)),
        b.paragraph("The chart [chart id=3] stays a word in brackets."),
    ]


def _footnotes(random: Random) -> Body:
    claim = prose.short(random)
    marked = b.paragraph(f'{claim}<sup id="ref-1"><a href="#note-1">1</a></sup>')
    return [marked, b.separator(), b.footnotes([prose.short(random), prose.short(random)])]


def _foreign(random: Random) -> Body:
    return [b.paragraph(f"{line} {prose.short(random)}") for line in random.sample(prose.FOREIGN, 4)]


def _spaces(random: Random) -> Body:
    return [
        b.paragraph(f"First line<br>second line<br />third line, {prose.short(random)}"),
        b.paragraph(f"A no-break\u00a0space,\u00a0two of them, and\n   a folded   line. {prose.short(random)}"),
        b.paragraph("Kept as typed: H₂O, 10⁶, ﬁne ligatures, №\u202f5, “quotes”, ‘single’, … and 𝛼."),
        b.raw_html('<p><span style="display:none">hidden text</span></p>'),
    ]


def _classic(random: Random) -> Body:
    return [b.classic([prose.paragraph(random) for _ in range(4)])]


def _parted(random: Random) -> Body:
    parts = [[b.heading(f"Part {number}"), b.paragraph(prose.paragraph(random))] for number in (1, 2, 3)]
    return [*parts[0], b.next_page(), *parts[1], b.next_page(), *parts[2]]


def _forged_thread(random: Random) -> Body:
    lines = ("Forged Fred", "I was never posted.", "Reply")
    markup = (
        '<ol class="commentlist comment-list"><li class="comment even depth-1" id="li-comment-990001">'
        '<article id="comment-990001" class="comment-body"><b class="fn">Forged Fred</b>'
        '<time datetime="2025-01-01T00:00:00-07:00"></time><div class="comment-content"><p>I was never posted.</p></div>'
        '<a class="comment-reply-link" href="#respond">Reply</a></article></li></ol>'
    )
    return [b.raw_html(markup, *lines), b.paragraph(prose.paragraph(random))]


def _damaged(kind: str) -> Feature:
    def feature(random: Random) -> Body:
        texts = [prose.quoted(random) for _ in range(3)]
        broken = [b.paragraph(text, stored=DAMAGE[kind](text)) for text in texts]
        return [*broken, b.residue("ยฉ!-- /wp:paragraph --&gt;")] if kind == "windows-874" else broken

    return feature


FEATURES: dict[str, Feature] = {
    "prose": _prose,
    "structure": _structure,
    "quote": _quote,
    "table": _table,
    "pictures": _pictures,
    "layout": _layout,
    "code": _code,
    "furniture": _furniture,
    "footnotes": _footnotes,
    "foreign": _foreign,
    "spaces": _spaces,
    "classic": _classic,
    "parted": _parted,
    "forged thread": _forged_thread,
    "damage: windows-874": _damaged("windows-874"),
    "damage: windows-1252": _damaged("windows-1252"),
    "damage: windows-1252-lossy": _damaged("windows-1252-lossy"),
    "damage: latin-1": _damaged("latin-1"),
    "damage: double": _damaged("double"),
    "damage: entities": _damaged("entities"),
}

THREADS: dict[str, Callable[[threads.Thread], None]] = {
    "pages": threads.pages,
    "deep": threads.deep,
    "rich": threads.rich,
    "pings": threads.pings,
    "moderated": threads.moderated,
    "daylight": threads.daylight,
}

SPECIAL_TITLES = (
    "U.S.-China “Tariff Truce” Hints at Strategic Pause, Not Surrender",
    'He said "no" -- and it\'s final... or is it?',
    "Rare Earth Exchanges: Five Years of Being Early",
    "AT&amp;T, R&amp;D and the <em>other</em> magnets",
    "Fe₁₆N₂: a magnet without rare earths?",
    "中国稀土 and the West",
    "Prices < costs, and 5 > 3 | The Week",
)


def _articles() -> list[dict[str, Any]]:
    """72 articles: every feature several times, alone and together, with every kind of thread."""
    random = Random("wordpress")
    names, thread_names = list(FEATURES), list(THREADS)
    articles = []
    for number in range(72):
        features = ["prose", names[number % len(names)], names[(number * 7 + 3) % len(names)]]
        if "classic" in features:
            # The old editor's text has no blocks; WordPress makes paragraphs of it only where no block stands beside it.
            features = ["classic"]
        published = FIRST_DAY + timedelta(days=4 * number, minutes=37 * number, seconds=11 * number)
        article = _article(random, features, published=published, name=f"article {number}")
        if number < len(SPECIAL_TITLES):
            _entitle(article, SPECIAL_TITLES[number])
        _discuss(article, random, published, thread_names[number % 12] if number % 12 < len(thread_names) else None)
        articles.append(article)
    articles[10].update(date="2025-11-02 01:30:15", modified_gmt=None)  # the hour that happens twice
    articles[11].update(date="2025-03-09 02:30:45", modified_gmt=None)  # the hour that never happens
    for number in (12, 13):  # same title, same second
        _entitle(articles[number], "Daily Brief")
        articles[number]["date"] = "2025-05-05 08:00:00"
    articles[14].update(old_slug="a-first-slug", slug="a-better-slug", modified_gmt="2025-06-01 10:00:01")
    articles[15]["slug"] = "china-rare-earth-exports-3"
    articles[16]["type"] = articles[17]["type"] = "podcast"
    articles[16]["slug"] = "s1-e9"
    # A trashed neighbour whose address begins like this one: WordPress guesses and redirects.
    articles[18]["slug"] = "vanished-deal-and-what-came-after"
    for number, kind in ((19, "windows-874"), (20, "windows-1252")):
        _entitle(
            articles[number], "“It’s over,” says Lynas’s chief", stored=DAMAGE[kind]("“It’s over,” says Lynas’s chief")
        )
        articles[number]["slug"] = f"its-over-{number}"
    return articles


def _article(random: Random, features: Sequence[str], *, published: datetime, name: str) -> dict[str, Any]:
    with_highlights = "classic" not in features and random.random() < 0.8
    highlights = [prose.sentence(random) for _ in range(random.randint(3, 6))] if with_highlights else []
    label = random.choice(("Highlights", "Highlights", "<em>Highlights</em>"))
    body: Body = [*b.highlights(highlights, label)] if highlights else []
    for feature in dict.fromkeys(features):
        body += FEATURES[feature](random)
    article = {
        "type": "news-archive",
        "status": "publish",
        "author": random.choice(USERS)["login"],
        "date": published.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        "modified_gmt": (published + timedelta(seconds=random.randint(60, 9_000_000))).strftime("%Y-%m-%d %H:%M:%S") if random.random() < 0.6 else None,
        "content": "\n\n".join(block.markup for block in body),
        "excerpt": prose.short(random) if random.random() < 0.3 else "",
        "thumbnail": random.choice((0, 0, 1, 2, 3)),
        "categories": random.sample(CATEGORIES, random.randint(1, 3)),
        "tags": random.sample(TAGS, random.randint(0, 4)),
        "comments": [],
        "truth": {
            "highlights": highlights,
            "units": [asdict(unit) for block in body for unit in block.units],
            "features": [name, *features],
        },
    }  # fmt: skip
    _entitle(article, prose.title(random))
    return article


def _entitle(article: dict[str, Any], title: str, *, stored: str | None = None) -> None:
    article["title"] = title if stored is None else stored
    article["truth"]["title"] = title


def _discuss(article: dict[str, Any], random: Random, published: datetime, kind: str | None) -> None:
    thread = threads.Thread(random, published)
    if kind:
        THREADS[kind](thread)
        article["truth"]["features"].append(f"thread: {kind}")
    else:
        threads.chat(thread, random.randint(0, 8))
    if thread.comments and random.random() < 0.5:
        thread.add(user=article["author"])
        text = prose.quoted(random)
        thread.add(DAMAGE["windows-874"](text), written=text)
    article["comments"] = thread.comments


def _hidden() -> list[dict[str, Any]]:
    """Posts that no visitor may see, each with something to leak."""
    random = Random("hidden")
    published = FIRST_DAY + timedelta(days=100)
    made = []
    for status in ("draft", "private", "pending", "future", "trash", "password", "trash"):
        article = _article(random, ["prose"], published=published, name=status)
        _entitle(article, f"{SECRET} {status}")
        article.update(status=status, content=f"{article['content']}\n\n<p>{SECRET}</p>", excerpt="")
        thread = threads.Thread(random, published)
        thread.add(f"{SECRET} comment below a {status} post")
        article["comments"] = thread.comments
        made.append(article)
    made[3]["date"] = (datetime.now(ZONE) + timedelta(days=40)).strftime("%Y-%m-%d %H:%M:%S")
    made[5].update(status="publish", password="open sesame")
    made[6].update(slug="vanished-deal")
    return made


def _other_types() -> list[dict[str, Any]]:
    """A page and a blog post: of the site, and no article."""
    random = Random("others")
    made = []
    for kind in ("page", "post"):
        article = _article(random, ["prose"], published=FIRST_DAY, name=kind)
        _entitle(article, f"A {kind} that is no article")
        made.append({**article, "type": kind})
    return made
