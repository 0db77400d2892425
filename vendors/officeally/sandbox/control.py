"""What tests, demo and trainers may ask of the simulator on its control address.

===========  =======================================================================================================
ledger       every request, the writes with their effects
faults       ``{"spec": "drop_after*1@correct_claim"}`` adds, ``{"clear": true}`` removes all first
reset        practice, claims, reports, ledger, sessions and faults as at the start
clock        ``{"now": …}`` sets both clocks; ``{"advance_hours": 12}`` or ``{"speed": 3600}`` the clearinghouse's alone
look         let everything happen that is due; how many claims stand how
times        minutes from and to of ``ack``, ``summary``, ``status``, ``pay``; ``pickup_s``
switches     modelling, see the names in the answer
codes        the codes sent by SMS and e-mail, and what the authenticator shows
lock         ``{"user": …, "minutes": 15}``; ``{"minutes": 0}`` lifts it
sign_out     every session ends; ``{"devices": true}`` forgets trusted devices too
host_key     ``{}`` changes the SFTP server's key, ``{"number": 0}`` gives the first one back
plant        ``{"kind": "zip_bomb"}``: see ``oddities``
decide       ``{"account": …, "outcome": "denied"}`` and/or ``"refuse": "words"``: what the payer will do with a claim
odd          ``{"payment": "takeback"}`` and/or ``{"bundle": "nested"}`` for the next ERA
enrollment   ``{"payer": "heron", "transaction": "835", "status": "Approved"}``
claims       every claim: account, number, status, payer's number, paid
files        every file: id, name, whether a test, status
sent         what went to payers, claim by claim: nothing twice, no test among it
mails        what the clearinghouse noted: mails, files left lying, payments on paper
outbound     names in ``outbound``; ``{"name": …}`` gives one file's text
claim_file   ``{"accounts": ["A1"], "patient_id": 1001}``: an 837P of these, as text, ready to be sent
office       ``{"name": "harbor"}``: Practice Mate is from now on that of Harbor Street, the second office
links        nothing: Practice Mate tells whose visit each is
===========  =======================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from vendors.officeally.sandbox import history, oddities
from vendors.officeally.sandbox.adjudication import OUTCOMES
from vendors.officeally.sandbox.practice import BILLING_NPI
from vendors.officeally.sandbox.remits import ODD_BUNDLES, ODD_PAYMENTS
from vendors.officeally.sandbox.shelf import OUTBOUND
from vendors.sandboxkit import faults
from vendors.sandboxkit.plan import Action, moment

if TYPE_CHECKING:
    from vendors.officeally.sandbox.sandbox import OfficeAllySandbox


class Control:
    """The actions of one simulator."""

    def __init__(self, sandbox: OfficeAllySandbox) -> None:
        self._box = sandbox

    def actions(self) -> Mapping[str, Action]:
        """By the names of the table above."""
        return {
            "ledger": self._ledger, "faults": self._faults, "reset": self._reset, "clock": self._clock,
            "look": self._look, "times": self._times, "switches": self._switches, "codes": self._codes,
            "lock": self._lock, "sign_out": self._sign_out, "host_key": self._host_key, "plant": self._plant,
            "decide": self._decide, "odd": self._odd, "enrollment": self._enrollment, "claims": self._claims,
            "files": self._files, "sent": self._sent, "mails": self._mails, "outbound": self._outbound,
            "claim_file": self._claim_file, "office": self._office, "links": self._links,
        }  # fmt: skip

    async def _ledger(self, given: dict[str, Any]) -> Any:
        return self._box.ledger.told()

    async def _faults(self, given: dict[str, Any]) -> Any:
        active = self._box.faults.active
        added = faults.parse(given.get("spec", ""))
        if given.get("clear"):
            active.clear()
            self._box.clock.skew = timedelta()
        for fault in added:
            if fault.kind == "skew":
                self._box.clock.skew = timedelta(seconds=fault.number(0.0))
            else:
                active.append(fault)
        self._box.faults.active = active
        return [vars(fault) for fault in active]

    async def _reset(self, given: dict[str, Any]) -> Any:
        box = self._box
        box.faults.active.clear()
        box.clock.skew = timedelta()
        box.sessions.end_all()
        box.sessions.forget_devices()
        for user in box.sessions.users.values():
            user.guides_closed.clear()
            user.locked_until, user.wrong = None, 0
        box.fill()
        return {}

    # --- time --------------------------------------------------------------------------------------------------------

    async def _clock(self, given: dict[str, Any]) -> Any:
        box = self._box
        if "now" in given:
            box.clock.set(moment(given["now"]))
            box.house.clock.set(moment(given["now"]))
        if "advance_hours" in given:
            box.house.clock.set(box.house.clock.now() + timedelta(hours=float(given["advance_hours"])))
        if "speed" in given:
            box.house.clock.speed = float(given["speed"])
        box.house.look()
        return {"now": box.clock.now().isoformat(), "clearinghouse": box.house.clock.now().isoformat()}

    async def _look(self, given: dict[str, Any]) -> Any:
        self._box.house.look()
        rows = self._box.database.execute("SELECT status, count(*) FROM claims GROUP BY status")
        return {row[0]: row[1] for row in rows}

    async def _times(self, given: dict[str, Any]) -> Any:
        times = self._box.house.times
        for name in ("ack", "summary", "status", "pay"):
            if name in given:
                first, last = given[name]
                setattr(times, name, (int(first), int(last)))
        times.pickup_s = int(given.get("pickup_s", times.pickup_s))
        return vars(times)

    # --- modelling ---------------------------------------------------------------------------------------------------

    async def _switches(self, given: dict[str, Any]) -> Any:
        box = self._box
        for part in (box.house.habits, box.sessions.rules, box.realtime.switches):
            for name, held in vars(part).items():
                if name in given:
                    setattr(part, name, set(given[name]) if isinstance(held, set) else type(held)(given[name]))
        told = {**vars(box.house.habits), **vars(box.sessions.rules), **vars(box.realtime.switches)}
        return {**told, "reports": sorted(box.house.habits.reports)}

    async def _codes(self, given: dict[str, Any]) -> Any:
        told: dict[str, list[dict[str, str]]] = {"sms": [], "email": []}
        for one in self._box.sessions.codes:
            told[one.way].append({"user": one.user, "to": one.to, "code": one.code, "at": one.at.isoformat()})
        return {**told, "totp": {"larkspur.front": self._box.sessions.current_totp()}}

    async def _lock(self, given: dict[str, Any]) -> Any:
        user = self._box.sessions.users[given.get("user", "larkspur.front")]
        self._box.sessions.lock(user, float(given.get("minutes", 15)))
        return {"locked": self._box.sessions.is_locked(user)}

    async def _sign_out(self, given: dict[str, Any]) -> Any:
        self._box.sessions.end_all()
        if given.get("devices"):
            self._box.sessions.forget_devices()
        return {}

    async def _host_key(self, given: dict[str, Any]) -> Any:
        if self._box.sftp is None:
            raise ValueError("SFTP does not listen")
        number = given.get("number")
        return {"fingerprint": self._box.sftp.change_host_key(None if number is None else int(number))}

    async def _plant(self, given: dict[str, Any]) -> Any:
        if given.get("kind") not in oddities.KINDS:
            raise ValueError(f"kinds: {', '.join(oddities.KINDS)}")
        return {"name": oddities.plant(self._box.house, given["kind"], given)}

    async def _decide(self, given: dict[str, Any]) -> Any:
        habits = self._box.house.habits
        if "outcome" in given:
            if given["outcome"] not in OUTCOMES:
                raise ValueError(f"outcomes: {', '.join(OUTCOMES)}")
            habits.outcomes[given["account"]] = given["outcome"]
        if "refuse" in given:
            habits.verdicts[given["account"]] = str(given["refuse"])
        return {"outcomes": habits.outcomes, "verdicts": habits.verdicts}

    async def _odd(self, given: dict[str, Any]) -> Any:
        for name, known, queue in (
            ("payment", ODD_PAYMENTS, self._box.paying.odd),
            ("bundle", ODD_BUNDLES, self._box.paying.odd_bundles),
        ):
            if name in given:
                if given[name] not in known:
                    raise ValueError(f"{name}: {', '.join(known)}")
                queue.append(given[name])
        return {"payments": self._box.paying.odd, "bundles": self._box.paying.odd_bundles}

    async def _enrollment(self, given: dict[str, Any]) -> Any:
        changed = self._box.database.execute(
            "UPDATE enrollments SET status = ? WHERE plan = ? AND txn = ? AND npi = ?",
            (given["status"], given["payer"], given["transaction"], given.get("npi", BILLING_NPI)),
        ).rowcount
        self._box.database.commit()
        return {"changed": changed}

    # --- what there is -----------------------------------------------------------------------------------------------

    def _rows(self, query: str) -> list[dict[str, Any]]:
        self._box.house.look()
        return [dict(row) for row in self._box.database.execute(query)]

    async def _claims(self, given: dict[str, Any]) -> Any:
        return self._rows(
            "SELECT id, file_id, account, payer, status, reasons, is_test, payer_control, paid, charge FROM claims"
            " ORDER BY received, id"
        )

    async def _files(self, given: dict[str, Any]) -> Any:
        return self._rows("SELECT id, name, is_test, channel, status, cause, claims, accepted, rejected FROM files")

    async def _sent(self, given: dict[str, Any]) -> Any:
        return self._rows("SELECT at, plan, claim_id, account, file_id FROM transmissions ORDER BY number")

    async def _mails(self, given: dict[str, Any]) -> Any:
        return self._rows("SELECT at, kind, words FROM notes ORDER BY number")

    async def _outbound(self, given: dict[str, Any]) -> Any:
        self._box.house.look()
        if "name" in given:
            return {"text": self._box.shelf.content(OUTBOUND, given["name"]).decode("latin-1")}
        return [entry.name for entry in self._box.shelf.listed(OUTBOUND)]

    async def _claim_file(self, given: dict[str, Any]) -> Any:
        at = self._box.house.clock.now()
        patient, changes = int(given.get("patient_id", 1001)), given.get("changes", {})
        made = [
            {**history.claim_for(self._box.database, patient, account, at), **changes} for account in given["accounts"]
        ]
        return {"text": history.claim_file(made, at, int(given.get("control", 900))).decode("latin-1")}

    async def _office(self, given: dict[str, Any]) -> Any:
        if given.get("name") != "harbor":
            raise ValueError("name: harbor")
        self._box.to_harbor_street()
        return {"location": self._box.mate.office.location}

    async def _links(self, given: dict[str, Any]) -> Any:
        return {"links": []}
