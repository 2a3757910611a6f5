"""How fast mail comes in: ours beside mbsync and beside the bare reading of the mailbox, in one run.

The mailbox is in a Dovecot of its own on this machine, filled with plain mails of about 4 kB. Every way of reading it
is measured in the order A-B-C-C-B-A, so that a machine that gets slower or faster meanwhile favours nobody.
"""

import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.mails import make_plain
from pipeline.adapters import store
from pipeline.adapters.imap import ImapMailbox
from pipeline.adapters.sandbox import Sandbox
from pipeline.config import HOME
from pipeline.core.model import RawMessage
from pipeline.core.roster import load_roster
from pipeline.core.rules import load_rules
from pipeline.errors import UnavailableError
from pipeline.receive import recognise_all
from pipeline.understand import Desk
from tests.adapters.dovecot import Dovecot, find_program, run_dovecot

USER = "bench"
#: mails of the mailbox that are taken in when they are recognised as well: the first ones, or all if there are fewer
MOST_RECOGNISED = 500

#: name of the series in which every mail is recognised
RECOGNISED = "ours, recognised"
#: gets a database and the mails of one batch after they are recorded, and recognises them
Recognise = Callable[[store.Database, Sequence[int]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one way of reading the mailbox came to."""

    name: str
    #: messages per second, in the order measured
    rates: tuple[float, ...]
    #: messages of one measurement
    count: int

    @property
    def median(self) -> float:
        """Messages per second."""
        return statistics.median(self.rates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All series of one run, and where it was made."""

    count: int
    series: tuple[Series, ...]
    environment: str
    #: median seconds of one fsync of 4 kB on the disk that was written to
    fsync: float

    def ratio(self, name: str, other: str) -> float | None:
        """How many times faster `name` was than `other`; None when one of them was not measured."""
        medians = {series.name: series.median for series in self.series}
        return medians[name] / medians[other] if name in medians and other in medians else None

    def describe(self) -> str:
        """The report for people."""
        lines = [f"Intake of {self.count:,} plain mails of about 4 kB from Dovecot (maildir) on this machine"]
        for series in self.series:
            runs = ", ".join(f"{rate:,.0f}" for rate in series.rates)
            of = "" if series.count == self.count else f", of {series.count:,} mails"
            lines.append(f"  {series.name:<22} {series.median:>8,.0f} messages/s   (runs: {runs}{of})")
        for ours in ("ours", RECOGNISED):
            for other in ("mbsync", "bare reading"):
                ratio = self.ratio(ours, other)
                lines += [f"  {ours} / {other}: {ratio:.2f}"] if ratio is not None else []
        lines.append(f"  one fsync takes {1000 * self.fsync:.2f} ms here; ours commits with synchronous=FULL")
        return "\n".join([*lines, f"  {self.environment}"])

    def to_lines(self) -> str:
        """The report as JSON lines, one for each series."""
        common = {"benchmark": "intake", "environment": self.environment, "fsync": self.fsync}
        return "\n".join(json.dumps({**common, **asdict(series), "median": series.median}) for series in self.series)


def run(count: int = 10_000, *, seed: int = 2012, recognise: Recognise | None = None) -> Report:
    """What this machine does. Raises: UnavailableError when there is no Dovecot."""
    if find_program() is None:
        raise UnavailableError("The intake benchmark needs a Dovecot: apt-get install dovecot-imapd.")
    with run_dovecot() as server, tempfile.TemporaryDirectory(prefix="penholder-bench-") as name:
        fill_mailbox(server, count, seed)
        ways = _list_ways(server, recognise)
        # Dovecot writes its index at the first look; nobody is measured on that.
        read_bare(server, Path(name), count)
        order = [*ways, *reversed(ways)]
        counts = {way: min(count, MOST_RECOGNISED) if way == RECOGNISED else count for way in ways}
        rates: dict[str, list[float]] = {way: [] for way in ways}
        for number, way in enumerate(order):
            folder = Path(name) / str(number)
            folder.mkdir()
            # What the one before left to be written is not this one's work.
            os.sync()
            rates[way].append(counts[way] / ways[way](server, folder, counts[way]))
            shutil.rmtree(folder)
        series = tuple(Series(name=way, rates=tuple(found), count=counts[way]) for way, found in rates.items())
        return Report(count=count, series=series, environment=_describe_machine(), fsync=measure_fsync(Path(name)))


def fill_mailbox(server: Dovecot, count: int, seed: int) -> None:
    """Put the mails into the maildir as a delivery would have left them."""
    rng = random.Random(seed)
    for folder in ("cur", "new", "tmp"):
        (server.base / "mail" / USER / folder).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        mail = make_plain(rng, number)
        name = f"{1_349_000_000 + 60 * number}.M{number}P1.bench,S={len(mail)},W={len(mail)}:2,"
        (server.base / "mail" / USER / "cur" / name).write_bytes(mail)
    if not os.getuid():
        for path in (server.base / "mail").rglob("*"):
            os.chown(path, server.uid, server.uid)


# --- The ways ---------------------------------------------------------------------------------------------------

Way = Callable[[Dovecot, Path, int], float]


def read_bare(server: Dovecot, folder: Path, count: int) -> float:
    """Seconds imapclient takes to fetch everything and drop it: no way of ours can be faster."""
    start = time.perf_counter()
    with server.open(USER) as client:
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        got = 0
        for position in range(0, len(uids), 200):
            got += len(client.fetch(uids[position : position + 200], ["BODY.PEEK[]", "INTERNALDATE"]))
    _expect(got, count)
    return time.perf_counter() - start


def run_mbsync(server: Dovecot, folder: Path, count: int) -> float:
    """Seconds mbsync takes to copy the mailbox into a new Maildir, with its own fsyncs."""
    config = folder / "mbsyncrc"
    config.write_text(
        f"IMAPAccount a\nHost {server.host}\nPort {server.port}\nUser {USER}\nPass {server.password}\n"
        "SSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\n"
        f"MaildirStore near\nPath {folder}/\nInbox {folder}/inbox\n\n"
        "Channel c\nFar :far:INBOX\nNear :near:INBOX\nCreate Near\nSync Pull\nSyncState *\n"
    )
    start = time.perf_counter()
    subprocess.run(["mbsync", "-q", "-c", str(config), "c"], check=True, cwd=folder, stderr=subprocess.PIPE)
    taken = time.perf_counter() - start
    _expect(sum(len(os.listdir(folder / "inbox" / name)) for name in ("new", "cur")), count)
    return taken


def take_in(server: Dovecot, folder: Path, count: int, recognise: Recognise | None = None) -> float:
    """Seconds our own intake takes for `count` mails: every batch and its cursor durable in one transaction."""
    database = store.open_database(f"sqlite:///{folder}/penholder.db")
    try:
        _import_roster(database)
        recorded = 0
        start = time.perf_counter()
        with ImapMailbox(server.settings(USER)) as mailbox:
            for batch in mailbox.new_messages(None):
                ids = _record(database, batch.messages[: count - recorded], batch.cursor)
                if recognise is not None:
                    recognise(database, ids)
                recorded += len(ids)
                if recorded == count:
                    break
        taken = time.perf_counter() - start
        with database.read() as db:
            _expect(sum(store.messages.count_messages(db).values()), count)
    finally:
        database.dispose()
    return taken


def _import_roster(database: store.Database) -> None:
    roster, _ = load_roster((HOME / "pipeline" / "demo" / "gmg" / "roster.toml").read_text(encoding="utf-8"))
    with database.begin() as db:
        store.rosters.save_roster(db, roster)


@contextmanager
def open_recogniser() -> Iterator[Recognise]:
    """The real recognising, its child process warm: parsed in the sandbox, held against roster and rules, stored."""
    rules = load_rules(HOME / "inbox_rules")
    with Sandbox(preload=("pipeline.reading",)) as sandbox:
        sandbox.call(len, b"")

        def recognise(database: store.Database, ids: Sequence[int]) -> None:
            desk = Desk(database=database, reader=sandbox, rules=rules, authserv_id="", secret="of no use to anybody")
            _expect(len(recognise_all(desk, datetime.now(UTC))), len(ids))

        yield recognise


def _record(database: store.Database, messages: Sequence[RawMessage], cursor: tuple[int, int]) -> list[int]:
    with database.begin() as db:
        recorded = store.messages.record_batch(db, messages, datetime.now(UTC))
        store.messages.set_cursor(db, "INBOX", *cursor)
    return [each.id for each in recorded]


def _list_ways(server: Dovecot, recognise: Recognise | None) -> dict[str, Way]:
    ways: dict[str, Way] = {"bare reading": read_bare}
    if shutil.which("mbsync"):
        ways["mbsync"] = run_mbsync
    ways["ours"] = take_in
    if recognise is not None:
        ways[RECOGNISED] = lambda server, folder, count: take_in(server, folder, count, recognise)
    return ways


def _expect(got: int, count: int) -> None:
    if got != count:
        raise UnavailableError(f"{got} of {count} messages were read: the measurement is worth nothing; run it again.")


def _describe_machine() -> str:
    dovecot = subprocess.run(
        [find_program() or "dovecot", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    mbsync = shutil.which("mbsync") and subprocess.run(
        ["mbsync", "--version"], capture_output=True, text=True, check=True
    )
    peer = mbsync.stdout.strip() if mbsync else "no mbsync"
    return (
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, Dovecot {dovecot}, {peer}"
    )


def measure_fsync(folder: Path) -> float:
    """Median seconds of one fsync of 4 kB in a folder."""
    taken: list[float] = []
    with open(folder / "probe", "wb", buffering=0) as file:
        for _ in range(50):
            file.write(bytes(4096))
            start = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


@click.command()
@click.option("--count", default=10_000, show_default=True, help="Number of mails.")
@click.option("--seed", default=2012, show_default=True, help="Seed of their wording.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a table.")
def main(count: int, seed: int, as_json: bool) -> None:
    """Measure how fast mail comes in, beside mbsync and beside bare reading."""
    with open_recogniser() as recognise:
        report = run(count, seed=seed, recognise=recognise)
    click.echo(report.to_lines() if as_json else report.describe())


if __name__ == "__main__":
    main()
