"""The site as its host will serve it, below a sub-path and with gzip, read in a real Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from filelock import FileLock
from host import ADDRESS, BELOW, ROOT, SITE_URL, Host
from playwright.sync_api import Browser, expect
from visit import Visit


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The whole site, built strictly and without a warning, once for all who test at a time."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)]
    known = {"SITE_URL": SITE_URL, "REPO_URL": "https://github.com/reader/book"}
    with FileLock(shared / "site.lock"):
        if not folder.exists():
            run = subprocess.run(
                command,
                cwd=ROOT,
                env=os.environ | known,
                capture_output=True,
                text=True,
                check=False,
            )
            if run.returncode:
                pytest.fail(f"mkdocs build --strict failed:\n{run.stderr[-4000:]}", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def port(site: Path) -> Iterator[int]:
    """Where the site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser], port: int) -> Browser:
    """Chromium, for which the site stands at its public address."""
    return launch(f"--host-resolver-rules=MAP {ADDRESS.hostname}:80 127.0.0.1:{port}")


PATIENCE = 60_000
"""How many milliseconds a page may take for an answer: many tests share a machine."""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Begin a visit, with the options of a browser context."""
    contexts = []
    expect.set_options(timeout=PATIENCE)

    def begin(**options: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Visit(context.new_page(), f"http://{ADDRESS.hostname}{BELOW}")

    yield begin
    for context in contexts:
        context.close()
