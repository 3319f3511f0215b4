"""Cut the math font down to what the formulas of a textbook use.

    uv run --with ziamath --with fonttools --with brotli docs/literate/site/fonts/formula.py

STIX Two Math comes with the package ziamath.
"""

from __future__ import annotations

import string
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

FOLDER = Path(__file__).parents[1] / "assets" / "fonts"
NAME = "Formula"
"""Not STIX, which is a trademark."""
OPERATORS = (
    "±·×÷¬†…′″∀∂∃∅∇∈∉∋∏∑−∓∗∘∙√∝∞∣∥∧∨∩∪∫∴∼≃≅≈≔≜≝≠≡≢≤≥≪≫≲≳≺≻⊂⊃⊆⊇⊕⊖⊗⊙⊤⊥⋂⋃⋅⋆⋮⋯⋱←↑→↓↔↗↘↦⇐⇒⇔⟵⟶⟷⟹⟺⟼⟂⩽⩾ℓℏℵ"
)
DELIMITERS = "‖⌈⌉⌊⌋⟨⟩⏞⏟‾¯"
ACCENTS = "ˆˇ˘˙˜¨´`\u0302\u0303\u0304\u0305\u0307\u0308\u0332\u0338\u20d7"
GREEK = "ΓΔΘΛΞΠΣΦΨΩ"
LETTERS = "ℂℕℙℚℝℤℬℰℱℋℐℒℳℛℎ𝟙"
INVISIBLE = "\u00a0\u2061\u2062\u2063\u2064\u200b\u2009\u200a\u2003\u2002\ufe00"
ALPHABETS = (
    (0x1D400, 0x1D467),  # bold, italic
    (0x1D468, 0x1D49B),  # bold italic
    (0x1D49C, 0x1D4B5),  # script capitals
    (0x1D538, 0x1D551),  # double-struck capitals
    (0x1D6A4, 0x1D6A5),  # dotless i and j
    (0x1D6FB, 0x1D71B),  # italic nabla and Greek
    (0x1D736, 0x1D755),  # bold italic Greek
)
FEATURES = ["dtls", "ccmp"]


def characters() -> set[int]:
    """The code points that the font keeps."""
    single = string.printable + OPERATORS + DELIMITERS + ACCENTS + GREEK + LETTERS + INVISIBLE
    ranges = (code for first, last in ALPHABETS for code in range(first, last + 1))
    return {ord(letter) for letter in single if letter >= " "} | set(ranges)


def narrow_roots(font: TTFont) -> None:
    """Make all root signs as narrow as the smallest one.

    Chromium reserves the width of the widest for each, which leaves a gap after the root.
    """
    metrics, glyphs = font["hmtx"], font["glyf"]
    root = (font.getBestCmap() or {})[ord("√")]
    width = metrics[root][0]
    variants = font["MATH"].table.MathVariants
    place = variants.VertGlyphCoverage.glyphs.index(root)
    construction = variants.VertGlyphConstruction[place]
    wide = [record.VariantGlyph for record in construction.MathGlyphVariantRecord]
    for name in wide:
        narrow(glyphs[name], width / metrics[name][0], float("inf"))
    parts = [record.glyph for record in construction.GlyphAssembly.PartRecords]
    stem = max(glyphs[name].xMin for name in parts)
    excess = metrics[parts[0]][0] - width
    for name in parts:
        narrow(glyphs[name], (stem - excess) / stem, stem)
    for name in {*wide, *parts}:
        glyphs[name].recalcBounds(glyphs)
        metrics[name] = (width, glyphs[name].xMin)


def narrow(glyph: Glyph, factor: float, stem: float) -> None:
    """Squeeze what stands left of the stem, and move the stem with it."""
    for index in range(len(glyph.coordinates)):
        x, y = glyph.coordinates[index]
        glyph.coordinates[index] = (round(min(x, stem) * factor + max(x - stem, 0)), y)


def main() -> None:
    """Write the font among the assets."""
    options: Any = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    with as_file(files("ziamath.fonts") / "STIXTwoMath-Regular.ttf") as path:
        font = TTFont(path, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    narrow_roots(font)
    for number in (1, 4, 6):
        font["name"].setName(NAME, number, 3, 1, 0x409)
    font.flavor = "woff2"
    font.save(FOLDER / "formula.woff2")


if __name__ == "__main__":
    main()
