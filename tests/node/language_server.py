"""The YAML language server that editors use, as an editor asks it (LSP over standard input)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.node import lane

SERVER = "node_modules/yaml-language-server/bin/yaml-language-server"


class Editor:
    """One that knows the schema of its files, and has the server for nothing else."""

    def __init__(self, process: subprocess.Popen[bytes], schema: Path) -> None:
        self._process = process
        self._ids = count(1)
        self._settings = {
            "yaml": {
                "schemas": {schema.resolve().as_uri(): "*.yaml"},
                "schemaStore": {"enable": False},
                "validate": True,
                "completion": True,
            }
        }
        capabilities = {"workspace": {"configuration": True}}
        about = {"processId": os.getpid(), "rootUri": None, "capabilities": capabilities}
        self._ask("initialize", about)
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def open(self, texts: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
        """Shows the server files; what it underlines in each."""
        for name, text in texts.items():
            document = {"uri": _at(name), "languageId": "yaml", "version": 1, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})
        found: dict[str, list[dict[str, Any]]] = {}
        while len(found) < len(texts):
            said = self._hear()
            if said.get("method") == "textDocument/publishDiagnostics":
                found[said["params"]["uri"]] = said["params"]["diagnostics"]
        return {name: found[_at(name)] for name in texts}

    def complete(self, name: str, line: int, column: int) -> list[str]:
        """What the server proposes there; both count from 0."""
        place = {"line": line, "character": column}
        found = self._ask(
            "textDocument/completion",
            {"textDocument": {"uri": _at(name)}, "position": place},
        )
        return [each["label"] for each in found["items"]]

    def _ask(self, method: str, about: dict[str, Any]) -> Any:
        id_ = next(self._ids)
        self._send({"id": id_, "method": method, "params": about})
        while True:
            said = self._hear()
            if said.get("id") == id_ and "method" not in said:
                return said["result"]

    def _tell(self, method: str, about: dict[str, Any]) -> None:
        self._send({"method": method, "params": about})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """The next message; what the server asks of us is answered."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server ended"
        said = json.loads(self._process.stdout.read(length))
        if "method" in said and "id" in said:
            asked = said["params"].get("items", []) if said["method"].endswith("figuration") else []
            answer = [self._settings.get(each.get("section"), {}) for each in asked] or None
            self._send({"id": said["id"], "result": answer})
        return said


def _at(name: str) -> str:
    return f"file:///{name}.yaml"


@contextmanager
def editor(schema: Path) -> Iterator[Editor]:
    command = [lane.node()[0], SERVER, "--stdio"]
    process = subprocess.Popen(
        command, cwd=lane.installed(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Editor(process, schema)
    finally:
        process.kill()
        process.communicate()
