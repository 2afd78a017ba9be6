"""What WordPress itself prints and its stock themes share: the HTML5 comment list, its paging, and links between text pages."""

from __future__ import annotations

from datetime import datetime
from html import escape

from tests.replica.post import texturized
from tests.replica.themes.view import View, clock, comment_classes, commenter, local, short_date
from tests.replica.thread import Node


def stamp(instant: datetime) -> str:
    """``get_comment_time('c')``: site-local, with its offset."""
    return local(instant).isoformat()


def comment_item(node: Node, view: View) -> str:
    """``Walker_Comment::html5_comment``, or a ping's short form."""
    comment = node.comment
    number = comment.comment_id
    replies = "\n".join(comment_item(child, view) for child in node.children)
    nested = f'<ol class="children">\n{replies}\n</ol><!-- .children -->\n' if replies else ""
    opening = f'<li id="comment-{number}" class="{comment_classes(node, view.post)}{" parent" if nested else ""}">'
    if comment.kind != "comment":
        return f'{opening}\n\t<div class="comment-body">\n\tPingback: {commenter(comment, view.post)} \t</div>\n{nested}</li><!-- #comment-## -->'
    link = f"{view.post.url}#comment-{number}"
    return f"""{opening}
	<article id="div-comment-{number}" class="comment-body">
		<footer class="comment-meta">
			<div class="comment-author vcard">
				<img alt='' src='https://secure.gravatar.com/avatar/{number * 7919:032x}?s=60&#038;d=mm&#038;r=g' class='avatar avatar-60 photo' height='60' width='60' loading='lazy' />
				<b class="fn">{commenter(comment, view.post)}</b> <span class="says">says:</span>
			</div><!-- .comment-author -->
			<div class="comment-metadata"><a href="{link}"><time datetime="{stamp(comment.posted)}">{short_date(comment.posted)} at {clock(comment.posted)}</time></a></div><!-- .comment-metadata -->
		</footer><!-- .comment-meta -->
		<div class="comment-content">
			{view.post.comment_html(comment)}
		</div><!-- .comment-content -->
		{reply_link(node, view)}
	</article><!-- .comment-body -->
{nested}</li><!-- #comment-## -->"""


def reply_link(node: Node, view: View) -> str:
    """The reply link, absent at the greatest depth and where comments are closed."""
    if node.depth >= 5 or "closed" in view.post.entry.notes:
        return ""
    comment = node.comment
    name = texturized(comment.author_name)
    return (
        f'<div class="reply"><a rel="nofollow" class="comment-reply-link" href="{view.post.url}?replytocom={comment.comment_id}#respond" data-commentid="{comment.comment_id}" '
        f'data-postid="{view.post.entry.post_id}" data-belowelement="div-comment-{comment.comment_id}" data-respondelement="respond" '
        f'data-replyto="Reply to {name}" aria-label="Reply to {name}">Reply</a></div>'
    )


def comment_paging(view: View) -> str:
    """``the_comments_navigation``: links to the neighbours."""
    if view.comment_pages < 2:
        return ""
    number = view.comment_page
    older = (
        f'<div class="nav-previous"><a href="{view.comment_page_url(number - 1)}">Older comments</a></div>'
        if number > 1
        else ""
    )
    newer = (
        f'<div class="nav-next"><a href="{view.comment_page_url(number + 1)}">Newer comments</a></div>'
        if number < view.comment_pages
        else ""
    )
    return f'<nav class="navigation comment-navigation" aria-label="Comments"><h2 class="screen-reader-text">Comments navigation</h2><div class="nav-links">{older}{newer}</div></nav>'


def page_links(view: View) -> str:
    """``wp_link_pages`` of a stock theme."""
    count = len(view.post.parts_html)
    if count < 2:
        return ""
    numbers = " ".join(
        f'<span class="post-page-numbers current" aria-current="page">Page {n}</span>'
        if n == view.part
        else f'<a href="{view.post.url}{f"{n}/" if n > 1 else ""}" class="post-page-numbers">Page {n}</a>'
        for n in range(1, count + 1)
    )
    return f'<nav class="page-links" aria-label="Page">{numbers}</nav>'


def respond(view: View) -> str:
    """The stock comment form."""
    if "closed" in view.post.entry.notes:
        return '<p class="no-comments">Comments are closed.</p>'
    return f"""<div id="respond" class="comment-respond">
<h2 id="reply-title" class="comment-reply-title">Leave a comment <small><a rel="nofollow" id="cancel-comment-reply-link" href="{escape(view.post.path)}#respond" style="display:none;">Cancel reply</a></small></h2><form action="{view.base}/wp-comments-post.php" method="post" id="commentform" class="comment-form" novalidate><p class="comment-notes"><span id="email-notes">Your email address will not be published.</span> <span class="required-field-message">Required fields are marked <span class="required">*</span></span></p><p class="comment-form-comment"><label for="comment">Comment <span class="required">*</span></label> <textarea id="comment" name="comment" cols="45" rows="5" maxlength="65525" required></textarea></p><p class="form-submit"><input name="submit" type="submit" id="submit" class="submit" value="Post Comment" /> <input type='hidden' name='comment_post_ID' value='{view.post.entry.post_id}' id='comment_post_ID' /></p></form></div><!-- #respond -->"""
