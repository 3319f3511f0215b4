"""The process in which mkdocs-jupyter runs one notebook: its environment is nobody else's.

It reads from its standard input the path of the notebook and mkdocs-jupyter's options, as JSON, and
writes to its standard output what the template left of the notebook, or the error, pickled.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path

from mkdocs_jupyter.config import settings
from mkdocs_jupyter.nbconvert2 import nb2html
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

TEMPLATES = Path(__file__).parent / "templates"
"""What stands in the place of mkdocs-jupyter's own: it leaves the notebook as it is."""


def main() -> None:
    """Run the notebook that is asked for."""
    with os.fdopen(os.dup(1), "wb") as answer:
        os.dup2(2, 1)  # what is printed on the way is no answer
        settings.templates_dir = str(TEMPLATES)
        path, options = json.load(sys.stdin)
        try:
            made = nb2html(path, **options)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            made = error
        except Exception as error:  # as where there is no such kernel
            made = DeadKernelError(f"{type(error).__name__}: {error}")
        pickle.dump(made, answer)


if __name__ == "__main__":
    main()
