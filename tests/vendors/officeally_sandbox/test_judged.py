"""What the simulator writes, before outside validators: a simulator that writes nonsense would judge nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from tests.vendors.officeally_sandbox.test_clearinghouse import later, make, upload
from tests.x12 import judges
from vendors.officeally.sandbox import OfficeAllySandbox


def _written(box: OfficeAllySandbox, folder: Path, ending: str) -> list[Path]:
    """Some documents of a kind, as files."""
    found = []
    for entry in box.shelf.listed("outbound"):
        content = box.shelf.content("outbound", entry.name)
        if entry.name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {name: archive.read(name) for name in archive.namelist()}
        else:
            inside = {entry.name: content}
        for name, data in inside.items():
            if ending in name and data.startswith(b"ISA"):
                found.append(folder / name)
                found[-1].write_bytes(data)
    return found


async def test_remittances(box: OfficeAllySandbox, tmp_path: Path) -> None:
    judges.need("pyx12")
    judges.need("oxedi")
    for account, outcome in (("J-1", "interest"), ("J-2", "denied"), ("J-3", "secondary"), ("J-4", "coinsurance")):
        await box.actions["decide"]({"account": account, "outcome": outcome})
    upload(box, await make(box, "J-1", "J-2", "J-3", "J-4"))
    await later(box, 24 * 60)
    documents = _written(box, tmp_path, ".835")[-6:]
    assert len(documents) == 6
    for document in documents:
        assert judges.pyx12_errors(document) == []
        assert judges.oxedi_errors(document) == []


async def test_acknowledgments(box: OfficeAllySandbox, tmp_path: Path) -> None:
    judges.need("pyx12")
    upload(box, (await make(box, "J-1")).replace(b"SBR*P*18", b"SBR*P*XX"))
    upload(box, await make(box, "J-2", changes={"member": "QQ1"}))
    await later(box, 24 * 9)
    for ending in ("_999", "277ca", ".277"):
        for document in _written(box, tmp_path, ending)[-3:]:
            assert judges.pyx12_errors(document) == [], document.name
