"""The database itself: connections, transactions, schema, and the driver's errors as sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError, StatementError
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.errors import ConfigurationError, PenholderError, StoreError, UsageError

#: what every function of the store takes first
Db = Connection

#: how long one process waits for another one's write
BUSY_SECONDS = 60

# A big mail must not leave a big log behind for ever.
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"journal_size_limit = {64 << 20}")

_MIGRATIONS = Path(__file__).parents[2] / "migrations"

# What drivers say, in lower case, and what a person can do about it.
_SENTENCES = (
    ("disk is full", "The disk is full: free some space; nothing of this step was stored."),
    ("no space left", "The disk is full: free some space; nothing of this step was stored."),
    ("locked", "The database is locked by another program: wait for it or end it, then try again."),
    ("readonly", "The database can only be read: check who owns the file, its directory and the disk."),
    ("read-only", "The database can only be read: check who owns the file, its directory and the disk."),
    ("unable to open", "The database cannot be opened: check that its directory exists and may be written to."),
    ("not a database", "The file is not a Penholder database: check the database setting or restore a backup."),
    ("malformed", "The database file is damaged: stop all Penholder programs and restore a backup."),
    ("no such table", "The database has no tables yet, or not all of them: run penholder upgrade."),
    ("does not exist", "The database or one of its tables does not exist: create it, then run penholder upgrade."),
    ("foreign key", "The record refers to a draft, revision, round or message that is not in the database."),
    ("unique", "The same record is in the database already."),
    ("disk i/o", "The disk failed to read or write: check it before anything else."),
)


def explain(said: str) -> StoreError:
    """The sentence for what the driver said."""
    lower = said.lower()
    sentence = next((words for sign, words in _SENTENCES if sign in lower), "The database refused the request.")
    return StoreError(f"{sentence} ({said})")


class Database:
    """One database, SQLite or PostgreSQL; threads and processes may share it."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`. Raises: ConfigurationError when it is no database URL we can use."""
        try:
            self.engine = create_engine(url, **_get_options(url))
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise ConfigurationError(
                f"The database URL cannot be used ({error}): write sqlite:////path/of/penholder.db."
            ) from error
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)

    @contextmanager
    def begin(self) -> Iterator[Db]:
        """One write transaction: all of it is durable at the end, or nothing of it ever was. Raises: StoreError."""
        with _explained(), self.engine.connect() as db:
            db.execution_options(penholder_begin="BEGIN IMMEDIATE")
            with db.begin():
                yield db

    @contextmanager
    def read(self) -> Iterator[Db]:
        """One transaction that sees one state and cannot write. Raises: StoreError."""
        options: dict[str, Any] = {"penholder_begin": "BEGIN", "penholder_read": True}
        if self.engine.dialect.name == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        with _explained(), self.engine.connect() as db:
            db.execution_options(**options)
            with db.begin():
                yield db

    def migrate(self) -> None:
        """Bring the schema to the version of this program, all in one transaction.

        Raises: StoreError, also when the schema is newer than this program.
        """
        with self.read() as db:
            if not _is_outdated(db):
                return
        with self.begin() as db:
            # Another program may have brought it up to date while we waited for our turn.
            if _is_outdated(db):
                _upgrade(db)

    def back_up(self, target: Path) -> None:
        """Write a consistent copy to `target` while everybody goes on working. SQLite only.

        In the copy sending is stopped: where it is put to use, its outbox may have left long ago.

        Raises: UsageError when `target` exists or the database is not SQLite; StoreError.
        """
        if self.engine.dialect.name != "sqlite":
            raise UsageError("Only SQLite is backed up by Penholder: use pg_dump.")
        if target.exists():
            raise UsageError(f"{target} exists already: choose another name for the backup.")
        with _explained(), self.engine.connect() as db:
            # VACUUM cannot run inside a transaction, so it goes to the driver below SQLAlchemy.
            _vacuum_into(db, target)
        _stop_sending(target)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """The database at `url`, created when it is not there, its schema up to date.

    Raises: StoreError, ConfigurationError.
    """
    database = Database(url)
    try:
        database.migrate()
    except PenholderError:
        database.dispose()
        raise
    return database


def get_schema_version(db: Db) -> str | None:
    """The name of the schema version in the database; None while it has none."""
    if not inspect(db).has_table("alembic_version"):
        return None
    found: str | None = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def insert_new(table: Table, db: Db, *unique: str) -> Any:
    """An INSERT into `table` that passes over rows whose `unique` columns are there already."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing(index_elements=list(unique))


def insert_or_replace(db: Db, table: Table, unique: str, **values: Any) -> None:
    """Write one row; where `unique` has this value already, the rest of that row is replaced."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    query = dialect.insert(table).values(**values)
    db.execute(query.on_conflict_do_update(index_elements=[unique], set_=values))


def _list_versions() -> tuple[str, ...]:
    """The names of the migrations, oldest first: the four digits their file names begin with."""
    return tuple(sorted(file.name[:4] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")))


_VERSIONS = _list_versions()
HEAD = _VERSIONS[-1]


def _is_outdated(db: Db) -> bool:
    found = get_schema_version(db)
    if found is not None and found not in _VERSIONS:
        raise StoreError(
            f"The database has schema {found}, this program knows up to {HEAD}: "
            "install the Penholder that wrote it, or a newer one."
        )
    return found != HEAD


def _upgrade(db: Db) -> None:
    # Alembic costs a tenth of a second to import, and nearly every start finds the schema up to date.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    command.upgrade(config, "head")


def _vacuum_into(db: Connection, target: Path) -> None:
    driver: Any = db.connection.driver_connection
    try:
        driver.execute("PRAGMA query_only = OFF")
        driver.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise explain(str(error)) from error


def _stop_sending(target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy, _explained(), copy:
        copy.execute(
            "INSERT OR REPLACE INTO sending_stop (id, since, why) VALUES (1, ?, ?)",
            (f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}", "This database is a backup."),
        )


def _get_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return {"pool_pre_ping": True}


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise explain(str(error.orig)) from error
    except sqlite3.Error as error:
        raise explain(str(error)) from error
    except StatementError as error:
        # A value that no column takes is a mistake of the caller: show that, not the statement around it.
        raise (error.orig or error) from error
    except SQLAlchemyError as error:
        raise StoreError(f"The database cannot be used: {error}.") from error


def _prepare_sqlite(engine: Engine) -> None:
    """Durable, checked, and with transactions that begin where we say, not where the driver guesses."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(db: Connection) -> None:
        options = db.get_execution_options()
        # Below SQLAlchemy, which takes longer for these two than SQLite does.
        driver: Any = db.connection.driver_connection
        driver.execute(f"PRAGMA query_only = {'ON' if options.get('penholder_read') else 'OFF'}")
        driver.execute(options.get("penholder_begin", "BEGIN"))
