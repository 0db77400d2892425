"""Claims out over SFTP: the host key, names, tests and real claims, lost answers, what does not leave."""

from __future__ import annotations

import pytest

from app.model.connection import Environment
from app.model.errors import (
    BadDocument,
    BadInput,
    Drifted,
    NotEntitled,
    OutcomeUnknown,
    StoreError,
    Unreachable,
    VendorRejected,
    WrongCredentials,
)
from app.model.portal_writes import Done
from tests.vendors.officeally.desk import Desk, SmallDisk, file_of
from tests.vendors.stage import Memory
from vendors.officeally import names


async def uploads(office: Desk) -> list[str]:
    """Names that files of claims got, in order."""
    renamed = (await office.ledger())["writes"]
    return [one["body"]["to"] for one in renamed if one["operation"] == "sftp_rename"]


# --- host key --------------------------------------------------------------------------------------------------------


async def test_the_first_host_key_is_kept_and_another_refused(office: Desk) -> None:
    state = Memory()
    async with office.clearing(state=state) as clearing:
        await clearing.sign_in()
    changed = (await office.act("host_key"))["fingerprint"]
    async with office.clearing(state=state) as clearing:
        with pytest.raises(Drifted) as caught:
            await clearing.submit_claims(await office.claims("DBK-1"))
    assert changed in caught.value.next_steps[0]
    assert await uploads(office) == []
    accepted = office.secrets(sftp_fingerprint=changed)
    async with office.clearing(state=state, secrets=accepted) as clearing:
        await clearing.sign_in()
    async with office.clearing(state=state) as clearing:
        await clearing.sign_in()


async def test_a_wrong_password_is_said_as_such(office: Desk) -> None:
    async with office.clearing(secrets=office.secrets(sftp_password="no'\"<&>;|`$(x)é")) as clearing:
        with pytest.raises(WrongCredentials):
            await clearing.sign_in()


async def test_nobody_listens(office: Desk) -> None:
    urls = {**office.sandbox.announcement()["base_urls"], "sftp": "sftp://127.0.0.1:9"}
    async with office.clearing(base_urls=urls) as clearing:
        with pytest.raises(Unreachable) as caught:
            await clearing.submit_claims(await office.claims("DBK-1"))
        assert await clearing.sent_files() == ()
    assert caught.value.means == "Nothing was sent."


async def test_a_missing_credential_takes_away_what_needs_it(office: Desk) -> None:
    async with office.clearing(secrets=office.secrets(sftp_password="", sender_id="")) as clearing:
        offers = await clearing.offers()
        assert {offer.standing for offer in offers.values()} == {"not_set_up"}
        with pytest.raises(NotEntitled):
            await clearing.reports()


# --- tests and real claims -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", list(Environment))
async def test_a_test_never_goes_without_its_word_nor_real_claims_with_it(
    office: Desk, environment: Environment
) -> None:
    async with office.clearing(environment=environment) as clearing:
        receipt = await clearing.submit_claims(await office.claims("DBK-1"))
    [name] = await uploads(office)
    assert name == receipt.vendor_reference
    assert ("OATEST" in name) is (environment is not Environment.PRODUCTION)
    await office.pass_hours(24)
    [file] = [one for one in await office.act("files") if one["name"] == name]
    assert bool(file["is_test"]) is (environment is not Environment.PRODUCTION)
    sent = [one for one in await office.act("sent") if one["account"] == "DBK-1"]
    assert len(sent) == (environment is Environment.PRODUCTION)


@pytest.mark.parametrize(
    ("name", "is_test"),
    [
        ("DBK_837P_20260310_0943_000000901.txt", True),
        ("DBK_OATEST_837P_20260310_0943_000000901.txt", False),
        ("DBK_OA_TEST_837P_20260310_0943_000000901.txt", True),
        ("DBK_oatest_837P_20260310_0943_000000901.txt", True),
        ("OATEST.txt", True),
        ("../DBK_837P_20260310_0943_000000901.txt", False),
    ],
)
def test_names_that_do_not_say_what_is_meant(name: str, is_test: bool) -> None:
    with pytest.raises(BadInput):
        names.checked(name, is_test=is_test)


async def test_what_is_being_written_means_nothing(office: Desk) -> None:
    async with office.production() as clearing:
        await clearing.submit_claims(await office.claims("DBK-1"))
    writes = [one for one in (await office.ledger())["writes"] if one["operation"] == "sftp_put"]
    assert [one["body"]["name"].startswith(names.PART) for one in writes] == [True]
    assert "837" not in writes[0]["body"]["name"]


async def test_the_same_file_never_leaves_twice(office: Desk) -> None:
    state = Memory()
    batch = await office.claims("DBK-1")
    async with office.production(state=state) as clearing:
        await clearing.submit_claims(batch)
        with pytest.raises(VendorRejected, match="sent already"):
            await clearing.submit_claims(batch)
    async with office.production(state=state) as clearing:
        with pytest.raises(VendorRejected, match="sent already"):
            await clearing.submit_claims(batch)
        with pytest.raises(VendorRejected, match="control number"):
            await clearing.submit_claims(await office.claims("DBK-2"))
    async with office.production() as forgetful:
        with pytest.raises(VendorRejected, match="same name lies at Office Ally already"):
            await forgetful.submit_claims(batch)
    assert len(await uploads(office)) == 1


@pytest.mark.parametrize("fault", ["drop_before*1@sftp_put_start", "drop_before*1@sftp_write", "drop_after*1@sftp_put",
                                   "drop_before*1@sftp_rename", "fail*1@sftp_write", "fail*1@sftp_rename"])  # fmt: skip
async def test_a_failed_upload_is_certainly_not_sent(office: Desk, fault: str) -> None:
    batch = await office.claims("DBK-1")
    async with office.production() as clearing:
        await office.fail(fault)
        with pytest.raises((Unreachable, VendorRejected)):
            await clearing.submit_claims(batch)
        assert await clearing.sent_files() == ()
        receipt = await clearing.submit_claims(batch)
    await office.pass_hours(1)
    taken = [one["name"] for one in await office.act("files") if "_20260310_" in one["name"]]
    assert taken == [receipt.vendor_reference]


async def test_a_lost_answer_to_the_renaming_is_looked_up(office: Desk) -> None:
    async with office.production() as clearing:
        await office.fail("drop_after*1@sftp_rename")
        await clearing.submit_claims(await office.claims("DBK-1"))
        [sent] = await clearing.sent_files()
    assert sent.is_sure
    assert len(await uploads(office)) == 1


async def test_an_answer_that_cannot_be_looked_up_stays_unknown(office: Desk) -> None:
    batch = await office.claims("DBK-1")
    state = Memory()
    async with office.production(state=state) as clearing:
        await office.fail("drop_after*1@sftp_rename,drop_before*1@sftp_list")
        with pytest.raises(OutcomeUnknown):
            await clearing.submit_claims(batch)
        [sent] = await clearing.sent_files()
        assert not sent.is_sure
    async with office.production(state=state) as clearing:
        with pytest.raises(OutcomeUnknown, match="sent before"):
            await clearing.submit_claims(batch)
        assert [file.is_sure for file in await clearing.sent_files()] == [True]
    await office.pass_hours(1)
    assert len([one for one in await office.act("files") if one["name"] == sent.name]) == 1


async def test_a_part_that_cannot_be_taken_away_may_still_get_its_name(office: Desk) -> None:
    """A slow server may carry the renaming out after the connection was given up: that is not "certainly not sent"."""
    batch = await office.claims("DBK-1")
    async with office.production() as clearing:
        await office.fail("drop_before*1@sftp_rename,fail*1@sftp_remove")
        with pytest.raises(OutcomeUnknown) as caught:
            await clearing.submit_claims(batch)
        assert "no longer in the folder" not in caught.value.means
        [sent] = await clearing.sent_files()
        assert not sent.is_sure
        assert (await clearing.look_for_sent(batch.content)).done is Done.NO


async def test_looking_for_a_file_tells_what_became_of_it(office: Desk) -> None:
    batch, other = await office.claims("DBK-1"), await office.claims("DBK-2", control=902)
    state = Memory()
    async with office.production(state=state) as clearing:
        assert (await clearing.look_for_sent(batch.content)).done is Done.NO
        await office.fail("drop_after*1@sftp_rename,drop_before*1@sftp_list")
        with pytest.raises(OutcomeUnknown):
            await clearing.submit_claims(batch)
        assert (await clearing.look_for_sent(batch.content)).done is Done.YES
        await office.fail("drop_before*1@sftp_rename,drop_before*1@sftp_list")
        with pytest.raises(OutcomeUnknown):
            await clearing.submit_claims(other)
        found = await clearing.look_for_sent(other.content)
        assert (found.done, "without its name" in found.words) == (Done.NO, True)
        await clearing.submit_claims(other)
        assert (await clearing.look_for_sent(other.content)).done is Done.YES
    assert len(await uploads(office)) == 2


async def test_a_file_that_was_taken_before_anybody_looked_is_unclear(office: Desk) -> None:
    batch = await office.claims("DBK-1")
    async with office.production() as clearing:
        await office.fail("drop_after*1@sftp_rename,drop_before*1@sftp_list")
        with pytest.raises(OutcomeUnknown):
            await clearing.submit_claims(batch)
        await office.pass_hours(1)
        assert (await clearing.look_for_sent(batch.content)).done is Done.UNCLEAR


async def test_each_side_signs_in_apart(office: Desk) -> None:
    async with office.clearing(secrets=office.secrets(sender_id="")) as clearing:
        assert "SFTP" in (await clearing.sign_in_to("files")).words
        with pytest.raises(NotEntitled):
            await clearing.sign_in_to("realtime")
        with pytest.raises(BadInput):
            await clearing.sign_in_to("cellar")


# --- before sending --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("330897513  ", "330897514  ", "ISA08"),
        ("CLM*DBK-1*", "CLM*DBK-1-MUCH-TOO-LONG*", "14 characters"),
        ("CLM*DBK-2*", "CLM*DBK-1*", "same claim number"),
        ("XX*1234567893", "XX*1234567890", "NPI"),
        (":B:1*", ":B:7*", "F8"),
        ("IEA*1*", "IEA*2*", "counts"),
        ("SE*", "SX*", "SE is missing"),
    ],
)
async def test_what_would_be_refused_does_not_leave(office: Desk, before: str, after: str, words: str) -> None:
    text = (await office.claims("DBK-1", "DBK-2")).content.decode("latin-1")
    if before.startswith("XX"):
        from vendors.officeally.sandbox.practice import BILLING_NPI

        before = f"XX*{BILLING_NPI}"
    assert before in text
    async with office.production() as clearing:
        with pytest.raises(BadDocument) as caught:
            await clearing.submit_claims(file_of(text.replace(before, after)))
    assert words in caught.value.means
    assert await uploads(office) == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 no claims", b"\x00\x01\x02" * 400, b"ISA*00*"])
async def test_what_is_no_file_of_claims(office: Desk, content: bytes) -> None:
    async with office.production() as clearing:
        with pytest.raises(BadDocument):
            await clearing.submit_claims(file_of(content.decode("latin-1")))


async def test_two_interchanges_in_one_file(office: Desk) -> None:
    one = await office.claims("DBK-1")
    two = await office.claims("DBK-2", control=902)
    async with office.production() as clearing:
        with pytest.raises(BadDocument, match="refuse it") as caught:
            await clearing.submit_claims(file_of((one.content + two.content).decode("latin-1")))
    assert "one interchange" in caught.value.means


# --- a full disk -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 1])
async def test_a_full_disk_while_sending_neither_doubles_nor_loses(office: Desk, room: int) -> None:
    """Without room for a note nothing leaves; what left is looked for, not sent again."""
    state, batch = SmallDisk(), await office.claims("DBK-1")
    async with office.production(state=state) as clearing:
        await clearing.sign_in()
        state.room = room
        if room:
            await clearing.submit_claims(batch)
        else:
            with pytest.raises(StoreError):
                await clearing.submit_claims(batch)
    assert len(await uploads(office)) == room
    state.room = 10**9
    async with office.production(state=state) as clearing:
        assert (await clearing.look_for_sent(batch.content)).done is (Done.YES if room else Done.NO)
        if not room:
            await clearing.submit_claims(batch)
    assert len(await uploads(office)) == 1
