"""
A virtual ESC/POS receipt printer: a process of its own that prints pictures.

    python -m roadcase.testing.printer --port 9100 --out tickets --control-port 10100

Jobs go to the port, as to any network printer. Every cut ticket becomes `tickets/NNNNNN.png` and a
line in `tickets/index.jsonl`. Faults are set on the control port (`control` lists the requests,
`state.State` the faults):

    curl -X POST 'http://127.0.0.1:10100/faults?paper=out'
    curl http://127.0.0.1:10100/status

It stays on loopback unless `--host` says otherwise. In a test: `virtual_printer(Settings(...))`.
"""

from roadcase.testing.printer.profiles import PROFILES, Profile
from roadcase.testing.printer.server import Settings, VirtualPrinter, virtual_printer

__all__ = ["PROFILES", "Profile", "Settings", "VirtualPrinter", "virtual_printer"]
