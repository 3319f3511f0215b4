"""What a project can set under `plugins: literate` in its mkdocs.yml."""

from __future__ import annotations

from mkdocs.config import config_options as c
from mkdocs.config.base import Config, ValidationError

from literate.page import labels
from literate.run import settings
from literate.worker import job

MOST = 2_000_000
"""Seconds, as milliseconds, must be a number of 32 bits; sizes so large are more than there is."""
GIVEN = job.Limits()
"""What holds where nothing is set."""


class Amount(c.Type):
    """A number above nothing, and no larger than the system can count."""

    def run_validation(self, value: object) -> object:
        given = super().run_validation(value)
        if isinstance(given, bool) or not 0 < given < MOST:
            raise ValidationError(f"Expected a number between 0 and {MOST:,}")
        return given


class Labels(c.Type):
    """Words of the engine's own, said otherwise."""

    def run_validation(self, value: object) -> object:
        given = super().run_validation(value)
        try:
            labels.check(given)
        except ValueError as error:
            raise ValidationError(f"{error}") from None
        return given


class Limits(Config):
    """What one run of a snippet may take; memory and files in MiB, text and figures in KiB."""

    seconds = Amount((int, float), default=GIVEN.seconds)
    memory = Amount(int, default=GIVEN.memory >> 20)
    file = Amount(int, default=GIVEN.file >> 20)
    printed = Amount(int, default=GIVEN.printed >> 10)
    figure = Amount(int, default=GIVEN.figure >> 10)


class Settings(Config):
    """The plugin's settings; every one may be left out."""

    snippets = c.Type(str, default="snippets")
    """The folder of the snippets, below the project's."""

    language = c.Optional(c.Type(str))
    """The language of the words around a snippet; by default the theme's."""

    words = c.Optional(c.Type(str))
    """A folder of word lists, `<language>.yml`: how figures and printed tables speak a language."""

    labels = Labels(dict, default={})
    """The engine's own words, for a language that it does not speak, or to say them otherwise."""

    style = c.Type(str, default="matplotlib")
    """How figures look: `literate`, `matplotlib`, or any other style that matplotlib knows."""

    translations = c.DictOfItems(c.Type(str), default={})
    """The other languages: where each stands below the site, and its own configuration file."""

    policy = c.Type(bool, default=False)
    """Whether the built pages carry a content security policy."""

    cards = c.Type(bool, default=False)
    """Whether each page gets a picture by which it is shared."""

    epub = c.Type(bool, default=False)
    """Whether each language's pages can be taken along as a book, `<name of the site>.epub`."""

    limits = c.SubConfig(Limits)

    def of_runs(self) -> settings.Settings:
        """What of this concerns the runs of snippets."""
        given = self.limits
        limits = job.Limits(
            seconds=given.seconds,
            memory=given.memory << 20,
            file=given.file << 20,
            printed=given.printed << 10,
            figure=given.figure << 10,
        )
        return settings.Settings(self.snippets, limits, self.style)
