from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        ("REEX_DATABASE_URL", "hunter2", "is not a database address"),
        ("REEX_DATABASE_URL", "host=db password=hunter2.db", "Try sqlite:///data/reex.db"),
        ("REEX_DATABASE_URL", "data/demo.db", "Try sqlite:///data/demo.db or"),
        ("REEX_DATABASE_URL", "/var/lib/demo.sqlite", "Try sqlite:////var/lib/demo.sqlite or"),
        ("REEX_DATABASE_URL", "sqlite://", "in memory"),
        ("REEX_DATABASE_URL", "sqlite:///", "in memory"),
        ("REEX_DATABASE_URL", "sqlite:///:memory:", "in memory"),
        ("REEX_DATABASE_URL", "sqlite://data/reex.db", "three slashes"),
        ("REEX_DATABASE_URL", "sqlite:///data/reex.db?mode=ro", "options of SQLite"),
        ("REEX_DATABASE_URL", "sqlite:///file:reex.db?uri=true", "options of SQLite"),
        ("REEX_DATABASE_URL", "postgresql+asyncpg://me:hunter2@db/x", "postgresql+asyncpg"),
        ("REEX_DATABASE_URL", "postgresql://me@db/x?password=hunter2", "PGPASSFILE"),
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


@pytest.mark.parametrize("letter", "@:/?#[]")
@pytest.mark.parametrize("address", ["u:se{}cret@127.0.0.1:1/x", "u{}ser:secret@db/x", "u:{}secret@/x?host=/run"])
def test_a_delimiter_in_a_password_is_refused_and_nothing_of_the_address_shown(address: str, letter: str) -> None:
    for scheme in ("postgresql", "postgresql+psycopg"):
        with pytest.raises(ConfigError) as caught:
            from_env({"REEX_DATABASE_URL": f"{scheme}://{address.format(letter)}"}, default_site_url=SITE)
        line = str(caught.value)
        assert line.startswith(f"REEX_DATABASE_URL ({scheme}://…) has one of ")
        assert "%40" in line
        assert "PGPASSFILE" in line
        assert not [part for part in ("se", "cret", "127.0.0.1", "db/x", "/run") if part in line.replace("user", "")]


@settings(deadline=None)
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_password_that_is_percent_encoded_is_read_as_it_is(password: str) -> None:
    address = f"postgresql://me:{quote(password, safe='')}@db/reex?sslmode=require"
    url = from_env({"REEX_DATABASE_URL": address}, default_site_url=SITE).database_url
    assert (url.password, url.host) == (password, "db")
    again = from_env({"REEX_DATABASE_URL": url.render_as_string(hide_password=False)}, default_site_url=SITE)
    assert again.database_url == url


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///reex",
        "postgresql:///reex?user=me@x",
        "postgresql://me@/reex?host=/run/db",
        "postgres://[::1]:5432/x",
    ],
)
def test_an_address_that_can_be_read_one_way_only_is_taken(address: str) -> None:
    assert from_env({"REEX_DATABASE_URL": address}, default_site_url=SITE).database_url.get_backend_name()


def test_a_file_is_taken_whatever_its_name_holds() -> None:
    url = from_env({"REEX_DATABASE_URL": "sqlite:////home/me@work/a:b#1.db"}, default_site_url=SITE).database_url
    assert url.database == "/home/me@work/a:b#1.db"
