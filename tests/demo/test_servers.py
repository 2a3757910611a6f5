"""The demonstration's servers, spoken to over their own protocols by the product's own devices."""

import dataclasses
import smtplib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import imapclient
import pytest

from pipeline.adapters.imap import ImapMailbox, MailboxSettings
from pipeline.adapters.smtp import SmtpSender, SmtpSettings
from pipeline.core.model import MailState, Occasion, OutgoingMail, RawMessage
from pipeline.demo.servers import MailServers, start_mail_servers
from pipeline.errors import ConfigurationError

DRAFTS = "gmg-drafts@gmg.example"
ALIAS = "gmg-chair@unodc.example"
VIENNA = timezone(timedelta(hours=2))


class Clock:
    """An instant that tests set."""

    def __init__(self) -> None:
        self.now = datetime(2012, 10, 1, 10, 0, tzinfo=VIENNA)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def servers(clock: Clock) -> Iterator[MailServers]:
    addresses = {DRAFTS: "drafts", ALIAS: "drafts"}
    with start_mail_servers(users={"drafts": "secret", "fp": "secret"}, addresses=addresses, clock=clock) as servers:
        yield servers


def settings_of(servers: MailServers, **changes: object) -> MailboxSettings:
    wanted = {"user": "drafts", "password": "secret", "tls": "none", "timeout": 10.0, "poll_interval": 0.1}
    return MailboxSettings(host=servers.host, port=servers.imap_port, **{**wanted, **changes})  # type: ignore[arg-type]


def read(servers: MailServers) -> list[RawMessage]:
    with ImapMailbox(settings_of(servers)) as mailbox:
        return [message for batch in mailbox.new_messages(None) for message in batch.messages]


def hand_in(servers: MailServers, raw: bytes, *recipients: str, sender: str = "fp@ilo.example") -> None:
    with smtplib.SMTP(servers.host, servers.smtp_port, timeout=10) as client:
        client.sendmail(sender, recipients, raw)


def without_trace(raw: bytes) -> bytes:
    """The message without the three lines a receiving server puts before it."""
    return raw.split(b"\r\n", 3)[3]


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: comments\r\n\r\nPara 4\r\n",
        "Subject: \u00e9\r\n\r\nna\u00efve\r\n".encode("latin-1"),
        b"Subject: long\r\n\r\n" + b"x" * 5000 + b"\r\n",
        b"\r\nonly a body\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nnever closed\r\n",
        b"Subject: x\r\n\r\n.\r\n..dots\r\n",
        b"Subject: large\r\n\r\n" + b"0123456789abcdef\r\n" * 200_000,
    ],
    ids=["plain", "latin-1", "long line", "no header", "broken MIME", "dots", "3 MB"],
)
def test_mail_handed_in_is_served_byte_by_byte_behind_the_trace(servers: MailServers, raw: bytes) -> None:
    hand_in(servers, raw, DRAFTS)
    (message,) = read(servers)
    assert without_trace(message.raw) == raw
    assert message.raw.startswith(b"Return-Path: <fp@ilo.example>\r\nReceived: from ")


def test_receipt_instant_is_the_given_clocks(servers: MailServers, clock: Clock) -> None:
    hand_in(servers, b"Subject: 1\r\n\r\n1\r\n", DRAFTS)
    clock.now = datetime(2012, 12, 7, 17, 0, tzinfo=timezone(timedelta(hours=-5)))
    hand_in(servers, b"Subject: 2\r\n\r\n2\r\n", DRAFTS)
    instants = [message.internal_date for message in read(servers)]
    assert instants == [datetime(2012, 10, 1, 8, 0, tzinfo=UTC), datetime(2012, 12, 7, 22, 0, tzinfo=UTC)]


def test_mail_is_delivered_once_however_many_of_its_recipients_are_us(servers: MailServers, clock: Clock) -> None:
    raw = b"Subject: x\r\n\r\nx\r\n"
    hand_in(servers, raw, DRAFTS.upper(), ALIAS, "fp@iom.example", sender="")
    (message,) = read(servers)
    assert message.raw.startswith(b"Return-Path: <>\r\n")
    (copy,) = servers.sent
    assert (copy.sender, copy.recipients, copy.raw, copy.at) == ("", ("fp@iom.example",), raw, clock.now)


def test_our_own_sender_gets_mail_out(servers: MailServers, clock: Clock) -> None:
    mail = OutgoingMail(
        message_id="<1@gmg.example>",
        occasion=Occasion.CALL,
        key="call:1:ILO",
        to=("fp@ilo.example",),
        cc=("b\u00fcro@ilo.example",),
        subject="x",
        text="x",
        raw="Subject: x\r\n\r\nd\u00e9j\u00e0\r\n".encode(),
        not_before=clock.now,
    )
    settings = SmtpSettings(
        host=servers.host, port=servers.smtp_port, envelope_from=DRAFTS, tls="none", user="drafts", password="secret"
    )
    with SmtpSender(settings) as sender:
        assert [sender.send(mail).state for _ in range(2)] == [MailState.SENT, MailState.SENT]
    assert [(copy.recipients, copy.raw) for copy in servers.sent] == [((*mail.to, *mail.cc), mail.raw)] * 2
    with pytest.raises(ConfigurationError), SmtpSender(dataclasses.replace(settings, password="wrong")):
        pass


def test_waiting_reader_is_woken(servers: MailServers) -> None:
    with ImapMailbox(settings_of(servers)) as mailbox:
        assert "IDLE" in mailbox.capabilities
        assert list(mailbox.new_messages(None)) == []
        threading.Timer(0.1, hand_in, args=(servers, b"Subject: x\r\n\r\nx\r\n", DRAFTS)).start()
        assert mailbox.wait(60) is True
        assert sum(len(batch.messages) for batch in mailbox.new_messages(None)) == 1


def test_reader_may_move_what_it_has_recorded(servers: MailServers) -> None:
    hand_in(servers, b"Subject: x\r\n\r\nx\r\n", DRAFTS)
    with ImapMailbox(settings_of(servers, move_to="Recorded")) as mailbox:
        (batch,) = mailbox.new_messages(None)
        mailbox.move([batch.messages[0].uid], "Recorded")
    assert read(servers) == []


def test_only_the_password_opens_a_mailbox(servers: MailServers) -> None:
    with pytest.raises(ConfigurationError, match="user name or password of drafts"):
        ImapMailbox(settings_of(servers, password="wrong")).__enter__()


def test_mailboxes_are_apart(servers: MailServers) -> None:
    hand_in(servers, b"Subject: x\r\n\r\nx\r\n", DRAFTS)
    with imapclient.IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=10) as client:
        client.login("fp", "secret")
        assert client.select_folder("INBOX", readonly=True)[b"EXISTS"] == 0


def test_servers_stop_while_clients_are_connected(clock: Clock) -> None:
    with start_mail_servers(users={"drafts": "secret"}, addresses={}, clock=clock) as servers:
        smtp = smtplib.SMTP(servers.host, servers.smtp_port, timeout=10)
        imap = imapclient.IMAPClient(servers.host, servers.imap_port, ssl=False, timeout=10)
        imap.login("drafts", "secret")
    assert "demo mail servers" not in {thread.name for thread in threading.enumerate()}
    smtp.close()
    imap.shutdown()


def test_taken_port_is_an_error_at_once(servers: MailServers, clock: Clock) -> None:
    with pytest.raises(OSError, match="in use"):
        start_mail_servers(users={}, addresses={}, clock=clock, imap_port=servers.imap_port).__enter__()
