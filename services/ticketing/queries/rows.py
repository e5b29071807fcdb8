"""What read models answer with."""

from typing import Any

Rows = list[dict[str, Any]]
