"""What a person enters: with who, when, why, and the mail it rests on."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import close
from pipeline.adapters import store
from pipeline.core.model import Deadline, Decision, Response, ResponseState, RoundEnd, RoundPurpose
from pipeline.core.tracking import responses
from pipeline.enter import enter_answer
from pipeline.errors import UsageError
from tests.pipeline import office

NOW = office.OPENED + 2 * office.HOUR


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the endorsement of the joint statement asked."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened, "JST", purpose=RoundPurpose.ENDORSEMENT)
        yield opened


def enter(
    database: store.Database, agency: str = "ILO", state: ResponseState = ResponseState.RESERVATION, **told: Any
) -> Decision:
    """A person enters an answer."""
    told = {"by": "officer", "now": NOW, "reason": "by telephone"} | told
    return enter_answer(database, 1, agency, state, **told)


def stand(database: store.Database, agency: str = "ILO", now: datetime = NOW) -> Response:
    """Where a member stands."""
    with database.read() as db:
        round = store.rounds.get_round(db, 1)
        found = responses(
            round,
            store.drafts.get_draft(db, round.draft),
            store.rosters.get_roster(db),
            store.messages.list_filings(db, 1, until=now),
            store.rounds.list_decisions(db, 1),
            now,
        )
    return next(answer for answer in found if answer.agency == agency)


def test_what_is_entered_stands_with_who_when_and_why(database: store.Database) -> None:
    enter(database, paragraphs=("9",))
    answer = stand(database)
    assert (answer.state, answer.since) == (ResponseState.RESERVATION, NOW)
    assert answer.entered is not None
    assert (answer.entered.by, answer.entered.reason, answer.entered.paragraphs) == ("officer", "by telephone", ("9",))
    with database.read() as db:
        (entry, *_) = store.audit.list_entries(db, subject="round 1")
    assert (entry.who, entry.what) == ("officer", "entered ILO as reservation: by telephone")


def test_a_dry_run_enters_nothing(database: store.Database) -> None:
    enter(database, dry_run=True)
    assert stand(database).state is ResponseState.AWAITING


def test_the_mail_it_rests_on_needs_nobody_any_more(database: store.Database) -> None:
    number = office.file_message(database, "contribution", attention=True, identity={"draft": "JST"})
    assert stand(database).do_not_chase
    enter(database, message_id=number)
    assert stand(database).by == number
    with database.read() as db:
        assert store.messages.count_attention(db) == 0


def test_later_mail_changes_what_was_entered(database: store.Database) -> None:
    enter(database, state=ResponseState.AWAITING)
    later = NOW + office.HOUR
    number = office.file_message(database, "endorsement", at=later, identity={"draft": "JST"})
    answer = stand(database, now=later)
    assert (answer.state, answer.by, answer.entered) == (ResponseState.ENDORSED, number, None)


@pytest.mark.parametrize(
    ("agency", "told", "words"),
    [
        ("ILO", {"reason": ""}, "how you know"),
        ("ILO", {"state": ResponseState.LEAD}, "cannot be entered"),
        ("ECA", {}, "no member ECA"),
        ("NASA", {}, "no member NASA"),
        ("UNODC", {}, "leads this draft"),
        ("ILO", {"message_id": 99}, "no message 99"),
    ],
    ids=["no reason", "no state of a person", "a body", "nobody", "the lead", "no mail"],
)
def test_what_cannot_be_entered_is_refused(
    database: store.Database, agency: str, told: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        enter(database, agency, **told)


def test_the_mail_of_another_member_is_no_reason(database: store.Database) -> None:
    number = office.file_message(database, agency="WHO", identity={"draft": "JST"})
    with pytest.raises(UsageError, match="not known to be of ILO"):
        enter(database, message_id=number)


def test_nothing_is_entered_in_a_closed_round(database: store.Database) -> None:
    with database.begin() as db:
        store.rounds.close_round(db, 1, NOW, RoundEnd.NOT_ENDORSED)
    with pytest.raises(UsageError, match="Round 1 is closed"):
        enter(database)


def test_the_last_endorsement_may_be_a_reservation(database: store.Database) -> None:
    with database.read() as db:
        members = [agency.code for agency in store.rosters.get_roster(db).members if agency.code != "UNODC"]
    for code in members[:-1]:
        enter(database, code, ResponseState.ENDORSED)
    closing = close.read_ending(database, 1, NOW, office.SECRET).closing
    assert (closing.end, closing.missing) == (RoundEnd.NOT_ENDORSED, (members[-1],))
    enter(database, members[-1], ResponseState.RESERVATION)
    closing = close.read_ending(database, 1, NOW, office.SECRET).closing
    assert (closing.end, closing.reservations) == (RoundEnd.ENDORSED, (members[-1],))


def test_an_endorsement_of_another_text_is_none_of_this_one(database: store.Database) -> None:
    with database.begin() as db:
        store.rounds.close_round(db, 1, NOW, RoundEnd.NOT_ENDORSED)
    office.file_message(
        database, "endorsement", identity={"draft": "JST"}, flags=("endorsed_revision:r0",), endorsed_revision="r0"
    )
    office.open_round(
        database, "JST", purpose=RoundPurpose.ENDORSEMENT, revision="r1", now=NOW,
        deadline=Deadline(at=office.DEADLINE.at, zone="UTC"),
    )  # fmt: skip
    closings = [close.read_ending(database, number, NOW, office.SECRET).closing for number in (1, 2)]
    assert ["ILO" in closing.endorsed for closing in closings] == [True, False]
    assert "ILO" in closings[1].missing
