"""The policy of the built pages names every inline script and allows nobody else's."""

import base64
import hashlib
from pathlib import Path

from literate.site.csp import policy, write_policy

PAGE = (
    '<html><head>\n<meta charset="utf-8">\n<title>T</title>{head}</head><body>{body}</body></html>'
)
SCRIPT = "let a = 1 && '<b>'"


def named(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def directives(text: str) -> dict[str, list[str]]:
    return {name: words for name, *words in map(str.split, text.split(";"))}


def test_inline_scripts_and_styles_are_named_and_data_is_not() -> None:
    page = PAGE.format(
        head="<style>p{}</style>",
        body=f"<script>{SCRIPT}</script><script src='a.js'></script>"
        '<script id="c" type="application/json">{"a": 1}</script><p style="color:red">x</p>',
    )
    allowed = directives(policy([page]))
    assert allowed["script-src"] == ["'self'", named(SCRIPT)]
    assert allowed["style-src-elem"] == ["'self'", named("p{}")]
    assert allowed["default-src"] == ["'self'"]
    assert not any(word.startswith("http") for words in allowed.values() for word in words)


def test_code_that_a_page_shows_is_no_script() -> None:
    page = PAGE.format(head="", body="<pre>&lt;script&gt;x&lt;/script&gt;</pre>")
    assert directives(policy([page]))["script-src"] == ["'self'"]


def test_all_pages_carry_one_policy_before_anything_that_it_governs(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "index.html").write_text(PAGE.format(head="", body="<script>1</script>"))
    (tmp_path / "en" / "index.html").write_text(PAGE.format(head="", body="<script>2</script>"))
    write_policy(tmp_path)
    heads = {path.read_text().partition("<title>")[0] for path in tmp_path.rglob("*.html")}
    [head] = heads
    assert head.index("charset") < head.index('http-equiv="Content-Security-Policy"') < 200
    assert named("1") in head
    assert named("2") in head
