"""How good a vendor is, by rules that can be looked up: ``vendors/NAME/quality.toml``, read here and for the README.

A level is earned when every rule of it and of the levels below is done, or exempt with a reason.
"""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files

import msgspec

#: Level → its rules, lowest first.
RULES: dict[str, tuple[str, ...]] = {
    "trial": ("capabilities_declared", "contract_suite", "connection_tested", "one_account_once"),
    "steady": (
        "typed_errors",
        "sign_in_again",
        "retry_after",
        "parallel_limit",
        "lost_logged_once",
        "clean_unload",
    ),
    "full": ("reconfigure", "scrubbed_diagnostics", "prompts_fixable", "limits_written"),
}


class State(StrEnum):
    """Where a rule stands."""

    DONE = "done"
    TODO = "todo"
    EXEMPT = "exempt"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule: ``where`` shows it done, ``reason`` says why it is not."""

    state: State
    where: str = ""
    reason: str = ""


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a vendor folder claims."""

    level: str
    rules: dict[str, Rule]

    def earned(self) -> str:
        """The highest level whose rules, and those below, all stand; empty for none."""
        reached = ""
        for level, names in RULES.items():
            if any(self.rules[name].state is State.TODO for name in names):
                break
            reached = level
        return reached


def quality(name: str) -> Quality:
    """What ``vendors/name`` claims. Raises FileNotFoundError where it claims nothing, msgspec's errors for nonsense."""
    return msgspec.toml.decode((files("vendors") / name / "quality.toml").read_bytes(), type=Quality)
