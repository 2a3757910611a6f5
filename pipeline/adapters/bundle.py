"""A folder or a zip file of named parts, written whole or not at all, each part with its sha256."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from pipeline.errors import UsageError

# The same parts make the same archive, whenever it is written.
_STAMP = (1980, 1, 1, 0, 0, 0)


class Writer:
    """Takes parts; knows the sha256 of each."""

    def __init__(self, place: "_Place") -> None:
        """Begin without parts."""
        self._place = place
        #: name -> sha256, hex
        self.digests: dict[str, str] = {}

    def put(self, name: str, pieces: Iterable[bytes]) -> int:
        """The number of pieces of one part that were written; a name is written once."""
        digest, number = hashlib.sha256(), 0
        with self._place.create(name) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
                number += 1
        self.digests[name] = digest.hexdigest()
        return number


class _Place(Protocol):
    def create(self, name: str) -> IO[bytes]:
        """A new part to write to."""


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def create(self, name: str) -> IO[bytes]:
        entry = zipfile.ZipInfo(name, _STAMP)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return self._archive.open(entry, "w", force_zip64=True)


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def create(self, name: str) -> IO[bytes]:
        (self._root / name).parent.mkdir(parents=True, exist_ok=True)
        return (self._root / name).open("xb")


@contextmanager
def write_bundle(target: Path) -> Iterator[Writer]:
    """A zip file when `target` ends in .zip, else a folder. Nothing is left when writing fails.

    Raises: UsageError when `target` is there already.
    """
    if target.exists():
        raise UsageError(f"{target} is there already: choose another name.")
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.suffix.lower() == ".zip":
            with zipfile.ZipFile(beside, "x") as archive:
                yield Writer(_Zip(archive))
        else:
            beside.mkdir()
            yield Writer(_Folder(beside))
        beside.rename(target)
    finally:
        if beside.is_dir():
            shutil.rmtree(beside)
        beside.unlink(missing_ok=True)


class Reader:
    """Parts of a folder or a zip file."""

    def __init__(self, root: "Path | zipfile.Path", name: str) -> None:
        """Keep where the parts are; `name` stands for all of them in errors."""
        self._root = root
        self._name = name
        #: name -> sha256, hex; a part that is not named is not read
        self.digests: dict[str, str] = {}

    def read(self, name: str) -> bytes:
        """One part. Raises: UsageError when it is missing or was changed."""
        content = self.read_unchecked(name)
        if hashlib.sha256(content).hexdigest() != self.digests.get(name):
            raise UsageError(f"{name} in {self._name} was changed: ask for the archive again.")
        return content

    def read_unchecked(self, name: str) -> bytes:
        """One part, whatever its sha256. Raises: UsageError when it is missing."""
        if ".." in name.split("/") or name.startswith("/"):
            raise UsageError(f"{self._name} names a part outside of itself: {name}. It is no archive of Penholder.")
        try:
            return (self._root / name).read_bytes()
        except (OSError, KeyError, zipfile.BadZipFile):
            raise UsageError(
                f"{name} is missing in {self._name} or cannot be read: ask for the archive again."
            ) from None


@contextmanager
def read_bundle(source: Path) -> Iterator[Reader]:
    """The parts in a folder or zip file. Raises: UsageError when it is neither."""
    if source.is_dir():
        yield Reader(source, source.name)
        return
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile):
        raise UsageError(f"{source} is neither a folder nor a zip file: name what penholder export wrote.") from None
    with archive:
        yield Reader(zipfile.Path(archive), source.name)
