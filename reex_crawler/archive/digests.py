"""Digests as WARC files label them, by whatever program they were written (WARC 1.1, section 5.8)."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Digest:
    """An algorithm of ``hashlib`` and a value, whatever it is spelt like."""

    algorithm: str
    value: bytes

    def is_of(self, content: bytes) -> bool:
        """Whether it is the digest of some bytes."""
        return hashlib.new(self.algorithm, content).digest() == self.value


def parse(label: str) -> Digest | None:
    """A labelled digest, such as ``sha256:<hex>`` or ``sha1:<base32>``; none of an algorithm that is not known.

    Raises ``ValueError`` where the value cannot be one of its algorithm.
    """
    name, _, value = label.partition(":")
    algorithm = name.strip().lower().replace("sha-", "sha")
    try:
        size = hashlib.new(algorithm).digest_size
    except ValueError:
        return None
    if not size:
        # SHAKE gives as many bytes as one asks for.
        return None
    for decode in (bytes.fromhex, _base32):
        with suppress(ValueError):
            content = decode(value.strip().rstrip("="))
            if len(content) == size:
                return Digest(algorithm, content)
    message = f"{label!r} is no digest"
    raise ValueError(message)


def agree(one: str, other: str) -> bool:
    """Whether two labels can be of the same bytes; those of two algorithms, or of unknown ones, can."""
    if one == other:
        return True
    try:
        left, right = parse(one), parse(other)
    except ValueError:
        return False
    return left is None or right is None or left.algorithm != right.algorithm or left.value == right.value


def _base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8), casefold=True)
