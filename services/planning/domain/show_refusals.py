"""Why a run of show says no."""

from __future__ import annotations

from roadcase.errors import NotFound, Refused


class NoRundown(NotFound):
    """There is no run of show of this name: its manifest has neither programme nor runOfShow."""

    code = "planning.no_rundown"


class NoCue(NotFound):
    """There is no cue of this key in this run of show."""

    code = "planning.no_cue"


class CuePassed(Refused):
    """The show is further than this cue: start one that is ahead."""

    code = "planning.cue_passed"


class CueNotRunning(Refused):
    """This cue is not running: finish the one that is."""

    code = "planning.cue_not_running"


class ShowOver(Refused):
    """Nothing of this show is ahead any more."""

    code = "planning.show_over"
