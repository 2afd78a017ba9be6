"""The class names and ids by which the site's pages mark comments, people, terms and dates.

A place is named by a simple selector, ``.class``, ``#id``, ``tag`` or ``[rel=value]``; all other names are class names.

They are those of WordPress 6 (its comment walkers, core blocks and template tags) and of Divi 4 and 5. How pages are
laid out around the text is in ``layouts``; how the marked places are read is the business of ``extraction``.
"""

from __future__ import annotations

# Places --------------------------------------------------------------------------------------------------------------

TEXT_CONTAINERS = frozenset({"et_pb_post_content", "wp-block-post-content"})
"""Containers that hold an author's text and nothing of the theme's."""
PAGE_CONTAINERS = frozenset({"entry-content"})
"""Containers of the text that, on a page made with the Divi builder, hold the modules of the whole page too."""
THEME_MODULES = frozenset({"et_pb_comments_module", "et_pb_post_title", "et_pb_blurb"})
"""Modules of the builder that a page uses for what is about the article; in all others somebody writes the text."""
BUILDER_COLUMN = "et_pb_column"
WIDGETS = frozenset({"widget", "et_pb_widget"})
ELSEWHERE_CLASSES = frozenset(
    {
        *("widget", "widget-area", "et_pb_widget", "et_pb_widget_area", "et_pb_sidebar", "sidebar", "site-footer"),
        *("site-header", "et-l--header", "et-l--footer", "et_pb_posts_nav", "navigation", "breadcrumbs"),
        *("wp-block-query", "wp-block-post-template", "wp-block-latest-posts", "wp-block-latest-comments"),
        *("wp-block-tag-cloud", "wp-block-categories", "wp-block-archives", "wp-block-navigation", "tagcloud"),
    }
)
"""Parts of a page that speak of other things than its article."""
ELSEWHERE_IDS = frozenset(
    {
        *("sidebar", "secondary", "masthead", "colophon", "main-header", "main-footer", "top-header"),
        *("comment-wrap", "comments"),
    }
)
TEMPLATE_PARTS = frozenset({"wp-block-template-part"})
"""As a header or footer this is the site's; as a plain element it may hold an article's date and terms."""

# Comments ------------------------------------------------------------------------------------------------------------

COMMENT_AREAS = (
    *("#comment-wrap", "#comments", "#trackbacks", ".comments-area", ".et_pb_comments_module"),
    *(".wp-block-comments", ".wp-block-post-comments", ".wp-block-comments-query-loop"),
    *(".commentlist", ".comment-list", ".pinglist"),
)
"""The places where comments stand."""
COMMENT_ID = r"(?:li-|div-)?comment-([1-9]\d{0,18})"
"""The id attribute of a comment's element; the theme may use several of these forms for one comment."""
COMMENT_BODY = frozenset({"comment-body"})
COMMENT_TEXT = frozenset({"comment-content", "wp-block-comment-content", "comment-text"})
COMMENT_TEXT_NAME = r"(?:^|[\s_-])comment[_-]{1,2}(?:content|text|message|description)(?!\S)"
"""How themes vary that name: ``ast-comment-content``, ``wpd-comment-text``, ``comment__content``."""
COMMENT_AUTHOR = frozenset({"fn", "wp-block-comment-author-name", "woocommerce-review__author"})
"""Elements that hold the commenter's name and nothing else."""
COMMENT_AUTHOR_NAME = r"(?:^|[\s_-])(?:author[_-]{1,2}name|comment[_-]{1,2}author[_-]{1,2}link)(?!\S)"
COMMENT_AUTHOR_PLACE = r"(?:^|[\s_-])comment[_-]{1,2}author(?!\S)"
"""Elements that hold the name, in some themes with a picture, "says" or the date."""
COMMENT_AUTHOR_LOOSE = frozenset({"author", "url", "commenter", "comment-name", "name"})
"""Names that mark other things too: asked last, and never inside the text."""
COMMENT_DATE = frozenset(
    {"date", "comment_date", "comment-date", "wp-block-comment-date", "comment-metadata", "commentmetadata"}
)
COMMENT_DATE_NAME = r"(?:^|[\s_-])comment[_-]{1,2}(?:date|time|meta[_-]?data|published)(?!\S)"
COMMENT_META_NAME = r"(?:^|[\s_-])comment[_-]{1,2}(?:meta|info|header|head)(?!\S)"
"""Elements that hold the date among other things."""
COMMENT_HELD = frozenset({"comment-awaiting-moderation", "moderation"})
COMMENT_BY_AUTHOR = frozenset({"bypostauthor", "wpd-blog-post_author"})
COMMENT_CONTROLS = frozenset(
    {
        *("reply", "reply-container", "comment-reply-link", "comment-reply-login", "comment-edit-link", "edit-link"),
        *("wp-block-comment-reply-link", "wp-block-comment-edit-link"),
    }
)
"""Links that themes put behind the words of a comment, some of them inside its text."""
COMMENT_CONTROL_NAME = r"(?:^|[\s_-])(?:reply|likes?|dislikes?|votes?|voting|ratings?|share|sharing)(?![^\s_-])"
"""How themes and plugins name what a reader may do with a comment."""
COMMENT_FURNITURE = COMMENT_CONTROLS | {
    *("comment-author", "comment-meta", "comment-metadata", "commentmetadata", "comment_avatar", "comment_postinfo"),
    *("wp-block-comment-author-name", "wp-block-comment-date", "wp-block-avatar", "says", "by-post-author", "children"),
}
"""What stands beside the words of a comment."""
PING_LISTS = frozenset({"pinglist"})
SMILIES = frozenset({"wp-smiley", "emoji"})
OLDER_COMMENTS = frozenset({"nav-previous", "prev", "previous", "wp-block-comments-pagination-previous"})
NEWER_COMMENTS = frozenset({"nav-next", "next", "wp-block-comments-pagination-next"})
CURRENT_COMMENTS = frozenset({"page-numbers", "current"})
COMMENT_COUNT = r"(?:(?P<count>\d[\d,.]*)|(?P<one>one|a)|(?P<none>no))\s+(?:comment|repl(?:y|ies)|response|thought)"
"""How the heading over the comments starts where it counts them."""

# Dates ---------------------------------------------------------------------------------------------------------------

DATES = (
    *("time", ".published", ".updated", ".entry-date", ".post-date", ".wp-block-post-date"),
    *("[itemprop=datePublished]", "[itemprop=dateModified]"),
)
"""The places where a theme prints a date."""
PUBLISHED = frozenset({"published", "entry-date", "post-date", "posted-on", "wp-block-post-date", "datePublished"})
MODIFIED = frozenset({"updated", "modified", "dateModified", "wp-block-post-date__modified-date"})
META_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date")
META_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified")

# People --------------------------------------------------------------------------------------------------------------

AUTHOR_PATH = r"/author/([^/]+)/?"
"""The path of an author's page; the group is the slug, WordPress' ``user_nicename``."""
BYLINES = (
    *("[rel=author]", ".vcard", ".byline", ".wp-block-post-author-name", ".wp-block-post-author__name"),
    *("[itemprop=author]", ".posted-by", ".entry-author", ".post-author-name", ".td-post-author-name"),
)
"""The places where a theme prints who wrote an article."""
CARD, AUTHOR_CARD = "vcard", "author"
"""A commenter's card is marked like an author's, which has a second class."""
NOT_A_BYLINE = frozenset({"author-link"})
"""Links in an author box that lead to the author's page and say so: "View all posts by ..."."""
NOT_A_NAME = r"\s*(?:view|see|read|more|all)\b.*\b(?:posts|articles|stories|archives?|from|by)\b"
"""How such links read in themes that give them no class."""
BYLINE_PREFIX = r"\s*(?:(?:written|published|posted)\s+by|by|authors?\s*:|about)\s*:?\s+"
BYLINE_END = (
    r"(?:\s*\b(?:on|in|at|published|posted|updated)\s|[\s,(]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.?\s+\d|[\s,(]+\d).*$"
)
"""What follows a name on the same line: when and where it was published."""
NAMES = frozenset(
    {
        *("fn", "author-name", "entry-author-name", "post-author-name"),
        *("wp-block-post-author-name", "wp-block-post-author__name"),
    }
)
"""Elements of a byline that hold a name and nothing else."""
NOT_IN_BYLINE = frozenset(
    {
        *("published", "updated", "entry-date", "post-date", "posted-on", "post_date", "wp-block-post-date"),
        *("cat-links", "tags-links", "tag-links", "post-categories", "post-tags", "wp-block-post-terms", "post_cats"),
        *("comments-link", "comments-number", "entry-comments-link", "num_comments_link", "edit-link"),
        *("reading-time", "post-views", "author-title", "author-role", "author-job-title", "job-title"),
    }
)
"""Elements of a byline that hold no name."""
NOT_PEOPLE = frozenset({"tag", "category", "bookmark"})
"""What links of a byline relate to that lead to no person."""
ROLE = (
    r"\b(?:editors?|editorial|writers?|reporters?|correspondents?|contributors?|columnists?|journalists?|analysts?"
    r"|authors?|staff|team|desk|chief|director|news|newsroom|press|media|group|company|partners|associates|inc|ltd|llc|co)\b"
)
"""Words that make a text with capitals no person's name."""
BLURB = "et_pb_blurb"
AUTHOR_BOXES = (
    ("et_pb_blurb", "et_pb_module_header", "et_pb_blurb_description"),
    ("wp-block-post-author", "wp-block-post-author__name", "wp-block-post-author__bio"),
    ("author-bio", "author-title", "author-description"),
    ("author-info", "author-title", "author-bio"),
    ("author-info", "author-title", "author-description"),
    ("author-box", "author-name", "author-description"),
)
"""Author boxes: the class of the box, of the name in it and of the biography."""
BIOGRAPHIES = (".wp-block-post-author-biography",)
"""A biography that stands on its own, which is that of the only author."""
META_AUTHOR = ("author", "parsely-author", "sailthru.author", "article:author", "dc.creator")
LABELS = (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2"))
AUTHOR_LABEL = "written by"

# Terms ---------------------------------------------------------------------------------------------------------------

TERM_LINKS = ("[rel=tag]", "[rel=category]")
TERM_LISTS = (".wp-block-post-terms", ".cat-links", ".tags-links", ".tag-links", ".post-categories", ".post-tags")
"""Links to an article's categories and tags, and the places that hold nothing but such links."""
TERM_PATH = r"/(?:[^/]+/)*?(category|tag)/(?:[^/]+/)*?([^/]+)/?"
"""The path of a term's page: its kind and its slug, which is the last of a category's line of descent."""
TERM_CLASS = r"(category|tag)-(.+)"
"""Among the classes that WordPress gives an article's element."""
META_SECTION = "article:section"
META_TAG = "article:tag"
