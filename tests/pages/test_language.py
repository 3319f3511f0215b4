"""One spelling throughout, and one word for one thing."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parent.parent.parent
DOCS = PROJECT / "docs"
NOT_PROSE = re.compile(
    r"^ *(`{3,}|~{3,}).*?^ *\1 *$|`[^`\n]+`|\{\{.*?\}\}|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)\n]*\)"
    r"|https?://\S+|<!--.*?-->|\{ ?[#.:][^}\n]*\}|\*[^*\n]+\*|/{3,} \w+ \|[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
BOTH = {
    "practice",
    "program",
    "programs",
    "meter",
    "meters",
    "check",
    "checks",
    "practices",
    "license",
    "tire",
}
"""Words that are right in British English too, in another sense."""
TORCH = re.compile(r"optimiz")
"""Spelled as torch.optim's classes are, in the pages as in the code."""


def american() -> dict[str, str]:
    """American spellings and the British ones, as codespell lists them."""
    listed = files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = [line.split("->") for line in listed.read_text(encoding="utf-8").splitlines() if line]
    spelled = {us.split(",")[0].strip(): gb for gb, us in pairs}
    return {us: gb for us, gb in spelled.items() if us not in BOTH and not TORCH.match(us)}


def prose(page: Path) -> str:
    """The page's sentences; sources are in their own spelling, and the search in the readers'."""
    text = page.read_text(encoding="utf-8")
    matter, _, body = (
        text.removeprefix("---\n").partition("\n---\n") if text[:4] == "---\n" else ("", "", text)
    )
    said = yaml.safe_load(matter) or {}
    body = re.split(r"^## .*\{ #sources", body, maxsplit=1, flags=re.MULTILINE)[0]
    return f"{said.get('title', '')}\n{said.get('description', '')}\n{NOT_PROSE.sub(' ', body)}"


@pytest.mark.parametrize("page", sorted((DOCS / "en").glob("*.md")), ids=lambda page: page.stem)
def test_english_is_spelled_the_british_way(page: Path) -> None:
    words = american()
    assert len(words) > 500
    assert len(prose(page)) > len(page.read_text(encoding="utf-8")) / 6
    found = {
        word for word in re.findall(r"[a-z]+(?:-[a-z]+)*", prose(page).lower()) if word in words
    }
    assert {word: words[word] for word in sorted(found)} == {}


CHINESE = {
    "样例": "样本",
    "基准": "基线",
    "精度": "准确率",
    "丢弃法": "暂退法",
    "类别下标": "类别索引",
    "您": "你",
    "朴素": "普通",
    "构造器": "构造函数",
}
"""What the book does not say, and what it says for it; the glossary names both once."""


@pytest.mark.parametrize(
    "page",
    [
        page
        for page in sorted((DOCS / "zh").glob("*.md"))
        if page.stem not in ("glossary", "errata")
    ],
    ids=lambda page: page.stem,
)
def test_chinese_has_one_word_for_one_thing(page: Path) -> None:
    text = prose(page).replace("又称丢弃法", "")
    assert len(text) > len(page.read_text(encoding="utf-8")) / 6
    assert {word: text.count(word) for word in CHINESE if word in text} == {}


@pytest.mark.parametrize("page", sorted((DOCS / "zh").glob("*.md")), ids=lambda page: page.stem)
def test_no_space_stands_between_chinese_and_latin_text(page: Path) -> None:
    pattern = re.compile(r"[\u4e00-\u9fff] +[A-Za-z0-9]|[A-Za-z0-9] +[\u4e00-\u9fff]")
    spaced = [
        line
        for line in NOT_PROSE.sub("§", page.read_text("utf-8")).splitlines()
        if pattern.search(line)
        and not re.match(r"\s*>|\s*(asked|does|alt|knob|columns|[\w-]+):", line)
    ]
    assert spaced == []
