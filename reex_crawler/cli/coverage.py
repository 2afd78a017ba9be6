"""``reex coverage``: how much of what the site has is known and stored, by month and by source, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import click
from sqlalchemy.orm import Session

from reex_crawler.cli.common import archive, configuration, json_option, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.site.profile import SiteProfile, profile
from reex_crawler.storage import coverage, sources
from reex_crawler.storage.coverage import Count, Missing, Named
from reex_crawler.storage.sources import SOURCES, Collected, Source, Unreadable

NOT_READ = "not read"
_MISSING_COLUMNS = ("month", "named by", "state", "tries", "why", "next due", "address")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coverage:
    months: tuple[Count, ...]
    total: Count
    sources: tuple[Source, ...]
    collections: tuple[Collected, ...]
    unreadable: tuple[Unreadable, ...]


@click.command(epilog=examples("reex coverage", "reex coverage --missing | grep 2025-07"))
@click.option("--missing", is_flag=True, help="List each article that is named and not stored, and why.")
@json_option
def command(*, missing: bool, as_json: bool) -> None:
    """Show how many articles are known, stored, and named by each source, in total and by month of publication.

    Months are those of the site's own calendar, as "backfill -a since=" has them. docs/coverage.md says what each
    number means.
    """
    config = configuration()
    site = profile(config.site_url)
    with archive(config) as session:
        if missing:
            _write_missing(coverage.missing(session, site.time_zone), as_json=as_json)
            return
        found = _coverage(session, site)
    if as_json:
        write_json({"site": site.site_url, "time_zone": site.time_zone.key, **_as_json(found)})
    else:
        _write(found)


def _coverage(session: Session, site: SiteProfile) -> _Coverage:
    comments = (site.url(site.comments_feed_path), site.url(f"{site.rest_root}comments"))
    known = sources.sources(session, comment_listings=comments)
    read = [source.name for source in known if source.last_good_at]
    months = coverage.by_month(session, site.time_zone, read=read)
    return _Coverage(
        months=months,
        total=coverage.total(months),
        sources=known,
        collections=sources.collections(session),
        unreadable=sources.unreadable(session, comment_listings=comments),
    )


def _as_json(found: _Coverage) -> dict[str, Any]:
    total = asdict(found.total)
    del total["month"]
    return {
        "total": total,
        "months": found.months,
        "sources": {source.name: source for source in found.sources},
        "collections": found.collections,
        "unreadable": found.unreadable,
    }


def _write(found: _Coverage) -> None:
    columns = ["month", "known", "stored", "not stored", "withdrawn"]
    for source in SOURCES:
        columns += [source, f"{source} misses"]
    months = [_cells(month.month or "unknown", month) for month in found.months]
    write_rows([*months, _cells("all", found.total)], columns=columns, title="Articles by month of publication")
    states = [(f"not stored: {state}", count) for state, count in found.total.not_stored.items()]
    if states:
        write_rows(states, columns=("state", "articles"), title="Named and not stored (--missing lists them)")
    rows = [
        (source.name, source.state, source.last_good_at, _no_longer(found.total.sources.get(source.name)), source.error)
        for source in found.sources
    ]
    write_rows(rows, columns=("source", "state", "last good reading", "names no longer", "error"), title="Sources")
    if found.collections:
        table = [(one.url, one.total, one.named, one.stored, one.pages, _pages(one)) for one in found.collections]
        columns = ["collection", "total told", "named", "stored", "pages", "pages not read"]
        write_rows(table, columns=columns, title="REST collections (X-WP-Total beside what is stored)")
    if found.unreadable:
        gaps = [(one.url, one.status, one.error, one.asked_at, one.last_good_at) for one in found.unreadable]
        columns = ["listing", "status", "why", "asked", "last good reading"]
        write_rows(gaps, columns=columns, title="Listings that cannot be read")


def _cells(name: str, count: Count) -> list[object]:
    said = [cell for source in SOURCES for cell in _said(count.sources[source])]
    return [name, count.known, count.stored, sum(count.not_stored.values()), count.withdrawn, *said]


def _said(named: Named | None) -> Iterator[object]:
    yield named.named if named else NOT_READ
    yield named.misses if named else NOT_READ


def _no_longer(named: Named | None) -> int | None:
    return named.no_longer if named else None


def _pages(collection: Collected) -> str:
    return ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in collection.missing_pages)


def _write_missing(missing: Sequence[Missing], *, as_json: bool) -> None:
    if as_json:
        write_json({"missing": missing})
        return
    rows = [
        (one.month or "unknown", "+".join(one.sources), one.state, one.tries, one.error, one.next_due_at, one.url)
        for one in missing
    ]
    write_rows(rows, columns=_MISSING_COLUMNS, title="Named and not stored")
