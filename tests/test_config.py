from __future__ import annotations

from pathlib import Path

import pytest

from reex_crawler.config import from_env
from reex_crawler.errors import ConfigError

SITE = "https://example.com"


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    config = from_env({}, default_site_url=SITE)
    assert config.site_url == SITE
    assert config.database_url.render_as_string() == "sqlite:///data/reex.db"
    assert config.archive_dir == Path("data/warc")
    assert config.contact is None


def test_a_bare_postgresql_address_means_psycopg_3() -> None:
    config = from_env({"REEX_DATABASE_URL": "postgresql://me@db/reex"}, default_site_url=SITE)
    assert config.database_url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("REEX_SITE_URL", "rareearth", "'rareearth'"),
        ("REEX_SITE_URL", "ftp://example.com", "'ftp://example.com'"),
        ("REEX_SITE_URL", "http://[::1", "http://[::1"),
        ("REEX_DATABASE_URL", "no database", "REEX_DATABASE_URL"),
        ("REEX_DATABASE_URL", "mysql://root:hunter2@db/x", "mysql"),
        ("REEX_DATABASE_URL", "postgres:hunter2@db/x", "REEX_DATABASE_URL"),
        ("REEX_DATABASE_URL", "postgresql://me:hunter2@db:port/x", "REEX_DATABASE_URL"),
        ("REEX_CONTACT", "me\r\nX-Evil: 1", "REEX_CONTACT"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_try_and_no_password(variable: str, value: str, named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_env({variable: value}, default_site_url=SITE)
    line = str(caught.value)
    assert variable in line
    assert named in line
    assert caught.value.hint
    assert "hunter2" not in line
    assert "\n" not in line
    assert caught.value.exit_code == 2
