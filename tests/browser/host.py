"""A static file server that behaves as the host of a project's pages does."""

from __future__ import annotations

import contextlib
import functools
import gzip
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
SITE_URL = "http://book.localhost/pytorch-training-basics/"
"""Where the tests say that the site stands: below a name that browsers trust without TLS."""
ADDRESS = urlsplit(SITE_URL)
BELOW = ADDRESS.path


@functools.cache
def compressed(file: Path) -> bytes:
    """The file as it is sent; many visits ask for the same."""
    return gzip.compress(file.read_bytes())


class Host(SimpleHTTPRequestHandler):
    """A static host of project pages: a sub-path, gzip, and the root's 404.html."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = Path(self.directory, path.removeprefix(BELOW))
        if path.startswith(BELOW) and file.is_dir() and not path.endswith("/"):
            self.send_response(301)
            self.send_header("Location", f"{path}/")
            self.end_headers()
            return
        file = file / "index.html" if file.is_dir() else file
        found = path.startswith(BELOW) and file.is_file()
        file = file if found else Path(self.directory, "404.html")
        body = compressed(file)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a reader who has gone on
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""
