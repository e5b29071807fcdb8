"""How long the chaos test may rage: 12 s by default, a minute or more in CI."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--chaos-seconds",
        type=float,
        default=12.0,
        help="for how long tests/system/test_chaos.py kills processes",
    )
