"""Real servers for the adapters."""

import os
import uuid
from collections.abc import Iterator

import pytest

from tests.adapters.dovecot import Dovecot, find_program, run_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot that lives as long as the tests."""
    if find_program() is None:
        if os.environ.get("PENHOLDER_REQUIRE_SERVICES") == "1":
            pytest.fail("dovecot is not on this machine: apt-get install dovecot-imapd")
        pytest.skip("dovecot is not on this machine: the tests against a real IMAP server are left out")
    with run_dovecot() as server:
        yield server


@pytest.fixture
def user() -> str:
    """A user with an empty mailbox."""
    return f"u{uuid.uuid4().hex[:12]}"
