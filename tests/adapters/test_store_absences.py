"""Who is away, as the store tells it; when a round reminds; what is switched off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.core.model import LADDER, Absence, Certainty, Mailbox, MailKind, Place
from tests.adapters import store_records
from tests.adapters.store_records import DAY, NOW

RETURN = NOW.date() + 5 * DAY


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    """A write transaction on an empty database."""
    yield from store_records.write_store(tmp_path)


def reply(
    db: store.Db,
    until: date | None = RETURN,
    *,
    address: str = "fp@ilo.example",
    at: timedelta = timedelta(),
    **identity: Any,
) -> int:
    """The number of an automatic reply."""
    flags = (f"ooo_until:{until.isoformat()}",) if until else ()
    made = store_records.make_recognition(
        kind=MailKind.AUTO_REPLY, place=Place.IGNORED, flags=flags, message_id=None, **identity
    )
    verdict = replace(made.verdict, away_until=until, alternates=("deputy@ilo.example",))
    made = replace(made, verdict=verdict, sender=Mailbox(name="", address=address))
    id = store_records.add_message(db, f"{address} {at} {until}", internal_date=NOW + at)
    store.messages.save_recognition(db, id, made)
    return id


def list_away(db: store.Db, after: timedelta = DAY) -> list[tuple[str, date]]:
    """Address and last day of whoever is away."""
    return [(each.address, each.until) for each in store.absences.list_absences(db, NOW + after)]


def test_an_absence_says_who_is_away_until_when_and_who_stands_in(db: store.Db) -> None:
    id = reply(db)
    assert store.absences.list_absences(db, NOW + DAY) == (
        Absence(
            message_id=id,
            agency="ILO",
            address="fp@ilo.example",
            received_at=NOW,
            until=RETURN,
            deputies=("deputy@ilo.example",),
        ),
    )


def test_the_newest_word_of_an_address_counts_and_each_address_speaks_for_itself(db: store.Db) -> None:
    reply(db, NOW.date() + 9 * DAY)
    reply(db, NOW.date() + 3 * DAY, at=DAY)
    reply(db, address="alt@ilo.example")
    assert list_away(db) == [("fp@ilo.example", NOW.date() + 3 * DAY), ("alt@ilo.example", RETURN)]


@pytest.mark.parametrize(("after", "away"), [(5, True), (6, True), (7, False), (400, False)])
def test_an_absence_ends_with_its_last_day_wherever_that_is(db: store.Db, after: int, away: bool) -> None:
    reply(db)
    assert bool(list_away(db, after * DAY)) is away


@pytest.mark.parametrize(
    ("changes", "away"),
    [
        ({}, True),
        ({"until": None}, False),
        ({"who": Certainty.GUESS}, False),
        ({"agency": None}, False),
        ({"body": "ILO-X"}, True),
    ],
)
def test_only_a_confirmed_sender_with_a_last_day_is_away(db: store.Db, changes: dict[str, Any], away: bool) -> None:
    reply(db, **changes)
    assert bool(list_away(db)) is away


@pytest.mark.parametrize(
    ("changes", "back"),
    [
        ({}, True),
        ({"place": Place.IGNORED}, False),
        ({"agency": "UNICEF"}, False),
        ({"body": "ILO-X"}, False),
    ],
)
def test_whoever_of_the_agency_writes_since_ends_it(db: store.Db, changes: dict[str, Any], back: bool) -> None:
    reply(db)
    later = store_records.add_message(db, "here I am", internal_date=NOW + timedelta(hours=1))
    store.messages.save_recognition(db, later, store_records.make_recognition(**changes))
    assert bool(list_away(db)) is not back


# --- Rounds and switches ---------------------------------------------------------------------------------------------


def test_a_round_keeps_its_ladder_and_whether_it_asks_first(db: store.Db) -> None:
    round = store_records.add_round(db)
    assert (round.ladder, round.ask_first) == (LADDER, False)
    for ladder, ask_first in ((("T-9", "T+2"), True), ((), False), (LADDER, True), (LADDER, False)):
        store.rounds.set_reminding(db, round.id, ladder, ask_first)
        for found in (store.rounds.get_round(db, round.id), *store.rounds.list_rounds(db)):
            assert (found.ladder, found.ask_first) == (ladder, ask_first)


def test_a_round_may_be_opened_with_a_ladder_of_its_own(db: store.Db) -> None:
    first = store_records.add_round(db)
    second = store.rounds.open_round(db, replace(first, ladder=("T-3",), ask_first=True))
    assert (second.ladder, second.ask_first) == (("T-3",), True)


def test_everything_is_on_until_it_is_switched_off(db: store.Db) -> None:
    assert store.switches.is_on(db, "digest")
    for on in (False, True, False):
        store.switches.set_switch(db, "digest", on)
        assert store.switches.is_on(db, "digest") is on
        assert store.switches.is_on(db, "something else")
