"""OpenDocument and RTF files made into DOCX by the pandoc that comes with pypandoc. See: docs/analysis/isolation.md."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Literal

import pypandoc

from pipeline.errors import ConfigurationError, UnreadableFileError

#: seconds
WALL = 30.0
#: heap of the Haskell run-time: an archive that unpacks to gigabytes ends here
MEMORY = "1g"

# No home: nobody's templates and defaults take part.
_ENVIRONMENT = {"HOME": "/nonexistent", "LANG": "C.UTF-8", "PATH": ""}


def convert_to_docx(content: bytes, source: Literal["odt", "rtf"], *, wall: float = WALL) -> bytes:
    """The text of the file as DOCX. pandoc reads stdin, writes stdout, and opens nothing a document points to.

    Raises: UnreadableFileError("broken") when pandoc cannot read it; ConfigurationError when there is no pandoc.
    """
    command = [_get_path(), "--sandbox", "-f", source, "-t", "docx", "-o", "-", "+RTS", f"-M{MEMORY}", "-RTS"]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, cwd="/", env=_ENVIRONMENT, timeout=wall, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("broken", f"The {source} file takes longer than {wall:g} s to convert.") from error
    if done.returncode or not done.stdout.startswith(b"PK"):
        words = " ".join(done.stderr.decode("utf-8", "replace").split())[:300] or f"exit code {done.returncode}"
        raise UnreadableFileError("broken", f"The {source} file cannot be converted: {words}.")
    return done.stdout


@cache
def version() -> str:
    """The version of pandoc in use: "3.9". Raises: ConfigurationError."""
    shown = subprocess.run([_get_path(), "--version"], capture_output=True, text=True, timeout=WALL, check=True)
    return shown.stdout.split()[1]


@cache
def find_program() -> str | None:
    """The path of pandoc, the one pypandoc brings if it is there; None when there is none. Runs nothing."""
    # pypandoc.get_pandoc_path() starts every candidate to compare versions, which takes a second.
    bundled = Path(pypandoc.__file__).parent / "files" / "pandoc"
    return str(bundled) if bundled.exists() else shutil.which("pandoc")


def _get_path() -> str:
    path = find_program()
    if path is None:
        raise ConfigurationError(
            "There is no pandoc. Install the project again: the package pypandoc_binary brings it along."
        )
    return path
