"""The schema: every table, its columns and their meaning. How rows are written is in the modules beside it."""

from __future__ import annotations

from reex_crawler.storage.models.articles import (
    ArticleRow,
    ImageRow,
    LinkRow,
    RepairRow,
    RevisionRow,
    SuspicionRow,
)
from reex_crawler.storage.models.base import (
    ArticleState,
    Base,
    CommentState,
    FetchOutcome,
    Origin,
    ResourceKind,
    ResourceState,
    RunOutcome,
)
from reex_crawler.storage.models.comments import CommentRow, CommentVersionRow
from reex_crawler.storage.models.crawl import (
    CrawlRunRow,
    FetchRow,
    ListingRow,
    QuarantineRow,
    ResourceRow,
    RobotsCopyRow,
)
from reex_crawler.storage.models.people import ArticleAuthorRow, ArticleTermRow, AuthorRow, TermRow

__all__ = [
    "ArticleAuthorRow",
    "ArticleRow",
    "ArticleState",
    "ArticleTermRow",
    "AuthorRow",
    "Base",
    "CommentRow",
    "CommentState",
    "CommentVersionRow",
    "CrawlRunRow",
    "FetchOutcome",
    "FetchRow",
    "ImageRow",
    "LinkRow",
    "ListingRow",
    "Origin",
    "QuarantineRow",
    "RepairRow",
    "ResourceKind",
    "ResourceRow",
    "ResourceState",
    "RevisionRow",
    "RobotsCopyRow",
    "RunOutcome",
    "SuspicionRow",
    "TermRow",
]
