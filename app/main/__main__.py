"""``python -m app.main``: the same as ``daybook``; what the bundle starts."""

from app.main.cli import main

raise SystemExit(main())
