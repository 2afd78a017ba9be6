"""Hold where the raw archive keeps an answer, and with what it was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_1800"
down_revision = "20261123_1400"
branch_labels = None
depends_on = None

OUTCOMES = "'article', 'part', 'listing', 'not_modified', 'redirected', 'quarantined', 'gone', 'refused', 'failed'"
OLD_KEY = "uq_fetches_resource_id_fetched_at_digest"
COLUMNS = {
    "record_id": (sa.Text(), "WARC-Record-ID of that record; null where none is archived"),
    "payload_digest": (
        sa.Text(),
        "WARC-Payload-Digest of that record: of the body as it came, its Content-Encoding kept",
    ),
    "note_file": (sa.Text(), "WARC file that says with what the answer was read"),
    "note_offset": (sa.BigInteger(), "first byte of that record in it"),
    "reading_hash": (
        sa.Text(),
        "SHA-256 of what was read from an article's page, so that an equal reading changes nothing",
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("fetches") as fetches:
        for name, (kind, comment) in COLUMNS.items():
            fetches.add_column(sa.Column(name, kind, nullable=True, comment=comment))
        fetches.drop_constraint(op.f("ck_fetches_outcome"), type_="check")
        fetches.create_check_constraint(op.f("ck_fetches_outcome"), f"outcome IN ({OUTCOMES}, 'kept')")
        fetches.drop_constraint(op.f(OLD_KEY), type_="unique")
        fetches.create_unique_constraint(op.f("uq_fetches_record_id"), ["record_id"])
    where = sa.text("record_id IS NULL")
    op.create_index(
        op.f("uq_fetches_without_record"),
        "fetches",
        ["resource_id", "fetched_at", "digest"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_index(op.f("ix_fetches_resource_id_fetched_at"), "fetches", ["resource_id", "fetched_at"])
    op.create_index(op.f("ix_fetches_payload_digest"), "fetches", ["payload_digest"])


def downgrade() -> None:
    op.drop_index(op.f("ix_fetches_payload_digest"), "fetches")
    op.drop_index(op.f("ix_fetches_resource_id_fetched_at"), "fetches")
    op.drop_index(op.f("uq_fetches_without_record"), "fetches")
    op.execute("DELETE FROM fetches WHERE outcome = 'kept'")
    # Two answers of one second are one row before this.
    op.execute(
        "UPDATE fetches SET digest = NULL WHERE id NOT IN"
        " (SELECT min(id) FROM fetches GROUP BY resource_id, fetched_at, digest)"
    )
    with op.batch_alter_table("fetches") as fetches:
        fetches.drop_constraint(op.f("uq_fetches_record_id"), type_="unique")
        fetches.create_unique_constraint(op.f(OLD_KEY), ["resource_id", "fetched_at", "digest"])
        fetches.drop_constraint(op.f("ck_fetches_outcome"), type_="check")
        fetches.create_check_constraint(op.f("ck_fetches_outcome"), f"outcome IN ({OUTCOMES})")
        for name in reversed(COLUMNS):
            fetches.drop_column(name)
