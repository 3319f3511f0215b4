"""The compiler behind `torch.compile`, imported only in a run that compiles.

`torch.optim` imports `torch._dynamo` at its first step, which takes nearly as long as importing
torch, to call two functions that do nothing outside of a compilation: `graph_break`, and `disable`,
which then gives back what it is given. A module with these two stands in for it. Whatever else is
asked of it, and every import from below it, brings in the real one.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
import types
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from typing import Any

NAME = "torch._dynamo"
OF_TORCH = {"wrapping": False}
"""How torch's own functions are disabled, and nobody else's."""


class StandIn(types.ModuleType):
    """What `sys.modules` has for the compiler until somebody needs it."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(NAME)
        self.__spec__ = spec
        self.__file__ = spec.origin
        self.__path__ = spec.submodule_search_locations or []
        self.disabled: list[Callable[..., Any]] = []

    def graph_break(self, msg: str = "") -> None:
        """Do nothing: there is no graph."""

    def disable(
        self, fn: Callable[..., Any] | None = None, recursive: bool = True, **options: Any
    ) -> Any:
        """A function of torch's as it is; the compiler is told of it when it comes."""
        if fn is None or not recursive or options != OF_TORCH:
            return bring().disable(fn, recursive, **options)
        self.disabled.append(fn)
        return fn

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__all__":  # what is asked of any module
            raise AttributeError(name)
        return getattr(bring(), name)


class Finder(importlib.abc.MetaPathFinder):
    """Brings in the compiler before anything below it is imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """For a module below the compiler, a spec that gives the one which comes with it."""
        if not fullname.startswith(f"{NAME}."):
            return None
        bring()
        return ModuleSpec(fullname, Present())


class Present(importlib.abc.Loader):
    """Gives a module that is there, as it is."""

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """The module of that name."""
        module = importlib.import_module(spec.name)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Undo what the import system has written on it: it has been executed."""
        module.__spec__ = self.spec


def stand_in() -> None:
    """Let the compiler wait until somebody needs it. Torch has been imported, it has not."""
    spec = importlib.util.find_spec(NAME)
    if spec is None or NAME in sys.modules:
        return
    sys.modules[NAME] = StandIn(spec)
    setattr(sys.modules["torch"], "_dynamo", sys.modules[NAME])  # noqa: B010 (no type knows it)
    sys.meta_path.insert(0, Finder())


def bring() -> Any:
    """The compiler, which is now imported and told what of torch's it must not compile."""
    waiting = sys.modules[NAME]
    if not isinstance(waiting, StandIn):
        return waiting
    del sys.modules[NAME]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
    compiler = importlib.import_module(NAME)
    for fn in waiting.disabled:
        vars(fn)["__dynamo_disable"] = compiler.disable(fn, **OF_TORCH)  # where torch keeps it
    return compiler
