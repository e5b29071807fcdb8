"""What is sold and how its money is shared: catalogue, drops, kit, fulfilment, split, tax."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.planning.manifest.fields import (
    MANY,
    Amount,
    Barcode,
    BasisPoints,
    Count,
    Key,
    Name,
    Places,
    Section,
    Text,
    When,
)


class Sku(Section):
    """Something that is sold over the counter."""

    key: Key
    title: Name
    price: Amount
    tax_category: Key | None = None
    stock: Places | None = Field(None, description="Left out: as many as anybody wants.")
    per_person: Count | None = None
    barcode: Barcode | None = None
    label: Name | None = Field(None, description="What its label says.")
    supplier: Key | None = Field(None, description="The key of a supplier.")


class Window(Section):
    """When a ticket is sold, and for how much if that is not its price."""

    opens: When | None = None
    closes: When | None = None
    price: Amount | None = None
    members: Key | None = Field(None, description="Only for members of this programme.")


class Ticket(Section):
    """A kind of ticket, `admits` people each."""

    key: Key
    title: Name
    price: Amount
    quantity: Count | None = Field(None, description="Left out: as many as there are places.")
    zone: Key | None = Field(None, description="The key of a zone of capacity.")
    admits: Annotated[int, Field(ge=1, le=100)] = 1
    per_person: Count | None = None
    tax_category: Key | None = None
    windows: Annotated[tuple[Window, ...], Field(max_length=20)] = ()


class Allotment(Section):
    """Places kept aside for somebody until they are released."""

    key: Key
    title: Name
    units: Count
    kind: Literal["house", "press", "artist", "sponsor", "other"] = "other"
    zone: Key | None = Field(None, description="The key of a zone of capacity.")
    releases: When | None = Field(None, description="Left out: when somebody says so.")


class Catalogue(Section):
    """Goods and tickets."""

    seller: Key | None = Field(None, description="The merchant of record; left out: the tenant.")
    skus: Annotated[tuple[Sku, ...], Field(max_length=MANY)] = ()
    tickets: Annotated[tuple[Ticket, ...], Field(max_length=MANY)] = ()
    allotments: Annotated[tuple[Allotment, ...], Field(max_length=200)] = ()
    per_order: Count | None = Field(None, description="Of all tickets together, in one order.")


class Drop(Section):
    """So many numbered pieces of a good, sold from a moment on."""

    key: Key
    sku: Key = Field(description="The key of a SKU of the catalogue.")
    quantity: Count
    opens: When
    closes: When | None = None
    per_person: Count = 1
    numbered: bool = True


class KitLine(Section):
    """Equipment that has to be there."""

    key: Key
    role: Name
    quantity: Count
    item: Key | None = Field(None, description="An item of a Kit; left out: as its key says.")
    device_profile: Key | None = None
    zone: Key | None = Field(None, description="The key of a zone of capacity.")
    operator: Key | None = Field(None, description="The key of a role of staffing.")


KitLines = Annotated[tuple[KitLine, ...], Field(max_length=MANY)]


class Pickup(Section):
    """Where and when goods are fetched."""

    opens: When
    closes: When
    zone: Key | None = Field(None, description="The key of a zone of capacity.")


class Fulfilment(Section):
    """How what was bought comes to its buyer."""

    ship_within_days: Annotated[int, Field(ge=0, le=365)] | None = None
    pickup: Pickup | None = None
    note: Text | None = None


class Share(Section):
    """What a party gets, in basis points: hundredths of a percent."""

    key: Key
    party: Name
    share: BasisPoints
    supplier: Key | None = Field(None, description="The key of a supplier.")


class Split(Section):
    """Who gets how much of the takings; 10000 basis points in all."""

    shares: Annotated[tuple[Share, ...], Field(min_length=1, max_length=100)]


class Tax(Section):
    """Which rules of tax count."""

    profile: Key
    prices_include_tax: bool = True


class Tier(Section):
    """A programme that people are members of."""

    key: Key
    title: Name
    price: Amount
    period: Literal["month", "year"] = "month"
    discount: BasisPoints = 0


class Memberships(Section):
    """Programmes whose members have advantages at this event."""

    programmes: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=50)]
