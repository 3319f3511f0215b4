"""What speed is measured on builds."""

import subprocess
import sys
from pathlib import Path

from project import make


def test_both_configurations_of_the_measured_project_build(tmp_path: Path) -> None:
    folder = make(tmp_path / "project", 2, tiny=True)
    for name in ("mkdocs", "plain"):
        command = [sys.executable, "-m", "mkdocs", "-q", "build", "--strict", "-f", f"{name}.yml"]
        subprocess.run(command, cwd=folder, check=True)
        page = (folder / f"site-{name}" / "page_0" / "index.html").read_text(encoding="utf-8")
        assert ("descent_0" in page) == (name == "mkdocs")
