"""A test to oneself: the same mail, outside every round, never to those who are to be asked."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.core.model import MailState, Occasion, OutgoingMail
from pipeline.core.trial import list_attachments
from pipeline.errors import UsageError
from pipeline.trial import choose_mail, send_trial
from tests.pipeline import office

ME = "anna@secretariat.example"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database; no round is open."""
    with office.open_office(tmp_path) as opened:
        yield opened


def read(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def send(database: store.Database, to: str = ME, agency: str = "ILO") -> tuple[OutgoingMail, OutgoingMail]:
    """The mail that would go out, and its copy."""
    mail = choose_mail(office.open_round(database, dry_run=True), agency)
    copy = send_trial(database, mail, to, by="anna", now=office.OPENED, secret=office.SECRET)
    return mail, copy


def test_the_copy_is_the_mail_to_somebody_else(database: store.Database) -> None:
    mail, copy = send(database)
    before, after = read(mail.raw), read(copy.raw)
    assert [address.addr_spec for address in after["To"].addresses] == [ME]
    assert after["Cc"] is None
    assert after["Subject"] == f"Test: {before['Subject']}"
    for kind in ("plain", "html"):
        one, other = (each.get_body((kind,)) for each in (before, after))
        assert isinstance(one, EmailMessage)
        assert isinstance(other, EmailMessage)
        assert one.get_content() == other.get_content()
    assert list_attachments(copy.raw) == list_attachments(mail.raw)
    assert [part.get_payload(decode=True) for part in after.iter_attachments()] == [
        part.get_payload(decode=True) for part in before.iter_attachments()
    ]


def test_the_copy_belongs_to_no_round_and_no_thread(database: store.Database) -> None:
    mail, copy = send(database)
    parsed = read(copy.raw)
    assert not {"In-Reply-To", "References", "Thread-Index", "Thread-Topic"} & set(parsed.keys())
    assert (parsed["Auto-Submitted"], parsed["X-Penholder"]) == ("auto-generated", "trial")
    assert copy.message_id != mail.message_id
    (sent,) = office.list_mails(database)
    assert (sent.mail, sent.state) == (copy, MailState.QUEUED)
    assert (sent.mail.occasion, sent.mail.agency, sent.mail.round_id) == (Occasion.TRIAL, None, None)
    with database.read() as db:
        assert store.rounds.list_rounds(db) == ()


def test_a_test_can_be_sent_again_and_the_call_still_goes_out(database: store.Database) -> None:
    send(database)
    send(database, agency="WHO")
    circulation = office.open_round(database)
    assert len(office.list_mails(database)) == 2 + len(circulation.mails)


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("migrant-fp@ilo.example", "an address of ILO"),
        (" Migrant-FP@ILO.example ", "an address of ILO"),
        ("anna", "is no address"),
        ("anna@", "is no address"),
        ("anna@secretariat.example, b@c.example", "is no address"),
        ("anna@secretariat.example\r\nBcc: x@y.example", "is no address"),
    ],
)
def test_a_test_goes_to_nobody_who_is_to_be_asked(database: store.Database, to: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        send(database, to)
    assert office.list_mails(database) == ()


def test_an_agency_that_gets_no_mail_cannot_be_shown(database: store.Database) -> None:
    circulation = office.open_round(database, dry_run=True)
    with pytest.raises(UsageError, match="No mail would go to NIX"):
        choose_mail(circulation, "NIX")
    assert choose_mail(circulation) == circulation.mails[0]
