"""Divi's own comment list, the same in its classic layout and in its builder's comments module."""

from __future__ import annotations

from tests.replica.content import RawComment
from tests.replica.post import texturized
from tests.replica.themes.view import View, clock, comment_classes, commenter, short_date
from tests.replica.thread import Node


def comments(view: View) -> str:
    """``section#comment-wrap`` with list, paging, pings and the form."""
    if view.post.has_password:
        return (
            '<p class="nocomments container">This post is password protected. Enter the password to view comments.</p>'
        )
    count = view.comment_count
    heading = "0 Comments" if count == 0 else "1 Comment" if count == 1 else f"{count} Comments"
    threads = [node for node in view.nodes if node.comment.kind == "comment"]
    items = "\n".join(_item(node, view) for node in threads)
    above, below = (_paging(view, place) for place in ("above", "below"))
    listed = f'<ol class="commentlist clearfix">\n{items}\n</ol>' if threads else ""
    body = above + listed + below + _pings(view)
    return f'<section id="comment-wrap">\n<h1 id="comments" class="page_title">{heading}</h1>\n{body}\n{_form(view)}\n</section>'


def _item(node: Node, view: View) -> str:
    comment = node.comment
    number = comment.comment_id
    replies = "\n".join(_item(child, view) for child in node.children)
    nested = f'<ul class="children">\n{replies}\n</ul><!-- .children -->' if replies else ""
    return f"""<li class="{comment_classes(node, view.post)}{" parent" if nested else ""} et-pb-non-builder-comment" id="li-comment-{number}">
	<article id="comment-{number}" class="comment-body clearfix">
		<div class="comment_avatar"><img alt='{texturized(comment.author_name)}' src='https://secure.gravatar.com/avatar/{number * 7919:032x}?s=80&#038;d=mm&#038;r=g' class='avatar avatar-80 photo' height='80' width='80' loading='lazy' decoding='async'/></div>
		<div class="comment_postinfo">
			<span class="fn">{commenter(comment, view.post)}</span>
			<span class="comment_date">
				on {short_date(comment.posted)} at {clock(comment.posted)}			</span>
			</div> <!-- .comment_postinfo -->
		<div class="comment_area">
			<div class="comment-content clearfix">
			{view.post.comment_html(comment)}
{_reply_link(comment, node.depth, view)}			</div> <!-- end comment-content-->
		</div> <!-- end comment_area-->
	</article> <!-- .comment-body -->
{nested}</li><!-- #comment-## -->"""


def _reply_link(comment: RawComment, depth: int, view: View) -> str:
    """No link at the greatest depth, as in WordPress."""
    if depth >= 5 or "closed" in view.post.entry.notes:
        return ""
    number, post_id = comment.comment_id, view.post.entry.post_id
    return (
        f'<span class=\'reply-container\'><a rel="nofollow" class="comment-reply-link" href="{view.post.url}?replytocom={number}#respond" '
        f'data-commentid="{number}" data-postid="{post_id}" data-belowelement="comment-{number}" data-respondelement="respond" '
        f'data-replyto="Reply to {texturized(comment.author_name)}" aria-label="Reply to {texturized(comment.author_name)}">Reply</a></span>'
    )


def _paging(view: View, place: str) -> str:
    """Links to the neighbours only."""
    if view.comment_pages < 2:
        return ""
    number = view.comment_page
    older = (
        f'<a href="{view.comment_page_url(number - 1)}"><span class="meta-nav">&larr;</span> Older Comments</a>'
        if number > 1
        else ""
    )
    newer = (
        f'<a href="{view.comment_page_url(number + 1)}">Newer Comments <span class="meta-nav">&rarr;</span></a>'
        if number < view.comment_pages
        else ""
    )
    css = "comment_navigation_top" if place == "above" else "comment_navigation_bottom"
    return f'<nav id="comment-nav-{place}" class="{css} clearfix"><div class="nav-previous">{older}</div><div class="nav-next">{newer}</div></nav> <!-- #comment-nav-{place} -->\n'


def _pings(view: View) -> str:
    """Pings have a heading and a list of their own; Divi prints their name and an excerpt, no time."""
    if not view.pings:
        return ""
    items = "\n".join(
        f'<li id="comment-{ping.comment_id}">{commenter(ping, view.post)} - {texturized(" ".join(" ".join(ping.paragraphs).split()[:20]))}&hellip;'
        for ping in view.pings
    )
    return f'<div id="trackbacks">\n<h3 id="trackbacks-title">Trackbacks/Pingbacks</h3>\n<ol class="pinglist">\n{items}\n</ol>\n</div>'


def _form(view: View) -> str:
    if "closed" in view.post.entry.notes:
        return '<p class="nocomments">Comments are closed.</p>'
    post_id = view.post.entry.post_id
    return f"""<div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title"><span>Submit a Comment</span> <small><a rel="nofollow" id="cancel-comment-reply-link" href="#respond" style="display:none;">Cancel reply</a></small></h3><form action="{view.base}/wp-comments-post.php" method="post" id="commentform" class="comment-form"><p class="comment-notes"><span id="email-notes">Your email address will not be published.</span> <span class="required-field-message">Required fields are marked <span class="required">*</span></span></p><p class="comment-form-comment"><label for="comment">Comment <span class="required">*</span></label> <textarea id="comment" name="comment" cols="45" rows="8" maxlength="65525" required="required"></textarea></p><p class="comment-form-author"><label for="author">Name <span class="required">*</span></label> <input id="author" name="author" type="text" value="" size="30" maxlength="245" autocomplete="name" required="required" /></p>
<p class="form-submit"><input name="submit" type="submit" id="et_pb_submit" class="submit et_pb_button" value="Submit Comment" /> <input type='hidden' name='comment_post_ID' value='{post_id}' id='comment_post_ID' /><input type='hidden' name='comment_parent' id='comment_parent' value='0' /></p></form>
</div><!-- #respond -->"""
