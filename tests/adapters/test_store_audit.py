from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from pipeline.adapters import store
from pipeline.adapters.store import audit
from pipeline.adapters.tables import audit as table
from pipeline.adapters.tables import raw_message, revision
from tests.adapters.store_records import DAY, NOW, add_message, add_round, write_store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[store.Db]:
    for db in write_store(tmp_path):
        for n in range(5):
            audit.write(db, NOW + n * DAY, "anna", f"step {n} \udce9", f"draft {n % 2}")
        yield db


def test_entries_are_listed_newest_first_and_by_subject(db: store.Db) -> None:
    assert [entry.id for entry in audit.list_entries(db)] == [5, 4, 3, 2, 1]
    assert [entry.id for entry in audit.list_entries(db, limit=2, subject="draft 0")] == [5, 3]
    assert audit.list_entries(db)[-1].at == NOW


def test_an_untouched_chain_is_whole(db: store.Db) -> None:
    assert audit.verify(db) is None
    assert audit.get_head(db) != "0" * 64


@pytest.mark.parametrize("column", ["at", "who", "what", "subject", "hash"])
def test_a_changed_entry_breaks_the_chain_where_it_stands(db: store.Db, column: str) -> None:
    value = NOW if column == "at" else "forged"
    db.execute(update(table).where(table.c.id == 3).values({column: value}))
    assert audit.verify(db) == 3


def test_a_missing_entry_breaks_the_chain(db: store.Db) -> None:
    db.execute(delete(table).where(table.c.id == 2))
    assert audit.verify(db) == 2


def test_an_entry_put_in_later_breaks_the_chain(db: store.Db) -> None:
    row = {"at": NOW, "who": "eve", "what": "", "subject": "", "hash": "0" * 64}
    db.execute(delete(table).where(table.c.id == 4))
    db.execute(table.insert().values(id=4, **row))
    assert audit.verify(db) == 4


def test_a_sound_store_has_no_damage_and_a_changed_one_names_it(db: store.Db) -> None:
    add_round(db)
    add_message(db)
    assert store.checks.find_damage(db) == ()
    db.execute(update(raw_message).values(content=b"forged"))
    db.execute(update(revision).values(docx=b"forged"))
    db.execute(update(table).where(table.c.id == 1).values(who="eve"))
    damage = store.checks.find_damage(db)
    assert [sentence.split(":")[0] for sentence in damage] == [
        "The bytes of message 1 were changed",
        "The file of revision r0 of YTH was changed",
        "The audit was changed at entry 1",
    ]
