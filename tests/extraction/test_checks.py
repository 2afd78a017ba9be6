"""What must never take an article's place, each as the site or what stands before it would send it."""

from __future__ import annotations

import pytest

from reex_crawler.errors import Incomplete, NotAnArticle, PageError, Unreadable
from reex_crawler.extraction.article import extract
from tests.extraction.pages import SITE
from tests.factories import SITE_URL, make_page

ARTICLE = """<!doctype html><html lang="en-US"><head><title>Magnets - REEx</title><meta property="og:type" content="article"></head>
<body class="single single-news-archive postid-41"><article id="post-41" class="post-41 hentry"><h1 class="entry-title">Magnets</h1>
<div class="entry-content"><p>The text of the article.</p>{inside}</div></article>{after}</body></html>"""


def page(text: str = "", *, inside: str = "", after: str = "", **over):
    return make_page(body=(text or ARTICLE.format(inside=inside, after=after)).encode(), **over)


def simple(title: str, body: str, classes: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title></head><body class='{classes}'>{body}</body></html>"


def reason(answer) -> str:
    with pytest.raises(PageError) as raised:
        extract(answer, SITE)
    return f"{type(raised.value).__name__}: {raised.value.reason}"


def test_an_article_passes():
    assert extract(page(), SITE).body == "The text of the article."


@pytest.mark.parametrize("status", [204, 301, 403, 404, 429, 500, 503])
def test_another_status_than_200_is_no_article(status):
    assert reason(page(status=status)) == "NotAnArticle: status"


@pytest.mark.parametrize(
    ("body", "content_type", "found"),
    [
        (b"", "text/html", "empty"),
        (b" \n", "text/html", "empty"),
        (b"<!-- nothing -->", "text/html", "empty"),
        (b"%PDF-1.7 ...", "text/html", "not-html"),
        (b"\x89PNG\r\n\x1a\n", "text/html; charset=UTF-8", "not-html"),
        (b"<html></html>", "application/pdf", "not-html"),
        (b'{"id": 41}', "application/json", "not-html"),
        (b"<?xml version='1.0'?><rss></rss>", "text/html", "not-html"),
    ],
)
def test_what_is_no_web_page_is_no_article(body, content_type, found):
    assert reason(make_page(body=body, headers=(("Content-Type", content_type),))) == f"NotAnArticle: {found}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            simple(
                "Just a moment...",
                "<script>window._cf_chl_opt={}</script><noscript>Enable JavaScript and cookies to continue</noscript>",
            ),
            "challenge",
        ),
        (simple("Security check", "<div class='g-recaptcha'></div><p>Please verify you are human.</p>"), "challenge"),
        (simple("Access Denied", "<h1>Sucuri WebSite Firewall - Access Denied</h1>"), "firewall"),
        (simple("Your access to this site has been limited", "<p>by the site owner</p>"), "firewall"),
        (
            simple("Maintenance", "<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1>"),
            "maintenance",
        ),
        (
            simple(
                "Log In &lsaquo; REEx &#8212; WordPress",
                "<form name='loginform' id='loginform'></form>",
                "login wp-core-ui",
            ),
            "login",
        ),
        (simple("Database Error", "<h1>Error establishing a database connection</h1>"), "database"),
        (
            '<!doctype html><html><head><title>WordPress &rsaquo; Error</title></head><body id="error-page"><div class="wp-die-message"><h1>Error establishing a database connection</h1></div></body></html>',
            "database",
        ),
        (
            "<!doctype html><html><body id='error-page'><div class='wp-die-message'>Sorry</div></body></html>",
            "error-page",
        ),
        (
            simple(
                "Page not found",
                "<article class='hentry'><h1 class='entry-title'>Oops</h1><p>No Results Found</p></article>",
                "error404",
            ),
            "not-found",
        ),
        (
            simple("Not Found", "<h1>No Results Found</h1><p>The page you requested could not be found.</p>"),
            "not-found",
        ),
        (
            simple("News", "<article class='post-1 hentry'><h2>One</h2></article>", "archive post-type-archive"),
            "listing",
        ),
        (simple("REEx", "<article class='post-1 hentry'><h2>One</h2></article>", "home blog"), "listing"),
        (simple("Search", "<article class='post-1 hentry'><h2>One</h2></article>", "search search-results"), "listing"),
        (simple("Welcome", "<p>Something else entirely.</p>"), "no-evidence"),
    ],
)
def test_a_page_of_another_kind_is_named_for_what_it_is(text, found):
    assert reason(page(text)) == f"NotAnArticle: {found}"


def test_a_password_is_never_asked_for():
    form = "<form action='/wp-login.php?action=postpass' class='post-password-form' method='post'><input name='post_password'></form>"
    assert reason(page(inside=form)) == "NotAnArticle: password"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (
            '<!DOCTYPE html><html><body id="error-page"><div class="wp-die-message"><p>There has been a critical error on this website.</p></div></body></html>',
            "error-page",
        ),
        (
            "<p>There has been a critical error on this website.</p><p><a href='#'>Learn more about troubleshooting WordPress.</a></p>",
            "critical-error",
        ),
        (
            "<br />\n<b>Fatal error</b>:  Uncaught Error: x in /srv/a.php:3 thrown in <b>/srv/a.php</b> on line <b>3</b><br />",
            "php-error",
        ),
    ],
)
def test_half_an_article_with_an_error_message_is_none(after, found):
    assert reason(page(ARTICLE.format(inside="", after=after))) == f"NotAnArticle: {found}"


def test_an_article_about_such_an_error_is_one():
    words = (
        "<p>For an hour readers saw “There has been a critical error on this website.”</p>"
        + "<p>It was mended.</p>" * 40
    )
    assert extract(page(inside=words), SITE).title == "Magnets"


def test_signs_of_a_challenge_in_an_article_do_not_make_it_one():
    script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><p>Under maintenance: page not found, 404.</p>"
    assert extract(page(inside=script), SITE).title == "Magnets"


@pytest.mark.parametrize("end", ["<meta", "<h1", "of the article", "</article>", "</body>"])
def test_a_page_that_was_cut_is_incomplete(end):
    text = ARTICLE.format(inside="", after="")
    assert reason(page(text[: text.index(end)])) == "Incomplete: cut"


def test_an_end_inside_a_script_is_no_end():
    cut = ARTICLE.format(inside="", after="")
    assert (
        reason(page(cut[: cut.index("</article>")] + "<script>document.write('</body></html>')")) == "Incomplete: cut"
    )


@pytest.mark.parametrize(
    "end", ["</BODY></HTML>", "</body>", "</html>\n<!-- served from a cache -->", "</body></html><script>x()</script>"]
)
def test_every_way_in_which_pages_end_is_an_end(end):
    assert extract(page(ARTICLE.format(inside="", after="").replace("</body></html>", end)), SITE).title == "Magnets"


def test_an_article_without_a_headline_is_none():
    text = (
        ARTICLE.format(inside="", after="")
        .replace("Magnets - REEx", "REEx")
        .replace('<h1 class="entry-title">Magnets</h1>', "")
    )
    assert reason(page(text)) == "NotAnArticle: no-title"


def test_an_article_without_a_text_is_unreadable():
    assert (
        reason(page(ARTICLE.format(inside="", after="").replace("The text of the article.", "")))
        == "Unreadable: no-body"
    )


def test_an_episode_that_is_only_heard_is_an_article():
    player = "<iframe src='https://player.example/9'></iframe>"
    text = ARTICLE.format(inside=player, after="").replace("The text of the article.", "")
    assert extract(page(text), SITE).body == ""


@pytest.mark.parametrize("url", [f"{SITE_URL}/", "https://other.example/news/magnets/", f"{SITE_URL}/wp-login.php"])
def test_an_article_at_another_kind_of_address_is_none(url):
    assert reason(page(url=url)) == "NotAnArticle: address"


def test_json_ld_that_cannot_be_read_costs_nothing():
    deep = "[" * 100_000 + "]" * 100_000
    scripts = "".join(
        f'<script type="application/ld+json">{text}</script>'
        for text in ("{not json", deep, "", "null", "[1, [2]]", '{"@graph": 3}')
    )
    assert extract(page(after=scripts), SITE).title == "Magnets"


def test_markup_nested_beyond_reading_is_unreadable():
    assert reason(page(inside="<div>" * 5000)) == "Unreadable: too-deep"


def test_templates_and_scripts_in_the_text_are_no_text():
    inside = "<template><p>forged</p><ol class='commentlist'><li class='comment'>forged</li></ol></template><script>forged</script>"
    article = extract(page(inside=inside), SITE)
    assert (article.body, article.comments) == ("The text of the article.", ())


@pytest.mark.parametrize("error", [NotAnArticle, Incomplete, Unreadable])
def test_every_refusal_is_an_error_of_the_page(error):
    assert issubclass(error, PageError)


def test_a_page_of_the_site_itself_is_no_article_whatever_an_seo_plugin_calls_it():
    about = ARTICLE.format(inside="", after="").replace("single single-news-archive postid-41", "{}")
    assert reason(page(about.format("page-template-default page page-id-41 page-child"))) == "NotAnArticle: page"
    assert extract(page(about.format("single postid-41 page-template")), SITE).title == "Magnets"
