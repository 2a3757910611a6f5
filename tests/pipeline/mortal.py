"""Programs that are killed at a chosen point: around each write, and on either side of each mail."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.adapters import store
from pipeline.core.model import OutgoingMail
from tests.pipeline.test_deliver import Outcome, Server


@dataclass(slots=True)
class Fate:
    """Kills this process at the n-th point; 0 lets it live."""

    at: int
    passed: int = 0

    def pass_point(self) -> None:
        """One point further."""
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(store.Database):
    """Each write transaction may be the last: when it has begun, before it is committed, and right after."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url)
        self.fate = fate

    @contextmanager
    def begin(self) -> Iterator[store.Db]:
        """One write transaction with three points to die at."""
        with super().begin() as db:
            self.fate.pass_point()
            yield db
            self.fate.pass_point()
        self.fate.pass_point()


@dataclass(slots=True)
class MortalServer(Server):
    """Keeps what it accepted in a file; the program may die on either side of that."""

    file: Path = Path()
    fate: Fate = field(default_factory=lambda: Fate(at=0))

    def send(self, mail: OutgoingMail) -> Outcome:
        """What became of the mail."""
        self.fate.pass_point()
        with self.file.open("a", encoding="utf-8") as accepted:
            accepted.write(f"{mail.key} {mail.to[0]}\n")
        self.fate.pass_point()
        return Outcome()


def run_mortal(act: Callable[[], None]) -> bool:
    """Whether a child that does this lived to its end."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return not os.WIFSIGNALED(status)
