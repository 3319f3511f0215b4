"""What other programs meet: previews of shared links, and machines that read Markdown."""

from __future__ import annotations

import re
import struct
from html import unescape
from pathlib import Path

import pytest
import yaml
from host import ADDRESS
from visit import PATHS

HOME = ADDRESS.geturl()
META = re.compile(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">')
ENTRY = re.compile(r"^- \[(?P<title>.+)\]\((?P<address>\S+)\): (?P<description>.+)$", re.MULTILINE)


@pytest.mark.parametrize("path", PATHS)
def test_a_shared_page_says_what_it_is(site: Path, path: str) -> None:
    found = META.findall((site / path / "index.html").read_text(encoding="utf-8"))
    meta = {name: unescape(content) for name, content in found}
    english = path.startswith("en/")
    assert meta["og:title"].endswith(" - Measured Descent" if english else " - 步步为证") or (
        path in ("", "en/")
    )
    assert meta["og:description"] == meta["description"]
    assert meta["og:url"] == HOME + path
    assert [meta["og:locale"], meta["og:locale:alternate"]] == (
        ["en_GB", "zh_CN"] if english else ["zh_CN", "en_GB"]
    )
    assert meta["twitter:card"] == "summary_large_image"
    assert meta["og:image"] == f"{HOME}{path}card.png"
    card = (site / path / "card.png").read_bytes()
    assert card.startswith(b"\x89PNG")
    assert struct.unpack(">II", card[16:24]) == (1200, 630)
    assert len(card) < 300_000


@pytest.mark.parametrize("edition", ["", "en/"])
def test_machines_find_every_page_as_markdown(site: Path, edition: str) -> None:
    text = (site / edition / "llms.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.splitlines()[2].startswith("> ")
    entries = [match.groupdict() for match in ENTRY.finditer(text)]
    paths = [path for path in PATHS if path.startswith("en/") == (edition == "en/")]
    assert {entry["address"] for entry in entries} == {f"{HOME}{path}index.md" for path in paths}
    for entry in entries:
        page = site / entry["address"].removeprefix(HOME)
        _, matter, markdown = page.read_text(encoding="utf-8").split("---\n", 2)
        assert yaml.safe_load(matter) == {
            "title": entry["title"],
            "description": entry["description"],
        }
        assert re.search(r"^# ", markdown, re.MULTILINE)
