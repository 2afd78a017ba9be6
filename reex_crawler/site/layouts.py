"""How the site's pages are laid out: where the headline and the text stand, and what is never part of an article.

Facts only; ``extraction`` does the reading. A layout has dates: when the theme changes, end the old layout with
``valid_until`` and add a new one, so that archived pages keep the reader that was written for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way the site's pages are built. All names are class names."""

    name: str
    content: str
    """The element that holds the text of the article."""
    headline: tuple[str, ...]
    """The elements that hold the headline, the most certain first; a heading of the first level."""
    inside: frozenset[str] = frozenset()
    """The content or an element around it has one of these classes; empty where nothing is asked for."""
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def fits(self, fetched_at: datetime) -> bool:
        """Whether the site may have had this layout then; from the first instant on, up to before the last."""
        return (self.valid_from is None or self.valid_from <= fetched_at) and (
            self.valid_until is None or fetched_at < self.valid_until
        )


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        name="divi-5",
        content="et_pb_post_content",
        headline=("entry-title", "et_pb_module_heading"),
        inside=frozenset(
            {
                *("et_block_column", "et_block_module", "et_block_row", "et_block_section"),
                *("et_flex_column", "et_flex_module", "et_flex_row", "et_flex_section"),
                *("et_grid_column", "et_grid_module", "et_grid_row", "et_grid_section"),
            }
        ),
    ),
    Layout(
        name="divi-4-theme-builder",
        content="et_pb_post_content",
        headline=("entry-title", "et_pb_module_heading"),
    ),
    Layout(
        name="divi-classic",
        content="entry-content",
        headline=("entry-title",),
        inside=frozenset({"et_divi_builder", "et_divi_theme", "et_pb_post"}),
    ),
    Layout(name="block-theme", content="wp-block-post-content", headline=("wp-block-post-title", "entry-title")),
    Layout(name="wordpress-classic", content="entry-content", headline=("entry-title",)),
)
"""Tried in this order; the first that fits the day and the page is the page's layout."""


def layouts(fetched_at: datetime) -> tuple[Layout, ...]:
    """The layouts the site may have had when a page was fetched, in the order they are to be tried."""
    return tuple(layout for layout in LAYOUTS if layout.fits(fetched_at))


# What is never part of an article ------------------------------------------------------------------------------------

UNSEEN_TAGS = frozenset(
    {
        *("annotation", "annotation-xml", "applet", "area", "audio", "canvas", "datalist", "embed", "form", "frame"),
        *("head", "iframe", "input", "link", "map", "meta", "meter", "nav", "noframes", "noscript", "object", "option"),
        *("progress", "rp", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track"),
        "video",
    }
)
"""Elements whose text is no text of the article: machinery, media, forms and navigation."""

UNSEEN_ROLES = frozenset(
    {
        *("alertdialog", "banner", "contentinfo", "dialog", "doc-backlink", "doc-toc", "form", "menu", "menubar"),
        *("navigation", "search", "tablist", "toolbar", "tooltip"),
    }
)

HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![-\w])clip\s*:\s*rect\(|clip-path\s*:\s*inset\(\s*(?:50|100)%|"
    r"text-indent\s*:\s*-\d{4,}|left\s*:\s*-\d{4,}",
    re.IGNORECASE,
)
"""Inline styles that take text from a reader's sight."""

NOTICE = re.compile(r"^[\s(\[]*opens? in (?:a )?new (?:tab|window)[\s)\].]*$", re.IGNORECASE)
"""The notice that accessibility plugins append to links, hidden by style sheets under many class names."""

HIDDEN_CLASSES = frozenset(
    {
        *("assistive-text", "components-visually-hidden", "elementor-screen-only", "et_multi_view_hidden"),
        *("screen-reader-text", "screen-reader-only", "show-for-sr", "sr-only", "visually-hidden", "visuallyhidden"),
        *("u-hiddenvisually", "wp-block-embed__wrapper", "twitter-tweet", "instagram-media", "tiktok-embed"),
        *("bluesky-embed", "wp-embedded-content", "mejs-offscreen", "footnote-backlink", "wp-block-file__button"),
    }
)

COMMENT_CLASSES = frozenset(
    {
        *("comment-form", "comment-respond", "comments-area", "et_pb_comments_module", "nocomments"),
        *("wp-block-comments", "wp-block-comments-query-loop", "wp-block-latest-comments"),
        *("wp-block-post-comments", "wp-block-post-comments-form", "wpd-comments", "wpdiscuz_top_clearing"),
    }
)
"""Places of comments. A bare ``ol.commentlist`` is not here: inside a text it is a list that somebody pasted."""

WIDGET_CLASSES = frozenset(
    {
        *("widget", "widget-area", "widgettitle", "textwidget", "et_pb_widget", "et_pb_widget_area", "et_pb_sidebar"),
        *("sidebar", "wp-block-archives", "wp-block-avatar", "wp-block-calendar", "wp-block-categories"),
        *("wp-block-latest-posts", "wp-block-loginout", "wp-block-navigation", "wp-block-page-list"),
        *("wp-block-post-template", "wp-block-query", "wp-block-query-pagination", "wp-block-rss", "wp-block-search"),
        *("wp-block-site-logo", "wp-block-site-tagline", "wp-block-site-title", "wp-block-social-links"),
        *("wp-block-tag-cloud", "wp-block-template-part", "wp-block-home-link", "wp-block-read-more"),
    }
)

META_CLASSES = frozenset(
    {
        *("aioseo-breadcrumbs", "breadcrumb", "breadcrumbs", "breadcrumb_last", "rank-math-breadcrumb"),
        *("wp-block-breadcrumbs", "wp-block-yoast-seo-breadcrumbs", "yoast-breadcrumb", "yoast-breadcrumbs"),
        *("byline", "cat-links", "comments-link", "edit-link", "entry-footer", "entry-header", "entry-meta"),
        *("entry-utility", "et_pb_post_title", "et_pb_title_container", "et_pb_title_meta_container"),
        *("et_post_meta_wrapper", "post-edit-link", "post-meta", "posted-on", "tag-links", "tags-links"),
        *("wp-block-post-author", "wp-block-post-author-biography", "wp-block-post-author-name"),
        *("wp-block-post-comments-count", "wp-block-post-comments-link", "wp-block-post-date"),
        *("wp-block-post-excerpt", "wp-block-post-featured-image", "wp-block-post-navigation-link"),
        *("wp-block-post-terms", "wp-block-post-time-to-read", "wp-block-post-title"),
        *("et_pb_posts_nav", "nav-links", "nav-single", "navigation", "page-link", "page-links", "post-nav-links"),
        *("post-navigation", "post-page-numbers", "post-views", "posts-navigation", "reading-time"),
    }
)

AUTHOR_CLASSES = frozenset(
    {
        *("about-author", "author-bio", "author-box", "author-info", "authorbox", "entry-author-info", "m-a-box"),
        *("multiple-authors-target", "post-author-box", "pp-multiple-authors-boxes-wrapper", "saboxplugin-wrap"),
        *("wp-block-co-authors-plus-coauthors", "abh_box"),
    }
)

RELATED_CLASSES = frozenset(
    {
        *("crp_related", "et_pb_blog", "et_pb_blog_grid", "et_pb_blog_grid_wrapper", "et_pb_posts"),
        *("et_pb_filterable_portfolio", "et_pb_fullwidth_portfolio", "et_pb_fullwidth_post_slider"),
        *("et_pb_ajax_pagination_container", "et_pb_portfolio", "et_pb_portfolio_grid", "et_pb_post_slider"),
        *("et_pb_shop", "jp-relatedposts", "related-articles", "related-posts", "related_posts", "relatedposts"),
        *("rp4wp-related-posts", "wp-block-jetpack-related-posts", "wp_rp_wrap", "yarpp", "yarpp-related"),
        *("inline-related-posts", "irp", "wp-block-yoast-seo-related-links", "contextly-widget"),
    }
)

FORM_CLASSES = frozenset(
    {
        *("et_pb_contact", "et_pb_contact_form_container", "et_pb_login", "et_pb_newsletter", "et_pb_search"),
        *("et_pb_signup", "et_pb_subscribe", "formkit-form", "forminator-ui", "frm_forms", "gform_wrapper"),
        *("hbspt-form", "hs-form-frame", "mailpoet_form", "mc4wp-form", "ml-embedded", "newsletter-form"),
        *("newsletter-signup", "nf-form-cont", "seva-form", "tnp", "tnp-subscription", "wpcf7"),
        *("wp-block-jetpack-contact-form", "wp-block-jetpack-subscriptions", "wpforms-container"),
        *("jetpack_subscription_widget", "mc_embed_signup", "klaviyo-form"),
    }
)

SHARE_CLASSES = frozenset(
    {
        *("a2a_kit", "addtoany_content", "addtoany_share_save_container", "addthis_inline_share_toolbox"),
        *("entry-share", "essb_links", "et_pb_social_media_follow", "jetpack-likes-widget-wrapper", "jp-post-flair"),
        *("kk-star-ratings", "nc_socialpanel", "novashare-buttons", "pf-button", "post-ratings", "post-share"),
        *("robots-nocontent", "scriptlesssocialsharing", "sd-block", "sd-like", "sd-sharing", "sharedaddy"),
        *("shared-counts-wrap", "shareaholic-canvas", "share-buttons", "sharing-buttons", "simplesocialbuttons"),
        *("sfsi_widget", "social-share", "ssba", "swp_social_panel", "wpulike", "wp-block-jetpack-like"),
        *("wp-block-jetpack-sharing-buttons", "wp-block-outermost-social-sharing", "printfriendly"),
    }
)

OTHER_CLASSES = frozenset(
    {
        *("et_pb_countdown_timer", "et_pb_fullwidth_map", "et_pb_fullwidth_menu", "et_pb_map", "et_pb_menu"),
        *("et_pb_video", "et_pb_video_overlay", "et_pb_audio_module", "et_pb_audio_module_content"),
        *("aioseo-toc-header", "ez-toc-container", "fixed-toc", "joli-toc", "kb-table-of-content-wrap", "lwptoc"),
        *("simpletoc", "toc", "toc_container", "wp-block-aioseo-table-of-contents"),
        *("wp-block-kadence-tableofcontents", "wp-block-rank-math-toc-block", "wp-block-simpletoc-toc"),
        *("wp-block-table-of-contents", "wp-block-uagb-table-of-contents", "wp-block-yoast-seo-table-of-contents"),
        *("yoast-table-of-contents", "ad-container", "ad-unit", "ad-wrapper", "adsbygoogle", "advertisement"),
        *("ai_widget", "ezoic-ad", "google-auto-placed", "quads-location", "cookie-notice", "cmplz-cookiebanner"),
        *("cli-modal", "cookie-banner", "cookie-consent", "moove-gdpr-info-bar-hidden", "wp-audio-shortcode"),
        *("wp-playlist", "wp-video", "podcast_player", "podcast_meta", "castos-player", "skip-link"),
    }
)

FOREIGN_CLASSES = frozenset().union(
    HIDDEN_CLASSES,
    COMMENT_CLASSES,
    WIDGET_CLASSES,
    META_CLASSES,
    AUTHOR_CLASSES,
    RELATED_CLASSES,
    FORM_CLASSES,
    SHARE_CLASSES,
    OTHER_CLASSES,
)
"""All classes, lower case, that make an element no part of an article."""

FOREIGN_PREFIXES = (
    *("advads-", "et_bloom_", "et_social_", "ez-toc", "essb_", "heateor_sss", "mashsb", "mejs-", "molongui-"),
    *("powerpress_", "rt-reading-time", "bsf-rt-", "sfsi", "ssba", "ssbp", "swp_", "widget_", "yarpp-", "ads-by-"),
    *("cky-", "dpsp-", "om-holder", "optinmonster"),
    # Ad Inserter numbers the places of its advertisements.
    *(f"code-block-{digit}" for digit in range(1, 10)),
)
"""Beginnings of such classes where plugins number or vary them."""

FOREIGN_IDS = frozenset(
    {
        *("breadcrumbs", "catapult-cookie-bar", "cookie-law-info-bar", "cookie-notice", "cybotcookiebotdialog"),
        *("disqus_thread", "ez-toc-container", "fb-comments", "jp-post-flair", "jp-relatedposts", "respond"),
        *("toc", "toc_container", "wpdcom", "wp-toolbar", "wpadminbar", "mc_embed_signup", "sidebar"),
    }
)
