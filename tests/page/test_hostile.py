"""Whatever a snippet prints, leaves or is called is text on the page: it runs nothing, all stays.

One site has it in every way from a snippet to a page, and is opened once in Chromium.
"""

import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page

from literate.page.text import shown

RUNS = "window.ran=1"
TEXTS = [
    f"<script>{RUNS}</script>",
    f"<img src=x onerror={RUNS}>",
    f'"><svg onload={RUNS}>',
    f"' onmouseover={RUNS} autofocus onfocus={RUNS} x='",
    '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
    f"</samp></pre></code></td></table></figure><script>{RUNS}</script>",
    f"[a](javascript:{RUNS}) ![b](x) <javascript:{RUNS}> http://x.org",
    "<style>*{display:none}</style>",
    "<pad> <eos> List<int> <lambda> __init__ **b** _i_ ~~s~~ `c`",
    "\x02wzxhzdk:1\x03 \x02klzzwxh:0001\x03 \x02amp\x03 \x0242\x03",
    "<!--taken 99--> <!-- x --> --> <![CDATA[ x ]]> <?php x ?>",
    "{{ a.py: x }} {% raw %} $x$ $$y$$ \\(z\\) /// snippet | a.py",
    "nul \x00 bell \x07 del \x7f vt \x0b ff \x0c",
    "\u202eright to left\u202c \u2066isolate\u2069 \u05d0\u05d1 \u200b\ufeff",
    "&amp; &lt;b&gt; &#60; &nbsp; &notanentity; &#2;",
    "# heading {: onclick=x } --- *** [^1] | bar | \\ backslash",
    "\U0001d11e \U0001f469\u200d\U0001f52c e\u0301 \u4f60\u597d",
    "wordzl0r0z z00000000r0z z00000000d1z",
]


def odd(seed: int) -> str:
    """A text put together from pieces of the others and any characters, on one line."""
    chance = random.Random(seed)
    parts = []
    for _ in range(6):
        text = chance.choice(TEXTS)
        start = chance.randrange(len(text))
        parts.append(text[start : start + chance.randrange(1, 20)])
        parts.append(chr(chance.choice([chance.randrange(0x20, 0x250), chance.randrange(0xA000)])))
    return "".join(part for part in parts if part not in "\n\r\x1b\x08\x85\u2028\u2029").strip()


ALL = [*TEXTS, *(odd(seed) for seed in range(40))]
LINES = [
    text
    for text in ALL
    if not set(text) & set("\n\r\x1b\x08") and not any(0xD800 <= ord(c) < 0xE000 for c in text)
]


def clean(text: str) -> str:
    """How a text reads on a page."""
    return " ".join(shown(text).split())


SNIPPET = '''
"""Docstring {claim}."""

import matplotlib.pyplot as plt

TEXTS = {texts!r}
values = dict(enumerate(TEXTS))
for text in TEXTS:
    print(text)
print()
print("| text | number |")
print("|---|---|")
for number, text in enumerate(TEXTS):
    print("| x" + text.replace("|", "\\\\|") + "x | " + f"{{number}} |")

# %%
for label in TEXTS[:8]:
    plt.figure("x" + label)
    plt.plot([0, 1])
    plt.text(0.2, 0.5, label.translate({{n: "." for n in (0, 11, 12)}}), parse_math=False)
'''
PAGE = """# Hostile

/// snippet | a b's <x>&.py
    knob: {knob}
    does: {does}
    alt: {alt}

Caption.
///

{values}
"""


@pytest.fixture(scope="module")
def page(
    launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The site's one page, open in Chromium, without a content policy to help."""
    project = tmp_path_factory.mktemp("hostile")
    (project / "docs").mkdir()
    (project / "snippets").mkdir()
    name = "a b's <x>&.py"
    claim = TEXTS[0].replace("\\", "")
    (project / "snippets" / name).write_text(SNIPPET.format(texts=LINES, claim=claim).lstrip())
    quoted = {key: json.dumps(TEXTS[at]) for key, at in (("knob", 1), ("does", 2), ("alt", 0))}
    values = "\n\n".join(f"v{n} {{{{ {name}: values[{n}] }}}}" for n in range(len(LINES)))
    (project / "docs" / "index.md").write_text(PAGE.format(values=values, **quoted))
    settings = {
        "site_name": "Hostile",
        "site_url": "",
        "theme": {"name": "material", "font": False},
        "plugins": [{"literate": {"limits": {"seconds": 300}}}],
        "markdown_extensions": ["tables", "pymdownx.superfences", "attr_list", "md_in_html"],
    }
    (project / "mkdocs.yml").write_text(yaml.safe_dump(settings))
    config = load_config(str(project / "mkdocs.yml"), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    handler = partial(SimpleHTTPRequestHandler, directory=str(project / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        opened = launch().new_page()
        opened.goto(f"http://127.0.0.1:{server.server_port}/")
        opened.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        yield opened
        opened.close()
        server.shutdown()


def test_nothing_runs(page: Page) -> None:
    page.mouse.move(300, 300)
    for element in page.locator(".md-content *:visible").all()[:40]:
        element.hover(force=True, timeout=5000)
    assert page.evaluate("window.ran") is None
    assert page.locator(".md-content :is(script, iframe, style, img)").count() == 0
    assert page.locator(".md-content *").evaluate_all(
        "all => all.flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    ) == []  # fmt: skip


def test_no_printed_line_is_lost(page: Page) -> None:
    printed = page.locator(".snippet__printed").all_text_contents()
    said = [" ".join(line.split()) for line in "".join(printed).split("\n")]
    assert [line for line in map(clean, LINES) if line not in said] == []


def test_no_cell_is_lost(page: Page) -> None:
    cells = page.locator(".snippet__table td:first-child").all_text_contents()
    assert [" ".join(cell.split()) for cell in cells] == [clean(f"x{text}x") for text in LINES]


def test_no_value_is_lost(page: Page) -> None:
    values = page.locator("data.value")
    said = [" ".join(text.split()) for text in values.all_text_contents()]
    assert said == [clean(text) for text in LINES]
    kept = values.evaluate_all("all => all.map(value => value.value)")
    assert kept == [shown(text) for text in LINES]


def test_no_label_and_no_name_is_lost(page: Page) -> None:
    slider = page.locator(".snippet__sweep input").first
    labels = json.loads(slider.get_attribute("data-labels") or "")
    assert labels == [shown(f"x{text}") for text in LINES[:8]]
    assert TEXTS[1] in page.locator(".snippet__knob").first.inner_text()
    assert page.locator(".snippet svg").first.get_attribute("aria-label") == TEXTS[0]
    assert page.locator(".snippet summary").first.inner_text() == TEXTS[2]
    name = page.locator(".snippet__run a").first.get_attribute("href") or ""
    answer = page.request.get(f"{page.url}{name}")
    assert answer.ok
    code = page.locator(".snippet code[data-before]").first.text_content() or ""
    assert unicodedata.normalize("NFC", code) == unicodedata.normalize("NFC", answer.text())
