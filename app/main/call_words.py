"""Errors as ``daybook call`` tells them.

Adapters write for the window, which has Connections, a last copy, and tries again by itself. A single call has none of
these: such sentences are left out here, and what to do on the command line is said instead.
"""

from __future__ import annotations

import re

from app.model.errors import DaybookError

_OF_THE_WINDOW = re.compile(
    r"Connections|last copy|by itself|before Daybook has looked|reads it back|Daybook (goes on|signs in|starts)"
    r"|[Tt]est(ing)? (it|the connection)|Update from the system|Enter the code|network of this computer"
    r"|Nothing is lost|^Sign in again"
)
_OR = re.compile(r"^Or (\w)")
_AGAIN = "Run the same command again."
_STEPS = {
    "needs_mfa": "Give the secret of the authenticator app with --secret-env, or use a login without a code.",
    "auth_expired": _AGAIN,
    "wrong_credentials": "Check the values behind --secret-env, and --tenant.",
    "not_entitled": "Give what is missing with --base-url and --secret-env.",
    "not_found": "Check the id.",
    "drifted": "Check --base-url.",
    "unreachable": "Check --base-url and the network, then run the same command again.",
    "vendor_rejected": "Check the values behind --secret-env and --arg.",
    "outcome_unknown": "Look in the system whether it was done, before sending it again.",
}
_MEANS = {
    "outcome_unknown": "It may have happened. It was not sent again.",
    "rate_limited": "Nothing was done.",
}


def told(error: DaybookError) -> dict[str, object]:
    """``DaybookError.as_dict`` with words that are true here."""
    steps = [step for step in error.next_steps if not _OF_THE_WINDOW.search(step)]
    if len(steps) < len(error.next_steps) and error.code in _STEPS:
        steps.insert(0, _STEPS[error.code])
    if error.retry_after is not None:
        steps.insert(0, f"Wait {max(1, round(error.retry_after))} seconds.")
    elif steps:
        steps[0] = _OR.sub(lambda found: found[1].upper(), steps[0])
    if not steps:
        steps.append(_STEPS.get(error.code, "Correct the command (daybook call --help) and run it again."))
    sentences = re.split(r"(?<=[.!?”]) ", error.means)
    means = " ".join(sentence for sentence in sentences if not _OF_THE_WINDOW.search(sentence))
    return {**error.as_dict(), "means": means or _MEANS.get(error.code, ""), "next_steps": steps}
