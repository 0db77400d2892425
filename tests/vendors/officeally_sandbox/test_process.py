"""The simulator as a process of its own, with every size of practice."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.vendors.test_kit import ask, end_of_input, start
from vendors.officeally.sandbox import OfficeAllySandbox, open_sandbox
from vendors.sandboxkit.plan import Plan, Scale, moment


def test_it_is_served_by_name_and_asked_on_its_control_address() -> None:
    process, said = start("--vendor", "officeally", "--now", "2026-03-10T09:43")
    found = said["vendors"]["officeally"]
    assert set(found["base_urls"]) == {"sftp", "realtime", "portal", "pm"} and found["tenant"] == "LARKSPUR"
    assert {name.partition("_")[0] for name in found["credentials"]} >= {"sftp", "realtime", "portal"}
    assert len(ask(f"{found['control']}/outbound")) > 300
    assert ask(f"{found['control']}/links") == {"links": []}
    before = ask(f"{found['control']}/clock")["clearinghouse"]
    assert ask(f"{found['control']}/clock", {"advance_hours": 24})["clearinghouse"][:10] > before[:10]
    assert end_of_input(process) == 0


@pytest.mark.parametrize("scale", ["small", "clinic", "large"])
async def test_sizes(scale: Scale) -> None:
    box = await open_sandbox(Plan(now=moment("2026-03-10T09:43"), scale=scale))
    try:
        count = box.database.execute("SELECT count(*) FROM patients").fetchone()[0]
        assert count == {"small": 400, "clinic": 4_000, "large": 20_000}[scale]
    finally:
        await box.close()


async def test_the_same_seed_is_the_same_practice_and_another_is_another() -> None:
    async def picture(seed: int) -> Any:
        box = await open_sandbox(Plan(now=moment("2026-03-10T09:43"), seed=seed))
        try:
            rows = box.database.execute("SELECT * FROM patients ORDER BY id").fetchall()
            return [tuple(row) for row in rows], await box.actions["outbound"]({}), await box.actions["claims"]({})
        finally:
            await box.close()

    first, second, other = await picture(1), await picture(1), await picture(2)
    assert first == second and first != other


async def test_reset_gives_the_beginning_back(box: OfficeAllySandbox) -> None:
    before = await box.actions["claims"]({}), await box.actions["outbound"]({})
    await box.actions["clock"]({"advance_hours": 24 * 30})
    await box.actions["faults"]({"spec": "fail@home"})
    await box.actions["reset"]({})
    assert (await box.actions["claims"]({}), await box.actions["outbound"]({})) == before
    assert await box.actions["faults"]({}) == []


async def test_the_clock_can_run_fast(box: OfficeAllySandbox) -> None:
    told = await box.actions["clock"]({"speed": 1_000_000})
    time.sleep(0.05)
    later = await box.actions["clock"]({"speed": 1})
    assert later["clearinghouse"] > told["clearinghouse"][:11] + "23"
    assert moment(later["now"]) - moment(told["now"]) < moment(later["clearinghouse"]) - moment(told["clearinghouse"])
