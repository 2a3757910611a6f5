"""Receipts: each message in one, several together, to people we know, about what was read."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.acknowledge import acknowledge, switch_receipts
from pipeline.adapters import store
from pipeline.core.model import MailState, Occasion, OutgoingMail, Place
from pipeline.errors import UsageError
from pipeline.redline.model import Change, ChangeKind, Origin
from tests.pipeline import office


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        yield opened


def answer(database: store.Database, message_id: int) -> OutgoingMail | None:
    """The receipt for a message."""
    with database.begin() as db:
        message = store.messages.get_message(db, message_id)
        return acknowledge(db, message, now=office.OPENED + 2 * office.HOUR, secret=office.SECRET)


def test_a_message_is_acknowledged_once(database: store.Database) -> None:
    message = office.file_message(database, "no_comment")
    mail = answer(database, message)
    assert mail is not None
    assert mail.to == ("migrant-fp@ilo.example",)
    assert mail.cc == ()
    assert "Recorded: no comments." in mail.text
    assert answer(database, message) is None


def make_change(kind: ChangeKind) -> Change:
    """A change of one kind."""
    return Change(kind=kind, origin=Origin.TRACKED, story="body", start=0, end=0, old="", new="x")


def test_changes_and_comments_are_counted(database: store.Database) -> None:
    message = office.file_message(database, "contribution")
    kinds = (ChangeKind.INSERTION, ChangeKind.COMMENT, ChangeKind.DELETION)
    with database.begin() as db:
        store.proposals.add_proposals(
            db,
            message_id=message,
            round_id=1,
            draft="YTH",
            revision="r0",
            agency="ILO",
            body=None,
            changes=[make_change(kind) for kind in kinds],
        )
    mail = answer(database, message)
    assert mail is not None
    assert "Read: 2 changes and 1 comment." in mail.text


@pytest.mark.parametrize(
    "kind", ["auto_reply", "bounce", "delay_notice", "receipt", "calendar", "recall", "own_mail", "list", "spam"]
)
def test_machine_mail_is_never_answered(database: store.Database, kind: str) -> None:
    assert answer(database, office.file_message(database, kind)) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"acknowledge": False},
        {"sender": None},
        {"sender": "somebody@elsewhere.example"},
        {"sender": "migrant-fp@unicef.example"},
        {"agency": "NOBODY"},
        {"round_id": None},
        {"place": Place.QUARANTINED},
        {"place": Place.IGNORED},
        {"place": Place.FAILED},
        {"identity": {"authentication_failed": True}},
        {"identity": {"lookalike_of": "ILO"}},
    ],
)
def test_what_is_not_surely_from_a_member_is_not_answered(database: store.Database, facts: dict[str, Any]) -> None:
    assert answer(database, office.file_message(database, **facts)) is None


def test_a_repeated_message_is_not_answered(database: store.Database) -> None:
    first = office.file_message(database)
    again = office.file_message(database, at=office.OPENED + 2 * office.HOUR, duplicate_of=first)
    assert answer(database, again) is None


def test_a_colleague_who_is_not_on_the_roster_is_answered_through_the_focal_point(database: store.Database) -> None:
    mail = answer(database, office.file_message(database, sender="skills-unit@ilo.example"))
    assert mail is not None
    assert mail.to == ("migrant-fp@ilo.example",)


def test_a_body_is_answered_by_its_own_name(database: store.Database) -> None:
    message = office.file_message(database, agency="RC", body="ECE", sender="population-unit@ece.example")
    mail = answer(database, message)
    assert mail is not None
    assert (mail.agency, mail.to) == ("ECE", ("population-unit@ece.example",))


def test_a_held_message_is_said_to_be_with_a_person(database: store.Database) -> None:
    mail = answer(database, office.file_message(database, place=Place.HELD))
    assert mail is not None
    assert "a person looks at it" in mail.text
    assert "Recorded" not in mail.text


# --- several mails, one receipt -------------------------------------------------------------------------------------

START = office.OPENED + 2 * office.HOUR
MINUTE = timedelta(minutes=1)


def send_due(database: store.Database, now: datetime) -> None:
    """What may leave by `now` has left, at its own time."""
    with database.begin() as db:
        for due in store.outbox.list_due(db, now):
            if due.mail.occasion is Occasion.ACKNOWLEDGEMENT:
                store.outbox.claim(db, due.id)
                store.outbox.settle(db, due.id, MailState.SENT, due.mail.not_before)


def take_in(database: store.Database, minute: int, number: int, **facts: Any) -> OutgoingMail | None:
    """The receipt that names a message taken in at this minute, once everything before it has left."""
    now = START + minute * MINUTE
    send_due(database, now - timedelta(seconds=1))
    id = office.file_message(database, at=START + minute * MINUTE + timedelta(seconds=number), **facts)
    with database.begin() as db:
        return acknowledge(db, store.messages.get_message(db, id), now=now, secret=office.SECRET)


def list_receipts(database: store.Database) -> list[tuple[int, int]]:
    """(minute at which it leaves, how many messages it names) of every receipt, in order."""
    sent = [each for each in office.list_mails(database) if each.mail.occasion is Occasion.ACKNOWLEDGEMENT]
    with database.read() as db:
        named = [len(store.receipts.list_answered(db, each.id)) for each in sent]
    return [((each.mail.not_before - START) // MINUTE, count) for each, count in zip(sent, named, strict=True)]


@pytest.mark.parametrize(
    ("minutes", "receipts"),
    [
        ((0,), [(0, 1)]),
        ((0, 0, 0), [(0, 3)]),
        ((0, 3), [(0, 1), (10, 1)]),
        ((0, 3, 8), [(0, 1), (10, 2)]),
        ((0, 3, 12), [(0, 1), (10, 1), (20, 1)]),
        ((0, 3, 12, 13), [(0, 1), (10, 1), (20, 2)]),
        ((0, 11), [(0, 1), (11, 1)]),
        ((0, 45), [(0, 1), (45, 1)]),
    ],
    ids=str,
)
def test_the_first_receipt_leaves_at_once_and_what_follows_within_ten_minutes_is_told_together(
    database: store.Database, minutes: tuple[int, ...], receipts: list[tuple[int, int]]
) -> None:
    for number, minute in enumerate(minutes):
        take_in(database, minute, number)
    assert list_receipts(database) == receipts
    leaving = [minute for minute, _ in receipts]
    assert all(later - earlier >= 10 for earlier, later in zip(leaving, leaving[1:], strict=False))


def test_a_receipt_for_several_mails_tells_what_was_read_of_each(database: store.Database) -> None:
    for number, kind in enumerate(("no_comment", "extension_request", "decline")):
        mail = take_in(database, 0, number, kind=kind)
    assert mail is not None
    words = " ".join(mail.text.split())
    assert "your 3 mails on GMG-YTH" in words
    told = re.findall(r"Recorded: no comments|Your request for more time|no contribution will come", words)
    assert told == ["Recorded: no comments", "Your request for more time", "no contribution will come"]
    (sent,) = [each for each in office.list_mails(database) if each.mail.occasion is Occasion.ACKNOWLEDGEMENT]
    assert (sent.mail.text, sent.mail.raw, sent.mail.message_id) == (mail.text, mail.raw, mail.message_id)


@pytest.mark.parametrize(
    "other",
    [
        {"sender": "skills@ilo.example", "agency": "WHO", "identity": {"agency": "WHO"}},
        {"agency": "RC", "body": "ECE", "sender": "population-unit@ece.example"},
    ],
    ids=["unknown", "body"],
)
def test_receipts_of_other_senders_are_not_joined(database: store.Database, other: dict[str, Any]) -> None:
    take_in(database, 0, 0)
    before = list_receipts(database)
    take_in(database, 0, 1, **other)
    assert list_receipts(database)[0] == before[0]


def test_a_receipt_that_a_person_holds_back_stays_as_it_is(database: store.Database) -> None:
    first = take_in(database, 0, 0)
    assert first is not None
    with database.begin() as db:
        (sent,) = store.outbox.find_outgoing(db, [first.message_id])
        store.outbox.hold(db, sent.id, "anna", START)
    take_in(database, 1, 1)
    assert [count for _, count in list_receipts(database)] == [1, 1]


# --- switches -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "agency", "silent"),
    [("YTH", "", True), ("", "ILO", True), ("YTH", "ILO", True), ("HLD", "", False), ("", "WHO", False)],
)
def test_no_receipt_goes_out_where_they_are_switched_off(
    database: store.Database, draft: str, agency: str, silent: bool
) -> None:
    assert switch_receipts(database, draft, agency, on=False, by="anna", now=START)
    assert (take_in(database, 0, 0) is None) is silent
    assert switch_receipts(database, draft, agency, on=True, by="anna", now=START)
    assert take_in(database, 1, 1) is not None


def test_a_member_is_switched_off_with_its_bodies(database: store.Database) -> None:
    switch_receipts(database, "", "RC", on=False, by="anna", now=START)
    assert take_in(database, 0, 0, agency="RC", body="ECE", sender="population-unit@ece.example") is None


@pytest.mark.parametrize(("draft", "agency"), [("NIX", ""), ("", "NIX")])
def test_what_is_not_there_cannot_be_switched(database: store.Database, draft: str, agency: str) -> None:
    with pytest.raises(UsageError, match="no (draft|agency) NIX"):
        switch_receipts(database, draft, agency, on=False, by="anna", now=START)
