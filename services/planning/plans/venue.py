"""Where an event is, in a line."""

from __future__ import annotations

from services.planning.plans.declared import Declared


def venue_line(new: Declared) -> str | None:
    """Its title and address, or the name of a venue; None if nothing is said."""
    venue = new.manifest.spec.venue
    if venue is None:
        return None
    address = venue.address.replace("\n", ", ") if venue.address else None
    return ", ".join(filter(None, (venue.title or venue.ref, address))) or None
