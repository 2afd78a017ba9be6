"""A connection to PostgreSQL that waits for an answer for so long and no longer.

The limits that the server keeps are no help where the server itself hangs. Imported with the first such connection.
"""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg import Connection, OperationalError, errors
from psycopg.abc import PQGen

_T = TypeVar("_T")
# As in psycopg: how often it looks whether it was interrupted.
_INTERVAL = 0.1


class PatientConnection(Connection[Any]):
    """Gives up a server that is silent for longer than its ``patience`` (seconds; none: it waits for ever).

    Raises ``OperationalError``, and is closed then: what the server did with the last statement is not known.
    """

    patience: float | None = None

    def wait(self, gen: PQGen[_T], interval: float = _INTERVAL, timeout: float | None = None) -> _T:
        """Wait for the end of an exchange with the server; a ``timeout`` of the caller comes before the patience."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except errors._WaitTimeout as error:  # noqa: SLF001 - what psycopg raises for its own parameter
            self.pgconn.finish()
            message = f"no answer within {self.patience:g} seconds"
            raise OperationalError(message) from error
