"""What others say about a document: pyx12, linuxforhealth-x12 and oxedi, each in an environment of its own.

Each function takes a path and answers with the judge's findings, known false alarms taken out (they are listed beside
the code). ``need`` skips a test, with the reason, where a judge is not there.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.x12.make_judges import python

_PYX12 = """
import io, logging
logging.disable(logging.CRITICAL)
from pyx12.params import params
from pyx12.x12n_document import x12n_document
def judge(path):
    found = io.StringIO()
    good = x12n_document(params(), path, io.StringIO(), None, fd_json=found)
    return {"good": good, "report": json.loads(found.getvalue() or "{}")}
"""
_LINUXFORHEALTH = """
from linuxforhealth.x12.io import X12ModelReader
def judge(path):
    with X12ModelReader(path) as reader:
        return {"models": [type(model).__name__ for model in reader.models()]}
"""
_OXEDI = """
import oxedi
def judge(path):
    return {"found": [str(one) for one in oxedi.parse_file(path).diagnostics]}
"""
#: A path a line comes in, an answer a line goes out; what a judge prints by itself goes elsewhere.
_FRAME = """
import json, sys
answers, sys.stdout = sys.stdout, sys.stderr
%s
for line in sys.stdin:
    try:
        told = judge(line.rstrip("\\n"))
    except Exception as error:
        told = {"crash": repr(error), "found": [repr(error)]}
    print(json.dumps(told), file=answers, flush=True)
"""
_LONGEST_S = 240.0


class _Judge:
    """One judge in a process of its own, which lasts as long as the tests: they take a second to begin."""

    def __init__(self, name: str, script: str) -> None:
        self._name = name
        self._script = _FRAME % script
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: Path) -> dict[str, Any]:
        """What it says of the document."""
        if self._process is None:
            self._process = subprocess.Popen(
                [python(self._name), "-c", self._script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            atexit.register(self.end)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Timer(_LONGEST_S, self._process.kill)
        late.start()
        try:
            self._process.stdin.write(f"{path}\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            late.cancel()
        if not line:
            self.end()
            words = f"{self._name} ended without an answer"
            return {"crash": words, "found": [words]}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """It ends with its standard input."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate()


_JUDGES = {
    "pyx12": _Judge("pyx12", _PYX12),
    "linuxforhealth": _Judge("linuxforhealth", _LINUXFORHEALTH),
    "oxedi": _Judge("oxedi", _OXEDI),
}


def available(name: str) -> bool:
    """Whether the judge's environment is there."""
    return python(name).exists()


def need(name: str) -> None:
    """Skip the test that calls this where the judge is not there."""
    if not available(name):
        pytest.skip(f"the outside validator {name} is not installed: run `make judges`")


def pyx12_errors(path: Path) -> list[str]:
    """835, 837P, 837I, 277CA, 999. Each finding as ``segment id, number: words``."""
    answer = _JUDGES["pyx12"].ask(path)
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


def _all_false_alarms(answer: dict[str, Any]) -> bool:
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
    answer = _JUDGES["linuxforhealth"].ask(path)
    if "crash" not in answer:
        return [] if answer["models"] else ["no model was read"]
    return [str(answer["crash"])]


def oxedi_errors(path: Path) -> list[str]:
    """835, with balances."""
    found = _JUDGES["oxedi"].ask(path)["found"]
    assert isinstance(found, list)
    return [str(one) for one in found]
