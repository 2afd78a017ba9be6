"""Downloader middlewares: what may be asked at all, when, and how often. What should be asked, the spiders decide."""

from __future__ import annotations

from reex_crawler.middlewares.archive import RECEIVED_AT, RECORD, REDIRECT, ArchiveMiddleware, asked_url
from reex_crawler.middlewares.one_site import OneSiteMiddleware
from reex_crawler.middlewares.pace import PaceMiddleware
from reex_crawler.middlewares.redirect import RedirectMiddleware
from reex_crawler.middlewares.refusals import RefusalsMiddleware
from reex_crawler.middlewares.refused import Blocked, Later, Refused, error_text
from reex_crawler.middlewares.retry import RetryMiddleware
from reex_crawler.middlewares.robots import RobotsCopy, RobotsMiddleware

__all__ = [
    "RECEIVED_AT",
    "RECORD",
    "REDIRECT",
    "ArchiveMiddleware",
    "Blocked",
    "Later",
    "OneSiteMiddleware",
    "PaceMiddleware",
    "RedirectMiddleware",
    "RefusalsMiddleware",
    "Refused",
    "RetryMiddleware",
    "RobotsCopy",
    "RobotsMiddleware",
    "asked_url",
    "error_text",
]
