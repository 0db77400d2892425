"""Points 17 to 24: both wrappings, the control table to the letter, and what each of the cast is answered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree

import aiohttp
import pytest

from tests.vendors.officeally_sandbox.test_clearinghouse import checked, later, make, upload
from vendors.officeally.sandbox import OfficeAllySandbox
from vendors.officeally.sandbox.envelopes import form_parts
from vendors.officeally.sandbox.payers import BY_KEY

USER, PASSWORD = "larkspur-rt", "Sparrow-Lantern-77"
TYPES = {"270": "X12_270_Request_005010X279A1", "276": "X12_276_Request_005010X212"}
SOAP = "application/soap+xml; charset=utf-8;action=RealTimeTransaction;"


def inquiry(box: OfficeAllySandbox, name: str, **changes: str) -> str:
    """A 270 for somebody of the cast, with fields changed."""
    row = box.database.execute(
        "SELECT p.*, o.plan, o.subscriber, o.relationship, o.insured_last, o.insured_first FROM patients p"
        " JOIN policies o ON o.patient_id = p.id AND o.rank = 1 WHERE p.first || ' ' || p.last = ?",
        (name,),
    ).fetchone()
    sex = "" if row["plan"] == "medicaid" else "*F"
    given = {
        "payer": BY_KEY[row["plan"]].ids["270"], "last": row["last"].upper(), "first": row["first"].upper(),
        "member": f"****MI*{row['subscriber']}", "birth": row["birth"].replace("-", ""), "sex": sex,
        "day": "20260310", "npi": "1234567893", "bht02": "13", **changes,
    }  # fmt: skip
    person = f"NM1*IL*1*{given['last']}*{given['first']}{given['member']}~DMG*D8*{given['birth']}{given['sex']}~"
    levels = f"HL*3*2*22*0~TRN*1*DBK000101*9DAYBOOK01~{person}"
    if row["relationship"] != "Self" and "as_subscriber" not in changes:
        levels = (
            f"HL*3*2*22*1~NM1*IL*1*{row['insured_last'].upper()}*{row['insured_first'].upper()}{given['member']}~"
            f"HL*4*3*23*0~TRN*1*DBK000101*9DAYBOOK01~NM1*03*1*{given['last']}*{given['first']}~"
            f"DMG*D8*{given['birth']}~INS*N*19~"
        )
    return enveloped(
        f"ST*270*0001*005010X279A1~BHT*0022*{given['bht02']}*DBK000101*20260310*0915~HL*1**20*1~"
        f"NM1*PR*2*SOME PLAN*****PI*{given['payer']}~HL*2*1*21*1~"
        f"NM1*1P*2*LARKSPUR FAMILY MEDICINE*****XX*{given['npi']}~"
        f"{levels}DTP*291*D8*{given['day']}~EQ*30~"
    )


def enveloped(body: str, kind: str = "HS", version: str = "005010X279A1") -> str:
    count = body.count("~") + 1
    return (
        "ISA*00*          *00*          *ZZ*DB00001        *01*OFFALLY        *260310*0915*^*00501*000000101*0*P*:~"
        f"GS*{kind}*DB00001*OFFALLY*20260310*0915*101*X*{version}~{body}SE*{count}*0001~GE*1*101~IEA*1*000000101~"
    )


def soap(payload: str, kind: str = "270", **changes: str) -> str:
    given = {"user": USER, "password": PASSWORD, "sender": "DB00001", "receiver": "OFFALLY", "version": "2.2.0",
             "type": TYPES[kind], "id": "0b1d7c52-3f0e-4a55-9a5e-2f6a6f5f0001", **changes}  # fmt: skip
    security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    return f"""<soapenv:Envelope xmlns:soapenv="http://www.w3.org/2003/05/soap-envelope"><soapenv:Header>
<wsse:Security xmlns:wsse="{security}"><wsse:UsernameToken><wsse:Username>{given["user"]}</wsse:Username>
<wsse:Password>{given["password"]}</wsse:Password></wsse:UsernameToken></wsse:Security></soapenv:Header><soapenv:Body>
<c:COREEnvelopeRealTimeRequest xmlns:c="http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd">
<PayloadType>{given["type"]}</PayloadType><ProcessingMode>RealTime</ProcessingMode><PayloadID>{given["id"]}</PayloadID>
<TimeStamp>2026-03-10T14:43:00Z</TimeStamp><SenderID>{given["sender"]}</SenderID>
<ReceiverID>{given["receiver"]}</ReceiverID><CORERuleVersion>{given["version"]}</CORERuleVersion>
<Payload><![CDATA[{payload}]]></Payload></c:COREEnvelopeRealTimeRequest></soapenv:Body></soapenv:Envelope>"""


class Service:
    """Asks the real-time service."""

    def __init__(self, box: OfficeAllySandbox, session: aiohttp.ClientSession) -> None:
        self.box = box
        self._session = session
        self._base = box.announcement()["base_urls"]["realtime"]

    async def post(self, path: str, data: Any, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
        async with self._session.post(self._base + path, data=data, headers=headers) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), await answer.text()

    async def soap(self, envelope: str, content_type: str = SOAP) -> tuple[int, dict[str, str]]:
        headers = {"Content-Type": content_type, "Action": "RealTimeTransaction"}
        status, _, text = await self.post("/TransactionService/rtx.svc", envelope.encode(), headers)
        found = {
            element.tag.rpartition("}")[2]: element.text or ""
            for element in (ElementTree.fromstring(text).iter() if text.startswith("<?xml") else ())
        }
        return status, found

    async def ask(self, payload: str, kind: str = "270") -> str:
        status, found = await self.soap(soap(payload, kind))
        assert (status, found["ErrorCode"]) == (200, "Success")
        return found["Payload"]


@pytest.fixture
async def service(box: OfficeAllySandbox) -> AsyncIterator[Service]:
    async with aiohttp.ClientSession() as session:
        yield Service(box, session)


# --- wrappings -------------------------------------------------------------------------------------------------------


async def test_soap_and_mime_give_the_same_answer(box: OfficeAllySandbox, service: Service) -> None:
    question = inquiry(box, "Basil Fennimore")
    by_soap = checked(await service.ask(question))
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in {
        "PayloadType": TYPES["270"], "processingmode": "RealTime", "PayloadId": "1",
        "Timestamp": "2026-03-10T14:43:00Z", "UserName": USER, "Password": PASSWORD, "SenderId": "DB00001",
        "ReceiverId": "OFFALLY", "CoreRuleVersion": "2.2.0", "Payload": question,
    }.items():  # fmt: skip
        form.add_field(name, value)
    status, kind, text = await service.post("/TransactionSite/realtime-request/MIME", form)
    found = {name: content.decode() for name, _, content in form_parts(kind, text.encode())}
    assert (status, found["ErrorCode"], found["ErrorMessage"]) == (200, "Success", "None")
    assert found["PayloadType"] == "X12_271_Response_005010X279A1"
    assert [row for row in checked(found["Payload"]) if row[0] == "EB"] == [row for row in by_soap if row[0] == "EB"]


async def test_what_is_no_envelope_is_a_fault(box: OfficeAllySandbox, service: Service) -> None:
    question = soap(inquiry(box, "Basil Fennimore"))
    assert (await service.soap(question, "text/xml"))[0] == 415
    for wrong in ("not xml", question.replace("UsernameToken", "Token"), question.replace("COREEnvelope", "Envelope"),
                  question.replace("<PayloadType>", "<c:PayloadType>").replace("</PayloadType>", "</c:PayloadType>"),
                  question.replace("2003/05/soap-envelope", "2001/soap")):  # fmt: skip
        status, found = await service.soap(wrong)
        assert status == 500 and "Fault" in found
    status, _, text = await service.post("/TransactionSite/realtime-request/MIME", b"x")
    assert status == 400 and "multipart" in text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "no"}, "UnAuthorized"),
        ({"sender": "XX"}, "SenderIDIllegal"),
        ({"receiver": "OTHER"}, "ReceiverIDIllegal"),
        ({"version": "4.0.0"}, "VersionMismatch"),
        ({"type": "X12_270_Request_004010"}, "PayloadTypeIllegal"),
        ({"id": ""}, "PayloadIDRequired"),
    ],
)
async def test_envelope_fields_are_checked(
    box: OfficeAllySandbox, service: Service, changes: dict[str, str], code: str
) -> None:
    status, found = await service.soap(soap(inquiry(box, "Basil Fennimore"), **changes))
    assert (status, found["ErrorCode"], found["Payload"]) == (200, code, "")


async def test_wrong_credentials_can_be_a_401(box: OfficeAllySandbox, service: Service) -> None:
    await box.actions["switches"]({"bad_login_is_401": True})
    assert (await service.soap(soap(inquiry(box, "Basil Fennimore"), password="no")))[0] == 401


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("*01*OFFALLY ", "*30*OFFALLY ", "007"), ("OFFALLY        *26", "OFFICEALLY     *26", "008"),
        ("DB00001        ", "DB00002        ", "006"), ("*0*P*:", "*0*T*:", "020"), ("*0*P*:", "*1*P*:", "019"),
        ("*ZZ*DB", "*30*DB", "005"), ("*00501*", "*00401*", "017"),
    ],
)  # fmt: skip
async def test_the_isa_is_checked_to_the_letter(
    box: OfficeAllySandbox, service: Service, old: str, new: str, note: str
) -> None:
    answer = await service.ask(inquiry(box, "Basil Fennimore").replace(old, new, 1))
    assert re.search(rf"TA1\*000000101\*260310\*0915\*R\*{note}~", answer)


@pytest.mark.parametrize(
    ("old", "new"),
    [("GS*HS", "GS*HR"), ("*OFFALLY*2026", "*OFFICEALLY*2026"), ("GS*HS*DB00001", "GS*HS*DB9"),
     ("BHT*0022*13", "BHT*0022*11"), ("NM1*1P*2*", "NM1*1P*9*"), ("EQ*30~", "EQ*30*XX:99~"), ("HL*2*1*21", "HL*7*1*21"),
     ("*****XX*1234567893", "***1234567893*XX"), ("BHT*0022*13", "BHT*0022*01"), ("NM1*IL*1", "NM1*IL*2"),
     ("NM1*1P*2", "NM1*1P*1")],
)  # fmt: skip
async def test_the_guide_is_checked_and_a_999_says_where(
    box: OfficeAllySandbox, service: Service, old: str, new: str
) -> None:
    answer = await service.ask(inquiry(box, "Basil Fennimore").replace(old, new, 1))
    segments = checked(answer)
    assert ["AK9", "R"] in [segment[:2] for segment in segments]
    names = [segment[0] for segment in segments]
    assert old.startswith(("GS", "*OFF")) or {"IK3", "CTX"} <= set(names)
    assert old[:2] not in {"BH", "NM"} or "IK4" in names


async def test_a_270_in_a_276_envelope_is_refused(box: OfficeAllySandbox, service: Service) -> None:
    answer = await service.ask(inquiry(box, "Basil Fennimore"), "276")
    assert ["AK9", "R"] in [segment[:2] for segment in checked(answer)]


# --- eligibility -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes", "aaa"),
    [
        ("Wren Ashgrove", {}, "75"),
        ("Luz Candlewick", {}, "71"),
        ("Tad Bellweather", {}, "42"),
        ("Otis Brambleton", {}, "80"),
        ("Basil Fennimore", {"last": "SMITH"}, "73"),
        ("Basil Fennimore", {"birth": "19990101"}, "71"),
        ("Basil Fennimore", {"payer": "BHH01"}, "79"),  # The id for claims, which differs.
        ("Basil Fennimore", {"payer": "NOBODY"}, "79"),
        ("Basil Fennimore", {"npi": "1000000004"}, "51"),
        ("Basil Fennimore", {"day": "20200101"}, "62"),
        ("Basil Fennimore", {"day": "20270101"}, "63"),
        ("Basil Fennimore", {"member": ""}, "72"),
        ("Lark Fennimore", {"first": "NOBODY"}, "67"),
    ],
)
async def test_refusals(box: OfficeAllySandbox, service: Service, name: str, changes: dict[str, str], aaa: str) -> None:
    segments = checked(await service.ask(inquiry(box, name, **changes)))
    assert [segment[3] for segment in segments if segment[0] == "AAA"] == [aaa]
    assert not [segment for segment in segments if segment[0] == "EB"]


async def test_benefits_of_the_cast(box: OfficeAllySandbox, service: Service) -> None:
    answers = {}
    for name in ("Marigold Fennimore", "Tobias Fennwick", "Fern Abernathy", "Dov Appleyard", "Lark Fennimore"):
        raw = checked(await service.ask(inquiry(box, name)))
        answers[name] = raw
        assert [row[:2] for row in raw if row[0] == "TRN"] == [["TRN", "2"]]
        assert "DBK000101" in next(row for row in raw if row[0] == "TRN")
    copays = [row[7] for row in answers["Marigold Fennimore"] if row[:2] == ["EB", "B"]]
    assert copays == ["25", "0"] and len([row for row in answers["Marigold Fennimore"] if row[0] == "MSG"]) == 2
    assert [row[1] for row in answers["Tobias Fennwick"] if row[0] == "EB"] == ["6"]
    ids = [row[0] for row in answers["Fern Abernathy"]]
    assert ids.index("LS") < ids.index("LE") and ["EB", "R"] in [row[:2] for row in answers["Fern Abernathy"]]
    managed = [row[0] for row in answers["Dov Appleyard"]]
    assert "EB" in managed[managed.index("LE") :]
    assert [row[3] for row in answers["Lark Fennimore"] if row[0] == "HL"][-1] == "23"


async def test_payers_have_rules_of_their_own(box: OfficeAllySandbox, service: Service) -> None:
    """Lakeshore Medicaid finds people by name and birth date, and refuses a sex."""
    answer = checked(await service.ask(inquiry(box, "Dov Appleyard", member="")))
    assert ["EB", "1"] in [row[:2] for row in answer]
    refused = checked(await service.ask(inquiry(box, "Dov Appleyard", sex="*M")))
    assert ["IK3", "DMG"] in [row[:2] for row in refused] and ["IK4", "3"] in [row[:2] for row in refused]


async def test_a_web_page_a_slow_payer_and_a_cut_connection(box: OfficeAllySandbox, service: Service) -> None:
    assert (await service.ask(inquiry(box, "Hana Mosswater"))).startswith("<!DOCTYPE html>")
    await box.actions["switches"]({"slow_s": 0.3})
    began = asyncio.get_running_loop().time()
    checked(await service.ask(inquiry(box, "Silas Copperpot")))
    assert asyncio.get_running_loop().time() - began >= 0.3
    with pytest.raises(aiohttp.ClientError):
        await service.ask(inquiry(box, "Hugo Cranmoor"))


# --- claim status ----------------------------------------------------------------------------------------------------


def status_request(box: OfficeAllySandbox, account: str, payer: str = "BHSTAT", **changes: str) -> str:
    row = box.database.execute("SELECT * FROM claims WHERE account = ?", (account,)).fetchone()
    last, first, member = (row["last"], row["first"], row["member"]) if row else ("NOBODY", "KNOWN", "BHH1")
    given = {"ref": f"REF*EJ*{account}~", "charge": "445", **changes}
    return enveloped(
        "ST*276*0001*005010X212~BHT*0010*13*DBK7*20260310*0915~HL*1**20*1~"
        f"NM1*PR*2*BLUE HERON*****PI*{payer}~HL*2*1*21*1~NM1*41*2*LARKSPUR*****46*DB00001~HL*3*2*19*1~"
        f"NM1*1P*2*LARKSPUR*****XX*1234567893~HL*4*3*22*0~DMG*D8*19840314*F~NM1*IL*1*{last}*{first}****MI*{member}~"
        f"TRN*1*DBKTRACE7~{given['ref']}AMT*T3*{given['charge']}~DTP*472*D8*20260309~",
        "HR",
        "005010X212",
    )


async def test_claim_status_follows_the_claim(box: OfficeAllySandbox, service: Service) -> None:
    async def standing(account: str, **changes: str) -> list[str]:
        rows = checked(await service.ask(status_request(box, account, **changes), "276"))
        assert ["TRN", "2", "DBKTRACE7"] in rows
        return next(row for row in rows if row[0] == "STC")

    def code(stc: list[str]) -> str:
        return re.split("[:>]", stc[1])[0]

    for account, outcome in (("S-1", "paid"), ("S-2", "denied")):
        await box.actions["decide"]({"account": account, "outcome": outcome})
    await box.actions["decide"]({"account": "S-3", "refuse": "SUBSCRIBER NOT FOUND"})
    assert code(await standing("S-1")) == "D0"
    upload(box, await make(box, "S-1", "S-2", "S-3"))
    await later(box, 14)
    assert code(await standing("S-1")) == "A2"
    await later(box, 24 * 6)
    assert (code(await standing("S-1")), code(await standing("S-3"))) == ("P1", "A4")
    control = next(one["payer_control"] for one in await box.actions["claims"]({}) if one["account"] == "S-1")
    assert code(await standing("S-1", ref=f"REF*1K*{control}~")) == "P1"
    await later(box, 24 * 50)
    paid, denied = await standing("S-1"), await standing("S-2")
    assert (code(paid), code(denied)) == ("F1", "F2") and float(paid[5]) > 0 and paid[9].startswith("EFT")
    found = checked(await service.ask(status_request(box, "S-1", payer="BHH01"), "276"))
    assert code(next(row for row in found if row[0] == "STC")) == "E0"


async def test_json_in_the_payload_and_success_beside_it(box: OfficeAllySandbox, service: Service) -> None:
    row = box.database.execute("SELECT member_id FROM members WHERE script = 'json'").fetchone()
    question = status_request(box, "NONE").replace("MI*BHH1~", f"MI*{row['member_id']}~")
    assert (await service.ask(question, "276")).startswith('{"message": "An error occurred')


async def test_faults_on_demand(box: OfficeAllySandbox, service: Service) -> None:
    await box.actions["faults"]({"spec": "drop_after*1@realtime_soap"})
    with pytest.raises(aiohttp.ClientError):
        await service.ask(inquiry(box, "Basil Fennimore"))
    assert (await service.soap(soap(inquiry(box, "Basil Fennimore"))))[0] == 200
