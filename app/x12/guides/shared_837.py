"""What the rules of the 837 share: how severe a finding is, what is remembered of a whole transaction."""

from __future__ import annotations

from app.model.problem import Severity
from app.x12.guide import Segment
from app.x12.loops import Loop, Report


def soft(report: Report) -> Severity:
    """A warning in what we receive, an error in what we build."""
    return Severity.ERROR if report.ours else Severity.WARNING


def root(loop: Loop) -> Loop:
    """The transaction that a loop is in."""
    while loop.parent is not None:
        loop = loop.parent
    return loop


def tally_of(loop: Loop) -> dict[str, int]:
    """Numbers remembered with a loop."""
    if loop.tally is None:
        loop.tally = {}
    return loop.tally


def component_of(report: Report) -> str:
    """The separator inside elements."""
    return report.transaction.delimiters.component or ":"


def charge_of(line: Loop) -> tuple[Segment | None, str]:
    """The service segment of a line and its charge as written."""
    service = line.first("SV1") or line.first("SV2")
    if service is None:
        return None, ""
    return service, service[2] if service[0] == "SV1" else service[3]
