"""Files and functions stay small enough to be held in the head. The lists of exceptions may only shrink."""

from __future__ import annotations

import ast

from tests.guards import source

FILE_LINES = 420
FUNCTION_LINES = 60

LARGE_FILES: frozenset[str] = frozenset()
LARGE_FUNCTIONS: frozenset[str] = frozenset()


def test_files_are_short() -> None:
    long = {
        source.name(path)
        for path in source.files()
        if len(path.read_text("utf-8").splitlines()) > FILE_LINES and "tables" not in path.parts
    }
    assert long == LARGE_FILES


def test_functions_are_short() -> None:
    long = set()
    for path in source.files():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                if body and node.end_lineno - body[0].lineno + 1 > FUNCTION_LINES:
                    long.add(f"{source.name(path)}:{node.name}")
    assert long == LARGE_FUNCTIONS
