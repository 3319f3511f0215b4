"""The policy of the built pages names every inline script and allows nobody else's."""

import base64
import hashlib
from html import unescape
from pathlib import Path

import pytest

from literate.site.csp import Policy, blocked

PAGE = (
    '<html><head>\n<meta charset="utf-8">\n<title>T</title>{head}</head><body>{body}</body></html>'
)
SCRIPT = "let a = 1 && '<b>'"


def named(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def directives(text: str) -> dict[str, list[str]]:
    return {name: words for name, *words in map(str.split, text.split(";"))}


def allowed(page: str, content: str = "") -> dict[str, list[str]]:
    policy = Policy()
    policy.reserve(page, content)
    return directives(unescape(policy.text()))


def test_inline_scripts_and_styles_are_named_and_data_is_not() -> None:
    page = PAGE.format(
        head="<style>p{}</style>",
        body=f"<script>{SCRIPT}</script><script src='a.js'></script>"
        '<script id="c" type="application/json">{"a": 1}</script><p style="color:red">x</p>',
    )
    named_in = allowed(page)
    assert named_in["script-src"] == ["'self'", named(SCRIPT)]
    assert named_in["style-src-elem"] == ["'self'", named("p{}")]
    assert named_in["default-src"] == ["'self'"]
    assert not any(word.startswith("http") for words in named_in.values() for word in words)


def test_what_stands_in_a_pages_content_is_not_allowed() -> None:
    content = "<p>x</p><script>steal()</script><style>p{}</style>"
    page = PAGE.format(head="", body=f"<script>{SCRIPT}</script>{content}")
    assert allowed(page, content)["script-src"] == ["'self'", named(SCRIPT)]
    assert allowed(page, content)["style-src-elem"] == ["'self'"]


def test_code_that_a_page_shows_is_no_script() -> None:
    page = PAGE.format(head="", body="<pre>&lt;script&gt;x&lt;/script&gt;</pre>")
    assert allowed(page)["script-src"] == ["'self'"]


def test_what_the_theme_loads_from_elsewhere_is_named_once() -> None:
    policy = Policy()
    head = (
        '<link rel="stylesheet" href="https://a.example/x.css">'
        '<link rel="canonical" href="https://own.example/">'
        '<script src="https://a.example/m.js"></script>'
    )
    for _ in range(2):
        policy.reserve(PAGE.format(head=head, body='<img src="https://a.example/i.png">'))
    assert list(policy.blocked) == [
        "<link> from https://a.example/x.css",
        "<script> from https://a.example/m.js",
        "<img> from https://a.example/i.png",
    ]


def test_all_pages_carry_one_policy_before_anything_that_it_governs(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    policy = Policy()
    for name, number in (("index.html", "1"), ("en/index.html", "2")):
        page = PAGE.format(head="", body=f"<script>{number}</script>")
        (tmp_path / name).write_text(policy.reserve(page))
    policy.write(tmp_path)
    heads = {path.read_text().partition("<title>")[0] for path in tmp_path.rglob("*.html")}
    [head] = heads
    assert 'http-equiv="Content-Security-Policy"' in head
    assert named("1") in head
    assert named("2") in head


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('<iframe src="https://a.example/v"></iframe>', "<iframe> from https://a.example/v"),
        ('<img src="//a.example/i.png">', "<img> from //a.example/i.png"),
        ("<script>1</script>", "an inline <script>"),
        ("<style>p { color: red }</style>", "a <style>"),
        ('<object data="own.svg"></object>', "an <object>"),
        ('<base href="/">', "a <base>"),
        ('<p onclick="go()">x</p>', "the handler `onclick` of a <p>"),
        ('<a href="javascript:go()">x</a>', "the script in the address of a <a>"),
        ('<form action="/ask"></form>', "what a form sends to /ask"),
        (
            '<img srcset="a.png 1x, https://a.example/b.png 2x">',
            "<img> from https://a.example/b.png 2x",
        ),
    ],
)
def test_what_readers_would_not_get_is_told(content: str, what: str) -> None:
    assert list(blocked(f"<p>x</p>{content}")) == [what]
    assert list(blocked('<img src="a.png"><a href="https://a.example/">x</a>')) == []


def test_a_diagram_is_told_unless_the_site_has_what_draws_it() -> None:
    content = '<pre class="mermaid"><code>graph LR</code></pre>'
    (told,) = blocked(content)
    assert "diagram" in told
    assert list(blocked(content, has_mermaid=True)) == []
    assert list(blocked("<p>mermaid</p>")) == []


@pytest.mark.parametrize(
    "content",
    [
        "<img src='https://example.org/a.png'>",
        "<img src=//example.org/a.png>",
        '<img srcset="https://example.org/a.png 2x" src="a.png">',
        '<video poster="HTTPS://example.org/a.png"></video>',
    ],
)
def test_what_comes_from_elsewhere_is_named_however_it_is_written(content: str) -> None:
    (told,) = blocked(f"<p>x</p>{content}")
    assert "example.org/a.png" in told
