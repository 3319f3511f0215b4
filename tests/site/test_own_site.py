"""Whoever follows the page "Use it in your own site" gets what it promises."""

import functools
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).parents[2]
FILE = re.compile(
    r"`(?P<name>(?:[\w-]+/)*\w+\.\w+)`[^\n]*\n\n(?P<mark>`{3,})\w+\n(?P<text>.*?)\n(?P=mark)$",
    re.DOTALL | re.MULTILINE,
)


def example(language: str) -> dict[str, str]:
    """The files that the page names, with what it says stands in them."""
    page = (PROJECT / "docs" / language / "own-site.md").read_text(encoding="utf-8")
    return {match["name"]: f"{match['text']}\n" for match in FILE.finditer(page)}


def test_both_languages_show_the_same_three_files() -> None:
    assert example("en") == example("zh")
    assert list(example("en")) == ["mkdocs.yml", "docs/index.md", "snippets/waves.py"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, built by the package from its wheel: nothing of the working copy is imported.

    The environment is new but for the libraries, which it borrows from the one that tests.
    """
    folder = tmp_path_factory.mktemp("own")
    python = folder / "venv" / "bin" / "python"
    run = functools.partial(subprocess.run, check=True, capture_output=True, cwd=folder)
    run([sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", "dist", str(PROJECT)])
    run([sys.executable, "-m", "venv", "venv"])
    (wheel,) = (folder / "dist").glob("*.whl")
    run([str(python), "-m", "pip", "install", "--no-deps", str(wheel)])
    ours = next((folder / "venv" / "lib").glob("python*/site-packages"))
    (ours / "borrowed.pth").write_text(f"{sysconfig_purelib()}\n")
    for name, text in example("en").items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    where = run([str(python), "-c", "import literate; print(literate.__file__)"])
    assert Path(where.stdout.decode().strip()).is_relative_to(ours)
    run([str(python), "-m", "mkdocs", "build", "--strict"])
    return folder / "site"


def sysconfig_purelib() -> str:
    """Where the libraries of the running interpreter are."""
    return str(Path(pytest.__file__).parents[1])


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a built site; its address."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def page(site: Path, launch: Callable[..., Browser]) -> Iterator[Page]:
    with serving(site) as address:
        page = launch().new_page()
        page.goto(address)
        yield page
        page.close()


def test_the_code_keeps_its_indentation(page: Page) -> None:
    code = page.locator(".snippet code").first.evaluate("code => code.textContent")
    assert "\n    y = torch.sin(waves * x + 0.1)\n" in code


def test_the_number_in_the_prose_is_the_runs(page: Page) -> None:
    assert page.locator("data.value").all_text_contents()[0] == "3"


def test_the_slider_shows_another_frame(page: Page) -> None:
    shown = "() => document.querySelectorAll('.snippet g.frame:not([display=none])').length"
    assert page.evaluate(shown) >= 1
    turn(page)


def turn(page: Page) -> None:
    """Move the slider by a step: it says something else."""
    slider = page.locator(".snippet input[type=range]")
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") != before


def test_a_page_that_instant_navigation_brings_in_works(
    site: Path, launch: Callable[..., Browser]
) -> None:
    folder = site.parent
    python = folder / "venv" / "bin" / "python"
    (folder / "docs" / "other.md").write_text("# Other\n\n[To the waves](index.md)\n")
    with serving(folder / "instant") as address:
        (folder / "instant.yml").write_text(
            "INHERIT: mkdocs.yml\nsite_dir: instant\n"
            f"site_url: {address}\ntheme: {{features: [navigation.instant]}}\n"
        )
        build = [python, "-m", "mkdocs", "build", "--strict", "-f", "instant.yml"]
        subprocess.run(build, check=True, capture_output=True, cwd=folder)
        page = launch().new_page()
        page.goto(f"{address}other/")
        page.wait_for_load_state("networkidle")  # Material reads the sitemap first
        page.evaluate("window.stayed = true")
        page.get_by_text("To the waves").click()
        page.wait_for_selector(".snippet__enlarge")
        assert page.evaluate("window.stayed")
        turn(page)
        page.close()


def test_the_downloads_are_there(page: Page, site: Path) -> None:
    assert (site / "waves.py").read_text() == example("en")["snippets/waves.py"]
    assert (site / "waves.ipynb").is_file()
    links = page.locator("a[download]").evaluate_all("links => links.map(link => link.href)")
    assert any(link.endswith("/waves.py") for link in links)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_text_in_the_figure_stands_out_in_both_palettes(page: Page, scheme: str) -> None:
    page.evaluate("name => document.body.dataset.mdColorScheme = name", scheme)
    ink, paper = page.evaluate(
        """() => {
            const text = document.querySelector(".snippet svg text");
            const paper = getComputedStyle(document.body).backgroundColor;
            const fill = getComputedStyle(text).fill;
            const canvas = document.createElement("canvas").getContext("2d");
            return [fill, paper].map((colour) => {
                canvas.fillStyle = paper;
                canvas.fillRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
            });
        }"""
    )
    light, dark = sorted(map(luminance, (ink, paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: list[int]) -> float:
    """Relative luminance as WCAG 2 defines it, of an sRGB colour of three bytes."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (byte / 255 for byte in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
