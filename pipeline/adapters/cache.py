"""A folder that keeps what was learnt of Word files, so that a late file is the only one to be read and written."""

import hashlib
import json
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from pipeline import redline
from pipeline.errors import UsageError
from pipeline.redline.base_texts import read_base_text, write_base_text
from pipeline.redline.change_sets import Key, read_change_set, write_change_set
from pipeline.redline.model import BaseText, ChangeSet


class _Folder:
    """Texts by their keys, a file each. What another version of the program kept is not found.

    A file that cannot be read counts as missing.
    """

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder. Raises: UsageError when it cannot be made."""
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be made: {error.strerror}.") from None

    def read(self, *key: str) -> str:
        """What is kept under the key; "" for nothing and for what cannot be read."""
        try:
            return self._path(key).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def write(self, text: str, *key: str) -> None:
        """Keep a text, whole or not at all. Raises: UsageError."""
        path = self._path(key)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from None

    def _path(self, key: tuple[str, ...]) -> Path:
        name = hashlib.sha256("\n".join((_program(), *key)).encode()).hexdigest()
        return self._folder / f"{name}.json"


class Cache:
    """What was learnt of Word files: their texts, what they propose, how the draft was written with it."""

    def __init__(self, folder: Path) -> None:
        """Keep it in this folder. Raises: UsageError when it cannot be made."""
        self._folder = _Folder(folder)
        self.texts = TextCache(self._folder)
        self.changes = ChangeCache(self._folder)

    def open_stretches(self, base: str) -> "StretchCache":
        """How stretches of the file with this sha256 were written."""
        return StretchCache(self._folder, base)


class TextCache:
    """Texts of files by their sha256; fit for `read_text`."""

    def __init__(self, folder: _Folder) -> None:
        self._folder = folder

    def get(self, key: str, /) -> BaseText | None:
        """The text of the file; None when it was not read yet."""
        with suppress(ValueError):
            found = read_base_text(self._folder.read("text", key))
            return found if found.sha256 == key else None
        return None

    def __setitem__(self, key: str, found: BaseText, /) -> None:
        """Keep the text of the file. Raises: UsageError."""
        self._folder.write(write_base_text(found), "text", key)


class ChangeCache:
    """Change sets by the sha256 of base and file; fit for `read_changes`."""

    def __init__(self, folder: _Folder) -> None:
        self._folder = folder

    def get(self, key: Key, /) -> ChangeSet | None:
        """What the file proposes on the base; None when it was not read yet."""
        with suppress(ValueError):
            found = read_change_set(self._folder.read("changes", *key))
            return found if (found.base, found.source) == key else None
        return None

    def __setitem__(self, key: Key, found: ChangeSet, /) -> None:
        """Keep what the file proposes. Raises: UsageError."""
        self._folder.write(write_change_set(found), "changes", *key)


class StretchCache:
    """Written stretches of one base, all in one file; fit for `consolidate`."""

    def __init__(self, folder: _Folder, base: str) -> None:
        self._folder = folder
        self._base = base
        self._known: dict[str, str] = {}
        with suppress(ValueError, TypeError):
            self._known = dict(json.loads(folder.read("stretches", base)))
        self._used: dict[str, str] = {}

    def get(self, key: str, /) -> str | None:
        """How a stretch was written; None when it was not."""
        found = self._known.get(key)
        if found is not None:
            self._used[key] = found
        return found

    def __setitem__(self, key: str, text: str, /) -> None:
        """Note how a stretch was written."""
        self._used[key] = text

    def save(self) -> None:
        """Keep the stretches that were asked for or noted, and no others. Raises: UsageError."""
        self._folder.write(json.dumps(self._used, ensure_ascii=False), "stretches", self._base)


@cache
def _program() -> str:
    """What tells one version of the program from another: the hex sha256 of what reads and writes."""
    sources = sorted(Path(str(redline.__file__)).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
