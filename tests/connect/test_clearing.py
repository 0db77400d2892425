"""Claims out, reports in, payers, enrollments: from the desk through connect to a real SFTP server and back."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.connect.offering import submits_claims
from app.model.accounts import AuditAction, Role
from app.model.capabilities import Capability
from app.model.claim_news import Outcome
from app.model.clearing_views import EnrollmentFilter, NoticeKind
from app.model.clock import FixedClock
from app.model.connection import ConnectionState, Environment, Topic
from app.model.enrollment import EnrollmentState, RefusalReason, Turn
from app.model.errors import BadDocument, BadInput, NotEntitled, NotFound, NotPermitted, VendorRejected
from app.model.outbox import JobState, PersonReason
from app.model.portal import WritePlan
from app.model.portal_writes import PortalOperation, WriteWish
from app.store import audit, documents, reports
from tests.connect.clearing import Clearinghouse, workplace
from tests.connect.workplace import actor
from tests.forms import form_of
from tests.vendors.officeally.desk import file_of
from tests.vendors.officeally.web import WebDesk
from tests.vendors.stage import NOW
from vendors.contract import Adapter
from vendors.officeally.sandbox.payers import export
from vendors.officeally.sandbox.practice import BILLING_NPI, SUBMITTER
from vendors.sandboxkit.plan import Plan
from vendors.sandboxkit.serve import open_sandbox

NO_BROWSER = ("portal_",)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Clearinghouse]:
    sandbox = await open_sandbox("officeally", Plan(now=NOW))
    desk = WebDesk(vendor="officeally", sandbox=sandbox, clock=FixedClock(NOW))
    async with workplace(desk, tmp_path) as place:
        yield place
    await sandbox.close()


async def later(house: Clearinghouse, hours: float) -> None:
    """Time passes, for the clearinghouse and for us; then somebody looks for reports."""
    house.clock.shift(timedelta(hours=hours))
    await house.desk.act("clock", advance_hours=hours)
    await house.connect.clearing.read_reports(house.key, actor())


async def send(house: Clearinghouse, *accounts: str, control: int = 901) -> str:
    content = (await house.desk.claims(*accounts, control=control)).content
    return await house.office.writes.send_claims(actor(), house.key, content, "claims.txt", hold_seconds=0)


async def test_a_claim_travels_there_and_back(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER, environment=Environment.PRODUCTION, only=("sftp",))
    good, bad = "DBK-77001", "DBK-77002"
    made = (await house.desk.claims(good, bad)).content.decode("latin-1")
    head, _, tail = made.partition(f"CLM*{bad}")
    before, _, rest = head.rpartition("NM1*IL*1*")
    content = (before + "NM1*IL*1*" + rest.replace("*MI*BHH", "*MI*XXX", 1) + f"CLM*{bad}" + tail).encode("latin-1")
    await house.desk.act("decide", account=good, outcome="paid")
    seen = await house.office.writes.look_at_claims(actor(), house.key, content)
    assert (seen.claims, seen.is_test, seen.obstacles) == (2, False, ())
    job_id = await house.office.writes.send_claims(actor(), house.key, content, "claims.txt", hold_seconds=0)
    again = await house.office.writes.send_claims(actor(), house.key, content, "claims.txt", hold_seconds=0)
    done = await house.until(job_id, JobState.CONFIRMED)
    assert again == job_id
    assert "go to the payers" in done.summary
    for hours in (1, 22, 24 * 6, 24 * 43):
        await later(house, hours)
    [paid] = await house.office.reports.timeline(actor(), good)
    [refused] = await house.office.reports.timeline(actor(), bad)
    assert (paid.standing.outcome, paid.by_payer) == (Outcome.PAID, True)
    assert [event.news.outcome for event in paid.events] == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.PAID]
    assert (refused.standing.outcome, refused.by_payer) == (Outcome.REJECTED, False)
    assert [one["account"] for one in await house.desk.act("sent") if one["account"] in {good, bad}] == [good]
    # Everything was read once, however often somebody looked.
    known = await house.store.read(reports.known, house.key)
    await house.connect.clearing.read_reports(house.key, actor())
    assert await house.store.read(reports.known, house.key) == known
    assert not [one for one in await house.office.reports.notices(actor()) if one.accounts and good in one.accounts]


async def test_a_test_stays_a_test_whatever_its_reports_say(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    await house.until(await send(house, "DBK-1"), JobState.CONFIRMED)
    for hours in (1, 23):
        await later(house, hours)
    [line] = await house.office.reports.timeline(actor(), "DBK-1")
    assert line.is_test
    assert all(event.news.is_test for event in line.events)


async def test_a_report_taken_while_its_writer_paused_is_read_again_when_it_is_whole(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    await house.connect.clearing.read_reports(house.key, actor())
    shelf, name = house.desk.sandbox.house.shelf, "LARKSPUR_481239999_HCFA_277ca_20260310.txt"
    model = next(entry for entry in shelf.listed("outbound") if "_HCFA_277ca_" in entry.name)
    content = shelf.read(model, 0, model.size) + b"\n"
    for there in (content[: len(content) // 2], content):
        shelf.put("outbound", name, there, NOW)
        for _ in range(2):
            await house.connect.clearing.read_reports(house.key, actor())
            assert (await house.store.read(reports.known, house.key))[name] == len(there)
            kept = await house.store.read(documents.content, house.key, hashlib.sha256(there).hexdigest())
            assert kept == there


async def test_no_report_in_24_hours_is_told_and_goes_away_when_it_comes(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    await house.desk.act("times", ack=[60 * 60, 60 * 60 + 1], summary=[60 * 60, 60 * 60 + 1])
    await house.until(await send(house, "DBK-1"), JobState.CONFIRMED)
    await later(house, 23)
    assert await lacking(house) == []
    await later(house, 2)
    [notice] = await lacking(house)
    assert notice.file_name.startswith("DBK_OATEST_837P_")
    assert notice.happened.endswith("after 25 hours.")
    assert notice.system == "Office Ally"
    with pytest.raises(NotPermitted):
        await house.office.reports.dismiss(actor(Role.FRONT_DESK), notice.notice_id)
    assert await house.office.reports.notices(actor(Role.FRONT_DESK)) == []
    await later(house, 24 * 50)
    assert await lacking(house) == []
    with pytest.raises(NotFound):
        await house.office.reports.dismiss(actor(), notice.notice_id)


async def lacking(house: Clearinghouse) -> list:
    found = await house.office.reports.notices(actor())
    return [one for one in found if one.kind is NoticeKind.NO_REPORT]


async def test_a_dismissed_notice_stays_away(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    await house.connect.clearing.read_reports(house.key, actor())
    # What lay there when the connection was made is history.
    assert await house.office.reports.notices(actor()) == []
    for kind in ("other_ids", "stranger", "bad_columns"):
        await house.desk.act("plant", kind=kind)
    await house.connect.clearing.read_reports(house.key, actor())
    kinds = {one.kind for one in await house.office.reports.notices(actor())}
    assert kinds == {NoticeKind.UNKNOWN_CLAIM, NoticeKind.ANOTHER_PRACTICE, NoticeKind.NOT_BELIEVED}
    [strangers] = [one for one in await house.office.reports.notices(actor()) if one.kind is NoticeKind.UNKNOWN_CLAIM]
    await house.office.reports.dismiss(actor(), strangers.notice_id)
    await house.connect.clearing.read_reports(house.key, actor())
    assert strangers.notice_id not in {one.notice_id for one in await house.office.reports.notices(actor())}
    lines = await house.store.read(audit.entries, action=AuditAction.ANSWERED, limit=5)
    assert lines[0].subject.startswith("Dealt with: Reports speak of")


@pytest.mark.parametrize("lost", ["drop_after", "drop_before"])
async def test_a_lost_answer_to_a_file_is_looked_up_and_never_doubled(house: Clearinghouse, lost: str) -> None:
    await house.join(without=NO_BROWSER)
    await signed_in(house)
    await house.desk.fail(f"{lost}*1@sftp_rename,drop_before*1@sftp_list")
    job_id = await send(house, "DBK-1")
    await house.until(job_id, JobState.UNKNOWN, JobState.CONFIRMED)
    await house.desk.act("faults", clear=True)
    if (await house.job(job_id)).state is JobState.UNKNOWN:
        await house.connect.outbox.retry(job_id, actor())
    await house.until(job_id, JobState.CONFIRMED)
    await later(house, 1)
    assert len([one for one in await house.desk.act("files") if one["name"].startswith("DBK_OATEST_837P_2026")]) == 1


async def signed_in(house: Clearinghouse) -> None:
    """The file service has been used before, so that the next thing asked of it is the file itself."""

    async def nothing(adapter: Adapter) -> None:
        return None

    await house.connect._links.get(house.key).session.call(Capability.SUBMIT_CLAIMS, nothing)


async def unknown(house: Clearinghouse) -> str:
    """A file whose sending has no clear end, though it arrived."""
    await signed_in(house)
    await house.desk.fail("drop_after*1@sftp_rename,drop_before*1@sftp_list")
    job_id = await send(house, "DBK-1")
    await house.until(job_id, JobState.UNKNOWN)
    await house.desk.act("faults", clear=True)
    return job_id


async def test_a_file_that_was_taken_or_lost_is_a_person_s_question(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    job_id = await unknown(house)
    await house.desk.act("clock", advance_hours=1)
    await house.connect.outbox.retry(job_id, actor())
    asks = await house.until(job_id, JobState.NEEDS_PERSON)
    assert asks.person_reason is PersonReason.MAYBE_DONE
    assert [choice.key for choice in asks.choices] == ["retry", "done", "not_done"]
    await house.office.jobs.answer(actor(), job_id, "done")
    assert len([one for one in await house.desk.act("files") if one["name"].startswith("DBK_OATEST_837P_2026")]) == 1


async def test_a_report_about_a_file_of_unclear_end_settles_it(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    job_id = await unknown(house)
    await later(house, 1)
    await house.connect.outbox.retry(job_id, actor())
    await house.until(job_id, JobState.NEEDS_PERSON)
    await later(house, 23)
    done = await house.job(job_id)
    assert done.state is JobState.CONFIRMED
    assert done.history[-1].words.endswith("speaks of it.")
    assert not await lacking(house)


async def test_a_file_without_a_way_is_not_even_asked_for(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    content = (await house.desk.claims("DBK-1")).content
    office, rosa = house.office, actor()
    way = (house.key, BILLING_NPI, "BHH01", "837P")
    reason = RefusalReason.NOT_CREDENTIALED
    await office.enrollments.set_state(rosa, *way, EnrollmentState.REFUSED, "Letter of May 3", reason)
    assert "refused" in await office.enrollments.blocked(rosa, *way)
    with pytest.raises(VendorRejected, match="not every claim"):
        await office.writes.send_claims(rosa, house.key, content, "claims.txt")
    seen = await office.writes.look_at_claims(rosa, house.key, content)
    [said] = seen.obstacles
    assert said.startswith(f"Payer BHH01, 837P, provider {BILLING_NPI}: The payer refused the enrollment.")
    assert said.endswith("The provider is not credentialed with this payer: that comes first.")
    # The adapter knows it, too.
    adapter = house.connect._links.get(house.key).session.adapter
    with pytest.raises(VendorRejected):
        await submits_claims(adapter).submit_claims(file_of(content.decode("latin-1")))
    await office.enrollments.set_state(rosa, *way, EnrollmentState.APPROVED, "They called")
    await house.until(await send(house, "DBK-1"), JobState.CONFIRMED)
    grid = await office.enrollments.grid(rosa, EnrollmentFilter(payer="bhh01"))
    [row] = grid.rows
    cell = next(one for one in row.cells if one.transaction == "837P")
    assert [step.state for step in cell.history] == [EnrollmentState.REFUSED, EnrollmentState.APPROVED]
    assert "They called (Rosa Mallow)" in cell.words
    assert (await office.enrollments.grid(rosa, EnrollmentFilter(turn=Turn.US))).rows == ()
    with pytest.raises(NotPermitted):
        await office.enrollments.set_state(actor(Role.FRONT_DESK), house.key, "1", "2", "835", EnrollmentState.SENT, "")
    with pytest.raises(BadInput):
        await office.enrollments.set_state(rosa, house.key, "", "2", "835", EnrollmentState.SENT, "")
    with pytest.raises(BadDocument):
        await office.writes.send_claims(rosa, house.key, b"ISA*nothing", "x.txt")


async def test_payers_are_imported_found_and_kept_when_an_import_fails(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    office, rosa = house.office, actor()
    await office.payers.import_file(rosa, house.key, export(), "payers.csv")
    [state] = await office.payers.state(rosa)
    assert (state.system, state.origin, len(state.doubts)) == ("Office Ally", "payers.csv", 1)
    assert state.entries > 20
    asked = {"blue heron": "837P", "Blue-Heron health": "270", "BHH01": "270", "blueheron elig": ""}
    for text, transaction in asked.items():
        [heron, *_] = await office.payers.search(rosa, text, transaction)
        assert (heron.ids["837P"], heron.ids["270"]) == (("BHH01", "BHH02"), ("BLUEHERON-ELIG",)), text
    [lakes] = [one for one in await office.payers.search(rosa, "BHH02") if one.name.startswith("HERON OF")]
    assert lakes.aliases == ("BLUE HERON HEALTH PLAN",)
    assert await office.payers.search(rosa, "no such payer") == []
    assert len(await office.payers.search(rosa, "", limit=3)) == 3
    with pytest.raises(BadDocument):
        await office.payers.import_file(rosa, house.key, b"%PDF", "wrong.csv")
    assert (await office.payers.state(rosa)) == [state]
    words = await office.enrollments.blocked(rosa, house.key, BILLING_NPI, "BHH01", "270")
    assert "For that the payer's id is BLUEHERON-ELIG" in words
    with pytest.raises(NotPermitted):
        await office.payers.search(actor(Role.FRONT_DESK), "heron")


async def test_another_address_wants_the_secrets_of_its_own_part_again(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    form = form_of(house.desk.sandbox, connection_id=house.key, secrets={})
    moved = {**form.base_urls, "realtime": "http://127.0.0.1:1"}
    with pytest.raises(BadInput, match="Real-time password is needed again") as caught:
        await house.connect.connections.test(msgspec.structs.replace(form, base_urls=moved), actor())
    assert caught.value.field == "realtime_password"


async def test_trouble_on_one_side_leaves_the_others_alone(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    offers = {offer.capability.value: offer.standing.value for offer in (await house.told()).offers}
    assert (offers["read_reports"], offers["read_enrollments"]) == ("yes", "not_set_up")
    await house.desk.fail("fail=401@realtime_soap")
    await house.connect.clearing.read_reports(house.key, actor())
    assert (await house.told()).state is ConnectionState.HEALTHY
    fresh = {each.topic for each in (await house.told()).freshness if each.as_of is not None}
    assert Topic.REPORTS in fresh


UNBALANCED = "~".join(
    (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*330897513      *ZZ*{SUBMITTER:15}*260310*0630*^*00501*000000009*0*P*:",
        f"GS*HP*330897513*{SUBMITTER}*20260310*0630*9*X*005010X221A1",
        "ST*835*0001",
        "BPR*I*150*C*ACH*CCP*01*999999992*DA*123456*1999999999**01*999988880*DA*98765*20260309",
        "TRN*1*EFT0099887*1999999999",
        "DTM*405*20260309",
        "N1*PR*EXAMPLE HEALTH PLAN",
        "N3*PO BOX 1",
        "N4*BOISE*ID*837010001",
        "PER*BL*PROVIDER SERVICES*TE*8005550100",
        f"N1*PE*CEDAR HILL FAMILY MEDICINE*FI*{SUBMITTER}",
        "LX*1",
        "CLP*DBK-77001*1*185*142.5*25*12*EHP2026A00042*11*1",
        "NM1*QC*1*RAMIREZ*DELIA****MI*EHP00012345",
        "SVC*HC:99213*185*142.5**1",
        "DTM*472*20260302",
        "CAS*CO*45*17.5",
        "CAS*PR*3*25",
        "SE*17*0001",
        "GE*1*9",
        "IEA*1*000000009~",
    )
)


async def test_a_payment_that_does_not_add_up_is_not_posted(house: Clearinghouse) -> None:
    await house.join(without=NO_BROWSER)
    house.desk.lay_out("470188888_ERA_835_5010_20260310.835", UNBALANCED.encode())
    await house.connect.clearing.read_reports(house.key, actor())

    async def plan(record: str) -> None:
        wish = WriteWish(operation=PortalOperation.POST_REMITTANCE, record=record)
        await house.office.writes.plan(actor(), house.key, wish)

    with pytest.raises(VendorRejected, match="held") as error:
        await plan("EFT0099887")
    assert "differs from its claims and adjustments by $7.50" in error.value.means
    # Nor what was looked at before its remittance came.
    seen = WritePlan(
        operation="post_remittance", system="", page="", record="EFT0099887", address="", summary="", entries=(),
        button="",
    )  # fmt: skip
    wish = WriteWish(operation=PortalOperation.POST_REMITTANCE, record="EFT0099887")
    with pytest.raises(VendorRejected, match="held"):
        await house.office.writes.submit(actor(), house.key, wish, seen)
    # Another goes on to the web pages, which have no login here.
    with pytest.raises(NotEntitled):
        await plan("EFT-OF-ANOTHER-DAY")
    # A corrected remittance under the same number ends it.
    house.desk.lay_out("470188889_ERA_835_5010_20260311.835", UNBALANCED.replace("BPR*I*150*", "BPR*I*142.5*").encode())
    await house.connect.clearing.read_reports(house.key, actor())
    with pytest.raises(NotEntitled):
        await plan("EFT0099887")
