"""RSS 2.0 as WordPress writes it: the site's, a term's, an article's comments', and all comments'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import md5
from html import escape

from tests.replica.answer import Answer, Request
from tests.replica.content import RawComment
from tests.replica.post import Post, texturized
from tests.replica.themes.furniture import password_form

_RSS = ("Content-Type", "application/rss+xml; charset=UTF-8")
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def articles(base: str, path: str, title: str, posts: Sequence[Post], *, broken: bool) -> str:
    """A feed of articles; ``broken`` leaves the control character in that one of them holds."""
    return _channel(base, path, title, (_article(base, post, broken=broken) for post in posts), _latest(posts))


def comments(base: str, path: str, title: str, found: Sequence[tuple[Post, RawComment, str]]) -> str:
    """A feed of comments with the addresses they link to, newest first."""
    stamps = [comment.posted for _, comment, _ in found]
    return _channel(base, path, title, (_comment(base, *one) for one in found), max(stamps, default=None))


def conditional(request: Request, text: str, changed: datetime) -> Answer:
    """The feed, or 304 where WordPress says so: its stamp is site-wide and it knows only its own strong ETag."""
    stamp = format_datetime(changed, usegmt=True)
    etag = f'"{md5(stamp.encode(), usedforsecurity=False).hexdigest()}"'
    validators = (("Last-Modified", stamp), ("ETag", etag))
    asked_etag = request.headers.get("if-none-match", "").strip()
    since = request.headers.get("if-modified-since", "")
    fresh = bool(since) and parsedate_to_datetime(since) >= changed.replace(microsecond=0)
    same = asked_etag == etag
    if (same and fresh) if asked_etag and since else (same or fresh):
        return Answer(304, validators)
    return Answer(200, (_RSS, *validators), text.encode())


def _latest(posts: Iterable[Post]) -> datetime | None:
    return max((post.entry.modified for post in posts), default=None)


def _channel(base: str, path: str, title: str, items: Iterable[str], built: datetime | None) -> str:
    build = f"<lastBuildDate>{format_datetime(built)}</lastBuildDate>" if built else ""
    listed = "\n".join(items)
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	{_NAMESPACES}
	>

<channel>
	<title>{escape(title)}</title>
	<atom:link href="{base}{path}" rel="self" type="application/rss+xml" />
	<link>{base}</link>
	<description>News on the elements that matter</description>
	{build}
	<language>en-US</language>
	<sy:updatePeriod>
	hourly	</sy:updatePeriod>
	<sy:updateFrequency>
	1	</sy:updateFrequency>
	<generator>https://wordpress.org/?v=6.9</generator>
{listed}
</channel>
</rss>
"""


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]&gt;')}]]>"


def _article(base: str, post: Post, *, broken: bool) -> str:
    entry = post.entry
    text = password_form(base, entry.post_id) if post.has_password else post.parts_html[0]
    if broken and "control" in entry.notes:
        text = text.replace(" ", " \x0b", 1)
    terms = "\n".join(f"\t\t<category>{_cdata(texturized(term.name))}</category>" for term in entry.terms)
    thread = (
        f"https://forum.rareearthexchanges.com/threads/{entry.post_id - 4552}/"
        if "forum" in entry.notes
        else f"{post.url}#respond"
    )
    count = len(post.shown_comments)
    creator = ", ".join(author.name for author in entry.authors)
    return f"""	<item>
		<title>{post.title_html}</title>
		<link>{post.url}</link>
		<comments>{thread}</comments>
		<dc:creator>{_cdata(creator)}</dc:creator>
		<pubDate>{format_datetime(entry.published)}</pubDate>
{terms}
		<guid isPermaLink="false">https://staging-4712.example.cloudhost.net/?post_type={entry.post_type}&#038;p={entry.post_id}</guid>

		<description>{_cdata(escape(post.summary))}</description>
		<content:encoded>{_cdata(text)}</content:encoded>
		<wfw:commentRss>{post.url}feed/</wfw:commentRss>
		<slash:comments>{count}</slash:comments>
	</item>"""


def _comment(base: str, post: Post, comment: RawComment, link: str) -> str:
    hidden = post.has_password
    text = password_form(base, post.entry.post_id) if hidden else post.comment_html(comment)
    summary = "Protected Comments: Please enter your password to view comments."
    summary = summary if hidden else escape(" ".join(comment.paragraphs))
    return f"""	<item>
		<title>Comment on {post.title_html} by {texturized(comment.author_name)}</title>
		<link>{link}</link>
		<dc:creator>{_cdata(texturized(comment.author_name))}</dc:creator>
		<pubDate>{format_datetime(comment.posted)}</pubDate>
		<guid isPermaLink="false">https://staging-4712.example.cloudhost.net/?post_type={post.entry.post_type}&#038;p={post.entry.post_id}#comment-{comment.comment_id}</guid>
		<description>{_cdata(summary)}</description>
		<content:encoded>{_cdata(text)}</content:encoded>
	</item>"""
