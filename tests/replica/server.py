"""The replica on a loopback socket, with a log of every request it answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from tests.replica.answer import Request
from tests.replica.options import Options
from tests.replica.site import Site


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as it came in, and the status it got."""

    method: str
    target: str
    time: datetime
    headers: dict[str, str]
    """By lower-case name."""
    status: int


@dataclass(slots=True)
class Replica:
    """A running replica. Replace ``site`` to edit it while it runs."""

    site: Site
    log: list[Logged] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.site.base

    def asked(self) -> list[str]:
        """The targets asked for, in order."""
        return [entry.target for entry in self.log]


class Server(ThreadingHTTPServer):
    """``ThreadingHTTPServer`` bound to 127.0.0.1; ``replica`` holds the site and the log."""

    daemon_threads = True

    def __init__(self, options: Options, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.replica = Replica(Site(options, f"http://127.0.0.1:{self.server_address[1]}"))
        self.lock = Lock()

    def start(self) -> Thread:
        """Serve in a thread of its own until ``shutdown``."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        return thread


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    # Headers and body go out in two writes; with Nagle's algorithm the second would wait for an acknowledgement.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        request = Request(
            method=self.command, target=self.path, headers={name.lower(): value for name, value in self.headers.items()}
        )
        answer = self.server.replica.site.answer(request)
        with self.server.lock:
            self.server.replica.log.append(
                Logged(self.command, self.path, datetime.now(UTC), dict(request.headers), answer.status)
            )
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Say nothing: the log is in memory."""
