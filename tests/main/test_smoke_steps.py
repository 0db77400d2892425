"""The smoke test's steps of web pages: left out, and said so, where no browser is installed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.main import smoke_clearing
from app.main.smoke_hands import Hands


class Listed(Hands):
    """Names the steps and does none."""

    def __init__(self) -> None:
        nobody: Any = None
        super().__init__(nobody, nobody, nobody, nobody)
        self.told: list[tuple[str, str]] = []

    async def step(self, name: str, work: Callable[[], Awaitable[None]], *, note: str = "") -> None:
        self.told.append((name, note))


@pytest.mark.parametrize("found", [True, False], ids=["a browser", "none"])
async def test_web_pages_need_a_browser_and_files_do_not(monkeypatch: pytest.MonkeyPatch, found: bool) -> None:
    monkeypatch.setattr(smoke_clearing, "find_a_browser", lambda: found)
    hands = Listed()
    await smoke_clearing.ClearingSteps(hands).run()
    names = [name for name, _ in hands.told]
    assert names[:2] == ["claims go out and come back as reports", "a report that needs a person"]
    assert ("sign-in code by text message" in names) is found
    assert (("web pages", "left out: no browser here, see `daybook doctor`") in hands.told) is not found
