"""How far the engine's figures look like matplotlib's own, over a folder of Python examples.

    python tests/fidelity.py FOLDER [--style matplotlib] [--out pictures] [--most 50]

Each example runs once in plain Python, warnings as errors. Each of its figures is then drawn by
Agg, at its own resolution and at twice that, and by the engine as SVG, which Chromium shows. What
does not run, what the engine cannot draw and what looks otherwise is listed, the worst first. Two
counts are told, as Agg decides by the resolution where a legend at `best` or a tight layout goes:
how many look the same at twice the resolution, and how many there or at their own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import runpy
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["MPLBACKEND"] = "agg"

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright

from literate.figure import compose, draw, layout, palette, style

SECONDS = 90
"""How long an example may take."""
DENSITY = 2
"""Pixels of the screen to one of a figure, as phones and laptops have; Agg rounds lines to them."""
ALIKE = 0.4
"""Up to this share of differing pixels, in hundredths, two pictures look the same."""
NEAR = 48
"""How far, of 255, a pixel may lie outside of its neighbours in the other picture."""
SHEET = """<!doctype html><style>
body { margin: 0; --figure-ink: #000; --figure-paper: #fff; }
svg { display: block; font-family: "DejaVu Sans"; }
</style><div id="place"></div>"""


@dataclass
class Outcome:
    """One example: how it ended, and by how much each figure differs.

    `differences` are those at twice a figure's resolution, `at_its_own` those at its own.
    """

    name: str
    plain: str = ""
    engine: str = ""
    figures: int = 0
    sizes: list[int] = field(default_factory=list)
    differences: list[float] = field(default_factory=list)
    at_its_own: list[float] = field(default_factory=list)


def agg(figure: Figure, density: int = DENSITY) -> Image.Image:
    """The figure as Agg draws it, on white, with `density` pixels to one of its own."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=density * figure.dpi, bbox_inches=None)
    return on_white(Image.open(file))


def apart(draw: Callable[[], Image.Image], picture: Path) -> None:
    """Save what `draw` gives, in a process of its own: some layouts move with each drawing."""
    child = os.fork()
    if child == 0:
        try:
            draw().save(picture)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("Agg cannot draw it")


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency."""
    image = image.convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image).convert("RGB")


def shown(page: Page, svg: str, size: tuple[int, int]) -> Image.Image:
    """The SVG as Chromium shows it, `size` pixels large."""
    page.evaluate(
        """([svg, width]) => {
            const place = document.querySelector("#place");
            place.removeAttribute("style");
            place.innerHTML = svg;
            place.firstChild.setAttribute("style", `width:${width}px`);
        }""",
        [svg, size[0] / DENSITY],
    )
    clip = {"x": 0, "y": 0, "width": size[0] / DENSITY, "height": size[1] / DENSITY}
    image = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
    return on_white(Image.open(io.BytesIO(image)))


def difference(one: Image.Image, other: Image.Image, density: int = DENSITY) -> float:
    """The share of pixels, in hundredths, that neither picture has near that place.

    `one` has `density` pixels to one of the figure; near is one of the figure's pixels away.
    """
    if one.size != other.size:
        other = other.resize(one.size)
    blurred = [image.filter(ImageFilter.GaussianBlur(0.8)) for image in (one, other)]
    width = 2 * density + 1
    outside = np.zeros((one.size[1], one.size[0]), bool)
    for image, near in (blurred, blurred[::-1]):
        low = np.asarray(near.filter(ImageFilter.MinFilter(width)), int)
        high = np.asarray(near.filter(ImageFilter.MaxFilter(width)), int)
        pixels = np.asarray(image, int)
        outside |= ((pixels < low - NEAR) | (pixels > high + NEAR)).any(2)
    return float(100 * outside.mean())


@contextlib.contextmanager
def browser() -> Iterator[Page]:
    """A page of Chromium that shows one figure after the other."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield sheet(chromium)
        chromium.close()


def sheet(chromium: Browser) -> Page:
    """An empty page, as the site's pages are, for figures."""
    page = chromium.new_page(viewport={"width": 1600, "height": 1200}, device_scale_factor=DENSITY)
    page.set_content(SHEET)
    return page


def hexed(colour: str) -> str:
    """A colour as Chromium computes it, as `#rrggbb`."""
    kind, _, numbers = colour.removesuffix(")").partition("(")
    values = [float(part) for part in numbers.replace("srgb", "").replace(",", " ").split()[:3]]
    return palette.hexed([value / (255 if kind.startswith("rgb") else 1) for value in values])


def run(path: Path, folder: Path, look: str, answers: Any) -> None:
    """Run one example in this process and draw its figures, both ways, into `folder`."""
    outcome = Outcome(path.name)
    number = 0

    def take(*_: Any, **__: Any) -> None:
        nonlocal number
        figures = [plt.figure(number) for number in plt.get_fignums()]
        for place, figure in enumerate(figures, number):
            for name, density in (("own", 1), ("agg", DENSITY)):
                picture = folder / f"{path.stem}-{place}-{name}.png"
                apart(lambda figure=figure, density=density: agg(figure, density), picture)
        try:
            if look == style.LITERATE:
                layout.arrange(figures)
            svgs = [compose.figure(draw.drawn(figure), "f") for figure in figures]
        except Exception as error:
            outcome.engine = outcome.engine or f"{type(error).__name__}: {error}"
            traceback.print_exc()
            svgs = []
        for svg in svgs:
            (folder / f"{path.stem}-{number}.svg").write_text(svg, encoding="utf-8")
            outcome.sizes.append(len(svg))
            number += 1
        plt.close("all")

    os.chdir(path.parent)
    sys.path.insert(0, str(path.parent))
    sys.argv = [str(path)]
    os.dup2(os.open(folder / f"{path.stem}.txt", os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 1)
    os.dup2(1, 2)
    plt.show = take
    warnings.simplefilter("error")
    for hidden in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning, ImportWarning):
        warnings.filterwarnings("ignore", category=hidden)
    try:
        runpy.run_path(str(path), run_name="__main__")
    except BaseException as error:
        outcome.plain = f"{type(error).__name__}: {error}".splitlines()[0][:150]
    else:
        try:
            take()
        except BaseException as error:
            outcome.plain = f"{type(error).__name__}: {error}".splitlines()[0][:150]
    outcome.figures = number
    answers.send(outcome)
    answers.close()


def outcome_of(path: Path, folder: Path, look: str) -> Outcome:
    """Run one example in a process of its own."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=run, args=(path, folder, look, theirs)
    )
    process.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(SECONDS) else Outcome(path.name, plain="takes too long")
    except EOFError:
        answer = Outcome(path.name, plain="its process died")
    process.kill()
    process.join()
    return answer


def measure(outcomes: list[Outcome], folder: Path) -> None:
    """Compare the two pictures of each figure."""
    with browser() as page:
        for outcome in outcomes:
            for number in range(outcome.figures):
                name = f"{Path(outcome.name).stem}-{number}"
                picture = Image.open(folder / f"{name}-agg.png")
                svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
                ours = shown(page, svg, picture.size)
                ours.save(folder / f"{name}-svg.png")
                own = Image.open(folder / f"{name}-own.png")
                outcome.differences.append(round(difference(picture, ours), 3))
                outcome.at_its_own.append(round(difference(own, ours, 1), 3))


def report(outcomes: list[Outcome], most: int) -> None:
    """Say what fails and what differs, the worst first."""
    plain = [
        outcome for outcome in outcomes if not outcome.plain and (outcome.figures or outcome.engine)
    ]
    built = [outcome for outcome in plain if not outcome.engine]
    alike = [outcome for outcome in built if max(outcome.differences, default=0) <= ALIKE]
    at_one = [
        outcome
        for outcome in built
        if all(
            min(both) <= ALIKE for both in zip(outcome.differences, outcome.at_its_own, strict=True)
        )
    ]
    for outcome in outcomes:
        if outcome.plain:
            print(f"not plain  {outcome.name}: {outcome.plain}")
    for outcome in plain:
        if outcome.engine:
            print(f"FAILS      {outcome.name}: {outcome.engine}")
    ranked = sorted(built, key=lambda outcome: -max(outcome.differences, default=0))
    for outcome in ranked[:most]:
        print(
            f"{max(outcome.differences, default=0):8.3f} {max(outcome.at_its_own, default=0):8.3f}"
            f"   {outcome.name} {max(outcome.sizes) // 1000} kB"
        )
    print(
        f"{len(outcomes)} examples, {len(plain)} run plainly and draw, {len(built)} build, "
        f"{len(alike)} look the same (at most {ALIKE} % of their pixels differ), "
        f"{len(at_one)} at this resolution or at their own"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--style", default=style.PLAIN)
    options.add_argument("--out", type=Path, help="where the pictures go")
    options.add_argument("--most", type=int, default=40, help="how many differences to list")
    options.add_argument("--only", default="", help="part of the examples' names")
    given = options.parse_args()
    style.apply(given.style)
    paths = sorted(p.resolve() for p in given.folder.rglob("*.py") if given.only in str(p))
    folder = (given.out or Path(tempfile.mkdtemp())).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    plt.subplots()
    plt.close("all")
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda path: outcome_of(path, folder, given.style), paths))
    measure(outcomes, folder)
    report(outcomes, given.most)
    data = [vars(outcome) for outcome in outcomes]
    (folder / "outcomes.json").write_text(json.dumps(data, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
