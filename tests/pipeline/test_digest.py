"""Mail to the chair: once a morning, once for a deadline; and the law that what is rehearsed is what leaves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline import digest
from pipeline.adapters import store
from pipeline.core.model import Deadline, MailState, Occasion, OutgoingMail, RoundEnd
from pipeline.deliver import deliver
from pipeline.digest import switch_digest, tell_chair
from pipeline.extend import decide_extension
from pipeline.rehearse import rehearse_all
from pipeline.remind import remind, set_ladder
from tests.pipeline import office
from tests.pipeline.test_deliver import Server

HOUR = timedelta(hours=1)
MORNING = datetime.fromisoformat("2012-10-24T09:00+02:00")
AFTER = datetime.fromisoformat("2012-11-01T09:00+01:00")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round, its calls sent."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        deliver(opened, Server(), office.OPENED)
        yield opened


def tell(database: store.Database, now: datetime) -> dict[str, OutgoingMail]:
    """What the chair is told at `now`, by key."""
    office.note_poll(database, now)
    return {mail.key: mail for mail in tell_chair(database, now, office.SECRET)}


def test_a_digest_leaves_once_a_morning(database: store.Database) -> None:
    assert tell(database, MORNING - HOUR) == {}
    (mail,) = tell(database, MORNING).values()
    assert (mail.key, mail.to, mail.agency) == ("digest:2012-10-24", ("gmg-chair@unodc.example",), None)
    assert tell(database, MORNING) == tell(database, MORNING + 3 * HOUR) == {}
    assert tell(database, MORNING + 24 * HOUR).keys() == {"digest:2012-10-25"}


@pytest.mark.parametrize("hours", [9, 24 * 2, 24 * 3, 24 * 4])
def test_no_digest_at_night_on_a_holiday_or_a_weekend(database: store.Database, hours: int) -> None:
    assert tell(database, MORNING + hours * HOUR) == {}


def test_a_digest_names_who_is_missing_what_waits_and_who_is_reminded_today(database: store.Database) -> None:
    office.file_message(database, "no_comment", agency="WHO", sender="mhd@who.example")
    waits = office.file_message(database, "contribution", attention=True, flags=("unreadable_attachment:doc",))
    (mail,) = tell(database, MORNING).values()
    text = " ".join(mail.text.split())
    assert "1 of 15 have answered" in text
    missing = text.partition("Missing: ")[2].partition(" - ")[0]
    assert not {"WHO", "ILO", "UNICEF"} & set(missing.split(", "))
    assert f"ILO has written (message {waits})" in text
    assert "DESA" in text.partition("Reminded today: ")[2]
    assert mail.subject == "GMG on 24 October 2012: 13 missing, 1 for you to look at"


def test_a_digest_names_reminders_that_wait_for_a_release(database: store.Database) -> None:
    set_ladder(database, 1, "T-7", ask_first=True, by="officer", now=office.OPENED)
    office.note_poll(database, MORNING)
    remind(database, MORNING, office.SECRET)
    (mail,) = tell(database, MORNING).values()
    text = " ".join(mail.text.split())
    assert "Reminded today" not in text
    assert "ILO" in text.partition("wait until you release them: ")[2]


def test_a_digest_is_switched_off_and_on_by_a_person(database: store.Database) -> None:
    switch_digest(database, False, by="officer", now=MORNING)
    assert tell(database, MORNING) == {}
    switch_digest(database, True, by="officer", now=MORNING)
    assert tell(database, MORNING).keys() == {"digest:2012-10-24"}
    with database.read() as db:
        entries = store.audit.list_entries(db, subject="digest")
    assert [entry.what for entry in entries] == ["switched the digest on", "switched the digest off"]


def test_a_digest_can_be_looked_at_without_being_sent(database: store.Database) -> None:
    before = office.list_mails(database)
    mail = digest.preview_digest(database, MORNING - 2 * HOUR, office.SECRET)
    assert mail is not None
    assert "GMG-YTH r0" in mail.text
    assert office.list_mails(database) == before


def test_the_chair_is_told_once_that_a_deadline_has_passed(database: store.Database) -> None:
    assert "nudge:1" not in tell(database, AFTER - HOUR)
    mail = tell(database, AFTER)["nudge:1"]
    assert (mail.occasion, mail.round_id) == (Occasion.NUDGE, 1)
    assert "penholder round close 1" in mail.text
    for days in range(1, 9):
        assert "nudge:1" not in tell(database, AFTER + timedelta(days=days))


def test_nobody_is_told_of_a_round_that_was_closed(database: store.Database) -> None:
    with database.begin() as db:
        store.rounds.close_round(db, 1, AFTER - 2 * HOUR, RoundEnd.CLOSED)
    assert tell(database, AFTER) == {}


def test_a_nudge_says_that_the_mailbox_was_not_read_since_the_deadline(database: store.Database) -> None:
    office.note_poll(database, office.DEADLINE.at - HOUR)
    (mail,) = (mail for mail in tell_chair(database, AFTER, office.SECRET) if mail.occasion is Occasion.NUDGE)
    assert "has not been read since the deadline" in " ".join(mail.text.split())
    assert "has not been read" not in tell(database, AFTER + HOUR).get("nudge:1", mail).subject


def test_mail_to_the_chair_is_no_thread_of_a_round(database: store.Database) -> None:
    for mail in tell(database, AFTER).values():
        assert b"\r\nReferences:" not in mail.raw
        assert "[GMG-" not in mail.subject


def arrange(database: store.Database, case: str) -> None:
    """Something that changes what leaves."""
    if case == "ladder":
        set_ladder(database, 1, "T-5 T-3 T+2", ask_first=False, by="officer", now=office.OPENED)
    if case == "more time":
        until = Deadline(at=office.DEADLINE.at + timedelta(days=5), zone="Europe/Vienna")
        decide_extension(database, 1, "ILO", until, by="officer", now=office.OPENED, secret=office.SECRET)
    if case == "answers":
        office.file_message(database, "no_comment")
        office.file_message(database, "extension_request", agency="WB", sender="wbmigration@worldbank.example")
    if case == "another round":
        office.open_round(database, "HLD", now=office.OPENED + HOUR)


@pytest.mark.parametrize(
    ("case", "begins"),
    [
        ("as usual", 2),
        ("as usual", 24 * 22 + 21),
        ("ladder", 24 * 24 + 3),
        ("more time", 24 * 27),
        ("answers", 24 * 22 + 21),
        ("another round", 24 * 28 + 9),
    ],
)
def test_what_is_rehearsed_is_what_leaves_when_nothing_comes_in(
    database: store.Database, case: str, begins: int
) -> None:
    arrange(database, case)
    now = office.OPENED + begins * HOUR
    until = now + timedelta(days=4)
    said = {(each.key, each.to): each.at for each in rehearse_all(database, now, until) if not each.skipped}
    left: dict[tuple[str, tuple[str, ...]], datetime] = {}
    while now <= until:
        office.note_poll(database, now)
        remind(database, now, office.SECRET)
        tell_chair(database, now, office.SECRET)
        for sent in deliver(database, Server(), now):
            assert sent.state is MailState.SENT
            left[sent.mail.key, sent.mail.to] = now
        now += HOUR
    assert left.keys() == {key for key, at in said.items() if at <= until}
    assert all(timedelta() <= left[key] - said[key] < HOUR for key in left)
