"""``make demo``: serve the replica on loopback, archive it, and show what the archive holds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

from tests.replica import running

DATABASE = Path("data/demo.db")
ARCHIVE = Path("data/demo-warc")

COUNTS = """\
SELECT (SELECT count(*) FROM articles)   AS articles,
       (SELECT count(*) FROM revisions)  AS revisions,
       (SELECT count(*) FROM authors)    AS authors,
       (SELECT count(*) FROM comments)   AS comments,
       (SELECT count(*) FROM terms)      AS terms,
       (SELECT count(*) FROM repairs)    AS repairs,
       (SELECT count(*) FROM quarantine) AS quarantined"""

ONE_ARTICLE = """\
SELECT title, published_at, modified_at, url, highlights, body
FROM articles WHERE id = (SELECT article_id FROM repairs GROUP BY article_id ORDER BY count(*) DESC, article_id LIMIT 1)"""

QUESTIONS = (
    (
        "Who writes most, and how long are the articles?",
        """\
SELECT authors.name, count(*) AS articles, round(avg(word_count)) AS words
FROM authors
JOIN article_authors ON article_authors.author_id = authors.id
JOIN articles ON articles.id = article_authors.article_id
GROUP BY authors.id ORDER BY articles DESC, authors.name LIMIT 5""",
    ),
    (
        "Which articles are discussed most, and how deep do the threads go?",
        """\
WITH RECURSIVE thread(article_id, comment_id, depth) AS (
  SELECT article_id, comment_id, 1 FROM comments WHERE parent_id IS NULL
  UNION ALL
  SELECT reply.article_id, reply.comment_id, depth + 1
  FROM comments AS reply
  JOIN thread ON thread.article_id = reply.article_id
             AND thread.comment_id = reply.parent_id
)
SELECT title, count(*) AS comments, max(depth) AS depth
FROM thread JOIN articles ON articles.id = thread.article_id
GROUP BY articles.id ORDER BY comments DESC, title LIMIT 5""",
    ),
    (
        "Who changed this letter? What the text repair did, and how often.",
        """\
SELECT codecs, before, after, count(*) AS times
FROM repairs GROUP BY codecs, before, after ORDER BY times DESC, before LIMIT 5""",
    ),
)


def main() -> int:
    """Archive the replica into a new ``data/demo.db``; the crawler's exit code."""
    console = Console()
    DATABASE.parent.mkdir(exist_ok=True)
    for leftover in DATABASE.parent.glob(f"{DATABASE.name}*"):
        leftover.unlink()
    shutil.rmtree(ARCHIVE, ignore_errors=True)
    with running() as site:
        console.print(f"The replica stands at [cyan]{site.url}[/]; archiving it into [cyan]{DATABASE}[/] …")
        started = time.monotonic()
        # The polite second between two requests is for a real site; this one is ours.
        crawl = subprocess.run(
            [
                *(sys.executable, "-m", "scrapy", "crawl", "backfill"),
                *("-s", "DOWNLOAD_DELAY=0", "-s", "LOG_LEVEL=WARNING"),
            ],
            env=os.environ
            | {
                "REEX_SITE_URL": site.url,
                "REEX_DATABASE_URL": f"sqlite:///{DATABASE}",
                "REEX_ARCHIVE_DIR": str(ARCHIVE),
            },
            check=False,
        )
        console.print(f"The crawl took {time.monotonic() - started:.1f} s.")
    if crawl.returncode:
        return crawl.returncode
    with sqlite3.connect(DATABASE) as connection:
        connection.row_factory = sqlite3.Row
        show_counts(console, connection)
        show_article(console, connection)
        for question, sql in QUESTIONS:
            ask(console, connection, question, sql)
    console.print(
        f"\nNow yours: [cyan]sqlite3 {DATABASE}[/], or "
        f"[cyan]REEX_DATABASE_URL=sqlite:///{DATABASE} .venv/bin/reex status[/]. "
        f"Every page as it was received is in [cyan]{ARCHIVE}[/].",
    )
    return 0


def show_counts(console: Console, connection: sqlite3.Connection) -> None:
    """One line of what the archive holds."""
    row = connection.execute(COUNTS).fetchone()
    console.print("\n[bold]What was found[/]: " + ", ".join(f"{row[name]} {name}" for name in row.keys()))  # noqa: SIM118 (a Row iterates over its values)


def show_article(console: Console, connection: sqlite3.Connection) -> None:
    """The article that arrived with the most damage, as it stands in the archive."""
    row = connection.execute(ONE_ARTICLE).fetchone()
    console.print(f"\n[bold]One article[/], the one that arrived most damaged: {row['url']}")
    console.print(f"[bold]{row['title']}[/]  published {row['published_at']}", highlight=False)
    console.print(f"highlights {row['highlights']}", highlight=False, markup=False)
    console.print("\n".join(row["body"].splitlines()[:7]) + "\n…", highlight=False, markup=False)


def ask(console: Console, connection: sqlite3.Connection, question: str, sql: str) -> None:
    """A question, the SQL that answers it, and the answer."""
    console.print(f"\n[bold]{question}[/]")
    console.print(Syntax(sql, "sql", background_color="default"))
    cursor = connection.execute(sql)
    table = Table(*(column[0] for column in cursor.description))
    for row in cursor:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
