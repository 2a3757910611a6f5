"""Guessing passwords is made slow: after a few failures for a name each next try has to wait longer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: failures that cost nothing
FREE = 5
#: the longest anybody waits; the owner of the name waits as well
LONGEST = timedelta(minutes=15)
#: a name without a failure for this long starts afresh
FORGOTTEN = timedelta(hours=1)
#: names remembered at most, so that made-up names do not fill the memory
MOST_NAMES = 10_000


@dataclass(slots=True)
class Throttle:
    """Failures by name, in the memory of this process."""

    #: how many failures, and when the last one was, by name in lower case
    failures: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def find_wait(self, name: str, now: datetime) -> timedelta:
        """How long `name` still has to wait before the next try; zero when it may try at once."""
        count, last = self.failures.get(name.casefold(), (0, now))
        if count < FREE or now - last >= FORGOTTEN:
            return timedelta(0)
        delay = min(LONGEST, timedelta(seconds=2 ** min(count - FREE + 1, 20)))
        return max(timedelta(0), last + delay - now)

    def note_failure(self, name: str, now: datetime) -> None:
        """One more failure for `name`."""
        key = name.casefold()
        count, last = self.failures.pop(key, (0, now))
        self.failures[key] = (1 if now - last >= FORGOTTEN else count + 1, now)
        if len(self.failures) > MOST_NAMES:
            del self.failures[next(iter(self.failures))]

    def forget(self, name: str) -> None:
        """`name` signed in: it starts afresh."""
        self.failures.pop(name.casefold(), None)
