"""A body is decoded as the crawl decodes it, whole, cut or not coded at all."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from reex_crawler.archive import decoding
from reex_crawler.archive.decoding import TooLarge, decoded

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
BODIES = st.binary(max_size=300) | st.text(max_size=500).map(str.encode)


def as_crawled(body: bytes, coding: str) -> bytes | None:
    """What the crawl makes of it; none where it has no page then."""
    try:
        return HttpCompressionMiddleware._decode(body, coding.encode(), 0)
    except Exception:  # noqa: BLE001 - the crawl takes any for a page that cannot be had
        return None


@pytest.mark.parametrize("coding", CODINGS)
@given(body=BODIES)
def test_what_was_packed_is_unpacked(coding: str, body: bytes) -> None:
    assert decoded(CODINGS[coding](body), [coding]) == (body, [])
    assert decoded(CODINGS[coding](body), [f" {coding.upper()} "]) == (body, [])


@pytest.mark.parametrize("coding", CODINGS)
@given(body=BODIES, data=st.data())
def test_a_cut_body_is_as_the_crawl_has_it(coding: str, body: bytes, data: st.DataObject) -> None:
    packed = CODINGS[coding](body)
    cut = packed[: data.draw(st.integers(0, len(packed)))]
    expected = as_crawled(cut, coding)
    if expected is not None:
        assert decoded(cut, [coding]) == (expected, [])


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_not_coded_as_said_stays_as_it_is(coding: str) -> None:
    assert decoded(b"<html>as it is</html>", [coding]) == (b"<html>as it is</html>", [coding])


def test_codings_are_taken_off_from_the_last_one_on_as_far_as_they_are_known() -> None:
    body = brotli.compress(gzip.compress(b"text"))
    assert decoded(body, ["gzip, br"]) == (b"text", [])
    assert decoded(body, ["gzip", "br"]) == (b"text", [])
    assert decoded(gzip.compress(b"text"), ["unheard-of, gzip"]) == (b"text", ["unheard-of"])
    assert decoded(b"text", ["gzip, unheard-of"]) == (b"text", ["gzip", "unheard-of"])
    assert decoded(b"text", ["identity"]) == (b"text", ["identity"])


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_given_up(monkeypatch: pytest.MonkeyPatch, coding: str) -> None:
    monkeypatch.setattr(decoding, "LARGEST", 1_000_000)
    with pytest.raises(TooLarge, match="1,000,000"):
        decoded(CODINGS[coding](bytes(2_000_000)), [coding])
