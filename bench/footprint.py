"""The memory of the whole intake while it reads a folder of mail: this process and all below it, each page once.

Run as a program it reads every message of a folder, in the order of their names, as the service would, and prints the
most that was held, in bytes. The rounds are built by another process, so that nothing is weighed but the intake.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.adapters import store
from pipeline.bootstrap import open_office
from pipeline.config import HOME, default_settings
from pipeline.core.model import RawMessage
from pipeline.receive import recognise_all

#: seconds between two looks
LOOK = 0.02
#: messages that are recorded at once, as the poller does
BATCH = 50
#: during the round of the tests
NOW = datetime.fromisoformat("2012-10-02T10:00+02:00")
_FILL = """
import pathlib, sys
from tests.pipeline.desk import open_desk
with open_desk(pathlib.Path(sys.argv[1])):
    pass
"""


class Scales:
    """Weighs this process and its children while something is done."""

    def __init__(self, weigh: bool = True) -> None:
        """Weighing begins with entering; without `weigh` it does not begin, and nothing is slowed."""
        #: bytes, at most
        self.peak = 0
        self._done = threading.Event()
        if not weigh:
            self._done.set()
        self._thread = threading.Thread(target=self._weigh, daemon=True)

    def __enter__(self) -> "Scales":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _weigh(self) -> None:
        while not self._done.wait(LOOK):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(os.getpid())))


def measure(messages: Path) -> int:
    """Bytes the whole intake has held at most while it read every message of a folder. Linux only."""
    with tempfile.TemporaryDirectory(prefix="penholder-bench-") as folder:
        subprocess.run([sys.executable, "-c", _FILL, folder], check=True, cwd=HOME)
        command = [sys.executable, "-m", "bench.footprint", str(messages), folder]
        return int(subprocess.run(command, capture_output=True, text=True, check=True, cwd=HOME).stdout)


def _take_in(messages: Path, folder: Path) -> int:
    settings = replace(default_settings(), store_url=f"sqlite:///{folder}/penholder.db", secret="of no use to anybody")
    files = sorted(messages.glob("*.eml"))
    with open_office(settings, lambda: NOW) as office, Scales() as scales:
        for start in range(0, len(files), BATCH):
            with office.database.begin() as db:
                for uid, path in enumerate(files[start : start + BATCH], start + 1):
                    raw = RawMessage(folder="INBOX", uid_validity=1, uid=uid, raw=path.read_bytes(), internal_date=NOW)
                    store.messages.record(db, raw, NOW)
            recognise_all(office.desk, NOW)
    return scales.peak


def _family(pid: int) -> Iterator[int]:
    """A process and all below it. Linux only."""
    yield pid
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = listing.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _family(int(child))


def _resident(pid: int) -> int:
    """Bytes a process does not share with others, and its part of those it shares; 0 when it is gone."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) * 1024


if __name__ == "__main__":
    print(_take_in(Path(sys.argv[1]), Path(sys.argv[2])))
