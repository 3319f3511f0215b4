"""Lighthouse's scores of the built site, as a table; fails below what the site promises.

    python tests/lighthouse.py [--few] [--noisy] [site]

Needs npm and Chromium; Lighthouse itself comes from the npm registry, once, into .cache. Other
work on the machine lowers the performance that is measured, so a page that falls short is looked
at three times, and the median counts; with --noisy it is shown, yet no page is held to it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from host import BELOW, Host  # noqa: E402 (beside the other tests of the site)
from visit import PATHS  # noqa: E402

VERSION = "12.8.2"
FOLDER = ROOT / ".cache" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLOORS = {"desktop": (100, 100, 100, 100), "mobile": (95, 100, 100, 100)}
FEW = {"desktop": ("", "sgd/", "en/initialisation/"), "mobile": ("", "losses/", "en/optimizers/")}
LOOKS = 3


@dataclass(frozen=True)
class Scores:
    """What Lighthouse says of a page: a score a category, and the audits that cost points."""

    values: tuple[int, ...]
    audits: list[str]


def main() -> int:
    """Print the table; 1 when a score is too low."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", nargs="?", type=Path, default=ROOT / "site")
    parser.add_argument("--few", action="store_true", help="a page of each kind, not every page")
    parser.add_argument("--noisy", action="store_true", help="hold no page to its performance")
    asked = parser.parse_args()
    pages = FEW if asked.few else dict.fromkeys(FLOORS, PATHS)
    install()
    begun = time.monotonic()
    low = 0
    print(f"{'page':22} {'device':8} perf  a11y  best   seo  what costs points")
    with serving(asked.site) as address:
        for device, paths in pages.items():
            for path in paths:
                floors = (0, *FLOORS[device][1:]) if asked.noisy else FLOORS[device]
                scores = measured(f"{address}{path}", device, floors[0])
                short = any(s < f for s, f in zip(scores.values, floors, strict=True))
                low += short
                row = "  ".join(f"{value:4}" for value in scores.values)
                said = ", ".join(scores.audits) if short else ""
                print(f"{path or '/':22} {device:8} {row}  {said}", flush=True)
    print(f"{time.monotonic() - begun:.0f} s, {low} too low")
    return low > 0


def install() -> None:
    """Have this version of Lighthouse in the cache."""
    manifest = FOLDER / "node_modules" / "lighthouse" / "package.json"
    if manifest.exists() and json.loads(manifest.read_text())["version"] == VERSION:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", FOLDER, "--no-audit", "--no-fund", "--silent"]
    subprocess.run([*command, f"lighthouse@{VERSION}"], check=True)


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve the site as its host does; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BELOW}"
        server.shutdown()


def measured(address: str, device: str, floor: int) -> Scores:
    """The scores of a page; of performance, when it falls short, the median of three."""
    scores = look(address, device)
    performance = [scores.values[0]]
    while performance[0] < floor and len(performance) < LOOKS:
        performance.append(look(address, device).values[0])
    return Scores((int(statistics.median(performance)), *scores.values[1:]), scores.audits)


def look(address: str, device: str) -> Scores:
    """Have Lighthouse look at a page once."""
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), "")
    command = [
        FOLDER / "node_modules" / ".bin" / "lighthouse",
        address,
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-background-networking",
        "--output=json",
        "--quiet",
        *(["--preset=desktop"] if device == "desktop" else []),
    ]
    environment = os.environ | {"CHROME_PATH": browser}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(run.stdout)
    categories = [report["categories"][name] for name in CATEGORIES]
    weights = {ref["id"]: ref["weight"] for category in categories for ref in category["auditRefs"]}
    audits = [
        f"{name} {audit.get('displayValue') or ''}".strip()
        for name, audit in report["audits"].items()
        if weights.get(name) and audit["score"] is not None and audit["score"] < 1
    ]
    return Scores(tuple(round(100 * category["score"]) for category in categories), audits)


if __name__ == "__main__":
    sys.exit(main())
