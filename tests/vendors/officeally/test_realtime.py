"""Real time: SOAP and form data, answers checked against their question, what else may stand in the payload."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.model.eligibility import EligibilityReport, Standing
from app.model.errors import BadInput, Drifted, Unreachable, VendorRejected, WrongCredentials
from app.model.money import Money
from app.x12 import eligibility_271, status_277
from app.x12.envelope import read
from tests.vendors.officeally.desk import Desk
from vendors.contract import ClaimInquiry, Document, EligibilityInquiry
from vendors.officeally import core_envelope, inquiries
from vendors.officeally.sandbox.practice import BILLING_NPI

INSURED = {"subscriber_last_name": "Fennimore", "subscriber_first_name": "Marigold"}


def report(document: Document) -> EligibilityReport:
    [found] = [one for transaction in read(document.content) for one in eligibility_271.read(transaction)]
    return found


async def person(office: Desk, name: str, **changes: Any) -> EligibilityInquiry:
    """A question about somebody of the cast, with what stands on their card."""
    first, _, last = name.partition(" ")
    box: Any = office.sandbox
    row = box.database.execute(
        "SELECT p.*, i.plan, i.subscriber AS member_id FROM patients p"
        " JOIN policies i ON i.patient_id = p.id AND i.rank = 1"
        " WHERE p.last = ? AND p.first = ?",
        (last, first),
    ).fetchone()
    from vendors.officeally.sandbox.payers import BY_KEY, ELIGIBILITY

    plan = BY_KEY[row["plan"]]
    values: dict[str, Any] = {
        "payer_id": plan.ids[ELIGIBILITY],
        "payer_name": plan.name,
        "provider_npi": BILLING_NPI,
        "provider_last_name": "Larkspur Family Medicine",
        "member_id": row["member_id"],
        "last_name": last,
        "first_name": first,
        "birth_date": date.fromisoformat(row["birth"]),
        "service_date": date(2026, 3, 10),
    }
    return EligibilityInquiry(**{**values, **changes})


def at_mime(office: Desk) -> dict[str, str]:
    urls = office.sandbox.announcement()["base_urls"]
    return {**urls, "realtime": urls["realtime"] + core_envelope.MIME_PATH}


@pytest.mark.parametrize("wrapping", ["soap", "plain", "mime"])
async def test_an_active_member_by_both_wrappings(office: Desk, wrapping: str) -> None:
    await office.act("switches", cdata=wrapping == "soap")
    urls = at_mime(office) if wrapping == "mime" else office.sandbox.announcement()["base_urls"]
    async with office.clearing(base_urls=urls) as clearing:
        document = await clearing.check_eligibility(await person(office, "Marigold Fennimore"))
    found = report(document)
    assert found.verdict().standing is Standing.ACTIVE
    copays = found.costs("B")
    assert len(copays) == 2
    assert copays[0].benefit.messages != copays[1].benefit.messages
    assert await office.requests("realtime_mime" if wrapping == "mime" else "realtime_soap") == 1


async def test_every_attempt_has_numbers_of_its_own(office: Desk) -> None:
    asked = await person(office, "Marigold Fennimore")
    async with office.clearing() as clearing:
        traces = {report(await clearing.check_eligibility(asked)).our_trace for _ in range(3)}
    # Also where nothing is remembered: a connection made anew, and every call of the command line.
    office.clock.advance(1)
    async with office.clearing() as clearing:
        traces.add(report(await clearing.check_eligibility(asked)).our_trace)
    assert len(traces) == 4


@pytest.mark.parametrize(
    ("name", "standing", "reason"),
    [
        ("Tobias Fennwick", Standing.INACTIVE, ""),
        ("Fern Abernathy", Standing.ACTIVE, ""),
        ("Dov Appleyard", Standing.ACTIVE, ""),
        ("Wren Ashgrove", Standing.UNKNOWN, "75"),
        ("Luz Candlewick", Standing.UNKNOWN, "71"),
        ("Tad Bellweather", Standing.UNKNOWN, "42"),
        ("Otis Brambleton", Standing.UNKNOWN, "80"),
    ],
)
async def test_what_payers_say(office: Desk, name: str, standing: Standing, reason: str) -> None:
    async with office.clearing() as clearing:
        found = report(await clearing.check_eligibility(await person(office, name)))
    assert found.verdict().standing is standing
    assert {one.reason for one in found.rejections} >= ({reason} if reason else set())
    may_again = bool(found.rejections) and all(
        one.reason in {"42", "80"} and one.resend == "yes" for one in found.rejections
    )
    assert await office.requests("realtime_soap") == (3 if may_again else 1)


async def test_a_child_under_the_subscribers_number(office: Desk) -> None:
    asked = await person(office, "Lark Fennimore", is_dependent=True, **INSURED)
    async with office.clearing() as clearing:
        found = report(await clearing.check_eligibility(asked))
    assert found.dependent is not None
    assert found.verdict().standing is Standing.ACTIVE


async def test_a_payer_that_refuses_the_sex_is_asked_without_and_remembered(office: Desk) -> None:
    asked = await person(office, "Dov Appleyard", gender="M")
    async with office.clearing() as clearing:
        assert report(await clearing.check_eligibility(asked)).verdict().standing is Standing.ACTIVE
        assert await office.requests("realtime_soap") == 2
        await clearing.check_eligibility(asked)
        assert await office.requests("realtime_soap") == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [("html", Drifted), ("empty", Drifted), ("drop_before", Unreachable), ("drop_after", Unreachable),
     ("fail=503", Unreachable), ("redirect", Drifted), ("huge=20", Drifted)],
)  # fmt: skip
async def test_a_service_that_fails(office: Desk, fault: str, error: type[Exception]) -> None:
    asked = await person(office, "Marigold Fennimore")
    async with office.clearing() as clearing:
        await office.fail(f"{fault}@realtime_soap")
        with pytest.raises(error):
            await clearing.check_eligibility(asked)
    assert await office.requests("realtime_soap") == 1


async def test_a_web_page_in_the_payload(office: Desk) -> None:
    async with office.clearing() as clearing:
        with pytest.raises(Drifted, match="web page"):
            await clearing.check_eligibility(await person(office, "Hana Mosswater"))


@pytest.mark.parametrize(
    ("first", "last", "error", "words"),
    [("EB", "", Unreachable, "ends in the middle"), ("SE", "", Unreachable, "ends in the middle"),
     ("HL", "SE", Drifted, "says nothing")],
)  # fmt: skip
async def test_half_an_answer_is_not_used(
    office: Desk, first: str, last: str, error: type[Exception], words: str
) -> None:
    """What is missing may be the copay, or that the plan has ended; the envelope around it says Success."""
    box: Any = office.sandbox
    whole = box.realtime._payload

    def without(*given: Any) -> tuple[str, str]:
        payload, script = whole(*given)
        element, end = payload[3], payload[105]
        segments = payload.split(end)
        names = [segment.strip().partition(element)[0] for segment in segments]
        segments[names.index(first) : names.index(last) if last else None] = []
        return end.join(segments) + end, script

    box.realtime._payload = without
    async with office.clearing() as clearing:
        with pytest.raises(error, match=words):
            await clearing.check_eligibility(await person(office, "Marigold Fennimore"))


async def test_a_cut_answer_is_not_asked_again_by_itself(office: Desk) -> None:
    async with office.clearing() as clearing:
        with pytest.raises(Unreachable):
            await clearing.check_eligibility(await person(office, "Hugo Cranmoor"))
    assert await office.requests("realtime_soap") <= 1


@pytest.mark.parametrize("is_401", [True, False])
async def test_wrong_credentials(office: Desk, is_401: bool) -> None:
    await office.act("switches", bad_login_is_401=is_401)
    secrets = office.secrets(realtime_password="]]><&\"'é")
    async with office.clearing(secrets=secrets) as clearing:
        with pytest.raises(WrongCredentials):
            await clearing.check_eligibility(await person(office, "Marigold Fennimore"))


async def test_a_sender_id_that_is_not_ours(office: Desk) -> None:
    async with office.clearing(secrets=office.secrets(sender_id="DB99999")) as clearing:
        with pytest.raises(VendorRejected):
            await clearing.check_eligibility(await person(office, "Marigold Fennimore"))


@pytest.mark.parametrize(
    ("changes", "field"), [({"member_id": "", "birth_date": None}, "member_id"), ({"gender": "woman"}, "gender")]
)
async def test_what_cannot_be_asked(office: Desk, changes: dict[str, Any], field: str) -> None:
    asked = await person(office, "Marigold Fennimore", **changes)
    async with office.clearing() as clearing:
        with pytest.raises(BadInput) as caught:
            await clearing.check_eligibility(asked)
    assert caught.value.field == field
    assert await office.requests("realtime_soap") == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"member_id": ""}, "member id is missing"), ({"payer_name": " "}, "payer's name is missing"),
     ({"charge": None}, "charge is missing"), ({"charge": Money(-500)}, "never below zero")],
)  # fmt: skip
async def test_what_cannot_be_asked_of_a_claim(office: Desk, changes: dict[str, Any], words: str) -> None:
    asked = await inquiry(office, **changes)
    async with office.clearing() as clearing:
        with pytest.raises(BadInput, match=words):
            await clearing.claim_status(asked)
    assert await office.requests("realtime_soap") == 0


# --- claim status ----------------------------------------------------------------------------------------------------


async def inquiry(office: Desk, **changes: Any) -> ClaimInquiry:
    """About the first claim that a payer of the list knows."""
    box: Any = office.sandbox
    row = box.database.execute(
        "SELECT * FROM claims WHERE NOT is_test AND plan = 'heron' AND status = 'Passed' ORDER BY received LIMIT 1"
    ).fetchone()
    values: dict[str, Any] = {
        "patient_control_number": row["account"],
        "payer_id": "BHSTAT",
        "payer_name": "Blue Heron Health Plan",
        "provider_npi": BILLING_NPI,
        "provider_name": "Larkspur Family Medicine",
        "member_id": row["member"],
        "last_name": row["last"],
        "first_name": row["first"],
        "birth_date": date.fromisoformat(row["birth"]),
        "service_from": date.fromisoformat(row["from_day"]),
        "charge": Money(row["charge"]),
    }
    return ClaimInquiry(**{**values, **changes})


async def test_where_a_claim_stands(office: Desk) -> None:
    asked = await inquiry(office)
    async with office.clearing() as clearing:
        document = await clearing.claim_status(asked)
    [claim] = [one for transaction in read(document.content) for one in status_277.read(transaction)]
    assert claim.patient_control_number == asked.patient_control_number
    assert claim.statuses[0].code.category[0] in "PF"


async def test_a_claim_nobody_knows(office: Desk) -> None:
    asked = await inquiry(office, patient_control_number="NOBODY", member_id="BHH99999999")
    async with office.clearing() as clearing:
        document = await clearing.claim_status(asked)
    [claim] = [one for transaction in read(document.content) for one in status_277.read(transaction)]
    assert claim.stage == "not found"


async def test_json_in_the_payload(office: Desk) -> None:
    asked = await person(office, "Amos Driftwood")
    about = ClaimInquiry(
        payer_id="BHSTAT", provider_npi=BILLING_NPI, member_id=asked.member_id, last_name="Driftwood",
        first_name="Amos", service_from=date(2026, 3, 2), provider_name="Larkspur Family Medicine",
        payer_name="Blue Heron",
        charge=Money(18500),
    )  # fmt: skip
    async with office.clearing() as clearing:
        with pytest.raises(Unreachable, match="could not process"):
            await clearing.claim_status(about)


# --- is it the answer to this? ---------------------------------------------------------------------------------------


async def test_an_answer_to_another_question_is_not_used(office: Desk) -> None:
    async with office.clearing() as clearing:
        found = report(await clearing.check_eligibility(await person(office, "Marigold Fennimore")))
    mine = inquiries.Asked(
        content=b"", trace=found.our_trace, member_id="", last_name="Fennimore", first_name="Marigold"
    )
    assert inquiries.answers_eligibility(mine, [found])
    other = msgspec.structs.replace
    assert not inquiries.answers_eligibility(other(mine, trace="DBK000000999"), [found])
    stranger = other(mine, last_name="Okafor", member_id="EHP00098765", birth_date=date(1990, 2, 2))
    assert not inquiries.answers_eligibility(stranger, [found])
    corrected = other(stranger, birth_date=None, last_name="FENNIMORE ")
    assert inquiries.answers_eligibility(corrected, [found])


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>",
        b"<s:Envelope", b"not xml at all", b"--b\r\n\r\nnothing\r\n--b--", b"",
    ],
)  # fmt: skip
def test_wrappings_that_are_none(body: bytes) -> None:
    with pytest.raises(Drifted):
        core_envelope.opened("application/soap+xml", body)
