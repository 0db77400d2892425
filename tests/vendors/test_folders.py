"""Vendor folders: found by looking, graded by rules, laid out by a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.model.capabilities import Capability
from app.model.errors import BadInput
from vendors import load
from vendors.quality import RULES, Quality, Rule, State, quality
from vendors.scaffold import lay_out

ROOT = Path(__file__).parents[2]


def test_vendors_are_found() -> None:
    assert "officepro" in load.names()
    assert not {"contract", "transport", "sandboxkit"} & set(load.names())
    for name in load.names():
        assert load.manifest(name).name == name
        assert callable(load.factory(name))


def test_a_vendor_that_is_none() -> None:
    with pytest.raises(BadInput):
        load.manifest("contract")


def test_manifests_are_cheap() -> None:
    """The window lists systems at its start: no network library may come along."""
    code = "import sys; from vendors import load; load.manifest('officepro'); sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120, check=False).returncode == 0


def test_an_offer_nobody_spoke_of_is_not_offered() -> None:
    manifest = msgspec.structs.replace(load.manifest("officepro"), offers=())
    assert manifest.offer(Capability.BOOK_VISIT).words == "OfficePro does not offer this."
    words = load.manifest("officepro").offer(Capability.MOVE_VISIT).words
    assert words.startswith("OfficePro lets no other program move")


@pytest.mark.parametrize("name", load.names())
def test_quality_is_what_it_claims(name: str) -> None:
    claimed = quality(name)
    assert set(claimed.rules) == {rule for rules in RULES.values() for rule in rules}
    assert claimed.level == claimed.earned()
    for rule in claimed.rules.values():
        if rule.state is State.DONE:
            assert (ROOT / rule.where).exists(), rule.where
        else:
            assert rule.reason


def test_a_level_needs_those_below() -> None:
    done = {rule: Rule(State.DONE) for rules in RULES.values() for rule in rules}
    assert Quality("full", done).earned() == "full"
    assert Quality("", {**done, "retry_after": Rule(State.TODO)}).earned() == "trial"
    assert Quality("", {**done, "contract_suite": Rule(State.TODO)}).earned() == ""


def test_a_new_vendor_runs_as_it_is_laid_out(tmp_path: Path) -> None:
    written = lay_out("harborlight", "Harbor Light", "HL", tmp_path)
    assert len(written) == 11
    check = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    check += ["--config", 'lint.isort.known-first-party = ["app", "vendors", "tests"]']
    checked = subprocess.run([*check, str(tmp_path / "vendors")], capture_output=True, timeout=120, check=False)
    assert checked.returncode == 0, checked.stdout.decode()
    code = (
        "import sys, vendors, tests.vendors; vendors.__path__.append(sys.argv[1] + '/vendors');"
        "tests.vendors.__path__.append(sys.argv[1] + '/tests/vendors');"
        "import asyncio, tests.vendors.harborlight.test_contract as t;"
        "asyncio.run(t.test_the_connection_can_be_tried())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()


def test_names_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        lay_out("Harbor Light", "Harbor Light", "HL", tmp_path)
    lay_out("harborlight", "Harbor Light", "HL", tmp_path)
    with pytest.raises(FileExistsError):
        lay_out("harborlight", "Harbor Light", "HL", tmp_path)
