"""WARC files that other programs made are read whatever their habits, and damage costs only what is damaged."""

from __future__ import annotations

import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.archive.decoding import LARGEST
from reex_crawler.archive.foreign import Found, Passed, Source, sources
from reex_crawler.archive.reader import Broken
from reex_crawler.errors import UsageError
from tests.archive.others import AT, SITE, URL, Packing, http, packed, record, wacz, write

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PACKINGS: tuple[Packing, ...] = ("records", "whole", "plain")


def read(path: Path, site: str = SITE) -> list[Found | Passed | Broken]:
    return [one for source in sources(path) for one in source.read(site, NOW)]


def found(path: Path, site: str = SITE) -> list[Found]:
    return [one for one in read(path, site) if isinstance(one, Found)]


def broken(path: Path) -> list[Broken]:
    return [one for one in read(path) if isinstance(one, Broken)]


@pytest.mark.parametrize("how", PACKINGS)
@pytest.mark.parametrize("version", ["WARC/0.18", "WARC/1.0", "WARC/1.1"])
def test_every_packing_and_version_is_read(tmp_path: Path, how: Packing, version: str) -> None:
    block = http(b"\x00 binary \r\n\r\n WARC/1.0 \n\n")
    path = write(tmp_path / "a.warc", *(record(block=block, version=version) for _ in range(3)), how=how)
    assert [(one.block, one.url, one.at, one.status) for one in found(path)] == [(block, URL, AT, 200)] * 3
    assert not broken(path)


@pytest.mark.parametrize("deflated", [False, True])
def test_the_warc_files_of_a_wacz_file_are_read(tmp_path: Path, *, deflated: bool) -> None:
    path = wacz(tmp_path / "a.wacz", record(), record("request", block=b"GET / HTTP/1.1\r\n\r\n"), deflated=deflated)
    assert [source.name for source in sources(path)] == [f"{path} (archive/data.warc.gz)"]
    assert len(found(path)) == 1


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (f"<{URL}>", URL),
        ("http://news.example/news/magnets/", URL),
        ("http://www.news.example/news/magnets/?a=1", f"{URL}?a=1"),
        ("https://WWW.NEWS.EXAMPLE:443/news/magnets/", URL),
        ("http://news.example:80", f"{SITE}/"),
    ],
)
def test_every_spelling_of_the_site_is_the_site(tmp_path: Path, written: str, asked: str) -> None:
    [one] = found(write(tmp_path / "a.warc.gz", record(url=written)))
    assert (one.asked, one.url) == (asked, written.strip("<>"))


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/news/magnets/",
        "https://news.example.org/",
        "https://cdn.news.example/",
        "https://news.example:8443/",
        "https://news.example@other.example/",
        "http://[news.example/",
    ],
)
def test_what_is_not_the_sites_is_left_out(tmp_path: Path, url: str) -> None:
    assert read(write(tmp_path / "a.warc.gz", record(url=url))) == [Passed(0, is_answer=True)]


def test_a_site_at_a_port_is_no_other_port(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc", record(url="http://127.0.0.1:8080/"), record(url="http://127.0.0.1:8081/"))
    assert [one.url for one in found(path, "http://127.0.0.1:8080")] == ["http://127.0.0.1:8080/"]


@pytest.mark.parametrize("kind", ["warcinfo", "request", "metadata", "resource", "conversion", "continuation"])
def test_records_that_are_no_answers_are_passed_over(tmp_path: Path, kind: str) -> None:
    url = "" if kind == "warcinfo" else URL
    path = write(tmp_path / "a.warc.gz", record(kind, url, b"software: x"), record())
    assert read(path)[0] == Passed(0, is_answer=False)
    assert len(found(path)) == 1


def test_dns_and_thumbnails_are_no_answers(tmp_path: Path) -> None:
    urls = ("dns:news.example", f"urn:thumbnail:{URL}", "metadata://gnu.org/software/wget/warc/wget.log")
    path = write(tmp_path / "a.warc.gz", *(record(url=url, block=b"192.0.2.1") for url in urls))
    assert [type(one) for one in read(path)] == [Passed] * 3


def test_the_status_line_of_http_2_is_read(tmp_path: Path) -> None:
    [one] = found(write(tmp_path / "a.warc.gz", record(block=http(status="HTTP/2 404"))))
    assert one.status == 404


def test_a_record_without_a_name_gets_the_same_one_every_time(tmp_path: Path) -> None:
    nameless = record().replace(b"WARC-Record-ID", b"X-Record-ID")
    one, other = (
        found(write(tmp_path / "a.warc.gz", nameless)),
        found(write(tmp_path / "b.warc", nameless, how="plain")),
    )
    assert one[0].record_id == other[0].record_id != ""


def test_a_revisit_says_what_it_repeats(tmp_path: Path) -> None:
    revisit = record("revisit", URL, http(b""), f"WARC-Refers-To-Target-URI: {URL}", "warc-payload-digest: sha1:ABC")
    [one] = found(write(tmp_path / "a.warc.gz", revisit))
    assert (one.kind, one.field("WARC-Refers-To-Target-URI"), one.field("WARC-Payload-Digest")) == (
        "revisit",
        URL,
        "sha1:ABC",
    )


@pytest.mark.parametrize("how", PACKINGS)
def test_bytes_between_records_cost_only_themselves(tmp_path: Path, how: Packing) -> None:
    one, other = packed([record()], how), packed([record()], how)
    (tmp_path / "a.warc").write_bytes(one + b"\n\nnoise\n" * 20_000 + other)
    assert len(found(tmp_path / "a.warc")) == 2
    [damage] = broken(tmp_path / "a.warc")
    assert (damage.file, damage.offset) == (str(tmp_path / "a.warc"), len(one) + (2 if how == "plain" else 0))


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    members = [packed([record(block=http(bytes(range(256)) * 40))]) for _ in range(3)]
    members[1] = members[1][:40] + b"\xff" * 40 + members[1][80:]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(members))
    assert len(found(tmp_path / "a.warc.gz")) == 2
    [damage] = broken(tmp_path / "a.warc.gz")
    assert (damage.offset, damage.length) == (len(members[0]), len(members[1]))
    assert "cannot be unpacked" in damage.reason


def test_a_wacz_file_that_was_cut_gives_what_came(tmp_path: Path) -> None:
    path = wacz(tmp_path / "a.wacz", *(record() for _ in range(20)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 4])
    assert len(found(path)) > 2
    assert [damage.offset for damage in broken(path)][:1] == [0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><title>No WARC</title>\n" * 99, "no WARC record"),
        (b"\x1f\x8b\x08" + b"\0" * 99, "cannot be unpacked|no WARC|ends inside"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "does not say how long"),
        (b"WARC/1.0\r\n" + b"x" * 10_000_000, "no WARC record|does not say|does not end"),
    ],
)
def test_a_file_that_is_no_warc_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    [damage] = read(tmp_path / "a.warc")
    assert isinstance(damage, Broken)
    assert damage.offset == 0
    assert any(word in damage.reason for word in reason.split("|"))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(block=b"no answer of HTTP"), "no status line"),
        (record(block=http(status="HTTP/1.1 999999 Odd")), "no status of HTTP"),
        (record().replace(b"WARC-Date: 2019", b"WARC-Date: MMXIX"), "no date"),
        (record(at=NOW + timedelta(days=30)), "yet to come"),
        (record(url=f"{SITE}/{'a' * 3000}"), "its address longer"),
    ],
)
def test_an_answer_of_the_site_that_cannot_be_taken_is_named(tmp_path: Path, bad: bytes, reason: str) -> None:
    path = write(tmp_path / "a.warc.gz", bad, record())
    assert len(found(path)) == 1
    [damage] = broken(path)
    assert (damage.offset, reason in damage.reason) == (0, True)


@pytest.mark.parametrize("name", ["none.warc.gz", "folder"])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=name):
        sources(tmp_path / name)


RECORDS = [record(block=http(bytes([number]) * 70)) for number in range(4)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cut")


@given(how=st.sampled_from(PACKINGS), share=st.floats(0, 1))
def test_any_cut_gives_the_records_before_it_and_names_the_cut(folder: Path, how: Packing, share: float) -> None:
    whole = packed(RECORDS, how)
    cut = whole[: int(len(whole) * share)]
    path = folder / "cut.warc"
    path.write_bytes(cut)
    told = read(path)
    taken = [one.block for one in told if isinstance(one, Found)]
    assert taken == [http(bytes([number]) * 70) for number in range(len(taken))]
    if how != "whole":
        ends = [len(packed(RECORDS[: count + 1], how)) for count in range(len(RECORDS))]
        assert len(taken) >= sum(end <= len(cut) for end in ends)
    # Of a record that is not packed only the line ends after it may be missing.
    whole_records = any(0 <= len(packed(RECORDS[:count], how)) - len(cut) <= 4 for count in range(len(RECORDS) + 1))
    assert whole_records or isinstance(told[-1], Broken)


@given(how=st.sampled_from(PACKINGS), share=st.floats(0, 1), noise=st.binary(min_size=1, max_size=40))
def test_any_damage_is_a_record_a_named_place_or_nothing(
    folder: Path, how: Packing, share: float, noise: bytes
) -> None:
    whole = packed(RECORDS, how)
    at = int(len(whole) * share)
    path = folder / "damaged.warc"
    path.write_bytes(whole[:at] + noise + whole[at + len(noise) :])
    for one in read(path):
        assert 0 <= one.offset <= path.stat().st_size


def test_a_file_larger_than_memory_should_be_is_read_in_little(tmp_path: Path) -> None:
    path = tmp_path / "large.warc.gz"
    large = record(url="https://video.example/", block=http(bytes(LARGEST)))
    own = record(url=f"{SITE}/film.mp4", block=http(bytes(LARGEST + 1)))
    with path.open("wb") as stream:
        for content in (large, own, large, large, record()):
            stream.write(packed([content]))
    del large, own, content
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = [type(one) for one in Source(path, None, path.stat().st_size).read(SITE, NOW)]
    assert told == [Passed, Broken, Passed, Passed, Found]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 16 * 1024, "reading takes memory for what is passed over"
