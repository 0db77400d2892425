"""The checklist names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
_PLACES = {
    "S/": "tests/vendors/officeally_sandbox/", "A/": "tests/vendors/officeally/", "P/": "tests/portal/",
    "C/": "tests/contracts/",
}  # fmt: skip


def test_every_line_is_proven_by_tests_that_are_there() -> None:
    rows = [line for line in Path(__file__).with_name("CHECKLIST.md").read_text("utf-8").splitlines() if "|" in line]
    checked = 0
    for row in rows:
        proofs = row.split("|")[-2]
        for part in filter(None, (one.strip() for one in proofs.split(";"))):
            found = re.match(r"(?:(?P<place>[SAPC])/|tests/)(?P<file>[\w/]+)(?:: (?P<names>.+))?", part)
            if found is None:
                continue
            place = _PLACES.get(f"{found['place']}/", "tests/")
            text = (ROOT / f"{place}{found['file']}.py").read_text("utf-8")
            for name in (found["names"] or "").split(", "):
                start = re.sub(r"[….]*(\[.*|\(.*)?$", "", name.strip().lstrip("…"))
                if start and start[0].islower():
                    assert re.search(rf"def test_\w*{re.escape(start)}", text), f"{part}: {name}"
                    checked += 1
    assert len([row for row in rows if re.match(r"\| \d+ \|", row)]) == 50
    assert checked > 60
