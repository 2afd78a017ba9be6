"""Hold why an address is asked, what a listing said in full, the last robots.txt, and runs that were killed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_1400"
down_revision = "20261123_1130"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REASONS = "IN ('new', 'edited', 'comments', 'unlisted', 'revisit', 'retry', 'gone', 'recheck')"
STATES = "'new', 'fetched', 'moved', 'failed', 'quarantined', 'gone'"
OUTCOMES = "'running', 'done', 'partial', 'refused', 'interrupted', 'failed'"


def upgrade() -> None:
    with op.batch_alter_table("resources") as resources:
        resources.add_column(sa.Column("due_reason", sa.Text(), nullable=True, comment="why it is to be asked then"))
        resources.add_column(
            sa.Column(
                "items", sa.Integer(), nullable=True, comment="a listing: how many articles or comments it last named"
            )
        )
        resources.add_column(
            sa.Column(
                "total",
                sa.Integer(),
                nullable=True,
                comment="a listing: how many the site says there are (X-WP-Total)",
            )
        )
        resources.create_check_constraint(op.f("ck_resources_due_reason"), f"due_reason {REASONS}")
        resources.drop_constraint(op.f("ck_resources_state"), type_="check")
        resources.create_check_constraint(op.f("ck_resources_state"), f"state IN ({STATES}, 'dead')")
    with op.batch_alter_table("fetches") as fetches:
        fetches.add_column(
            sa.Column("reason", sa.Text(), nullable=True, comment="why it was asked; null for anything but an article")
        )
        fetches.create_check_constraint(op.f("ck_fetches_reason"), f"reason {REASONS}")
    with op.batch_alter_table("listings") as listings:
        listings.add_column(
            sa.Column("facts", JSON, nullable=True, comment="JSON object: what else it said (title, authors, ...)")
        )
    with op.batch_alter_table("crawl_runs") as runs:
        runs.drop_constraint(op.f("ck_crawl_runs_outcome"), type_="check")
        runs.create_check_constraint(op.f("ck_crawl_runs_outcome"), f"outcome IN ({OUTCOMES}, 'killed')")
    op.create_table(
        "robots_copies",
        sa.Column("url", sa.Text(), nullable=False, comment="absolute URL"),
        sa.Column("body", sa.Text(), nullable=False, comment="its text; empty where the site has none"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="when it was had"),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_robots_copies")),
        comment="The last robots.txt that could be had; it serves for a day where it cannot.",
    )


def downgrade() -> None:
    op.drop_table("robots_copies")
    op.execute("UPDATE crawl_runs SET outcome = 'failed' WHERE outcome = 'killed'")
    with op.batch_alter_table("crawl_runs") as runs:
        runs.drop_constraint(op.f("ck_crawl_runs_outcome"), type_="check")
        runs.create_check_constraint(op.f("ck_crawl_runs_outcome"), f"outcome IN ({OUTCOMES})")
    with op.batch_alter_table("listings") as listings:
        listings.drop_column("facts")
    with op.batch_alter_table("fetches") as fetches:
        fetches.drop_constraint(op.f("ck_fetches_reason"), type_="check")
        fetches.drop_column("reason")
    op.execute("UPDATE resources SET state = 'failed' WHERE state = 'dead'")
    with op.batch_alter_table("resources") as resources:
        resources.drop_constraint(op.f("ck_resources_state"), type_="check")
        resources.create_check_constraint(op.f("ck_resources_state"), f"state IN ({STATES})")
        resources.drop_constraint(op.f("ck_resources_due_reason"), type_="check")
        resources.drop_column("total")
        resources.drop_column("items")
        resources.drop_column("due_reason")
