"""The trial: bookings, faults, kills; and the judgment by the sandbox's own ledger."""

from __future__ import annotations

import contextlib
import json
import queue
import random
import secrets
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

FAULTS = (
    "",
    "",
    "latency=0.2@book_visit%60",
    "latency=1.1@book_visit%40",
    "drop_before@book_visit%40",
    "drop_after@book_visit%40",
    "hang_after=0.6@book_visit%50",
    "fail_after=500@book_visit%40",
    "drop_after@create_patient%50",
    "latency=0.3@create_patient%60",
    "drop_before%30",
    "fail=503%20",
)


class Gone(Exception):
    """The program ended before it answered."""


class Child:
    """One run of the program, spoken with over pipes."""

    def __init__(self, folder: Path, first_line: str) -> None:
        self._errors = (folder / "errors.txt").open("a")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.program", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        try:
            self.tell(first_line)
            self.hear()
        except BaseException:
            self.kill()
            raise

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except OSError:
            raise Gone from None

    def hear(self, seconds: float = 60.0) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError("the program hangs") from None
        if line is None:
            raise Gone
        heard: dict[str, Any] = json.loads(line)
        return heard

    def do(self, what: str, **more: Any) -> dict[str, Any]:
        self.tell(json.dumps({"do": what, **more}))
        return self.hear()

    def kill(self) -> None:
        """At once, wherever it is. ``Popen.kill`` is SIGKILL, or what stands for it on Windows."""
        self._process.kill()
        self._end()

    def close(self) -> int:
        """Let it end by itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        code = self._process.wait(30)
        self._end()
        return code

    def _end(self) -> None:
        self._process.wait()
        self._reader.join()
        self._errors.close()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


@dataclass
class Report:
    """What came of it. ``problems`` empty means: each intent once, none lost, none doubled, none silently stuck."""

    kills: int = 0
    intents: int = 0
    confirmed: int = 0
    told_taken: int = 0
    asked_a_person: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def words(self) -> str:
        share = 100 * self.asked_a_person / max(1, self.intents)
        return (
            f"{self.kills} kills, {self.intents} bookings: {self.confirmed} booked once, {self.told_taken} told as "
            "taken; "
            f"a person was asked about {self.asked_a_person} ({share:.1f} %); {self.seconds:.0f} s; "
            f"{'no problem' if not self.problems else f'{len(self.problems)} PROBLEMS'}"
        )


class Trial:
    """Runs it: ``rounds`` kills, two bookings before each."""

    def __init__(self, folder: Path, kills: int, seed: int) -> None:
        self._folder = folder
        self._kills = kills
        self._dice = random.Random(seed)
        self._key = secrets.token_hex(32)
        self._vendor: dict[str, Any] = {}
        self._stop_url = ""
        self._sandbox: subprocess.Popen[str] | None = None
        self._child: Child | None = None
        self._asked: dict[str, dict[str, Any]] = {}
        self.report = Report()

    def run(self) -> Report:
        """The whole trial."""
        begun = time.monotonic()
        self._open_sandbox()
        try:
            child = self._start()
            slots = child.do("slots", count=2 * self._kills)["slots"]
            for place, slot in enumerate(slots):
                person = f"Quillfeather{place:04d}" if self._dice.random() < 0.25 else ""
                self._asked[f"i{place}"] = {"intent": f"i{place}", "slot": slot, "person": person}
            self._dice.shuffle(slots)
            waiting = list(self._asked)
            for _ in range(self._kills):
                child = self._round(child, waiting)
            self._set_faults("")
            while waiting:
                self._book(child, waiting)
            self._settle(child)
            self._judge(child)
            if child.close() != 0:
                self.report.problems.append("the program did not end well")
        finally:
            if self._child is not None:
                self._child.kill()
            self._close_sandbox()
        told = (self._folder / "errors.txt").read_text()
        if "Traceback" in told or "failed" in told:
            self.report.problems.append(f"the program complained: {told[-2000:]}")
        self.report.seconds = time.monotonic() - begun
        return self.report

    def _round(self, child: Child, waiting: list[str]) -> Child:
        """Some bookings under some fault, then death at some moment, and a new start."""
        self._set_faults(self._dice.choice(FAULTS))
        try:
            if self._dice.random() < 0.2:
                child.do("die", at="any")
            for _ in range(2):
                if waiting:
                    self._book(child, waiting)
            if self._dice.random() < 0.3:
                child.do("die", at="any")
            time.sleep(self._dice.choice((0.0, 0.01, 0.03, 0.1, 0.3, 0.8, 2.0)) * self._dice.random())
        except Gone:
            pass
        child.kill()
        self.report.kills += 1
        return self._start()

    def _book(self, child: Child, waiting: list[str]) -> None:
        """Ask for the next booking; one whose promise was not heard is asked for again, by the same key."""
        intent = waiting[0]
        child.do("book", **self._asked[intent])
        waiting.pop(0)

    def _start(self) -> Child:
        while True:
            try:
                self._child = Child(self._folder, json.dumps({"key": self._key, "vendor": self._vendor}))
                return self._child
            except Gone:
                continue

    def _settle(self, child: Child) -> None:
        """A person at hand: answers what is asked after a look into the vendor's notes. Nobody may wait in silence."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            jobs = child.do("jobs")["jobs"]
            unsettled = [job for job in jobs if job["state"] not in {"confirmed", "cancelled"}]
            if not unsettled:
                return
            for job in unsettled:
                if job["state"] == "needs_person":
                    self._answer(child, job)
            time.sleep(0.2)
        for job in unsettled:
            self.report.problems.append(
                f"stuck in {job['state']} ({job['waiting_for'] or 'says nothing'}): {job['key']}"
            )

    def _answer(self, child: Child, job: dict[str, Any]) -> None:
        if not job["question"] or not job["choices"]:
            self.report.problems.append(f"asks without a question: {job['key']}")
        there = [entry for entry in self._effects() if self._is_of(entry, job)]
        ids = {str(next(iter(entry["effect"].values()))) for entry in there}
        choices = job["choices"]
        yes = next((key for key in choices if key.startswith("yes:") and key[4:] in ids), None)
        if yes:
            key = yes
        elif "no" in choices:
            key = "no"
        elif "done" in choices:
            key = "retry"
        elif job["reason"] == "conflict":
            key = "cancel"
        else:
            key = choices[0]
        child.do("answer", job=job["id"], key=key)

    def _is_of(self, entry: dict[str, Any], job: dict[str, Any]) -> bool:
        if job["key"].endswith("-person"):
            asked = self._asked[job["key"].removesuffix("-person")]
            return bool(entry["body"].get("LastName") == asked["person"])
        return job["code"] in entry["body"].get("VisitNotes", "")

    def _effects(self) -> list[dict[str, Any]]:
        return [entry for entry in self._control("ledger")["writes"] if entry["effect"]]

    def _judge(self, child: Child) -> None:
        """The ledger against the jobs."""
        jobs = {job["key"]: job for job in child.do("jobs")["jobs"]}
        effects = self._effects()
        for intent in self._asked:
            for key in (intent, f"{intent}-person"):
                if key in jobs:
                    self._judge_one(jobs[key], [entry for entry in effects if self._is_of(entry, jobs[key])])
            if intent not in jobs:
                self.report.problems.append(f"lost: {intent} is not in the store")
                continue
            self.report.intents += 1
            self.report.asked_a_person += jobs[intent]["asked"]
            self.report.confirmed += jobs[intent]["state"] == "confirmed"
            self.report.told_taken += jobs[intent]["state"] == "cancelled"
        booked = [job["result"] for key, job in jobs.items() if job["result"] and not key.endswith("-person")]
        if set(child.do("shown", visit_ids=booked)["shown"]) != set(booked):
            self.report.problems.append("a confirmed visit is not on the grid")

    def _judge_one(self, job: dict[str, Any], mine: list[dict[str, Any]]) -> None:
        ids = [str(next(iter(entry["effect"].values()))) for entry in mine]
        if len(ids) > 1:
            self.report.problems.append(f"doubled: {job['key']} as {ids}")
        if job["state"] == "confirmed" and ids != [job["result"]]:
            self.report.problems.append(f"not true: {job['key']} says {job['result']}, the ledger {ids}")
        if job["state"] == "cancelled" and ids:
            self.report.problems.append(f"given up but there: {job['key']} as {ids}")

    # -- the sandbox, which outlives every kill

    def _open_sandbox(self) -> None:
        self._sandbox = subprocess.Popen(
            [sys.executable, "-m", "app.main", "sandbox", "--vendor", "officepro", "--stay"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # Clients that vanish in mid-request are what this is about.
            text=True,
        )
        assert self._sandbox.stdout is not None
        told = json.loads(self._sandbox.stdout.readline())
        self._vendor = told["vendors"]["officepro"]
        self._stop_url = told["stop"]

    def _close_sandbox(self) -> None:
        assert self._sandbox is not None
        self._post(self._stop_url, {})
        self._sandbox.wait(30)
        assert self._sandbox.stdout is not None
        self._sandbox.stdout.close()

    def _set_faults(self, spec: str) -> None:
        self._control("faults", clear=True, spec=spec)

    def _control(self, action: str, **given: Any) -> Any:
        return self._post(f"{self._vendor['control']}/{action}", given)

    def _post(self, url: str, given: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            url, data=json.dumps(given).encode(), headers={"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())
