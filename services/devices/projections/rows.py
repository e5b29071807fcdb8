"""What the read models share."""

from __future__ import annotations

from roadcase.projection import Row


def there(row: Row | None) -> Row:
    assert row is not None, "its first event makes the row"
    return row
