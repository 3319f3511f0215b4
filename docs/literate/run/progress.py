"""What a long build shows while its snippets run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator, Sequence

from literate.failure import hand_over
from literate.run.runner import Runner

log = logging.getLogger("mkdocs.literate")


@contextlib.contextmanager
def show_progress(runner: Runner, wait: bool, folders: Sequence[str] = ()) -> Iterator[None]:
    """Set all snippets going, and while open tell of each that is done; at last of what failed.

    With `wait` it is open until all are done, unless it is left by an exception. `folders` say
    which snippets come later than others.
    """
    runner.begin()
    failures = []
    try:
        with told_by(runner, runner.start(folders)):
            try:
                yield
            except BaseException:
                wait = False
                raise
            finally:
                failures = runner.finish(wait)
    finally:
        for failure in failures:
            hand_over(failure)


@contextlib.contextmanager
def told_by(runner: Runner, total: int) -> Iterator[None]:
    """While open, tell of each run that is done, of `total`."""
    if not total:
        yield
        return
    from tqdm import tqdm  # noqa: PLC0415 (an unchanged build shows no bar)
    from tqdm.contrib.logging import logging_redirect_tqdm  # noqa: PLC0415

    terminal = sys.stderr.isatty()
    logger = logging.getLogger("mkdocs")
    with (
        tqdm(total=total, unit="snippet", disable=not terminal, leave=False) as bar,
        logging_redirect_tqdm([logger]) if terminal else contextlib.nullcontext(),
    ):

        def tell(name: str) -> None:
            bar.set_postfix_str(name)
            bar.update()
            if not terminal:
                seconds = runner.build.ran.get(name)
                state = "failed" if seconds is None else f"{seconds:.1f} s"
                done = len(runner.build.ran.keys() | runner.build.failed.keys())
                log.info("[%d/%d] %s %s", done, total, name, state)

        runner.on_done = tell
        try:
            yield
        finally:
            runner.on_done = lambda name: None
