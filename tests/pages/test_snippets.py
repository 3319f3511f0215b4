"""What a page shows of a snippet is confirmed by a second run that knows nothing of the engine."""

import io
from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_buffer
from pytest_codeblocks.plugin import TestBlock as CodeBlock

from literate.export.markdown import pieces, snippet_markdown
from literate.page.extension import read
from literate.page.location import Place
from literate.run.project import runner
from literate.snippet.source import snippet_files

PROJECT = Path(__file__).parent.parent.parent
ROOT = PROJECT / "snippets"
NAMES = [path.relative_to(ROOT).as_posix() for path in snippet_files(ROOT)]


@pytest.mark.parametrize("name", NAMES)
def test_a_second_run_prints_what_the_page_shows(name: str, request: pytest.FixtureRequest) -> None:
    place = Place(folder=Path(), matter={}, known_runner=runner(PROJECT))
    (_, shown, *_) = pieces(read(f"/// snippet | {name}\n///\n", place))
    (block,) = extract_from_buffer(io.StringIO(snippet_markdown(shown)))
    assert (block.expected_output is not None) == any(shown.printed)
    item = CodeBlock.from_parent(request.node.parent, name=name)
    item.obj = block
    item.runtest()


@pytest.mark.parametrize("name", NAMES)
def test_a_snippet_begins_with_its_claim(name: str) -> None:
    claim = runner(PROJECT).result(name).claim
    assert claim.endswith(".")
    assert len(claim) < 140
