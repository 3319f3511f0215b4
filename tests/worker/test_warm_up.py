"""What the warm server has drawn leaves nothing that its children would share."""

import subprocess
import sys

OPEN_FONTS = """
import gc
import os

import psutil

from literate.worker import cells

cells.warm_up()
if pid := os.fork():
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    raise SystemExit(status)
gc.collect()
fonts = [file.path for file in psutil.Process().open_files() if file.path.endswith(".ttf")]
print(fonts)
os._exit(len(fonts))
"""


def test_no_font_of_the_server_is_open_in_its_children() -> None:
    """Two that read one open file move each other's place in it, and draw other letters."""
    command = [sys.executable, "-c", OPEN_FONTS]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
