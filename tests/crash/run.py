"""``python -m tests.crash.run --kills N``: the long run behind ``make crash``."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.crash.trial import Trial


def main() -> int:
    """Run, report, exit 1 on any problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = Trial(Path(folder), chosen.kills, chosen.seed).run()
    sys.stdout.write(f"seed {chosen.seed}: {report.words()}\n")
    for problem in report.problems:
        sys.stdout.write(f"  {problem}\n")
    return 1 if report.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
