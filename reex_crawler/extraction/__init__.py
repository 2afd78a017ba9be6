"""From pages to an article. Pure: no clock, no network, no settings."""

EXTRACTOR_VERSION = "3"
"""Raised whenever the same page may give another article than before: a difference is then ours, not the site's."""
