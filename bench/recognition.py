"""How well and how fast mail is recognised: the shared corpus with its own scorer, and mail-parser beside us.

The speed is measured on mails of several kinds, in the order A-B-B-A, so that a machine that gets slower or faster
meanwhile favours nobody, and several times, of which the least processor time of each mail counts: what other programs
do at the same moment only adds. The two are no peers: mail-parser ends where the fields and parts are told apart.
Memory is that of the whole intake with its child process: see `bench/footprint`.
"""

import json
import logging
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import mailparser

from bench import footprint
from bench.mails import KINDS
from pipeline.config import HOME
from pipeline.core.classify import classify
from pipeline.core.context import Context
from pipeline.core.identify import identify
from pipeline.core.parse import parse_mail
from pipeline.core.route import route
from pipeline.core.rules import Rules, load_rules
from pipeline.reading import read_message
from pipeline.situation import build_context, read_calls
from tests.make_mail import make_mail
from tests.pipeline.desk import open_desk

#: how often A-B-B-A is measured
ROUNDS = 5
#: bytes of a large file
LARGE = 25_000_000
#: bytes the whole intake may hold
MEMORY = 256 * 2**20
#: where the corpus lies beside the project
CORPUS = HOME.parent / "shared" / "corpus" / "mail"
_INSPECT = "import sys; from pipeline.cli import main; main(['inspect', '--jsonl', sys.argv[1]])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Recognition of one kind of mail beside the bare parser, in one run."""

    kind: str
    count: int
    #: messages per second of processor time
    ours: float
    #: the same of mail-parser, which parses each message twice
    twice_parsed: float

    @property
    def ratio(self) -> float:
        """How many times faster we are than mail-parser parsing twice."""
        return self.ours / self.twice_parsed

    def describe(self) -> str:
        """The rows for people."""
        lines = [f"Recognition of {self.count:,} {self.kind}"]
        for name, rate in (("ours", self.ours), ("mail-parser, twice", self.twice_parsed)):
            lines.append(f"  {name:<20} {rate:>8,.0f} messages/s")
        return "\n".join([*lines, f"  ours / mail-parser parsing twice: {self.ratio:.2f}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run, and where it was made."""

    #: the table the scorer of the corpus prints; a sentence where there is no corpus
    scores: str
    #: one for each kind of mail
    speeds: tuple[Speed, ...]
    #: bytes the whole intake held at most over the corpus; None without a corpus
    peak: int | None
    #: the same over mails with a file of LARGE bytes
    peak_large: int
    environment: str

    def describe(self) -> str:
        """The report for people."""
        lines = [self.scores.rstrip(), *(speed.describe() for speed in self.speeds)]
        weighed = ("the corpus", self.peak), (f"mails with a file of {LARGE / 10**6:.0f} MB", self.peak_large)
        lines += [
            f"Memory of the whole intake over {what}: {peak / 2**20:,.0f} MiB (at most {MEMORY / 2**20:.0f})"
            for what, peak in weighed
            if peak
        ]
        return "\n".join([*lines, f"  {self.environment}"])


def run(corpus: Path, count: int, *, seed: int = 2012) -> Report:
    """What this machine does; without the corpus the speed alone."""
    there = (corpus / "score.py").is_file()
    missing = f"No corpus in {corpus}: its scores are left out; name it with --corpus."
    return Report(
        scores=score(corpus) if there else missing,
        speeds=measure_speeds(count, seed),
        peak=footprint.measure(corpus / "messages") if there else None,
        peak_large=measure_large(seed),
        environment=f"{platform.platform()}, Python {platform.python_version()}",
    )


def score(corpus: Path) -> str:
    """The table the scorer of the corpus prints on all of it."""
    batch = f'{sys.executable} -c "{_INSPECT}" {{dir}}'
    command = [sys.executable, str(corpus / "score.py"), "--split", "all", "--batch", batch]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=HOME).stdout


def measure_large(seed: int) -> int:
    """Bytes the whole intake held at most over three mails with a file of LARGE bytes each."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder:
        for number in range(3):
            file = ("scan.pdf", rng.randbytes(LARGE), "application/pdf")
            content = make_mail(attachments=(file,), message_id=f"<{number}@ilo.example>")
            (Path(folder) / f"{number}.eml").write_bytes(content)
        return footprint.measure(Path(folder))


def measure_speeds(count: int, seed: int) -> tuple[Speed, ...]:
    """Messages per second of both ways, for each kind of mail."""
    context, rules = _make_context(), load_rules(HOME / "inbox_rules")
    recognise = partial(_recognise, context=context, rules=rules)
    rng = random.Random(seed)
    return tuple(
        _measure_speed(kind, [make(rng, number) for number in range(count)], recognise) for kind, make in KINDS.items()
    )


def _measure_speed(kind: str, mails: Sequence[bytes], recognise: Callable[[bytes], object]) -> Speed:
    """Measured A-B-B-A, several times."""
    times: dict[Callable[[bytes], object], list[list[int]]] = {recognise: [], _parse_twice: []}
    for _ in range(ROUNDS):
        for way in (recognise, _parse_twice, _parse_twice, recognise):
            times[way].append([_take_time(way, mail) for mail in mails])
    ours, twice = (len(mails) * 1e9 / sum(map(min, *of_way)) for of_way in times.values())
    return Speed(kind=kind, count=len(mails), ours=ours, twice_parsed=twice)


def _take_time(way: Callable[[bytes], object], mail: bytes) -> int:
    """Nanoseconds of processor time."""
    start = time.process_time_ns()
    way(mail)
    return time.process_time_ns() - start


def _make_context() -> Context:
    """The small round of the tests, open; no mail of ours or of an agency is known."""
    with (
        tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder,
        open_desk(Path(folder)) as desk,
        desk.database.read() as db,
    ):
        mail = parse_mail(b"")
        return build_context(db, mail, datetime.now(UTC), desk.authserv_id, desk.secret, read_calls(db))


def _recognise(raw: bytes, *, context: Context, rules: Rules) -> object:
    """Everything from the bytes to the place, without the database."""
    reading = read_message(raw, frozenset())
    identity = identify(reading.mail, reading.reply, (), reading.machine, context)
    verdict = classify(reading.mail, reading.reply, reading.machine, identity, (), rules, context)
    return route(verdict, identity, reading.mail, ())


def _parse_twice(raw: bytes) -> object:
    return [mailparser.parse_from_bytes(raw).mail for _ in range(2)]


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), default=CORPUS, show_default=True, help="Folder of mail.")
@click.option("--count", default=200, show_default=True, help="Number of mails of each kind for the speed.")
@click.option("--seed", default=2012, show_default=True, help="Seed of their wording.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def main(corpus: Path, count: int, seed: int, as_json: bool) -> None:
    """Measure how well and how fast mail is recognised, beside the bare parser."""
    logging.disable(logging.CRITICAL)
    report = run(corpus, count, seed=seed)
    click.echo(
        json.dumps(asdict(report) | {"ratios": [speed.ratio for speed in report.speeds]})
        if as_json
        else report.describe()
    )


if __name__ == "__main__":
    main()
