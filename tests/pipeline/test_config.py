from pathlib import Path

import pytest

from pipeline.config import OPTIONS, read_secret, read_settings, render_file, write_secret
from pipeline.errors import ConfigurationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "penholder.toml").write_text(render_file())
    write_secret(tmp_path / "penholder.secret", "key")
    return tmp_path


def test_rendered_file_is_read_back_with_every_default(folder: Path) -> None:
    settings = read_settings(folder / "penholder.toml", {})
    assert (settings.mailbox, settings.smtp, settings.folder, settings.secret) == (None, None, "INBOX", "key")


def test_every_option_is_explained_in_the_file() -> None:
    text = render_file()
    assert all(option.words in text and f"\n{option.key} = " in text for option in OPTIONS)


def test_relative_database_lies_beside_the_file(folder: Path) -> None:
    assert read_settings(folder / "penholder.toml", {}).store_url == f"sqlite:///{folder / 'penholder.db'}"


def test_environment_wins_over_the_file(folder: Path) -> None:
    environment = {"PENHOLDER_MAILBOX_HOST": "imap.gmg.example", "PENHOLDER_MAILBOX_PASSWORD": "x"}
    settings = read_settings(folder / "penholder.toml", environment)
    assert settings.mailbox is not None
    assert (settings.mailbox.host, settings.mailbox.password) == ("imap.gmg.example", "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[mailbox]\nhots = 'x'", "mailbox.hots is not a setting"),
        ("[mailbox]\nport = 'many'", "mailbox.port: write a whole number"),
        ("[mailbox]\nport = true", "mailbox.port: write a whole number"),
        ("[mailbox]\ntls = 'ssl3'", "mailbox.tls: write one of tls, starttls, none"),
        ("[mailbox]\nhost = 3", "mailbox.host: write a text in quotes"),
        ("host = 'x'", "host: put it under a [section]"),
        ("[mailbox", "cannot be read"),
    ],
)
def test_mistakes_are_named_with_what_to_write(folder: Path, text: str, words: str) -> None:
    (folder / "penholder.toml").write_text(text)
    with pytest.raises(ConfigurationError) as error:
        read_settings(folder / "penholder.toml", {})
    assert words in str(error.value)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    (folder / "penholder.toml").write_text("[mailbox]\nport = 'x'\ntls = 'y'\n[smtp]\nport = 'z'")
    with pytest.raises(ConfigurationError) as error:
        read_settings(folder / "penholder.toml", {})
    assert all(name in str(error.value) for name in ("mailbox.port", "mailbox.tls", "smtp.port"))


def test_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="penholder init"):
        read_settings(tmp_path / "none.toml", {})


def test_secret_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_secret(path, "x")
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        read_secret(path)


def test_secret_is_never_overwritten(tmp_path: Path) -> None:
    write_secret(tmp_path / "secret", "x")
    with pytest.raises(ConfigurationError, match="there already"):
        write_secret(tmp_path / "secret", "y")
    assert read_secret(tmp_path / "secret") == "x"
