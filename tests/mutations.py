"""Can each test of a claim fail? The claims on recorded values that are made wrong on purpose.

    python tests/mutations.py [tests/claims/test_sgd.py ...]

Each name that a test reads of a run is changed alone, then all together: numbers are halved, taken
negative, put in reverse order, made equal, made nought, made larger by one, and the second of them
doubled, the third trebled and so on. Prints which of these each test notices, the names it reads
without noticing any, and last the tests that notice nothing: they cannot fail.
"""

from __future__ import annotations

import itertools
import statistics
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from literate.run.runner import Runner
from literate.snippet.result import Result

PROJECT = Path(__file__).parent.parent
Name = tuple[str, str]
"""A snippet and a name that its run left."""


def changed(value: Any, number: Callable[[float], float]) -> Any:
    """`value` with each of its numbers changed; what is true becomes false, a text another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return f"no {value}"
    if isinstance(value, list):
        return [changed(item, number) for item in value]
    if isinstance(value, dict):
        return {key: changed(item, number) for key, item in value.items()}
    return value


def backwards(value: Any) -> Any:
    """`value` with the items of each of its collections in reverse order, under the same keys."""
    if isinstance(value, list):
        return [backwards(item) for item in reversed(value)]
    if isinstance(value, dict):
        return dict(zip(value, map(backwards, reversed(value.values())), strict=True))
    return value


def numbers(value: Any) -> Iterator[float]:
    """All numbers in `value`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from numbers(item)


def level(value: Any) -> Any:
    """`value` with their mean in place of all its numbers."""
    mean = statistics.fmean(numbers(value) if any(True for _ in numbers(value)) else [0])
    return changed(value, lambda _: mean)


def uneven(value: Any) -> Any:
    """`value` with its first number as it is, the second doubled, and so on."""
    count = itertools.count(1)
    return changed(value, lambda number: next(count) * number)


MUTATIONS: dict[str, Callable[[Any], Any]] = {
    "halved": lambda value: changed(value, lambda number: number / 2),
    "negative": lambda value: changed(value, lambda number: -number),
    "backwards": backwards,
    "level": level,
    "nought": lambda value: changed(value, lambda _: 0),
    "one more": lambda value: changed(value, lambda number: number + 1),
    "uneven": uneven,
}


class Read(Mapping[str, Any]):
    """What a run left, as the mutation under way has it; it tells what is read."""

    def __init__(self, name: str, values: Mapping[str, Any], trial: Trial) -> None:
        self.name = name
        self.values_left = values
        self.trial = trial

    def __getitem__(self, key: str) -> Any:
        self.trial.read.setdefault((self.name, key))
        value = self.values_left[key]
        return self.trial.mutate(value) if (self.name, key) in self.trial.mutated else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_left)

    def __len__(self) -> int:
        return len(self.values_left)


class Trial:
    """A pytest plugin: after each test has held, it is called again on values made wrong."""

    def __init__(self) -> None:
        self.read: dict[Name, None] = {}
        self.mutated: set[Name] = set()
        self.mutate: Callable[[Any], Any] = lambda value: value
        self.blind: list[str] = []
        self.tried = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
        """Call the test as ever; then, if it reads values, once for each name and mutation."""
        self.read.clear()
        outcome = yield
        names = list(self.read)
        if not names or "values" not in pyfuncitem.fixturenames:  # it claims nothing of a run
            return outcome
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        noticed: dict[Name | None, set[str]] = {}
        for name in [*names, None]:
            self.mutated = set(names) if name is None else {name}
            for kind, self.mutate in MUTATIONS.items():
                try:
                    pyfuncitem.obj(**arguments)
                except Exception:
                    noticed.setdefault(name, set()).add(kind)
        self.mutated = set()
        self.tell(pyfuncitem.nodeid, names, noticed)
        return outcome

    def tell(self, test: str, names: list[Name], noticed: dict[Name | None, set[str]]) -> None:
        """Print what a test noticed."""
        self.tried += 1
        kinds = set[str]().union(*noticed.values())
        test = test.removeprefix("tests/claims/test_")
        print(f"\n{test}: {', '.join(kind for kind in MUTATIONS if kind in kinds) or 'NOTHING'}")
        for name in names:
            if name not in noticed:
                print(f"    reads {name[0]}: {name[1]} and notices no change of it")
        if not kinds:
            self.blind.append(test)


def main() -> int:
    trial = Trial()
    result = Runner.result

    def read(runner: Runner, name: str) -> Result:
        left = result(runner, name)
        return replace(left, values=Read(name, left.values, trial))  # pyright: ignore

    Runner.result = read
    tests = sys.argv[1:] or [str(PROJECT / "tests" / "claims")]
    options = ["-q", "-s", "-p", "no:cacheprovider", "--no-header", f"--rootdir={PROJECT}"]
    status = pytest.main([*options, *tests], plugins=[trial])
    print(
        f"{len(trial.blind)} of {trial.tried} tests that read values notice nothing",
        *trial.blind,
        sep="\n    ",
    )
    return int(status) or bool(trial.blind)


if __name__ == "__main__":
    sys.exit(main())
