"""The steps at which a round reminds: at most three before its deadline, and a last one after it."""

import re

from pipeline.errors import UsageError

#: steps before the deadline, and after it
MOST_BEFORE, MOST_AFTER = 3, 1

_STEP = re.compile(r"T([+-])([1-9]\d?)")


def read_ladder(words: str) -> tuple[str, ...]:
    """The steps named in "T-7, T-2, T+1", the earliest first; none in "".

    Raises: UsageError when a step cannot be read or there are too many.
    """
    steps = sorted(set(re.findall(r"[^\s,;]+", words)), key=count_days)
    after = sum(count_days(step) > 0 for step in steps)
    if len(steps) - after > MOST_BEFORE or after > MOST_AFTER:
        raise UsageError("A round reminds at most three times before its deadline and once after it: T-7 T-2 T+1.")
    return tuple(steps)


def count_days(step: str) -> int:
    """Days from the deadline: -7 for "T-7". Raises: UsageError."""
    match = _STEP.fullmatch(step)
    if match is None:
        raise UsageError(f"A reminder step is written T-7 or T+1, up to 99 days, not {step!r}.")
    return -int(match[2]) if match[1] == "-" else int(match[2])
