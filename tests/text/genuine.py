"""Text that nobody here wrote: the translations shipped inside Django and the locale data of Babel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import django
from babel import localedata
from babel.messages.pofile import read_po


def translations() -> Iterator[str]:
    """Every source text and translation of Django, in about a hundred languages."""
    for path in sorted(Path(django.__file__).parent.rglob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, ignore_obsolete=True):
                for text in (message.id, message.string):
                    yield from (text,) if isinstance(text, str) else text


def locale_names() -> Iterator[str]:
    """Every string of Babel's locale data: languages, countries, currencies, months, patterns."""
    for name in sorted(localedata.locale_identifiers()):
        yield from _strings(localedata.load(name))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def genuine_strings() -> set[str]:
    """All of them, each once."""
    return {text for source in (translations, locale_names) for text in source() if text}
