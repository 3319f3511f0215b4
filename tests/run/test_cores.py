"""As many runs at once as there are cores for this process."""

import os
from pathlib import Path

import pytest

from literate.run.cores import cores


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of control groups, on a machine with eight cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    (tmp_path / "cpu").mkdir()
    return tmp_path


def test_without_a_quota_all_cores_that_the_process_may_use_count(groups: Path) -> None:
    assert cores(groups) == 8
    (groups / "cpu.max").write_text("max 100000\n")
    assert cores(groups) == 8
    (groups / "cpu" / "cpu.cfs_quota_us").write_text("-1\n")
    (groups / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert cores(groups) == 8


@pytest.mark.parametrize(("quota", "count"), [(50_000, 1), (200_000, 2), (250_000, 3)])
def test_a_quota_counts_as_whole_cores(groups: Path, quota: int, count: int) -> None:
    (groups / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (groups / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert cores(groups) == count
    (groups / "cpu.max").write_text(f"{quota} 100000\n")
    assert cores(groups) == count
