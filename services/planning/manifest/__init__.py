"""The manifest of an event: read, checked, described. `check` is the door."""

from services.planning.manifest.checking import Checked, Written, check, resolve, written
from services.planning.manifest.describing import described
from services.planning.manifest.kinds import API_VERSION, KINDS, Manifest
from services.planning.manifest.problems import CODES, Problem
from services.planning.manifest.reading import LARGEST

__all__ = [
    "API_VERSION",
    "CODES",
    "KINDS",
    "LARGEST",
    "Checked",
    "Manifest",
    "Problem",
    "Written",
    "check",
    "described",
    "resolve",
    "written",
]
