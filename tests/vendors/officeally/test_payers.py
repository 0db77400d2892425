"""The payer list, and what it and the enrollments let through."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.model.enrollment import Enrollment, EnrollmentBoard, EnrollmentState, RefusalReason, Turn
from app.model.errors import BadDocument, VendorRejected
from app.model.payer_list import PayerList
from tests.vendors.officeally.desk import Desk
from vendors.officeally import payers
from vendors.officeally.sandbox.payers import export
from vendors.officeally.sandbox.practice import BILLING_NPI


@pytest.fixture(scope="module")
def listed() -> PayerList:
    return payers.read(export())


def test_the_export_is_read_and_its_bad_row_told(listed: PayerList) -> None:
    assert len(listed.doubts) == 1
    assert {one.transaction for one in listed.entries} == {"837P", "837I", "837D", "835", "270", "276"}
    [heron] = [one for one in listed.of("bhh01", "837P") if "HERON" in one.name]
    assert "\n" in heron.notes
    [rook] = listed.of("THRK1", "837P")
    assert rook.name == 'THISTLE & ROOK, INC. "TPA"'
    assert not rook.available


@pytest.mark.parametrize(
    ("text", "transaction", "first"),
    [
        ("blue heron", "837P", "BHH01"),
        ("Blue-Heron health", "270", "BLUEHERON-ELIG"),
        ("BHH01", "270", "BLUEHERON-ELIG"),
        ("sklk0", "276", "LKMCD-276"),
        ("72110", "835", "72110"),
        ("heron of the lakes", "837P", "BHH02"),
        ("rook tpa", "", "THRK1"),
    ],
)
def test_found_by_name_id_or_alias(listed: PayerList, text: str, transaction: str, first: str) -> None:
    assert first in {match.entry.payer_id for match in listed.find(text, transaction)}


def test_names_that_share_an_id_are_aliases(listed: PayerList) -> None:
    [match] = [one for one in listed.find("BHH02", "837P") if one.entry.payer_id == "BHH02"]
    assert len(match.aliases) == 1
    assert listed.find("  ") == ()
    assert listed.find("no such payer") == ()


@pytest.mark.parametrize("content", [b"", b"%PDF", b"PAYER NAME,PAYER ID\r\nX,1\r\n", b"\x00\xff" * 50])
def test_what_is_no_payer_list(content: bytes) -> None:
    with pytest.raises(BadDocument):
        payers.read(content)


def test_the_right_id_is_named(listed: PayerList) -> None:
    board = EnrollmentBoard()
    [said] = payers.obstacles(listed, board, payer_id="LKMCD", provider_npi=BILLING_NPI, transaction="837P")
    assert "SKLK0" in said
    [closed] = payers.obstacles(listed, board, payer_id="THRK1", provider_npi=BILLING_NPI, transaction="837P")
    assert "takes no 837P" in closed
    assert list(payers.obstacles(listed, board, payer_id="BHH01", provider_npi="1", transaction="837P")) == []
    assert list(payers.obstacles(PayerList(), board, payer_id="X", provider_npi="1", transaction="837P")) == []


@pytest.mark.parametrize("state", list(EnrollmentState))
def test_only_what_is_live_goes(listed: PayerList, state: EnrollmentState) -> None:
    row = Enrollment(provider_npi=BILLING_NPI, payer_id="SKLK0", transaction="837P", state=state)
    way = {"payer_id": "sklk0", "provider_npi": BILLING_NPI, "transaction": "837P"}
    said = list(payers.obstacles(listed, EnrollmentBoard().put([row]), **way))
    assert bool(said) is (state not in {EnrollmentState.APPROVED, EnrollmentState.NOT_NEEDED})
    assert row.is_live is not bool(said)
    assert (row.turn is Turn.NOBODY) is row.is_live
    other = list(payers.obstacles(listed, EnrollmentBoard().put([row]), **{**way, "provider_npi": "1999999984"}))
    assert "none is known" in other[0]


def test_an_enrollment_keeps_its_history() -> None:
    first = Enrollment(
        provider_npi="1", payer_id="A", transaction="835", state=EnrollmentState.SENT, since=date(2026, 1, 5)
    )
    board = EnrollmentBoard().put([first])
    assert board.put([first]) == board
    later = first.moved(EnrollmentState.REFUSED, date(2026, 2, 1), "Tax id does not match.")
    found = board.put([later]).find("1", "a", "835")
    assert found is not None
    assert [step.state for step in found.history][-1] is EnrollmentState.REFUSED
    assert found.turn is Turn.US
    # The system says the state again and no word: what a letter told stays.
    why = later.moved(EnrollmentState.REFUSED, date(2026, 2, 2), "Letter", RefusalReason.WRONG_DATA)
    again = board.put([why]).put([msgspec.structs.replace(first, state=EnrollmentState.REFUSED)]).find("1", "a", "835")
    assert again is not None and (again.reason, again.words) == (RefusalReason.WRONG_DATA, "Letter")
    assert first.is_stuck(date(2026, 2, 10))
    assert not first.is_stuck(date(2026, 1, 20))


async def test_a_claim_without_a_way_does_not_leave(office: Desk) -> None:
    async with office.production() as clearing:
        await clearing.import_payer_list(export())
        with pytest.raises(VendorRejected) as caught:
            await clearing.submit_claims(await office.claims("DBK-1", payer="BLUEHERON-ELIG"))
        assert "BHH01" in caught.value.means
        with pytest.raises(BadDocument):
            await clearing.import_payer_list(b"something else")
        assert (await clearing.payer_list()).entries
        row = Enrollment(provider_npi=BILLING_NPI, payer_id="BHH01", transaction="837P", state=EnrollmentState.EXPIRED)
        await clearing.keep_enrollments([row])
        with pytest.raises(VendorRejected, match="way to its payer"):
            await clearing.submit_claims(await office.claims("DBK-1"))
        assert await clearing.sent_files() == ()
        await clearing.keep_enrollments([row.moved(EnrollmentState.APPROVED, date(2026, 3, 10))])
        await clearing.submit_claims(await office.claims("DBK-1"))
    assert len(await office.writes("sftp_rename")) == 1
