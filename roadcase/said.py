"""Says why something waits: at once when the reason is new, then now and then, never every time."""

from __future__ import annotations

import logging

from roadcase.clock import monotonic

AGAIN = 30.0  # seconds after which the same reason is said again
_MOST = 16  # reasons that are remembered


class Said:
    """One for each thing that waits. Whoever tries ten times a second asks it ten times a second.

    Reasons that take turns are not new each time. What stays is said again with how often it was
    met since.
    """

    def __init__(self, log: logging.Logger, level: int = logging.INFO) -> None:
        self._log = log
        self._level = level
        self._met: dict[str, tuple[float, int]] = {}  # a reason: when it was said, met since

    def because(self, what: str, why: object) -> bool:
        """`what` waits because of `why`; whether that was said now."""
        reason, now = f"{what}: {why}", monotonic()
        at, since = self._met.get(reason, (None, 0))
        if at is not None and now - at < AGAIN:
            self._met[reason] = at, since + 1
            return False
        self._log.log(self._level, "%s%s", reason, f" ({since} times since)" if since else "")
        self._met.pop(reason, None)
        self._met[reason] = now, 0
        if len(self._met) > _MOST:
            del self._met[next(iter(self._met))]
        return True

    def over(self) -> None:
        """It goes on: the next reason is a new one, whatever it is."""
        self._met.clear()
