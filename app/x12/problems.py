"""Gathering problems: bounded, placed, in plain words."""

from __future__ import annotations

from app.model.problem import Place, Problem, Severity

MOST_OF_A_KIND = 100


class Problems:
    """A list of problems that cannot flood: after ``MOST_OF_A_KIND`` of one code the rest are only counted."""

    __slots__ = ("_counts", "found")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._counts: dict[str, int] = {}

    def add(
        self, code: str, message: str, next_step: str = "", *, place: Place, severity: Severity = Severity.ERROR
    ) -> None:
        """Note one finding."""
        count = self._counts.get(code, 0) + 1
        self._counts[code] = count
        if count <= MOST_OF_A_KIND:
            self.found.append(Problem(code=code, message=message, next_step=next_step, place=place, severity=severity))

    def is_full(self, code: str) -> bool:
        """Whether further findings of that code are only counted."""
        return self._counts.get(code, 0) >= MOST_OF_A_KIND

    def done(self) -> list[Problem]:
        """Everything found, with a last word about what was only counted."""
        more = [
            Problem(
                code=code,
                message=f"{count - MOST_OF_A_KIND} more of the same kind are not listed.",
                next_step="Mend the first ones and check again.",
                severity=Severity.INFO,
            )
            for code, count in self._counts.items()
            if count > MOST_OF_A_KIND
        ]
        return self.found + more

    def __len__(self) -> int:
        return len(self.found)


def shown(value: str) -> str:
    """A value as a sentence may quote it: short."""
    return value if len(value) <= 40 else value[:37] + "…"


def has_errors(problems: list[Problem]) -> bool:
    """Whether any of them stops use."""
    return any(problem.severity is Severity.ERROR for problem in problems)
