"""Sending: how far did the mail get, whatever the server does."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.smtp import Delivery, SmtpSender, SmtpSettings, _payload
from pipeline.core.model import MailState, Occasion, OutgoingMail
from pipeline.errors import ConfigurationError, UnavailableError
from tests.adapters.dovecot import find_free_port

SENT, QUEUED, REFUSED, UNCERTAIN = MailState.SENT, MailState.QUEUED, MailState.REFUSED, MailState.UNCERTAIN


def make_outgoing(
    *, to: tuple[str, ...] = ("fp@ilo.example",), cc: tuple[str, ...] = (), raw: bytes = b"Subject: x\r\n\r\nDear\r\n"
) -> OutgoingMail:
    return OutgoingMail(
        message_id="<1@gmg.example>",
        occasion=Occasion.REMINDER,
        key="reminder:1:T-7:ILO",
        to=to,
        cc=cc,
        subject="x",
        text="Dear",
        raw=raw,
        not_before=datetime(2012, 10, 24, tzinfo=UTC),
    )


def make_settings(port: int, **changes: object) -> SmtpSettings:
    wanted = {"host": "127.0.0.1", "envelope_from": "gmg-drafts@gmg.example", "tls": "none", "timeout": 5.0}
    return SmtpSettings(port=port, **{**wanted, "final_timeout": 5.0, **changes})  # type: ignore[arg-type]


class ScriptedServer:
    """An SMTP server that answers each command as told, one client at a time; an answer of None cuts the line.

    Commands are named by their first word; "dot" is the end of the mail, "body" cuts in the middle of it.
    """

    def __init__(self, answers: dict[str, str | None]) -> None:
        """Listen at once; both dictionaries may be changed on the way."""
        self.answers = answers
        #: answers from the second connection on, None for the same
        self.later_answers: dict[str, str | None] | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        #: complete mails it has taken
        self.taken: list[bytes] = []
        self.connections = 0

    def __enter__(self) -> "ScriptedServer":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self.connections += 1
                with line, line.makefile("rb") as lines, contextlib.suppress(OSError):
                    self._talk(line, iter(lines))

    def _talk(self, line: socket.socket, lines: Iterator[bytes]) -> None:
        word = "connect"
        while (answer := self._answer(word)) is not None:
            line.sendall(answer.encode() + b"\r\n")
            if word == "data" and answer.startswith("354"):
                body = _read_body(lines, cut="body" in self.answers)
                if body is None:
                    return
                self.taken += [body] if (self._answer("dot") or "").startswith("2") else []
                word = "dot"
            elif word == "quit":
                return
            else:
                word = next(lines, b"quit").split()[0].decode("latin-1").lower()

    def _answer(self, word: str) -> str | None:
        defaults = {"connect": "220 here", "data": "354 go on", "quit": "221 bye", "dot": "250 taken"}
        answers = self.answers if self.later_answers is None or self.connections == 1 else self.later_answers
        return answers.get(word, defaults.get(word, "250 fine"))


def _read_body(lines: Iterator[bytes], *, cut: bool) -> bytes | None:
    body = b""
    for line in lines:
        if line == b".\r\n":
            return body
        body += line
        if cut:
            return None
    return None


def send(answers: dict[str, str | None], mail: OutgoingMail | None = None) -> Delivery:
    with ScriptedServer(answers) as server, SmtpSender(make_settings(server.port)) as sender:
        return sender.send(mail or make_outgoing())


# --- How far it got ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, SENT),
        ({"mail": None}, QUEUED),
        ({"mail": "451 try later"}, QUEUED),
        ({"mail": "421 closing"}, QUEUED),
        ({"mail": "550 not you"}, REFUSED),
        ({"rcpt": None}, QUEUED),
        ({"rcpt": "450 grey"}, QUEUED),
        ({"rcpt": "550 nobody"}, REFUSED),
        ({"rcpt": "251 forwarded"}, SENT),
        ({"data": None}, QUEUED),
        ({"data": "451 later"}, QUEUED),
        ({"data": "554 never"}, REFUSED),
        ({"dot": None}, UNCERTAIN),
        ({"dot": "garbage"}, UNCERTAIN),
        ({"dot": "354 what"}, UNCERTAIN),
        ({"dot": "451 disk full"}, QUEUED),
        ({"dot": "421 closing"}, QUEUED),
        ({"dot": "552 too big"}, REFUSED),
        ({"dot": "252 perhaps"}, SENT),
        ({"rset": None, "mail": "550 not you"}, REFUSED),
    ],
)
def test_the_state_says_how_far_the_mail_got(answers: dict[str, str | None], state: MailState) -> None:
    assert send(answers).state is state


def test_cut_before_the_final_dot_is_sent_again_later() -> None:
    # Large enough that the body cannot hide in the buffers of the line.
    mail = make_outgoing(raw=b"Subject: x\r\n\r\n" + b"Dear all,\r\n" * 2_000_000)
    assert send({"body": None}, mail).state is QUEUED


def test_silence_after_the_dot_is_uncertain_and_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_go_silent_after_the_dot, args=(listener,), daemon=True).start()
        with SmtpSender(make_settings(listener.getsockname()[1], final_timeout=0.1)) as sender:
            delivery = sender.send(make_outgoing())
    assert delivery.state is UNCERTAIN
    assert "look whether it arrived" in delivery.note


def _go_silent_after_the_dot(listener: socket.socket) -> None:
    line, _ = listener.accept()
    with line, line.makefile("rb") as lines, contextlib.suppress(OSError):
        line.sendall(b"220 here\r\n")
        for command in lines:
            line.sendall(b"354 go on\r\n" if command == b"DATA\r\n" else b"250 fine\r\n")
            if command == b"DATA\r\n":
                break
        for _ in lines:
            pass


def test_mail_is_taken_once_as_it_was_written() -> None:
    raw = b"Subject: x\r\n\r\n.hidden\r\n..\r\nbare\nline\rends\r\n.\r\nMAIL FROM:<x@y.example>"
    with ScriptedServer({}) as server, SmtpSender(make_settings(server.port)) as sender:
        assert sender.send(make_outgoing(raw=raw)) == Delivery(state=SENT, note="250 taken")
        assert sender.send(make_outgoing()).state is SENT
        assert server.connections == 1
    body = b"Subject: x\r\n\r\n..hidden\r\n...\r\nbare\r\nline\r\nends\r\n..\r\nMAIL FROM:<x@y.example>\r\n"
    assert server.taken[0] == body


@given(raw=st.binary(max_size=200))
def test_no_payload_ends_the_mail_early(raw: bytes) -> None:
    payload = _payload(raw)
    assert payload.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + payload
    assert b"\n" not in payload.replace(b"\r\n", b"")
    assert b"\r" not in payload.replace(b"\r\n", b"")


# --- Recipients -------------------------------------------------------------------------------------------------


class Picky:
    """Answers each recipient by the first letters of its address: "450-x@..." with 450."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address[:3] in ("450", "550"):
            return f"{address[:3]} not this one"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 taken"


@contextlib.contextmanager
def run_picky(**options: object) -> Iterator[tuple[Picky, int]]:
    picky = Picky()
    controller = Controller(picky, hostname="127.0.0.1", port=find_free_port(), **options)
    controller.start()
    try:
        yield picky, controller.port
    finally:
        controller.stop()


@pytest.mark.parametrize(
    ("to", "cc", "state", "refused", "went_to"),
    [
        (("fp",), ("alt",), SENT, (), ["fp", "alt"]),
        (("fp",), ("550-alt",), SENT, ("550-alt",), ["fp"]),
        (("fp",), ("450-alt",), SENT, ("450-alt",), ["fp"]),
        (("550-fp",), ("alt",), SENT, ("550-fp",), ["alt"]),
        (("450-fp",), ("alt",), QUEUED, (), []),
        (("550-fp",), ("450-alt",), QUEUED, (), []),
        (("550-fp",), ("550-alt",), REFUSED, (), []),
        (("fp", "fp"), ("fp",), SENT, (), ["fp"]),
    ],
)
def test_partly_refused_mail_goes_to_the_others_unless_the_addressee_may_be_reached_later(
    to: tuple[str, ...], cc: tuple[str, ...], state: MailState, refused: tuple[str, ...], went_to: list[str]
) -> None:
    def at(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
        return tuple(f"{name}@ilo.example" for name in names)

    with run_picky() as (picky, port), SmtpSender(make_settings(port)) as sender:
        delivery = sender.send(make_outgoing(to=at(to), cc=at(cc)))
    assert (delivery.state, delivery.refused) == (state, at(refused))
    assert [address for envelope in picky.envelopes for address in envelope.rcpt_tos] == list(at(went_to))


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        ("550", True),
        ("551", True),
        ("553", True),
        ("552", False),
        ("554", False),
        ("550 5.1.1", True),
        ("550 5.1.10", True),
        ("554 5.1.2", True),
        ("550 5.2.1", True),
        ("552 5.2.2", False),
        ("550 5.7.1", False),
        ("450", False),
        ("450 4.1.1", False),
    ],
)
def test_only_an_address_that_does_not_exist_is_called_unknown(answer: str, unknown: bool) -> None:
    delivery = send({"rcpt": f"{answer} as I say"})
    assert delivery.unknown == (make_outgoing().to if unknown else ())


def test_the_next_mail_goes_out_after_a_refused_one() -> None:
    with run_picky() as (picky, port), SmtpSender(make_settings(port)) as sender:
        states = [sender.send(make_outgoing(to=(f"{name}@ilo.example",))).state for name in ("550", "fp", "450", "fp")]
    assert states == [REFUSED, SENT, QUEUED, SENT]
    assert len(picky.envelopes) == 2


def test_letters_beyond_ascii_in_an_address_are_sent_where_the_server_takes_them() -> None:
    mail = make_outgoing(to=("b\u00fcro@ilo.example",), raw="Subject: x\r\n\r\nd\u00e9j\u00e0\r\n".encode())
    with run_picky(enable_SMTPUTF8=True) as (picky, port), SmtpSender(make_settings(port)) as sender:
        assert sender.send(mail).state is SENT
    assert picky.envelopes[0].rcpt_tos == ["b\u00fcro@ilo.example"]
    assert "BODY=8BITMIME" in picky.envelopes[0].mail_options
    with run_picky(enable_SMTPUTF8=False) as (_, port), SmtpSender(make_settings(port)) as sender:
        assert sender.send(mail).state is REFUSED


def test_line_break_in_an_address_is_never_sent() -> None:
    mail = make_outgoing(to=("fp@ilo.example>\r\nDATA",))
    with run_picky() as (picky, port), SmtpSender(make_settings(port)) as sender:
        assert sender.send(mail).state is REFUSED
        assert sender.send(make_outgoing()).state is SENT
    assert len(picky.envelopes) == 1


# --- The connection ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [None, "421 too many mails"])
def test_line_closed_between_two_mails_is_opened_again(last: str | None) -> None:
    with ScriptedServer({}) as server, SmtpSender(make_settings(server.port)) as sender:
        assert sender.send(make_outgoing()).state is SENT
        server.answers, server.later_answers = {"mail": last, "rset": None}, {}
        assert sender.send(make_outgoing()).state is SENT
    assert server.connections == 2
    assert len(server.taken) == 2


def test_server_that_went_away_leaves_the_mail_queued() -> None:
    with ScriptedServer({}) as server, SmtpSender(make_settings(server.port)) as sender:
        assert sender.send(make_outgoing()).state is SENT
        server.answers = {"mail": None, "connect": None}
        assert sender.send(make_outgoing()).state is QUEUED
        assert sender.send(make_outgoing()).state is QUEUED


@pytest.mark.parametrize(
    ("answers", "changes", "error", "words"),
    [
        ({"connect": None}, {}, UnavailableError, "does not take mail now"),
        ({"connect": "421 busy"}, {}, UnavailableError, "does not take mail now"),
        ({}, {"tls": "starttls"}, ConfigurationError, "Nothing is sent in the clear"),
        ({}, {"tls": "tls"}, ConfigurationError, "does not speak TLS as expected"),
        ({}, {"user": "u", "password": "p"}, ConfigurationError, "does not offer what the settings ask for"),
        (
            {"ehlo": "250-here\r\n250 AUTH PLAIN", "auth": "535 wrong"},
            {"user": "u", "password": "p"},
            ConfigurationError,
            "refuses the user name or password of u",
        ),
        (
            {"ehlo": "250-here\r\n250 AUTH PLAIN", "auth": "454 later"},
            {"user": "u", "password": "p"},
            UnavailableError,
            "it is tried again",
        ),
    ],
)
def test_what_is_wrong_with_the_connection_is_said(
    answers: dict[str, str | None], changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with (
        ScriptedServer(answers) as server,
        pytest.raises(error, match=words),
        SmtpSender(make_settings(server.port, **changes)),
    ):
        pass


def test_nobody_listening_says_where() -> None:
    with pytest.raises(UnavailableError, match="Nothing answers at"), SmtpSender(make_settings(find_free_port())):
        pass


def test_password_stays_out_of_what_is_shown() -> None:
    assert "secret" not in repr(make_settings(25, user="u", password="secret"))
