"""The replica as a pure function: a request in, an answer out. ``server.py`` puts it on a socket."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import unquote

from tests.replica import feeds, rest, sitemaps
from tests.replica.answer import Answer, Request, html, moved
from tests.replica.content import Entry, RawComment, entries
from tests.replica.options import THEMES, Options
from tests.replica.people import AUTHORS, TERMS
from tests.replica.post import FOLDERS, Post
from tests.replica.themes import article_page, plain
from tests.replica.themes.view import SITE_NAME, View
from tests.replica.thread import pages
from tests.replica.truth import ArticleTruth, Status

_TYPES = {folder: post_type for post_type, folder in FOLDERS.items()}
_SINGLE = re.compile(r"^/(?P<folder>news|podcast)/(?P<slug>[^/]+)(?P<rest>/.*)?$")
_FEED_ONLY = {"feed", "page", "embed"}
_PAGES = {"about-us", "contact", "rankings", "investors", "newsletter"}
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@dataclass(frozen=True)
class Site:
    """The running site: its options, the address it stands at, and everything that was written for it."""

    options: Options
    base: str
    written: tuple[Entry, ...] = field(default_factory=entries)

    @cached_property
    def posts(self) -> tuple[Post, ...]:
        """Every post, newest first, hidden ones too."""
        return tuple(Post(entry, self.base, self._layout(entry)) for entry in self.written)

    @cached_property
    def public(self) -> tuple[Post, ...]:
        """The posts that listings name: published ones, those with a password too."""
        return tuple(post for post in self.posts if post.is_public)

    def truths(self) -> tuple[ArticleTruth, ...]:
        """What a correct archive holds: every visible article, newest first."""
        return tuple(post.truth for post in self.posts if post.entry.status is Status.PUBLISH)

    def hidden(self) -> tuple[ArticleTruth, ...]:
        """What no archive may hold."""
        return tuple(post.truth for post in self.posts if post.truth.hidden)

    def answer(self, request: Request) -> Answer:
        """The answer as it goes over the wire, compressed where the client accepts it."""
        fault = self.options.faults.get(request.path)
        found = (fault(request) if fault else None) or self._route(request)
        return self._compressed(request, found)

    def _layout(self, entry: Entry) -> str:
        if self.options.theme != "mixed":
            return self.options.theme
        # Most of a mixed site wears the layout of the real one; the rest shows what came before and may come.
        return ("divi4", *THEMES)[entry.post_id % 6]

    def _compressed(self, request: Request, found: Answer) -> Answer:
        accepts = "gzip" in request.headers.get("accept-encoding", "")
        if not (self.options.gzip and accepts and found.body):
            return found
        # nginx weakens the ETag of what it compresses.
        kept = tuple((name, f"W/{value}" if name == "ETag" else value) for name, value in found.headers)
        body = gzip.compress(found.body, mtime=0)
        return replace(found, headers=(*kept, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")), body=body)

    def _route(self, request: Request) -> Answer:
        path = request.path
        if path.endswith("/") and not path.startswith(rest.ROOT):
            match = _SINGLE.match(path)
            if match and match["slug"] not in _FEED_ONLY:
                return self._single(request, _TYPES[match["folder"]], match["slug"], (match["rest"] or "").strip("/"))
            return self._feed(request) or self._listing(request) or self._missing()
        return self._file(request) or self._missing()

    def _file(self, request: Request) -> Answer | None:
        """What has no slash at its end, and the API."""
        path, options = request.path, self.options
        if path == "/robots.txt":
            return self._robots()
        if path.startswith(rest.ROOT):
            return rest.answer(request, self.base, options.rest, self.posts)
        if path.endswith(".xml"):
            return sitemaps.answer(path, self.base, options.sitemap, options.sitemap_size, self.posts)
        if path.startswith("/wp-content/"):
            return Answer(200, (("Content-Type", "image/gif"),), _PIXEL)
        query = request.target.partition("?")[2]
        return moved(f"{self.base}{path}/{f'?{query}' if query else ''}")

    def _robots(self) -> Answer:
        text = self.options.robots
        if text is None:
            text = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
            if self.options.sitemap != "none":
                name = "wp-sitemap.xml" if self.options.sitemap == "core" else "sitemap_index.xml"
                text += f"\nSitemap: {self.base}/{name}\n"
        return Answer(self.options.robots_status, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())

    def _missing(self) -> Answer:
        headers = (
            ("Cache-Control", "no-cache, must-revalidate, max-age=0"),
            ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"),
        )
        return html(plain.missing(self.base), *headers, status=404)

    def _single(self, request: Request, post_type: str, slug: str, rest_of_path: str) -> Answer:
        of_type = [post for post in self.public if post.entry.post_type == post_type]
        wanted = unquote(slug).lower()
        post = next((post for post in of_type if unquote(post.entry.slug) == wanted), None)
        if post is None:
            renamed = next((post for post in of_type if wanted in map(unquote, post.entry.old_slugs)), None)
            # WordPress guesses: any public post whose slug starts the same way, the oldest first.
            guesses = (post for post in reversed(of_type) if unquote(post.entry.slug).startswith(wanted))
            target = renamed or next(guesses, None)
            return moved(target.url) if target else self._missing()
        if rest_of_path == "feed":
            return self._comments_feed(request, (post,), f"Comments on: {post.entry.title}")
        if rest_of_path == "embed":
            return html(plain.embed(self.base, post))
        return self._page(post, rest_of_path)

    def _page(self, post: Post, rest_of_path: str) -> Answer:
        listed = pages(post.nodes, self.options.comments_per_page)
        default = len(listed) if self.options.comments_first == "newest" else 1
        part, comment_page = 1, default
        if named := re.fullmatch(r"comment-page-(\d+)", rest_of_path):
            comment_page = int(named[1])
        elif rest_of_path.isdecimal():
            part = max(int(rest_of_path), 1)
            if part > len(post.parts_html) or rest_of_path == "1":
                return moved(post.url)
        elif rest_of_path:
            return self._missing()
        nodes = listed[comment_page - 1] if 1 <= comment_page <= len(listed) else ()
        view = View(
            options=self.options,
            base=self.base,
            post=post,
            part=part,
            nodes=nodes[::-1] if self.options.newest_on_top else nodes,
            comment_page=comment_page,
            comment_pages=len(listed),
            bare=named is None,
            recent=self.public[:8],
            neighbours=self._neighbours(post),
        )
        return html(article_page(view), *self._link_headers(post))

    def _neighbours(self, post: Post) -> tuple[Post | None, Post | None]:
        alike = [other for other in self.public if other.entry.post_type == post.entry.post_type]
        place = alike.index(post)
        return (alike[place + 1] if place + 1 < len(alike) else None), (alike[place - 1] if place else None)

    def _link_headers(self, post: Post) -> Iterable[tuple[str, str]]:
        entry = post.entry
        if self.options.rest != "absent":
            root = self.base + rest.ROOT
            yield "Link", f'<{root}>; rel="https://api.w.org/"'
            yield (
                "Link",
                f'<{root}wp/v2/{entry.post_type}/{entry.post_id}>; rel="alternate"; title="JSON"; type="application/json"',
            )
        yield "Link", f"<{self.base}/?p={entry.post_id}>; rel=shortlink"

    def _feed(self, request: Request) -> Answer | None:
        path = request.path
        if self.options.feed == "absent" or not path.endswith("/feed/"):
            return None
        if path == "/comments/feed/":
            # The comments have no pages; past the first the feed finds no articles to go with them.
            if int(request.query.get("paged", "1") or 1) > 1:
                return self._missing()
            return self._comments_feed(request, self.public, f"Comments for {SITE_NAME}")
        room = path.removesuffix("feed/")
        posts = self._archive(room)
        if posts is None:
            return None
        size = self.options.feed_size
        page = int(request.query.get("paged", "1") or 1)
        shown = posts[(page - 1) * size : page * size]
        if not shown:
            return self._missing()
        text = feeds.articles(self.base, path, SITE_NAME, shown, broken=self.options.feed == "broken")
        return feeds.conditional(request, text, max(post.entry.modified for post in self.public))

    def _comments_feed(self, request: Request, posts: Iterable[Post], title: str) -> Answer:
        if self.options.feed == "absent":
            return self._missing()
        # The query asks for approved comments alone, so that replies under a held comment and pings are among them.
        found = [(post, comment) for post in posts for comment in post.entry.comments if comment.approved]
        found.sort(key=lambda pair: (pair[1].posted, pair[1].comment_id), reverse=True)
        linked = [(*pair, self._comment_link(*pair)) for pair in found[: self.options.feed_size]]
        text = feeds.comments(self.base, request.path, title, linked)
        stamps = [comment.posted for post in self.public for comment in post.shown_comments]
        return feeds.conditional(request, text, max(stamps))

    def _comment_link(self, post: Post, comment: RawComment) -> str:
        """The address of a comment, which names its page where comments have pages."""
        listed = pages(post.nodes, self.options.comments_per_page)
        holding = (
            number
            for number, nodes in enumerate(listed, start=1)
            if any(node.comment == comment for root in nodes for node in root.walk())
        )
        number = next(holding, len(listed))
        bare = not self.options.comments_per_page or (self.options.comments_first == "oldest" and number == 1)
        return f"{post.url}{'' if bare else f'comment-page-{number}/'}#comment-{comment.comment_id}"

    def _archive(self, path: str) -> tuple[Post, ...] | None:
        """The posts of an archive's address; none where there is no such archive."""
        kind, _, slug = path.strip("/").partition("/")
        if path == "/":
            return self.public
        if kind in _TYPES and not slug:
            return tuple(post for post in self.public if post.entry.post_type == _TYPES[kind])
        if kind in {"category", "tag"} and slug in TERMS and TERMS[slug].taxonomy == kind:
            return tuple(post for post in self.public if TERMS[slug] in post.entry.terms)
        if kind == "author" and slug in AUTHORS:
            return tuple(post for post in self.public if AUTHORS[slug] in post.entry.authors)
        return None

    def _listing(self, request: Request) -> Answer | None:
        if request.path == "/" and (number := request.query.get("p", "")).isdecimal():
            post = next((post for post in self.public if post.entry.post_id == int(number)), None)
            return moved(post.url) if post else None
        page = re.search(r"page/(\d+)/$", request.path)
        room = request.path[: page.start()] if page else request.path
        posts = self._archive(room)
        if posts is None:
            return html(plain.listing(self.base, "About", "page", ())) if room.strip("/") in _PAGES else None
        start = (int(page[1]) - 1) * 10 if page else 0
        return html(plain.listing(self.base, "News", "archive", posts[start : start + 10])) if posts[start:] else None
