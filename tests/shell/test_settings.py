from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from reex_crawler import __version__, settings
from reex_crawler.errors import ConfigError
from tests.shell.running import ROOT


@pytest.fixture
def project() -> Settings:
    made = Settings()
    made.setmodule(settings, priority="project")
    return made


@pytest.mark.parametrize(
    "door",
    ["TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED", "REFERER_ENABLED", "METAREFRESH_ENABLED"],
)
def test_a_door_that_is_not_needed_is_closed(project: Settings, door: str) -> None:
    assert project.getbool(door) is False


def test_certificates_are_verified(project: Settings) -> None:
    assert project.getbool("DOWNLOAD_VERIFY_CERTIFICATES") is True


@pytest.mark.parametrize("scheme", ["data", "file", "ftp", "s3"])
def test_only_http_is_read(project: Settings, scheme: str) -> None:
    assert project.getdict("DOWNLOAD_HANDLERS")[scheme] is None


def test_one_request_a_second_on_one_connection(project: Settings) -> None:
    assert project.getfloat("DOWNLOAD_DELAY") >= 1
    assert project.getfloat("DOWNLOAD_DELAY_JITTER") == 0
    assert project.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert project.getbool("ROBOTSTXT_OBEY") is True


def test_one_page_cannot_fill_the_memory(project: Settings) -> None:
    assert project.getint("DOWNLOAD_MAXSIZE") <= 10 * 1024 * 1024
    assert project.getint("MEMUSAGE_LIMIT_MB") == 512


def imported(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    code = "import reex_crawler.settings as s; print(s.USER_AGENT)"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT)} | environ,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_user_agent_says_who_asks_and_whom_to_write_to(tmp_path: Path) -> None:
    assert imported(tmp_path).stdout == f"reex_crawler/{__version__}\n"
    assert (
        imported(tmp_path, REEX_CONTACT="ops@example.org").stdout == f"reex_crawler/{__version__} (+ops@example.org)\n"
    )


def test_importing_the_settings_writes_nothing(tmp_path: Path) -> None:
    assert imported(tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_environment_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = imported(tmp_path, REEX_SITE_URL="rareearth")
    assert done.returncode == 2
    assert (
        done.stderr
        == "error: REEX_SITE_URL is not a web address: 'rareearth'. Give scheme and host, such as https://rareearthexchanges.com\n"
    )


def test_a_value_given_with_s_goes_before_the_environment(project: Settings) -> None:
    project.set("REEX_SITE_URL", "http://127.0.0.1:8000/", priority="cmdline")
    project.set("REEX_DATABASE_URL", "postgresql://me:secret@host/db", priority="cmdline")
    config = settings.config(project)
    assert config.site_url == "http://127.0.0.1:8000"
    assert config.database_url.drivername == "postgresql+psycopg"
    assert config.database_url.password == "secret"


def test_a_wrong_value_given_with_s_is_told(project: Settings) -> None:
    project.set("REEX_SITE_URL", "nowhere", priority="cmdline")
    with pytest.raises(ConfigError, match="REEX_SITE_URL"):
        settings.config(project)


def test_the_password_of_the_database_is_in_no_printed_setting(tmp_path: Path) -> None:
    code = "import reex_crawler.settings as s; print(s.REEX_DATABASE_URL, repr(s.REEX_DATABASE_URL))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT), "REEX_DATABASE_URL": "postgresql://me:secret@host/db"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "secret" not in done.stdout
