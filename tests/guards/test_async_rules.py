"""No task without an owner: bare ways to start one are refused outside the owners themselves."""

from __future__ import annotations

import ast

from tests.guards import source

#: The places that own tasks: they cancel them, wait for them and hear their errors.
OWNERS = frozenset({"ui/tasks.py", "app/connect/tasks.py", "vendors/portal/tasks.py"})
REFUSED = frozenset({"create_task", "ensure_future", "asyncSlot", "asyncClose", "run_coroutine_threadsafe"})


def _called(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_only_owners_start_tasks() -> None:
    found = []
    for path in source.files("app", "ui", "vendors"):
        if source.name(path) in OWNERS:
            continue
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.Call) or _called(node.func) not in REFUSED:
                continue
            # A task group is itself an owner.
            receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(receiver, ast.Name) and receiver.id in {"group", "tasks"}:
                continue
            found.append(f"{source.name(path)}:{node.lineno} {_called(node.func)}")
    assert found == []


def test_no_dialog_runs_a_loop_of_its_own() -> None:
    """``exec()`` inside a coroutine breaks other tasks; dialogs are opened and awaited."""
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.files("ui")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and _called(node.func) in {"exec", "exec_"}
    ]
    assert found == []
