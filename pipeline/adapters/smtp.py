"""The way out: mail handed to an SMTP server, with exact knowledge of how far it got. See: docs/analysis/sending.md."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from pipeline.core.model import MailState, OutgoingMail
from pipeline.errors import ConfigurationError, UnavailableError

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(rb"5\.(\d{1,3}\.\d{1,3})\b")
#: codes without an enhanced status that speak of the mailbox, and the statuses that do: no such mailbox, domain, moved
_NOBODY = (550, 551, 553)
_NOBODY_STATUSES = (b"1.1", b"1.2", b"1.3", b"1.6", b"1.10", b"2.1")

_IN_DOUBT = (
    "the whole mail was handed over, and the server gave no answer that can be read; "
    "look whether it arrived before sending it again"
)

#: server code and text: (451, "try later")
Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Where outgoing mail is handed over."""

    host: str
    #: return path: permanent failures are reported to it
    envelope_from: str
    port: int = 587
    #: "" hands mail over without login
    user: str = ""
    password: str = field(default="", repr=False)
    #: "starttls" never goes on in the clear when the server does not offer it
    tls: Literal["tls", "starttls", "none"] = "starttls"
    #: seconds to wait for an answer
    timeout: float = 60.0
    #: seconds to wait for the answer to a complete mail: impatience here makes doubles. See: RFC 5321 4.5.3.2.6
    final_timeout: float = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of one mail."""

    #: SENT, QUEUED (nothing was accepted: try later), REFUSED (for good) or UNCERTAIN (a person must look)
    state: MailState
    #: what the server said, in words
    note: str
    #: addresses that were refused while the mail went to the others
    refused: tuple[str, ...] = ()
    #: addresses the server says do not exist, whatever became of the mail
    unknown: tuple[str, ...] = ()


class _Unfinished(Exception):
    """A mail that got no further; carries what became of it."""

    def __init__(self, state: MailState, note: str, unknown: tuple[str, ...] = ()) -> None:
        super().__init__(note)
        self.delivery = Delivery(state=state, note=note, unknown=unknown)


class SmtpSender:
    """One connection, used for many mails. A context manager."""

    def __init__(self, settings: SmtpSettings) -> None:
        """Keep the settings; nothing is sent before the context is entered."""
        self._settings = settings
        self._server: smtplib.SMTP | None = None
        #: mails that went through the present connection
        self._served = 0

    def __enter__(self) -> Self:
        """Connect. Raises: ConfigurationError, UnavailableError."""
        self._server = self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._part()

    def send(self, mail: OutgoingMail) -> Delivery:
        """What became of the mail. Call it after the intent to send is committed.

        A line that was cut before the final dot gives QUEUED, after it UNCERTAIN: the server may have the mail.

        See: RFC 1047, RFC 5321 4.5.3.2.6.
        """
        reused = self._served > 0
        delivery = self._try(mail)
        if reused and delivery.state is MailState.QUEUED and self._server is None:
            # Servers close a line that was idle or has carried enough mails: a new one, once.
            delivery = self._try(mail)
        self._served += 1
        return delivery

    # --- one mail -----------------------------------------------------------------------------------------------

    def _try(self, mail: OutgoingMail) -> Delivery:
        try:
            if self._server is None:
                self._server = self._connect()
            return self._transact(self._server, mail)
        except _Unfinished as error:
            self._reset()
            return error.delivery
        except (UnavailableError, ConfigurationError) as error:
            return Delivery(state=MailState.QUEUED, note=str(error))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._part()
            return Delivery(
                state=MailState.QUEUED, note=f"the connection was cut before the mail was complete ({error})"
            )

    def _transact(self, server: smtplib.SMTP, mail: OutgoingMail) -> Delivery:
        envelope = [self._settings.envelope_from, *mail.to, *mail.cc]
        if any(char in address for address in envelope for char in "\r\n"):
            raise _Unfinished(MailState.REFUSED, "an address holds a line break")
        _expect(server.mail(envelope[0], _mail_options(server, envelope, mail.raw)), "the sender")
        refused, unknown = _offer_recipients(server, mail)
        _expect(server.docmd("DATA"), "the mail", accepted=354)
        server.send(_payload(mail.raw))
        answer = self._finish(server)
        if answer[0] // 100 != 2:
            _expect(answer, "the mail")
        return Delivery(state=MailState.SENT, note=_words(answer), refused=refused, unknown=unknown)

    def _finish(self, server: smtplib.SMTP) -> Answer:
        """The server's answer to the final dot. From here on a cut leaves us in doubt."""
        assert server.sock is not None
        try:
            server.sock.settimeout(self._settings.final_timeout)
            server.send(b".\r\n")
            answer = server.getreply()
            server.sock.settimeout(self._settings.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._part()
            raise _Unfinished(MailState.UNCERTAIN, f"{_IN_DOUBT} ({error})") from error
        if answer[0] // 100 not in (2, 4, 5):
            self._part()
            raise _Unfinished(MailState.UNCERTAIN, f"{_IN_DOUBT} ({_words(answer)})")
        return answer

    # --- the connection -----------------------------------------------------------------------------------------

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        server: smtplib.SMTP | None = None
        self._served = 0
        try:
            context = None if settings.tls == "none" else ssl.create_default_context()
            if settings.tls == "tls":
                server = smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=context)
            else:
                server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
            _greet(server, settings, context)
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            raise _tell(settings, error) from error
        return server

    def _reset(self) -> None:
        """Have the server forget a mail that got stuck, so that the line can carry the next."""
        if self._server is None:
            return
        try:
            if self._server.rset()[0] != 250:
                self._part()
        except (smtplib.SMTPException, OSError):
            self._part()

    def _part(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _greet(server: smtplib.SMTP, settings: SmtpSettings, context: ssl.SSLContext | None) -> None:
    server.ehlo_or_helo_if_needed()
    if settings.tls == "starttls":
        server.starttls(context=context)
        server.ehlo()
    if settings.user:
        server.login(settings.user, settings.password)
    assert server.sock is not None
    server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _mail_options(server: smtplib.SMTP, envelope: Sequence[str], raw: bytes) -> list[str]:
    options: list[str] = []
    if server.has_extn("size"):
        options.append(f"SIZE={len(raw)}")
    if server.has_extn("8bitmime") and not raw.isascii():
        options.append("BODY=8BITMIME")
    if not all(address.isascii() for address in envelope):
        if not server.has_extn("smtputf8"):
            raise _Unfinished(MailState.REFUSED, "the server takes no addresses with letters outside ASCII")
        options.append("SMTPUTF8")
    return options


def _offer_recipients(server: smtplib.SMTP, mail: OutgoingMail) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses the server refuses, and those of them that do not exist.

    Raises: _Unfinished when nobody, or for now not the addressee, can be reached.
    """
    answers = {address: server.rcpt(address) for address in dict.fromkeys((*mail.to, *mail.cc))}
    refused = {address: answer for address, answer in answers.items() if answer[0] not in (250, 251)}
    note = "; ".join(f"{address}: {_words(answer)}" for address, answer in refused.items())
    unknown = tuple(address for address, answer in refused.items() if _names_nobody(answer))
    # Nothing is handed over yet: waiting here costs nobody a second copy.
    if any(refused.get(address, (0,))[0] // 100 == 4 for address in mail.to) or _drops(refused.values()):
        raise _Unfinished(MailState.QUEUED, note)
    if len(refused) == len(answers):
        later = any(answer[0] // 100 == 4 for answer in refused.values())
        raise _Unfinished(MailState.QUEUED if later else MailState.REFUSED, note, unknown)
    return tuple(refused), unknown


def _names_nobody(answer: Answer) -> bool:
    """Whether the address itself is wrong; a full mailbox (5.2.2) or a policy (5.7.1) says nothing against it.

    See: RFC 5321 4.2.3, RFC 3463 3.2 and 3.3.
    """
    code, text = answer
    status = _ENHANCED.match(text)
    return code in _NOBODY if status is None else code // 100 == 5 and status[1] in _NOBODY_STATUSES


def _drops(answers: Iterable[Answer]) -> bool:
    return any(code == 421 for code, _ in answers)


def _expect(answer: Answer, what: str, accepted: int = 250) -> None:
    """Nothing when the server accepts. Raises: _Unfinished when it does not."""
    code = answer[0]
    if code == accepted:
        return
    if code == -1:
        raise smtplib.SMTPServerDisconnected("the server sent no answer that can be read")
    state = MailState.REFUSED if code >= 500 else MailState.QUEUED
    raise _Unfinished(state, f"the server refuses {what}: {_words(answer)}")


def _words(answer: Answer) -> str:
    code, text = answer
    return f"{code} {' '.join(text.decode('utf-8', 'replace').split())}"


def _payload(raw: bytes) -> bytes:
    """The message with CRLF line ends only and its leading dots doubled. See: RFC 5321 4.5.2."""
    lines = _LINE_END.sub(b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _LEADING_DOT.sub(b"..", lines)


def _tell(settings: SmtpSettings, error: Exception) -> ConfigurationError | UnavailableError:
    """The sentence for a connection that could not be made."""
    place = f"{settings.host}:{settings.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConfigurationError(
            f"The certificate of {place} is not trusted: {error.verify_message}. Correct the host name in the "
            "settings, or add the authority that signed it to the system's trusted certificates."
        )
    if isinstance(error, ssl.SSLError):
        return ConfigurationError(
            f"{place} does not speak TLS as expected ({error.reason}). "
            "Set tls to 'starttls' for port 587, 'tls' for 465."
        )
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return ConfigurationError(
            f"{place} refuses the user name or password of {settings.user} ({error.smtp_code}). "
            "Correct them in the settings."
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ConfigurationError(
            f"{place} does not offer what the settings ask for ({error}). "
            "Nothing is sent in the clear: check tls and user."
        )
    if isinstance(error, ConnectionRefusedError):
        return UnavailableError(f"Nothing answers at {place}. Check the SMTP host and port, or try again later.")
    if isinstance(error, socket.gaierror):
        return UnavailableError(f"The name {settings.host} is not found. Check the SMTP host in the settings.")
    return UnavailableError(f"{place} does not take mail now ({error}); it is tried again.")
