"""What Alembic runs to migrate a database or to write a new migration; everything happens in one transaction.

``reex_crawler.storage.schema`` hands over a connection with a transaction. The ``alembic`` command, which only
developers use, gets one to the database of REEX_DATABASE_URL.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from sqlalchemy import JSON, Connection, DateTime, Text

from reex_crawler.config import from_env
from reex_crawler.site.profile import DEFAULT_SITE_URL
from reex_crawler.storage.models import Base
from reex_crawler.storage.session import make_engine
from reex_crawler.storage.types import Json, StorableText, UtcDateTime, Word, with_postgresql_options


def main() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    url = from_env(os.environ, default_site_url=DEFAULT_SITE_URL).database_url
    with make_engine(url).begin() as connection:
        migrate(connection)


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=with_postgresql_options(Base.metadata),
        render_as_batch=True,
        transactional_ddl=True,
        compare_server_default=True,
        render_item=plain_type,
        process_revision_directives=name_by_date,
    )
    with context.begin_transaction():
        context.run_migrations()


def plain_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations name SQLAlchemy's own types: they must still run when ours have changed."""
    if kind != "type":
        return False
    if isinstance(item, (StorableText, Word)):
        return repr(Text()).replace("Text", "sa.Text")
    if isinstance(item, UtcDateTime):
        return "sa." + repr(DateTime(timezone=True))
    if isinstance(item, Json):
        return f"sa.{JSON()!r}.with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def name_by_date(_context: Any, _revision: Any, scripts: Iterable[MigrationScript]) -> None:
    for script in scripts:
        script.rev_id = datetime.now(UTC).strftime("%Y%m%d_%H%M")


main()
