"""Never reminded: who has answered, leads, waits for a decision, has a mail in our queue, or cannot be reached."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import appoint, remind
from pipeline.adapters import store
from pipeline.core.model import Deadline, Decision, MailState, Place, ResponseState
from pipeline.core.rehearsal import Departure
from pipeline.correct import close_attention
from pipeline.deliver import deliver
from pipeline.errors import UsageError
from pipeline.extend import decide_extension
from pipeline.rehearse import rehearse_all, rehearse_round
from pipeline.understand import Desk
from tests.pipeline import desk as small
from tests.pipeline import office
from tests.pipeline.test_deliver import Server

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round, its calls sent."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        deliver(opened, Server(), office.OPENED)
        yield opened


def remind_at(database: store.Database, now: datetime) -> dict[str | None, str]:
    """Step by agency of what falls due at `now`, with a mailbox just read."""
    office.note_poll(database, now)
    return {mail.agency: mail.key.split(":")[2] for mail in remind.remind(database, now, office.SECRET)}


@pytest.mark.parametrize("kind", ["contribution", "no_comment", "decline", "endorsement"])
def test_who_has_answered_is_left_alone(database: store.Database, kind: str) -> None:
    office.file_message(database, kind)
    assert "ILO" not in remind_at(database, office.T7)


def test_who_leads_is_left_alone(database: store.Database) -> None:
    reminded = {agency for hours in range(30) for agency in remind_at(database, office.T7 + hours * HOUR)}
    assert "UNICEF" not in reminded
    assert len(reminded) == 19


def test_who_waits_for_a_decision_on_more_time_is_left_alone(database: store.Database) -> None:
    office.file_message(database, "extension_request")
    assert "ILO" not in remind_at(database, office.T7)


@pytest.mark.parametrize("place", [Place.HELD, Place.FAILED, Place.QUARANTINED, Place.FILED])
@pytest.mark.parametrize("round_id", [1, None])
def test_whose_mail_lies_in_our_queue_is_left_alone_until_a_person_has_looked(
    database: store.Database, place: Place, round_id: int | None
) -> None:
    id = office.file_message(database, "other", place=place, round_id=round_id, attention=True)
    assert "ILO" not in remind_at(database, office.T7)
    with database.begin() as db:
        store.messages.close_attention(db, id, "officer", office.T7, "nothing in it")
    assert "ILO" in remind_at(database, office.T7 + MINUTE)


def test_whose_every_address_bounces_is_left_alone(database: store.Database) -> None:
    with database.begin() as db:
        agency = store.rosters.get_roster(db).get_agency("ILO")
        for contact in agency.contacts:
            store.rosters.mark_bounced(db, contact.address, office.OPENED)
    assert "ILO" not in remind_at(database, office.T7)
    lines = [each for each in rehearse_all(database, office.T7) if each.agency == "ILO"]
    assert {each.skipped for each in lines} == {"no address works: every one has bounced"}


def test_a_body_without_a_working_address_is_left_alone(database: store.Database) -> None:
    with database.begin() as db:
        for contact in store.rosters.get_roster(db).get_agency("ECE").contacts:
            store.rosters.mark_bounced(db, contact.address, office.OPENED)
    lines = [each for each in rehearse_all(database, office.T7) if each.agency == "ECE"]
    assert {each.skipped for each in lines} == {"no address works"}
    assert "ECE" not in {agency for hours in range(30) for agency in remind_at(database, office.T7 + hours * HOUR)}


# --- A private box ---------------------------------------------------------------------------------------------------


def read_obstacle(desk: Desk, agency: str = "ILO") -> str:
    """Why the agency is skipped; "" when it is not."""
    lines = [each for each in rehearse_round(desk.database, 1, small.NOW) if each.agency == agency and each.step]
    found = {each.skipped for each in lines}
    assert len(found) == 1
    return found.pop()


PRIVATE = "A Person <person@webmail.example>"


@pytest.mark.parametrize(
    ("mail", "taken_for"),
    [
        # -- it answers the call that went to ILO
        ({"sender": PRIVATE}, "ILO"),
        # -- it shows the name of ILO and answers nothing of ours
        ({"sender": "ILO Water <person@webmail.example>", "in_reply_to": "", "subject": "water"}, "ILO"),
        ({"sender": PRIVATE, "in_reply_to": "", "subject": "water"}, ""),
    ],
)
def test_mail_held_from_a_private_box_keeps_the_member_it_may_be_of_from_being_reminded(
    desk: Desk, mail: dict[str, Any], taken_for: str
) -> None:
    (receipt,) = small.take(desk, small.answer(desk, "ILO", **mail))
    assert receipt.place is Place.HELD
    assert read_obstacle(desk) == (f"needs attention: message {receipt.message_id}" if taken_for else "")
    assert read_obstacle(desk, "WHO") == ""
    close_attention(desk, receipt.message_id, by="officer", now=small.NOW, remark="not theirs")
    assert read_obstacle(desk) == ""


# --- Somebody is away ------------------------------------------------------------------------------------------------

AWAY = "I am out of the office until 30 October 2012. In urgent cases write to deputy@ilo.example."


def reply_automatically(desk: Desk, text: str = AWAY, **mail: Any) -> int:
    """The number of an out-of-office reply of ILO's focal point."""
    told = {"subject": "Automatic reply: water", "headers": {"Auto-Submitted": "auto-replied"}}
    (receipt,) = small.take(desk, small.answer(desk, "ILO", text, **(told | mail)))
    return receipt.message_id


def find_step(desk: Desk, step: str, now: datetime = small.NOW) -> Departure:
    """ILO's line of the rehearsal."""
    return next(each for each in rehearse_round(desk.database, 1, now) if (each.agency, each.step) == ("ILO", step))


def test_a_step_that_falls_into_an_absence_waits_for_the_return(desk: Desk) -> None:
    before = find_step(desk, "T-7").at
    reply_automatically(desk)
    line = find_step(desk, "T-7")
    assert line.at.date() == date(2012, 10, 31) > before.date()
    assert line.moved == "water@ilo.example is away until 30 October 2012"
    # the return comes too late for nothing after it
    assert find_step(desk, "T+1").moved == ""


def test_whoever_writes_again_is_back(desk: Desk) -> None:
    reply_automatically(desk)
    small.take(desk, small.answer(desk, "ILO", "Well received, thank you."), at=small.OPENED + 3 * HOUR)
    assert find_step(desk, "T-7").moved == ""


def test_a_return_after_the_deadline_moves_nothing(desk: Desk) -> None:
    reply_automatically(desk, "I am out of the office until 20 November 2012.")
    assert {find_step(desk, step).moved for step in ("T-7", "T-2", "T+1")} == {""}


def test_a_forged_absence_moves_nothing(desk: Desk) -> None:
    failed = "mx.wtg.example; spf=fail; dkim=none; dmarc=fail header.from=ilo.example"
    reply_automatically(desk, headers={"Auto-Submitted": "auto-replied", "Authentication-Results": failed})
    assert find_step(desk, "T-7").moved == ""


def test_a_named_deputy_is_added_with_one_step_and_written_to_without_waiting(desk: Desk) -> None:
    id = reply_automatically(desk)
    with desk.database.read() as db:
        (absence,) = store.absences.list_absences(db, small.NOW)
    assert absence.deputies == ("deputy@ilo.example",)
    appoint.appoint(desk.database, id, "deputy@ilo.example", by="officer", now=small.NOW)
    line = find_step(desk, "T-7")
    assert (line.moved, "deputy@ilo.example" in line.cc) == ("", True)
    with desk.database.read() as db:
        (entry,) = store.audit.list_entries(db, subject=f"message {id}")
    assert "deputy@ilo.example" in entry.what
    with pytest.raises(UsageError, match="names no deputy"):
        appoint.appoint(desk.database, id, "deputy@ilo.example", by="officer", now=small.NOW)


@pytest.mark.parametrize("address", ["other@ilo.example", "water@who.example", "drafts@wtg.example"])
def test_nobody_else_is_added(desk: Desk, address: str) -> None:
    text = "I am out of the office until 30 October 2012. Write to water@who.example or drafts@wtg.example."
    id = reply_automatically(desk, text)
    with pytest.raises(UsageError, match="names no deputy"):
        appoint.appoint(desk.database, id, address, by="officer", now=small.NOW)


# --- A ladder of one's own -------------------------------------------------------------------------------------------


def test_a_round_reminds_by_its_own_ladder(database: store.Database) -> None:
    ladder = remind.set_ladder(database, 1, "T+1 T-5", ask_first=False, by="officer", now=office.OPENED)
    assert ladder == ("T-5", "T+1")
    assert remind_at(database, office.T7) == {}
    assert remind_at(database, office.T7 + 49 * HOUR)["ILO"] == "T-5"


def test_an_empty_ladder_reminds_nobody(database: store.Database) -> None:
    remind.set_ladder(database, 1, "", ask_first=False, by="officer", now=office.OPENED)
    assert not [each for each in rehearse_all(database, office.T7) if each.agency]


def test_a_new_ladder_does_not_bring_back_what_is_before_a_step_that_went_out(database: store.Database) -> None:
    assert remind_at(database, office.T7)["ILO"] == "T-7"
    remind.set_ladder(database, 1, "T-8 T-2", ask_first=False, by="officer", now=office.T7 + HOUR)
    assert "ILO" not in remind_at(database, office.T7 + 24 * HOUR)
    skipped = {each.step: each.skipped for each in rehearse_all(database, office.T7 + 2 * HOUR) if each.agency == "ILO"}
    assert skipped == {"T-8": "a later reminder went out", "T-2": ""}


def test_a_waiting_reminder_whose_step_was_taken_off_the_ladder_is_taken_out(database: store.Database) -> None:
    remind_at(database, office.T7)
    remind.set_ladder(database, 1, "T-2", ask_first=False, by="officer", now=office.T7 + MINUTE)
    remind_at(database, office.T7 + 2 * MINUTE)
    states = {sent.mail.key: sent.state for sent in office.list_mails(database)}
    assert states["reminder:1:T-7:ILO"] is MailState.CANCELLED


# --- Ask me first ----------------------------------------------------------------------------------------------------


def list_states(database: store.Database) -> dict[str, MailState]:
    """States by key of the reminders to ILO."""
    return {
        sent.mail.key.split(":")[2]: sent.state
        for sent in office.list_mails(database)
        if sent.mail.key.startswith("reminder:") and sent.mail.agency == "ILO"
    }


def ask_first(database: store.Database) -> None:
    """Let a person release the reminders of the round."""
    remind.set_ladder(database, 1, "T-7 T-2 T+1", ask_first=True, by="officer", now=office.OPENED)


def settle(database: store.Database, now: datetime, *, skip: bool = False) -> int:
    """A person decides on the held reminder of ILO."""
    with database.read() as db:
        ids = [sent.id for sent in remind.list_held(db, 1) if sent.mail.agency == "ILO"]
    return remind.settle_held(database, 1, ids, skip=skip, by="officer", now=now)


def test_a_round_that_asks_first_holds_its_reminders_until_they_are_released(database: store.Database) -> None:
    ask_first(database)
    remind_at(database, office.T7)
    assert list_states(database) == {"T-7": MailState.HELD}
    server = Server()
    deliver(database, server, office.T7 + HOUR)
    assert server.accepted == []
    assert settle(database, office.T7 + HOUR) == 1
    remind_at(database, office.T7 + HOUR)
    deliver(database, server, office.T7 + HOUR)
    assert [mail.key for mail in server.accepted] == ["reminder:1:T-7:ILO"]


def test_a_reminder_released_in_the_evening_leaves_in_the_morning(database: store.Database) -> None:
    ask_first(database)
    remind_at(database, office.T7)
    server = Server()
    settle(database, office.T7 + 12 * HOUR)
    for hours in range(12, 26):
        remind_at(database, office.T7 + hours * HOUR)
        deliver(database, server, office.T7 + hours * HOUR)
        assert len(server.accepted) == (hours >= 24)


def test_a_skipped_reminder_never_leaves_and_the_next_step_asks_again(database: store.Database) -> None:
    ask_first(database)
    remind_at(database, office.T7)
    assert settle(database, office.T7 + HOUR, skip=True) == 1
    remind_at(database, office.T7 + 24 * HOUR)
    assert list_states(database) == {"T-7": MailState.CANCELLED}
    remind_at(database, datetime.fromisoformat("2012-10-29T09:00+01:00"))
    assert list_states(database) == {"T-7": MailState.CANCELLED, "T-2": MailState.HELD}


def test_an_answer_takes_a_held_reminder_away(database: store.Database) -> None:
    ask_first(database)
    remind_at(database, office.T7)
    office.file_message(database, "no_comment", at=office.T7 + MINUTE)
    remind_at(database, office.T7 + HOUR)
    assert list_states(database) == {"T-7": MailState.CANCELLED}
    assert settle(database, office.T7 + HOUR) == 0


def test_held_reminders_of_a_day_cost_no_write_until_something_changes(database: store.Database) -> None:
    ask_first(database)
    remind_at(database, office.T7)
    with database.read() as db:
        before = store.outbox.list_outgoing(db, limit=1000)
    assert remind.remind(database, office.T7 + MINUTE, office.SECRET) == ()
    with database.read() as db:
        assert store.outbox.list_outgoing(db, limit=1000) == before


def test_a_state_set_by_hand_and_more_time_are_seen_by_the_rehearsal(database: store.Database) -> None:
    by_hand = Decision(
        agency="ILO",
        round_id=1,
        kind="set_state",
        at=office.OPENED + HOUR,
        by="officer",
        state=ResponseState.NO_COMMENT,
        reason="by telephone",
    )
    with database.begin() as db:
        store.rounds.decide(db, by_hand)
    until = Deadline(at=office.DEADLINE.at + timedelta(days=7), zone="Europe/Vienna")
    decide_extension(database, 1, "WHO", until, by="officer", now=office.OPENED + HOUR, secret=office.SECRET)
    found = {(each.agency, each.step): each for each in rehearse_all(database, office.OPENED + 2 * HOUR)}
    assert found["ILO", "T-7"].skipped == "has answered: no comment"
    assert found["WHO", "T-7"].at.date() - found["IOM", "T-7"].at.date() == timedelta(days=7)


def test_a_round_of_another_number_is_not_known(database: store.Database) -> None:
    with pytest.raises(UsageError, match="no round 9"):
        rehearse_round(database, 9, office.OPENED)
    with pytest.raises(UsageError, match="no round 9"):
        remind.set_ladder(database, 9, "T-7", ask_first=False, by="officer", now=office.OPENED)
