"""Input that is wrong is refused with the file or option, the place and what to write; nothing of it is kept."""

from collections.abc import Callable

import pytest

from tests.cli.shell import Shell
from tests.cli.test_commands import dump
from tests.demo import tiny


def _change_roster(old: str, new: str) -> Callable[[Shell], None]:
    """A roster file with one thing wrong."""
    assert old in tiny.ROSTER

    def write(shell: Shell) -> None:
        (shell.folder / "roster.toml").write_text(tiny.ROSTER.replace(old, new, 1), encoding="utf-8")

    return write


def _write(name: str, content: bytes) -> Callable[[Shell], None]:
    """A file with this content."""

    def write(shell: Shell) -> None:
        (shell.folder / name).write_bytes(content)

    return write


ROSTER = ("roster", "import", "roster.toml")
ADD = ("draft", "add", "SEA", "sea.docx", "--title", "The Sea")
OPEN = ("round", "open", "WAT", "--purpose", "silence", "--deadline")
CASES = {
    "address twice": (_change_roster('"water@who.example"', '"water@ilo.example"'), ROSTER, ("WHO", "ILO too")),
    "unknown zone": (_change_roster('"Europe/Zurich"', '"Zurich"'), ROSTER, ("ILO", "timezone", "Europe/Vienna")),
    "broken line": (_change_roster("[[member]]", "[[member]"), ROSTER, ("line", "correct that line")),
    "no encoding": (_write("roster.toml", tiny.ROSTER.encode("utf-16")), ROSTER, ("roster.toml", "UTF-8")),
    "deadline passed": (_write("x", b""), (*OPEN, "2012-10-31T18:00"), ("2012-10-31 18:00 Europe/Vienna", "later")),
    "no deadline": (_write("x", b""), (*OPEN, "soon"), ("'soon'", "2012-10-31T18:00")),
    "unknown zone of a round": (_write("x", b""), (*OPEN, "2099-01-01T10:00", "--zone", "Vienna"), ("'Vienna'",)),
    "a text file": (_write("sea.docx", b"The Sea."), ADD, ("sea.docx", "save it as .docx")),
    "a damaged file": (_write("sea.docx", b"PK\x03\x04"), ADD, ("sea.docx", "save it as .docx")),
    "another kind": (_write("sea.docx", b"%PDF-1.4"), ADD, ("sea.docx", "save it as .docx")),
    "no file": (_write("x", b""), ADD, ("sea.docx", "cannot be read")),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_input_names_the_place_and_the_remedy_and_leaves_everything_as_it_was(busy: Shell, case: str) -> None:
    prepare, command, words = CASES[case]
    prepare(busy)
    before = dump(busy)
    said = busy.run(*command)
    assert said.code == 65, said.err
    assert all(word in said.err for word in words), said.err
    assert len(said.err.strip().splitlines()) == 1
    assert dump(busy) == before
