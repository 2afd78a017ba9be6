"""An archive of one WordPress news site: articles, authors and comments as true rows."""

__version__ = "0.1.0"
