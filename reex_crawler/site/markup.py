"""The class names and ids by which the site's pages mark comments, people, terms and dates.

They are those of WordPress 6 (its comment walkers, core blocks and template tags) and of Divi 4 and 5. How pages are
laid out around the text is in ``layouts``; how the marked places are read is the business of ``extraction``.
"""

from __future__ import annotations

# Comments ------------------------------------------------------------------------------------------------------------

COMMENT_AREA = (
    "#comment-wrap, #comments, #trackbacks, .comments-area, .et_pb_comments_module,"
    " .wp-block-comments, .wp-block-post-comments, .wp-block-comments-query-loop,"
    " ol.commentlist, ol.comment-list, ul.commentlist, ul.comment-list, ol.pinglist"
)
"""CSS selector of the places where comments stand."""

TEXT_CONTAINERS = frozenset({"et_pb_post_content", "wp-block-post-content"})
"""Containers that hold an author's text and nothing of the theme's."""
PAGE_CONTAINERS = frozenset({"entry-content"})
"""Containers of the text that, on a page made with the Divi builder, hold the modules of the whole page too."""
COMMENTS_MODULE = "et_pb_comments_module"
BUILDER_COLUMN = "et_pb_column"
WIDGETS = frozenset({"widget", "et_pb_widget"})

COMMENT_ID = r"(?:li-|div-)?comment-([1-9]\d{0,18})"
"""The id attribute of a comment's element; the theme may use several of these forms for one comment."""
COMMENT_BODY = frozenset({"comment-body"})
COMMENT_TEXT = frozenset({"comment-content", "wp-block-comment-content", "comment-text"})
COMMENT_AUTHOR = ("fn", "wp-block-comment-author-name", "comment-author")
"""Where the commenter's name stands, the closest place first."""
COMMENT_DATE = frozenset(
    {"comment_date", "comment-date", "wp-block-comment-date", "comment-metadata", "commentmetadata"}
)
COMMENT_HELD = frozenset({"comment-awaiting-moderation", "moderation"})
COMMENT_BY_AUTHOR = "bypostauthor"
COMMENT_FURNITURE = frozenset(
    {
        *(
            "comment-author",
            "comment-meta",
            "comment-metadata",
            "commentmetadata",
            "comment_avatar",
            "comment_postinfo",
        ),
        *("reply", "reply-container", "comment-reply-link", "comment-reply-login", "comment-edit-link", "edit-link"),
        *("wp-block-comment-reply-link", "wp-block-comment-edit-link", "wp-block-comment-author-name"),
        *("wp-block-comment-date", "wp-block-avatar", "says", "children", "by-post-author"),
    }
)
"""What stands beside the words of a comment."""
PING_LISTS = frozenset({"pinglist"})
SMILIES = frozenset({"wp-smiley", "emoji"})
OLDER_COMMENTS = frozenset({"nav-previous", "prev", "previous", "wp-block-comments-pagination-previous"})
NEWER_COMMENTS = frozenset({"nav-next", "next", "wp-block-comments-pagination-next"})
CURRENT_COMMENTS = frozenset({"page-numbers", "current"})
COMMENT_COUNT = r"(?:(?P<count>\d[\d,.]*)|(?P<one>one|a)|(?P<none>no))\s+(?:comment|repl(?:y|ies)|response|thought)"
"""How the heading over the comments starts where it counts them."""
