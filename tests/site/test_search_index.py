"""What the site adds to the search's index."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from literate.site.search import Found, add_to_index, found_on, interfaces

SNIPPET = """
import matplotlib.pyplot as plt
import torch
from torch.nn.utils import clip_grad_norm_

model = torch.nn.Linear(2, 1)
clip_grad_norm_(model.parameters(), max_norm=1.0)
figure, axes = plt.subplots(figsize=(6, 2), layout="constrained")
for panel in axes.flat:
    panel.set_title("a", font_size=9)
"""
CONTENT = f"""
<h1 id="top">Page</h1>
<div><pre><code data-before="">nn.MSELoss()</code></pre></div>
<h2 id="clip">Clipping</h2>
<p>Of <code>OtherLoss</code></p>
<div data-search-exclude><pre><code data-before=""><span>{SNIPPET}</span></code></pre></div>
<dl><dt id="momentum">动量 <span lang="en">momentum</span></dt><dd>a <code>b_c</code></dd>
<dt>alone</dt></dl>
"""


def page(content: str = CONTENT, **meta: object) -> SimpleNamespace:
    return SimpleNamespace(content=content, meta=meta, url="sgd/")


def test_a_page_adds_its_questions_its_code_and_its_terms() -> None:
    found = found_on(page(asked={"clip": ["why clip?", 10], "wrong": "no list"}))
    assert found.asked == {"sgd/#clip": ["why clip?", "10"]}
    assert found.code == {
        "sgd/": ["MSELoss"],
        "sgd/#clip": ["Linear", "clip_grad_norm_", "max_norm"],
    }
    assert found.same == [["动量", "momentum"]]
    assert found_on(page("", asked="no mapping")) == Found()


def test_interfaces_are_names_that_no_prose_says_and_none_of_plotting() -> None:
    assert interfaces(SNIPPET) == {"clip_grad_norm_", "max_norm", "Linear"}
    assert interfaces("def f(:") == set()
    for imported, name in (
        ("from matplotlib import pyplot as plt", "plt"),
        ("import matplotlib.pyplot", "matplotlib.pyplot"),
        ("from matplotlib.pyplot import gcf", "gcf()"),
    ):
        assert interfaces(f"{imported}\n{name}.tight_layout()\na.max_norm") == {"max_norm"}


def test_the_index_holds_them_but_for_names_that_tell_no_section(tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    path = tmp_path / "search" / "search_index.json"
    docs = [{"location": f"a/#{number}", "title": "动量", "text": ""} for number in range(40)]
    path.write_text(json.dumps({"config": {}, "docs": docs}))
    code = {f"a/#{number}": ["load_digits"] for number in range(10)}
    code["a/#3"] = ["load_digits", "max_norm"]
    add_to_index(tmp_path, [Found({"a/#3": ["why?"]}, code, [["动量", "momentum"]])])
    index = json.loads(path.read_text("utf-8"))
    assert index["docs"][3] == {**docs[3], "asked": ["why?"], "code": ["max_norm"]}
    assert index["docs"][4] == docs[4]
    assert index["config"]["same"] == [["动量", "momentum"]]


def test_a_site_without_a_search_stays_as_it_is(tmp_path: Path) -> None:
    add_to_index(tmp_path, [Found({"a/": ["why?"]})])
    assert not list(tmp_path.iterdir())
