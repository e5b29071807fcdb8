"""The jobs on their way to one printer, in the order in which they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from roadcase.clock import monotonic, nanoseconds
from services.devices.events import JobSending
from services.devices.profiles import Profile

_MOST: Final = 32
_FEWEST: Final = 2
_AHEAD: Final = 0.1  # seconds of printing
_INERTIA: Final = 0.7


class Flight(NamedTuple):
    """A job whose bytes were given to the network; `answer` is what will confirm it.

    `sent` is when, in nanoseconds since 1970: for traces, not for decisions.
    """

    job: str
    attempt: int
    size: int
    answer: bytes
    sent: int

    @classmethod
    def of(cls, event: JobSending, answer: bytes) -> Flight:
        """To be made right before the bytes leave."""
        return cls(event.job, event.attempt, event.size, answer, nanoseconds())


class Flights:
    """How many may be on their way, and which of them an answer is about.

    A printer with several answers to give gives the latest only (Epson, GS ( H, function 48). One
    that cuts gives each: it cannot come to the next order while the paper moves. Without a cutter
    there is one job at a time. With one, as many as print in a tenth of a second, but two at
    least, so that it never waits for us: what is on its way when it dies is in doubt.
    """

    def __init__(self) -> None:
        self._flights: list[Flight] = []
        self._progress = 0.0
        self._interval = 1.0  # seconds from answer to answer

    def __len__(self) -> int:
        return len(self._flights)

    @property
    def jobs(self) -> set[str]:
        return {flight.job for flight in self._flights}

    def room(self, profile: Profile) -> int:
        if not (profile.cutter and profile.process_ids):
            return 1 - len(self._flights)
        window = min(_MOST, max(_FEWEST, int(_AHEAD / max(self._interval, 0.001))))
        return window - len(self._flights)

    def add(self, flight: Flight) -> None:
        if not self._flights:
            self.progressed()
        self._flights.append(flight)

    def landed(self, answers: Iterable[bytes]) -> Iterator[tuple[Flight, bool]]:
        """Each flight that is over: True, it was answered; False, a later one was instead of it."""
        found = 0
        for answer in answers:
            known = [flight.answer for flight in self._flights]
            if answer in known:
                found += 1
                at = known.index(answer)
                yield from ((flight, False) for flight in self._flights[:at])
                yield self._flights[at], True
                del self._flights[: at + 1]
        if found:
            took = (monotonic() - self._progress) / found
            self._interval = _INERTIA * self._interval + (1 - _INERTIA) * took
            self.progressed()

    def progressed(self) -> None:
        """There is nothing to complain of up to now."""
        self._progress = monotonic()

    def waiting(self) -> float:
        """Seconds since the last progress."""
        return monotonic() - self._progress if self._flights else 0.0

    def clear(self) -> list[Flight]:
        lost, self._flights = self._flights, []
        return lost
