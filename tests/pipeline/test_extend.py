"""More time, granted or refused."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.core.model import Deadline, OutgoingMail, RoundEnd
from pipeline.errors import UsageError
from pipeline.extend import decide_extension
from tests.pipeline import office

LATER = Deadline(at=office.DEADLINE.at + timedelta(days=7), zone="Europe/Vienna")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        yield opened


def decide(database: store.Database, until: Deadline | None, **changes: Any) -> OutgoingMail | None:
    """A decision on ILO in the youth round."""
    told: dict[str, Any] = {"round_id": 1, "agency": "ILO", "by": "officer", "now": office.T7, "secret": office.SECRET}
    told |= changes
    return decide_extension(database, told.pop("round_id"), told.pop("agency"), until, **told)


def test_a_grant_is_kept_with_the_mail_that_says_so(database: store.Database) -> None:
    mail = decide(database, LATER)
    assert mail is not None
    assert "Wednesday 7 November 2012, 18:00 Vienna (17:00 UTC)" in " ".join(mail.text.split())
    with database.read() as db:
        (kept,) = store.rounds.list_decisions(db, 1)
        round = store.rounds.get_round(db, 1)
    assert (kept.kind, kept.agency, kept.until, kept.by) == ("grant_extension", "ILO", LATER, "officer")
    assert {asked.agency for asked in round.addressees if asked.extension} == {"ILO"}


def test_a_refusal_names_the_deadline_that_stays_and_the_reason(database: store.Database) -> None:
    mail = decide(database, None, reason="The text goes to print on 1 November.")
    assert mail is not None
    assert "it stays Wednesday 31 October 2012" in " ".join(mail.text.split())
    assert "goes to print" in mail.text


def test_every_decision_has_a_mail_of_its_own(database: store.Database) -> None:
    keys = {mail.key for until in (None, LATER, None) if (mail := decide(database, until))}
    assert keys == {f"extension:1:{number}:ILO" for number in (1, 2, 3)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"agency": "NOBODY"}, "did not ask"), ({"now": LATER.at}, "has passed"), ({"round_id": 9}, "no round 9")],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_kept(
    database: store.Database, changes: dict[str, Any], words: str
) -> None:
    before = office.list_mails(database)
    with pytest.raises(UsageError, match=words):
        decide(database, LATER, **changes)
    assert office.list_mails(database) == before


def test_a_closed_round_gives_no_more_time(database: store.Database) -> None:
    with database.begin() as db:
        store.rounds.close_round(db, 1, office.T7, RoundEnd.CLOSED)
    with pytest.raises(UsageError, match="is closed"):
        decide(database, LATER)
