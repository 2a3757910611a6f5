"""The mail servers of the demonstration: real IMAP and SMTP on loopback, mailboxes in memory. Not for real mail."""

import asyncio
import logging
import socket
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Identity, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import BuiltinHash

HOST = "127.0.0.1"
#: the name the servers give themselves
SERVER_NAME = "mail.gmg.example"
#: bytes: mail with a large file in it must get through
LARGEST_MAIL = 100_000_000
#: bytes of one line: broken mail keeps no limit of 998
LONGEST_LINE = 1_000_000

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCopy:
    """A mail that was handed to the SMTP server for somebody who has no mailbox here."""

    #: "" for the null path
    sender: str
    #: lower case
    recipients: tuple[str, ...]
    #: as it came, without trace fields
    raw: bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServers:
    """Both servers as they run."""

    imap_port: int
    smtp_port: int
    host: str = HOST
    #: mail to everybody who has no mailbox here, in order; grows while the servers run
    sent: list[SentCopy] = field(default_factory=list)


@contextmanager
def start_mail_servers(
    *, users: Mapping[str, str], addresses: Mapping[str, str], clock: Clock, imap_port: int = 0, smtp_port: int = 0
) -> Iterator[MailServers]:
    """Both servers, running in one thread until the context ends; a port of 0 takes any free one.

    `users` gives the password of each login name, `addresses` the login name each lower-case address is delivered to.
    What is delivered was received at `clock()`.

    Raises: OSError when a port is taken.
    """
    # aiosmtpd warns on every login of a field it sets itself.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    started: Future[tuple[MailServers, Callable[[], object]]] = Future()
    listeners = _listen(imap_port), _listen(smtp_port)
    running = _run(_PostOffice(users, addresses, clock), *listeners, started)
    thread = threading.Thread(target=asyncio.run, args=(running,), name="demo mail servers", daemon=True)
    thread.start()
    servers, stop = started.result(timeout=30)
    try:
        yield servers
    finally:
        stop()
        thread.join(timeout=10)


def _listen(port: int) -> socket.socket:
    return socket.create_server((HOST, port))


async def _run(
    office: "_PostOffice",
    imap: socket.socket,
    smtp: socket.socket,
    started: "Future[tuple[MailServers, Callable[[], object]]]",
) -> None:
    """Serve until told to stop."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    try:
        await office.open_mailboxes()
        imap_server = await asyncio.start_server(office.serve_imap, sock=imap, limit=LONGEST_LINE)
        smtp_server = await loop.create_server(lambda: _Smtp(office, loop), sock=smtp)
    except BaseException as error:
        started.set_exception(error)
        raise
    servers = MailServers(imap_port=imap.getsockname()[1], smtp_port=smtp.getsockname()[1], sent=office.sent)
    started.set_result((servers, partial(loop.call_soon_threadsafe, end.set)))
    await end.wait()
    imap_server.close()
    smtp_server.close()
    office.hang_up()


class _Config(Config):
    """pymap's settings; its own greeting asks the name service, which takes seconds without a network."""

    @property
    def greeting(self) -> bytes:
        return f"Server ready {SERVER_NAME}".encode()


class _PostOffice:
    """The mailboxes, and what becomes of a mail that is handed in. Lives on the servers' loop."""

    def __init__(self, users: Mapping[str, str], addresses: Mapping[str, str], clock: Clock) -> None:
        self._users = dict(users)
        self._addresses = dict(addresses)
        self._clock = clock
        self._config = _make_config()
        self._login = Login(self._config)
        proxy = ProxyProtocolReader(ProxyProtocolVersion.get(None))
        self._imap = proxy.get_callback(IMAPServer(self._login, self._config))
        self._conversations: set[object] = set()
        self._lines: set[asyncio.Transport] = set()
        self.sent: list[SentCopy] = []

    async def open_mailboxes(self) -> None:
        """Make the users known."""
        for name, password in self._users.items():
            hashed = await Passwords(self._config).hash_password(password)
            await self._identify(name).set(UserMetadata(self._config, name, password=hashed))

    async def serve_imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one IMAP client until it leaves."""
        # asyncio only keeps weak references; under Python 3.13.0 a conversation in IDLE was collected as garbage.
        task = asyncio.current_task()
        self._conversations.add(task)
        try:
            await self._imap(reader, writer)
        finally:
            self._conversations.discard(task)

    def knows(self, name: str, password: str) -> bool:
        """Whether this is a user with this password."""
        return self._users.get(name) == password

    def remember(self, line: asyncio.Transport) -> None:
        """Keep an SMTP connection to be closed at the end."""
        self._lines = {each for each in self._lines if not each.is_closing()} | {line}

    def hang_up(self) -> None:
        """Close the SMTP connections that are still open."""
        for line in self._lines:
            line.abort()

    async def accept(self, helo: str, peer: str, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        """Deliver a mail to those who have a mailbox here, and keep a copy for the others."""
        now = self._clock().astimezone(UTC)
        names = {self._addresses[address] for address in recipients if address in self._addresses}
        trace = _write_trace(helo, peer, sender, now)
        for name in sorted(names):
            await self._append(name, trace + raw, now)
        others = tuple(address for address in recipients if address not in self._addresses)
        if others:
            self.sent.append(SentCopy(sender=sender, recipients=others, raw=raw, at=now))

    async def _append(self, name: str, raw: bytes, when: datetime) -> None:
        async with self._identify(name).new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(raw, when), recent=True)

    def _identify(self, name: str) -> Identity:
        return Identity(name, self._login, None, frozenset())


def _make_config() -> _Config:
    args = Namespace(
        host=HOST, port=0, debug=False, cert=None, key=None, tls=False, passlib_cfg=None, proxy_protocol=None,
        demo_data=False, demo_user="", demo_password="",
    )  # fmt: skip
    # The passwords of a demonstration are in its output: hashing them slowly only slows it down.
    config = _Config.from_args(args, hash_context=BuiltinHash(rounds=1), invalid_user_sleep=0.0)
    assert isinstance(config, _Config)
    return config


def _write_trace(helo: str, peer: str, sender: str, now: datetime) -> bytes:
    """The fields a receiving server adds. See: RFC 5321 4.4."""
    lines = (
        f"Return-Path: <{sender}>",
        f"Received: from {helo} ([{peer}]) by {SERVER_NAME} with ESMTP;",
        f"\t{format_datetime(now)}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


class _Smtp(SMTP):
    """aiosmtpd with long lines, optional login, and the post office behind it."""

    line_length_limit = LONGEST_LINE

    def __init__(self, office: _PostOffice, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            _Handler(office),
            hostname=SERVER_NAME,
            ident="Penholder demonstration",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            authenticator=_Authenticator(office),
            auth_require_tls=False,
            loop=loop,
        )
        self._office = office

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport):
            self._office.remember(transport)


class _Authenticator:
    def __init__(self, office: _PostOffice) -> None:
        self._office = office

    def __call__(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object) -> AuthResult:
        known = isinstance(login, LoginPassword) and self._office.knows(_text(login.login), _text(login.password))
        return AuthResult(success=known, handled=False)


class _Handler:
    def __init__(self, office: _PostOffice) -> None:
        self._office = office

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The answer to the final dot. The mail is in the mailbox before it is given."""
        recipients = tuple(dict.fromkeys(address.lower() for address in envelope.rcpt_tos))
        assert session.peer
        assert isinstance(envelope.content, bytes)
        # aiosmtpd names the null path "<>".
        sender = (envelope.mail_from or "").strip("<>")
        helo = session.host_name or "unknown"
        await self._office.accept(helo, session.peer[0], sender, recipients, envelope.content)
        return "250 2.0.0 delivered"


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
