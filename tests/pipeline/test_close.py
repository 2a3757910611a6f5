"""Closing a round: with a person's click only, and everybody is told."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import close, deliver, remind
from pipeline.adapters import store
from pipeline.core.model import (
    Deadline,
    Level,
    MailState,
    Occasion,
    OutgoingMail,
    Place,
    ResponseState,
    RoundEnd,
    RoundPurpose,
    SentMail,
)
from pipeline.enter import enter_answer
from pipeline.errors import UsageError
from tests.pipeline import office
from tests.pipeline.test_deliver import Server

SECOND = timedelta(seconds=1)
CLOSES = office.DEADLINE.at


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with a text under silence, its calls sent."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened, "JST", purpose=RoundPurpose.SILENCE)
        deliver.deliver(opened, Server(), office.OPENED)
        yield opened


def list_notices(database: store.Database, occasion: Occasion = Occasion.SILENCE_BROKEN) -> list[SentMail]:
    """The mails of one occasion that were not cancelled."""
    found = office.list_mails(database)
    return [each for each in found if each.mail.occasion is occasion and each.state is not MailState.CANCELLED]


def object_to(database: store.Database, agency: str = "ILO", *paragraphs: str, days: int = 1) -> int:
    """An agency objects some days before the closing instant."""
    return office.file_message(
        database, "objection", agency=agency, at=CLOSES - timedelta(days=days), sender=f"fp@{agency.lower()}.example",
        identity={"draft": "JST"}, objected_paragraphs=paragraphs,
    )  # fmt: skip


def announce(database: store.Database) -> tuple[OutgoingMail, ...]:
    """The notices the clock writes at the closing instant."""
    return close.announce_objections(database, CLOSES, office.SECRET)


def withdraw_objection(database: store.Database, agency: str = "ILO") -> None:
    """A person enters that an objection was withdrawn."""
    at = CLOSES - timedelta(hours=1)
    enter_answer(database, 1, agency, ResponseState.ENDORSED, by="officer", now=at, reason="by telephone")


def end(database: store.Database, hours: int = 1) -> close.Ending:
    """The round closed some hours after the instant."""
    now = CLOSES + timedelta(hours=hours)
    return close.close_round(database, 1, by="officer", now=now, secret=office.SECRET)


def test_s31_silence_is_closed_by_a_person_after_the_mailbox_was_read(database: store.Database) -> None:
    office.note_poll(database, CLOSES)
    with pytest.raises(UsageError, match="has not been read since the closing instant"):
        end(database)
    assert list_notices(database, Occasion.RESULT) == []
    office.note_poll(database, CLOSES + SECOND)
    ending = end(database)
    assert (ending.round.end, ending.round.closed_at) == (RoundEnd.NO_OBJECTION, CLOSES + timedelta(hours=1))
    told = list_notices(database, Occasion.RESULT)
    assert {each.mail.agency for each in told} == {asked.agency for asked in ending.round.addressees}


def test_a_round_is_closed_once(database: store.Database) -> None:
    office.note_poll(database, CLOSES + SECOND)
    end(database)
    with pytest.raises(UsageError, match="It is closed already"):
        end(database, hours=2)
    told = [each.mail.agency for each in list_notices(database, Occasion.RESULT)]
    assert len(told) == len(set(told))


def test_looking_changes_nothing(database: store.Database) -> None:
    ending = close.read_ending(database, 1, CLOSES, office.SECRET)
    assert ending.mails
    assert ending.closing.obstacles
    assert list_notices(database, Occasion.RESULT) == []


def test_s30_broken_silence_is_told_to_everybody_once_a_person_releases_it(database: store.Database) -> None:
    object_to(database, "ILO", "9", "13")
    announce(database)
    assert announce(database) == ()
    notices = list_notices(database)
    with database.read() as db:
        round = store.rounds.get_round(db, 1)
    assert sorted(str(each.mail.agency) for each in notices) == sorted(asked.agency for asked in round.addressees)
    assert {each.state for each in notices} == {MailState.HELD}
    assert all(re.search(r"ILO \(paragraphe?s 9, 13\)", each.mail.text) for each in notices)
    assert close.release_notices(database, 1, by="officer", now=CLOSES, dry_run=True)
    assert {each.state for each in list_notices(database)} == {MailState.HELD}
    close.release_notices(database, 1, by="officer", now=CLOSES)
    assert {each.state for each in list_notices(database)} == {MailState.QUEUED}
    with pytest.raises(UsageError, match="No notice of round 1 waits"):
        close.release_notices(database, 1, by="officer", now=CLOSES)


def test_nothing_is_announced_while_nobody_objects(database: store.Database) -> None:
    office.file_message(database, "endorsement", at=CLOSES - SECOND)
    assert announce(database) == ()


def test_a_second_objection_replaces_the_notice_that_still_waits(database: store.Database) -> None:
    object_to(database)
    announce(database)
    object_to(database, "WHO", "4")
    announce(database)
    assert all("- ILO\n- WHO (" in each.mail.text for each in list_notices(database))
    agencies = [each.mail.agency for each in list_notices(database)]
    assert len(agencies) == len(set(agencies))


def test_a_notice_nobody_released_goes_when_the_objection_is_withdrawn(database: store.Database) -> None:
    object_to(database)
    announce(database)
    withdraw_objection(database)
    assert announce(database) == ()
    assert list_notices(database) == []
    object_to(database, days=0)
    assert announce(database)


def test_a_notice_a_person_cancelled_is_not_written_again(database: store.Database) -> None:
    object_to(database)
    announce(database)
    with database.begin() as db:
        for each in list_notices(database):
            store.outbox.cancel(db, each.id, "officer", CLOSES)
    assert announce(database) == ()


def test_once_told_broken_silence_is_not_mended_by_a_withdrawal(database: store.Database) -> None:
    object_to(database)
    announce(database)
    close.release_notices(database, 1, by="officer", now=CLOSES)
    deliver.deliver(database, Server(), CLOSES)
    withdraw_objection(database)
    assert end(database).round.end is RoundEnd.SILENCE_BROKEN


def test_broken_silence_ends_as_broken(database: store.Database) -> None:
    object_to(database, days=9)
    ending = end(database)
    assert (ending.round.end, ending.closing.objecting) == (RoundEnd.SILENCE_BROKEN, ("ILO",))


def test_what_is_closed_is_what_somebody_looked_at(database: store.Database) -> None:
    office.note_poll(database, CLOSES + SECOND)
    seen = close.read_ending(database, 1, CLOSES + SECOND, office.SECRET)
    object_to(database)
    with pytest.raises(UsageError, match="would end otherwise now"):
        close.close_round(
            database, 1, by="officer", now=CLOSES + office.HOUR, secret=office.SECRET, seal=seen.closing.seal
        )
    assert list_notices(database, Occasion.RESULT) == []


@pytest.mark.parametrize(
    "told", [{"place": Place.HELD}, {"place": Place.FAILED, "attention": True}, {"place": Place.RECEIVED}]
)
def test_silence_does_not_close_over_mail_of_nobody_known(database: store.Database, told: dict[str, Any]) -> None:
    unknown = {"agency": None, "draft": None, "round_id": None}
    id = office.file_message(database, "other", at=CLOSES - SECOND, identity=unknown, **told)
    office.note_poll(database, CLOSES + SECOND)
    with pytest.raises(UsageError, match=f"Message {id} waits for a person"):
        end(database)


def test_mail_of_nobody_known_after_the_instant_stands_in_nobodys_way(database: store.Database) -> None:
    unknown = {"agency": None, "draft": None, "round_id": None}
    office.file_message(database, "other", at=CLOSES + SECOND, place=Place.HELD, identity=unknown)
    office.note_poll(database, CLOSES + 2 * SECOND)
    assert end(database).round.end is RoundEnd.NO_OBJECTION


def test_who_endorsed_is_named_with_level_and_mail(database: store.Database) -> None:
    told = {"identity": {"draft": "JST", "revision": "r0"}, "endorsed_revision": "r0"}
    by_head = office.file_message(database, "endorsement", agency="ILO", principal_level=True, **told)
    by_expert = office.file_message(database, "endorsement", agency="WHO", sender="fp@who.example", **told)
    enter_answer(
        database, 1, "IOM", ResponseState.RESERVATION, by="officer", now=CLOSES, reason="told by telephone",
        level=Level.PRINCIPAL,
    )  # fmt: skip
    found = {each.agency: each for each in close.read_ending(database, 1, CLOSES, office.SECRET).positions}
    assert [(each.level, each.message_id, each.revision) for each in (found["ILO"], found["WHO"])] == [
        (Level.PRINCIPAL, by_head, "r0"),
        (Level.WORKING, by_expert, "r0"),
    ]
    entered = found["IOM"]
    assert (entered.state, entered.level, entered.entered_by, entered.reason) == (
        ResponseState.RESERVATION,
        Level.PRINCIPAL,
        "officer",
        "told by telephone",
    )


def test_closing_takes_back_reminders_that_still_wait(database: store.Database) -> None:
    office.open_round(database, "YTH")
    office.note_poll(database, office.T7)
    assert any(mail.round_id == 2 for mail in remind.remind(database, office.T7, office.SECRET))
    ending = close.close_round(database, 2, by="officer", now=office.T7 + SECOND, secret=office.SECRET)
    assert (ending.round.end, ending.mails) == (RoundEnd.CLOSED, ())
    assert [each for each in list_notices(database, Occasion.REMINDER) if each.mail.round_id == 2] == []


def test_the_deadline_of_a_closed_round_no_longer_matters(database: store.Database) -> None:
    object_to(database)
    end(database)
    circulation = office.open_round(
        database, "JST", purpose=RoundPurpose.SILENCE, deadline=Deadline(at=CLOSES + timedelta(days=9), zone="UTC"),
        now=CLOSES + timedelta(days=1),
    )  # fmt: skip
    assert circulation.round.id == 2
