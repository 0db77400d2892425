"""Every package says why it exists; nothing names this machine or a registry."""

from __future__ import annotations

import ast
import re
import subprocess

from tests.guards import source


def test_every_package_opens_with_its_reason() -> None:
    silent = [
        source.name(path)
        for path in source.files()
        if path.name == "__init__.py" and len(ast.get_docstring(source.tree(path)) or "") < 40
    ]
    assert silent == []


def test_what_the_checkers_are_told_to_overlook_says_why() -> None:
    mark = re.compile(r"#\s*(noqa|type: ignore|pragma: no)\b(?![^#]* - \w)")
    found = [
        f"{source.name(path)}: {line.strip()}"
        for path in source.files()
        for line in path.read_text("utf-8").splitlines()
        if mark.search(line)
    ]
    assert found == []


def test_nobody_asks_the_machine_for_the_time() -> None:
    """Wall time comes from the injected clock alone, so that ``--now`` and tests rule everything."""
    asked = re.compile(r"\b(datetime\.now|date\.today|datetime\.utcnow|time\.time)\(")
    allowed = {"app/model/clock.py", "app/model/ids.py", "vendors/sandboxkit/clock.py"}
    found = [
        f"{source.name(path)}: {match.group()}"
        for path in source.files("app", "ui", "vendors")
        if source.name(path) not in allowed
        for match in asked.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_no_machine_path_or_registry_address_is_committed() -> None:
    private = re.compile("(" + "|".join(("/wor" + "k/", "/roo" + "t/", "index" + "-url", "pypi" + r"\.org")) + ")")
    listed = subprocess.run(["git", "ls-files"], cwd=source.ROOT, capture_output=True, text=True, check=True)
    found = []
    for line in listed.stdout.splitlines():
        path = source.ROOT / line
        if not path.is_file() or path.suffix in {".png", ".ico", ".icns", ".db"}:
            continue
        text = path.read_text("utf-8", errors="replace").replace("--no-emit-index" + "-url", "")
        found += [f"{line}: {match.group()}" for match in private.finditer(text)]
    assert found == []
