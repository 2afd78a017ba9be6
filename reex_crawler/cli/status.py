"""``reex status``: what the archive holds, how the last runs went, and what could not be read."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from reex_crawler.cli.common import archive, configuration, json_option, shown, write_json, write_rows
from reex_crawler.storage import runs
from reex_crawler.storage.models import (
    ArticleRow,
    AuthorRow,
    Base,
    CommentRow,
    CrawlRunRow,
    QuarantineRow,
    RepairRow,
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
_RUN_COLUMNS = ("id", "spider", "started_at", "ended_at", "outcome", "exit_code")


@click.command
@json_option
def command(*, as_json: bool) -> None:
    r"""Show what is stored, the newest article, the last runs, and what failed or was set aside.

    \b
    Example:
      reex status
      REEX_DATABASE_URL=sqlite:///data/demo.db reex status --json
    """
    config = configuration()
    with archive(config) as session:
        status = {"database": config.database_url.render_as_string(hide_password=True), "site": config.site_url}
        facts = status | _status(session)
    if as_json:
        write_json(facts)
    else:
        _show(facts)


def _status(session: Session) -> dict[str, Any]:
    newest = session.scalars(select(ArticleRow).order_by(ArticleRow.published_at.desc().nulls_last()).limit(1)).first()
    failing = (
        select(ResourceRow.url, ResourceRow.tries, ResourceRow.last_error, ResourceRow.last_fetched_at)
        .where(ResourceRow.state == ResourceState.FAILED)
        .order_by(ResourceRow.last_fetched_at.desc())
        .limit(_FAILURES)
    )
    by_reason = select(QuarantineRow.reason, func.count()).group_by(QuarantineRow.reason).order_by(QuarantineRow.reason)
    by_state = select(ResourceRow.state, func.count()).group_by(ResourceRow.state).order_by(ResourceRow.state)
    return {
        "counts": {name: session.scalar(select(func.count()).select_from(table)) for name, table in _TABLES.items()},
        "newest": {"url": newest.url, "title": newest.title, "published_at": newest.published_at} if newest else None,
        "addresses": {state.value: count for state, count in session.execute(by_state)},
        "quarantine": dict(iter(session.execute(by_reason))),
        "failing": [dict(row) for row in session.execute(failing).mappings()],
        "runs": [_run(row) for row in runs.latest(session, _RUNS)],
    }


def _run(row: CrawlRunRow) -> dict[str, Any]:
    counts = {name.removeprefix("reex/"): count for name, count in row.stats.items() if name.startswith("reex/")}
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
    if facts["failing"]:
        failing = [(one["url"], one["tries"], one["last_error"]) for one in facts["failing"]]
        write_rows(failing, columns=("failing address", "tries", "why"), title="Last failures")
    if facts["runs"]:
        table = [[*(one[name] for name in _RUN_COLUMNS), _counted(one["counts"])] for one in facts["runs"]]
        write_rows(table, columns=(*_RUN_COLUMNS, "counts"), title="Last runs")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
