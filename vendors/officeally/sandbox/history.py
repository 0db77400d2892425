"""What had happened before the simulator was started: files of the last weeks, and hundreds of old reports.

The last weeks went through the clearinghouse itself; older reports are texts of the same layout, whose claims nobody
remembers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.x12.values import amount
from app.x12.write import Body, Envelope, Row, build
from vendors.officeally.sandbox import summaries
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.intake import RECEIVER
from vendors.officeally.sandbox.payers import BY_KEY, CLAIMS
from vendors.officeally.sandbox.paying import Paying
from vendors.officeally.sandbox.practice import BILLING_NPI, FIRST_PATIENT, PRACTICE, SUBMITTER
from vendors.officeally.sandbox.shelf import OUTBOUND
from vendors.sandboxkit.dice import Dice
from vendors.sandboxkit.plan import ZONE

OLD_REPORTS = 300
#: Days before today on which a file was sent, and what was odd about the payments that followed.
_BATCHES = ((45, "takeback"), (31, "unknown"), (17, "split"), (4, ""), (1, ""))
_CODES = (("99213", 18500), ("99214", 26000), ("99395", 24000), ("20610", 31000), ("36415", 2500), ("87880", 4500))
_DIAGNOSES = ("J069", "I10", "E119", "M545", "Z0000", "N390")
_SIZE = 8


def live_through(house: Clearinghouse, paying: Paying, now: datetime, seed: int) -> None:
    """Old reports on the shelf; then the files of the last weeks, taken and answered up to now."""
    _old_reports(house, now)
    dice = Dice(seed, 51)
    for place, (days, odd) in enumerate(_BATCHES):
        at = now - timedelta(days=days, hours=2)
        claims = [_invented(house.db, dice, f"LFM-{days:02d}{number:02d}", at) for number in range(_SIZE)]
        if place == len(_BATCHES) - 2:
            claims[0]["member"] = "WRONG-ID"  # Rejected by Office Ally: to be corrected.
            claims[1]["member"] = f"{BY_KEY[claims[1]['plan']].prefix}99999999"  # Rejected by the payer.
        content = claim_file(claims, at, 100 + place)
        if odd:
            paying.odd.append(odd)
        house.receive(content, f"DBK_837P_{at:%Y%m%d_%H%M}_{100 + place:09d}.txt", at, "sftp")
        house.look()
    paying.odd.clear()
    unknown = _invented(house.db, dice, "ZZ-000505", now) | {
        "id": "4812999999", "file_id": "481229999", "accepted": True, "words": "ACCEPTED FOR PROCESSING",
        "processed": now.astimezone(ZONE).date().isoformat(), "payer_control": "UNKNOWN0001", "verdicts": ["A2:20:PR"],
    }  # fmt: skip
    house.tell_status([unknown], now - timedelta(hours=5))
    house.db.commit()


def _old_reports(house: Clearinghouse, now: datetime) -> None:
    for number in range(OLD_REPORTS):
        at = (now - timedelta(days=80 + number)).astimezone(ZONE)
        file_id = str(470_000_000 + number * 11)
        claim = {
            "id": f"47{number:08d}", "member": f"BHH{number:08d}", "last": "FORMER", "first": "PATIENT",
            "birth": "1950-01-01", "from": at.date().isoformat(), "to": at.date().isoformat(),
            "lines": [{"code": "99213"}], "diagnoses": ["I10"], "tax_id": SUBMITTER, "account": f"OLD-{number:06d}",
            "npi": BILLING_NPI, "payer": "BHH01", "errors": [], "charge": 18500, "accepted": True,
            "file_id": file_id, "processed": at.date().isoformat(), "payer_control": "", "words": "ACCEPTED",
        }  # fmt: skip
        if number % 2:
            text = summaries.file_summary(file_id, f"OLD_837P_{number}.txt", at, at, [claim])
            house.shelf.put(OUTBOUND, f"FS_HCFA_{file_id}_IN_C.txt", text.encode(), at)
        else:
            text = summaries.edi_status([claim])
            house.shelf.put(OUTBOUND, f"{file_id}_EDI_STATUS_{at:%Y%m%d}.txt", text.encode(), at)


def _invented(database: sqlite3.Connection, dice: Dice, account: str, at: datetime) -> dict[str, Any]:
    """A claim for some patient with a policy, for a visit of the day before."""
    while True:
        number = FIRST_PATIENT + 20 + dice.below(300)
        row = database.execute(
            "SELECT 1 FROM policies WHERE patient_id = ? AND rank = 1 AND relationship = 'Self'"
            " AND plan IN ('heron', 'prairie', 'medicare')",
            (number,),
        ).fetchone()
        if row is not None:
            return claim_for(
                database, number, account, at, (dice.pick(_CODES), dice.pick(_CODES)), dice.pick(_DIAGNOSES)
            )


def claim_for(
    database: sqlite3.Connection, patient: int, account: str, at: datetime,
    codes: Sequence[tuple[str, int]] = _CODES[:2], diagnosis: str = _DIAGNOSES[0],
) -> dict[str, Any]:  # fmt: skip
    """A claim for a patient with a policy of their own. Raises KeyError for one without."""
    row = database.execute(
        "SELECT p.*, o.plan, o.subscriber, o.grp FROM patients p JOIN policies o ON o.patient_id = p.id AND o.rank = 1"
        " WHERE p.id = ?",
        (patient,),
    ).fetchone()
    if row is None:
        raise KeyError(f"patient {patient} has no policy")
    day = (at - timedelta(days=1)).astimezone(ZONE).date().isoformat()
    plan = BY_KEY[row["plan"]]
    lines = [
        {"code": code, "charge": charge, "units": "1", "control": f"{account}-{number}"}
        for number, (code, charge) in enumerate(dict.fromkeys(codes), 1)
    ]
    return {
        "account": account, "plan": plan.key, "payer": plan.ids[CLAIMS], "payer_name": plan.name,
        "filing": plan.filing, "member": row["subscriber"], "group": row["grp"], "last": row["last"].upper(),
        "first": row["first"].upper(), "birth": row["birth"], "sex": row["sex"], "address": row["address"].upper(),
        "city": row["city"].upper(), "state": row["state"], "zip": row["zip"], "from": day, "to": day, "lines": lines,
        "charge": sum(int(str(line["charge"])) for line in lines), "diagnoses": [diagnosis],
        "npi": BILLING_NPI, "billing": PRACTICE, "tax_id": SUBMITTER, "frequency": "1", "reference": "",
    }  # fmt: skip


def claim_file(claims: Sequence[dict[str, Any]], at: datetime, control: int, *, receiver: str = RECEIVER) -> bytes:
    """An 837P as some other program of the practice would have sent it."""
    envelope = Envelope(
        sender=SUBMITTER, receiver=receiver, when=at.astimezone(ZONE), interchange_control=control,
        group_control=control, receiver_qualifier="30", usage="P",
    )  # fmt: skip
    return build([Body("837P", list(_rows(claims, at.astimezone(ZONE), control)))], envelope).data


def _rows(claims: Sequence[dict[str, Any]], at: datetime, control: int) -> Iterator[Row]:
    yield ["BHT", "0019", "00", f"{control:06d}", f"{at:%Y%m%d}", f"{at:%H%M}", "CH"]
    yield ["NM1", "41", "2", PRACTICE, "", "", "", "", "46", SUBMITTER]
    yield ["PER", "IC", "BILLING", "TE", "5555550142"]
    yield ["NM1", "40", "2", "OFFICE ALLY", "", "", "", "", "46", RECEIVER]
    yield ["HL", "1", "", "20", "1"]
    yield ["NM1", "85", "2", PRACTICE, "", "", "", "", "XX", BILLING_NPI]
    yield ["N3", "100 MAIN ST"]
    yield ["N4", "LARKSPUR HEIGHTS", "IL", "606010001"]
    yield ["REF", "EI", SUBMITTER]
    for number, claim in enumerate(claims, 2):
        day = claim["from"].replace("-", "")
        yield ["HL", str(number), "1", "22", "0"]
        yield ["SBR", "P", "18", claim["group"], "", "", "", "", "", claim["filing"]]
        yield ["NM1", "IL", "1", claim["last"], claim["first"], "", "", "", "MI", claim["member"]]
        yield ["N3", claim["address"]]
        yield ["N4", claim["city"], claim["state"], claim["zip"]]
        yield ["DMG", "D8", claim["birth"].replace("-", ""), claim["sex"] if claim["sex"] in {"F", "M"} else "U"]
        yield ["NM1", "PR", "2", claim["payer_name"], "", "", "", "", "PI", claim["payer"]]
        place = ("11", "B", claim["frequency"])
        yield ["CLM", claim["account"], amount(claim["charge"]), "", "", place, "Y", "A", "Y", "Y"]
        if claim["reference"]:
            yield ["REF", "F8", claim["reference"]]
        yield ["HI", *[("ABF" if index else "ABK", code) for index, code in enumerate(claim["diagnoses"])]]
        for index, line in enumerate(claim["lines"], 1):
            yield ["LX", str(index)]
            yield ["SV1", ("HC", line["code"]), amount(line["charge"]), "UN", line["units"], "", "", ("1",)]
            yield ["DTP", "472", "D8", day]
            yield ["REF", "6R", line["control"]]
