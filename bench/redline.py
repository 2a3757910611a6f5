"""How fast redlines are merged: ours beside the bare parse of the same files and beside a peer, in one run.

Every way runs in a process of its own and is measured in processor time and in the order A-B-B-A, so that neither what
else runs on the machine nor a machine that gets slower or faster meanwhile favours anybody. Limits that are missed are
printed like those that are kept.
"""

import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bench.exactness import judge_corpus
from bench.redline_ways import has_peer, list_versions
from bench.redline_workload import make_workload
from pipeline.errors import UsageError

HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What one way came to on one set of files."""

    #: "ours", "bare" ...
    way: str
    #: name of the set and how many of its versions
    files: str
    versions: int
    #: processor seconds, in the order measured
    seconds: list[float] = field(default_factory=list)
    #: the same by the clock on the wall
    wall: list[float] = field(default_factory=list)
    #: peak bytes of the process, the largest of all runs
    memory: list[int] = field(default_factory=list)
    #: what came out of the last run
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """Processor seconds."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number to reach."""

    name: str
    measured: float
    wanted: float
    #: whether more is better
    least: bool = False

    @property
    def kept(self) -> bool:
        """Whether it was reached."""
        return self.measured >= self.wanted if self.least else self.measured <= self.wanted

    def describe(self) -> str:
        """The limit for people, missed or kept."""
        bound, verdict = "at least" if self.least else "at most", "kept" if self.kept else "MISSED"
        return f"{self.name:<58} {self.measured:>8.2f}  {bound} {self.wanted:g}: {verdict}"


class Report:
    """All series of one run."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, str, int], Series] = {}

    def measure(self, folder: Path, ways: Sequence[tuple[str, int]]) -> None:
        """Go every way, given with its number of versions, there and back."""
        for way, versions in [*ways, *reversed(ways)]:
            _tell(f"{way} {versions}, {folder.name}")
            one = self.series.setdefault(
                (way, folder.name, versions), Series(way=way, files=folder.name, versions=versions)
            )
            taken = run_apart(way, folder, versions)
            one.seconds.append(taken["seconds"])
            one.wall.append(taken["wall"])
            one.memory.append(taken["memory"])
            one.found.update(taken["found"])
        _tell("")

    def ratio(self, one: tuple[str, str, int], other: tuple[str, str, int]) -> float:
        """How many times longer `one` took, in processor time."""
        return self.series[one].median / self.series[other].median

    def wall_ratio(self, one: tuple[str, str, int], other: tuple[str, str, int]) -> float:
        """How many times longer `one` took by the clock on the wall."""
        return statistics.median(self.series[one].wall) / statistics.median(self.series[other].wall)

    def growth(self, one: tuple[str, str, int], other: tuple[str, str, int], factor: float) -> float:
        """The exponent of the growth from `one` to `other`, which is so many times larger."""
        return math.log(self.ratio(other, one)) / math.log(factor)

    def describe(self, limits: Sequence[Limit]) -> str:
        """The report for people."""
        lines = [f"{'files':<8} {'way':<8} {'versions':>8} {'cpu s':>8} {'wall s':>8} {'peak MB':>8}  runs (cpu s)"]
        for one in self.series.values():
            runs = ", ".join(f"{seconds:.2f}" for seconds in one.seconds)
            wall, memory = statistics.median(one.wall), max(one.memory) / 1e6
            times = f"{one.median:>8.2f} {wall:>8.2f} {memory:>8.0f}  {runs}"
            lines.append(f"{one.files:<8} {one.way:<8} {one.versions:>8} {times}")
            lines += [f"         {name}: {value}" for name, value in one.found.items()]
        lines += [limit.describe() for limit in limits]
        return "\n".join([*lines, describe_machine()])

    def to_lines(self, limits: Sequence[Limit]) -> str:
        """The report as JSON lines: one for each series and each limit."""
        rows = [
            {"way": one.way, "files": one.files, "versions": one.versions, "median": one.median}
            | {"seconds": one.seconds, "wall": one.wall, "memory": max(one.memory), "found": one.found}
            for one in self.series.values()
        ]
        rows += [
            {"limit": one.name, "measured": one.measured, "wanted": one.wanted, "kept": one.kept} for one in limits
        ]
        return "\n".join(json.dumps({"benchmark": "redline", "environment": describe_machine(), **row}) for row in rows)


def _tell(words: str) -> None:
    """Show what is being measured where somebody watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{words:<60}\r{words}", err=True, nl=False)


def run_apart(way: str, folder: Path, versions: int) -> dict[str, Any]:
    """What one way took in a process of its own. Raises: UsageError when it fails."""
    command = [sys.executable, "-m", "bench.redline_ways", way, str(folder.resolve()), str(versions)]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"{way} failed on {folder}: {done.stderr.strip().splitlines()[-1:]}")
    taken: dict[str, Any] = json.loads(done.stdout)
    return taken


def run_own(report: Report, seed: int, few: int, many: int, words: int) -> list[Limit]:
    """Measure on files of our own making."""
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as name:
        draft, long = Path(name) / "draft", Path(name) / "long"
        for folder, versions, size in ((draft, many, words), (long, few // 4, 4 * words)):
            folder.mkdir()
            make_workload(folder, versions=versions, words=size, seed=seed)
        peer = [("scalpel", few)] if has_peer() else []
        report.measure(
            draft, [("bare", few), ("ours", few), ("late", few), ("command", few), *peer, ("ours", few // 4)]
        )
        report.measure(draft, [("bare", many), ("ours", many)])
        report.measure(long, [("ours", few // 4)])
    return list(_list_limits(report, few, many))


def _list_limits(report: Report, few: int, many: int) -> Iterator[Limit]:
    ours = ("ours", "draft", few)
    yield Limit(
        name=f"{few} versions: ours / bare parse", measured=report.ratio(ours, ("bare", "draft", few)), wanted=3
    )
    yield Limit(
        name=f"{many} versions: ours / bare parse",
        measured=report.ratio(("ours", "draft", many), ("bare", "draft", many)),
        wanted=5,
    )
    if ("scalpel", "draft", few) in report.series:
        faster = report.wall_ratio(("scalpel", "draft", few), ours)
        yield Limit(name=f"{few} versions: docx-scalpel / ours, by the wall", measured=faster, wanted=10, least=True)
    growth = report.growth(ours, ("ours", "draft", many), many / few)
    yield Limit(name="growth exponent in versions", measured=growth, wanted=1.15)
    pages = report.growth(("ours", "draft", few // 4), ("ours", "long", few // 4), 4)
    yield Limit(name="growth exponent in pages", measured=pages, wanted=1.15)
    late = report.ratio(("late", "draft", few), ours)
    yield Limit(name=f"one late version / all {few} again", measured=late, wanted=0.25)
    for count, wanted in ((few, 300), (many, 1000)):
        peak = max(report.series[("ours", "draft", count)].memory) / 1e6
        yield Limit(name=f"{count} versions: peak MB", measured=peak, wanted=wanted)


def run_corpus(report: Report, corpus: Path) -> list[Limit]:
    """Measure on every set below a folder: base.docx with its versions beside it. Raises: UsageError for none."""
    sets = sorted(path.parent for path in corpus.rglob("base.docx"))
    if not sets:
        raise UsageError(f"{corpus} holds no set: a folder with base.docx and its versions beside it.")
    limits = []
    for folder in sets:
        count = len(list_versions(folder, sys.maxsize))
        report.measure(folder, [("bare", count), ("ours", count), *([("scalpel", count)] if has_peer() else [])])
        ratio = report.ratio(("ours", folder.name, count), ("bare", folder.name, count))
        limits.append(Limit(name=f"{folder.name}: ours / bare parse", measured=ratio, wanted=3 if count <= 20 else 5))
    return limits


def describe_machine() -> str:
    """Where the run was made."""
    peer = "with docx-scalpel" if has_peer() else "docx-scalpel is not installed: no peer"
    return f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {peer}"


def _judge(corpus: Path | None, *, as_json: bool) -> str:
    if corpus is None:
        raise click.UsageError("--exact needs --corpus FOLDER.")
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder:
        tally = judge_corpus(corpus, Path(folder))
    return tally.to_lines() if as_json else tally.describe()


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Folder of sets instead of our own files.")
@click.option("--exact", is_flag=True, help="Judge what comes out of the sets of --corpus instead of how fast.")
@click.option("--few", default=20, show_default=True, help="Versions of a usual round.")
@click.option("--many", default=200, show_default=True, help="Versions of a very large one.")
@click.option("--words", default=16_000, show_default=True, help="Words of the draft.")
@click.option("--seed", default=2012, show_default=True, help="Seed of the files.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a table.")
def main(corpus: Path | None, exact: bool, few: int, many: int, words: int, seed: int, as_json: bool) -> None:
    """Measure how fast redlines are merged, beside the bare parse and beside docx-scalpel where it is installed.

    With --exact the laws of docs/analysis/merge.md are tried on every set of the corpus; its tools/oracle.py reads.
    """
    if exact:
        click.echo(_judge(corpus, as_json=as_json))
        return
    report = Report()
    limits = run_corpus(report, corpus) if corpus else run_own(report, seed, few, many, words)
    click.echo(report.to_lines(limits) if as_json else report.describe(limits))


if __name__ == "__main__":
    main()
