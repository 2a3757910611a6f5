"""Rounds of ten thousand: planning, sending over one line, and a program that is killed again and again.

What is sent is measured in the order A-B-C-C-B-A beside Postfix's smtp-source, where it is installed, and beside a bare
smtplib loop, which keeps nothing: no way of ours can be faster. Limits that are missed are printed like those kept.
"""

import json
import os
import platform
import shutil
import smtplib
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bench.intake import measure_fsync
from bench.redline import Limit
from bench.smtp_sink import HOST, run_sink
from pipeline import remind
from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSender, SmtpSettings
from pipeline.core import letters, schedule
from pipeline.core.model import MailState, OutgoingMail, PlannedReminder, Response, ResponseState
from pipeline.core.tracking import responses
from pipeline.deliver import deliver
from tests.pipeline import large_round as large

#: in the second of three steps: the first went out to all
NOON = datetime(2012, 10, 25, 12, tzinfo=UTC)
RETURN_PATH = "drafts@big.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one thing took."""

    name: str
    #: in the order measured
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)


# --- Planning ---------------------------------------------------------------------------------------------------------


def time_planning(count: int) -> tuple[Timing, ...]:
    """Planning a round of so many members, and looking at it when nothing is due; beside the arithmetic of days."""
    roster, draft = large.make_roster(count), large.make_draft()
    round = large.make_round(roster)
    sent = {f"reminder:1:T-7:{agency.code}" for agency in roster.agencies}
    half = [_answer(agency.code) for agency in roster.agencies[::2]]
    unanswered = {f"reminder:1:T-7:{agency.code}" for agency in roster.agencies[1::2]}

    def look(answers: Sequence[Response], known: set[str]) -> None:
        found = schedule.find_due(round, draft, roster, answers, known, now=NOON, last_poll=NOON)
        assert found == ()

    return (
        _time("bare arithmetic of days", lambda: _reckon(count)),
        _time("the whole timetable", lambda: schedule.plan(round, draft, roster, now=NOON)),
        _time("nothing due, nobody has answered", lambda: look((), sent)),
        _time("nothing due, half have answered", lambda: look(half, unanswered)),
    )


def _reckon(count: int) -> None:
    """Three mornings for each member, without weekends, holidays or reasons."""
    for number in range(count):
        zone = ZoneInfo(large.ZONES[number % len(large.ZONES)])
        last = large.DEADLINE.at.astimezone(zone)
        for days in (-7, -2, 1):
            (last + timedelta(days=days)).replace(hour=9, minute=0).astimezone(UTC)


def _answer(agency: str) -> Response:
    return Response(agency=agency, state=ResponseState.NO_COMMENT, by=1, since=large.OPENED, deadline=large.DEADLINE)


def time_tick(folder: Path, count: int) -> Timing:
    """A tick of the clock on such a round in the database, when nothing is due."""
    database = store.open_database(f"sqlite:///{folder}/penholder.db")
    large.fill(database, count)
    with database.begin() as db:
        store.messages.note_poll(db, NOON)
    night = datetime(2012, 10, 12, 12, tzinfo=UTC)
    found = _time("a tick on the database, nothing due", lambda: remind.remind(database, night, large.SECRET))
    database.dispose()
    return found


def _time(name: str, act: Callable[[], object], runs: int = 5) -> Timing:
    act()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return Timing(name=name, seconds=tuple(taken))


# --- Sending ----------------------------------------------------------------------------------------------------------


def time_sending(folder: Path, count: int) -> tuple[Timing, ...]:
    """Seconds for so many reminders over one line: ours durable, the others not."""
    mails = make_reminders(count)
    with run_sink() as port:
        ways: dict[str, Callable[[Path], float]] = {"bare smtplib loop": lambda _: send_bare(port, mails)}
        if shutil.which("smtp-source"):
            ways["smtp-source"] = lambda _: send_with_postfix(port, mails)
        ways["ours, durable"] = lambda place: send_ours(place, port, mails)
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for number, name in enumerate([*ways, *reversed(ways)]):
            place = folder / f"sending-{number}"
            place.mkdir()
            os.sync()
            taken[name].append(ways[name](place))
    return tuple(Timing(name=name, seconds=tuple(found)) for name, found in taken.items())


def make_reminders(count: int) -> tuple[OutgoingMail, ...]:
    """The first reminder of a round to each of so many members, as it leaves."""
    roster, draft = large.make_roster(count), large.make_draft()
    round = large.make_round(roster)
    letterhead = letters.Letterhead(roster=roster, draft=draft, round=round, secret=large.SECRET.encode())
    answers = responses(round, draft, roster, (), (), NOON)
    planned = (PlannedReminder(round_id=1, agency=agency.code, step="T-7", at=NOON) for agency in roster.agencies)
    return tuple(
        letters.reminder(letterhead, each, answer, NOON) for each, answer in zip(planned, answers, strict=True)
    )


def send_bare(port: int, mails: Sequence[OutgoingMail]) -> float:
    """Seconds smtplib takes to hand over every mail, and to forget it."""
    start = time.perf_counter()
    with smtplib.SMTP(HOST, port) as line:
        for mail in mails:
            line.sendmail(RETURN_PATH, mail.to, mail.raw)
    return time.perf_counter() - start


def send_with_postfix(port: int, mails: Sequence[OutgoingMail]) -> float:
    """Seconds smtp-source takes for as many mails of the same size over one line."""
    size = sum(len(mail.raw) for mail in mails) // len(mails)
    command = ["smtp-source", "-s", "1", "-d", "-m", str(len(mails)), "-l", str(size), f"{HOST}:{port}"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def send_ours(folder: Path, port: int, mails: Sequence[OutgoingMail]) -> float:
    """Seconds until every mail has left and what became of it is on the disk: two commits for each."""
    database = store.open_database(f"sqlite:///{folder}/penholder.db")
    large.fill(database, 1)
    with database.begin() as db:
        for mail in mails:
            store.outbox.queue(db, replace(mail, agency=None), NOON)
    start = time.perf_counter()
    with SmtpSender(SmtpSettings(host=HOST, port=port, tls="none", envelope_from=RETURN_PATH)) as sender:
        sent = deliver(database, sender, NOON)
    taken = time.perf_counter() - start
    assert [each.state for each in sent] == [MailState.SENT] * len(mails)
    database.dispose()
    return taken


# --- The whole --------------------------------------------------------------------------------------------------------


def list_limits(timings: dict[str, Timing], mails: int) -> Iterator[Limit]:
    """What was asked for, of what was measured."""
    for name, wanted in (
        ("the whole timetable", 2.0),
        ("nothing due, nobody has answered", 0.05),
        ("nothing due, half have answered", 0.05),
    ):
        if name in timings:
            yield Limit(name=f"{name}, seconds", measured=timings[name].median, wanted=wanted)
    if "ours, durable" in timings:
        rate = mails / timings["ours, durable"].median
        yield Limit(name="mails a second over one line, durable", measured=rate, wanted=100, least=True)


@contextmanager
def _make_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as name:
        yield Path(name)


@click.command()
@click.option("--recipients", default=10_000, show_default=True, help="Members of the round; 0 leaves planning out.")
@click.option("--mails", default=1_000, show_default=True, help="Mails that are sent; 0 leaves sending out.")
@click.option("--faults", default=0, show_default=True, help="Members of the round whose program is killed.")
@click.option("--kills", default=200, show_default=True, help="How often it is killed.")
@click.option("--seed", default=2012, show_default=True, help="Seed of the points at which it is killed.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a table.")
def main(recipients: int, mails: int, faults: int, kills: int, seed: int, as_json: bool) -> None:
    """Plan a large round, send its mails over one line, and kill the program that does so."""
    timings: list[Timing] = []
    with _make_folder() as folder:
        fsync = measure_fsync(folder)
        if recipients:
            timings += [*time_planning(recipients), time_tick(folder, recipients)]
        if mails:
            timings += time_sending(folder, mails)
    limits = list(list_limits({each.name: each for each in timings}, mails))
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, fsync {fsync:.6f} s"
    click.echo((_to_lines if as_json else _describe)(timings, limits, machine))
    if faults:
        with _make_folder() as folder:
            outcome = large.Ordeal(folder=folder, count=faults).run(kills=kills, seed=seed)
        click.echo(json.dumps({"benchmark": "rounds", "faults": asdict(outcome)}) if as_json else _tell(outcome))


def _describe(timings: Sequence[Timing], limits: Sequence[Limit], machine: str) -> str:
    lines = [
        f"{each.name:<40} {each.median:>9.4f} s   {', '.join(f'{s:.4f}' for s in each.seconds)}" for each in timings
    ]
    if not shutil.which("smtp-source"):
        lines.append("Postfix's smtp-source is not installed: the bare loop alone stands for the physical limit.")
    return "\n".join([*lines, *(limit.describe() for limit in limits), machine])


def _to_lines(timings: Sequence[Timing], limits: Sequence[Limit], machine: str) -> str:
    rows: list[dict[str, object]] = [{**asdict(each), "median": each.median} for each in timings]
    rows += [{**asdict(limit), "kept": limit.kept} for limit in limits]
    return "\n".join(json.dumps({"benchmark": "rounds", "environment": machine, **row}) for row in rows)


def _tell(outcome: large.Outcome) -> str:
    return (
        f"{outcome.expected:,} reminders, the program killed {outcome.kills} times: {outcome.missing} missing, "
        f"{outcome.double} double; a person looked at {outcome.uncertain} that were under way."
    )


if __name__ == "__main__":
    main()
