"""Cut two fonts down to what stands on the pictures by which pages are shared.

    .venv/bin/python docs/literate/site/fonts/cut.py

`title.otf`, a bold serif, has the letters of this site's titles; `letters.otf`, for figures and for
titles of other sites, the Chinese characters in common use. Their sources are Debian's package
fonts-noto-cjk; a page with a new title may need this again.
"""

from __future__ import annotations

import re
import string
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

FOLDER = Path(__file__).parent
DOCS = FOLDER.parents[2]
SOURCES = Path("/usr/share/fonts/opentype/noto")
CONFIGURATIONS = (DOCS.parent / "mkdocs.yml", DOCS / "en.yml")
TITLE = re.compile(r"^(?:# )?(?:site_name|title|headline): (.*)$", re.MULTILINE)
LATIN = set(string.printable) - set(string.whitespace) | {" "}


def titles() -> set[str]:
    """Latin letters and all that titles and names of the site are written with."""
    pages = [path for path in DOCS.glob("*/*") if path.suffix in (".md", ".py", ".ipynb")]
    texts = [path.read_text(encoding="utf-8") for path in (*CONFIGURATIONS, *pages)]
    return LATIN.union(*(title for text in texts for title in TITLE.findall(text)))


def common() -> set[str]:
    """Latin letters, the first level of GB 2312, full-width signs, and the site's own words."""
    rows = ((row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    level = bytes(byte for row in rows for byte in row).decode("gb2312", "ignore")
    signs = "，。、；：？！（）《》“”‘’…—·％＋－＝×÷≈≤≥"
    words = (DOCS / "words" / "zh.yml").read_text(encoding="utf-8")
    return LATIN | set(level) | set(signs) | {letter for letter in words if letter.isprintable()}


def cut(source: str, family: str, characters: set[str], name: str) -> None:
    """Write those characters of a font beside this script, as a family of that name."""
    fonts = TTCollection(SOURCES / source).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) == family)
    font.recalcTimestamp = False
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters)))
    cutter.subset(font)
    for number in (1, 4, 6):
        font["name"].setName(name, number, 3, 1, 0x409)
    font.save(FOLDER / f"{name.lower()}.otf")


if __name__ == "__main__":
    cut("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", titles(), "Title")
    cut("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", common(), "Letters")
