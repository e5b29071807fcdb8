"""Where the command `roadcase` begins."""

from __future__ import annotations

import importlib

from roadcase.settings import calm_collector, quiet_grpc


def main() -> None:
    """Tell gRPC to be quiet, then import the rest, which imports gRPC."""
    quiet_grpc()
    calm_collector()
    importlib.import_module("roadcase.cli").main()


if __name__ == "__main__":
    main()
