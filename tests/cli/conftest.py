"""A configured command line, empty or with the small round on it."""

from pathlib import Path

import pytest

from pipeline.adapters import store
from tests.cli.shell import Shell
from tests.pipeline import desk as small
from tests.pipeline.desk import HOUR, NOW, answer, edit, with_file


@pytest.fixture
def shell(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A configuration without servers and an empty database."""
    monkeypatch.chdir(tmp_path)
    for name in ("PENHOLDER_CONFIG", "PENHOLDER_ADMIN_SECRET"):
        monkeypatch.delenv(name, raising=False)
    opened = Shell(tmp_path, capfd)
    opened.configure()
    return opened


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """The small round with one answer of each kind: changes, no comments, a stranger."""
    with small.open_desk(shell.folder) as desk:
        changes = (edit("shared with herds", "shared with camels", 2), edit("once a year", "every quarter", 6))
        stranger = answer(desk, sender="Somebody <x@elsewhere.example>", in_reply_to="", subject="wells", text="Hello")
        small.take(desk, with_file(desk, "ILO", *changes), stranger)
        with desk.database.begin() as db:
            store.messages.note_poll(db, NOW + HOUR)
        (shell.folder / "letter.eml").write_bytes(answer(desk, "WHO"))
        (shell.folder / "base.docx").write_bytes(small.base_docx())
        (shell.folder / "reply.docx").write_bytes(small.reply_docx(*changes))
    return shell
