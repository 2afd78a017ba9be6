"""The last robots.txt that could be had."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from reex_crawler.storage import robots
from reex_crawler.storage.robots import RobotsCopy
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL
from tests.storage.addresses import DAY

ADDRESS = f"{SITE_URL}/robots.txt"
RULES = RobotsCopy(ADDRESS, "User-agent: *\nDisallow: /\u2019\n", FETCHED_AT)


def kept(engine: Engine, url: str = ADDRESS) -> RobotsCopy | None:
    with reading(engine) as session:
        return robots.copy(session, url)


def test_there_is_no_copy_before_one_is_kept(engine: Engine) -> None:
    assert kept(engine) is None


def test_the_last_copy_of_each_address_is_kept(engine: Engine) -> None:
    other = RobotsCopy("https://other.example/robots.txt", "", FETCHED_AT)
    newer = RobotsCopy(ADDRESS, "", FETCHED_AT + DAY)
    for copy in (RULES, other):
        with transaction(engine) as session:
            robots.keep(session, copy)
    assert (kept(engine), kept(engine, other.url)) == (RULES, other)
    with transaction(engine) as session:
        robots.keep(session, newer)
    assert (kept(engine), kept(engine, other.url)) == (newer, other)
