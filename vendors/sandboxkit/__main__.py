"""``python -m vendors.sandboxkit``: the same as ``daybook sandbox``."""

import sys

from vendors.sandboxkit.serve import run

raise SystemExit(run(sys.argv[1:]))
