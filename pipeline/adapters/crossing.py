"""Large bytes on their way to a child process: lent in a file without a name, not copied through a pipe.

A pipe would have sender and receiver hold them twice each. See: docs/analysis/isolation.md.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pipeline.adapters.allocation import LARGE

#: where a process sees the open files of another one of the same user; Linux has it
_OPEN_FILES = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """Where a child finds bytes while a call lasts."""

    path: str

    def read(self) -> bytes:
        """The bytes, held once."""
        return Path(self.path).read_bytes()


@contextmanager
def lend_large(values: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    """`values` with a `Lent` in place of bytes from LARGE on; the files are gone afterwards, whatever happens."""
    with ExitStack() as files:
        yield tuple(
            _lend(value, files.enter_context(TemporaryFile(prefix="penholder-")))
            if isinstance(value, bytes) and len(value) >= LARGE and _OPEN_FILES.is_dir()
            else value
            for value in values
        )


def take_lent(values: tuple[object, ...]) -> tuple[object, ...]:
    """What was lent, as it was before. Raises: OSError when the lender is gone."""
    return tuple(value.read() if isinstance(value, Lent) else value for value in values)


def _lend(value: bytes, file: IO[bytes]) -> Lent:
    file.write(value)
    file.flush()
    return Lent(path=str(_OPEN_FILES / str(os.getpid()) / "fd" / str(file.fileno())))
