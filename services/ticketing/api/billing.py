"""Who an invoice is for: checked, sealed before it is kept, and opened for who makes it."""

from __future__ import annotations

from typing import Final

import msgspec

from roadcase.errors import Invalid
from roadcase.keyring import Contact, Erased, KeyLost, Keyring, Sealed

NAME: Final = 200
ADDRESS: Final = 500
VAT_ID: Final = 30


class Billing(msgspec.Struct, frozen=True, kw_only=True):
    """A person's or company's name, the lines of its address, and its VAT id if it has one.

    `repr` tells nothing: it must not get into a server's own log.
    """

    name: str
    address: str
    vat_id: str = ""

    def __repr__(self) -> str:
        return "Billing(…)"


_decode = msgspec.json.Decoder(Billing).decode


def checked(name: str, address: str, vat_id: str) -> Billing:
    """Raises Invalid."""
    found = Billing(
        name=" ".join(name.split()),
        address="\n".join(filter(None, (" ".join(line.split()) for line in address.splitlines()))),
        vat_id=" ".join(vat_id.split()).upper(),
    )
    if not found.name or len(found.name) > NAME:
        raise Invalid(f"Please say a name or a company of at most {NAME} characters.", field="name")
    if not found.address or len(found.address) > ADDRESS:
        raise Invalid(f"Please say an address of at most {ADDRESS} characters.", field="address")
    if len(found.vat_id) > VAT_ID or not all(each.isalnum() or each in " .-" for each in
                                             found.vat_id):  # fmt: skip
        raise Invalid(f"A VAT id has at most {VAT_ID} letters and digits.", field="vat_id")
    if not (found.name + found.address.replace("\n", "")).isprintable():
        raise Invalid("Please leave out characters that cannot be printed.", field="address")
    return found


async def sealed(people: Keyring, tenant: str, who: Contact, billing: Billing) -> bytes:
    found = await people.seal(tenant, who, msgspec.json.encode(billing))
    return found.packed()


async def opened(
    people: Keyring, tenant: str, packed: list[bytes]
) -> list[Billing | Erased | KeyLost]:
    """What was sealed, or why nobody can read it any more."""
    found = await people.open_all(tenant, [Sealed.unpacked(each) for each in packed])
    return [_decode(each) if isinstance(each, bytes) else each for each in found]
