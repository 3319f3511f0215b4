"""Advanced sections are folded behind the paragraph that answers them, code in folds is light."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from markdown import Markdown

from literate.export.xhtml import parsed
from literate.page.extension import BOOK, LiterateExtension
from literate.page.location import Place
from literate.run.runner import Runner

HTML = "{http://www.w3.org/1999/xhtml}"
PAGE = """
# Title

## Plain { #plain .basic }

Seen.

## Deep { #deep .advanced }

The answer.

More.

### Deeper { #deeper .advanced }

Inner.

## Sources { #sources .folded }

* One.

## Last { #last .advanced }

All of it.
"""


def test_annotated_code_in_a_fold_stays_as_it_is(runner: Runner) -> None:
    fence = "    ```python\n    x = 1  # {}\n    ```\n"
    for said, packed in (("one", True), ("(1)!", False)):
        page = f'??? note "Code"\n\n{fence.format(said)}'
        assert ("data-colours" in reader(runner).convert(page)) is packed


@pytest.fixture
def shown(runner: Runner) -> Element:
    return rendered(runner, PAGE)


def reader(runner: Runner) -> Markdown:
    place = Place(folder=Path(), matter={}, known_runner=runner)
    extensions = [*BOOK, "attr_list", "toc", LiterateExtension(page=place)]
    return Markdown(extensions=extensions, extension_configs=BOOK)


def rendered(runner: Runner, text: str) -> Element:
    return parsed(reader(runner).convert(text))


def folds(page: Element) -> list[Element]:
    return [each for each in page.iter(f"{HTML}details") if each.get("class") == "further"]


def said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_what_follows_the_answer_is_folded_with_the_sections_below_it(shown: Element) -> None:
    deep, sources = folds(shown)
    assert "The answer." not in said(deep)
    assert "More. DeeperAdvanced Inner." in said(deep)
    assert "One." in said(sources)
    assert "Seen." not in said(deep) + said(sources)


def test_a_fold_says_how_long_it_takes_to_read(shown: Element) -> None:
    summaries = [said(summary) for fold in folds(shown) for summary in fold.iter(f"{HTML}summary")]
    assert summaries == ["Read this section (about 1 min)"] * 2


def test_a_section_of_one_paragraph_is_open(shown: Element) -> None:
    assert not any("All of it." in said(fold) for fold in folds(shown))


def test_the_contents_list_what_is_not_folded(runner: Runner) -> None:
    md = reader(runner)
    md.convert(f"{PAGE}\n??? note\n    ### Boxed {{ #boxed }}\n\n    Text.\n")
    (title,) = md.toc_tokens  # pyright: ignore[reportAttributeAccessIssue] (of an extension)
    assert [token["id"] for token in title["children"]] == ["plain", "deep", "sources", "last"]
    assert not any(token["children"] for token in title["children"])


def test_code_in_a_fold_has_its_colours_in_one_attribute(runner: Runner) -> None:
    fence = "```python\nimport math\n\nassert math.pi < 4  # <\n```\n"
    page = rendered(
        runner, f"# Title\n\n## A {{ #a .advanced }}\n\nYes.\n\n{fence}\n\n## B\n\n{fence}"
    )
    folded, open_code = page.iter(f"{HTML}code")
    assert said(folded) == said(open_code) == "import math assert math.pi < 4 # <"
    assert len(list(folded)) == 0 < len(list(open_code))
    lengths = [int(part.split("-")[0]) for part in folded.get("data-colours", "").split()]
    assert sum(lengths) == len("".join(folded.itertext()))
