"""The generic reader: a newcomer's table is enough to read, check and keep a transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.model.problem import Severity
from app.x12 import claim_837, envelope
from app.x12.guide import Guide
from app.x12.loops import Loop, Report, Walk, in_order, tree

SAMPLES = Path(__file__).parent / "samples"
TABLE = """
guide 888 005010X888 ZZ | A transaction of our own
ST R 1 | 1R=888 2R 3R | Header
BHT R 1 | 1R 2R=13 | Beginning
loop 2000 - R >1 | Order
HL R 1 | 1R 2N 3R=20 4R | Order level
REF S 2 | 1R=EJ,SY 2R | Order reference
loop 2100 2000 R 1 | Customer
NM1 R 1 | 1R=QC 2R=1,2 3R | Customer
N3 S 1 | 1R | Street
loop 2200 2000 S 2 unit | Item
LX R 1 | 1R | Item
AMT R 1 | 1R=T 2R | Price
DTP S >1 | 1R=472 2R=D8,RD8 3R | Day
loop 2210 2200 S 1 | Maker
NM1 R 1 | 1R=82 2R=2 3R 8S=XX 9S | Maker
in 2000
MSG S 1 | 1R | Remark
in -
SE R 1 | 1R 2R | Trailer
"""
ROWS = [
    "BHT*0019*13", "HL*1**20*1", "REF*EJ*A1", "NM1*QC*1*ALDER", "N3*1 MAIN STREET", "LX*1", "AMT*T*5.25",
    "DTP*472*D8*20260105", "NM1*82*2*MAKERS", "LX*2", "AMT*T*6", "MSG*THANK YOU",
]  # fmt: skip


def _document(rows: list[str]) -> bytes:
    isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*0930*^*00501*000000001*0*T*:~"
    body = ["ST*888*0001*005010X888", *rows, f"SE*{len(rows) + 2}*0001"]
    return (isa + "GS*ZZ*S*R*20260105*0930*1*X*005010X888~" + "~".join(body) + "~GE*1*1~IEA*1*000000001~").encode()


def _read(rows: list[str], guide: Guide | None = None) -> tuple[Loop, list[tuple[str, str, str, int]]]:
    transaction = next(iter(envelope.read(_document(rows))))
    root = tree(transaction, guide or Guide(TABLE))
    problems = transaction.problems.done()
    return root, [
        (found.code, found.place.loop, found.place.segment + found.place.element, found.place.segment_number)
        for found in problems
    ]


def test_a_table_reads_loops_with_their_fields() -> None:
    root, problems = _read(ROWS)
    assert problems == []
    (order,) = root.children("2000")
    assert (order.ref("EJ"), order.value("MSG", 1)) == ("A1", "THANK YOU")
    customer, first, second = order.loops
    assert (customer.id, customer.value("NM1", 3), customer.value("N3", 1)) == ("2100", "ALDER", "1 MAIN STREET")
    assert [item.value("AMT", 2, "T") for item in (first, second)] == ["5.25", "6"]
    maker = first.child("2210")
    assert maker is not None
    assert (maker.start, maker.parent) == (10, first)
    assert ["*".join(row).rstrip("*") for row in in_order(root)] == ["ST*888*0001*005010X888", *ROWS, "SE*14*0001"]


def test_units_come_one_at_a_time_and_are_let_go() -> None:
    transaction = next(iter(envelope.read(_document(ROWS))))
    walk = Walk(transaction, Guide(TABLE))
    prices = [(unit.value("AMT", 2), unit.parent.ref("EJ") if unit.parent else "") for unit in walk.units()]
    assert prices == [("5.25", "A1"), ("6", "A1")]
    assert [loop.id for loop in walk.root.loops[0].loops] == ["2100"]


def _with(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda rows: [row.replace(old, new) for row in rows]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda rows: rows[:3] + rows[5:], ("loop-missing", "2100", "NM1", 5)),
        (lambda rows: [row for row in rows if row != "AMT*T*6"], ("segment-missing", "2200", "AMT", 11)),
        (lambda rows: [*rows[:3], "REF*SY*1", "REF*EJ*2", *rows[3:]], ("segment-too-often", "2000", "REF", 6)),
        (lambda rows: [*rows[:11], "LX*3", "AMT*T*1", rows[11]], ("loop-too-often", "2200", "LX", 13)),
        (lambda rows: [*rows[:4], "ZZZ*1", *rows[4:]], ("segment-unknown", "2100", "ZZZ", 6)),
        (lambda rows: [*rows[:4], "AMT*T*1", *rows[4:]], ("segment-unexpected", "2100", "AMT", 6)),
        (lambda rows: [*rows[:6], "DTP*472*D8*20260105", "AMT*T*5", *rows[7:]], ("segment-order", "2200", "AMT", 9)),
        (_with("REF*EJ", "REF*XX"), ("code-unknown", "2000", "REF01", 4)),
        (_with("NM1*QC*1*ALDER", "NM1*QC*1"), ("element-missing", "2100", "NM103", 5)),
        (_with("5.25", "5,25"), ("element-type", "2200", "AMT02", 8)),
        (_with("HL*1**", "HL*1*0*"), ("element-not-used", "2000", "HL02", 3)),
        (_with("D8*20260105", "D8*20260230"), ("element-type", "2200", "DTP03", 9)),
        (_with("N3*1 MAIN STREET", "N3*1*2*3"), ("element-too-many", "2100", "N303", 6)),
        (_with("THANK YOU", "X" * 265), ("element-too-long", "2000", "MSG01", 13)),
        (_with("*MAKERS", "*MAKERS*****XX*1234567890"), ("npi", "2210", "NM109", 10)),
    ],
)  # fmt: skip
def test_each_fault_is_said_at_its_place(
    change: Callable[[list[str]], list[str]], problem: tuple[str, str, str, int]
) -> None:
    assert problem in _read(change(list(ROWS)))[1]


def test_tricky_09_ranges_times_and_their_qualifier() -> None:
    def codes(date: str) -> list[str]:
        return [code for code, *_ in _read([row.replace("D8*20260105", date) for row in ROWS])[1]]

    assert codes("RD8*20260105-20260107") == []
    assert codes("RD8*20260107-20260105") == ["date-order"]
    assert codes("RD8*20260105") == ["element-type"]
    assert codes("D8*20260105-20260107") == ["element-type"]
    assert codes("TM*0930") == ["code-unknown"]


def test_nothing_is_lost_wherever_it_stands() -> None:
    odd = [*ROWS[:4], "ZZZ*1", *ROWS[4:7], "N3*LATE", *ROWS[7:], "BHT*0019*13"]
    root, _ = _read(odd)
    assert ["*".join(row).rstrip("*") for row in in_order(root)][1:-1] == odd


def test_a_rule_of_the_guide_is_asked_for_each_loop() -> None:
    def dear(loop: Loop, report: Report) -> None:
        if loop.value("AMT", 2) == "6":
            report(loop, loop.first("AMT"), "02", "too-dear", "Six is too much.", severity=Severity.WARNING)

    assert _read(ROWS, Guide(TABLE, {"2200": dear}))[1] == [("too-dear", "2200", "AMT02", 12)]


def test_a_flood_of_faults_is_counted_not_kept() -> None:
    _, problems = _read([*ROWS, *["ZZZ*1"] * 5_000])
    assert len(problems) < 120


def test_a_table_with_a_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="XYZ is not in the dictionary"):
        Guide(TABLE.replace("MSG S 1", "XYZ S 1"))


def test_segments_nobody_knows_cost_each_the_same() -> None:
    """A search through the whole loop for each of them would take minutes here."""
    data = (SAMPLES / "837P" / "plain.x12").read_bytes()
    head, billing, rest = data.partition(b"NM1*85*")
    begun = time.process_time()
    transaction = next(iter(envelope.read(head + b"ZZZ*1~\n" * 30_000 + billing + rest)))
    claims = list(claim_837.read(transaction))
    assert time.process_time() - begun < 15
    assert sum(one.row[:1] == ("ZZZ",) for one in claims[0].billing.kept) == 30_000
