"""Hands a message to a mail server, and tells for certain what came of it, or that it cannot."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from roadcase.errors import Invalid, RoadcaseError

_TIMEOUT: Final = 30.0  # seconds for each step
_PERMANENT: Final = 500
_PORTS: Final = {"smtp": 25, "smtps": 465}
Claim = Callable[[], Awaitable[bool]]


class NotSent(RoadcaseError):
    """The message was not sent, for certain. `away`: nor would any other be, right now."""

    code = "roadcase.message_not_sent"

    def __init__(self, why: str, *, final: bool = False, away: bool = False) -> None:
        super().__init__(why)
        self.final = final
        self.away = away


class MaybeSent(RoadcaseError):
    """Nobody knows whether the message was sent: the server's answer never came."""

    code = "roadcase.message_maybe_sent"


class Smtp:
    """A mail server by its URL: `smtp://user:password@host:587`, or `smtps://` for TLS at once.

    Whenever the server offers it the connection is encrypted; with a password it must be, unless
    the server is on this machine. Raises Invalid for a URL that is none.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise Invalid("ROADCASE_SMTP_URL is smtp:// or smtps:// and a host")
        try:
            self._port = parts.port or _PORTS[parts.scheme]
        except ValueError:
            raise Invalid("ROADCASE_SMTP_URL has a port that is none") from None
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, sender: str, recipient: str, raw: bytes, claim: Claim) -> str | None:
        """The server's answer when it took the message over; None when `claim` said no.

        `claim` is asked right before the message's bytes are sent, never twice. Raises NotSent, or
        MaybeSent when the line broke in between.
        """
        client = self._client()
        try:
            await _begin(client, sender, recipient)
            if not await claim():
                return None
            return await _deliver(client, raw)
        finally:
            with suppress(SMTPException, OSError):
                await client.quit(timeout=2)
            client.close()

    def _client(self) -> SMTP:
        must = self._user is not None and not self._tls and not _is_here(self._host)
        return SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            start_tls=True if must else None,
            username=self._user,
            password=self._password,
            timeout=_TIMEOUT,
        )


async def _begin(client: SMTP, sender: str, recipient: str) -> None:
    try:
        await client.connect()
    except (SMTPException, OSError) as error:  # a wrong password too: that can be mended
        raise NotSent(f"the mail server cannot be used: {_told(error)}", away=True) from error
    try:
        await client.mail(sender)
        await client.rcpt(recipient)
    except SMTPResponseException as error:
        raise NotSent(_told(error), final=error.code >= _PERMANENT) from error
    except (SMTPException, OSError) as error:
        raise NotSent(_told(error)) from error


async def _deliver(client: SMTP, raw: bytes) -> str:
    try:
        answer = await client.data(raw)
    except SMTPResponseException as error:
        if error.code < 0:  # the line broke: aiosmtplib has no answer to tell
            raise MaybeSent(_told(error)) from error
        raise NotSent(_told(error), final=error.code >= _PERMANENT) from error
    except (SMTPException, OSError) as error:
        raise MaybeSent(_told(error)) from error
    return f"{answer.code} {answer.message}"[:200]


def _told(error: Exception) -> str:
    """What went wrong in one line. A server may repeat the address in it: that stays out."""
    if isinstance(error, SMTPResponseException):
        return f"{type(error).__name__}: {error.code}"
    return type(error).__name__


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
