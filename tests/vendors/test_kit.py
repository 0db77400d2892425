"""The simulators' kit: chance that repeats, faults as written, the process that ends with its standard input."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.error
import urllib.request
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendors.sandboxkit import cast, faults
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.plan import moment
from vendors.sandboxkit.serve import run

COMMAND = [sys.executable, "-m", "vendors.sandboxkit"]


@given(st.integers(), st.integers())
def test_dice_repeat(first: int, second: int) -> None:
    one, same = Dice(first, second), Dice(first, second)
    assert [one.below(1000) for _ in range(20)] == [same.below(1000) for _ in range(20)]


def test_dice_are_fair_enough() -> None:
    dice = Dice(1)
    counts = [0] * 6
    for _ in range(6000):
        counts[dice.below(6)] += 1
    assert min(counts) > 850


def test_faults_as_written() -> None:
    [one, other] = faults.parse("latency=0.5*3@book_visit%50, html")
    assert (one.kind, one.number(1), one.times, one.operation, one.chance) == ("latency", 0.5, 3, "book_visit", 50)
    assert (other.kind, other.times, other.operation) == ("html", None, "")


@pytest.mark.parametrize("spec", ["explode", "html*many", "=3", "latency@Book Visit"])
def test_faults_that_are_none(spec: str) -> None:
    with pytest.raises(ValueError, match="not a fault"):
        faults.parse(spec)
    with pytest.raises(SystemExit):
        run(["--faults", spec])


def test_faults_are_spent() -> None:
    active = faults.Faults(active=faults.parse("html*2@providers,empty"))
    due = [[fault.kind for fault in active.due(operation)] for operation in ("visits", *["providers"] * 3)]
    assert due == [["empty"], ["html", "empty"], ["html", "empty"], ["empty"]]


def test_chance_is_a_share() -> None:
    active = faults.Faults(active=faults.parse("html%25"))
    assert 180 < sum(bool(active.due("visits")) for _ in range(1000)) < 320


def test_the_cast_s_days_hold_no_two_visits_at_once() -> None:
    doctors = {doctor.number: doctor for doctor in cast.DOCTORS}
    for (number, offset), visits in cast.WEEK.items():
        pauses = [(a, b) for a, b, _ in (*doctors[number].pauses, *cast.ONCE.get((number, offset), ()))]
        taken = sorted((visit.start, visit.start + visit.minutes) for visit in visits)
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(taken)), (number, offset)
        assert not any(start < last and first < stop for start, stop in taken for first, last in pauses)
        for visit in visits:
            kinds = cast.VISIT_TYPES[visit.visit_type][1]
            assert not kinds or number in kinds, visit


def test_moments_without_an_offset_are_the_practice_s() -> None:
    assert moment("2026-03-10T09:43").utcoffset() == moment("2026-03-10T09:43-05:00").utcoffset()
    assert moment("2026-03-10T09:43") == moment("2026-03-10T14:43+00:00")


# --- the process -----------------------------------------------------------------------------------------------------


def ask(url: str, given: Any = None) -> Any:
    body = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def start(*arguments: str, stdin: int = subprocess.PIPE) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    process = subprocess.Popen([*COMMAND, *arguments], stdin=stdin, stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def end_of_input(process: subprocess.Popen[bytes]) -> int:
    """Close its standard input and wait for its end."""
    try:
        process.communicate(timeout=60)
        return process.returncode
    finally:
        process.kill()


def test_it_announces_itself_and_ends_with_its_standard_input() -> None:
    process, said = start("--now", "2026-03-10T09:43", "--vendor", "officepro")
    office = said["vendors"]["officepro"]
    assert office["tenant"] == "DemoOffice"
    assert office["base_urls"]["api"].startswith("http://127.0.0.1:")
    assert ask(f"{office['control']}/ledger") == {"writes": [], "requests": {}}
    assert ask(f"{office['control']}/clock")["now"].startswith("2026-03-10T14:43")
    assert end_of_input(process) == 0


def test_it_stays_when_told_to_and_stops_when_told_to() -> None:
    process, said = start("--stay", stdin=subprocess.DEVNULL)
    control = said["vendors"]["officepro"]["control"]
    assert ask(f"{control}/links")["links"]
    assert ask(said["stop"], {}) == {"stopping": True}
    assert end_of_input(process) == 0


def test_a_taken_port_is_said_in_words() -> None:
    process, said = start()
    port = said["vendors"]["officepro"]["base_urls"]["api"].rpartition(":")[2]
    second = subprocess.run([*COMMAND, "--port", port], capture_output=True, timeout=60, check=False)
    end_of_input(process)
    assert second.returncode == 2
    assert f"port {port}".encode() in second.stderr


async def test_control_refuses_in_words() -> None:
    process, said = await asyncio.to_thread(start)
    control = said["vendors"]["officepro"]["control"]
    for path, wrong in (("faults", {"spec": "explode"}), ("take", {"provider_id": "x"}), ("nothing", {})):
        with pytest.raises(urllib.error.HTTPError) as caught:
            await asyncio.to_thread(ask, f"{control}/{path}", wrong)
        assert json.loads(caught.value.read())["error"]
        caught.value.close()
    end_of_input(process)
