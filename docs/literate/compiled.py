"""Keeps the theme's templates compiled: to compile Material's is a quarter of a small build.

What is kept is code of this machine, like `__pycache__`; it stands apart from the store of results,
which holds none.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files

from literate import checked


class CompiledTemplates(BasePlugin, jinja2.BytecodeCache):
    """Jinja's bytecode cache with checksums, as a plugin of one build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_env(
        self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files
    ) -> jinja2.Environment:
        """Have the build's templates looked up here."""
        env.bytecode_cache = self
        return env

    def path(self, bucket: Bucket) -> Path:
        """Where a template is kept; it depends on Jinja's version and extensions too."""
        extensions = sorted(bucket.environment.extensions)
        text = "\0".join([jinja2.__version__, *extensions, bucket.key])
        return self.folder / hashlib.sha256(text.encode()).hexdigest()[:24]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template, as it now stands, is kept."""
        with contextlib.suppress(OSError, checked.DamagedError):
            bucket.bytecode_from_string(checked.load(self.path(bucket)))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was just compiled; without room for it the build goes on."""
        with contextlib.suppress(OSError):
            checked.save(self.path(bucket), bucket.bytecode_to_string())
