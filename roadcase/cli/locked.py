"""Whether a plan is made with the documents that the lock file beside its manifest says."""

from __future__ import annotations

import json
from pathlib import Path

from roadcase.errors import Invalid, NotFound

LOCK = "manifest.lock"


class NotAsLocked(Invalid):
    """This plan is made with other documents than the lock file says. They are named."""

    code = "planning.not_as_locked"


def must_be_as_locked(file: Path, plan: bytes) -> None:
    """Raises NotAsLocked, and NotFound without a lock file."""
    beside = file.with_name(LOCK)
    try:
        locked = json.loads(beside.read_bytes()).get("documents", {})
    except OSError as error:
        raise NotFound(f"{beside} cannot be read: {error.strerror}", file=str(beside)) from error
    except (ValueError, AttributeError) as error:
        raise Invalid(
            f"{beside} is not a lock file: write it with roadcase manifest lock"
        ) from error
    documents = json.loads(plan)["documents"]
    other = [
        each["reference"] for each in documents if locked.get(each["reference"]) != each["digest"]
    ]
    if other:
        raise NotAsLocked(f"not as {beside} says: {', '.join(other)}", documents=other)
