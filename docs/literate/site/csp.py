"""The content security policy of the built pages: nothing from anyone else, no script but ours.

All pages carry the same one, for instant navigation brings in pages but keeps the first policy. A
preview has none: its live reload is a script that no page of the site knows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

INLINE = re.compile(r"<(?P<tag>script|style)\b(?P<attributes>[^>]*)>(?P<text>.*?)</(?P=tag)>", re.S)
DATA = re.compile(r"""\b(?:src|type=["']?application/json)\b""")
HEAD = re.compile(r'<head>\s*<meta charset="?utf-8"?\s*/?>', re.I)


def write_policy(site: Path) -> None:
    """Put the policy into every page of a built site."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    element = f'<meta http-equiv="Content-Security-Policy" content="{policy(pages.values())}">'
    for path, html in pages.items():
        path.write_text(
            HEAD.sub(lambda head: f"{head[0]}\n      {element}", html, count=1), encoding="utf-8"
        )


def policy(pages: Iterable[str]) -> str:
    """What the pages of a site may load and run; inline scripts and styles by their hashes.

    Styles in attributes are allowed, as figures and tables have them.
    """
    hashes: dict[str, set[str]] = {"script": set(), "style": set()}
    for html in pages:
        for inline in INLINE.finditer(html):
            if not DATA.search(inline["attributes"]):
                hashes[inline["tag"]].add(hashed(inline["text"]))
    scripts, styles = (" ".join(["'self'", *sorted(hashes[tag])]) for tag in ("script", "style"))
    return escape(
        "default-src 'self'; "
        f"script-src {scripts}; "
        "style-src 'self' 'unsafe-inline'; "
        f"style-src-elem {styles}; "
        "img-src 'self' data:; "
        "object-src 'none'; "
        "base-uri 'none'; "
        "form-action 'none'",
        quote=False,
    )


def hashed(text: str) -> str:
    """An inline script or style as a policy names it."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
