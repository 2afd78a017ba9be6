from __future__ import annotations

import fcntl
import gzip
import json
import re
from pathlib import Path

import pytest

from reex_crawler.archive.reader import ANSWERS, METADATA, REQUEST, RESPONSE, REVISIT, WARCINFO, Raw
from tests.cli.captured import Captured
from tests.cli.conftest import Reex


def lines(reex: Reex) -> list[str]:
    """What does not agree, one line each; the summary is left out."""
    done = reex("verify")
    *told, summary = done.out.splitlines()
    assert done.code == (4 if told else 0), done
    assert summary.endswith(f" {len(told)} disagreement{'s'[: len(told) > 1]}" if told else ": all agree")
    return told


def flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 0xFF
    path.write_bytes(content)


def forge(captured: Captured, record: Raw, change: bytes, to: bytes) -> None:
    """Write a record anew with other content, as somebody does who has the database too: only digests can tell."""
    path = captured.folder / record.file
    content = path.read_bytes()
    end = record.offset + record.length
    plain = gzip.decompress(content[record.offset : end])
    assert change in plain
    member = gzip.compress(plain.replace(change, to, 1), mtime=0)
    path.write_bytes(content[: record.offset] + member + content[end:])
    more = len(member) - record.length
    captured.rows("UPDATE fetches SET warc_length = ? WHERE record_id = ?", len(member), record.record_id)
    for name in ("warc", "note"):
        behind = f"{name}_file = ? AND {name}_offset > ?"
        captured.rows(
            f"UPDATE fetches SET {name}_offset = {name}_offset + ? WHERE {behind}", more, record.file, record.offset
        )


def page(captured: Captured) -> Raw:
    return captured.record(lambda one: one.kind == RESPONSE and one.url.endswith(captured.edited))


def row_of(captured: Captured, record: Raw) -> int:
    [(row,)] = captured.rows("SELECT id FROM fetches WHERE record_id = ?", record.record_id)
    return int(row)


def test_an_archive_that_was_crawled_agrees_with_its_database(captured: Captured, reex: Reex) -> None:
    records = captured.records()
    answers = [record for record in records if record.kind in ANSWERS]
    assert {record.kind for record in records} == {RESPONSE, REVISIT, REQUEST, METADATA, WARCINFO}
    done = reex("verify")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{len(captured.files())} files, {len(records)} members, {len(records)} records, {len(answers)} answers, "
        f"{len(answers)} rows: all agree\n"
    )


def test_json_tells_the_same(captured: Captured, reex: Reex) -> None:
    told = json.loads(reex("verify", "--json").out)
    assert (told["disagreements"], told["remarks"]) == ([], [])
    assert told["members"] == told["records"] == len(captured.records())
    record = page(captured)
    flip(captured.folder / record.file, record.offset + 200)
    done = reex("verify", "--json")
    assert done.code == 4
    file, row = json.loads(done.out)["disagreements"]
    assert (file["file"], file["offset"], file["row"]) == (record.file, record.offset, None)
    assert (row["offset"], row["row"]) == (record.offset, row_of(captured, record))


def test_a_flipped_byte_costs_one_record_and_names_its_page(captured: Captured, reex: Reex) -> None:
    record = page(captured)
    flip(captured.folder / record.file, record.offset + record.length // 2)
    place = f"{record.file} at byte {record.offset:,}: "
    file, row = lines(reex)
    assert file.startswith(f"{place}the record cannot be unpacked")
    assert row.startswith(f"row {row_of(captured, record)} of fetches: {place}no whole record begins here")
    assert record.url in row


@pytest.mark.parametrize(
    ("change", "to", "told"),
    [
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 404 OK", "is not what its warc-block-digest says"),
        (b"WARC-Target-URI: http", b"WARC-Target-URI: xttp", "the record is of xttp://"),
        (b"WARC-Date: 20", b"WARC-Date: 19", "the time is 19"),
        (b"WARC-Date: 20", b"WARC-Date: xx", "is no WARC-Date"),
        (b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha256;", "the payload digest is sha256;"),
    ],
)
def test_a_forged_record_that_unpacks_well_is_found_out(
    captured: Captured, reex: Reex, change: bytes, to: bytes, told: str
) -> None:
    record = captured.record(lambda one: one.kind == RESPONSE and one.url.endswith("/robots.txt"))
    forge(captured, record, change, to)
    found = lines(reex)
    place = f"{record.file} at byte {record.offset:,}: "
    assert any(place in line and told in line for line in found), found


def test_a_record_that_is_shorter_than_it_says_is_named(captured: Captured, reex: Reex) -> None:
    record = captured.record(lambda one: one.kind == RESPONSE and one.url.endswith("/robots.txt"))
    length = str(len(record.block))
    forge(captured, record, f"Content-Length: {length}".encode(), f"Content-Length: {'9' * len(length)}".encode())
    assert f"{record.file} at byte {record.offset:,}: the record is shorter than its Content-Length" in lines(reex)


def test_a_forged_body_is_found_out(captured: Captured, reex: Reex) -> None:
    record = page(captured)
    change = record.block[-40:-30]
    forge(captured, record, change, change[::-1])
    found = lines(reex)
    for name in ("warc-block-digest", "warc-payload-digest"):
        assert any(
            f"{record.file} at byte {record.offset:,}: the response is not what its {name} says" in line
            for line in found
        )


def test_a_body_that_only_the_row_knows_otherwise_is_named(captured: Captured, reex: Reex) -> None:
    record = page(captured)
    captured.rows("UPDATE fetches SET digest = ? WHERE record_id = ?", "0" * 64, record.record_id)
    [line] = lines(reex)
    assert f"{record.file} at byte {record.offset:,}: the SHA-256 of its body is " in line
    assert line.endswith(f" and not {'0' * 64} ({record.url})")


def test_the_digest_of_a_page_that_is_only_repeated_is_checked(captured: Captured, reex: Reex) -> None:
    record = captured.record(lambda one: one.kind == REVISIT and one.url.endswith(captured.edited))
    captured.rows("UPDATE fetches SET digest = ? WHERE record_id = ?", "0" * 64, record.record_id)
    [line] = lines(reex)
    assert f"{record.file} at byte {record.offset:,}: the SHA-256 of its body is " in line


def test_a_revisit_of_another_payload_is_named(captured: Captured, reex: Reex) -> None:
    robots = captured.record(lambda one: one.kind == RESPONSE and one.url.endswith("/robots.txt"))
    record = captured.record(lambda one: one.kind == REVISIT and one.url.endswith("/robots.txt"))
    other = page(captured)
    forge(captured, record, robots.record_id.encode(), other.record_id.encode())
    found = lines(reex)
    where = f"that of what it repeats, {other.file} at byte {other.offset:,}: {other.payload_digest}"
    assert any(line.startswith(f"{record.file} at byte {record.offset:,}: ") and where in line for line in found)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("warc_offset", 7, "no whole record begins here"),
        ("warc_offset", -1, "no whole record begins here"),
        ("warc_offset", 10**12, "no whole record begins here"),
        ("warc_offset", 0, "here is <urn:uuid:"),
        ("warc_length", 7, "and not 7 ("),
        ("status", 404, "the status is 200 and not 404"),
        ("final_url", "http://elsewhere.example/", None),
        ("fetched_at", "2020-01-01 00:00:00+00:00", "and not 2020-01-01 00:00:00+00:00"),
        ("payload_digest", "sha256:" + "0" * 64, f"and not sha256:{'0' * 64}"),
        ("note_offset", 7, "its note should begin in "),
        ("note_offset", 0, "its note should be in "),
        ("note_file", "gone.warc.gz", "its note should begin in gone.warc.gz at byte "),
    ],
)
def test_a_row_that_tells_otherwise_is_named(
    captured: Captured, reex: Reex, column: str, value: object, told: str | None
) -> None:
    record = page(captured)
    captured.rows(f"UPDATE fetches SET {column} = ? WHERE record_id = ?", value, record.record_id)
    found = lines(reex)
    if told is None:
        # The record has the URL that was asked.
        assert found == []
        return
    row = row_of(captured, record)
    assert [line for line in found if line.startswith(f"row {row} of fetches: ") and told in line], found
    # Only where the row does not lead to the record has that no row.
    assert all(line.startswith((f"row {row} ", f"{record.file} at byte {record.offset:,}: no row")) for line in found)


def test_a_record_of_another_address_is_named(captured: Captured, reex: Reex) -> None:
    record = page(captured)
    robots = captured.rows("SELECT id FROM resources WHERE url LIKE '%/robots.txt'")[0][0]
    captured.rows("UPDATE fetches SET resource_id = ?, final_url = NULL WHERE record_id = ?", robots, record.record_id)
    [line] = lines(reex)
    assert f"the record is of {record.url}" in line


def test_an_answer_without_a_row_is_named(captured: Captured, reex: Reex) -> None:
    record = captured.record(lambda one: one.kind == RESPONSE and one.url.endswith("/robots.txt"))
    captured.rows("DELETE FROM fetches WHERE record_id = ?", record.record_id)
    [line] = lines(reex)
    assert line.startswith(f"{record.file} at byte {record.offset:,}: no row of fetches points to this response")


def test_a_file_that_is_missing_is_named_once(captured: Captured, reex: Reex) -> None:
    first = captured.files()[0]
    first.unlink()
    pointing = len(captured.rows("SELECT 1 FROM fetches WHERE warc_file = ?", first.name))
    found = lines(reex)
    assert f"{first.name} at byte 0: the file is missing, and {pointing} rows of fetches point into it" in found
    # Pages that repeat what it held cannot be had either, and each of them is named.
    assert all(first.name in line or "its body cannot be had" in line for line in found)


def test_swapped_files_are_named_with_the_names_they_were_written_under(captured: Captured, reex: Reex) -> None:
    one, other = captured.files()[:2]
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    found = lines(reex)
    assert found[:2] == [
        f"{one.name} at byte 0: the file was written as {other.name}",
        f"{other.name} at byte 0: the file was written as {one.name}",
    ]
    record = re.compile(rf"row \d+ of fetches: {one.name} at byte [\d,]+: .* is in {other.name} at byte ")
    assert any(record.match(line) for line in found)


def test_a_file_that_was_cut_is_named_where_it_ends(captured: Captured, reex: Reex) -> None:
    path = captured.files()[-1]
    last = captured.records()[-1]
    assert last.file == path.name
    path.write_bytes(path.read_bytes()[:-9])
    assert f"{path.name} at byte {last.offset:,}: the file ends inside of a record" in lines(reex)


def test_files_that_are_no_archive_are_named_and_the_others_checked(captured: Captured, reex: Reex) -> None:
    (captured.folder / "a.warc.gz").write_bytes(b"no gzip at all" * 9)
    (captured.folder / "b.warc.gz").write_bytes(gzip.compress(b"no WARC"))
    (captured.folder / "c.warc.gz").write_bytes(b"")
    (captured.folder / "d.warc.gz").mkdir()
    (captured.folder / "notes.txt").write_text("not of the archive")
    found = dict(line.split(" at byte 0: ") for line in lines(reex))
    assert found["a.warc.gz"].startswith("the record cannot be unpacked")
    assert found["b.warc.gz"] == "this is no WARC record"
    assert found["c.warc.gz"] == "the file is empty"
    assert "Is a directory" in found["d.warc.gz"]
    assert len(found) == 4


def test_one_record_that_is_there_twice_is_named(captured: Captured, reex: Reex) -> None:
    record = page(captured)
    content = (captured.folder / record.file).read_bytes()
    end = len(content)
    with (captured.folder / record.file).open("ab") as stream:
        stream.write(content[record.offset : record.offset + record.length])
    twice, rowless = lines(reex)
    assert twice == (
        f"{record.file} at byte {end:,}: {record.record_id} is the id of {record.file} at byte {record.offset:,} too"
    )
    assert rowless.startswith(f"{record.file} at byte {end:,}: no row of fetches")


def test_a_member_of_two_records_is_named(captured: Captured, reex: Reex) -> None:
    record = captured.records()[-1]
    path = captured.folder / record.file
    member = gzip.decompress(path.read_bytes()[record.offset :])
    path.write_bytes(path.read_bytes()[: record.offset] + gzip.compress(member + member))
    [line] = lines(reex)
    assert line == f"{record.file} at byte {record.offset:,}: it does not end where its Content-Length says"


def test_a_request_whose_answer_is_lost_is_named(captured: Captured, reex: Reex) -> None:
    request = captured.record(lambda one: one.kind == REQUEST)
    answer = request.fields["warc-concurrent-to"]
    forge(captured, request, answer.encode(), answer.replace(answer[10:14], "0000", 1).encode())
    found = lines(reex)
    assert len(found) == 1, found
    [line] = found
    assert line.startswith(f"{request.file} at byte {request.offset:,}: its WARC-Concurrent-To <urn:uuid:")
    assert line.endswith(" is nowhere")


def opened(captured: Captured) -> tuple[Path, Raw]:
    """The last file as a run leaves it that is killed while it writes, and its last record."""
    path = captured.files()[-1]
    last = captured.records()[-1]
    path = path.rename(f"{path}.open")
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[:100])
    return path, last


def test_what_a_killed_run_left_is_no_fault(captured: Captured, reex: Reex) -> None:
    path, last = opened(captured)
    captured.rows("DELETE FROM fetches WHERE warc_file = ?", path.stem)
    done = reex("verify")
    assert done.code == 0, done.out
    assert done.err == (
        f"{path.stem}: a run that was killed left it open; the next run takes it up, without what is cut at byte "
        f"{last.offset + last.length:,}\n"
    )


def test_a_row_that_points_behind_the_end_of_what_a_killed_run_left_is_a_fault(captured: Captured, reex: Reex) -> None:
    path, last = opened(captured)
    [(row,)] = captured.rows("SELECT max(id) FROM fetches WHERE warc_file = ?", path.stem)
    captured.rows("UPDATE fetches SET warc_offset = ? WHERE id = ?", last.offset + last.length, row)
    [line] = lines(reex)
    assert line.startswith(f"row {row} of fetches: {path.stem} at byte {last.offset + last.length:,}: no whole record")


def test_what_a_run_is_writing_is_no_fault(captured: Captured, reex: Reex) -> None:
    path, last = opened(captured)
    with path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        done = reex("verify")
    assert done.code == 0, done.out
    assert f"{path.stem}: a run is writing it, without what is cut at byte {last.offset + last.length:,}" in done.err


def test_damage_in_the_middle_of_an_open_file_is_a_fault(captured: Captured, reex: Reex) -> None:
    path, _ = opened(captured)
    record = captured.record(lambda one: one.file == path.stem and one.kind == WARCINFO)
    flip(path, record.offset + 30)
    found = lines(reex)
    assert found[0].startswith(f"{path.stem} at byte 0: the record cannot be unpacked")


def test_without_a_database_the_files_are_checked_alone(captured: Captured, reex: Reex, tmp_path: Path) -> None:
    none = f"sqlite:///{tmp_path}/none.db"
    done = reex("verify", REEX_DATABASE_URL=none)
    assert done.code == 0
    assert done.err == f"there is no archive in the database {tmp_path}/none.db: the files alone are checked\n"
    assert done.out.endswith(" answers: all agree\n")
    record = page(captured)
    flip(captured.folder / record.file, record.offset + 200)
    done = reex("verify", REEX_DATABASE_URL=none)
    assert done.code == 4
    # What refers to the lost page is named, since no row does.
    assert f": its WARC-Refers-To {record.record_id} is nowhere" in done.out


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_that_cannot_be_read_is_one_clear_line(captured: Captured, reex: Reex, *, there: bool) -> None:
    folder = captured.folder / "elsewhere"
    if there:
        folder.write_text("no folder")
    done = reex("verify", REEX_ARCHIVE_DIR=str(folder))
    assert (done.code, done.out) == (4, "")
    what = (
        f"the archive folder {folder} cannot be read: Not a directory"
        if there
        else f"there is no raw archive in {folder}"
    )
    assert done.err.startswith(f"reex: error: {what}. ")
    assert len(done.err.splitlines()) == 1
