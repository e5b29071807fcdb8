"""Files of at most 300 lines, functions of at most 40, nine functions in ten of at most 25."""

from __future__ import annotations

import ast
from pathlib import Path

FILE, FUNCTION, MOST = 300, 40, 25
ROOTS = ("roadcase", "services")


def problems() -> str:
    """What is longer than the house style allows, a line each."""
    found: list[str] = []
    lengths: list[int] = []
    for root in ROOTS:
        for path in sorted(Path(root).rglob("*.py")):
            if "api/v1" in path.as_posix():
                continue
            text = path.read_text("utf-8")
            lines = text.count("\n")
            if lines > FILE:
                found.append(f"{path}: {lines} lines, at most {FILE}")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or node.lineno) - node.lineno + 1
                    lengths.append(length)
                    if length > FUNCTION:
                        found.append(f"{path}:{node.lineno}: {node.name} has {length} lines")
    long = sum(length > MOST for length in lengths)
    if long * 10 > len(lengths):
        found.append(f"{long} of {len(lengths)} functions are longer than {MOST} lines")
    return "\n".join(found)
