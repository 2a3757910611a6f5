"""Wiring: what is configured is what is used, and what is opened is closed."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from pipeline import bootstrap
from pipeline.bootstrap import mailbox_settings, new_secret, open_office, sender_settings
from pipeline.config import Server, Settings, default_settings
from pipeline.errors import ConfigurationError, StoreError

SERVER = Server(host="mail.wtg.example", port=993, tls="tls", user="drafts", password="x")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database in a folder and two servers."""
    url = f"sqlite:///{tmp_path}/penholder.db"
    told = replace(default_settings(), store_url=url, mailbox=SERVER, smtp=SERVER, secret="s", authserv_id="mx.example")
    return replace(told, envelope_from="drafts@wtg.example", folder="Drafts", move_to="Filed")


def test_an_office_works_with_what_is_configured(settings: Settings, tmp_path: Path) -> None:
    with open_office(settings) as office:
        assert office.desk.database is office.database
        assert (office.desk.secret, office.desk.authserv_id) == ("s", "mx.example")
        assert office.clock().tzinfo is UTC
    assert (tmp_path / "penholder.db").exists()


def test_what_was_opened_is_closed_when_the_rest_fails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    monkeypatch.setattr(bootstrap.store.Database, "dispose", lambda self: closed.append(self))
    with pytest.raises(RuntimeError), open_office(settings) as office:
        raise RuntimeError
    assert closed == [office.database]


@pytest.mark.parametrize(
    ("change", "error"),
    [({"rules": Path("no_rules")}, ConfigurationError), ({"store_url": "sqlite:////nowhere/x.db"}, StoreError)],
)
def test_an_office_that_cannot_open_says_why(
    settings: Settings, change: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error), open_office(replace(settings, **change)):  # type: ignore[arg-type]
        pass


def test_the_mailbox_is_the_one_configured(settings: Settings) -> None:
    found = mailbox_settings(settings)
    assert (found.host, found.folder, found.move_to, found.tls) == ("mail.wtg.example", "Drafts", "Filed", "tls")
    assert mailbox_settings(replace(settings, move_to="")).move_to is None
    with pytest.raises(ConfigurationError, match="mailbox"):
        mailbox_settings(replace(settings, mailbox=None))


def test_the_way_out_is_the_one_configured(settings: Settings) -> None:
    assert sender_settings(settings).envelope_from == "drafts@wtg.example"
    with pytest.raises(ConfigurationError, match="smtp"):
        sender_settings(replace(settings, smtp=None))


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {64}
