"""A siege: hostile and mutated mail through the whole intake, with its real child processes.

The law: every message ends in a named place with a reason, the next one is filed, nothing takes longer than the limits.
"""

import json
import random
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bench.footprint import Scales
from pipeline.adapters import store
from pipeline.adapters.sandbox import Sandbox
from pipeline.core.model import Place
from pipeline.receive import recognise_all
from pipeline.understand import Desk
from tests.hostile import Specimen, list_specimens, mutate
from tests.pipeline.desk import NOW, answer, make_desk, open_desk, raw

#: seconds between two looks at the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one hostile message, and of the good one that came behind it."""

    name: str
    #: bytes
    size: int
    place: str
    reason: str
    seconds: float
    #: bytes of this process and its children together, at most
    peak: int
    next_is_filed: bool


def besiege(specimens: Iterable[Specimen], folder: Path, *, weigh: bool = True) -> Iterator[Outcome]:
    """What becomes of each message, each followed by a good one; without `weigh` no peak is taken."""
    with open_desk(folder) as small, Sandbox(preload=("pipeline.reading",)) as sandbox:
        desk = make_desk(small.database, sandbox)
        _take(desk, answer(desk, text="We have no comments. (the first)"))
        for number, specimen in enumerate(specimens):
            yield _try(desk, specimen, number, weigh)


def _try(desk: Desk, specimen: Specimen, number: int, weigh: bool) -> Outcome:
    with Scales(weigh) as scales:
        start = time.perf_counter()
        place, reason = _take(desk, specimen.raw)
        seconds = time.perf_counter() - start
    good, _ = _take(desk, answer(desk, text=f"We have no comments. (number {number})"))
    return Outcome(
        name=specimen.name,
        size=len(specimen.raw),
        place=place,
        reason=reason,
        seconds=seconds,
        peak=scales.peak,
        next_is_filed=good == Place.FILED,
    )


def _take(desk: Desk, content: bytes) -> tuple[str, str]:
    """(place, reason) of a message after it was recorded and recognised."""
    with desk.database.begin() as db:
        recorded = store.messages.record(db, raw(content, uid=random.getrandbits(31)), NOW)
    recognise_all(desk, NOW)
    with desk.database.read() as db:
        message = store.messages.get_message(db, recorded.id)
    made = message.recognition
    return message.place.value, made.action.reason if made else ""


def list_mutants(seeds: Sequence[Path], seed: int, seconds: float) -> Iterator[Specimen]:
    """Mutated messages until the time is over; of the hostile ones and of those in `seeds`."""
    random_ = random.Random(seed)
    originals = [Specimen(path.name, path.read_bytes()) for path in seeds] or list(list_specimens(1))
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        original = random_.choice(originals)
        yield Specimen(f"mutant {number} of {original.name}", mutate(original.raw, random_))
        number += 1


def keep_in_files(specimens: Iterable[Specimen], folder: Path) -> Iterator[Specimen]:
    """The messages, all made before the first one is read: what making them takes is not weighed."""
    kept = []
    for number, specimen in enumerate(specimens):
        path = folder / f"{number}.eml"
        path.write_bytes(specimen.raw)
        kept.append((specimen.name, path))
    return (Specimen(name, path.read_bytes()) for name, path in kept)


@click.command()
@click.option("--scale", default=1_000, show_default=True, help="Size of the hostile messages; 0 leaves them out.")
@click.option("--seconds", default=0.0, show_default=True, help="How long mutated messages are sent afterwards.")
@click.option("--seed", default=2012, show_default=True, help="Seed of the mutations.")
@click.option("--mail", type=click.Path(path_type=Path), help="Folder of messages to mutate.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one for each message.")
def main(scale: int, seconds: float, seed: int, mail: Path | None, as_json: bool) -> None:
    """Send hostile mail through the whole intake; print what was slow, large or lost."""
    seeds = sorted(mail.glob("*.eml")) if mail else []
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder:
        outcomes = []
        made = keep_in_files(list_specimens(scale) if scale else (), Path(tempfile.mkdtemp(dir=folder)))
        for specimens in (made, list_mutants(seeds, seed, seconds)):
            for outcome in besiege(specimens, Path(tempfile.mkdtemp(dir=folder))):
                outcomes.append(outcome)
                if as_json:
                    click.echo(json.dumps(asdict(outcome)))
    click.echo(describe(outcomes), err=as_json)


def describe(outcomes: Sequence[Outcome]) -> str:
    """The outcomes for people: how many ended where, the slowest, the largest, and whatever broke the law."""
    places = {place: sum(each.place == place for each in outcomes) for place in Place}
    lost = [each for each in outcomes if each.place == Place.RECEIVED or not each.reason or not each.next_is_filed]
    lines = [f"{len(outcomes):,} hostile messages: " + ", ".join(f"{n:,} {place}" for place, n in places.items() if n)]
    for title, key in (("slowest", "seconds"), ("largest", "peak")):
        lines.append(f"The {title}:")
        for each in sorted(outcomes, key=lambda one: -float(getattr(one, key)))[:12]:
            lines.append(
                f"  {each.seconds:6.1f} s  {each.peak / 2**20:5,.0f} MiB  {each.size:>11,} bytes  {each.name}: "
                f"{each.place}, {each.reason[:80]}"
            )
    lines.append(f"Without place or reason, or with the next one not filed: {len(lost)}")
    return "\n".join([*lines, *(f"  {each.name}: {each.place} {each.reason}" for each in lost)])


if __name__ == "__main__":
    main()
