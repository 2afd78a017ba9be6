"""What is written is read back as it was, and warcio finds nothing wrong with it."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.checker import Checker

from reex_crawler.archive import files
from reex_crawler.archive.exchange import Exchange, parse_response
from reex_crawler.archive.notes import Note, Part, dump, load
from reex_crawler.archive.reader import Archive, Raw, to_page
from reex_crawler.archive.writer import Earlier, Writer
from reex_crawler.errors import ArchiveDamaged, ArchiveMissing
from reex_crawler.records import Record

AT = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://example.org/news/one/?a=1&b=%20"

NAMES = st.from_regex(rb"X-[A-Za-z0-9-]{1,10}", fullmatch=True)
# What may stand in a field of HTTP: no line end, no white space around it.
VALUES = st.binary(max_size=30).map(lambda value: value.translate(None, b"\r\n\x00").strip())
EXCHANGES = st.builds(
    Exchange,
    url=st.just(URL),
    method=st.just("GET"),
    request_headers=st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple),
    protocol=st.sampled_from(["HTTP/1.0", "HTTP/1.1", "HTTP/2"]),
    status=st.integers(100, 599),
    reason=st.from_regex(rb"[ -~]{0,20}", fullmatch=True).map(bytes.strip),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=5).map(tuple),
    body=st.binary(max_size=500),
    ip_address=st.sampled_from([None, "127.0.0.1", "::1"]),
    received_at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


def exchange(**over: object) -> Exchange:
    values: dict[str, object] = {
        "url": URL,
        "method": "GET",
        "request_headers": (),
        "protocol": "HTTP/1.1",
        "status": 200,
        "reason": b"OK",
        "headers": ((b"Content-Type", b"text/html"),),
        "body": b"<html>one</html>",
        "ip_address": None,
        "received_at": AT,
    }
    return Exchange(**values | over)  # type: ignore[arg-type]


@contextmanager
def opened(folder: Path, **given: int) -> Iterator[Writer]:
    files.prepare(folder)
    writer = Writer(folder, {"software": "test"}, **given)
    try:
        yield writer
    finally:
        writer.abandon()


def raws(folder: Path) -> list[Raw]:
    archive = Archive(folder)
    found = [raw for name in archive.files() for raw in archive.records(name)]
    return [raw for raw in found if isinstance(raw, Raw)]


# Each example makes a folder and a file that are synced to the disk.
@settings(max_examples=30, deadline=None)
@given(st.lists(EXCHANGES, min_size=1, max_size=4))
def test_every_answer_is_read_back_as_it_was(exchanges: list[Exchange]) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as writer:
        records = [writer.exchange(one) for one in exchanges]
        archive = Archive(Path(folder))
        for one, record in zip(exchanges, records, strict=True):
            raw = archive.record(record.file, record.offset)
            page = to_page(raw)
            assert page.record == record
            assert (page.url, page.status, page.fetched_at) == (one.url, one.status, one.received_at)
            assert page.headers == tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in one.headers)
            assert page.body == one.body
            assert raw.block.startswith(f"{one.protocol} {one.status} ".encode() + one.reason)


def test_a_repeated_answer_is_written_without_its_body_and_read_with_it(tmp_path: Path) -> None:
    with opened(tmp_path / "warc") as writer:
        first = writer.exchange(exchange())
        again = exchange(received_at=AT + timedelta(days=1), headers=((b"X-New", b"1"),))
        second = writer.exchange(again, Earlier(first, URL, AT))
    archive = Archive(tmp_path / "warc")
    raw, held = archive.record(second.file, second.offset), archive.record(first.file, first.offset)
    assert (raw.kind, raw.refers_to, raw.payload_digest) == ("revisit", first.record_id, first.payload_digest)
    assert parse_response(raw.block).body == b""
    page = to_page(raw, repeated=held)
    assert (page.body, page.headers) == (b"<html>one</html>", (("X-New", "1"),))
    with pytest.raises(ValueError, match="not at hand"):
        to_page(raw)


def test_warcio_finds_nothing_wrong(tmp_path: Path) -> None:
    with opened(tmp_path / "warc") as writer:
        first = writer.exchange(exchange(body=bytes(range(256)), headers=((b"X-Odd", b"caf\xe9"),)))
        writer.exchange(exchange(), Earlier(first, URL, AT))
        writer.exchange(exchange(status=404, reason=b"Not Found", body=b""))
        writer.note(Note(kind="article", asked=URL, answer=first))
        writer.close()
    checker = Checker(Namespace(inputs=[str(path) for path in (tmp_path / "warc").iterdir()], verbose=True))
    assert checker.process_all() == 0


def test_a_full_file_is_ended_once_its_rows_stand_and_the_next_one_begun(tmp_path: Path) -> None:
    with opened(tmp_path / "warc", limit=3000) as writer:
        for number in range(9):
            writer.exchange(exchange(body=b"%d" % number))
            writer.sync()
            writer.rotate()
        names = sorted(path.name for path in (tmp_path / "warc").iterdir())
        assert sum(name.endswith(".warc.gz") for name in names) > 2
        assert not any(name.endswith(".open") for name in names[:-1])
        assert sum(raw.kind == "warcinfo" for raw in raws(tmp_path / "warc")) == len(names)
        writer.close()
    assert sum(raw.kind == "response" for raw in raws(tmp_path / "warc")) == 9


def test_a_run_without_answers_leaves_no_file(tmp_path: Path) -> None:
    with opened(tmp_path / "warc") as writer:
        writer.close()
    assert list((tmp_path / "warc").iterdir()) == []


def test_a_killed_run_leaves_its_whole_records_to_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    with opened(folder) as writer:
        for _ in range(3):
            writer.exchange(exchange())
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes()[:-5])
    before = len(raws(folder))
    for name in files.left_open(folder):
        assert name + files.OPEN == path.name
        assert path.exists(), "it has its name only when what it holds is noted"
    assert [one.suffix for one in folder.iterdir()] == [".gz"]
    assert len(raws(folder)) == before == 6


def test_a_file_whose_writer_lives_is_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path / "warc") as writer:
        writer.exchange(exchange())
        assert list(files.left_open(tmp_path / "warc")) == []
        assert [path.suffix for path in (tmp_path / "warc").iterdir()] == [".open"]


def test_a_place_without_a_record_is_named(tmp_path: Path) -> None:
    with opened(tmp_path / "warc") as writer:
        record = writer.exchange(exchange())
    archive = Archive(tmp_path / "warc")
    with pytest.raises(ArchiveDamaged, match=f"{record.file} at byte {record.offset + 1:,}: the record cannot be"):
        archive.record(record.file, record.offset + 1)
    with pytest.raises(ArchiveMissing, match=r"nowhere\.warc\.gz is missing"):
        archive.record("nowhere.warc.gz", 0)


PLACES = st.builds(
    Record,
    file=st.text(max_size=10),
    offset=st.integers(0, 2**40),
    length=st.integers(0, 2**30),
    record_id=st.text(max_size=10),
    payload_digest=st.text(max_size=10),
    body_at=st.none() | st.tuples(st.text(max_size=5), st.integers(0, 9)),
)


@given(
    st.builds(
        Note,
        kind=st.sampled_from(["article", "feed"]),
        asked=st.text(max_size=20),
        answer=PLACES,
        reason=st.none() | st.text(max_size=5),
        error=st.none() | st.text(st.characters(), max_size=20),
        total=st.none() | st.integers(),
        run=st.none() | st.integers(),
        parts=st.lists(
            st.builds(
                Part, url=st.text(max_size=9), at=st.datetimes(timezones=st.just(UTC)), record=st.none() | PLACES
            ),
            max_size=2,
        ).map(tuple),
        listed=st.none() | st.dictionaries(st.text(max_size=4), st.text(max_size=4), min_size=1, max_size=2),
    )
)
def test_a_note_is_read_back_as_it_was_written(note: Note) -> None:
    assert load(dump(note)) == note


@given(st.binary(max_size=100) | st.recursive(st.none() | st.text(), st.lists).map(repr).map(str.encode))
def test_what_is_no_note_of_ours_is_none(content: bytes) -> None:
    assert load(content) is None
