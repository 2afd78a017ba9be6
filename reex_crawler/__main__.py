"""``python -m reex_crawler`` is ``reex``."""

from __future__ import annotations

from reex_crawler.cli.main import main

main()
