"""How the application ends, as AWS Glue sees it: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lakewright.errors import LASTING

APPLICATION = Path(__file__).parents[1] / "lake_job.py"


def test_a_run_that_no_repetition_mends_ends_with_an_exception_that_says_so(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    ended = subprocess.run(
        [
            *(sys.executable, str(APPLICATION), "--local"),
            *("--manifest", str(manifest), "--locations", "{}"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith(f"lakewright.errors.RunFailed: {LASTING}: {manifest}: ")
