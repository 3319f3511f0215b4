"""The content security policy of the built pages: nothing from anyone else, no script but ours.

Inline scripts and styles are allowed by their hashes, and only those that the theme puts around a
page's own content: what a snippet printed or an author wrote can add none. All pages carry the
same policy, for instant navigation brings in pages but keeps the first policy. A preview has none:
its live reload is a script that no page of the site knows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from pathlib import Path

PLACEHOLDER = "<!--content-security-policy-->"
LOADING = {
    **dict.fromkeys(("audio", "iframe", "input", "script", "track"), ("src",)),
    **dict.fromkeys(("img", "source"), ("src", "srcset")),
    **{"video": ("src", "poster"), "link": ("href",)},
    "image": ("href", "xlink:href"),
}
"""What loads something, by the attributes that say from where."""
LOADED = {"icon", "manifest", "modulepreload", "preload", "stylesheet"}
"""What a link is to what loads at once."""
FORBIDDEN = {
    "base": "a <base>",
    "embed": "an <embed>",
    "object": "an <object>",
    "style": "a <style>",
}
"""Elements that the policy takes no content's word for."""
POSSIBLE = re.compile(
    rf"<(?:script|link|form|{'|'.join(FORBIDDEN)})\b|<(?:{'|'.join(LOADING)})\b[^>]*//"
    r"|\son[a-z]+\s*=|javascript:|formaction|mermaid",
    re.IGNORECASE,
)
"""What stands in all content of which something could be blocked; it need not be."""


class Policy:
    """What the pages of a site may load and run, gathered while they are built."""

    def __init__(self) -> None:
        self.hashes: dict[str, set[str]] = {"script": set(), "style": set()}
        self.blocked: dict[str, None] = {}
        """What the theme, the configuration or another plugin load from elsewhere."""

    def reserve(self, html: str, content: str = "") -> str:
        """The page with a place for the policy; `content` is the part of it that is not trusted."""
        parser = Inline()
        parser.feed(html.replace(content, "", 1) if content else html)
        parser.close()
        for tag, text in parser.found:
            self.hashes[tag].add(hashed(text))
        self.blocked |= dict.fromkeys(parser.foreign)
        return html.replace("<head>", f"<head>\n{PLACEHOLDER}", 1)

    def write(self, site: Path) -> None:
        """Put the policy into every page that has kept a place for it."""
        element = f'<meta http-equiv="Content-Security-Policy" content="{self.text()}">'
        for path in site.rglob("*.html"):
            html = path.read_text(encoding="utf-8")
            if PLACEHOLDER in html:
                path.write_text(html.replace(PLACEHOLDER, element, 1), encoding="utf-8")

    def text(self) -> str:
        """The policy as an attribute; styles in attributes are allowed, as figures have them."""
        scripts, styles = (
            " ".join(["'self'", *sorted(self.hashes[tag])]) for tag in ("script", "style")
        )
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


class Inline(HTMLParser):
    """Collects the inline scripts and styles of a page; data in a script element is neither."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, str]] = []
        self.foreign: list[str] = []
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.foreign += foreign(tag, given)
        is_data = "json" in (given.get("type") or "") or "src" in given
        self.open = tag if tag in ("script", "style") and not is_data else ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.found.append((self.open, data))

    def handle_endtag(self, tag: str) -> None:
        self.open = ""


def foreign(tag: str, given: dict[str, str | None]) -> Iterator[str]:
    """What an element loads from elsewhere."""
    if tag == "link" and not LOADED & set((given.get("rel") or "").split()):
        return
    for name in LOADING.get(tag, ()):
        said = given.get(name) or ""
        for address in map(str.strip, said.split(",") if name == "srcset" else [said]):
            if address.lower().startswith(("http:", "https:", "//")):
                yield f"<{tag}> from {address}"


def inline(html: str) -> list[tuple[str, str]]:
    """The inline scripts and styles of a page, each with the name of its element."""
    parser = Inline()
    parser.feed(html)
    parser.close()
    return parser.found


class Blocked(HTMLParser):
    """Collects what a page's content wants that the policy will not allow."""

    def __init__(self, has_mermaid: bool) -> None:
        super().__init__()
        self.found: list[str] = []
        self.has_mermaid = has_mermaid

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += foreign(tag, given)
        if not self.has_mermaid and "mermaid" in (given.get("class") or "").split():
            self.found.append("the diagram, which Material draws with a script from elsewhere")
        if tag == "script" and "src" not in given and "json" not in (given.get("type") or ""):
            self.found.append("an inline <script>")
        if tag in FORBIDDEN:
            self.found.append(FORBIDDEN[tag])
        for name, said in attrs:
            address = (said or "").strip().lower()
            if name.startswith("on"):
                self.found.append(f"the handler `{name}` of a <{tag}>")
            elif name in ("href", "xlink:href", "src") and address.startswith("javascript:"):
                self.found.append(f"the script in the address of a <{tag}>")
            elif (tag, name) == ("form", "action") or name == "formaction":
                self.found.append(f"what a form sends to {said}")


def blocked(content: str, has_mermaid: bool = False) -> Iterator[str]:
    """What of a page's content readers will not get because of the policy.

    Material loads Mermaid, which draws diagrams, from elsewhere unless the site has it.
    """
    if POSSIBLE.search(content):
        parser = Blocked(has_mermaid)
        parser.feed(content)
        parser.close()
        yield from dict.fromkeys(parser.found)


def hashed(text: str) -> str:
    """An inline script or style as a policy names it."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
