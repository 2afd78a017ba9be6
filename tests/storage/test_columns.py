"""docs/columns.md and the schema it is written from."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import DateTime, String, Text

from reex_crawler.storage import columns
from reex_crawler.storage.models import Base
from reex_crawler.storage.types import StorableText, UtcDateTime, Word

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "columns.md"


def test_the_document_is_what_the_models_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == columns.markdown(), "run: make docs"


def test_every_table_and_column_says_what_it_means() -> None:
    for table in Base.metadata.tables.values():
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name}"


def test_every_constraint_and_index_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert all(one.name for one in (*table.constraints, *table.indexes)), table.name


def test_text_has_no_length_and_instants_have_a_zone() -> None:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            kind = column.type
            assert isinstance(kind, (StorableText, Word)) or not isinstance(kind, (String, Text)), column
            assert isinstance(kind, UtcDateTime) or not isinstance(kind, DateTime), column
