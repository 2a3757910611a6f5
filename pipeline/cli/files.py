"""Files of the command line: read whole, understood in child processes, written all or none."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from pipeline.adapters.sandbox import Sandbox
from pipeline.errors import PenholderError, UnreadableFileError, UsageError
from pipeline.redline.base_texts import KnownTexts
from pipeline.redline.change_sets import KnownChanges
from pipeline.redline.model import BaseText, ChangeSet
from pipeline.redline.read import find_kind, read_changes, read_text

T = TypeVar("T")

#: from so many files on, two are read at a time
MANY = 5

#: gets how many steps are done and what comes next
Tell = Callable[[int, str], None]


#: what else is often sent in place of a Word file; find_kind names it
_OTHER_KINDS = {
    "odt": "an OpenDocument text",
    "rtf": "a Rich Text file",
    "pdf": "a PDF",
    "xlsx": "a workbook",
    "image": "a picture",
    "zip": "an archive",
}


class OutputError(PenholderError):
    """A result cannot be written."""

    exit_code = 74


@contextmanager
def open_sandbox(files: int = 1) -> Iterator[Sandbox]:
    """Child processes for reading this many Word files."""
    with Sandbox(workers=2 if files >= MANY else 1, preload=("pipeline.redline.read",)) as sandbox:
        yield sandbox


def read_bytes(file: Path) -> bytes:
    """The content of a file. Raises: UsageError."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None


def read_utf8(file: Path) -> str:
    """The text of a file. Raises: UsageError."""
    try:
        return read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not in UTF-8: save it in that encoding.") from None


@contextmanager
def as_word_file(file: Path) -> Iterator[None]:
    """What goes wrong with the content of a file is told with its name. Raises: UsageError."""
    try:
        yield
    except UnreadableFileError as error:
        raise UsageError(f"{file}: {error} A draft is a Word file: save it as .docx, then add that.") from error


def understand(sandbox: Sandbox, file: Path, function: Callable[..., T], *args: object) -> T:
    """What the function makes of a file in a child process. Raises: UsageError with the name of the file."""
    try:
        return sandbox.call(function, *args)
    except PenholderError as error:
        raise UsageError(f"{file}: {error}") from error


def read_base(sandbox: Sandbox, file: Path, known: KnownTexts | None = None) -> tuple[bytes, BaseText]:
    """The base and its text, which is not read again when it is in `known`, else put there.

    Raises: UsageError with the name of the file.
    """
    content = read_bytes(file)
    kept: KnownTexts = {} if known is None else known
    key = hashlib.sha256(content).hexdigest()
    found = kept.get(key)
    if found is None:
        found = kept[key] = understand(sandbox, file, _read_base, content)
    return content, found


def _read_base(content: bytes) -> BaseText:
    _refuse_other_kinds(content)
    return read_text(content)


def read_versions(
    sandbox: Sandbox, base: BaseText, files: Sequence[Path], tell: Tell, known: KnownChanges | None = None
) -> list[ChangeSet]:
    """What each file proposes on the base, in their order.

    What is in `known` is not read again; what is read is put there.
    Raises: UsageError that names every file not readable.
    """
    kept: KnownChanges = {} if known is None else known
    contents = [read_bytes(file) for file in files]
    keys = [(base.sha256, hashlib.sha256(content).hexdigest()) for content in contents]
    outcomes: list[ChangeSet | PenholderError | None] = [kept.get(key) for key in keys]
    missing = [place for place, outcome in enumerate(outcomes) if outcome is None]
    tell(len(files) - len(missing), "read")
    read = sandbox.map(partial(_read_version, base), [contents[place] for place in missing])
    for number, (place, outcome) in enumerate(zip(missing, read, strict=True), 1 + len(files) - len(missing)):
        outcomes[place] = outcome
        if isinstance(outcome, ChangeSet):
            kept[keys[place]] = outcome
        tell(number, f"read {files[place].name}")
    errors = [f"{file}: {one}" for file, one in zip(files, outcomes, strict=True) if isinstance(one, PenholderError)]
    if errors:
        raise UsageError("\n".join(errors))
    return [one for one in outcomes if isinstance(one, ChangeSet)]


def _read_version(base: BaseText, content: bytes) -> ChangeSet:
    _refuse_other_kinds(content)
    return read_changes(content, base)


def _refuse_other_kinds(content: bytes) -> None:
    kind = _OTHER_KINDS.get(find_kind(content, ""))
    if kind is not None:
        raise UsageError(f"This is {kind}, not a Word file: save it as .docx, or ask for it in that form.")


@contextmanager
def progress(steps: int) -> Iterator[Tell]:
    """Tells how far the work is: a bar where somebody watches, else nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=steps)

        def tell(done: int, words: str) -> None:
            bar.update(task, completed=done, description=words)

        yield tell


# --- Results --------------------------------------------------------------------------------------------------------


def check_targets(targets: Sequence[Path | None], inputs: Sequence[Path]) -> None:
    """Before the work begins, that its results have a place. Raises: UsageError, OutputError."""
    named = [target for target in targets if target is not None]
    taken = {file.resolve() for file in inputs}
    for target in named:
        if target.resolve() in taken:
            raise UsageError(f"{target} would be written over a file that is read or written: name another one.")
        if not target.resolve().parent.is_dir():
            raise OutputError(f"{target} cannot be written: there is no folder {target.parent}.")
        taken.add(target.resolve())


def write_results(results: Mapping[Path, bytes]) -> None:
    """Write every result, each whole or not at all. Raises: OutputError."""
    for target, content in results.items():
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            beside.write_bytes(content)
            beside.replace(target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise OutputError(f"{target} cannot be written: {error.strerror}.") from None


def require_suffix(ctx: click.Context, option: click.Parameter, value: Path | None, *endings: str) -> Path | None:
    """The path of an option, when it ends in one of these. Raises: click.BadParameter."""
    if value is not None and value.suffix.lower() not in endings:
        raise click.BadParameter(f"{value} must end in {' or '.join(endings)}.", ctx, option)
    return value
