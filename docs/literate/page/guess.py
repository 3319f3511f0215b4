"""The block that asks for a guess before it tells what a run gave.

`/// guess | sgd/ten_copies.py: ratio:.0f`, then options, then the question as a first paragraph,
then what there is to say about the answer, then `///`. With `from`, `to` and `step` the reader
sets a slider; with `answers`, which map what the value may say to the page's words for it, chooses
one. Without scripts it is a folded answer. Nothing is stored or sent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from pymdownx.blocks.block import Block, type_number

from literate.failure import Failure, hand_over
from literate.page import value
from literate.page.block import Options, candidate_of, type_text
from literate.page.html import slider_markup
from literate.page.location import Place
from literate.page.text import text_markup, tree_text

ROUNDING = 1e-6
MOST = 1000
"""How many places a slider may have."""


def type_answers(given: object) -> dict[str, str]:
    """A mapping from what the value may say to what the page says for it."""
    if not isinstance(given, dict) or len(given) < 2:
        raise ValueError(f"{given!r} does not map at least two texts to answers")
    return {type_text(text): type_text(answer) for text, answer in given.items()}


@dataclass(frozen=True)
class Asked:
    """A question as a page asks it: what the run says, and the words for it."""

    said: str
    labels: dict[str, str]
    length: int


class GuessBlock(Block):
    """A question, a way to answer it, and folded: what the run says, and why."""

    NAME = "guess"
    ARGUMENT = True
    TAKES = "one value after |, then options as YAML (from, to, step and unit, or answers)"
    OPTIONS: Options = {  # noqa: RUF012
        "from": (None, type_number),
        "to": (None, type_number),
        "step": (None, type_number),
        "unit": ("", type_text),
        "answers": ({}, type_answers),
    }

    def on_create(self, parent: Element) -> Element:
        self.place: Place = self.config["page"]
        self.labels: dict[str, str] = self.config["labels"]
        self.candidate = candidate_of(self)
        name = self.place.new_id("guess")
        self.question = self.answer = box = SubElement(parent, "div", {"class": "guess"})
        try:
            file, field = value.parts(f"{{{{ {self.candidate.text} }}}}")
            raw, specification = value.found(self.place.runner.result(file).values, field)
            said = value.written(raw, specification, field)
            form = self.form(raw, said, specification, name)
        except ValueError as error:
            self.failed(box, self.place.report(self.candidate, f"{error}"))
            return box
        except Failure as failure:
            hand_over(failure)
            self.failed(box, failure)
            return box
        self.question = SubElement(box, "div", {"class": "guess__question"})
        self.question.set("id", name)
        self.raw(box, form)
        details = SubElement(box, "details", {"class": "guess__answer"})
        SubElement(details, "summary").text = tree_text(self.labels["look"])
        answer = self.options["answers"].get(said)
        words = answer or f"{value.plain(said)}{self.unit()}"
        self.candidate.block = Asked(words, self.labels, self.length)
        line = SubElement(details, "p", {"class": "guess__measured"})
        SubElement(line, "span", {"class": "guess__said", "role": "status"})
        label = SubElement(line, "span")
        label.text = tree_text(f"{self.labels['measured']}{self.labels['colon']}")
        measured = value.element(said, value.origin(file, field))
        if answer:
            measured.text = tree_text(answer)
        else:
            measured.tail = tree_text(self.unit())
        SubElement(line, "strong").append(measured)
        self.answer = SubElement(details, "div")
        return box

    def form(self, raw: object, said: str, specification: str, name: str) -> str:
        """What the reader answers with; a `ValueError` says why the value does not fit it."""
        if self.options["answers"]:
            if any(self.options[option] is not None for option in ("from", "to", "step")):
                raise ValueError("a guess has either answers or from, to and step, not both")
            return self.choice(said, name)
        return self.slider(raw, specification, name)

    def choice(self, said: str, name: str) -> str:
        """Answers to choose from."""
        answers = self.options["answers"]
        if said not in answers:
            known = ", ".join(answers)
            raise ValueError(f"the run says {said}, which is none of the answers: {known}")
        radios = "".join(
            f'<label><input type="radio" name="{name}" value="{text_markup(text)}" '
            f'autocomplete="off"> <span>{text_markup(answer)}</span></label>'
            for text, answer in answers.items()
        )
        return self.group(f'<div class="guess__answers">{radios}</div>', name)

    def slider(self, raw: object, specification: str, name: str) -> str:
        """A slider, each of whose places says what the value would say."""
        low, high, step = (self.options[option] for option in ("from", "to", "step"))
        if None in (low, high, step):
            raise ValueError("a guess needs answers, or all of from, to and step")
        if step <= 0 or high <= low:
            raise ValueError("the slider of a guess goes up: from less than to, step above 0")
        steps = (high - low) / step
        if not math.isfinite(steps) or abs(steps - round(steps)) > ROUNDING:
            raise ValueError(f"steps of {step} do not lead from {low} to {high}")
        if isinstance(raw, bool | str) or not low <= raw <= high:
            raise ValueError(f"the run says {raw}, which the slider from {low} to {high} lacks")
        places = round(steps) + 1
        if places > MOST:
            raise ValueError(f"the slider has {places} places; it may have {MOST}")
        whole = all(isinstance(number, int) for number in (low, step))
        texts = []
        for place in range(places):
            number = low + place * step
            number = number if whole else float(f"{number:.12g}")
            text = value.written(number, specification, self.candidate.text)
            texts.append(f"{value.plain(text)}{self.unit()}")
        middle = len(texts) // 2
        label, first = self.labels["estimate"], text_markup(texts[middle])
        return self.group(
            f'<label class="guess__slider">{text_markup(label)} {slider_markup(texts, middle)}'
            f'</label><output aria-hidden="true">{first}</output>',
            name,
        )

    def group(self, inputs: str, name: str) -> str:
        """The inputs, under the question's name."""
        guessed = text_markup(f"{self.labels['guessed']}{self.labels['colon']}")
        return (
            f'<div class="guess__form" role="group" aria-labelledby="{name}" '
            f'data-guessed="{guessed}" data-search-exclude>{inputs}</div>'
        )

    def unit(self) -> str:
        """The unit after a number, and before it a space if it is a Latin word."""
        unit = self.options["unit"]
        return f" {unit}" if unit[:1].isascii() and unit[:1].isalpha() else unit

    def failed(self, box: Element, failure: Failure) -> None:
        """What stands in a preview where the question would."""
        box.set("class", "snippet__failure")
        SubElement(box, "pre").text = tree_text(str(failure))
        self.question = self.answer = SubElement(box, "div")

    def raw(self, parent: Element, html: str) -> None:
        """Add HTML that Markdown shall leave alone."""
        SubElement(parent, "p").text = self.md.htmlStash.store(html)

    def on_add(self, block: Element) -> Element:
        """Where the body goes: all into the answer, of which the question is taken out last."""
        return self.answer

    def on_end(self, block: Element) -> None:
        """The first paragraph is the question."""
        if self.question is self.answer:
            return
        if not len(self.answer):
            sentence = "a guess asks something: its first paragraph is the question"
            self.place.report(self.candidate, sentence)
            return
        if any(part.get("class") in ("snippet", "guess") for part in self.answer.iter()):
            sentence = "a guess holds no snippet and no other guess: put it below"
            self.place.report(self.candidate, sentence)
        first = self.answer[0]
        self.answer.remove(first)
        self.question.append(first)
