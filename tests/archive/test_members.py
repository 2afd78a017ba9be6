"""Members are found by their bytes, whatever stands between them."""

from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.archive.members import Damage, Damaged, Member, members, read_member

RECORDS = st.lists(st.binary(max_size=200).map(lambda rest: b"WARC/1.1\r\n" + rest), min_size=1, max_size=6)


def packed(contents: list[bytes]) -> list[bytes]:
    return [gzip.compress(content, mtime=0) for content in contents]


@given(RECORDS)
def test_whole_members_are_found_one_after_the_other(contents: list[bytes]) -> None:
    parts = packed(contents)
    found = list(members(BytesIO(b"".join(parts))))
    offsets = [sum(map(len, parts[:number])) for number in range(len(parts))]
    assert found == [
        Member(offset, len(part), content) for offset, part, content in zip(offsets, parts, contents, strict=True)
    ]


@given(RECORDS, st.data())
def test_a_cut_file_gives_all_whole_members_and_names_the_rest(contents: list[bytes], data: st.DataObject) -> None:
    parts = packed(contents)
    whole = b"".join(parts)
    cut = data.draw(st.integers(0, len(whole)))
    found = list(members(BytesIO(whole[:cut])))
    ends = [sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    assert [one.content for one in found if isinstance(one, Member)] == contents[: sum(end <= cut for end in ends)]
    damage = [one for one in found if isinstance(one, Damage)]
    assert len(damage) == (cut not in {0, *ends})
    assert sum(one.length for one in found) == cut


@given(RECORDS, RECORDS, st.binary(min_size=1, max_size=300))
def test_what_follows_damage_is_found(before: list[bytes], after: list[bytes], damage: bytes) -> None:
    content = b"".join(packed(before)) + b"\x00" + damage + b"".join(packed(after))
    found = [one.content for one in members(BytesIO(content)) if isinstance(one, Member)]
    assert found == before + after


@given(st.binary(max_size=400))
def test_any_bytes_are_accounted_for(content: bytes) -> None:
    assert sum(one.length for one in members(BytesIO(content))) == len(content)


@pytest.mark.parametrize(
    ("content", "offset", "reason"),
    [
        (b"", 0, "ends before this record"),
        (gzip.compress(b"WARC/1.1", mtime=0), 400, "ends before this record"),
        (gzip.compress(b"WARC/1.1" * 50, mtime=0)[:-9], 0, "ends inside of a record"),
        (b"plain text", 0, "cannot be unpacked"),
    ],
    ids=["empty", "past the end", "cut", "no gzip"],
)
def test_a_place_without_a_whole_member_is_told(content: bytes, offset: int, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        read_member(BytesIO(content), offset)


def test_a_member_across_many_chunks_is_one() -> None:
    content = b"WARC/1.1\r\n" + bytes(range(256)) * 5000
    stored = gzip.compress(content, 0)
    assert read_member(BytesIO(b"before" + stored), 6) == Member(6, len(stored), content)
