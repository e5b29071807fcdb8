"""A row of docs/parts.md that says `works` names tests that exist and are not skipped."""

from __future__ import annotations

import re
from pathlib import Path

PARTS = Path("docs/parts.md")
STATES = ("works", "not yet")
ROW = re.compile(r"^\|(?P<part>[^|]+)\|(?P<state>[^|]+)\|(?P<proof>[^|]*)\|\s*$")
TEST = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")


def problems() -> str:
    """What is claimed without a proof, a line each."""
    found = []
    for number, line in enumerate(PARTS.read_text("utf-8").splitlines(), 1):
        row = ROW.match(line)
        if not row or set(row["part"].strip()) <= {"-", ":"} or row["state"].strip() == "state":
            continue
        state, where = row["state"].strip(), f"{PARTS}:{number}: {row['part'].strip()}"
        if state not in STATES:
            found.append(f"{where}: the state is one of {', '.join(STATES)}")
        elif state == "works":
            tests = TEST.findall(row["proof"])
            if not tests:
                found.append(f"{where}: works, but no test is named")
            found += [f"{where}: {fault}" for test in tests if (fault := _fault(*test))]
    return "\n".join(found)


def _fault(file: str, test: str) -> str | None:
    path = Path(file)
    if not path.exists():
        return f"{file} does not exist"
    text = path.read_text("utf-8")
    if not test:
        return None if re.search(r"def test_", text) else f"{file} has no test"
    at = text.find(f"def {test}(")
    if at < 0:
        return f"{file} has no {test}"
    above = text[:at].rsplit("\n\n", 1)[-1]
    return f"{test} is skipped" if re.search(r"mark\.(skip|xfail)\b", above) else None
