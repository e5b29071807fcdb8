"""Sales channels of a box office: each is open, or paused while others go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from services.ticketing.commands import OpenChannel, PauseChannel
from services.ticketing.domain.office import BoxOffice, Commands, Evolve, must_be_open
from services.ticketing.domain.process_refusals import ChannelIsPaused
from services.ticketing.events import ChannelOpened, ChannelPaused


def check_channel(office: BoxOffice, occurrence: str, channel: str) -> None:
    """Raises ChannelIsPaused."""
    if channel in office.paused:
        raise ChannelIsPaused(occurrence=occurrence, channel=channel)


def pause(office: BoxOffice, cmd: PauseChannel, _at: datetime) -> Iterator[ChannelPaused]:
    must_be_open(office, cmd.occurrence)
    if cmd.channel not in office.paused:
        yield ChannelPaused(occurrence=cmd.occurrence, channel=cmd.channel)


def open_channel(office: BoxOffice, cmd: OpenChannel, _at: datetime) -> Iterator[ChannelOpened]:
    must_be_open(office, cmd.occurrence)
    if cmd.channel in office.paused:
        yield ChannelOpened(occurrence=cmd.occurrence, channel=cmd.channel)


def _paused(office: BoxOffice, event: ChannelPaused) -> None:
    office.paused.add(event.channel)


def _opened(office: BoxOffice, event: ChannelOpened) -> None:
    office.paused.discard(event.channel)


EVOLVE: Final[Evolve] = {ChannelPaused: _paused, ChannelOpened: _opened}
COMMANDS: Final[Commands] = {PauseChannel: pause, OpenChannel: open_channel}
