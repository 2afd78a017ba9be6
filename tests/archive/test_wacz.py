from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from reex_crawler.archive import cdxj
from reex_crawler.archive.reader import Archive
from reex_crawler.archive.wacz import About, PageEntry, pack
from reex_crawler.errors import StorageError
from tests.archive.captured import AT, FILE, LATER, SITE, everything, html, writing

ABOUT = About(title="An archive", software="a test", created=datetime(2026, 4, 1, tzinfo=UTC))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "warc"
    everything(made)
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "archive.wacz"


def index(target: Path) -> list[tuple[str, str, dict[str, str]]]:
    """Key, time and fields of every line."""
    with ZipFile(target) as opened:
        lines = opened.read("indexes/index.cdx").decode().splitlines()
    return [(key, at, json.loads(about)) for key, at, about in (line.split(" ", 2) for line in lines)]


def pages(target: Path) -> list[dict[str, str]]:
    with ZipFile(target) as opened:
        head, *lines = opened.read("pages/pages.jsonl").decode().splitlines()
    assert json.loads(head) == {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}
    return [json.loads(line) for line in lines]


def package(target: Path) -> dict[str, Any]:
    with ZipFile(target) as opened:
        told: dict[str, Any] = json.loads(opened.read("datapackage.json"))
    return told


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_warc_files_go_in_byte_for_byte_and_uncompressed(folder: Path, target: Path) -> None:
    second = "reex-20260302120000000000-abcdef.warc.gz"
    with writing(folder, second) as captures:
        captures.page("/news/second/")
    pack(Archive(folder), target, ABOUT)
    with ZipFile(target) as opened:
        for name in (FILE, second):
            assert opened.getinfo(f"archive/{name}").compress_type == ZIP_STORED
            assert opened.read(f"archive/{name}") == (folder / name).read_bytes()
        assert opened.testzip() is None


def test_the_package_tells_the_digest_and_size_of_everything_in_it(folder: Path, target: Path) -> None:
    pack(Archive(folder), target, ABOUT)
    told = package(target)
    assert (told["profile"], told["wacz_version"], told["title"]) == ("data-package", "1.1.1", "An archive")
    assert (told["software"], told["created"]) == ("a test", "2026-04-01T00:00:00Z")
    with ZipFile(target) as opened:
        described = {one["path"]: one for one in told["resources"]}
        assert set(opened.namelist()) == {*described, "datapackage.json", "datapackage-digest.json"}
        for path, one in described.items():
            content = opened.read(path)
            assert (one["bytes"], one["name"]) == (len(content), path.rpartition("/")[2])
            assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        digest = hashlib.sha256(opened.read("datapackage.json")).hexdigest()
        proof = json.loads(opened.read("datapackage-digest.json"))
    assert proof == {"path": "datapackage.json", "hash": f"sha256:{digest}"}


def test_every_line_of_the_index_leads_to_its_capture(folder: Path, target: Path) -> None:
    packed = pack(Archive(folder), target, ABOUT)
    found = index(target)
    assert len(found) == packed.captures == 8
    with ZipFile(target) as opened:
        for key, at, about in found:
            warc = opened.read(f"archive/{about['filename']}")
            start = int(about["offset"])
            member = warc[start : start + int(about["length"])]
            assert about["recordDigest"] == f"sha256:{hashlib.sha256(member).hexdigest()}"
            [record] = ArchiveIterator(BytesIO(member))
            assert record.rec_headers["WARC-Target-URI"] == about["url"]
            assert record.rec_headers["WARC-Payload-Digest"] == about["digest"]
            assert record.http_headers.get_statuscode() == about["status"]
            assert re.sub(r"\D", "", record.rec_headers["WARC-Date"])[:14] == at
            assert key == cdxj.surt(about["url"])


def test_the_index_is_in_the_order_of_its_bytes(folder: Path, target: Path) -> None:
    pack(Archive(folder), target, ABOUT)
    with ZipFile(target) as opened:
        lines = opened.read("indexes/index.cdx").splitlines()
    assert lines == sorted(lines)


def test_neither_notes_nor_a_304_can_be_taken_for_the_page(folder: Path, target: Path) -> None:
    pack(Archive(folder), target, ABOUT)
    plain = [about for _, _, about in index(target) if about["url"] == f"{SITE}/news/plain/"]
    assert [(about["mime"], about["status"]) for about in plain] == [("text/html", "200")]
    kinds = {about["mime"] for _, _, about in index(target) if "mime" in about}
    assert kinds == {"text/html", "application/json", "warc/revisit"}


def test_without_a_list_every_html_page_that_was_answered_is_listed_by_time(folder: Path, target: Path) -> None:
    with writing(folder, "reex-20260201120000000000-abcdef.warc.gz") as captures:
        captures.page("/news/later/", at=LATER)
    pack(Archive(folder), target, ABOUT)
    listed = [(page["url"].removeprefix(SITE), page["ts"]) for page in pages(target)]
    assert listed == [
        ("/news/brotli/", "2026-03-01T12:00:00Z"),
        ("/news/gzip/", "2026-03-01T12:00:00Z"),
        ("/news/plain/", "2026-03-01T12:00:00Z"),
        ("/news/later/", "2026-03-02T12:00:00Z"),
    ]
    assert len({page["id"] for page in pages(target)}) == 4


def test_a_list_is_taken_as_it_is_given(folder: Path, target: Path) -> None:
    given = (PageEntry(url=f"{SITE}/news/{name}/", at=AT, title=f"{name} 稀土") for name in ("plain", "gzip"))
    assert pack(Archive(folder), target, ABOUT, pages=given).pages == 2
    assert [(page["url"], page["title"]) for page in pages(target)] == [
        (f"{SITE}/news/plain/", "plain 稀土"),
        (f"{SITE}/news/gzip/", "gzip 稀土"),
    ]


def test_equal_archives_are_packed_to_equal_bytes(folder: Path, target: Path) -> None:
    other = target.with_name("other.wacz")
    pack(Archive(folder), target, ABOUT)
    pack(Archive(folder), other, ABOUT)
    assert target.read_bytes() == other.read_bytes()


def test_a_file_being_written_goes_in_up_to_its_last_whole_record(folder: Path, target: Path) -> None:
    whole = (folder / FILE).read_bytes()
    (folder / FILE).unlink()
    (folder / f"{FILE}.open").write_bytes(whole + gzip.compress(b"WARC/1.1\r\n" + html("cut"))[:-9])
    packed = pack(Archive(folder), target, ABOUT)
    [rest] = packed.unfinished
    assert (rest.file, rest.offset, packed.damaged) == (FILE, len(whole), ())
    with ZipFile(target) as opened:
        assert opened.read(f"archive/{FILE}") == whole


@pytest.mark.parametrize("damage", ["cut", "flipped", "no WARC"])
def test_what_is_damaged_is_named_and_left_out_and_the_rest_can_be_read(
    folder: Path, target: Path, damage: str
) -> None:
    whole = (folder / FILE).read_bytes()
    with (folder / FILE).open("rb") as stream:
        records = ArchiveIterator(stream)
        places = [(records.get_record_offset(), records.get_record_length()) for _ in records]
    offset, length = places[-1] if damage == "cut" else places[4]
    before, record, after = whole[:offset], whole[offset : offset + length], whole[offset + length :]
    damaged = {
        "cut": record[:-5],
        "flipped": record[: length // 2] + b"damage" + record[length // 2 :],
        "no WARC": gzip.compress(b"This is no record."),
    }
    (folder / FILE).write_bytes(before + damaged[damage] + after)
    packed = pack(Archive(folder), target, ABOUT)
    assert packed.unfinished == ()
    assert [(broken.file, broken.offset) for broken in packed.damaged] == [(FILE, offset)]
    with ZipFile(target) as opened:
        warc = opened.read(f"archive/{FILE}")
    assert warc == before + after
    for _, _, about in index(target):
        [found] = ArchiveIterator(BytesIO(warc[int(about["offset"]) :][: int(about["length"])]))
        assert found.rec_headers["WARC-Target-URI"] == about["url"]


def test_an_interrupt_leaves_nothing(folder: Path, target: Path) -> None:
    def interrupted() -> Iterator[PageEntry]:
        yield PageEntry(url=f"{SITE}/news/plain/", at=AT)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(Archive(folder), target, ABOUT, pages=interrupted())
    assert left_in(target.parent) == []


def test_what_was_there_is_replaced_at_the_end(folder: Path, target: Path) -> None:
    target.write_bytes(b"what was there")
    there = []
    pack(Archive(folder), target, ABOUT, progress=lambda _done, _all: there.append(target.read_bytes()))
    assert set(there) == {b"what was there"}
    assert pages(target)
    assert left_in(target.parent) == ["archive.wacz"]


def test_progress_ends_at_the_size_of_the_archive(folder: Path, target: Path) -> None:
    steps: list[tuple[int, int]] = []
    pack(Archive(folder), target, ABOUT, progress=lambda done, total: steps.append((done, total)))
    size = (folder / FILE).stat().st_size
    assert steps[-1] == (size, size)
    assert steps == sorted(steps)


def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "archive.wacz"
    with pytest.raises(StorageError, match=f"{target} cannot be written: No such file or directory"):
        pack(Archive(folder), target, ABOUT)


@pytest.mark.parametrize("made", [(), ("empty",)])
def test_an_archive_without_files_is_said_to_be_none(tmp_path: Path, target: Path, made: Sequence[str]) -> None:
    empty = tmp_path / "empty"
    for name in made:
        (tmp_path / name).mkdir()
    with pytest.raises(StorageError, match="there is no raw archive in"):
        pack(Archive(empty), target, ABOUT)
    assert left_in(target.parent) == []


def test_more_lines_than_memory_holds_come_back_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdxj, "_LINES_IN_MEMORY", 7)
    given = [f"{number:x} é\n".encode() for number in random.Random(4).choices(range(10_000), k=100)]
    with cdxj.SortedLines(tmp_path) as lines:
        for line in given:
            lines.add(line)
        assert list(lines) == sorted(given)
        assert lines.size == sum(map(len, given))
        assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.news.example/News/Rare-Earths/", "example,news)/news/rare-earths"),
        ("http://127.0.0.1:8080", "1,0,0,127:8080)/"),
        ("https://news.example:443/?b=2&a=1", "example,news)/?a=1&b=2"),
        ("https://news.example/%E7%A8%80%2f%2e%2e//x", "example,news)/x"),
        ("https://news.example/稀土?s=a%20b", "example,news)/%e7%a8%80%e5%9c%9f?s=a%20b"),
        ("https://news.example/?PHPSESSID=0123456789abcdef0123456789abcdef&p=7", "example,news)/?p=7"),
        ("https://bücher.example/", "example,xn--bcher-kva)/"),
        ("dns:news.example", "dns:news.example"),
        ("https://[", "https://["),
    ],
)
def test_a_key_is_one_for_all_spellings_of_an_address(url: str, key: str) -> None:
    assert cdxj.surt(url) == key
