"""The examples that end the help of every command."""

from __future__ import annotations

# Tells click to leave the lines of a paragraph as they are.
_VERBATIM = "\b"


def examples(*lines: str) -> str:
    """The epilog of a command: lines to be copied into a shell."""
    return "\n".join((_VERBATIM, "Example:", *(f"  {line}" for line in lines)))
