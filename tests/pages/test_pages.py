"""Nothing on a page goes unrun, and both languages say the same."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from markdown import Markdown

from literate.page.extension import BOOK, LiterateExtension
from literate.page.front_matter import front_matter
from literate.page.location import Place
from literate.page.reading import Reading
from literate.snippet.source import snippet_files

PROJECT = Path(__file__).parent.parent.parent
DOCS = PROJECT / "docs"
LANGUAGES = ("zh", "en")
PAGES = sorted(page for language in LANGUAGES for page in (DOCS / language).rglob("*.md"))
NAMES = sorted({page.relative_to(DOCS / page.relative_to(DOCS).parts[0]) for page in PAGES})
PYTHON = re.compile(r"^[ >]*(?:`{3,}|~{3,})[^\w\n]*i?py.*$", re.IGNORECASE | re.MULTILINE)
HEADING = re.compile(
    r"^(?P<marks>#{1,6}) .*?"
    r"(?:\{[^}\n]*#(?P<id>[\w-]+)[^}\n]*?(?P<depth>\.basic|\.advanced)?[^}\n]*\})?\s*$"
)
BLOCKS = ("snippet", "guess")


def label(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def read(text: str) -> Reading:
    """A page's Markdown with its fences out of the way; no snippet is run for it."""
    place = Place(folder=Path(), matter={})
    md = Markdown(extensions=[*BOOK, LiterateExtension(page=place)], extension_configs=BOOK)
    lines = text.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    return place.reading


def outline(page: Path) -> dict[str, object]:
    matter, text = front_matter(page.read_text(encoding="utf-8"))
    reading = read(text)
    headings = [match for line in reading.plain if (match := HEADING.match(line))]
    blocks = [(item.kind, item.text) for item in reading.candidates if item.kind in BLOCKS]
    values = (item.text for item in reading.candidates if item.kind == "value")
    return {
        "headings": [(len(match["marks"]), match["id"], match["depth"]) for match in headings],
        "blocks": blocks,
        "values": Counter(" ".join(value.split()) for value in values),
        "fences": len([fence for fence in reading.fences.values() if fence.is_python]),
        "prerequisites": matter.get("prerequisites"),
    }


@pytest.mark.parametrize("page", [*PAGES, PROJECT / "README.md"], ids=lambda page: page.stem)
def test_every_python_fence_is_one_that_pytest_codeblocks_runs(page: Path) -> None:
    """It passes over every other spelling in silence."""
    spelled = PYTHON.findall(page.read_text(encoding="utf-8"))
    assert [line for line in spelled if line.strip() != "```python"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_show_each_snippet_that_exists_once(language: str) -> None:
    shown = Counter(
        name
        for page in (DOCS / language).rglob("*.md")
        for kind, name in outline(page)["blocks"]
        if kind == "snippet"
    )
    root = PROJECT / "snippets"
    exist = {path.relative_to(root).as_posix() for path in snippet_files(root)}
    assert shown == Counter(exist)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_both_languages_have_the_same_outline(name: Path) -> None:
    assert outline(DOCS / "zh" / name) == outline(DOCS / "en" / name)


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_the_front_matter_has_title_and_description(page: Path) -> None:
    """MkDocs drops front matter that is not valid YAML without a word."""
    text = page.read_text(encoding="utf-8")
    assert text.startswith("---\n")
    given = yaml.safe_load(text.split("---\n")[1])
    assert given["title"]
    assert len(given["description"]) > 15


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_heading_but_the_title_has_an_id_of_its_own(page: Path) -> None:
    ids = [name for level, name, _ in outline(page)["headings"] if level > 1]
    assert None not in ids
    assert len(ids) == len(set(ids))
