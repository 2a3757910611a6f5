"""Which of our patterns take more than linear time: each one against texts made of its own letters, of growing length.

A pattern that takes four times as long for twice the text is quadratic; whether that matters says the column of seconds
at the length that its callers allow. RE2, which the wording rules run on, is linear by construction and left out.
"""

import importlib
import json
import math
import pkgutil
import re
import signal
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from re import _parser as grammar  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import click

import pipeline

#: characters of the shortest and the longest text
SHORT, LONG = 4_000, 64_000
#: seconds after which one search is given up
PATIENCE = 20
#: how the time grows with the length: 1 is linear, 2 is quadratic
SUSPECT = 1.5
#: seconds below which growth is noise
LEAST = 0.1
_COMMON = (
    " ",
    "\t",
    "\n",
    " \n",
    "\t \n",
    ">",
    "> ",
    "a",
    "a ",
    "A",
    "1",
    "1 ",
    "-",
    "_",
    ".",
    ",",
    "<",
    "(",
    '"',
    "a@",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The worst text for one pattern."""

    name: str
    pattern: str
    #: what the text repeats
    unit: str
    #: seconds for the longest text
    seconds: float
    #: power of the length that the time grows with
    power: float


class _TooSlowError(Exception):
    """The search was given up."""


def list_patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every compiled pattern that a module of the pipeline holds, with its name."""
    for info in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if ".migrations" not in info.name and ".demo" not in info.name:
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                yield from _find_patterns(f"{info.name}.{name}", value)


def _find_patterns(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        yield from _find_patterns(name, tuple(value.items()))
    elif isinstance(value, tuple | list | frozenset | set):
        for number, inner in enumerate(value):
            yield from _find_patterns(f"{name}[{number}]", inner)


def list_units(pattern: re.Pattern[Any]) -> set[str]:
    """What texts are made of: common letters, and whatever parts of the pattern match."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    samples = list(_sample_parts(grammar.parse(source, pattern.flags & ~re.UNICODE)))
    whole = "".join(samples)
    return {unit for unit in (*_COMMON, *samples, whole, whole[:-1]) if unit}


def _sample_parts(parsed: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """A short match of each piece of a pattern, in order."""
    for code, value in parsed:
        name = str(code)
        if name == "LITERAL":
            yield chr(value)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield "".join(_sample_parts(value[2])) * max(1, min(value[0], 3))
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield "".join(_sample_parts(value[-1] if name == "SUBPATTERN" else value))
        elif name == "BRANCH":
            yield from ("".join(_sample_parts(branch)) for branch in value[1][:6])
        elif name == "IN":
            yield _sample_set(value)
        elif name in ("ANY", "NOT_LITERAL"):
            yield "x"


def _sample_set(items: Iterable[tuple[Any, Any]]) -> str:
    for code, value in items:
        if str(code) == "LITERAL":
            return chr(value)
        if str(code) == "RANGE":
            return chr(value[0])
        if str(code) == "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(value), "w")
    return "x"


def measure(name: str, pattern: re.Pattern[Any]) -> Growth:
    """The text that the time for this pattern grows fastest with."""
    found = [_measure_unit(name, pattern, unit) for unit in sorted(list_units(pattern))]
    return max(found, key=lambda growth: (growth.seconds > LEAST and growth.power > SUSPECT, growth.seconds))


def _measure_unit(name: str, pattern: re.Pattern[Any], unit: str) -> Growth:
    short, long = (_time(pattern, unit, length) for length in (SHORT, LONG))
    power = math.log(long / max(short, 1e-6)) / math.log(LONG / SHORT) if long > LEAST else 0.0
    return Growth(name=name, pattern=str(pattern.pattern)[:200], unit=unit[:60], seconds=long, power=power)


def _time(pattern: re.Pattern[Any], unit: str, length: int) -> float:
    """Seconds to find every match in a text that repeats `unit` and ends in what matches nothing."""
    text: Any = unit * (length // len(unit)) + "\x01"
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    start = time.process_time()
    signal.alarm(PATIENCE)
    try:
        for _ in pattern.finditer(text):
            pass
        pattern.match(text)
    except _TooSlowError:
        pass
    finally:
        signal.alarm(0)
    return time.process_time() - start


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise _TooSlowError


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every pattern, not only those that grow too fast.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
def main(everything: bool, as_json: bool) -> None:
    """Look for patterns whose time grows faster than their text."""
    signal.signal(signal.SIGALRM, _give_up)
    patterns = dict(list_patterns())
    count = 0
    for name, pattern in patterns.items():
        growth = measure(name, pattern)
        suspect = growth.seconds > LEAST and growth.power > SUSPECT
        count += suspect
        if everything or suspect:
            row = f"{growth.seconds:7.3f} s  length^{growth.power:.1f}  {name}  repeating {growth.unit!r}"
            click.echo(json.dumps(asdict(growth)) if as_json else row)
    click.echo(f"{len(patterns)} patterns, {count} that grow faster than length^{SUSPECT}.", err=as_json)


if __name__ == "__main__":
    main()
