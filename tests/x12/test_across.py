"""One file over two processes: every transaction once, in order, with the places of the file."""

from __future__ import annotations

from pathlib import Path

from app.main.bench import x12_files as files
from app.main.bench.x12_measures import count_claims
from app.x12 import envelope
from app.x12.across import _work, across, parts
from app.x12.envelope import Transaction


def _places(transaction: Transaction) -> tuple[str, str, int, int]:
    transaction.skip()
    return transaction.control, transaction.interchange.control, transaction.position, len(transaction.problems)


def test_parts_begin_at_transactions_and_keep_their_places(tmp_path: Path) -> None:
    (path := tmp_path / "large.x12").write_bytes(files.remittances(1_500_000))
    whole = [_places(transaction) for transaction in envelope.read(path)]
    found = list(parts(path, 3))
    assert [part.start for part in found[1:]] == [part.stop for part in found[:-1]]
    assert len(found) == 3
    assert [place for part in found for place in _work(_places, part)] == whole


def test_each_part_stands_under_its_own_interchange_and_group(tmp_path: Path) -> None:
    """Whatever the data hold that looks like a header, and wherever lines end."""
    one = files.remittances(300_000)
    other = one.replace(b"*000000001*0*", b"*000000777*0*").replace(b"IEA*1*000000001", b"IEA*1*000000777")
    assert other != one
    odd = b"~\r\n  ".join((one + other).replace(b"~REF*", b"~REF*GS*ISA*").split(b"~"))
    (path := tmp_path / "several.x12").write_bytes(odd)
    whole = [_places(transaction) for transaction in envelope.read(path)]
    assert {place[1] for place in whole} == {"000000001", "000000777"}
    for count in (2, 5, 9):
        assert [place for part in parts(path, count) for place in _work(_places, part)] == whole


def test_an_interchange_is_known_by_its_header_however_many_ta1_follow_it(tmp_path: Path) -> None:
    """More of them than are looked at in one go; the header's own bytes may lie across two looks."""
    one = files.remittances(300_000)
    isa, rest = one[:106], one[106:]
    other = isa.replace(b"*000000001*0*", b"*000000777*0*")
    ta1 = b"TA1*000000007*260105*0930*R*024~"
    for count in (3_000, 32_765, 70_000):
        data = one + other + ta1 * count + rest.replace(b"IEA*1*000000001", b"IEA*1*000000777")
        (path := tmp_path / f"{count}.x12").write_bytes(data)
        whole = [_places(transaction) for transaction in envelope.read(path)]
        found = list(parts(path, 24))
        assert {part.header[:106] for part in found if part.header} == {isa, other}
        assert [place for part in found for place in _work(_places, part)] == whole


def test_an_unpadded_header_is_handed_on_whole(tmp_path: Path) -> None:
    data = files.remittances(300_000)
    data = b"*".join(part.strip() for part in data[:106].split(b"*")) + data[106:]
    assert data.index(b"~") < 90
    (path := tmp_path / "unpadded.x12").write_bytes(data)
    whole = [_places(transaction) for transaction in envelope.read(path)]
    found = list(parts(path, 4))
    assert [part.header.count(b"~") for part in found[1:]] == [2] * len(found[1:])
    assert [place for part in found for place in _work(_places, part)] == whole


def test_a_file_of_one_transaction_is_one_part(tmp_path: Path) -> None:
    (path := tmp_path / "one.x12").write_bytes(files.remittances(1_000))
    assert len(list(parts(path, 2))) == 1
    (junk := tmp_path / "junk.x12").write_bytes(b"no x12 at all")
    assert [(part.start, part.stop) for part in parts(junk, 2)] == [(0, 13)]


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    (path := tmp_path / "large.x12").write_bytes(files.remittances(1_000_000))
    assert list(across(path, count_claims)) == [count_claims(transaction) for transaction in envelope.read(path)]
