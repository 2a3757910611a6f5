"""What the tracking and the timetable ask the store for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.core.model import Occasion
from tests.adapters import store_records


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    """A write transaction on an empty database."""
    yield from store_records.write_store(tmp_path)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_filing_says_how_much_of_it_could_be_read(db: store.Db, count: int) -> None:
    round = store_records.add_round(db)
    message = store_records.add_message(db)
    store.messages.save_recognition(db, message, store_records.make_recognition(round_id=round.id))
    store.proposals.add_proposals(
        db,
        message_id=message,
        round_id=round.id,
        draft="YTH",
        revision="r0",
        agency="ILO",
        body=None,
        changes=[store_records.make_change(start) for start in range(count)],
    )
    (filing,) = store.messages.list_filings(db, round.id)
    assert filing.proposals == count


def test_keys_of_one_occasion_are_listed_in_whatever_state_the_mail_is(db: store.Db) -> None:
    round = store_records.add_round(db)
    for number, occasion in enumerate((Occasion.REMINDER, Occasion.CALL, Occasion.REMINDER), 1):
        mail = store_records.make_outgoing(f"key {number}", round_id=round.id, occasion=occasion)
        store.outbox.queue(db, mail, store_records.NOW)
    store.outbox.cancel(db, 1, "officer", store_records.NOW)
    assert store.outbox.list_keys(db, round.id, Occasion.REMINDER) == ("key 1", "key 3")
    assert store.outbox.list_keys(db, round.id + 1, Occasion.REMINDER) == ()
