"""The raw archive: every answer as it was received, in WARC files, and the journal of what it was read with."""
