"""The command line as a person meets it: arguments in; exit code and both outputs back."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import render_file, write_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands against one configuration file."""

    folder: Path
    captured: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "penholder.toml"

    def configure(self, **values: str | int) -> None:
        """Write the configuration; `mailbox_host` stands for mailbox.host."""
        self.config.write_text(render_file({key.replace("_", ".", 1): value for key, value in values.items()}))
        if not (self.folder / "penholder.secret").exists():
            write_secret(self.folder / "penholder.secret", "a secret for tests only")

    def run(self, *words: str) -> Said:
        """What a command says with this configuration; a missing exit is 0."""
        return self.run_bare("--config", str(self.config), *words)

    def run_bare(self, *words: str) -> Said:
        """What a command says with the configuration it finds by itself."""
        self.captured.readouterr()
        code = 0
        try:
            main([*words])
        except SystemExit as left:
            code = int(left.code or 0)
        said = self.captured.readouterr()
        return Said(code=code, out=said.out, err=said.err)
