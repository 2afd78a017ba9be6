"""A web site of a few fixed answers on loopback, for what the replica cannot do: refuse, break, lie, and lead away."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic


@dataclass(frozen=True)
class Answer:
    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=UTF-8"


class Fault(Enum):
    """What a site may do instead of answering."""

    HANG = auto()
    """Keep silent until the client gives up."""
    RESET = auto()
    """Break the connection off."""
    CUT = auto()
    """Promise a body and send half of it."""


Reply = Answer | Fault


@dataclass
class Site:
    """``answers`` by path and query; anything else is ``otherwise``.

    Several answers are given one after the other, the last of them from then on; a function gives the answer itself.
    ``asked`` is what was asked for, in order, and ``moments`` when, on the monotonic clock.
    """

    url: str = ""
    answers: dict[str, Reply | list[Reply] | Callable[[], Reply]] = field(default_factory=dict)
    otherwise: Reply = field(default_factory=lambda: Answer("not found", 404))
    asked: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)

    def gaps(self) -> list[float]:
        """Seconds between each request and the next."""
        return [after - before for before, after in zip(self.moments, self.moments[1:], strict=False)]

    def reply(self, path: str) -> Reply:
        found = self.answers.get(path, self.otherwise)
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found() if callable(found) else found


def feed(site: Site, *paths: str) -> Answer:
    """An RSS feed that lists articles of the site."""
    items = "".join(f"<item><title>A</title><link>{site.url}{path}</link></item>" for path in paths)
    return Answer(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="application/rss+xml")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.moments.append(monotonic())
        self.site.asked.append(self.path)
        reply = self.site.reply(self.path)
        self.close_connection = isinstance(reply, Fault)
        match reply:
            case Fault.HANG:
                self.connection.recv(1)
            case Fault.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
            case Fault.CUT:
                self.answer(Answer("<html>"), missing=1000)
            case Answer() as answer:
                self.answer(answer)

    def answer(self, answer: Answer, *, missing: int = 0) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        # The other one adds the true date.
        send = self.send_response_only if "Date" in answer.headers else self.send_response
        send(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body) + missing))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def running(
    answers: Mapping[str, Reply | list[Reply] | Callable[[], Reply]] | None = None, *, otherwise: Reply | None = None
) -> Iterator[Site]:
    site = Site(answers=dict(answers or {}))
    if otherwise is not None:
        site.otherwise = otherwise
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
