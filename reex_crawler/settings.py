"""Scrapy settings: every value that differs from Scrapy's default, with its reason.

Importing this module touches neither disk nor network. The five ``REEX_*`` values that ``config`` reads come from the
environment through ``config.from_env``; like any setting they can be given with ``-s NAME=value`` as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

# Scrapy's deprecated names walk the call stack and every module when they are imported, which deep inside the running
# crawl takes several times as long as here.
import scrapy.core.downloader.contextfactory  # noqa: F401
from scrapy.settings import default_settings as default

from reex_crawler import __version__
from reex_crawler.config import Config, from_env
from reex_crawler.errors import ConfigError
from reex_crawler.site.profile import DEFAULT_SITE_URL


def config(settings: Mapping[str, Any]) -> Config:
    """The program's configuration as the settings hold it; raises ``ConfigError``."""
    names = ("REEX_SITE_URL", "REEX_ARCHIVE_DIR", "REEX_CONTACT", "REEX_DAILY_REVISITS")
    values = {name: settings[name] for name in names if settings[name] is not None}
    url = settings["REEX_DATABASE_URL"]
    values["REEX_DATABASE_URL"] = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    return from_env({name: str(value) for name, value in values.items()}, default_site_url=DEFAULT_SITE_URL)


try:
    _CONFIG = from_env(os.environ, default_site_url=DEFAULT_SITE_URL)
except ConfigError as error:
    # Scrapy imports its settings before any handling of errors: a typo in the environment would end in a traceback.
    sys.stderr.write(f"error: {error}\n")
    raise SystemExit(error.exit_code) from None

REEX_SITE_URL = _CONFIG.site_url
# A URL object, which hides its password wherever it is printed.
REEX_DATABASE_URL = _CONFIG.database_url
REEX_ARCHIVE_DIR = str(_CONFIG.archive_dir)
REEX_CONTACT = _CONFIG.contact
REEX_DAILY_REVISITS = _CONFIG.daily_revisits
# Without the raw archive nothing can be proved, nor read again by a better extractor.
REEX_ARCHIVE_ENABLED = True

BOT_NAME = "reex_crawler"
SPIDER_MODULES = ["reex_crawler.spiders"]
# `scrapy crawl` with one-line errors and exit codes; Scrapy's own prints tracebacks and exits 0 after a failed crawl.
COMMANDS_MODULE = "reex_crawler.commands"

# Politeness: say who asks, obey robots.txt, one connection, one request a second and never less.
USER_AGENT = f"{BOT_NAME}/{__version__}" + (f" (+{REEX_CONTACT})" if REEX_CONTACT else "")
ROBOTSTXT_OBEY = True
# The product token of RFC 9309, section 2.2.1, without version and contact.
ROBOTSTXT_USER_AGENT = BOT_NAME
CONCURRENT_REQUESTS = 4
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
# The default of 0.5 goes down to half the delay.
DOWNLOAD_DELAY_JITTER = 0.0
# AutoThrottle stays off: PaceMiddleware counts the delay from the end of an answer, so that a site which answers slowly
# is asked more slowly by itself, and keeps Crawl-delay and Retry-After, which AutoThrottle does not know.
# Seconds before the second and the third try of what fails, the same for robots.txt.
REEX_RETRY_WAITS = [2.0, 8.0]

# Limits against pages that hang, flood or never end. The largest real page, a REST listing of 100, has 2 MB.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
REDIRECT_MAX_TIMES = 5
MEMUSAGE_LIMIT_MB = 512

# An article page never redirects by <meta>; what does is no article.
METAREFRESH_ENABLED = False
# Nothing is ever logged in, and no page learns which page led to it.
COOKIES_ENABLED = False
REFERER_ENABLED = False
# Scrapy accepts any certificate by default.
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.2"
# The site is read over HTTP only, whatever address a page or a redirect names.
DOWNLOAD_HANDLERS: dict[str, str | None] = {"data": None, "file": None, "ftp": None, "s3": None}
# Scrapy's own lets Twisted repeat a request unseen.
DOWNLOAD_HANDLERS |= dict.fromkeys(("http", "https"), "reex_crawler.middlewares.connection.OneTryHandler")
# Both are open doors into the process, and on by default.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# What is switched off is taken out as well: importing it loads an HTTP server and an HTTP client, and takes a sixth of
# the time of a short run. Setting it to None in EXTENSIONS would import it all the same.
_UNUSED = ("TelnetConsole", "RemoteControl", "CookiesMiddleware")
EXTENSIONS_BASE = {name: order for name, order in default.EXTENSIONS_BASE.items() if not name.endswith(_UNUSED)}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: order for name, order in default.DOWNLOADER_MIDDLEWARES_BASE.items() if not name.endswith(_UNUSED)
}

# Each sees a request before those with a higher number, and its answer after them.
DOWNLOADER_MIDDLEWARES = {
    # Ours stays away where robots.txt cannot be had; Scrapy's crawls on.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "reex_crawler.middlewares.RobotsMiddleware": 100,
    # Ours waits, and keeps Retry-After; Scrapy's asks again at once.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "reex_crawler.middlewares.RetryMiddleware": 550,
    # Ours ends a redirect that leads nowhere in one clear line.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "reex_crawler.middlewares.RedirectMiddleware": 600,
    # Near the network, so that it counts each answer, redirects and tries included.
    "reex_crawler.middlewares.RefusalsMiddleware": 800,
    # Before decompression (590), redirects and retries, so that it sees each answer as it came.
    "reex_crawler.middlewares.ArchiveMiddleware": 860,
    # Ours comes after all that could change a request, and knows no exception; Scrapy's lets dont_filter pass and
    # ignores ports.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "reex_crawler.middlewares.OneSiteMiddleware": 990,
    # The last before the network: nothing may stop a request that it let pass.
    "reex_crawler.middlewares.PaceMiddleware": 1000,
}
# Every status reaches the spider, which counts it in one place.
HTTPERROR_ALLOW_ALL = True

ITEM_PIPELINES = {"reex_crawler.pipelines.StorePipeline": 500}
EXTENSIONS = {
    "reex_crawler.extensions.Progress": 500,
    "reex_crawler.extensions.Summary": 510,
    # Ours ends the crawl where a file cannot be written; Scrapy's loses the articles and calls it finished.
    "scrapy.extensions.feedexport.FeedExporter": None,
    "reex_crawler.extensions.Feeds": 0,
    # Progress and summary say it in words.
    "scrapy.extensions.logstats.LogStats": None,
}

# Letters as they are, not as \\u escapes.
FEED_EXPORT_ENCODING = "utf-8"
LOG_LEVEL = "INFO"
