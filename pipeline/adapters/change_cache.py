"""A folder that keeps what Word files propose on a base, so that a late file is the only one to be read."""

import hashlib
import os
from functools import cache
from pathlib import Path

from pipeline import redline
from pipeline.errors import UsageError
from pipeline.redline.change_sets import Key, read_change_set, write_change_set
from pipeline.redline.model import ChangeSet


class ChangeCache:
    """Change sets by the sha256 of base and file, one file of JSON each; fit for `read_changes`.

    What another version of the program read is not used. A file that cannot be read counts as missing.
    """

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder. Raises: UsageError when it cannot be made."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made: {error.strerror}.") from None

    def get(self, key: Key, /) -> ChangeSet | None:
        """What the file proposes on the base; None when it was not read yet."""
        try:
            found = read_change_set(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if (found.base, found.source) == key else None

    def __setitem__(self, key: Key, found: ChangeSet, /) -> None:
        """Keep what the file proposes, whole or not at all. Raises: UsageError."""
        path = self._path(key)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_text(write_change_set(found), encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from None

    def _path(self, key: Key) -> Path:
        name = hashlib.sha256("\n".join((_reader(), *key)).encode()).hexdigest()
        return self._folder / f"{name}.json"


@cache
def _reader() -> str:
    """What tells one version of the reader from another: the hex sha256 of its source."""
    sources = sorted(Path(str(redline.__file__)).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
