"""999, implementation acknowledgment: 005010X231A1."""

from __future__ import annotations

from app.model.problem import Severity
from app.x12.loops import Loop, Report

TABLE = """
guide 999 005010X231A1 FA | Implementation acknowledgment
ST  R 1 | 1R=999 2R 3R | Transaction set header
AK1 R 1 | 1R 2R 3S | Group answered
loop 2000 - S >1 unit | Transaction answered
AK2 R 1 | 1R 2R 3S | Transaction answered
loop 2100 2000 S >1 | Segment in error
IK3 R 1 | 1R 2R 3S 4R=1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9 | Segment in error
CTX S 10 | 1R 2S 3S 4S 5S 6S | Context
loop 2110 2100 S >1 | Element in error
IK4 R 1 | 1R(1R 2S 3S) 2S 3R=1,2,3,4,5,6,7,8,9,10,12,13,I6,I9,I10,I11,I12,I13 4S | Element in error
CTX S 10 | 1R 2S 3S 4S 5S 6S | Context
in 2000
IK5 R 1 | 1R=A,E,M,R,W,X 2-6S | Answer
in -
AK9 R 1 | 1R=A,E,M,P,R,W,X 2R 3R 4R 5-9S | Answer to the group
SE  R 1 | 1R 2R | Transaction set trailer
"""


def _one_context(loop: Loop, report: Report) -> None:
    """CTX01 may not be repeated in this guide."""
    repetition = report.transaction.delimiters.repetition
    for ctx in loop.all("CTX"):
        if repetition and repetition in ctx[1]:
            report(
                loop,
                ctx,
                "01",
                "context-repeated",
                "CTX01 names more than one context; one is allowed.",
                "Tell the sender; the first was read.",
            )


def _counts(loop: Loop, report: Report) -> None:
    """AK9: what was received and accepted must fit together (point 31)."""
    ak9 = loop.first("AK9")
    if ak9 is None:
        return
    numbers = [int(text) if text.isascii() and text.isdigit() else -1 for text in ak9[2:5]]
    if -1 in numbers:
        return
    included, received, accepted = numbers
    fits = {"A": accepted == received, "R": accepted == 0, "P": 0 < accepted < received}.get(ak9[1], True)
    if accepted > received or not fits:
        report(
            loop,
            ak9,
            "04",
            "acknowledgment-counts",
            f"AK9 says {ak9[1]}, with {accepted} of {received} transactions accepted: that does not fit together.",
            "Trust the answer to each transaction.",
            Severity.WARNING,
        )
    if included != received:
        report(
            loop,
            ak9,
            "03",
            "acknowledgment-received",
            f"We sent {included} transactions by our own count, {received} were received.",
            "Send the missing ones again.",
            Severity.WARNING,
        )


RULES = {"2100": _one_context, "2110": _one_context, "-": _counts}
