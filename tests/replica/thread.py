"""Comment threads as WordPress arranges them: who hangs under whom, and on which page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.replica.content import Entry, RawComment
from tests.replica.truth import CommentTruth

MAX_DEPTH = 5
"""WordPress' default; deeper replies are shown at this depth, after the comment they answer."""


@dataclass(frozen=True, slots=True)
class Node:
    """A comment as shown, with the comments that hang under it."""

    comment: RawComment
    depth: int
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


def roots(comments: Sequence[RawComment]) -> tuple[Node, ...]:
    """The visible thread, oldest first; replies under a comment that is not approved are not reached."""
    approved = sorted(
        (comment for comment in comments if comment.approved), key=lambda one: (one.posted, one.comment_id)
    )
    return tuple(_node(comment, approved, 1) for comment in approved if comment.parent_id is None)


def _node(comment: RawComment, approved: Sequence[RawComment], depth: int) -> Node:
    if depth == MAX_DEPTH:
        return Node(comment, depth, ())
    children: list[Node] = []
    for reply in _replies(comment, approved):
        children.append(_node(reply, approved, depth + 1))
        if depth + 1 == MAX_DEPTH:
            children += [Node(deeper, MAX_DEPTH, ()) for deeper in _below(reply, approved)]
    return Node(comment, depth, tuple(children))


def _replies(comment: RawComment, approved: Sequence[RawComment]) -> list[RawComment]:
    return [reply for reply in approved if reply.parent_id == comment.comment_id]


def _below(comment: RawComment, approved: Sequence[RawComment]) -> Iterator[RawComment]:
    for reply in _replies(comment, approved):
        yield reply
        yield from _below(reply, approved)


def pages(nodes: tuple[Node, ...], per_page: int) -> tuple[tuple[Node, ...], ...]:
    """The thread in pages of ``per_page`` top-level comments, the first page with the oldest; always at least one."""
    if not per_page or not nodes:
        return (nodes,)
    return tuple(nodes[start : start + per_page] for start in range(0, len(nodes), per_page))


def truths(entry: Entry) -> tuple[CommentTruth, ...]:
    """Every comment of an article, held and spam ones too, by id."""
    shown: dict[int, int | None] = {}

    def visit(node: Node, parent: int | None) -> None:
        shown[node.comment.comment_id] = parent
        for child in node.children:
            visit(child, node.comment.comment_id)

    for root in roots(entry.comments):
        visit(root, None)
    return tuple(
        CommentTruth(
            comment_id=comment.comment_id,
            parent_id=comment.parent_id,
            shown_parent_id=shown.get(comment.comment_id),
            author_name=comment.author_name,
            author_url=comment.author_url,
            by_article_author=comment.member is not None and comment.member == entry.authors[0].slug,
            posted=comment.posted,
            text="\n\n".join(text.removeprefix("> ") for text in comment.paragraphs),
            kind=comment.kind,
            visible=comment.comment_id in shown,
        )
        for comment in sorted(entry.comments, key=lambda one: one.comment_id)
    )
