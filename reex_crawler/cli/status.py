"""``reex status``: what the archive holds, how the last runs went, what is due, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reex_crawler.cli.common import archive, configuration, json_option, shown, write_json, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.storage import agenda, backlog, runs, site_of
from reex_crawler.storage.models import (
    ArticleRow,
    AuthorRow,
    Base,
    CommentRow,
    CrawlRunRow,
    QuarantineRow,
    RepairRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
    RevisionRow,
    TermRow,
)

_TABLES: dict[str, type[Base]] = {
    "articles": ArticleRow,
    "revisions": RevisionRow,
    "authors": AuthorRow,
    "terms": TermRow,
    "comments": CommentRow,
    "repairs": RepairRow,
}
_RUNS = 5
_FAILURES = 5
_NEXT = 5
_RUN_COLUMNS = ("id", "spider", "started_at", "ended_at", "outcome", "exit_code")


@click.command(epilog=examples("reex status", "REEX_DATABASE_URL=sqlite:///data/demo.db reex status --json"))
@json_option
def command(*, as_json: bool) -> None:
    """Show what is stored, the newest article, what is due, what failed or was set aside, and the last runs."""
    config = configuration()
    with archive(config) as session:
        # The site whose archive this is, whatever the setting says: a crawl of another is refused.
        site = site_of.held(session) or config.site_url
        status = {"database": config.database_url.render_as_string(hide_password=True), "site": site}
        facts = status | _status(session, datetime.now(UTC))
    if as_json:
        write_json(facts)
    else:
        _show(facts)


def _status(session: Session, now: datetime) -> dict[str, Any]:
    newest = session.scalars(select(ArticleRow).order_by(ArticleRow.published_at.desc().nulls_last()).limit(1)).first()
    by_reason = select(QuarantineRow.reason, func.count()).group_by(QuarantineRow.reason).order_by(QuarantineRow.reason)
    asked_for = select(ResourceRow.state, func.count()).where(ResourceRow.kind != ResourceKind.OTHER)
    by_state = asked_for.group_by(ResourceRow.state).order_by(ResourceRow.state)
    return {
        "counts": {name: session.scalar(select(func.count()).select_from(table)) for name, table in _TABLES.items()},
        "newest": {"url": newest.url, "title": newest.title, "published_at": newest.published_at} if newest else None,
        "addresses": {state.value: count for state, count in session.execute(by_state)},
        "quarantine": dict(iter(session.execute(by_reason))),
        "due": {
            "now": agenda.count_waiting(session, now),
            "later": backlog.planned(session, now),
            "next": backlog.next_due(session, _NEXT),
        },
        "failures": backlog.failures(session),
        "failing": backlog.last_in(session, ResourceState.FAILED, _FAILURES),
        "dead": backlog.last_in(session, ResourceState.DEAD, _FAILURES),
        "runs": [_run(row) for row in runs.latest(session, _RUNS)],
    }


def _run(row: CrawlRunRow) -> dict[str, Any]:
    counts = {name.removeprefix("reex/"): count for name, count in row.stats.items() if name.startswith("reex/")}
    if requests := row.stats.get("downloader/request_count"):
        counts["requests"] = requests
    return {name: getattr(row, name) for name in _RUN_COLUMNS} | {"arguments": row.arguments, "counts": counts}


def _show(facts: dict[str, Any]) -> None:
    newest = facts["newest"]
    rows = [("site", facts["site"]), ("database", facts["database"])]
    rows += [(name, str(count)) for name, count in facts["counts"].items()]
    if newest:
        rows.append(("newest", f"{newest['title']} ({shown(newest['published_at'])}) {newest['url']}"))
    rows += [(f"addresses {state}", str(count)) for state, count in facts["addresses"].items()]
    rows += [(f"set aside: {reason}", str(count)) for reason, count in facts["quarantine"].items()]
    write_rows(rows, columns=("", ""), title="Archive")
    due = facts["due"]
    rows = [(f"due now: {reason}", count) for reason, count in due["now"].items()]
    rows += [(f"due later: {reason}", count) for reason, count in due["later"].items()]
    _table(rows, ("why", "addresses"), "Due")
    _table(
        [(one.url, one.at, one.reason) for one in due["next"]], ("address", "due", "why"), "Due first (reex why URL)"
    )
    alike = [(f"failing {one.kind}", one.addresses, one.status, one.why or one.outcome) for one in facts["failures"]]
    _table(alike, ("what", "addresses", "status", "why"), "What fails")
    for state, title in (("failing", "Last failures"), ("dead", "Given up")):
        addresses = [(one.url, one.tries, one.last_error, one.last_fetched_at) for one in facts[state]]
        _table(addresses, (f"{state} address", "tries", "why", "asked"), title)
    table = [[*(one[name] for name in _RUN_COLUMNS), _counted(one["counts"])] for one in facts["runs"]]
    _table(table, (*_RUN_COLUMNS, "counts"), "Last runs")


def _table(rows: Sequence[Sequence[object]], columns: Sequence[str], title: str) -> None:
    if rows:
        write_rows(rows, columns=columns, title=title)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
