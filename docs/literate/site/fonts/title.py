"""Cut a bold serif down to the letters of the titles, for the pictures by which pages are shared.

    .venv/bin/python docs/literate/site/fonts/title.py

Noto Serif CJK is Debian's package fonts-noto-cjk; a page with a new title may need this again.
"""

from __future__ import annotations

import re
import string
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

FOLDER = Path(__file__).parent
DOCS = FOLDER.parents[2]
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")
NAME = "Title"
FAMILY = "Noto Serif CJK SC"
CONFIGURATIONS = (DOCS.parent / "mkdocs.yml", DOCS / "en.yml")
TITLE = re.compile(r"^(?:# )?(?:site_name|title|headline): (.*)$", re.MULTILINE)


def characters() -> set[str]:
    """Latin letters and all that titles and names of the site are written with."""
    pages = [path for path in DOCS.glob("*/*") if path.suffix in (".md", ".py", ".ipynb")]
    texts = [path.read_text(encoding="utf-8") for path in (*CONFIGURATIONS, *pages)]
    found = set(string.printable) - set(string.whitespace) | {" "}
    return found.union(*(title for text in texts for title in TITLE.findall(text)))


def main() -> None:
    """Write the font beside this script."""
    fonts = TTCollection(SOURCE).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) == FAMILY)
    font.recalcTimestamp = False
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters())))
    cutter.subset(font)
    for number in (1, 4, 6):
        font["name"].setName(NAME, number, 3, 1, 0x409)
    font.save(FOLDER / "title.otf")


if __name__ == "__main__":
    main()
