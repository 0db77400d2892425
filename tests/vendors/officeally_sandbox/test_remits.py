"""Points 14 to 16: bundles in every variant, 835s that balance, and the one that does not."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from app.model.remittance import Remittance
from app.x12 import remittance_835
from app.x12.envelope import read
from tests.vendors.officeally_sandbox.test_clearinghouse import later, make, new_reports, upload
from vendors.officeally.sandbox import OfficeAllySandbox


async def eras(
    box: OfficeAllySandbox, *, odd: str = "", bundle: str = "", outcome: str = "", **given: Any
) -> list[bytes]:
    """The bundles that come for one file of two claims, with nothing else under way."""
    box.database.execute("DELETE FROM events")
    box.database.execute("UPDATE claims SET checked = '', decided = ''")
    since = set(await box.actions["outbound"]({}))
    accounts = given.pop("accounts", ("E-1", "E-2"))
    for account in accounts:
        await box.actions["decide"]({"account": account, "outcome": outcome or "paid"})
    if odd:
        await box.actions["odd"]({"payment": odd})
    if bundle:
        await box.actions["odd"]({"bundle": bundle})
    await box.actions["times"]({"pay": [10 * 1440, 10 * 1440], "status": [1440, 1440]})
    upload(box, await make(box, *accounts, **given))
    await later(box, 24 * 45)
    names = await new_reports(box, since, "ERA_STATUS")
    return [box.shelf.content("outbound", name) for name in names]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def remittances(document: bytes) -> list[Remittance]:
    return [remittance_835.remittance(transaction) for transaction in read(document)]


def whole(content: bytes) -> Remittance:
    [document] = [data for name, data in parts(content).items() if name.lower().endswith(".835")]
    [found] = remittances(document)
    return found


async def test_a_bundle_holds_an_835_and_its_readable_twin(box: OfficeAllySandbox) -> None:
    [content] = await eras(box)
    names = sorted(parts(content))
    assert [name.partition("_ERA_")[2][:8] for name in names] == ["835_5010", "STATUS_5"]
    assert names[0].endswith(".835") and names[1].endswith(".txt") and names[0][:9] == names[1][:9]
    text = parts(content)[names[1]].decode()
    assert "Check#" in text and "Payer Claim Control Number:" in text and "E-1" in text


@pytest.mark.parametrize("outcome", ["paid", "coinsurance", "deductible", "denied", "interest", "secondary"])
async def test_every_outcome_balances_on_every_level(box: OfficeAllySandbox, outcome: str) -> None:
    [content] = await eras(box, outcome=outcome)
    found = whole(content)
    assert found.difference == 0
    assert [claim.difference for claim in found.claims] == [0, 0]
    assert all(line.difference == 0 for claim in found.claims for line in claim.lines)
    status = {"denied": "4", "secondary": "2"}.get(outcome, "1")
    assert {claim.status for claim in found.claims} == {status}
    if outcome in {"denied", "deductible"}:
        assert found.payment.cents == 0 and found.method == "NON"
    if outcome == "interest":
        assert [one.reason for one in found.provider_adjustments] == ["L6"]
    assert any(reference.value == "330897513" for reference in found.references)


@pytest.mark.parametrize("odd", ["takeback", "unknown", "reversal", "split", "out_of_balance"])
async def test_odd_payments(box: OfficeAllySandbox, odd: str) -> None:
    [content] = await eras(box, odd=odd)
    documents = [data for name, data in parts(content).items() if name.endswith(".835")]
    found = [one for document in documents for one in remittances(document)]
    differences = [one.difference for one in found]
    assert differences == ([100] if odd == "out_of_balance" else [0] * len(found))
    claims = [claim for one in found for claim in one.claims]
    assert all(claim.difference == 0 for claim in claims)
    match odd:
        case "takeback":
            [moved] = found[0].provider_adjustments
            assert (moved.reason, moved.reference, moved.amount.cents) == ("WO", "E-1", 5000)
        case "unknown":
            assert claims[-1].patient_control_number == "ZZ-000404"
        case "reversal":
            assert [claim.status for claim in claims].count("22") == 1
            assert len({claim.payer_control_number for claim in claims if claim.patient_control_number == "E-1"}) == 2
        case "split":
            assert [claim.patient_control_number for claim in claims].count("E-1") == 2 and len(found) == 2


async def test_a_replacement_takes_back_what_was_paid(box: OfficeAllySandbox) -> None:
    await eras(box, accounts=("R-1",))
    [claim] = [one for one in await box.actions["claims"]({}) if one["account"] == "R-1"]
    since = set(await box.actions["outbound"]({}))
    await box.actions["decide"]({"account": "R-2", "outcome": "denied"})
    changes = {"frequency": "7", "reference": claim["payer_control"]}
    upload(box, await make(box, "R-2", changes=changes))
    await later(box, 24 * 45)
    [name] = await new_reports(box, since, "ERA_STATUS")
    found = whole(box.shelf.content("outbound", name))
    assert [one.status for one in found.claims] == ["22", "4"]
    assert found.payment.cents == 0 and found.difference == 0
    assert [one.reason for one in found.provider_adjustments] == ["FB"]
    assert found.provider_adjustments[0].amount.cents == -claim["paid"]


@pytest.mark.parametrize("bundle", ["two_835", "nested", "no_text", "broken_zip", "upper"])
async def test_odd_bundles(box: OfficeAllySandbox, bundle: str) -> None:
    [content] = await eras(box, bundle=bundle)
    if bundle == "broken_zip":
        with pytest.raises(zipfile.BadZipFile):
            parts(content)
        return
    names = sorted(parts(content))
    match bundle:
        case "two_835":
            assert [name[-4:] for name in names].count(".835") == 2
        case "nested":
            assert len(names) == 1 and sorted(name[-4:] for name in parts(parts(content)[names[0]])) == [".835", ".txt"]
        case "no_text":
            assert len(names) == 1
        case "upper":
            assert any(name.endswith("835") and name == name.upper() for name in names)


async def test_planted_files_are_as_bad_as_they_should_be(box: OfficeAllySandbox) -> None:
    content = {}
    for kind in ("zip_bomb", "traversal", "deep", "rubbish", "stranger", "stranger_era", "html_names", "half", "empty"):
        name = (await box.actions["plant"]({"kind": kind}))["name"]
        content[kind] = box.shelf.content("outbound", name)
    with zipfile.ZipFile(io.BytesIO(content["zip_bomb"])) as archive:
        assert archive.infolist()[0].file_size > 100 * len(content["zip_bomb"])
    assert any(".." in name for name in parts(content["traversal"]))
    assert list(parts(content["deep"])) == ["inner.zip"] and parts(content["empty"]) == {}
    assert b"<SCRIPT>" in content["html_names"] and not content["rubbish"].startswith(b"ISA")
    assert b"1234567893" not in content["stranger"]
    assert whole(content["stranger_era"]).payee_npi != "1234567893"
    assert b"IEA" not in content["half"]
    with pytest.raises(ValueError, match="kinds"):
        await box.actions["plant"]({"kind": "kitten"})
