"""What stands around an article on every page: menus, widgets, forms, footers. None of it may ever reach a body."""

from __future__ import annotations

from html import escape

from tests.replica.post import texturized
from tests.replica.themes.view import SITE_NAME, View

_MENU = ("News", "Podcast", "Rankings", "Investors", "Newsletter", "About Us", "Contact")
FORM_SUCCESS = "Fantastic! Thanks for subscribing, you won't regret it."
FORM_TITLE = "Straight Into Your Inbox"
FORM_TEXT = "Receive a Daily News Update Intended to Help You Keep Pace With the Rapidly Evolving REE Market."


def menu(view: View, css: str) -> str:
    """The main menu."""
    items = "".join(
        f'<li class="menu-item menu-item-type-custom menu-item-object-custom menu-item-{n + 70}"><a href="{view.base}/{name.lower().replace(" ", "-")}/">{name}</a></li>'
        for n, name in enumerate(_MENU)
    )
    return f'<ul id="menu-main" class="{css}">{items}</ul>'


def search_form(view: View) -> str:
    """The classic search form."""
    return (
        f'<form role="search" method="get" id="searchform" class="searchform" action="{view.base}/"><div>'
        '<label class="screen-reader-text" for="s">Search for:</label><input type="text" value="" name="s" id="s" />'
        '<input type="submit" id="searchsubmit" value="Search" /></div></form>'
    )


def recent_list(view: View) -> str:
    """The five newest posts as the recent-posts widget lists them."""
    items = "".join(f'<li><a href="{post.url}">{post.title_html}</a></li>' for post in view.recent[:5])
    return f"<ul>{items}</ul>"


def newsletter(number: int, place: str) -> str:
    """Divi's e-mail form with the success message that waits hidden in it."""
    fields = "".join(
        f'<p class="et_pb_newsletter_field et_pb_contact_field_last"><label class="et_pb_contact_form_label" for="et_pb_signup_{name}_{number}" style="display: none;">{label}</label>'
        f'<input id="et_pb_signup_{name}_{number}" class="input" type="{kind}" placeholder="{label}" name="et_pb_signup_{name}"></p>'
        for name, label, kind in (("firstname", "Name", "text"), ("email", "Email", "email"))
    )
    return (
        f'<div class="et_pb_module et_pb_signup_{number}{place} et_hover_enabled et_pb_newsletter_layout_left_right et_pb_newsletter et_pb_subscribe clearfix et_pb_text_align_left et_pb_bg_layout_dark">'
        f'<div class="et_pb_newsletter_description"><h2 class="et_pb_module_header">{FORM_TITLE}</h2><div>{FORM_TEXT}</div></div>'
        '<div class="et_pb_newsletter_form"><form method="post">'
        '<div class="et_pb_newsletter_result et_pb_newsletter_error"></div>'
        f'<div class="et_pb_newsletter_result et_pb_newsletter_success"><h2>{FORM_SUCCESS}</h2></div>'
        f'<div class="et_pb_newsletter_fields">{fields}<p class="et_pb_newsletter_button_wrap">'
        '<a class="et_pb_newsletter_button et_pb_button" href="#" data-icon=""><span class="et_subscribe_loader"></span>'
        '<span class="et_pb_newsletter_button_text">Subscribe</span></a></p></div>'
        f'<input type="hidden" value="mailchimp" name="et_pb_signup_provider" /><input type="hidden" value="{number:08x}" name="et_pb_signup_list_id" />'
        "</form></div></div>"
    )


def share_buttons(view: View) -> str:
    """A row of share links as plugins put it around the text."""
    target = escape(view.post.url)
    links = "".join(
        f'<a class="a2a_button_{name.lower()}" href="https://share.example/{name.lower()}?u={target}" title="Share on {name}" rel="nofollow noopener" target="_blank"><span class="a2a_label">Share on {name}</span></a>'
        for name in ("Facebook", "LinkedIn", "X", "Email")
    )
    return f'<div class="addtoany_share_save_container addtoany_content addtoany_content_bottom"><div class="a2a_kit a2a_kit_size_32 addtoany_list">{links}</div></div>'


def jetpack(view: View) -> str:
    """What Jetpack appends to a text: share buttons, likes, and a related list that scripts fill."""
    links = "".join(
        f'<li class="share-{name.lower()}"><a rel="nofollow noopener noreferrer" class="share-{name.lower()} sd-button share-icon" href="{view.post.url}?share={name.lower()}" target="_blank"><span>Click to share on {name} (Opens in new window)</span></a></li>'
        for name in ("Facebook", "X")
    )
    return (
        f'<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social sd-sharing"><h3 class="sd-title">Share this:</h3><div class="sd-content"><ul>{links}</ul></div></div></div>'
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3><div class="jp-relatedposts-items"><p class="jp-relatedposts-post">{view.recent[-1].title_html}</p></div></div>'
    )


def contents(view: View) -> str:
    """A table of contents as plugins put it before the first heading, where a text has three or more."""
    headings = [block.lines[0] for block in view.post.truth.parts[view.part - 1] if block.kind in {"h2", "h3"}]
    if len(headings) < 3:
        return ""
    items = "".join(
        f'<li><a class="ez-toc-link" href="#h{n}">{escape(text)}</a></li>' for n, text in enumerate(headings)
    )
    return f'<div id="ez-toc-container" class="ez-toc-v2_0_69 counter-hierarchy ez-toc-grey"><p class="ez-toc-title">Table of Contents</p><nav><ul class="ez-toc-list">{items}</ul></nav></div>'


def password_form(base: str, number: int) -> str:
    """What WordPress shows in place of a protected text."""
    return (
        f'<form action="{base}/wp-login.php?action=postpass" class="post-password-form" method="post">'
        "<p>This content is password-protected. To view it, please enter the password below.</p>"
        f'<p><label for="pwbox-{number}">Password: <input name="post_password" id="pwbox-{number}" type="password" spellcheck="false" required size="20" /></label>'
        ' <input type="submit" name="Submit" value="Enter" /></p></form>'
    )


def related(view: View) -> str:
    """A list of other articles under the text, with excerpts that look like text."""
    cards = "".join(
        f'<article class="et_pb_post clearfix et_pb_blog_item_0_{n} post-{post.entry.post_id}"><h2 class="entry-title"><a href="{post.url}">{post.title_html}</a></h2>'
        f'<div class="post-content"><div class="post-content-inner"><p>{escape(post.summary)}</p></div></div></article>'
        for n, post in enumerate(view.recent[5:8])
    )
    return f'<div class="et_pb_module et_pb_blog_0_tb_body et_pb_blog_grid_wrapper"><h2>Related Articles</h2><div class="et_pb_ajax_pagination_container">{cards}</div></div>'


def scripts(view: View, names: tuple[str, ...]) -> str:
    """Script tags and inline settings in the bulk that real pages carry."""
    tags = "".join(
        f'<script type="text/javascript" src="{view.base}/wp-content/{name}?ver=4.27.4" id="{name.split("/")[-1]}-js"></script>\n'
        for name in names
    )
    settings = ",".join(f'"option_{n}":"{n * 2654435761 % 2**32:08x}"' for n in range(260))
    return f'<script type="text/javascript" id="theme-settings-js-extra">/* <![CDATA[ */ var et_pb_custom = {{{settings}}}; /* ]]> */</script>\n{tags}'


def colophon() -> str:
    return f"<p>© 2025 {texturized(SITE_NAME)}™. All rights reserved. Nothing here is investment advice.</p>"
