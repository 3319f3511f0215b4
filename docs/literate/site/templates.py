"""What MkDocs does with the theme in every build, done once or not at all.

To compile Material's templates is a quarter of a small build, so Jinja keeps them compiled. To
look for files among Material's thousands of icons, which are hidden and would be dropped, is
another tenth.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import jinja2
from mkdocs.theme import Theme


def keep_compiled(env: jinja2.Environment, folder: Path) -> None:
    """Have a build's templates looked up in `folder`; where it cannot be made, as ever."""
    folder = folder / jinja2.__version__
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    env.bytecode_cache = Kept(str(folder))


class Kept(jinja2.FileSystemBytecodeCache):
    """Compiled templates; one that cannot be kept costs only time."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


class VisibleFiles(jinja2.FileSystemLoader):
    """A theme's templates and files, listed without those that are hidden."""

    def list_templates(self) -> list[str]:
        """The names of all files that neither are hidden nor lie in a hidden folder."""
        found = set()
        for root in self.searchpath:
            for folder, below, names in os.walk(root):
                below[:] = [name for name in below if not name.startswith(".")]
                place = Path(folder).relative_to(root)
                found |= {(place / name).as_posix() for name in names if name[0] != "."}
        return sorted(found)


def skip_hidden(theme: Theme) -> None:
    """Let a build list the theme's files by `VisibleFiles`."""
    get_env = theme.get_env

    def visible() -> jinja2.Environment:
        env = get_env()
        env.loader = VisibleFiles(theme.dirs)
        return env

    theme.get_env = visible
