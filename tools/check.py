"""Everything that must hold before a change lands. One line per check; exit 1 if any fails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import parts
import sizes

BIN = Path(sys.executable).parent
CODE = ["roadcase", "services", "tests", "tools"]


def run(*command: str) -> Callable[[], str]:
    """A check that is another program: its output, empty when all is well."""

    def check() -> str:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]], capture_output=True, text=True, check=False
        )
        return "" if done.returncode == 0 else done.stdout + done.stderr

    return check


CHECKS: dict[str, Callable[[], str]] = {
    "format": run("ruff", "format", "--check", *CODE),
    "lint": run("ruff", "check", *CODE),
    "types": run("mypy", "-p", "roadcase", "-p", "services"),
    "imports": run("lint-imports"),
    "proto": run("python", "tools/proto.py", "--check"),
    "catalogue": run("python", "tools/catalogue.py", "--check"),
    "sizes": sizes.problems,
    "parts": parts.problems,
}


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    bad = 0
    for name in wanted:
        started = time.perf_counter()
        problems = CHECKS[name]()
        bad += bool(problems)
        verdict = "FAILED" if problems else "ok"
        print(f"{name:10} {verdict:6} {time.perf_counter() - started:5.1f} s", flush=True)
        if problems:
            print(problems.rstrip())
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
