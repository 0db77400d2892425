"""The README tells the truth about vendors and commands."""

from __future__ import annotations

from app.main.cli import COMMANDS
from tests.guards import source, vendor_table

README = (source.ROOT / "README.md").read_text("utf-8")


def test_the_vendor_table_is_what_the_manifests_say() -> None:
    assert vendor_table.with_table(README) == README, "run: python -m tests.guards.vendor_table"


def test_every_command_is_named() -> None:
    assert [name for name in COMMANDS if name != "open" and name not in README] == []


def test_the_picture_is_there() -> None:
    assert (source.ROOT / "resources/pictures/schedule.png").stat().st_size > 20_000
