"""OpenDocument and RTF files made into DOCX by the pandoc that comes with pypandoc. See: docs/analysis/isolation.md."""

import subprocess
import tempfile
from functools import cache
from typing import Literal

import pypandoc

from pipeline.errors import ConfigurationError, UnreadableFileError

#: seconds
WALL = 30.0
#: heap of the Haskell run-time: an archive that unpacks to gigabytes ends here
MEMORY = "1g"


def convert_to_docx(content: bytes, source: Literal["odt", "rtf"], *, wall: float = WALL) -> bytes:
    """The text of the file as DOCX. pandoc reads stdin, writes stdout, and opens nothing a document points to.

    Raises: UnreadableFileError("broken") when pandoc cannot read it; ConfigurationError when there is no pandoc.
    """
    command = [_find_pandoc(), "--sandbox", "-f", source, "-t", "docx", "-o", "-", "+RTS", f"-M{MEMORY}", "-RTS"]
    with tempfile.TemporaryDirectory(prefix="penholder-pandoc-") as empty:
        environment = {"HOME": empty, "LANG": "C.UTF-8", "PATH": ""}
        try:
            done = subprocess.run(
                command, input=content, capture_output=True, cwd=empty, env=environment, timeout=wall, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableFileError(
                "broken", f"The {source} file takes longer than {wall:g} s to convert."
            ) from error
    if done.returncode or not done.stdout.startswith(b"PK"):
        words = " ".join(done.stderr.decode("utf-8", "replace").split())[:300] or f"exit code {done.returncode}"
        raise UnreadableFileError("broken", f"The {source} file cannot be converted: {words}.")
    return done.stdout


@cache
def version() -> str:
    """The version of pandoc in use: "3.9". Raises: ConfigurationError."""
    shown = subprocess.run([_find_pandoc(), "--version"], capture_output=True, text=True, timeout=WALL, check=True)
    return shown.stdout.split()[1]


@cache
def _find_pandoc() -> str:
    try:
        path: str = pypandoc.get_pandoc_path()
    except OSError as error:
        raise ConfigurationError(
            "There is no pandoc. Install the project again: the package pypandoc_binary brings it along."
        ) from error
    return path
