"""The kinds of manifests, and what is in the `spec` of each."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from services.planning.manifest import goods, night, people, show
from services.planning.manifest.circuit import Circuit
from services.planning.manifest.fields import MANY, Currency, Key, Label, Name, Section, Text
from services.planning.manifest.inputs import Inputs, Reference, Scalar
from services.planning.manifest.schedules import Schedules
from services.planning.manifest.series import Recurrence
from services.planning.manifest.steps import Lifecycle
from services.planning.manifest.triggers import Triggers

API_VERSION: Final = "roadcase/v1"
LONGEST_BUFFER: Final = 7 * 24 * 60  # minutes

Drops = Annotated[tuple[goods.Drop, ...], Field(max_length=MANY)]


class Metadata(Section):
    """What it is called among manifests: a name of a-z, 0-9 and -, and labels to find it by."""

    name: Label
    labels: Annotated[dict[Key, Name], Field(max_length=50, default_factory=dict)]


class Published(Metadata):
    """What a document is called. Its `version` never changes once it is published."""

    version: Annotated[int, Field(ge=1, le=999_999_999)] | None = Field(
        None, description="Left out: the next one when it is published."
    )


class Sections(Section):
    """What an event may declare, whatever its day is."""

    currency: Currency | None = Field(None, description="Of every amount in the file.")
    description: Text | None = None
    unlisted: bool = Field(default=False, description="Only who has its link finds it.")
    lifecycle: Lifecycle | None = None
    venue: night.Place | None = None
    capacity: night.Capacity | None = None
    staffing: night.Roles = ()
    kit: goods.KitLines = ()
    catalogue: goods.Catalogue | None = None
    programme: night.Programme | None = None
    run_of_show: show.RunOfShow | None = None
    drops: Drops = ()
    permits: people.Permits | None = None
    discovery: people.Discovery | None = None
    capture: people.Capture | None = None
    split: goods.Split | None = None
    tax: goods.Tax | None = None
    fulfilment: goods.Fulfilment | None = None
    memberships: goods.Memberships | None = None
    suppliers: people.Suppliers = ()
    stalls: people.Stalls = ()
    notifications: people.Notices = ()
    triggers: Triggers = ()
    schedules: Schedules = ()


class EventSpec(Sections):
    """One night."""

    title: Name
    schedule: night.Schedule


class TemplateSpec(Sections):
    """What is the same in each event that is made of it."""

    title: Name | None = None
    schedule: night.Times | None = None


class SeriesSpec(Sections):
    """The same again and again, by a rule."""

    title: Name
    schedule: night.Times
    recurrence: Recurrence
    circuit: Circuit | None = None


class KitItem(Section):
    """Equipment of one sort that is owned."""

    key: Key
    title: Name
    owned: Annotated[int, Field(ge=1, le=10_000)]
    device_profile: Key | None = None
    serials: Annotated[tuple[Name, ...], Field(max_length=MANY)] = ()
    container: Key | None = Field(None, description="The key of the item that it travels in.")
    buffer_minutes: Annotated[int, Field(ge=0, le=LONGEST_BUFFER)] = Field(
        60, description="It is not free so long before and after it is used."
    )


class KitSpec(Section):
    """Equipment that is owned, and what events take of it."""

    title: Name | None = None
    items: Annotated[tuple[KitItem, ...], Field(max_length=MANY)] = ()
    lines: goods.KitLines = Field(
        (), description="The kit of events that extend this; left out: all that is owned."
    )


class RosterSpec(Section):
    """Suppliers that events may ask."""

    title: Name | None = None
    suppliers: Annotated[people.Suppliers, Field(min_length=1)]


class _Manifest(Section):
    api_version: Literal["roadcase/v1"]
    metadata: Metadata
    extends: Annotated[tuple[Reference, ...], Field(max_length=20)] = Field(
        (), description="Documents that this is made of, the later over the earlier."
    )
    with_: dict[Key, Scalar] = Field(
        default_factory=dict, alias="with", description="The inputs of what is extended."
    )


class _Document(_Manifest):
    metadata: Published


class Event(_Manifest):
    """One night."""

    kind: Literal["Event"]
    spec: EventSpec


class EventTemplate(_Document):
    """What is the same in each event that is made of it."""

    kind: Literal["EventTemplate"]
    inputs: Inputs = ()
    spec: TemplateSpec


class Venue(_Document):
    """A place where events are."""

    kind: Literal["Venue"]
    spec: night.House


class Series(_Manifest):
    """An event that takes place again and again."""

    kind: Literal["Series"]
    spec: SeriesSpec


class Kit(_Document):
    """Equipment that is owned, and what events take of it."""

    kind: Literal["Kit"]
    spec: KitSpec


class VendorRoster(_Document):
    """Suppliers that events may ask."""

    kind: Literal["VendorRoster"]
    spec: RosterSpec


Manifest = Event | EventTemplate | Venue | Series | Kit | VendorRoster
KINDS: Final[dict[str, type[Manifest]]] = {
    kind.__name__: kind for kind in (Event, EventTemplate, Venue, Series, Kit, VendorRoster)
}
