"""Each check says what was found and what to do; none ends in a traceback."""

import os
import shutil
from collections import namedtuple
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import doctor
from pipeline.adapters import pandoc
from pipeline.config import Server, Settings, default_settings
from pipeline.doctor import Finding, examine
from pipeline.errors import ConfigurationError, SandboxError
from tests.adapters.dovecot import find_free_port
from tests.pipeline import desk as small

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database in a folder, no servers."""
    return replace(default_settings(), store_url=f"sqlite:///{tmp_path}/penholder.db")


def find(settings: Settings, subject: str) -> Finding:
    """What one check found."""
    return next(finding for finding in examine(settings) if finding.subject == subject)


def unreachable(**changes: object) -> Server:
    """A server nobody listens at."""
    told = {"host": "127.0.0.1", "port": find_free_port(), "tls": "none", "user": "drafts", "password": "x"}
    return Server(**(told | changes))  # type: ignore[arg-type]


def test_every_check_says_something_with_nothing_set_up(settings: Settings) -> None:
    findings = tuple(examine(settings))
    assert [finding.subject for finding in findings] == list(doctor._CHECKS)
    assert all(finding.mark in ("ok", "warn", "fail") and finding.words for finding in findings)
    marks = {finding.subject: finding.mark for finding in findings}
    assert {subject for subject, mark in marks.items() if mark == "warn"} >= {
        "roster",
        "mailbox",
        "authentication",
        "outgoing mail",
    }
    assert "fail" not in marks.values()


def test_every_check_says_something_with_nothing_reachable(settings: Settings, tmp_path: Path) -> None:
    lost = replace(
        settings,
        store_url=f"sqlite:///{tmp_path}/nowhere/penholder.db",
        mailbox=unreachable(),
        smtp=unreachable(user="", password=""),
        envelope_from="drafts@wtg.example",
        rules=tmp_path / "no_rules",
    )
    marks = {finding.subject: finding.mark for finding in examine(lost)}
    assert marks.keys() == doctor._CHECKS.keys()
    for subject in ("database", "roster", "mailbox", "outgoing mail", "inbox rules"):
        assert marks[subject] == "fail", subject


def test_a_host_that_does_not_exist_fails_in_words(settings: Settings) -> None:
    finding = find(replace(settings, mailbox=unreachable(host="imap.invalid")), "mailbox")
    assert finding.mark == "fail"
    assert "imap.invalid" in finding.words


def test_a_roster_and_a_database_that_are_there_are_counted(settings: Settings, tmp_path: Path) -> None:
    with small.open_desk(tmp_path) as desk:
        small.take(desk, small.answer(desk))
    assert find(settings, "database") == Finding(
        mark="ok", subject="database", words="can be read and written, 1 messages"
    )
    assert "3 members, mailbox drafts@wtg.example" in find(settings, "roster").words


def test_outgoing_mail_needs_a_return_path(settings: Settings) -> None:
    finding = find(replace(settings, smtp=unreachable()), "outgoing mail")
    assert (finding.mark, "envelope_from" in finding.words) == ("fail", True)


def test_a_named_server_for_authentication_is_well(settings: Settings) -> None:
    assert find(replace(settings, authserv_id="mx.wtg.example"), "authentication").mark == "ok"


@pytest.mark.parametrize(("free", "mark"), [(10**8, "warn"), (10**11, "ok")])
def test_a_full_disk_is_told_in_time(settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, mark: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, free))
    assert find(settings, "disk").mark == mark


class Past(datetime):
    """A clock that lost its battery."""

    @classmethod
    def now(cls, tz: object = None) -> "Past":
        """The first day of all machines."""
        return cls(1970, 1, 1, tzinfo=UTC)


def test_a_clock_in_the_past_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "datetime", Past)
    assert find(settings, "clock").mark == "fail"


def test_a_missing_pandoc_fails_in_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def miss() -> str:
        raise ConfigurationError("pandoc is not there: install pypandoc_binary.")

    monkeypatch.setattr(pandoc, "version", miss)
    assert find(settings, "pandoc").words == "pandoc is not there: install pypandoc_binary."


def test_a_child_process_that_cannot_start_fails_in_words(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoSandbox:
        """Cannot start a child."""

        def __enter__(self) -> None:
            raise SandboxError("No child process could be started.")

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(doctor, "Sandbox", NoSandbox)
    assert find(settings, "child process").mark == "fail"


def test_rules_that_cannot_be_read_fail_in_words(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "assent.toml").write_text("[[rule]\n")
    finding = find(replace(settings, rules=tmp_path), "inbox rules")
    assert finding.mark == "fail"
    assert "assent.toml" in finding.words


def test_a_database_that_can_only_be_read_fails(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "penholder.db").write_bytes(b"no database " * 500)
    assert find(settings, "database").mark == "fail"
    assert os.path.getsize(tmp_path / "penholder.db") == 6000
