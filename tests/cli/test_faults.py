"""What goes wrong is one sentence and an exit code of sysexits.h; never a traceback without --debug."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from pipeline import cli
from pipeline.cli import COMMANDS, HELP, main
from pipeline.config import HOME
from tests.adapters.dovecot import find_free_port
from tests.cli.shell import Shell
from tests.demo import tiny


def lose_config(shell: Shell) -> None:
    """There is no configuration."""
    shell.config.unlink()


def break_config(shell: Shell) -> None:
    """It is no TOML."""
    shell.config.write_text("[mailbox\n")


def open_secret(shell: Shell) -> None:
    """Anybody may read the secret."""
    (shell.folder / "penholder.secret").chmod(0o644)


def corrupt_database(shell: Shell) -> None:
    """The file is no database."""
    (shell.folder / "penholder.db").write_bytes(b"no database at all" * 100)


def misplace_database(shell: Shell) -> None:
    """Its directory is not there."""
    shell.configure(store_url="sqlite:///nowhere/penholder.db")


def refuse_lines(shell: Shell) -> None:
    """Nobody listens where the servers should be."""
    port = find_free_port()
    shell.configure(
        mailbox_host="127.0.0.1",
        mailbox_port=port,
        mailbox_tls="none",
        mailbox_user="drafts",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_tls="none",
        smtp_envelope_from="drafts@wtg.example",
    )


def write(name: str, content: bytes) -> Callable[[Shell], None]:
    """A file with this content lies there."""

    def put(shell: Shell) -> None:
        (shell.folder / name).write_bytes(content)

    return put


def nothing(shell: Shell) -> None:
    """All is as it should be."""


FAULTS = [
    (lose_config, ("status",), 78),
    (lose_config, ("doctor",), 78),
    (break_config, ("status",), 78),
    (open_secret, ("status",), 78),
    (nothing, ("poll", "--once"), 78),
    (nothing, ("clock", "--once"), 78),
    (nothing, ("init",), 78),
    (corrupt_database, ("status",), 74),
    (misplace_database, ("status",), 74),
    (refuse_lines, ("poll", "--once"), 69),
    (refuse_lines, ("poll", "--dry-run"), 69),
    (nothing, ("roster", "import", "roster.toml"), 65),
    (write("roster.toml", b"[group\n"), ("roster", "import", "roster.toml"), 65),
    (write("roster.toml", b"[group]\n"), ("roster", "import", "roster.toml"), 65),
    (write("roster.toml", tiny.ROSTER.encode("utf-16")), ("roster", "import", "roster.toml"), 65),
    (nothing, ("roster", "export"), 65),
    (nothing, ("status",), 65),
    (nothing, ("consolidate", "WAT"), 65),
    (nothing, ("draft", "add", "WAT", "missing.docx", "--title", "x"), 65),
    (write("broken.docx", b"PK\x03\x04"), ("draft", "add", "WAT", "broken.docx", "--title", "x"), 65),
    (write("broken.docx", b"PK\x03\x04"), ("merge", "broken.docx", "ILO=broken.docx", "-o", "out.docx"), 65),
    (nothing, ("merge", "missing.docx", "ILO=a.docx", "-o", "out.docx"), 65),
    (nothing, ("round", "close", "7"), 65),
    (nothing, ("round", "extend", "7", "ILO", "--refuse"), 65),
    (nothing, ("round", "extend", "7", "ILO"), 65),
    (nothing, ("inspect",), 65),
    (nothing, ("inspect", "missing.eml"), 65),
    (nothing, ("inspect", "--jsonl", "missing"), 65),
    (write("letter.eml", b"x"), ("inspect", "--jsonl", "letter.eml"), 65),
    (corrupt_database, ("inspect", "--jsonl", "."), 74),
    (misplace_database, ("inspect", "--jsonl", "."), 74),
    (corrupt_database, ("explain", "1"), 74),
    (corrupt_database, ("replay",), 74),
    (nothing, ("demo", "--check", "--scenario", "missing"), 65),
    (nothing, ("demo", "--folder", "."), 65),
    (nothing, ("statuss",), 2),
    (nothing, ("round", "close"), 2),
]


@pytest.mark.parametrize(("fault", "words", "code"), FAULTS)
def test_a_fault_is_a_sentence_and_a_code(
    shell: Shell, fault: Callable[[Shell], None], words: tuple[str, ...], code: int
) -> None:
    fault(shell)
    said = shell.run(*words)
    assert said.code == code, said.err
    assert said.err.strip()
    assert "Traceback" not in said.out + said.err
    assert "nobody foresaw" not in said.err


def test_merge_needs_an_owner_for_each_file(busy: Shell) -> None:
    assert busy.run("merge", "base.docx", "reply.docx", "-o", "out.docx").code == 2


def test_a_folder_that_cannot_be_written_is_said(busy: Shell) -> None:
    (busy.folder / "out").write_text("a file stands here")
    said = busy.run("consolidate", "WAT", "--out", "out")
    assert said.code == 74
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("deadline", "zone"), [("tomorrow", "Europe/Vienna"), ("2099-10-31T18:00", "Mars/Olympus")])
def test_a_deadline_that_cannot_be_read_is_said(busy: Shell, deadline: str, zone: str) -> None:
    said = busy.run("round", "open", "WAT", "--deadline", deadline, "--zone", zone)
    assert said.code == 65
    assert "write" in said.err


def fail(*_: object, **__: object) -> None:
    """Nobody foresaw this."""
    raise RuntimeError("a bug")


def test_our_own_mistake_is_a_sentence_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.rounds.office_of", fail)
    said = shell.run("status")
    assert said.code == 70
    assert "--debug" in said.err
    assert "Traceback" not in said.err


def test_debug_shows_where_it_happened(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.cli.rounds.office_of", fail)
    with pytest.raises(RuntimeError, match="a bug"):
        shell.run("--debug", "status")


def test_an_interrupt_leaves_quietly(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.cli.rounds.office_of", interrupt)
    assert shell.run("status").code == 130


# --- Help -----------------------------------------------------------------------------------------------------


def test_every_command_is_listed_with_its_help(shell: Shell) -> None:
    said = shell.run("--help")
    assert said.code == 0
    assert COMMANDS.keys() == HELP.keys()
    for name in COMMANDS:
        assert f"\n  {name} " in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_in_the_list_begins_the_help_of_the_command(shell: Shell, name: str) -> None:
    said = shell.run(name, "--help")
    assert said.code == 0
    assert "Usage: penholder" in said.out


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("statuss",)])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    program = (
        "import sys\nfrom pipeline.cli import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'flask', 'sqlalchemy', 'docx', 'lxml', 'mailparser', 'imapclient', 'alembic'} & sys.modules.keys()\n"
        "sys.exit(' '.join(heavy) or 0)\n"
    )
    child = subprocess.run([sys.executable, "-c", program], cwd=HOME, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr


def test_output_nobody_reads_is_no_mistake(busy: Shell) -> None:
    program = f"from pipeline.cli import main; main(['--config', {str(busy.config)!r}, 'roster', 'export'])"
    words = f'{{ {sys.executable} -c "$PROGRAM"; }} | true'
    environment = {"PROGRAM": program, "PATH": "/usr/bin:/bin"}
    child = subprocess.run(
        ["bash", "-c", words], cwd=HOME, env=environment, capture_output=True, text=True, check=False
    )
    assert child.stderr == ""


def test_main_takes_the_words_of_the_process(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.sys, "argv", ["penholder", "--version"])
    main()
