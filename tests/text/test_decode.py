from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.text.decode import decode

TEXT = "“Müller’s” café — 稀土"


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding", "how"),
    [
        (TEXT.encode(), "text/html; charset=UTF-8", TEXT, "utf-8", "utf-8"),
        (TEXT.encode(), None, TEXT, "utf-8", "utf-8"),
        (TEXT.encode(), "text/html; charset=iso-8859-1", TEXT, "utf-8", "utf-8; header said cp1252"),
        (TEXT.encode(), "text/html; charset=gbk", TEXT, "utf-8", "utf-8; header said gb18030"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-1", TEXT, "utf-8", "bom"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None, TEXT, "utf-16-le", "bom"),
        ("<p>é</p>".encode("utf-16-le"), None, "<p>é</p>", "utf-16-le", "utf-16"),
        ("“café”".encode("cp1252"), "text/html; charset=ISO-8859-1", "“café”", "cp1252", "header"),
        ("“café”".encode("cp1252"), "text/html; charset=utf-8", "“café”", "cp1252", "fallback; header said utf-8"),
        ("“café”".encode("cp1252"), "text/html", "“café”", "cp1252", "fallback"),
        ("“café”".encode("cp1252"), "text/html; charset=nonsense", "“café”", "cp1252", "fallback"),
        (b"undefined \x81\x9d \xe9", "text/html; charset=windows-1252", "undefined \x81\x9d é", "cp1252", "header"),
        ("稀土".encode("gbk"), "text/html; charset=GB2312", "稀土", "gb18030", "header"),
        ("Россия и Китай".encode("cp1251"), "text/html; charset=windows-1251", "Россия и Китай", "cp1251", "header"),
        (b"", None, "", "utf-8", "utf-8"),
        (b"plain", "text/plain; charset=iso-8859-1", "plain", "utf-8", "utf-8"),
        (("é" * 40).encode() + b"\xe2\x80", None, "é" * 40 + "\ufffd", "utf-8", "utf-8 with errors"),
        (
            ("é" * 40).encode() + b"\xe2\x80",
            "text/html; charset=latin1",
            "é" * 40 + "\ufffd",
            "utf-8",
            "utf-8 with errors; header said cp1252",
        ),
    ],
)
def test_bytes_are_decoded_once_and_the_way_is_told(body, content_type, text, encoding, how):
    decoded = decode(body, content_type)
    assert (decoded.text, decoded.encoding, decoded.how) == (text, encoding, how)


@pytest.mark.parametrize(
    "declaration",
    [
        "<meta charset=windows-1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_a_document_says_its_encoding_itself(declaration):
    text = f"{declaration}<p>Редкие земли</p>"
    decoded = decode(text.encode("cp1251"), "text/html")
    assert (decoded.text, decoded.how) == (text, "document")


def test_a_declaration_that_bytes_contradict_is_said():
    decoded = decode(b'<?xml version="1.0" encoding="euc-kr"?>\xff\xff', None)
    assert decoded.how == "document; some bytes are no characters"
    assert "\ufffd" in decoded.text


@given(
    st.binary(), st.none() | st.text() | st.sampled_from(["text/html; charset=utf-8", "application/json; charset=big5"])
)
def test_decoding_never_fails(body, content_type):
    assert decode(body, content_type).encoding


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\x00")),
    st.sampled_from(["latin-1", "gbk", "utf-8", "cp1251"]),
)
def test_utf_8_is_read_as_utf_8_whatever_the_header_says(text, label):
    assert decode(text.encode(), f"text/html; charset={label}").text == text


@pytest.mark.parametrize(("body", "text"), [(b"caf\xe9 \x81", "café \x81"), ("café".encode(), "café")])
def test_a_program_that_imports_nothing_else_decodes(body, text):
    # Codecs are registered for a whole process: what another test imported must not help.
    program = f"from reex_crawler.text.decode import decode; print(ascii(decode({body!r}).text))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii(text)


def test_utf_8_is_decoded_without_the_codecs_that_are_slow_to_load():
    program = (
        "import sys; from reex_crawler.text.decode import decode; decode('é'.encode()); print('ftfy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
