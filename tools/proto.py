"""Generates roadcase/api/v1 from proto/. With --check: lints, and fails where the two differ."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.executable).parent
FILES = sorted(str(path) for path in Path("proto/roadcase/api/v1").glob("*.proto"))
RELEASED = Path("proto/released.binpb")


def generate(out: str) -> None:
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I", "proto", f"--python_out={out}"]
    subprocess.run([*command, f"--pyi_out={out}", f"--grpc_python_out={out}", *FILES], check=True)


def check() -> int:
    """Lint, compare with what was released, and compare the committed code with a fresh one."""
    bad = subprocess.run([BIN / "buf", "lint", "proto"], check=False).returncode
    if RELEASED.exists():
        against = ["breaking", "proto", "--against", str(RELEASED)]
        bad |= subprocess.run([BIN / "buf", *against], check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        generate(folder)
        for fresh in sorted(Path(folder).rglob("*.py*")):
            committed = Path(fresh.relative_to(folder))
            if not committed.exists() or committed.read_bytes() != fresh.read_bytes():
                print(f"{committed} differs from proto/: run `make proto`")
                bad = 1
    return bad


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    generate(".")
