"""Make the outside validators' environments: ``python tests/x12/make_judges.py``.

Each judge has its own, ``.venv-judge-NAME`` at the root of the repository, from ``requirements/judge-NAME.txt``. One
that is already as its file says is left alone. Ends with 1 if any could not be made: the tests then say that they
were skipped.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("pyx12", "linuxforhealth", "oxedi")


def folder(name: str) -> Path:
    """Where a judge lives."""
    return ROOT / f".venv-judge-{name}"


def python(name: str) -> Path:
    """The judge's interpreter."""
    below = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return folder(name).joinpath(*below)


def make(name: str) -> bool:
    """Make one environment unless it is there as it should be; whether it is there afterwards."""
    requirements = ROOT / "requirements" / f"judge-{name}.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = folder(name) / "made-from"
    if stamp.exists() and stamp.read_text() == wanted and python(name).exists():
        return True
    shutil.rmtree(folder(name), ignore_errors=True)
    venv.create(folder(name), with_pip=True)
    pip = [str(python(name)), "-m", "pip", "install", "--quiet", "--require-hashes"]
    if subprocess.run([*pip, "--requirement", str(requirements)], check=False).returncode:
        shutil.rmtree(folder(name), ignore_errors=True)
        return False
    stamp.write_text(wanted)
    return True


if __name__ == "__main__":
    made = {name: make(name) for name in NAMES}
    for name, there in made.items():
        print(f"{name}: {'there' if there else 'could not be made'}")  # noqa: T201 - a command of its own
    raise SystemExit(not all(made.values()))
