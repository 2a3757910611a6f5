"""How the line to the mailbox is opened, and the sentences for everything that goes wrong on it."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from pipeline.errors import ConfigurationError, UnavailableError

Tls = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """Where the mailbox is and how to get in."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    folder: str = "INBOX"
    #: "starttls" never goes on in the clear when the server does not offer it
    tls: Tls = "tls"
    #: folder that recorded messages are moved to; None reads without changing anything
    move_to: str | None = None
    #: seconds to wait for the server's next word
    timeout: float = 30.0
    #: bytes; a longer message is told of, not fetched
    largest: int = 50_000_000
    #: seconds between looks where the server knows no IDLE
    poll_interval: float = 30.0


def keep_alive(line: socket.socket) -> None:
    """Small commands leave at once; the kernel notices a dead peer within a minute."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def log_in(client: Any, settings: MailboxSettings) -> None:
    """Log in. Raises: ConfigurationError on a wrong password, UnavailableError when it may work later."""
    try:
        if (settings.user + settings.password).isascii():
            client.login(settings.user, settings.password)
        else:
            client.plain_login(settings.user, settings.password)
    except LoginError as error:
        answer = str(error)
        # RFC 5530: these say nothing about the password; neither does a line that is cut.
        passing = any(code in answer for code in ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]"))
        if passing or isinstance(error.__context__, IMAPClientAbortError):
            raise UnavailableError(
                f"{settings.host} cannot log anybody in now ({answer}); it is tried again."
            ) from error
        raise ConfigurationError(
            f"{settings.host} refuses the user name or password of {settings.user} ({answer}). Correct them in the "
            "settings; where the provider asks for it, make an application password."
        ) from error


def select_folder(client: Any, settings: MailboxSettings) -> dict[bytes, Any]:
    """What the server says of the folder it opened, for reading only unless messages are moved."""
    try:
        selected: dict[bytes, Any] = client.select_folder(settings.folder, readonly=settings.move_to is None)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise ConfigurationError(
            f"{settings.host} does not open the folder {settings.folder!r} for {settings.user} ({error}). "
            "Correct the folder in the settings."
        ) from error
    return selected


@contextmanager
def telling(settings: MailboxSettings, *, refusals: bool = True) -> Iterator[None]:
    """Turn what goes wrong on the line into a sentence; a refusal by the server passes when `refusals` is False."""
    place = f"{settings.host}:{settings.port}"
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise ConfigurationError(
            f"The certificate of {place} is not trusted: {error.verify_message}. Correct the host name in the "
            "settings, or add the authority that signed it to the system's trusted certificates."
        ) from error
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"{place} does not speak TLS as expected ({error.reason}). "
            "Set tls to 'starttls' for port 143, 'tls' for 993."
        ) from error
    except CapabilityError as error:
        raise ConfigurationError(
            f"{place} does not offer STARTTLS, and nothing is sent in the clear. Set tls to 'tls' with port 993."
        ) from error
    except socket.gaierror as error:
        raise UnavailableError(
            f"The name {settings.host} is not found. Check the IMAP host in the settings."
        ) from error
    except ConnectionRefusedError as error:
        raise UnavailableError(
            f"Nothing answers at {place}. Check the IMAP host and port; if they are right, the server is down."
        ) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise UnavailableError(f"The connection to {place} is lost ({error}); it is opened again later.") from error
    except IMAPClientError as error:
        if not refusals:
            raise
        raise UnavailableError(f"{place} refuses ({error}); it is tried again.") from error
