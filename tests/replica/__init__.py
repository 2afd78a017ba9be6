"""A loopback copy, in spirit, of the site: at least sixty articles and the truth about each of them.

``with running(theme="divi4", rest="open") as replica:`` gives ``replica.url``, ``replica.log`` and ``replica.site`` with
``site.truths()`` and ``site.hidden()``. ``python -m tests.replica --help`` starts one by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.replica.options import THEMES, Options
from tests.replica.server import Replica, Server
from tests.replica.site import Site

__all__ = ["THEMES", "Options", "Replica", "Site", "running"]


@contextmanager
def running(*, port: int = 0, **options: Any) -> Iterator[Replica]:
    """Serve a replica on 127.0.0.1 for the time of the block; ``options`` are those of ``Options``."""
    server = Server(Options(**options), port)
    thread = server.start()
    try:
        yield server.replica
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
