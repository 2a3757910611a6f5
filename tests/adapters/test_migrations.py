import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from pipeline import migrations
from pipeline.adapters.columns import Instant
from pipeline.adapters.store.database import HEAD, Database, Db, get_schema_version, open_database
from pipeline.adapters.tables import metadata
from pipeline.errors import StoreError
from tests.adapters.store_records import add_message, make_url


def read_schema(db: Db) -> dict[str, list[str]]:
    """Name and clauses of everything in the schema, in any order, but for Alembic's own table.

    A table that was rebuilt to gain a column has its name in quotation marks, and one that gained it in place has it in
    the line of the one before: that is no difference.
    """
    rows = db.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        row.name: sorted(re.split(r"\s*,?\s*\n\s*|\s*, ", row.sql.replace(f'"{row.name}"', row.name)))
        for row in rows
        if row.name != "alembic_version"
    }


def test_upgrading_from_empty_gives_the_tables_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    migrated, fresh = Database(make_url(tmp_path)), Database(make_url(tmp_path / "fresh"))
    migrated.migrate()
    with fresh.begin() as db:
        metadata.create_all(db)
        expected = read_schema(db)
    with migrated.read() as db:
        assert read_schema(db) == expected
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
        assert get_schema_version(db) == HEAD
    migrated.dispose()
    fresh.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    database = open_database(make_url(tmp_path))
    with database.begin() as db:
        id = add_message(db)
        before = read_schema(db)
    database.migrate()
    with database.begin() as db:
        assert read_schema(db) == before
        assert add_message(db) == id
    database.dispose()


#: a round with an addressee as the first version kept them
OLD_ROWS = """
INSERT INTO draft (code, title, type, leads, rule, note) VALUES ('YTH', 'Youth', 'report', '[]', 'inputs', '');
INSERT INTO revision (draft, name, sha256, docx) VALUES ('YTH', 'r0', 'a', x'00');
INSERT INTO call_round (id, draft, revision, current_revision, purpose, opened_at, deadline_at, deadline_zone, subject)
  VALUES (1, 'YTH', 'r0', 'r0', 'inputs', '2012-10-01 08:00:00.000000', '2012-10-31 17:00:00.000000', 'UTC', '');
INSERT INTO addressee (round_id, agency) VALUES (1, 'ILO')
"""


@pytest.mark.parametrize("version", ["0001", "0002", "0004"])
def test_a_database_in_use_is_upgraded_with_all_that_is_in_it(tmp_path: Path, version: str) -> None:
    database = Database(make_url(tmp_path))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.begin() as db:
        config.attributes["connection"] = db
        command.upgrade(config, version)
        for statement in OLD_ROWS.split(";"):
            db.exec_driver_sql(statement)
    database.migrate()
    with database.read() as db:
        assert get_schema_version(db) == HEAD
        assert db.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert db.exec_driver_sql("SELECT round_id, agency FROM addressee").all() == [(1, "ILO")]
    database.dispose()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    database = open_database(make_url(tmp_path))
    with database.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.dispose()
    with pytest.raises(StoreError, match=f"schema 9999, this program knows up to {HEAD}: install the Penholder"):
        open_database(make_url(tmp_path))


def test_a_failed_upgrade_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    database = Database(make_url(tmp_path))
    with database.begin() as db:
        # In the way of the last of the tables, so that most of the migration has run when it fails.
        db.execute(text("CREATE TABLE refiling (id INTEGER)"))
        before = read_schema(db)
    with pytest.raises(StoreError):
        database.migrate()
    with database.read() as db:
        assert read_schema(db) == before
        assert get_schema_version(db) is None
    database.dispose()


def test_a_program_killed_while_upgrading_leaves_nothing(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pipeline.adapters.store import database
with database.Database(sys.argv[1]).begin() as db:
    database._upgrade(db)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    child = subprocess.run([sys.executable, "-c", code, make_url(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert child.returncode < 0
    database = Database(make_url(tmp_path))
    with database.read() as db:
        assert read_schema(db) == {}
    database.migrate()
    with database.read() as db:
        assert get_schema_version(db) == HEAD
    database.dispose()


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_every_table_can_be_made_in_postgresql(table: Table) -> None:
    ddl = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "DATETIME" not in ddl
    assert ("TIMESTAMP WITH TIME ZONE" in ddl) == any(isinstance(column.type, Instant) for column in table.columns)
