"""A throw-away WordPress on loopback: MariaDB in a temporary folder, WordPress copied beside it, PHP's built-in server.

Everything runs as a plain user, belongs to one temporary folder, and ends by process id. What the site holds is
filled in by ``fill.py``; nothing here knows the tests.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

HERE = Path(__file__).parent
WORDPRESS = Path("/usr/share/wordpress")
PLAIN_USER = "www-data"
"""MariaDB refuses to run as root, and a web server should."""
WORKERS = 3
START_SECONDS = 60


class CannotStart(RuntimeError):
    """The test bed could not be brought up; the message says what is missing or what a program answered."""


@dataclass(frozen=True, slots=True)
class WordPress:
    """A running site."""

    url: str
    root: Path
    environment: dict[str, str]

    def php(self, script: str, value: Any = None) -> Any:
        """Run one of ``php/*.php`` inside WordPress; JSON goes in on stdin and comes out on stdout."""
        done = subprocess.run(
            [*_php(), str(self.root.parent / "php" / script)],
            cwd=self.root,
            env=self.environment,
            input=json.dumps(value),
            capture_output=True,
            text=True,
            check=False,
            **_plain_user(),
        )
        if done.returncode:
            msg = f"{script} failed: {(done.stderr or done.stdout).strip()[-2000:]}"
            raise CannotStart(msg)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def log(self) -> str:
        """What PHP and WordPress complained about so far."""
        path = Path(self.environment["WORDPRESS_LOG"])
        return path.read_text() if path.exists() else ""


@contextmanager
def wordpress() -> Iterator[WordPress]:
    """An empty WordPress with our post types and themes; everything is gone at the end."""
    _require_programs()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reex-wp-")))
        root = _copy_wordpress(home / "site")
        url = f"http://127.0.0.1:{_free_port()}"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "WORDPRESS_URL": url,
            "WORDPRESS_DB_SOCKET": str(home / "db.sock"),
            "WORDPRESS_LOG": str(home / "debug.log"),
            "PHP_CLI_SERVER_WORKERS": str(WORKERS),
        }
        _give_away(home)
        stack.enter_context(_database(home))
        site = WordPress(url, root, environment)
        site.php("install.php")
        stack.enter_context(_web_server(site, home / "web.log"))
        yield site


def _require_programs() -> None:
    wanted = ("php", "mariadbd", "mariadb", "mariadb-install-db")
    path = os.environ["PATH"] + ":/usr/sbin"
    missing = [name for name in wanted if shutil.which(name, path=path) is None]
    if not (WORDPRESS / "wp-load.php").exists():
        missing.append(str(WORDPRESS))
    if missing:
        msg = f"missing: {', '.join(missing)}; run tests/wordpress/install.sh"
        raise CannotStart(msg)


def _copy_wordpress(root: Path) -> Path:
    # The plain user may not be allowed to read where the tests stand.
    shutil.copytree(HERE / "php", root.parent / "php")
    shutil.copytree(WORDPRESS, root, symlinks=True)
    shutil.copy(HERE / "php" / "wp-config.php", root)
    shutil.copytree(HERE / "mu-plugins", root / "wp-content" / "mu-plugins")
    shutil.copytree(HERE / "themes", root / "wp-content" / "themes", dirs_exist_ok=True)
    (root / "wp-content" / "uploads").mkdir()
    return root


@contextmanager
def _database(home: Path) -> Iterator[None]:
    data, sock, log = home / "db", home / "db.sock", home / "db.log"
    made = subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", "--skip-name-resolve"],
        cwd=home, capture_output=True, text=True, check=False, **_plain_user(),
    )  # fmt: skip
    if made.returncode:
        msg = f"mariadb-install-db failed: {(made.stderr or made.stdout).strip()[-1000:]}"
        raise CannotStart(msg)
    command = [
        shutil.which("mariadbd", path=os.environ["PATH"] + ":/usr/sbin") or "mariadbd",
        "--no-defaults", f"--datadir={data}", f"--socket={sock}", f"--pid-file={home / 'db.pid'}", "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=128M", "--innodb-fast-shutdown=2",
        "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_520_ci",
    ]  # fmt: skip
    with _process(command, log, cwd=home):
        client = ["mariadb", "--no-defaults", f"--socket={sock}", "--user=root"]
        _wait_for(lambda: _succeeds([*client, "--execute=SELECT 1"]), "MariaDB", log)
        subprocess.run([*client, "--execute=CREATE DATABASE wordpress"], check=True)
        yield


@contextmanager
def _web_server(site: WordPress, log: Path) -> Iterator[None]:
    address = site.url.removeprefix("http://")
    command = [*_php(), "-S", address, "-t", str(site.root), str(site.root.parent / "php" / "router.php")]
    with _process(command, log, cwd=site.root, env=site.environment):
        _wait_for(lambda: _answers(site.url), "PHP's web server", log)
        yield


@contextmanager
def _process(command: Sequence[str], log: Path, **options: Any) -> Iterator[None]:
    """A process that lives as long as the block, in a session of its own so that its workers end with it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True, **options, **_plain_user()
        )
        try:
            yield
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()


def _php() -> list[str]:
    # PHP's own warnings would mix with the JSON on stdout; WordPress logs them instead.
    settings = ("display_errors=stderr", "memory_limit=512M", "opcache.enable_cli=1", "date.timezone=UTC")
    return ["php", *(f"-d{setting}" for setting in settings)]


def _plain_user() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam(PLAIN_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _give_away(folder: Path) -> None:
    if os.getuid() == 0:
        subprocess.run(["chown", "--recursive", "--no-dereference", f"{PLAIN_USER}:", str(folder)], check=True)


def _wait_for(ready: Callable[[], bool], what: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            msg = f"{what} did not start within {START_SECONDS} s: {log.read_text(errors='replace').strip()[-1000:]}"
            raise CannotStart(msg)
        time.sleep(0.05)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=START_SECONDS):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
