"""The bundle: made by ``build.spec``, started as a practice would, doing the main job from inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_bundle_does_the_main_job(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
         "--distpath", str(tmp_path / "dist"), "--workpath", str(tmp_path / "build"), str(ROOT / "build.spec")],
        cwd=ROOT, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    program = tmp_path / "dist" / "daybook" / ("daybook-cli.exe" if sys.platform == "win32" else "daybook-cli")
    # Nothing of this Python may leak into it.
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [program, "demo", "--smoke"], cwd=tmp_path, env=bare, capture_output=True, text=True, timeout=400, check=False
    )
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert [step for step in steps if not step["ok"]] == [], done.stderr
    assert done.returncode == 0 and len(steps) > 10
    assert (
        list((tmp_path / "dist" / "daybook").rglob("Inter-Regular.*"))
        or not Path("/usr/share/fonts/opentype/inter").exists()
    )
