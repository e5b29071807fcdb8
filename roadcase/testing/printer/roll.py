"""Keeps what was cut off: a PNG per ticket, and an index with one JSON object per line."""

from __future__ import annotations

import json
from pathlib import Path

from roadcase.clock import now
from roadcase.escpos.canvas import Sheet

INDEX = "index.jsonl"


class Roll:
    """
    `folder/NNNNNN.png` appears whole or not at all, and its line in `index.jsonl` follows it.

    Numbers go on after those that are already there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.last = max((int(found.stem) for found in folder.glob("[0-9]*.png")), default=0)
        self._index = (folder / INDEX).open("a", encoding="utf-8")

    def keep(self, sheet: Sheet, **facts: object) -> None:
        self.last += 1
        name = f"{self.last:06d}.png"
        part = self.folder / ".part"
        with part.open("wb", buffering=0) as file:
            file.write(sheet.png)
        part.replace(self.folder / name)
        self.note(
            "ticket",
            sequence=self.last,
            png=name,
            height=sheet.height,
            text=sheet.lines,
            codes=sheet.codes,
            notes=sheet.notes,
            **facts,
        )

    def note(self, event: str, **facts: object) -> None:
        """One line in the index, written through to the file."""
        line = {"event": event, "at": now().isoformat(), **facts}
        self._index.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._index.flush()

    def close(self) -> None:
        self._index.close()
