"""The mailbox over a real Dovecot."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.imap import Batch, ImapMailbox, MailboxSettings, plan_batches
from pipeline.adapters.imap import mailbox as imap
from pipeline.core.model import RawMessage
from pipeline.errors import ConfigurationError, UnavailableError
from tests.adapters.dovecot import CuttableLine, Dovecot, find_free_port, run_dovecot

services = pytest.mark.services
WHEN = datetime(2012, 10, 31, 17, 0, tzinfo=timezone(timedelta(hours=2)))


def make_mail(number: int, size: int = 400) -> bytes:
    head = f"From: fp{number}@ilo.example\r\nSubject: Comments {number}\r\nMessage-ID: <{number}@ilo.example>\r\n\r\n"
    line = f"Line of mail {number}, caf\u00e9.\r\n".encode("latin-1")
    return head.encode() + line * (1 + size // len(line))


def read(settings: MailboxSettings, cursor: tuple[int, int] | None = None) -> list[RawMessage]:
    with ImapMailbox(settings) as mailbox:
        return [message for batch in mailbox.new_messages(cursor) for message in batch.messages]


def read_batches(settings: MailboxSettings) -> list[Batch]:
    with ImapMailbox(settings) as mailbox:
        return list(mailbox.new_messages(None))


# --- Reading --------------------------------------------------------------------------------------------------


@services
def test_messages_come_byte_by_byte_as_they_lie_there(dovecot: Dovecot, user: str) -> None:
    mails = [make_mail(1), make_mail(2), b"\x00no header at all\xff", make_mail(3, 3_000_000)]
    mails[2] = b"Subject: =?broken?\r\n\r\n.\r\n..\r\n\xff\xfe"
    dovecot.append(user, *mails)
    assert [message.raw for message in read(dovecot.settings(user))] == mails


@services
def test_receipt_instant_is_the_servers_in_utc(dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, make_mail(1), when=WHEN)
    (message,) = read(dovecot.settings(user))
    assert message.internal_date == WHEN
    assert message.internal_date.tzinfo is UTC


@services
def test_reading_changes_no_flag(dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, make_mail(1))
    read(dovecot.settings(user))
    with dovecot.open(user) as client:
        client.select_folder("INBOX", readonly=True)
        # \Recent stays too: EXAMINE does not take it.
        assert client.get_flags([1]) == {1: (b"\\Recent",)}


@services
def test_only_what_lies_above_the_cursor_comes(dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, *[make_mail(number) for number in range(5)])
    (batch,) = read_batches(dovecot.settings(user))
    valid, last = batch.cursor
    assert last == 5
    assert [message.uid for message in read(dovecot.settings(user), (valid, 3))] == [4, 5]
    assert read(dovecot.settings(user), batch.cursor) == []


@services
def test_mail_that_comes_between_two_looks_is_seen_on_the_same_connection(dovecot: Dovecot, user: str) -> None:
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        assert list(mailbox.new_messages(None)) == []
        dovecot.append(user, make_mail(1))
        (batch,) = mailbox.new_messages(None)
        dovecot.append(user, make_mail(2))
        (later,) = mailbox.new_messages(batch.cursor)
    assert [message.uid for message in later.messages] == [2]


@services
def test_another_uid_validity_lists_everything_again(dovecot: Dovecot, user: str) -> None:
    with dovecot.open(user) as client:
        client.create_folder("Drafts mail")
    settings = dovecot.settings(user, folder="Drafts mail")
    dovecot.append(user, make_mail(1), make_mail(2), folder="Drafts mail")
    (old,) = read_batches(settings)
    with dovecot.open(user) as client:
        client.delete_folder("Drafts mail")
        client.create_folder("Drafts mail")
    dovecot.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(old.cursor[0] + 7), "Drafts mail")
    dovecot.append(user, make_mail(2), folder="Drafts mail")
    (message,) = read(settings, old.cursor)
    assert (message.uid, message.raw) == (1, make_mail(2))
    assert message.uid_validity == old.cursor[0] + 7


@services
def test_batches_are_limited_by_count_and_bytes(dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "BATCH_COUNT", 3)
    monkeypatch.setattr(imap, "BATCH_BYTES", 50_000)
    dovecot.append(user, *[make_mail(number) for number in range(4)], make_mail(4, 60_000), make_mail(5))
    batches = read_batches(dovecot.settings(user))
    assert [[message.uid for message in batch.messages] for batch in batches] == [[1, 2, 3], [4], [5], [6]]
    assert [batch.cursor[1] for batch in batches] == [3, 4, 5, 6]


@services
def test_long_uid_lists_are_searched_in_windows(dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "SEARCH_WINDOW", 2)
    dovecot.append(user, *[make_mail(number) for number in range(7)])
    assert [message.uid for message in read(dovecot.settings(user))] == [1, 2, 3, 4, 5, 6, 7]


@services
def test_message_over_the_limit_is_told_of_and_does_not_stop_the_others(dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, make_mail(1), make_mail(2, 30_000), make_mail(3))
    (batch,) = read_batches(dovecot.settings(user, largest=20_000))
    assert [message.uid for message in batch.messages] == [1, 3]
    assert [(left.uid, left.size > 30_000) for left in batch.unfetched] == [(2, True)]
    assert batch.cursor[1] == 3


@services
def test_message_expunged_between_search_and_fetch_is_skipped(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "BATCH_COUNT", 2)
    dovecot.append(user, *[make_mail(number) for number in range(6)])
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        batches = mailbox.new_messages(None)
        seen = [next(batches)]
        dovecot.doveadm("expunge", "-u", user, "mailbox", "INBOX", "uid", "3,5,6")
        seen += batches
    assert [message.uid for batch in seen for message in batch.messages] == [1, 2, 4]
    assert [batch.unfetched for batch in seen] == [(), (), ()]
    assert seen[-1].cursor[1] == 6


@services
def test_survey_tells_what_lies_there(dovecot: Dovecot, user: str) -> None:
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        assert mailbox.survey().describe() == "This mailbox is empty."
    dovecot.append(user, make_mail(1), when=WHEN)
    dovecot.append(user, make_mail(2), when=WHEN + timedelta(days=2))
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        survey = mailbox.survey()
    assert (survey.count, survey.oldest, survey.newest) == (2, WHEN, WHEN + timedelta(days=2))
    assert survey.size == len(make_mail(1)) + len(make_mail(2))
    assert "holds 2 old mails" in survey.describe()
    assert "31 October 2012" in survey.describe()


# --- Moving ---------------------------------------------------------------------------------------------------


@services
@pytest.mark.parametrize("capability", ["", "IMAP4rev1 UIDPLUS IDLE", "IMAP4rev1"])
def test_recorded_messages_move_whatever_the_server_can_do(dovecot: Dovecot, user: str, capability: str) -> None:
    with run_dovecot(capability=capability) as server:
        server.append(user, make_mail(1), make_mail(2), make_mail(3))
        with ImapMailbox(server.settings(user, move_to="Recorded")) as mailbox:
            mailbox.move([1, 3], "Recorded")
            mailbox.move([], "Recorded")
        assert [message.raw for message in read(server.settings(user, folder="Recorded"))] == [
            make_mail(1),
            make_mail(3),
        ]
        with server.open(user) as client:
            client.select_folder("INBOX")
            assert client.search("UNDELETED") == [2]


# --- Waiting --------------------------------------------------------------------------------------------------


@services
@pytest.mark.parametrize("capability", ["IMAP4rev1 IDLE", "IMAP4rev1"])
def test_waiting_ends_when_mail_comes(user: str, dovecot: Dovecot, capability: str) -> None:
    with run_dovecot(capability=capability) as server:
        server.append(user, make_mail(1))
        with ImapMailbox(server.settings(user, poll_interval=0.05)) as mailbox:
            (batch,) = mailbox.new_messages(None)
            assert mailbox.wait(0.1) is False
            threading.Timer(0.2, server.append, args=(user, make_mail(2))).start()
            assert mailbox.wait(60) is True
            assert [each.uid for more in mailbox.new_messages(batch.cursor) for each in more.messages] == [2]


@services
def test_mail_that_was_read_does_not_end_the_next_wait(dovecot: Dovecot, user: str) -> None:
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        dovecot.append(user, make_mail(1))
        assert sum(len(batch.messages) for batch in mailbox.new_messages(None)) == 1
        assert mailbox.wait(0) is False


@services
def test_mail_that_came_before_the_wait_ends_it_at_once(dovecot: Dovecot, user: str) -> None:
    with ImapMailbox(dovecot.settings(user)) as mailbox:
        assert list(mailbox.new_messages(None)) == []
        dovecot.append(user, make_mail(1))
        assert mailbox.wait(3600) is True


@services
@pytest.mark.parametrize("delay", [0.0, 0.2], ids=["before IDLE", "during IDLE"])
def test_waiting_notices_a_line_that_went_silent(
    dovecot: Dovecot, user: str, delay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "IDLE_RENEWAL", 0.5)
    with CuttableLine(dovecot.host, dovecot.port) as line:
        settings = dovecot.settings(user, port=line.port, timeout=0.5)
        lost = pytest.raises(UnavailableError, match=r"connection to 127\.0\.0\.1:\d+ is lost")
        with lost, ImapMailbox(settings) as mailbox:
            assert mailbox.wait(0.1) is False
            threading.Timer(delay, setattr, args=(line, "silent_after", 0)).start()
            mailbox.wait(3600)


@services
def test_waiting_notices_a_line_that_was_closed(dovecot: Dovecot, user: str) -> None:
    with (
        CuttableLine(dovecot.host, dovecot.port) as line,
        ImapMailbox(dovecot.settings(user, port=line.port)) as mailbox,
    ):
        assert mailbox.wait(0.1) is False
        threading.Timer(0.2, line.cut).start()
        with pytest.raises(UnavailableError):
            mailbox.wait(3600)


# --- Sentences ------------------------------------------------------------------------------------------------


@services
def test_wrong_password_says_what_to_correct(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"refuses the user name or password of {user}.*Correct them"):
        read(dovecot.settings(user, password="wrong"))


@services
def test_password_beyond_ascii_is_sent(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(ConfigurationError, match="refuses the user name or password"):
        read(dovecot.settings(user, password="schl\u00fcssel"))


@services
def test_missing_folder_says_what_to_correct(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(ConfigurationError, match="does not open the folder 'Nowhere'"):
        read(dovecot.settings(user, folder="Nowhere"))


def test_refused_port_says_where_nothing_answers() -> None:
    port = find_free_port()
    with pytest.raises(UnavailableError, match=f"Nothing answers at 127.0.0.1:{port}"):
        read(MailboxSettings(host="127.0.0.1", port=port, user="u", password="p", tls="none"))


@services
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_unknown_authority_is_refused(dovecot: Dovecot, user: str, tls: str) -> None:
    port = dovecot.tls_port if tls == "tls" else dovecot.port
    with pytest.raises(ConfigurationError, match="certificate of localhost:.* is not trusted"):
        read(dovecot.settings(user, host="localhost", port=port, tls=tls))


@services
@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_encrypted_line_is_read(dovecot: Dovecot, user: str, tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    dovecot.append(user, make_mail(1, 300_000))
    port = dovecot.tls_port if tls == "tls" else dovecot.port
    settings = dovecot.settings(user, host="localhost", port=port, tls=tls)
    with ImapMailbox(settings) as mailbox:
        (batch,) = mailbox.new_messages(None)
        assert "IDLE" in mailbox.capabilities
        assert mailbox.wait(0.1) is False
    assert batch.messages[0].raw == make_mail(1, 300_000)


@services
def test_certificate_for_another_host_is_refused(dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    with pytest.raises(ConfigurationError, match=r"certificate of 127\.0\.0\.1:.* is not trusted.*host name"):
        read(dovecot.settings(user, port=dovecot.tls_port, tls="tls"))


@services
def test_plain_port_taken_for_tls_says_so(dovecot: Dovecot, user: str) -> None:
    with pytest.raises(ConfigurationError, match="does not speak TLS as expected"):
        read(dovecot.settings(user, tls="tls"))


@services
def test_password_is_not_sent_when_starttls_is_missing(dovecot: Dovecot, user: str) -> None:
    with run_dovecot(tls=False) as server, pytest.raises(ConfigurationError, match="does not offer STARTTLS"):
        read(server.settings(user, tls="starttls"))


@services
@pytest.mark.parametrize("cut_after", [0, 60, 400, 2_000, 5_000, 30_000, 200_000])
def test_cut_line_raises_and_the_next_connection_goes_on(dovecot: Dovecot, user: str, cut_after: int) -> None:
    mails = [make_mail(number, 100_000) for number in range(3)]
    dovecot.append(user, *mails)
    got: list[Batch] = []
    with (
        CuttableLine(dovecot.host, dovecot.port, cut_after=cut_after) as line,
        pytest.raises(UnavailableError),
        ImapMailbox(dovecot.settings(user, port=line.port)) as mailbox,
    ):
        got += mailbox.new_messages(None)
    cursor = got[-1].cursor if got else None
    rest = read(dovecot.settings(user), cursor)
    assert [message.raw for batch in got for message in batch.messages] + [message.raw for message in rest] == mails


def test_password_stays_out_of_what_is_shown() -> None:
    assert "secret" not in repr(MailboxSettings(host="imap.gmg.example", user="u", password="secret"))


# --- Planning -------------------------------------------------------------------------------------------------


@given(
    lengths=st.lists(st.integers(0, 100), max_size=60),
    count=st.integers(1, 10),
    size=st.integers(1, 200),
)
def test_plan_keeps_every_uid_once_in_order_and_within_the_limits(lengths: list[int], count: int, size: int) -> None:
    sizes = list(enumerate(lengths, start=1))
    batches = list(plan_batches(sizes, count, size))
    assert [uid for batch in batches for uid in batch] == [uid for uid, _ in sizes]
    for batch in batches:
        assert 1 <= len(batch) <= count
        assert len(batch) == 1 or sum(lengths[uid - 1] for uid in batch) <= size
