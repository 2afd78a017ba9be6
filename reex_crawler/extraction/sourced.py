"""A value with the name of the source it came from, and the walk along sources in order of trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T_co]):
    """A value of an article and the source that gave it, such as ``json-ld``."""

    value: T_co
    source: str


def first(
    sources: tuple[tuple[str, Callable[P, T | None]], ...], *args: P.args, **kwargs: P.kwargs
) -> Sourced[T] | None:
    """The first source that knows something; each is called with the same arguments.

    ``sources`` are pairs of a name and a reader, the most trusted first. A reader that gives ``None`` or an empty
    value does not know. None where no source does.
    """
    for name, read in sources:
        value = read(*args, **kwargs)
        if value is not None and value not in ("", (), []):
            return Sourced(value, name)
    return None
