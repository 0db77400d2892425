"""Files no one should trust, put into ``outbound`` on request.

zip_bomb       200 MB in a zip a thousandth of that size
traversal      a zip with names that lead out of the folder
deep           zips in zips in zips
huge           a report of 2 GB (``bytes`` says otherwise)
rubbish        bytes that mean nothing, named .835
stranger       a 277CA and an 835 for another practice
html_names     a File Summary whose patients' names are markup
empty          a report of no bytes, an empty zip
half           a report cut off in the middle
bad_columns    an EDI status text whose columns have moved
other_ids      a 277CA for accounts and claims nobody knows
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from vendors.officeally.sandbox import edi, summaries
from vendors.officeally.sandbox.clearinghouse import Clearinghouse
from vendors.officeally.sandbox.payers import BY_KEY
from vendors.officeally.sandbox.practice import BILLING_NPI, STRANGER_NPI, SUBMITTER
from vendors.officeally.sandbox.remits import Payment, bundle, unknown_claim, zipped
from vendors.officeally.sandbox.schema import next_number
from vendors.officeally.sandbox.shelf import OUTBOUND
from vendors.sandboxkit.plan import ZONE

_STRANGER_TAX = "990000999"
_BOMB_MB = 200


def plant(house: Clearinghouse, kind: str, given: dict[str, Any]) -> str:
    """Put one of ``KINDS`` into ``outbound``; its name. Raises KeyError for another."""
    at = house.clock.now()
    number = str(next_number(house.db, "file"))
    name, content = KINDS[kind](house, number, at.astimezone(ZONE))
    if kind == "huge":
        house.shelf.put_made(name, int(given.get("bytes", 2 * 1024**3)), at)
    else:
        house.shelf.put(OUTBOUND, name, content, at)
    return name


def _claim(number: str, at: datetime, **changes: Any) -> dict[str, Any]:
    day = at.date().isoformat()
    return {
        "id": f"{number}7", "member": "BHH00000001", "last": "NOBODY", "first": "KNOWN", "birth": "1970-01-01",
        "from": day, "to": day, "lines": [{"code": "99213"}], "diagnoses": ["I10"], "tax_id": SUBMITTER,
        "account": "ZZ-000606", "npi": BILLING_NPI, "billing": "LARKSPUR FAMILY MEDICINE", "payer": "BHH01",
        "errors": [], "charge": 18500, "accepted": True, "file_id": number, "processed": day, "payer_control": "",
        "words": "ACCEPTED", "verdicts": ["A2:20:PR"], **changes,
    }  # fmt: skip


def _bundle_name(number: str, at: datetime) -> str:
    return f"{number}_ERA_STATUS_5010_{at:%Y%m%d}.zip"


def _zip_bomb(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    packed, block = io.BytesIO(), bytes(1024 * 1024)
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"{number}_ERA_835_5010_{at:%Y%m%d}.835", "w") as inside,
    ):
        for _ in range(_BOMB_MB):
            inside.write(block)
    return _bundle_name(number, at), packed.getvalue()


def _traversal(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    names = ("../../../evil.835", "/etc/evil.835", "C:\\Windows\\evil.835", "..\\..\\evil.835", "a/../../evil.835")
    return _bundle_name(number, at), zipped([(name, b"ISA*evil") for name in names])


def _deep(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    packed = zipped([("inner.835", b"ISA*")])
    for _ in range(12):
        packed = zipped([("inner.zip", packed)])
    return _bundle_name(number, at), packed


def _huge(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    return f"{number}_EDI_STATUS_HCFA_{at:%Y%m%d}.277", b""


def _rubbish(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    return f"{number}_ERA_835_5010_{at:%Y%m%d}.835", Random(7).randbytes(4096)  # noqa: S311 - rubbish that repeats


def _stranger(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    claim = _claim(number, at, npi=STRANGER_NPI, billing="ANOTHER PRACTICE", tax_id=_STRANGER_TAX)
    body = edi.acknowledgment(
        edi.CLEARINGHOUSE, edi.Batch(number, "000001", "ANOTHER PRACTICE", _STRANGER_TAX), [claim], at
    )
    post = house.post(_STRANGER_TAX, at)
    return f"OTHER_{number}_HCFA_277ca_{at:%Y%m%d}.txt", edi.written([body], post, edi.Manner())


def _stranger_era(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    plan = BY_KEY["heron"]
    payment = Payment(f"EFT{number}", plan, at, [unknown_claim(plan)])
    rows = [
        ["N1", "PE", "ANOTHER PRACTICE", "XX", STRANGER_NPI] if row[:2] == ["N1", "PE"]
        else ["REF", "TJ", _STRANGER_TAX] if row[:2] == ["REF", "TJ"] else row
        for row in payment.body().rows if not isinstance(row, str)
    ]  # fmt: skip
    document = edi.written([payment.body()._replace(rows=rows)], house.post(_STRANGER_TAX, at), edi.Manner())
    return _bundle_name(number, at), bundle(number, at, [document], [payment], "no_text")


def _html_names(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    claim = _claim(number, at, last="<script>alert(1)</script>", first="<b>X</b>", account="<img src=x>")
    text = summaries.file_summary(number, "<i>837P</i>.txt", at, at, [claim])
    return f"FS_HCFA_{number}_IN_C.txt", text.encode()


def _empty(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    return _bundle_name(number, at), zipped([])


def _half(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    plan = BY_KEY["heron"]
    payment = Payment(f"EFT{number}", plan, at, [unknown_claim(plan)])
    document = edi.written([payment.body()], house.post(SUBMITTER, at), edi.Manner())
    return f"{number}_ERA_835_5010_{at:%Y%m%d}.835", document[: len(document) // 2]


def _bad_columns(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    text = summaries.edi_status([_claim(number, at)])
    moved = "\r\n".join(line[3:] for line in text.splitlines())
    return f"{number}_EDI_STATUS_{at:%Y%m%d}.txt", moved.encode()


def _other_ids(house: Clearinghouse, number: str, at: datetime) -> tuple[str, bytes]:
    body = edi.acknowledgment(
        edi.CLEARINGHOUSE, edi.Batch(number, "000009", "LARKSPUR FAMILY MEDICINE", SUBMITTER), [_claim(number, at)], at
    )
    document = edi.written([body], house.post(SUBMITTER, at), edi.Manner())
    return f"LARKSPUR_{number}_HCFA_277ca_{at:%Y%m%d}.txt", document


KINDS: dict[str, Callable[[Clearinghouse, str, datetime], tuple[str, bytes]]] = {
    "zip_bomb": _zip_bomb,
    "traversal": _traversal,
    "deep": _deep,
    "huge": _huge,
    "rubbish": _rubbish,
    "stranger": _stranger,
    "stranger_era": _stranger_era,
    "html_names": _html_names,
    "empty": _empty,
    "half": _half,
    "bad_columns": _bad_columns,
    "other_ids": _other_ids,
}
