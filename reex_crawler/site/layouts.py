"""How the site's pages are laid out: where the headline and the text stand, and what is never part of an article.

Facts only; ``extraction`` does the reading. A layout has dates: when the theme changes, end the old layout with
``valid_until`` and add a new one, so that archived pages keep the reader that was written for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way the site's pages are built. All names are class names."""

    name: str
    content: str
    """The element that holds the text of the article."""
    headline: tuple[str, ...]
    """The elements that hold the headline and no other heading, the most certain first."""
    headings: tuple[str, ...] = ()
    """The elements that hold any heading, the headline perhaps among them."""
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
        headline=("entry-title",),
        headings=("et_pb_module_heading",),
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
        headline=("entry-title",),
        headings=("et_pb_module_heading",),
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


MODULE, MODULE_HEADING = "et_pb_module", "et_pb_module_header"
"""A module of the Divi builder, and the heading of one."""

# What is never part of an article ------------------------------------------------------------------------------------

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
        *("elementor-search-form", "elementor-widget-nav-menu", "elementor-widget-sidebar", "elementor-widget-sitemap"),
        *("elementor-widget-theme-site-logo", "elementor-widget-theme-site-title", "wp-block-jetpack-blogroll"),
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
        *("elementor-post-navigation", "elementor-widget-breadcrumbs", "elementor-widget-post-comments"),
        *("elementor-widget-post-info", "elementor-widget-post-navigation", "elementor-widget-theme-post-excerpt"),
        *("elementor-widget-theme-post-featured-image", "elementor-widget-theme-post-title", "last-modified-timestamp"),
        *("post-last-modified", "post-modified-info"),
    }
)

AUTHOR_CLASSES = frozenset(
    {
        *("about-author", "author-bio", "author-box", "author-info", "authorbox", "entry-author-info", "m-a-box"),
        *("multiple-authors-target", "post-author-box", "pp-multiple-authors-boxes-wrapper", "saboxplugin-wrap"),
        *("wp-block-co-authors-plus-coauthors", "abh_box", "ast-author-box", "ast-author-details", "author-bio-box"),
        *("author_bio_section", "ast-single-author-box", "elementor-author-box", "elementor-widget-author-box"),
        *("simple-author-box", "ts-fab-wrapper", "wp-about-author-containter-top", "wp-post-author-wrap"),
    }
)

RELATED_CLASSES = frozenset(
    {
        *("crp_related", "et_pb_blog", "et_pb_blog_grid", "et_pb_blog_grid_wrapper", "et_pb_posts"),
        *("et_pb_filterable_portfolio", "et_pb_fullwidth_portfolio", "et_pb_fullwidth_post_slider"),
        *("et_pb_ajax_pagination_container", "et_pb_portfolio", "et_pb_portfolio_grid", "et_pb_post_slider"),
        *("et_pb_shop", "jp-relatedposts", "related-articles", "related-posts", "related_posts", "relatedposts"),
        *("rp4wp-related-posts", "wp-block-jetpack-related-posts", "wp_rp_wrap", "yarpp", "yarpp-related"),
        *("inline-related-posts", "irp", "wp-block-yoast-seo-related-links", "contextly-widget", "related-content"),
        *("related-news", "related-reading", "related-stories", "ab-block-post-grid", "display-posts-listing"),
        *("eb-post-carousel-wrapper", "eb-post-grid-wrapper", "elementor-loop-container", "elementor-posts"),
        *("elementor-posts-container", "elementor-widget-archive-posts", "elementor-widget-loop-carousel"),
        *("elementor-widget-loop-grid", "elementor-widget-portfolio", "elementor-widget-posts", "gb-block-post-grid"),
        *("gb-looper", "gb-query-loop-wrapper", "kb-posts", "kt-blocks-post-grid", "lcp_catlist", "popular-posts"),
        *("pt-cv-wrapper", "rpwe-block", "stk-block-posts", "ugb-blog-posts", "wp-block-coblocks-posts"),
        *("wp-block-jetpack-top-posts", "wp-block-kadence-posts", "wp-block-kadence-query"),
        *("wp-block-themeisle-blocks-posts-grid", "wp-show-posts", "wpnbha"),
    }
)

FORM_CLASSES = frozenset(
    {
        *("et_pb_contact", "et_pb_contact_form_container", "et_pb_login", "et_pb_newsletter", "et_pb_search"),
        *("et_pb_signup", "et_pb_subscribe", "formkit-form", "forminator-ui", "frm_forms", "gform_wrapper"),
        *("hbspt-form", "hs-form-frame", "mailpoet_form", "mc4wp-form", "ml-embedded", "newsletter-form"),
        *("newsletter-signup", "nf-form-cont", "seva-form", "tnp", "tnp-subscription", "wpcf7"),
        *("wp-block-jetpack-contact-form", "wp-block-jetpack-subscriptions", "wpforms-container"),
        *("jetpack_subscription_widget", "mc_embed_signup", "klaviyo-form", "elementor-form", "elementor-widget-form"),
        *("elementor-widget-login", "kb-form", "wp-block-jetpack-donations", "wp-block-jetpack-mailchimp"),
        *("wp-block-jetpack-recurring-payments", "wp-block-kadence-advanced-form", "wp-block-kadence-form"),
        "wp-block-uagb-forms",
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
        *("wp-block-jetpack-sharing-buttons", "wp-block-outermost-social-sharing", "printfriendly", "helpful"),
        *("elementor-share-btn", "elementor-widget-facebook-button", "elementor-widget-share-buttons"),
        "wp-block-uagb-social-share",
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
        *("elementor-toc__list-wrapper", "elementor-widget-table-of-contents", "wp-block-jetpack-podcast-player"),
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
    *("advads-", "awpa-", "et_bloom_", "et_social_", "ez-toc", "epyt-", "essb_", "heateor_", "mashsb", "mejs-"),
    *("mailmunch-", "molongui-", "powerpress_", "pp-author-boxes-", "pp-multiple-authors-", "rmp-", "rt-reading-time"),
    *("bsf-rt-", "sfsi", "ssba", "ssbp", "swp_", "the_champ_", "widget_", "wp-dark-mode-", "wpp-", "yarpp-", "yasr-"),
    *("ads-by-", "cky-", "dpsp-", "om-holder", "optinmonster", "wp-block-jetpack-subscriptions"),
    *(
        "wp-block-newspack-blocks-",
        "wp-block-uagb-post-",
        "wp-block-uagb-taxonomy-",
        "wp-block-ultimate-post-post-",
        "wplmi-",
    ),
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

COMMON_NAMES = frozenset({"respond", "sidebar", "toc"})
"""Classes and ids of the above that an author may also give to a block, as the editors offer for every one."""

AUTHORED_CLASSES = frozenset(
    {
        *("wp-block-column", "wp-block-columns", "wp-block-cover", "wp-block-details", "wp-block-group"),
        *("wp-block-media-text", "wp-block-quote", "wp-block-table", "wp-block-image", "wp-block-list"),
        *("et_pb_code", "et_pb_column", "et_pb_row", "et_pb_section", "et_pb_text", "et_pb_toggle"),
    }
)
"""Blocks and modules in which authors write."""

FOREIGN_COMBINATIONS = (frozenset({"et_pb_counter_amount", "overlay"}),)
"""Classes that make an element foreign only together: Divi prints the number of a bar twice, one over the other."""
