"""Names of files that go out. One function makes them; one says what a name means, and both must agree before a byte
leaves: without ``OATEST`` in its name a file of claims goes to the payers, whatever else it says.
"""

from __future__ import annotations

import re
from datetime import datetime

from app.model.errors import BadInput

KINDS = ("837P", "837I", "837D")
KEYWORD = "OATEST"

#: How a part begins that is still being written: no form's name and no keyword in it, so it is left lying.
PART = "DBK_UPLOAD_"

_MADE = re.compile(r"DBK_(OATEST_)?(837[PID])_(\d{8})_(\d{4})_(\d{9})\.txt")


def claim_file(kind: str, when: datetime, control: str, *, is_test: bool) -> str:
    """``DBK_837P_<YYYYMMDD>_<HHMM>_<ISA13>.txt``, a test ``DBK_OATEST_837P_….txt``.

    ``when`` is the practice's local time. Raises BadInput for another kind or a control number that is none.
    """
    number = control.strip()
    if kind not in KINDS or not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise BadInput("content", "This is not a file of claims that can be named.", "Nothing was sent.")
    keyword = f"{KEYWORD}_" if is_test else ""
    return checked(f"DBK_{keyword}{kind}_{when:%Y%m%d}_{when:%H%M}_{int(number):09d}.txt", is_test=is_test)


def part_of(sha256: str) -> str:
    """What a file is called while it is written. Of one content always the same, so that it is known again."""
    return f"{PART}{sha256[:16]}.part"


def checked(name: str, *, is_test: bool) -> str:
    """``name``, if it is one of ours and says test exactly when it is meant to be one. Raises BadInput."""
    made = _MADE.fullmatch(name)
    if made is None or says_test(name) != is_test or bool(made[1]) != is_test:
        raise BadInput(
            "name",
            "The name of this file and what it is meant to be do not agree.",
            "Office Ally tells a test from real claims by the name alone, so nothing was sent.",
            ("Tell support: this must not happen.",),
        )
    return name


def says_test(name: str) -> bool:
    """Whether Office Ally takes a file of this name for a test. ``OA_TEST`` and ``TEST_`` do not count."""
    return KEYWORD in name
