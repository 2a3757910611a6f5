"""A message that takes the program down is given up after a few tries; those behind it lose one try at most."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.adapters import store
from pipeline.config import HOME
from pipeline.core.model import Place, RawMessage
from pipeline.core.rules import load_rules
from pipeline.receive import MOST_ATTEMPTS, recognise_all
from pipeline.understand import Desk
from tests.pipeline import office

POISON = b"From: a@ilo.example\r\nSubject: poison\r\n\r\nkills"


@dataclass
class Mortal:
    """Reads like the real one, and takes the program down over the poison."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if arguments[0] == POISON:
            raise KeyboardInterrupt
        return function(*arguments)


def test_poison_costs_the_messages_behind_it_one_attempt(tmp_path: Path) -> None:
    raws = [b"Subject: before\r\n\r\nx", POISON, b"Subject: behind\r\n\r\ny", b"Subject: last\r\n\r\nz"]
    batch = [
        RawMessage(raw=raw, folder="INBOX", uid=uid, uid_validity=1, internal_date=office.OPENED)
        for uid, raw in enumerate(raws, 1)
    ]
    with office.open_office(tmp_path) as database:
        rules = load_rules(HOME / "inbox_rules")
        desk = Desk(database=database, reader=Mortal(), rules=rules, authserv_id="", secret=office.SECRET)
        with database.begin() as db:
            ids = [recorded.id for recorded in store.messages.record_batch(db, batch, office.OPENED)]
        for _ in range(MOST_ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                recognise_all(desk, office.OPENED)
        with database.read() as db:
            assert store.messages.list_unrecognised(db) == tuple(ids[1:])
        receipts = recognise_all(desk, office.OPENED)
    assert [receipt.message_id for receipt in receipts] == ids[1:]
    assert [receipt.place is Place.FAILED for receipt in receipts] == [True, False, False]
