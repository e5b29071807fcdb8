"""What folds of several read models do alike."""

from __future__ import annotations

from typing import Any

from roadcase.projection import Row


def there(row: Row | None) -> dict[str, Any]:
    """The row as one that can be changed: what is told of it began it before."""
    assert row is not None
    return dict(row)
