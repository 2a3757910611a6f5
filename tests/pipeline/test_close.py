"""Closing a round: with a person's click only, and everybody is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import close, deliver, remind
from pipeline.adapters import store
from pipeline.core.model import Deadline, MailState, Occasion, RoundEnd, RoundPurpose, SentMail
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


def object_to(database: store.Database, agency: str = "ILO") -> None:
    """An agency objects a day before the closing instant."""
    office.file_message(database, "objection", agency=agency, at=CLOSES - timedelta(days=1), identity={"draft": "JST"})


def end(database: store.Database, hours: int = 1) -> close.Ending:
    """The round closed some hours after the instant."""
    now = CLOSES + timedelta(hours=hours)
    return close.close_round(database, 1, by="officer", now=now, secret=office.SECRET)


def test_silence_is_closed_by_a_person_after_the_mailbox_was_read(database: store.Database) -> None:
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


def test_broken_silence_is_told_to_everybody_once_a_person_releases_it(database: store.Database) -> None:
    object_to(database)
    for _ in range(2):
        close.announce_objections(database, CLOSES, office.SECRET)
    notices = list_notices(database)
    with database.read() as db:
        round = store.rounds.get_round(db, 1)
    assert sorted(str(each.mail.agency) for each in notices) == sorted(asked.agency for asked in round.addressees)
    assert {each.state for each in notices} == {MailState.HELD}
    assert all("ILO objected" in each.mail.text or "ILO a fait" in each.mail.text for each in notices)


def test_nothing_is_announced_while_nobody_objects(database: store.Database) -> None:
    office.file_message(database, "endorsement", at=CLOSES - SECOND)
    assert close.announce_objections(database, CLOSES, office.SECRET) == ()


def test_a_second_objection_replaces_the_notice_that_still_waits(database: store.Database) -> None:
    object_to(database)
    close.announce_objections(database, CLOSES, office.SECRET)
    object_to(database, "WHO")
    close.announce_objections(database, CLOSES, office.SECRET)
    assert {each.mail.key.split(":")[2] for each in list_notices(database)} == {"ILO+WHO"}


def test_broken_silence_reminds_nobody_and_ends_as_broken(database: store.Database) -> None:
    office.file_message(database, "objection", at=office.OPENED + office.HOUR, identity={"draft": "JST"})
    office.note_poll(database, office.T7)
    assert remind.remind(database, office.T7, office.SECRET) == ()
    assert end(database).round.end is RoundEnd.SILENCE_BROKEN


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
