"""A project of many small snippets, for measuring what the engine adds to them."""

from __future__ import annotations

from pathlib import Path

PER_PAGE = 10

SNIPPET = '''"""Descent number {number} comes down."""

import matplotlib.pyplot as plt
import torch

w = torch.tensor([{number}.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
losses = []
for step in range(50):
    optimizer.zero_grad()
    loss = (w**2).sum()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss {{losses[-1]:.3f}}")

# %%
plt.figure(figsize=(6, 3))
plt.plot(losses)
plt.xlabel("step")
'''
SECTION = """## Descent {number}

It starts at {value}, as the run says.

{block}
"""
CONFIG = """
site_name: Speed
site_url: https://example.org/speed/
theme: {{name: material, font: false}}
plugins: {plugins}
docs_dir: {docs}
site_dir: {site}
markdown_extensions: {{tables: {{}}, pymdownx.superfences: {{}}}}
"""


def make(folder: Path, count: int, tiny: bool = False) -> Path:
    """A project at `folder`; `plain.yml` builds the same pages without their snippets.

    Tiny snippets draw nothing and do not train.
    """
    (folder / "snippets").mkdir(parents=True)
    for number in range(count):
        (folder / "snippets" / f"descent_{number}.py").write_text(source(number, tiny))
    for docs, block, value in (
        ("docs", "/// snippet | descent_{number}.py\nIt falls.\n///", VALUES[tiny]),
        ("pages", "It falls.", "a value"),
    ):
        (folder / docs).mkdir()
        (folder / docs / "index.md").write_text("# Speed\n")
        for page, numbers in enumerate(pages(count)):
            sections = [
                SECTION.format(number=n, block=block.format(number=n), value=value.format(number=n))
                for n in numbers
            ]
            (folder / docs / f"page_{page}.md").write_text(
                "\n".join([f"# Page {page}\n", *sections])
            )
    configure(folder, "mkdocs", "docs", "[search, literate]")
    configure(folder, "plain", "pages", "[search]")
    return folder


VALUES = {
    False: "{{{{ descent_{number}.py: losses[0]:.2f }}}}",
    True: "{{{{ descent_{number}.py: number }}}}",
}


def source(number: int, tiny: bool = False) -> str:
    """One snippet."""
    if tiny:
        return f'"""The number is {number}."""\n\nnumber = {number}\nprint(number)\n'
    return SNIPPET.format(number=number)


def pages(count: int) -> list[range]:
    """The numbers of the snippets that stand on each page."""
    return [range(first, min(first + PER_PAGE, count)) for first in range(0, count, PER_PAGE)]


def configure(folder: Path, name: str, docs: str, plugins: str) -> None:
    """One of the project's two configurations."""
    text = CONFIG.format(docs=docs, site=f"site-{name}", plugins=plugins)
    (folder / f"{name}.yml").write_text(text)
