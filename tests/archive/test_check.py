"""Files by whatever program, checked without a database."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.archive import digests
from reex_crawler.archive.check import Fault, FilesCheck
from reex_crawler.archive.ledger import Ledger
from reex_crawler.archive.reader import Archive
from tests.archive.captured import everything, html

URI = "https://news.example/"
DATE = "2026-03-01T12:00:00Z"
PAGE = html("page")


def sha1(content: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(content).digest()).decode()}"


def http(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", *headers, "", "")).encode() + body


def record(kind: str, number: int, block: bytes, **fields: str) -> bytes:
    told = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{number}>",
        "WARC-Date": DATE,
        "WARC-Target-URI": URI,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
    return gzip.compress(f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n")


def faults(folder: Path) -> list[Fault]:
    ledger = Ledger()
    check = FilesCheck(Archive(folder), ledger)
    found = [*check.faults(lambda _done, _all: None), *check.dangling()]
    ledger.close()
    return found


def wrong(folder: Path, *records: bytes) -> list[str]:
    (folder / "a.warc.gz").write_bytes(b"".join(records))
    return [fault.what for fault in faults(folder)]


def test_what_the_standard_allows_is_no_fault(tmp_path: Path) -> None:
    everything(tmp_path)
    assert faults(tmp_path) == []


@pytest.mark.parametrize("body", [PAGE, b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)])
def test_digests_of_other_programs_are_checked_whether_they_mean_the_chunks_or_not(tmp_path: Path, body: bytes) -> None:
    block = http(body, "Transfer-Encoding: chunked")
    for payload in {body, PAGE}:
        good = record("response", 1, block, WARC_Payload_Digest=sha1(payload), WARC_Block_Digest=sha1(block))
        assert wrong(tmp_path, good) == []
    [told] = wrong(tmp_path, record("response", 1, block, WARC_Payload_Digest=sha1(b"")))
    assert told == f"the response is not what its warc-payload-digest says ({sha1(b'')})"


def test_a_revisit_may_stand_before_what_it_repeats_and_must_be_the_same(tmp_path: Path) -> None:
    block = http(PAGE)
    original = record("response", 1, block, WARC_Payload_Digest=sha1(PAGE))
    for payload, count in ((PAGE, 0), (b"", 1)):
        refers = {"WARC_Refers_To": "<urn:uuid:1>", "WARC_Payload_Digest": sha1(payload)}
        revisit = record("revisit", 2, http(b""), **refers)
        for order in ((original, revisit), (revisit, original)):
            told = wrong(tmp_path, *order)
            assert len(told) == count
            assert all("is not that of what it repeats, a.warc.gz at byte " in one for one in told)
    assert wrong(tmp_path, revisit) == ["its WARC-Refers-To <urn:uuid:1> is nowhere"]


@pytest.mark.parametrize("name", ["WARC-Record-ID", "WARC-Date"])
def test_a_record_without_a_field_that_it_must_have_is_a_fault(tmp_path: Path, name: str) -> None:
    assert wrong(tmp_path, record("response", 1, http(PAGE), **{name: ""})) == [
        f"the response has no {name.lower()}",
    ]


def test_an_answer_of_another_protocol_is_no_fault(tmp_path: Path) -> None:
    dns = record("response", 1, b"20260301120000\nnews.example 60 IN A 192.0.2.1\n", Content_Type="text/dns")
    assert wrong(tmp_path, dns) == []


def test_an_http_answer_that_is_none_has_no_status_and_no_body_to_check(tmp_path: Path) -> None:
    assert wrong(tmp_path, record("response", 1, b"\x16\x03\x01", WARC_Payload_Digest=sha1(b""))) == [
        f"the response is not what its warc-payload-digest says ({sha1(b'')})"
    ]


@given(st.binary(max_size=40), st.sampled_from(["md5", "sha1", "sha256", "sha512"]))
def test_a_digest_is_read_in_every_spelling(content: bytes, algorithm: str) -> None:
    value = hashlib.new(algorithm, content).digest()
    base32 = base64.b32encode(value).decode()
    spelt = [value.hex(), value.hex().upper(), base32, base32.lower(), base32.rstrip("=")]
    labels = [f"{name}:{one}" for name in (algorithm, algorithm.upper().replace("SHA", "SHA-")) for one in spelt]
    for label in labels:
        digest = digests.parse(label)
        assert digest is not None
        assert digest.is_of(content)
        assert not digest.is_of(content + b"x")
        assert digests.agree(label, labels[0])
    assert not digests.agree(labels[0], f"{algorithm}:{hashlib.new(algorithm, content + b'x').hexdigest()}")


@pytest.mark.parametrize("label", ["", "blake9:00", "shake_128:00", "x:y:z"])
def test_a_digest_of_an_unknown_algorithm_proves_nothing(label: str) -> None:
    assert digests.parse(label) is None


@pytest.mark.parametrize("label", ["sha256", "sha256:", "sha1:0", "sha1:" + "1" * 32, "sha1:" + "g" * 40])
def test_what_cannot_be_a_digest_of_its_algorithm_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="is no digest"):
        digests.parse(label)
