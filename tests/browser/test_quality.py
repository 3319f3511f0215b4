"""What can be measured of a page's manners: accessible to all, light, and still while it loads."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from fidelity import hexed
from PIL import Image
from visit import CHAPTERS, PATHS, UNFOLD, Visit

from literate.figure import palette

FIRST_VIEW = 150 * 1024
ELEMENTS = 4000
# Each word of code has a colour, and to look at all takes minutes: home's code stands for all.
PROSE = {"exclude": [[".highlight"], ["math"], ["svg > *"]]}
RULES = {
    "rules": {"empty-table-header": {"enabled": False}},  # it cannot read formulas
    "resultTypes": ["violations"],  # to describe all that is right takes a third of the time
}
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(visit: Callable[..., Visit], path: str) -> None:
    """Chinese is looked at by day and English by night, so both palettes see every kind of page."""
    page = visit(color_scheme="dark" if path.startswith("en/") else "light").go(path)
    page.evaluate(UNFOLD)
    found = (
        Axe()
        .run(page, context=PROSE if path in CHAPTERS else None, options=RULES)
        .response["violations"]
    )
    assert [(rule["id"], [node["html"] for node in rule["nodes"][:3]]) for rule in found] == []


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_is_no_burden_for_a_phone(visit: Callable[..., Visit], path: str) -> None:
    """It has few elements, also after the scripts; those of folds and frames count like others."""
    page = visit().go(path)
    page.wait_for_function("window.document$")  # the theme's script has begun
    page.wait_for_load_state("networkidle")
    assert page.locator("*").count() <= ELEMENTS


@pytest.mark.parametrize("path", ["", *CHAPTERS])
def test_the_first_view_comes_early_and_stays_where_it_is(
    visit: Callable[..., Visit], path: str
) -> None:
    """What a slow line has carried when the largest thing in view is painted, and what moves."""
    reader = visit()
    page = reader.page
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    begun: list[float] = []
    arrived: dict[str, list[tuple[float, int]]] = defaultdict(list)
    weighed: dict[str, float] = {}
    line.on("Network.requestWillBeSent", lambda event: begun.append(event["timestamp"]))
    line.on(
        "Network.dataReceived",
        lambda event: arrived[event["requestId"]].append((event["timestamp"], event["dataLength"])),
    )
    line.on(  # the only event that tells the bytes of every response as they were sent
        "Network.loadingFinished",
        lambda event: weighed.update({event["requestId"]: event["encodedDataLength"]}),
    )
    reader.go(path)
    painted, moved = page.evaluate(
        """async () => {
            const seen = type => new Promise(resolve => {
                new PerformanceObserver(list => resolve(list.getEntries()))
                    .observe({ type, buffered: true });
                setTimeout(resolve, 1000, []);
            });
            const paints = await seen("largest-contentful-paint");
            const shifts = await seen("layout-shift");
            return [paints.at(-1).startTime / 1000, shifts.reduce((sum, s) => sum + s.value, 0)];
        }"""
    )
    page.wait_for_load_state("networkidle")
    shares = {
        request: sum(length for when, length in parts if when <= begun[0] + painted)
        / sum(length for _, length in parts)
        for request, parts in arrived.items()
    }
    weight = sum(size * shares.get(request, 0) for request, size in weighed.items())
    whole = sum(weighed.values())
    print(
        f"{path or 'home'}: {weight / 1024:.0f} KB in {painted:.1f} s, "
        f"{whole / 1024:.0f} KB in all, moved {moved:.3f}"
    )
    assert weight <= FIRST_VIEW
    assert moved <= 0.02


TEXTS = """figure => [...figure.querySelectorAll("text")]
    .filter(text => text.checkVisibility())
    .map(text => {
        const { x, y, width, height } = text.getBoundingClientRect();
        const corner = figure.getBoundingClientRect();
        const colour = getComputedStyle(text).fill;
        text.style.visibility = "hidden";
        return [text.textContent, colour, x + width / 2 - corner.x, y + height / 2 - corner.y];
    })"""
"""The texts of a figure, their colours and middles; from then on they are not seen."""


@pytest.mark.parametrize("path", ["", *CHAPTERS[:5], "classifier/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_in_a_figure_stands_out_from_what_lies_beneath_it(
    visit: Callable[..., Visit], path: str, scheme: str
) -> None:
    page = visit(color_scheme=scheme, viewport={"width": 1280, "height": 1000}).go(path)
    page.evaluate(UNFOLD)
    figures = [svg for svg in page.locator("article .snippet svg").all() if svg.is_visible()]
    said = [svg.evaluate(TEXTS) for svg in figures]
    faint = []
    for number, (figure, texts) in enumerate(zip(figures, said, strict=True)):
        beneath = Image.open(io.BytesIO(figure.screenshot())).convert("RGB")
        for text, colour, x, y in texts:
            if 0 <= x < beneath.width and 0 <= y < beneath.height:
                seen = palette.hexed([part / 255 for part in beneath.getpixel((int(x), int(y)))])
                found = palette.contrast(hexed(colour), seen)
                if found < palette.TEXT - 0.1:  # a screenshot rounds colours
                    faint.append((number, text, colour, seen, round(found, 1)))
    assert sum(map(len, said)) > 10
    assert faint == []
