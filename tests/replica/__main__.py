"""``python -m tests.replica``: serve the replica until interrupted, its URL on stdout."""

from __future__ import annotations

import argparse
from dataclasses import fields

from tests.replica.options import THEMES, Options
from tests.replica.server import Server


def main() -> None:
    defaults = {field.name: field.default for field in fields(Options)}
    parser = argparse.ArgumentParser(
        prog="python -m tests.replica",
        description="Serve the bundled replica of the site on 127.0.0.1.",
        epilog="Example: python -m tests.replica --port 8080 --theme divi4 --rest open",
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument("--theme", choices=("mixed", *THEMES), default=defaults["theme"])
    parser.add_argument("--rest", choices=("open", "closed", "absent"), default=defaults["rest"])
    parser.add_argument("--sitemap", choices=("core", "yoast", "none"), default=defaults["sitemap"])
    parser.add_argument("--feed", choices=("ok", "broken", "absent"), default=defaults["feed"])
    parser.add_argument(
        "--comments-per-page",
        type=int,
        default=defaults["comments_per_page"],
        metavar="N",
        help="0 is no paging (default)",
    )
    parser.add_argument("--comments-first", choices=("newest", "oldest"), default=defaults["comments_first"])
    parser.add_argument("--newest-on-top", action="store_true", help="reverse the comments of a page")
    parser.add_argument("--no-seo", dest="seo", action="store_false", help="no JSON-LD, no Open Graph")
    parser.add_argument("--no-gzip", dest="gzip", action="store_false")
    arguments = vars(parser.parse_args())
    server = Server(Options(**{key: value for key, value in arguments.items() if key != "port"}), arguments["port"])
    print(server.replica.url, flush=True)  # noqa: T201 - the address is this command's result
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
