"""The figures of a run: which there are at the end of each cell, and how they stood at a pause."""

from __future__ import annotations

import contextlib
import functools
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.animation import AbstractMovieWriter, Animation
from matplotlib.figure import Figure

from literate.figure import draw, layout

FRAMES = 60
"""How many states of a moving figure a page shows at most."""


class UnshowableError(ValueError):
    """What a snippet draws cannot stand on a page; the text says why."""


@dataclass
class Shot:
    """A figure as it stood at the end of a cell, in one or several states."""

    figure: Figure
    label: str
    states: list[dict[str, Any]]

    def asdicts(self) -> Iterator[dict[str, Any]]:
        """Each state as `literate.snippet.result.Figure` has it."""
        moving = len(self.states) > 1
        for number, state in enumerate(self.states, 1):
            label = str(number) if moving else self.label
            yield {"label": label, "drawing": state, "moving": moving}


class Stage:
    """All figures of a run, those of pyplot and those that stand in its `namespace`."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.cells: list[list[Shot]] = [[]]
        self.paused: dict[Figure, list[dict[str, Any]]] = {}
        self.waiting: list[weakref.ref[Animation]] = []
        """The animations that have not been played, as long as the snippet keeps them."""

    def take_over(self) -> None:
        """Have pyplot show and pause here, and animations tell that there is one more."""
        begin = Animation.__init__

        @functools.wraps(begin)
        def begun(animation: Animation, *arguments: Any, **named: Any) -> None:
            begin(animation, *arguments, **named)
            self.waiting.append(weakref.ref(animation))

        def show(block: bool | None = None, *_: Any, **__: Any) -> None:
            if block or (block is None and not plt.isinteractive()):
                self.show()  # else they stay open, and are seen at a pause or the cell's end

        Animation.__init__ = begun  # pyright: ignore[reportAttributeAccessIssue]
        # Functions, not methods: a change of pyplot's backend puts its signature on them.
        plt.show = functools.wraps(plt.show)(show)
        plt.pause = functools.wraps(plt.pause)(lambda *_, **__: self.pause())

    def figures(self) -> Iterator[list[dict[str, Any]]]:
        """For each cell that has ended, its figures."""
        for shots in self.cells[:-1]:
            yield [state for shot in shots for state in shot.asdicts()]

    def sizes(self) -> Iterator[int]:
        """About how many bytes each figure of the last cell takes on a page."""
        for shot in self.cells[-2]:
            for state in shot.states:
                drawn = (*state["parts"], *state["definitions"].values())
                yield sum(len(part) for part in drawn if isinstance(part, str))

    def show(self) -> None:
        """Take all open figures, which closes them, those that move first: what `plt.show` does."""
        for animation in filter(None, [reference() for reference in self.waiting]):
            self.play(animation)
        self.waiting.clear()
        still_open = [plt.figure(number) for number in plt.get_fignums()]
        self.take([*(figure for figure in self.paused if figure not in still_open), *still_open])
        plt.close("all")

    def pause(self) -> None:
        """Take the present state of all open figures that have changed: what `plt.pause` shows."""
        numbers = plt.get_fignums()
        current = plt.gcf().number if numbers else None  # which the snippet goes on to draw in
        for number in numbers:
            figure = plt.figure(number)
            states = self.paused.setdefault(figure, [])
            add_changed(states, state(figure))
            enough(states)
        if current is not None:
            plt.figure(current)

    def end_cell(self) -> None:
        """Take what the cell leaves: its open figures, others by name, and old ones it changed."""
        self.show()
        known = [shot.figure for shot in chain(*self.cells)]
        self.take(
            [
                value
                for value in dict.fromkeys(filter(is_figure, self.namespace.values()))
                if value not in known
            ]
        )
        for shots in self.cells[:-1]:
            for shot in [shot for shot in shots if shot.figure.stale and len(shot.states) == 1]:
                shots.remove(shot)
                self.take([shot.figure])
        for shot in self.cells[-1]:
            shot.figure.stale = False  # what the cell did to a figure it had shown nobody saw
        self.cells.append([])

    def take(self, figures: list[Figure]) -> None:
        """Draw figures, which for those with a label means: as frames that may belong together."""
        layout.arrange(figure for figure in figures if figure not in self.paused)
        for figure in figures:
            states = self.paused.pop(figure, [])
            add_changed(states, state(figure))
            self.cells[-1].append(Shot(figure, str(figure.get_label()), states))

    def play(self, animation: Animation) -> None:
        """Take the frames of an animation."""
        camera = Camera()
        animation.save("animation", writer=camera)
        if camera.states:
            self.paused.pop(camera.fig, None)
            self.cells[-1].append(Shot(camera.fig, str(camera.fig.get_label()), camera.states))
            with contextlib.suppress(AttributeError):
                plt.close(camera.fig)


class Camera(AbstractMovieWriter):
    """Takes the frames of an animation, as one that writes a film would."""

    def __init__(self) -> None:
        super().__init__()
        self.states: list[dict[str, Any]] = []

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        self.fig = fig

    def grab_frame(self, **_: Any) -> None:
        self.states.append(state(self.fig))
        enough(self.states)

    def finish(self) -> None:
        pass


def add_changed(states: list[dict[str, Any]], now: dict[str, Any]) -> None:
    """Add a state that differs from the one before; whether it was drawn since says nothing."""
    if now not in states[-1:]:
        states.append(now)


def state(figure: Figure) -> dict[str, Any]:
    """The figure as it stands; while it moves nothing is arranged, so that nothing jumps."""
    return draw.drawn(figure).asdict()


def enough(states: list[dict[str, Any]]) -> None:
    """Refuse a figure that moves on and on."""
    if len(states) > FRAMES:
        raise UnshowableError(f"a figure that moves through more than {FRAMES} states")


def is_figure(value: object) -> bool:
    """Whether a name stands for a figure with something in it."""
    return isinstance(value, Figure) and len(value.get_children()) > 1
