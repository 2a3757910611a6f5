import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.adapters import store
from pipeline.adapters.store import database as database_module
from pipeline.adapters.store.database import Database, open_database
from pipeline.core.model import Place
from pipeline.errors import ConfigurationError, StoreError, UsageError
from tests.adapters.store_records import NOW, add_message, add_round, make_change, make_raw, make_url, open_store
from tests.dump import dump_all

# Each child is a program of its own that shares the file, as web, poller and clock do.
CHILD = """
import os, signal, sys
from pipeline.adapters import store
from tests.adapters.store_records import NOW, add_round, make_raw
database = store.open_database(sys.argv[1])
"""
KILLED = {
    "a round of many rows": "with database.begin() as db: add_round(db); {death}",
    "a batch of big messages": """
with database.begin() as db:
    raws = [make_raw("x" * 500_000 + str(n), uid=n) for n in range(8)]
    store.messages.record_batch(db, raws, NOW); {death}""",
}
DEATHS = {"os._exit": "os._exit(9)", "SIGKILL": "os.kill(os.getpid(), signal.SIGKILL)"}


def start_child(code: str, directory: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", CHILD + code, make_url(directory)], cwd=root)


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("work", KILLED)
def test_death_in_a_transaction_leaves_nothing_half(tmp_path: Path, work: str, death: str) -> None:
    with open_store(tmp_path) as database:
        with database.begin() as db:
            add_message(db, "kept")
        with database.read() as db:
            before = dump_all(db)
        assert start_child(KILLED[work].format(death=DEATHS[death]), tmp_path).wait() != 0
        with database.read() as db:
            assert store.checks.find_damage(db) == ()
            assert dump_all(db) == before
        with database.begin() as db:
            add_round(db)


def test_what_was_committed_survives_death(tmp_path: Path) -> None:
    code = "\nwith database.begin() as db: store.messages.record(db, make_raw(), NOW)\nos._exit(9)"
    assert start_child(code, tmp_path).wait() == 9
    with open_store(tmp_path) as database, database.read() as db:
        assert store.messages.get_raw(db, 1) == make_raw().raw


def test_programs_that_start_and_record_at_once_end_with_one_of_each(tmp_path: Path) -> None:
    code = """
for n in range(20):
    with database.begin() as db: store.messages.record(db, make_raw(str(n), uid=n), NOW)
"""
    children = [start_child(code, tmp_path) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    with open_store(tmp_path) as database, database.read() as db:
        assert store.messages.count_messages(db)[Place.RECEIVED] == 20
        assert store.checks.find_damage(db) == ()


def test_threads_that_write_at_once_take_turns(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:

        def write(thread: int) -> None:
            for n in range(10):
                with database.begin() as db:
                    store.audit.write(db, NOW, f"thread {thread}", str(n), "turns")

        threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as db:
            assert len(store.audit.list_entries(db)) == 40
            assert store.audit.verify(db) is None


def test_an_error_takes_the_whole_transaction_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        with pytest.raises(UsageError, match="draft YTH already"), database.begin() as db:
            assert add_round(db) == add_round(db)
        with database.read() as db:
            assert store.drafts.list_drafts(db) == ()


def test_a_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    with open_store(tmp_path) as database, database.read() as reader:
        assert store.drafts.list_drafts(reader) == ()
        with database.begin() as db:
            add_round(db)
        assert store.drafts.list_drafts(reader) == ()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        with pytest.raises(StoreError, match="can only be read"), database.read() as db:
            add_message(db)
        with database.begin() as db:
            add_message(db)


def test_the_file_is_durable_and_checked(tmp_path: Path) -> None:
    with open_store(tmp_path) as database, database.begin() as db:
        found = [
            db.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 60_000]


def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    with (
        open_store(tmp_path) as database,
        pytest.raises(StoreError, match="refers to a draft, revision, round or message"),
        database.begin() as db,
    ):
        store.proposals.add_proposals(
            db,
            message_id=None,
            round_id=None,
            draft="XXX",
            revision="r0",
            agency="ILO",
            body=None,
            changes=[make_change()],
        )


def test_an_instant_without_a_zone_is_refused(tmp_path: Path) -> None:
    with (
        open_store(tmp_path) as database,
        pytest.raises(ValueError, match="needs a time zone"),
        database.begin() as db,
    ):
        store.messages.record(db, make_raw(), datetime(2012, 10, 8))  # noqa: DTZ001


def test_instants_come_out_in_utc(tmp_path: Path) -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    with open_store(tmp_path) as database, database.begin() as db:
        found = store.messages.get_message(db, store.messages.record(db, make_raw(internal_date=tokyo), NOW).id)
    assert found.received_at == NOW
    assert found.received_at.utcoffset() == timedelta(0)


# --- What drivers say ---


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "penholder.db").write_bytes(b"something else altogether " * 100)
    with pytest.raises(StoreError, match="not a Penholder database"):
        open_database(make_url(tmp_path))


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="its directory exists"):
        open_database(make_url(tmp_path / "missing"))


def test_a_full_disk_takes_the_transaction_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        with database.begin() as db:
            # The limit stays with the connection, and the pool hands out the same one again.
            pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
            db.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="The disk is full"), database.begin() as db:
            add_message(db, "x" * 100_000)
        with database.begin() as db:
            db.exec_driver_sql("PRAGMA max_page_count = 1000000")
            assert add_message(db) == 1


def test_a_lock_that_never_ends_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    with open_store(tmp_path) as database:
        other = sqlite3.connect(tmp_path / "penholder.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"), database.begin():
            pass
        other.close()
        with database.begin() as db:
            add_message(db)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    file = tmp_path / "penholder.db"
    file.write_bytes(file.read_bytes()[:4096].ljust(file.stat().st_size, b"\xff"))
    with pytest.raises(StoreError, match="is damaged"):
        open_database(make_url(tmp_path))


def test_changed_bytes_are_found(tmp_path: Path) -> None:
    with open_store(tmp_path) as database, database.begin() as db:
        add_message(db, "comment " * 20_000)
    file = tmp_path / "penholder.db"
    file.write_bytes(file.read_bytes().replace(b"comment comment", b"comment comMent", 1))
    with open_store(tmp_path) as database, database.read() as db:
        assert store.checks.find_damage(db) == (
            "The bytes of message 1 were changed: restore a backup, or fetch it again.",
        )


@pytest.mark.parametrize("url", ["", "penholder.db", "nosuch://x", "sqlite:/one/slash"])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="write sqlite:////path"):
        Database(url)


# --- Copies ---


def test_a_backup_is_the_same_database(tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "penholder.db"
    copy.parent.mkdir()
    with open_store(tmp_path) as database:
        with database.begin() as db:
            add_round(db)
            add_message(db)
            before = dump_all(db)
        database.back_up(copy)
        with pytest.raises(UsageError, match="exists already"):
            database.back_up(copy)
        with pytest.raises(StoreError, match="its directory exists"):
            database.back_up(tmp_path / "missing" / "penholder.db")
    with open_store(copy.parent) as restored, restored.read() as db:
        assert dump_all(db) | {"sending_stop": []} == before
        assert store.checks.find_damage(db) == ()
        stop = store.sending.get_stop(db)
        assert stop is not None
        assert stop.why == "This database is a backup."


def test_a_dump_names_long_bytes_and_leaves_out_what_is_asked(tmp_path: Path) -> None:
    with open_store(tmp_path) as database, database.begin() as db:
        add_message(db)
        dump = dump_all(db, frozenset({"recorded_at", "sighting.seen_at"}))
    assert dump["raw_message"][0]["content"] == "sha256:" + dump["message"][0]["sha256"]
    assert "recorded_at" not in dump["message"][0]
    assert "seen_at" not in dump["sighting"][0]
    assert dump["message"][0]["received_at"] == NOW.isoformat()
