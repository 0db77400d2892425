"""Synthetic, valid 835 and 837P files of any size for the benchmark: invented people, four lines a claim."""

from __future__ import annotations

import random
from collections.abc import Iterator

CLAIMS_A_TRANSACTION = 200
_FEES = {
    "99213": 13500,
    "99214": 19800,
    "93000": 4500,
    "36415": 1800,
    "85025": 2650,
    "80053": 4125,
    "90471": 3200,
    "87880": 2975,
    "99396": 24500,
    "20610": 16750,
}
_FIRST = ("ADA", "BENO", "CLARA", "DIEGO", "ELIN", "FARAH", "GREGOR", "HANNE", "IVO", "JUNE", "KOFI", "LENA")
_LAST = (
    "ALDER",
    "BIRCH",
    "CEDARHOLM",
    "DOGWOOD",
    "ELMQUIST",
    "FIRTH",
    "GORSE",
    "HAWTHORN",
    "IVERSEN",
    "JUNIPER",
    "KELPMAN",
    "LARKSPUR",
    "MAPLETON",
    "NETTLES",
)


def _x12(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _wrap(kind: str, version: str, transactions: Iterator[list[str]], size: int) -> bytes:
    """An interchange around as many transactions as fill ``size`` bytes."""
    sender = (
        "ISA*00*          *00*          *ZZ*BENCHSENDER    *ZZ*BENCHRECEIVER  *260105*0930*^*00501*000000001*0*T*:~"
    )
    out = [sender, f"GS*{kind}*BENCHSENDER*BENCHRECEIVER*20260105*0930*1*X*{version}~"]
    total = sum(map(len, out))
    count = 0
    for rows in transactions:
        count += 1
        control = f"{count:04d}"
        st03 = "" if kind == "HP" else "*" + version
        text = "~".join(
            [f"ST*{'835' if kind == 'HP' else '837'}*{control}{st03}", *rows, f"SE*{len(rows) + 2}*{control}"]
        )
        out.append(text + "~")
        total += len(text) + 1
        if total >= size:
            break
    out.append(f"GE*{count}*1~IEA*1*000000001~")
    return "".join(out).encode()


def remittances(size: int, seed: int = 835) -> bytes:
    """A balanced 835 file of about ``size`` bytes."""
    chance = random.Random(seed)  # noqa: S311 - benchmark data
    return _wrap("HP", "005010X221A1", _payments(chance), size)


def _payments(chance: random.Random) -> Iterator[list[str]]:
    number = 0
    while True:
        claims: list[str] = []
        total = 0
        for _ in range(CLAIMS_A_TRANSACTION):
            number += 1
            rows, paid = _paid_claim(chance, number)
            claims += rows
            total += paid
        yield [
            f"BPR*I*{_x12(total)}*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260105",
            f"TRN*1*TRACE{number:09d}*1512345678",
            "DTM*405*20260104",
            "N1*PR*LARKSPUR HEALTH PLAN",
            "N3*1 PAYER WAY",
            "N4*SPRINGFIELD*IL*627010001",
            "PER*BL*EDI DESK*TE*8005550100",
            "N1*PE*LARKSPUR FAMILY MEDICINE*XX*1234567893",
            "REF*TJ*123456789",
            "LX*1",
            *claims,
        ]


def _paid_claim(chance: random.Random, number: int) -> tuple[list[str], int]:
    day = f"2025{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    lines: list[str] = []
    charge = paid = share = 0
    for index, code in enumerate(chance.sample(sorted(_FEES), 4), 1):
        fee = _FEES[code]
        allowed = fee * chance.randint(40, 90) // 100
        coinsurance = allowed // 5
        pays = allowed - coinsurance
        lines += [
            f"SVC*HC:{code}{':25' if code == '99213' else ''}*{_x12(fee)}*{_x12(pays)}**1",
            f"DTM*472*{day}",
            f"CAS*CO*45*{_x12(fee - allowed)}",
            f"CAS*PR*2*{_x12(coinsurance)}",
            f"REF*6R*{number:08d}{index}",
            f"AMT*B6*{_x12(allowed)}",
        ]
        charge += fee
        paid += pays
        share += coinsurance
    return [
        f"CLP*PCN{number:07d}*1*{_x12(charge)}*{_x12(paid)}*{_x12(share)}*12*{chance.randrange(10**13):013d}*11*1",
        f"NM1*QC*1*{chance.choice(_LAST)}*{chance.choice(_FIRST)}****MI*W{chance.randrange(10**9):09d}",
        "NM1*82*1*OSEI*MARTA****XX*1234567893",
        f"REF*EA*{chance.randrange(10**6):06d}",
        f"DTM*232*{day}",
        f"DTM*050*{day}",
        f"AMT*AU*{_x12(paid + share)}",
        *lines,
    ], paid


def claims(size: int, seed: int = 837) -> bytes:
    """A professional claim file of about ``size`` bytes: subscriber is patient, four lines a claim."""
    chance = random.Random(seed)  # noqa: S311 - benchmark data
    return _wrap("HC", "005010X222A1", _batches(chance), size)


def _batches(chance: random.Random) -> Iterator[list[str]]:
    number = 0
    while True:
        rows = [
            f"BHT*0019*00*{number:08d}*20260105*0930*CH",
            "NM1*41*2*LARKSPUR FAMILY MEDICINE*****46*LARK01",
            "PER*IC*EDI DESK*TE*5555550100",
            "NM1*40*2*CLEARINGHOUSE*****46*CLEAR1",
            "HL*1**20*1",
            "PRV*BI*PXC*207Q00000X",
            "NM1*85*2*LARKSPUR FAMILY MEDICINE*****XX*1234567893",
            "N3*12 MEADOW LANE",
            "N4*SPRINGFIELD*IL*627010001",
            "REF*EI*123456789",
        ]
        for hl in range(2, CLAIMS_A_TRANSACTION + 2):
            number += 1
            rows += _sent_claim(chance, number, hl)
        yield rows


def _sent_claim(chance: random.Random, number: int, hl: int) -> list[str]:
    day = f"2025{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    born = f"{chance.randint(1935, 2020)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    lines: list[str] = []
    charge = 0
    for index, code in enumerate(chance.sample(sorted(_FEES), 4), 1):
        charge += _FEES[code]
        lines += [
            f"LX*{index}",
            f"SV1*HC:{code}{':25' if code == '99213' else ''}*{_x12(_FEES[code])}*UN*1***1:2",
            f"DTP*472*D8*{day}",
            f"REF*6R*{number:08d}{index}",
        ]
    return [
        f"HL*{hl}*1*22*0",
        "SBR*P*18*GRP100******CI",
        f"NM1*IL*1*{chance.choice(_LAST)}*{chance.choice(_FIRST)}****MI*W{chance.randrange(10**9):09d}",
        f"N3*{chance.randint(1, 999)} ORCHARD STREET",
        "N4*SPRINGFIELD*IL*62701",
        f"DMG*D8*{born}*{chance.choice('FM')}",
        "NM1*PR*2*LARKSPUR HEALTH PLAN*****PI*LHP01",
        f"CLM*PCN{number:07d}*{_x12(charge)}***11:B:1*Y*A*Y*Y",
        f"REF*D9*{chance.randrange(10**10):010d}",
        "HI*ABK:E119*ABF:I10",
        "NM1*82*1*OSEI*MARTA****XX*1982736450",
        "PRV*PE*PXC*207Q00000X",
        *lines,
    ]
