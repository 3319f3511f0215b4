"""The engine's own words on a page, in the page's language."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from string import Formatter

ENGLISH = {
    "colon": ": ",
    "code": "Code",
    "copy": "Copy the code",
    "copied": "Copied",
    "ran": "Ran with torch {torch} in {seconds}",
    "ran alone": "Ran in {seconds}",
    "seed": "seed {seeds}",
    "short": "less than 10 s",
    "long": "about {tens:.0f} s",
    "download": "download",
    "page": "This page as a",
    "notebook": "notebook",
    "or": "or as",
    "basic": "Basic",
    "advanced": "Advanced",
    "further": "Read this section (about {minutes} min)",
    "contents": "Contents",
    "minutes": "About {minutes} min to read",
    "before": "Read first: ",
    "comma": ", ",
    "estimate": "Your guess",
    "look": "See what the run says",
    "guessed": "You guessed",
    "measured": "The run says",
}
CHINESE = {
    "colon": "：",
    "code": "代码",
    "copy": "复制代码",
    "copied": "已复制",
    "ran": "由torch {torch}运行，{seconds}",
    "ran alone": "运行{seconds}",
    "seed": "随机种子{seeds}",
    "short": "不到10秒",
    "long": "约{tens:.0f}秒",
    "download": "下载",
    "page": "下载本页：",
    "notebook": "notebook",
    "or": "或",
    "basic": "基础",
    "advanced": "进阶",
    "further": "展开这一节（约{minutes}分钟）",
    "contents": "目录",
    "minutes": "约{minutes}分钟读完",
    "before": "先读：",
    "comma": "、",
    "estimate": "你的猜测",
    "look": "看结果",
    "guessed": "你猜的是",
    "measured": "运行的结果是",
}
SAMPLES = {"minutes": 1, "tens": 10.0}
"""What labels are given that is no text."""
KNOWN = {"en": ENGLISH, "zh": CHINESE}


def check(own: Mapping[str, object]) -> None:
    """Refuse, by a `ValueError`, labels that there are not, or that cannot be filled in."""
    for name, text in own.items():
        if name not in ENGLISH:
            near = difflib.get_close_matches(f"{name}", ENGLISH, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ValueError(f"there is no label {name}{hint}")
        if not isinstance(text, str):
            raise ValueError(f"the label {name} is {text}, not a text: put it in quotation marks")
        try:
            given = holes(text)
        except ValueError as error:
            raise ValueError(f"the label {name} cannot be filled in: {error}") from None
        for hole in sorted(given - holes(ENGLISH[name])):
            known = ", ".join(sorted(holes(ENGLISH[name]))) or "nothing"
            raise ValueError(f"the label {name} asks for {hole or '{}'}; it is given {known}")
        try:
            text.format(**{hole: SAMPLES.get(hole, "") for hole in given})
        except (LookupError, ValueError) as error:
            raise ValueError(f"the label {name} cannot be filled in: {error}") from None


def holes(text: str) -> set[str]:
    """The names in braces that a label is filled in at."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def labels(language: str, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The words of a language: `own` ones first, and English ones where there are none.

    Raises a `ValueError` for `own` ones that are none.
    """
    check(own or {})
    return ENGLISH | KNOWN.get(language.partition("-")[0].lower(), {}) | dict(own or {})
