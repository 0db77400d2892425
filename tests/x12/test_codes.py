"""Every code a document may carry has plain words or is honestly unknown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.x12 import envelope
from resources import codes, read_text
from tests.x12.corpus import Sample, each

CORPUS = Path(__file__).parents[3] / "shared" / "x12"


@pytest.mark.parametrize("table", codes.tables())
def test_a_table_has_no_code_twice_and_its_words_are_short(table: str) -> None:
    rows = [line.split("|") for line in read_text("codes", f"{table}.psv").splitlines()]
    assert len({row[0] for row in rows}) == len(rows)
    for row in rows:
        assert 2 <= len(row) <= 3, row
        assert re.fullmatch(r"[A-Z0-9]{1,5}", row[0]), row
        assert 2 <= len(row[1]) <= 90, row
        assert all(cell == cell.strip() for cell in row), row
        if len(row) == 3 and row[2]:
            assert len(row[2]) <= 110, row
            assert row[2].endswith("."), row


@pytest.mark.parametrize(
    ("table", "least"),
    [
        ("carc", 390),
        ("rarc", 1_000),
        ("claim_status", 700),
        ("entity", 220),
        ("service_type", 185),
        ("claim_status_category", 50),
        ("aaa_reject", 50),
        ("plb", 40),
    ],
)
def test_the_large_tables_are_complete_enough(table: str, least: int) -> None:
    assert len(codes.codes(table)) >= least


@pytest.mark.parametrize("table", ["carc", "rarc", "claim_status", "claim_status_category", "aaa_reject", "plb"])
def test_every_reason_says_what_to_do(table: str) -> None:
    assert [code for code in codes.codes(table) if not codes.meaning(table, code).next_step] == []


@pytest.mark.parametrize("table", codes.tables())
def test_words_are_a_plain_phrase_of_our_own(table: str) -> None:
    """No full stop at the end, no line of an official list (they say Alert: and Missing/incomplete/invalid)."""
    for code in codes.codes(table):
        text = codes.meaning(table, code).text
        assert text[0].isupper() or text[0].isdigit() or table == "quantity", (code, text)  # stands after a number
        assert not text.endswith("."), (code, text)
        assert not re.search(r"Alert:|incomplete/invalid|claim/service|\bEntity's\b|\s{2}", text), (code, text)


@pytest.mark.parametrize(
    ("code", "shape"),
    [("carc", r"[0-9ABDPWY]\d{0,2}"), ("rarc", r"M\d{1,3}|MA\d{2,3}|N\d{1,3}"), ("plb", r"[A-Z0-9]{2}")],
)
def test_codes_have_the_shape_of_their_list(code: str, shape: str) -> None:
    assert [found for found in codes.codes(code) if not re.fullmatch(shape, found)] == []


@pytest.mark.parametrize(
    ("table", "code", "says"),
    [
        ("claim_status_category", "A3", "rejected"),  # public pages call it accepted: it is not
        ("claim_status", "45", "benefits"),  # not a missing NPI
        ("carc", "96", "Not a covered charge"),  # not a wrong diagnosis
        ("carc", "55", "experimental"),  # not frequency
        ("carc", "125", "Billing error"),  # not timely filing
        ("carc", "29", "too late"),
        ("plb", "WO", "overpayment"),  # not a withholding
        ("period", "29", "Remaining"),
    ],
)
def test_known_traps_of_public_sources_are_not_repeated(table: str, code: str, says: str) -> None:
    assert says in codes.meaning(table, code).text


def test_an_unknown_code_is_said_to_be_unknown() -> None:
    found = codes.meaning("carc", "X99")
    assert (found.known, found.text) == (False, "unknown code X99")
    with pytest.raises(KeyError):
        codes.meaning("no_such_table", "1")


def test_leading_zeros_do_not_hide_a_code() -> None:
    assert codes.meaning("place_of_service", "1").text == codes.meaning("place_of_service", "01").text
    assert codes.meaning("carc", "045").text == codes.meaning("carc", "45").text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", "Code,Description\n45,Official words\n999,New\n"),
        ("list.json", json.dumps({"45": "Official words", "999": "New"})),
        ("rows.json", json.dumps([{"code": "45", "text": "Official words"}, {"code": "999", "text": "New"}])),
    ],
)
def test_an_official_list_goes_over_our_words(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    ours = codes.meaning("carc", "45")
    assert codes.load_official("carc", path) == 2
    try:
        loaded = codes.meaning("carc", "45")
        assert (loaded.text, loaded.official, loaded.next_step) == ("Official words", True, ours.next_step)
        assert codes.meaning("carc", "999").known
        assert codes.meaning("carc", "1") == codes.Meaning(
            table="carc",
            code="1",
            text=codes.meaning("carc", "1").text,
            next_step=codes.meaning("carc", "1").next_step,
        )
    finally:
        codes.forget_official("carc")
    assert codes.meaning("carc", "45") == ours


@pytest.mark.parametrize("content", ["[1]", '[{"code": ""}]', "{}", "3"])
def test_a_list_without_codes_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError):
        codes.load_official("carc", path)


def _corpus_codes() -> Iterator[tuple[str, str]]:
    """(table, code) of everything in the expected values that a person would want explained."""
    for path in sorted(CORPUS.glob("*/*.expected.json")):
        yield from _walk(json.loads(path.read_text(encoding="utf-8")))


def _walk(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _of_key(key, value)
            yield from _walk(value)


_PLAIN = {"info": "benefit", "period": "period", "category": "claim_status_category", "status": "claim_status"}


def _of_key(key: str, value: object) -> Iterator[tuple[str, str]]:
    if key == "adjustments" and isinstance(value, dict):
        for pair in (pair for level in value.values() for pair in level):
            group, _, reason = str(pair).partition("-")
            yield from (("group", group), ("carc", reason))
    elif key == "plb" and isinstance(value, list):
        yield from (("plb", row["reason"]) for row in value)
    elif key == "services" and isinstance(value, list):
        yield from (("service_type", code) for code in value)
    elif key == "rejections" and isinstance(value, list):
        yield from (("aaa_reject", row.get("reason", "")) for row in value)
    elif key == "codes" and isinstance(value, dict):
        yield from ((_PLAIN[name], value.get(name, "")) for name in ("category", "status"))
        yield "entity", value.get("entity", "")
    elif key in ("info", "period") and isinstance(value, str):
        yield _PLAIN[key], value


_ONE = {
    "CLP": ((2, "claim_payment_status"), (6, "claim_filing")),
    "SBR": ((1, "payer_order"), (2, "relationship"), (5, "insurance_type"), (9, "claim_filing")),
    "PAT": ((1, "relationship"),),
    "INS": ((2, "relationship"),),
    "REF": ((1, "ref"),),
    "DTP": ((1, "dtp"),),
    "DTM": ((1, "dtp"),),
    "AMT": ((1, "amt"),),
    "NM1": ((1, "entity"),),
    "PRV": ((1, "provider_role"),),
    "CAS": ((1, "group"), *((at, "carc") for at in range(2, 20, 3))),
    "MOA": tuple((at, "rarc") for at in range(3, 8)),
    "EB": ((1, "benefit"), (2, "coverage_level"), (4, "insurance_type"), (6, "period"), (12, "network")),
    "AAA": ((3, "aaa_reject"), (4, "aaa_follow_up")),
}


def _codes_of(sample: Sample) -> Iterator[tuple[str, str]]:
    """(table, code) of the segments that people read, as written in a document."""
    for transaction in envelope.read(sample.path):
        component = transaction.delimiters.component
        for _, row in transaction.segments():
            given = dict(enumerate(row))
            yield from ((table, given.get(at, "")) for at, table in _ONE.get(row[0], ()))
            if row[0] == "LQ" and row[1] == "HE":
                yield "rarc", row[2]
            elif row[0] == "PLB":
                yield from (("plb", row[at].split(component)[0]) for at in range(3, len(row), 2))
            elif row[0] == "CLM" and component in given.get(5, ""):
                place, kind, frequency = [*row[5].split(component), "", ""][:3]
                yield from (("place_of_service", place if kind == "B" else ""), ("frequency", frequency))


# Private or mistyped codes in public samples: no list has them, so none may be explained.
HONESTLY_UNKNOWN: set[tuple[str, str]] = set()


@pytest.mark.skipif(not CORPUS.exists(), reason="the EDI corpus does not stand beside this clone")
def test_every_code_of_the_corpus_has_words_or_is_honestly_unknown() -> None:
    seen = {pair for pair in _corpus_codes() if pair[1]}
    assert len(seen) > 60
    unknown = {pair for pair in seen if not codes.meaning(*pair).known}
    assert unknown == HONESTLY_UNKNOWN


@each("835", "837P", "837I", "270", "271", "276", "277", "277CA")
def test_what_a_sample_says_has_words(sample: Sample) -> None:
    """Samples that were made wrong on purpose may say anything; the others speak the field's language."""
    if sample.valid == "no":
        return
    unknown = {pair for pair in _codes_of(sample) if pair[1] and not codes.meaning(*pair).known}
    assert unknown == set()
