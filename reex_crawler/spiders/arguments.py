"""The arguments of the spiders: ``-a since=… -a until=… -a max_articles=…``, typed and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, ValidationError, model_validator

from reex_crawler.errors import UsageError


def _day(value: Any) -> Any:
    """A calendar day in ISO 8601; pydantic's own reading would take ``1700000000`` for a day as well."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        message = "is no day; give one as 2025-01-31"
        raise ValueError(message) from None


Day = Annotated[date, BeforeValidator(_day)]


class LatestArguments(BaseModel):
    """What ``latest`` takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_articles: PositiveInt | None = Field(None, description="how many article pages to ask for at most")


class RecheckArguments(LatestArguments):
    """What ``recheck`` takes."""

    days: PositiveInt = Field(30, le=36500, description="how many days back the articles were published, 30 by default")


class BackfillArguments(LatestArguments):
    """What part of the site's articles ``backfill`` reads."""

    since: Day | None = Field(None, description="first day of publication, as 2025-01-31, in the site's time zone")
    until: Day | None = Field(None, description="last day of publication, as 2025-06-30, in the site's time zone")
    order: Literal["newest", "oldest"] = Field(
        "newest", description="newest or oldest articles first, newest by default"
    )

    @model_validator(mode="after")
    def _in_order(self) -> BackfillArguments:
        if self.since and self.until and self.since > self.until:
            message = f"since={self.since} is after until={self.until}"
            raise ValueError(message)
        return self


MODELS: Mapping[str, type[BaseModel]] = {
    "latest": LatestArguments,
    "backfill": BackfillArguments,
    "recheck": RecheckArguments,
}
"""By the name of the spider."""


def check(spider: str, given: Mapping[str, str]) -> None:
    """Raise ``UsageError`` with one line for arguments that the spider does not take."""
    try:
        MODELS[spider].model_validate(dict(given))
    except ValidationError as error:
        problems = "; ".join(_problem(one["loc"], one["type"], one["msg"], one["input"]) for one in error.errors())
        allowed = ", ".join(f"{name}: {field.description}" for name, field in MODELS[spider].model_fields.items())
        message = f"spider {spider!r} cannot be started: {problems}"
        raise UsageError(message, hint=f"It takes {allowed}") from error


def _problem(place: tuple[int | str, ...], kind: str, message: str, value: object) -> str:
    said = message.removeprefix("Value error, ")
    if not place:
        return said
    if kind == "extra_forbidden":
        return f"there is no argument {place[0]!r}"
    shown = value if str(value).isprintable() else repr(value)
    return f"{place[0]}={shown} {said[0].lower()}{said[1:]}"
