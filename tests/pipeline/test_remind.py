"""Reminders: once, in time, never to whom has answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline import deliver, remind
from pipeline.adapters import store
from pipeline.core.model import Deadline, MailState, Occasion, OutgoingMail
from pipeline.extend import decide_extension
from tests.pipeline import office
from tests.pipeline.test_deliver import Server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round, its calls sent."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        deliver.deliver(opened, Server(), office.OPENED)
        yield opened


def remind_at(database: store.Database, now: datetime) -> dict[str | None, OutgoingMail]:
    """What falls due at `now`, with a mailbox just read."""
    office.note_poll(database, now)
    return {mail.agency: mail for mail in remind.remind(database, now, office.SECRET)}


def test_reminders_fall_due_in_the_addressees_morning(database: store.Database) -> None:
    assert remind_at(database, office.T7 - MINUTE).keys() & {"ILO", "DESA"} == set()
    assert remind_at(database, office.T7).keys() & {"ILO", "DESA"} == {"ILO"}
    assert remind_at(database, office.T7 + 6 * office.HOUR).keys() & {"ILO", "DESA"} == {"DESA"}


def test_running_twice_sends_once(database: store.Database) -> None:
    first = remind_at(database, office.T7)
    assert first
    assert remind_at(database, office.T7) == {}
    assert remind_at(database, office.T7 + 30 * MINUTE) == {}


def test_a_reminder_is_in_the_thread_of_the_call(database: store.Database) -> None:
    mail = remind_at(database, office.T7)["ILO"]
    with database.read() as db:
        round = store.rounds.get_round(db, 1)
    call = next(addressee.message_id for addressee in round.addressees if addressee.agency == "ILO")
    assert message_from_bytes(mail.raw, policy=default)["References"].strip() == call


def test_who_has_answered_is_not_reminded(database: store.Database) -> None:
    office.file_message(database, "no_comment")
    assert "ILO" not in remind_at(database, office.T7)


def test_whose_mail_waits_for_a_person_is_not_reminded(database: store.Database) -> None:
    office.file_message(database, "contribution", attention=True, flags=("unreadable_attachment:doc",))
    assert "ILO" not in remind_at(database, office.T7)


def test_nobody_is_reminded_while_the_mailbox_is_not_read(database: store.Database) -> None:
    office.note_poll(database, office.T7 - MINUTE)
    assert "ILO" not in {mail.agency for mail in remind.remind(database, office.T7, office.SECRET)}


def test_an_answer_takes_a_waiting_reminder_out_of_the_outbox(database: store.Database) -> None:
    remind_at(database, office.T7)
    office.file_message(database, "no_comment", at=office.T7 + MINUTE)
    remind_at(database, office.T7 + 2 * MINUTE)
    server = Server()
    deliver.deliver(database, server, office.T7 + 2 * MINUTE)
    assert "reminder:1:T-7:ILO" not in {mail.key for mail in server.accepted}
    assert server.accepted


def test_a_reminder_that_could_not_leave_gives_way_to_the_next_step(database: store.Database) -> None:
    remind_at(database, office.T7)
    t2 = datetime.fromisoformat("2012-10-29T09:00+01:00")
    remind_at(database, t2)
    server = Server()
    deliver.deliver(database, server, t2)
    assert [mail.key for mail in server.accepted if mail.agency == "ILO"] == ["reminder:1:T-2:ILO"]


def test_a_reminder_that_waited_past_the_deadline_does_not_leave(database: store.Database) -> None:
    remind_at(database, datetime.fromisoformat("2012-10-29T09:00+01:00"))
    remind_at(database, office.DEADLINE.at)
    states = {sent.mail.key: sent.state for sent in office.list_mails(database)}
    assert states["reminder:1:T-2:ILO"] is MailState.CANCELLED


def test_a_reminder_that_could_not_leave_by_day_does_not_leave_at_night(database: store.Database) -> None:
    remind_at(database, office.T7)
    server = Server()
    for hours in range(10, 24):
        remind_at(database, office.T7 + hours * office.HOUR)
        deliver.deliver(database, server, office.T7 + hours * office.HOUR)
    assert "reminder:1:T-7:ILO" not in {mail.key for mail in server.accepted}
    remind_at(database, office.T7 + 24 * office.HOUR)
    deliver.deliver(database, server, office.T7 + 24 * office.HOUR)
    assert [mail.key for mail in server.accepted].count("reminder:1:T-7:ILO") == 1


def test_more_time_keeps_a_waiting_reminder_back(database: store.Database) -> None:
    remind_at(database, office.T7)
    later = Deadline(at=office.DEADLINE.at + timedelta(days=5), zone=office.DEADLINE.zone)
    decide_extension(database, 1, "ILO", later, by="officer", now=office.T7 + MINUTE, secret=office.SECRET)
    remind_at(database, office.T7 + 2 * MINUTE)
    server = Server()
    deliver.deliver(database, server, office.T7 + 2 * MINUTE)
    assert "reminder:1:T-7:ILO" not in {mail.key for mail in server.accepted}
    (waiting,) = (sent for sent in office.list_mails(database) if sent.mail.key == "reminder:1:T-7:ILO")
    # summer time ends on 28 October
    assert waiting.mail.not_before == office.T7 + timedelta(days=5, hours=1)


def test_each_body_not_yet_heard_gets_its_own(database: store.Database) -> None:
    office.file_message(database, "contribution", agency="RC", body="ECA", sender="migration@eca.example")
    keys = set()
    # the deadline is midnight in Bangkok: its seventh day before is a day later
    for hours in range(-6, 25):
        keys |= {mail.key for mail in remind_at(database, office.T7 + hours * office.HOUR).values()}
    regional = {key.rpartition(":")[2] for key in keys} & {"RC", "ECA", "ECE", "ECLAC", "ESCAP", "ESCWA"}
    assert regional == {"RC", "ECE", "ECLAC", "ESCWA"}


def test_a_round_played_by_the_hour_reminds_each_at_most_once_a_step(database: store.Database) -> None:
    server = Server()
    for hours in range(24 * 12):
        now = office.T7 - timedelta(days=1) + hours * office.HOUR
        remind_at(database, now)
        deliver.deliver(database, server, now)
    keys = [mail.key for mail in server.accepted]
    assert len(keys) == len(set(keys))
    # twenty addressees without the lead, three steps
    assert len(keys) == 19 * 3


def test_more_time_moves_the_reminders_of_one_agency(database: store.Database) -> None:
    until = office.DEADLINE.__class__(at=office.DEADLINE.at + timedelta(days=7), zone="Europe/Vienna")
    asked = office.file_message(database, "extension_request")
    assert "ILO" not in remind_at(database, office.T7)
    mail = decide_extension(database, 1, "ILO", until, by="officer", now=office.T7 + MINUTE, secret=office.SECRET)
    assert mail is not None
    assert mail.occasion is Occasion.EXTENSION
    assert "7 November 2012" in mail.text
    assert asked
    assert "ILO" not in remind_at(database, office.T7 + 2 * MINUTE)
    assert remind_at(database, office.T7 + timedelta(days=7, hours=1))["ILO"].key == "reminder:1:T-7:ILO"
