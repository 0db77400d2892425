"""The clearinghouse at work: takes files from ``inbound``, issues reports, asks the payers, passes on what they pay.

Nothing runs by itself: ``look`` does everything that is due by the clock, in the order of its time, whenever somebody
looks. So a clock that leaps over days gives the same reports as one that runs.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from vendors.officeally.sandbox import adjudication, edi, intake, summaries
from vendors.officeally.sandbox.edits import Edit, check, plan_of
from vendors.officeally.sandbox.habits import Habits, Timetable
from vendors.officeally.sandbox.payers import BY_KEY, Plan
from vendors.officeally.sandbox.schema import next_number
from vendors.officeally.sandbox.shelf import INBOUND, OUTBOUND, Shelf
from vendors.sandboxkit.clock import SandboxClock
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.plan import ZONE

_DAY = 24 * 60
_MORNING = time(13, 0, tzinfo=UTC)
FORMS = {"837P": "HCFA", "837I": "UB", "837D": "ADA"}


class Arrival(NamedTuple):
    """What a report says about the file its claims came in."""

    name: str
    form: str
    is_test: bool
    uploaded: datetime


class Clearinghouse:
    """Files, claims and events over one database. ``pay`` is what happens when payers pay (``Paying.pay``)."""

    def __init__(self, database: sqlite3.Connection, shelf: Shelf, clock: SandboxClock, seed: int) -> None:
        self.db = database
        self.shelf = shelf
        self.clock = clock
        self.writing: set[str] = set()
        self.pay: Callable[[datetime], None] = lambda at: None
        self.half: Callable[[], float] = lambda: 0.0
        self._looking = False
        self.begin(Dice(seed, 41))

    def begin(self, dice: Dice) -> None:
        """Habits and pace as at the start, chance as given."""
        self.times = Timetable()
        self.habits = Habits()
        self.dice = dice

    # --- time --------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Bring everything up to now."""
        if self._looking:
            return
        self._looking = True
        try:
            now = self.clock.now()
            self._pick_up(now)
            while (row := self._next(now)) is not None:
                self.db.execute("DELETE FROM events WHERE number = ?", (row["number"],))
                self._happen(row["kind"], row["ref"], datetime.fromisoformat(row["due"]))
            self.db.commit()
        finally:
            self._looking = False

    def _next(self, now: datetime) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.db.execute(
            "SELECT * FROM events WHERE due <= ? ORDER BY due, number LIMIT 1", (now.isoformat(),)
        ).fetchone()
        return found

    def _happen(self, kind: str, ref: str, at: datetime) -> None:
        match kind:
            case "ack":
                self._acknowledge(ref, at)
            case "process":
                self._process(ref, at)
            case "correct":
                number, claim_id = ref.split()
                self._process_correction(number, claim_id, at)
            case "status":
                self._tell_status(at)
            case "pay":
                self.pay(at)

    def later(self, at: datetime, span: tuple[int, int], kind: str, ref: str = "") -> datetime:
        """Something will happen within ``span`` minutes of ``at``; when."""
        first, last = span
        due = at + timedelta(minutes=first + self.dice.below(max(last - first, 0) + 1))
        if first >= _DAY:  # What takes days comes once a day, in the morning.
            due = datetime.combine(due.date() + timedelta(days=1), _MORNING)
        self.db.execute("INSERT INTO events (due, kind, ref) VALUES (?,?,?)", (due.isoformat(), kind, ref))
        return due

    def note(self, at: datetime, kind: str, words: str) -> None:
        """Write into the house's own log: mails that went out, files left lying."""
        self.db.execute("INSERT INTO notes (at, kind, words) VALUES (?,?,?)", (at.isoformat(), kind, words))

    # --- files in ----------------------------------------------------------------------------------------------------

    def _pick_up(self, now: datetime) -> None:
        for entry in list(self.shelf.listed(INBOUND)):
            due = entry.written + timedelta(seconds=self.times.pickup_s)
            if due > now or entry.name in self.writing:
                continue
            if not intake.form_of(entry.name):
                known = "SELECT 1 FROM notes WHERE kind = 'left lying' AND words = ?"
                if self.db.execute(known, (entry.name,)).fetchone() is None:
                    self.note(due, "left lying", entry.name)
                continue
            content = self.shelf.content(INBOUND, entry.name)
            self.shelf.remove(INBOUND, entry.name)
            self.receive(content, entry.name, due, "sftp")

    def receive(self, content: bytes, name: str, at: datetime, channel: str) -> str:
        """Take a file over SFTP or the portal; its File ID."""
        number = str(next_number(self.db, "file", 7))
        is_test = intake.is_test(name, any_case=self.habits.any_case)
        self.db.execute(
            "INSERT INTO files (id, name, is_test, channel, uploaded, status, cause, split, content)"
            " VALUES (?,?,?,?,?,'Received','','',?)",
            (number, name, is_test, channel, at.isoformat(), content),
        )
        self.later(at, self.times.ack, "ack", number)
        self.later(at, self.times.summary, "process", number)
        return number

    def file(self, number: str) -> sqlite3.Row:
        """One file. Raises KeyError where there is none."""
        row: sqlite3.Row | None = self.db.execute("SELECT * FROM files WHERE id = ?", (number,)).fetchone()
        if row is None:
            raise KeyError(number)
        return row

    def deliver(self, name: str, content: bytes | str, at: datetime, kind: str = "") -> None:
        """Put a report into ``outbound``, where the account asked for its kind."""
        if kind and kind not in self.habits.reports:
            return
        data = content.encode("latin-1", "replace") if isinstance(content, str) else content
        self.shelf.half_s = self.half()
        self.shelf.put(OUTBOUND, name, data, at)
        if self.habits.duplicates:
            stem, _, ending = name.rpartition(".")
            self.shelf.put(OUTBOUND, f"{stem}_1.{ending}", data, at)

    def post(self, receiver: str, at: datetime, group_receiver: str = "") -> edi.Post:
        """Whom a document goes to, with a control number never used before."""
        return edi.Post(receiver, at.astimezone(ZONE), next_number(self.db, "control"), group_receiver)

    def _acknowledge(self, number: str, at: datetime) -> None:
        row = self.file(number)
        taken = intake.take(bytes(row["content"]), row["name"], at)
        if not taken.groups:
            return
        post = self.post(taken.sender, at, taken.gs_sender)
        document = edi.written(taken.bodies(), post, edi.manner_of(int(number)))
        self.deliver(f"{number}_{row['name']}_999.999", document, at, "999")

    def _process(self, number: str, at: datetime) -> None:
        row = self.file(number)
        taken = intake.take(bytes(row["content"]), row["name"], at)
        form = intake.form_of(row["name"])
        uploaded = datetime.fromisoformat(row["uploaded"])
        self.db.execute(
            "UPDATE files SET processed = ?, sender = ?, control = ? WHERE id = ?",
            (at.isoformat(), taken.sender, taken.control, number),
        )
        if taken.cause:
            local = (uploaded.astimezone(ZONE), at.astimezone(ZONE))
            text = summaries.failed_summary(number, row["name"], *local, taken.cause, bool(row["is_test"]))
            self._finish(number, "Failed", taken.cause, [], text)
            self.note(at, "mail", f"File {number} failed: {taken.cause}")
            self.deliver(f"FS_{FORMS[form]}_{number}_ErrorReport.txt", text, at)
            return
        arrival = Arrival(row["name"], form, bool(row["is_test"]), uploaded)
        parts = self._split(number, row, taken)
        for place, (part, members) in enumerate(parts):
            words = self._split_words(parts) if place == 0 else ""
            self._claims(part, arrival, taken, members, at, words)

    def _split(self, number: str, row: sqlite3.Row, taken: intake.Taken) -> list[tuple[str, list[dict[str, Any]]]]:
        """The file itself, and further File IDs for what is over the size."""
        size = self.habits.split_over
        parts = [(number, taken.claims[:size])]
        for first in range(size, len(taken.claims), size):
            part = str(next_number(self.db, "file"))
            self.db.execute(
                "INSERT INTO files (id, name, is_test, channel, uploaded, status, cause, split, sender, control)"
                " VALUES (?,?,?,?,?,'Received','',?,?,?)",
                (
                    part,
                    row["name"],
                    row["is_test"],
                    row["channel"],
                    row["uploaded"],
                    number,
                    taken.sender,
                    taken.control,
                ),
            )
            parts.append((part, taken.claims[first : first + size]))
        return parts

    @staticmethod
    def _split_words(parts: list[tuple[str, list[dict[str, Any]]]]) -> str:
        others = ", ".join(part for part, _ in parts)
        return f"File {parts[0][0]} was split into {others}" if len(parts) > 1 else ""

    def _claims(
        self,
        number: str,
        arrival: Arrival,
        taken: intake.Taken,
        members: list[dict[str, Any]],
        at: datetime,
        split: str,
    ) -> None:
        """Check, keep and report the claims of one File ID."""
        for record in members:
            record["file_id"] = number
            self.judge(record, arrival.form, at, is_test=arrival.is_test)
        form, local = FORMS[arrival.form], at.astimezone(ZONE)
        text = summaries.file_summary(
            number, arrival.name, arrival.uploaded.astimezone(ZONE), local, members,
            form=form, is_test=arrival.is_test, split=split,
        )  # fmt: skip
        self._finish(number, "Processed", "", members, text)
        self.deliver(f"FS_{form}_{number}_IN_C.txt", text, at)
        batch = edi.Batch(number, taken.batch, taken.submitter, taken.sender)
        body = edi.acknowledgment(edi.CLEARINGHOUSE, batch, members, local)
        document = edi.written([body], self.post(taken.sender, at, taken.gs_sender), edi.manner_of(int(number) + 1))
        self.deliver(f"LARKSPUR_{number}_{form}_277ca_{local:%Y%m%d}.txt", document, at, "277")

    def _finish(self, number: str, status: str, cause: str, members: list[dict[str, Any]], text: str) -> None:
        good = sum(record["accepted"] for record in members)
        self.db.execute(
            "UPDATE files SET status = ?, cause = ?, claims = ?, accepted = ?, rejected = ?, summary = ? WHERE id = ?",
            (status, cause, len(members), good, len(members) - good, text.encode("latin-1", "replace"), number),
        )

    # --- claims ------------------------------------------------------------------------------------------------------

    def judge(self, record: dict[str, Any], form: str, at: datetime, *, is_test: bool) -> None:
        """Give a claim its number, check it, keep it, and send it on to its payer unless it is rejected or a test."""
        record.setdefault("id", str(next_number(self.db, "claim")))
        record["payer_control"] = ""
        found = check(self.db, record, form, at.astimezone(ZONE).date())
        record["errors"] = [edit.number for edit in found]
        record["accepted"] = not found
        record["verdicts"] = [edit.stc for edit in found] or ["A2:20:PR"]
        record["form"] = form
        plan = plan_of(record, form)
        status = "Rejected" if found else "Passed" if is_test else "Pending"
        self.keep(record, plan, status, at, found, is_test=is_test)
        if status == "Pending" and plan is not None:
            self.db.execute(
                "INSERT INTO transmissions (at, plan, claim_id, account, file_id) VALUES (?,?,?,?,?)",
                (at.isoformat(), plan.key, record["id"], record["account"], record["file_id"]),
            )
            due = self.later(at, self.times.status, "status")
            self.db.execute("UPDATE claims SET decided = ? WHERE id = ?", (due.isoformat(), record["id"]))

    def keep(
        self, record: dict[str, Any], plan: Plan | None, status: str, at: datetime, found: Iterable[Edit],
        *, is_test: bool,
    ) -> None:  # fmt: skip
        """Write a claim, over what was known of it."""
        reasons = [f"{edit.number} - {edit.words}" for edit in found]
        self.db.execute(
            "REPLACE INTO claims (id, file_id, account, payer, plan, member, last, first, birth, from_day, to_day,"
            " npi, tax_id, charge, status, reasons, is_test, received, record)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                record["id"], record["file_id"], record["account"], record["payer"], plan.key if plan else "",
                record["member"], record["last"], record["first"], record["birth"], record["from"], record["to"],
                record["npi"], record["tax_id"], record["charge"], status, json.dumps(reasons), is_test,
                at.isoformat(), json.dumps(record),
            ),
        )  # fmt: skip

    def _tell_status(self, at: datetime) -> None:
        """EDI status, as text and as 277: what payers have decided by now, of whatever files."""
        rows = self.db.execute(
            "SELECT * FROM claims WHERE status = 'Pending' AND decided != '' AND decided <= ? ORDER BY plan, npi, id",
            (at.isoformat(),),
        ).fetchall()
        told = [self._decided(row, at) for row in rows]
        if told:
            self.tell_status(told, at)

    def _decided(self, row: sqlite3.Row, at: datetime) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(row["record"])
        plan = BY_KEY[row["plan"]]
        accepted, words = adjudication.verdict(self.db, plan, record)
        if record["account"] in self.habits.verdicts:
            words = self.habits.verdicts[record["account"]]
            accepted = not words
            words = words or adjudication.ACCEPTED
        record |= {"accepted": accepted, "words": words, "processed": at.astimezone(ZONE).date().isoformat()}
        record["verdicts"] = ["A2:20:PR"] if accepted else ["A7:33:IL"]
        record["payer_control"] = f"{plan.prefix}{at:%Y}A{row['id'][-6:]}" if accepted else ""
        self.db.execute(
            "UPDATE claims SET status = ?, payer_words = ?, payer_control = ?, record = ?, reasons = ? WHERE id = ?",
            (
                "Passed" if accepted else "Rejected by Payer", words, record["payer_control"], json.dumps(record),
                json.dumps([] if accepted else [words]), row["id"],
            ),
        )  # fmt: skip
        if accepted:
            due = self.later(at, self.times.pay, "pay")
            self.db.execute("UPDATE claims SET checked = ? WHERE id = ?", (due.isoformat(), row["id"]))
        return record

    def tell_status(self, told: list[dict[str, Any]], at: datetime) -> None:
        """Write both reports of these claims, under a File ID of their own."""
        local = at.astimezone(ZONE)
        number, day = str(next_number(self.db, "file")), f"{local:%Y%m%d}"
        self.deliver(f"{number}_EDI_STATUS_{day}.txt", summaries.edi_status(told), at)
        bodies = []
        for payer in dict.fromkeys(record["payer"] for record in told):
            members = [record for record in told if record["payer"] == payer]
            source = edi.Source("PR", members[0]["payer_name"] or payer, "PI", payer)
            batch = edi.Batch(number, "", members[0]["billing"], members[0]["tax_id"])
            bodies.append(edi.acknowledgment(source, batch, members, local))
        document = edi.written(bodies, self.post(told[0]["tax_id"], at), edi.manner_of(int(number)))
        self.deliver(f"{number}_EDI_STATUS_HCFA_{day}.277", document, at, "277")

    def correct(self, row: sqlite3.Row, record: dict[str, Any], at: datetime) -> str:
        """A claim corrected in the portal goes through the house again, in a file of its own; the File ID."""
        number = str(next_number(self.db, "file", 7))
        name = f"ONLINE_CORRECTION_{row['id']}.txt"
        self.db.execute(
            "INSERT INTO files (id, name, is_test, channel, uploaded, status, cause, split, sender, control)"
            " VALUES (?,?,?,'portal',?,'Received','','','','')",
            (number, name, row["is_test"], at.isoformat()),
        )
        record["file_id"] = number
        self.db.execute(
            "UPDATE claims SET status = 'Pending', decided = '', file_id = ?, record = ? WHERE id = ?",
            (number, json.dumps(record), row["id"]),
        )
        self.later(at, self.times.summary, "correct", f"{number} {row['id']}")
        return number

    def _process_correction(self, number: str, claim_id: str, at: datetime) -> None:
        """The summary and 277CA of a claim that was corrected online."""
        row = self.file(number)
        stored = self.db.execute("SELECT record FROM claims WHERE id = ?", (claim_id,)).fetchone()
        record: dict[str, Any] = json.loads(stored["record"])
        taken = intake.Taken(sender=record["tax_id"], gs_sender=record["tax_id"], submitter=record["billing"])
        uploaded = datetime.fromisoformat(row["uploaded"])
        self.db.execute("UPDATE files SET processed = ? WHERE id = ?", (at.isoformat(), number))
        self._claims(
            number, Arrival(row["name"], record["form"], bool(row["is_test"]), uploaded), taken, [record], at, ""
        )
