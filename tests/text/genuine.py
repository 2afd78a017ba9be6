"""Text that nobody here wrote: the translations shipped inside Django and the locale data of Babel."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from pathlib import Path

import django
from babel import localedata


def translations() -> Iterator[str]:
    """Every source text and translation of Django, in about a hundred languages."""
    for path in sorted(Path(django.__file__).parent.rglob("*.mo")):
        with path.open("rb") as file:
            for source, translation in gettext.GNUTranslations(file)._catalog.items():
                yield source if isinstance(source, str) else source[0]
                yield translation


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


def genuine_strings() -> list[str]:
    """All of them, each once, in a fixed order."""
    return list(dict.fromkeys(text for source in (translations, locale_names) for text in source() if text))
