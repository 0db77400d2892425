"""What others say about a document: pyx12, linuxforhealth-x12 and oxedi, each in an environment of its own.

Each function takes a path and answers with the judge's findings, known false alarms taken out (they are listed beside
the code). ``need`` skips a test, with the reason, where a judge is not there.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.x12.make_judges import python

_PYX12 = """
import io, json, logging, sys
logging.disable(logging.CRITICAL)
from pyx12.params import params
from pyx12.x12n_document import x12n_document
found = io.StringIO()
try:
    good = x12n_document(params(), sys.argv[1], io.StringIO(), None, fd_json=found)
except Exception as error:
    print(json.dumps({"good": False, "crash": repr(error)}))
else:
    print(json.dumps({"good": good, "report": json.loads(found.getvalue() or "{}")}))
"""
_LINUXFORHEALTH = """
import json, sys
from linuxforhealth.x12.io import X12ModelReader
try:
    with X12ModelReader(sys.argv[1]) as reader:
        models = [type(model).__name__ for model in reader.models()]
    print(json.dumps({"models": models}))
except Exception as error:
    print(json.dumps({"crash": str(error)}))
"""
_OXEDI = """
import json, sys
import oxedi
try:
    print(json.dumps({"found": [str(one) for one in oxedi.parse_file(sys.argv[1]).diagnostics]}))
except Exception as error:
    print(json.dumps({"found": [repr(error)]}))
"""


def available(name: str) -> bool:
    """Whether the judge's environment is there."""
    return python(name).exists()


def need(name: str) -> None:
    """Skip the test that calls this where the judge is not there."""
    if not available(name):
        pytest.skip(f"the outside validator {name} is not installed: run `make judges`")


def _ask(name: str, script: str, path: Path) -> dict[str, object]:
    done = subprocess.run(
        [python(name), "-c", script, str(path)], capture_output=True, text=True, timeout=240, check=False
    )
    if done.returncode:
        return {"crash": done.stderr[-400:], "found": [done.stderr[-400:]]}
    answer: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def pyx12_errors(path: Path) -> list[str]:
    """835, 837P, 837I, 277CA, 999. Each finding as ``segment id, number: words``."""
    answer = _ask("pyx12", _PYX12, path)
    if "crash" in answer:
        return [str(answer["crash"])]
    found = list(_walk(answer["report"], ""))
    found = [one for one in found if not _is_pyx12_false_alarm(one)]
    if not found and not answer["good"] and not _all_false_alarms(answer):
        return ["not accepted, no reason given"]
    return found


def _walk(node: object, where: str) -> list[str]:
    found: list[str] = []
    if isinstance(node, dict):
        if "seg_id" in node:
            where = f"{node['seg_id']}, {node.get('seg_count')}"
        if "err_str" in node:
            found.append(f"{where}: {node['err_str']}")
        for value in node.values():
            found += _walk(value, where)
    elif isinstance(node, list):
        for value in node:
            found += _walk(value, where)
    return found


def _all_false_alarms(answer: dict[str, object]) -> bool:
    return bool(_walk(answer["report"], ""))


def _is_pyx12_false_alarm(finding: str) -> bool:
    """Its mistakes: PWK02 AD in 2400; a second CTX and C023:1325 in 999; 2200C and its STC in 277CA."""
    return any(
        part in finding
        for part in (
            "(AD) is not a valid code for",
            "Segment CTX",
            "(C023",
            "CTX06",
            "Billing Provider Status Information",
            'Mandatory loop "Provider of Service Information Trace',
            "(2200C)",
        )
    )


def linuxforhealth_errors(path: Path) -> list[str]:
    """270, 271, 276, 277, and a second opinion on 837; never ask it about an 835."""
    answer = _ask("linuxforhealth", _LINUXFORHEALTH, path)
    if "crash" not in answer:
        return [] if answer["models"] else ["no model was read"]
    return [str(answer["crash"])]


def oxedi_errors(path: Path) -> list[str]:
    """835, with balances."""
    found = _ask("oxedi", _OXEDI, path)["found"]
    assert isinstance(found, list)
    return [str(one) for one in found]
