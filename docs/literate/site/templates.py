"""What MkDocs does with the theme in every build, done once or not at all.

To compile Material's templates is a quarter of a small build, so they are kept compiled. What is
kept is code of this machine, like `__pycache__`; it stands apart from the store of results, which
holds none. To look for files among Material's thousands of icons, which are hidden and would be
dropped, is another tenth.
"""

from __future__ import annotations

import os
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.theme import Theme

from literate.run.store import Store


class CompiledTemplates(BasePlugin, jinja2.BytecodeCache):
    """Jinja's bytecode cache with checksums, as a plugin of one build."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder, "template", "code")

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        """Have the build's templates looked up here."""
        env.bytecode_cache = self
        return env

    def key(self, bucket: Bucket) -> str:
        """What compiled code depends on beside its source: Jinja's version and extensions."""
        return "\0".join([jinja2.__version__, *sorted(bucket.environment.extensions)])

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template, as it now stands, is kept."""
        if (code := self.store.load(bucket.key, self.key(bucket), bytes)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was just compiled; without room for it the build goes on."""
        self.store.save(bucket.key, self.key(bucket), bucket.bytecode_to_string())


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
