"""Receipts: one for each message, to people we know, about what was read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.acknowledge import acknowledge
from pipeline.adapters import store
from pipeline.core.model import OutgoingMail, Place
from pipeline.redline.model import Change, ChangeKind, Origin
from tests.pipeline import office


@pytest.fixture
def database(tmp_path: Path) -> Iterator[store.Database]:
    """The sample group's database with the youth round."""
    with office.open_office(tmp_path) as opened:
        office.open_round(opened)
        yield opened


def answer(database: store.Database, message_id: int) -> OutgoingMail | None:
    """The receipt for a message."""
    with database.begin() as db:
        message = store.messages.get_message(db, message_id)
        return acknowledge(db, message, now=office.OPENED + 2 * office.HOUR, secret=office.SECRET)


def test_a_message_is_acknowledged_once(database: store.Database) -> None:
    message = office.file_message(database, "no_comment")
    mail = answer(database, message)
    assert mail is not None
    assert mail.to == ("migrant-fp@ilo.example",)
    assert mail.cc == ()
    assert "Recorded: no comments." in mail.text
    assert answer(database, message) is None


def make_change(kind: ChangeKind) -> Change:
    """A change of one kind."""
    return Change(kind=kind, origin=Origin.TRACKED, story="body", start=0, end=0, old="", new="x")


def test_changes_and_comments_are_counted(database: store.Database) -> None:
    message = office.file_message(database, "contribution")
    kinds = (ChangeKind.INSERTION, ChangeKind.COMMENT, ChangeKind.DELETION)
    with database.begin() as db:
        store.proposals.add_proposals(
            db,
            message_id=message,
            round_id=1,
            draft="YTH",
            revision="r0",
            agency="ILO",
            body=None,
            changes=[make_change(kind) for kind in kinds],
        )
    mail = answer(database, message)
    assert mail is not None
    assert "Read: 2 changes and 1 comment." in mail.text


@pytest.mark.parametrize(
    "kind", ["auto_reply", "bounce", "delay_notice", "receipt", "calendar", "recall", "own_mail", "list", "spam"]
)
def test_machine_mail_is_never_answered(database: store.Database, kind: str) -> None:
    assert answer(database, office.file_message(database, kind)) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"acknowledge": False},
        {"sender": None},
        {"sender": "somebody@elsewhere.example"},
        {"sender": "migrant-fp@unicef.example"},
        {"agency": "NOBODY"},
        {"round_id": None},
        {"place": Place.QUARANTINED},
        {"place": Place.IGNORED},
        {"place": Place.FAILED},
        {"identity": {"authentication_failed": True}},
        {"identity": {"lookalike_of": "ILO"}},
    ],
)
def test_what_is_not_surely_from_a_member_is_not_answered(database: store.Database, facts: dict[str, Any]) -> None:
    assert answer(database, office.file_message(database, **facts)) is None


def test_a_repeated_message_is_not_answered(database: store.Database) -> None:
    first = office.file_message(database)
    again = office.file_message(database, at=office.OPENED + 2 * office.HOUR, duplicate_of=first)
    assert answer(database, again) is None


def test_a_colleague_who_is_not_on_the_roster_is_answered_through_the_focal_point(database: store.Database) -> None:
    mail = answer(database, office.file_message(database, sender="skills-unit@ilo.example"))
    assert mail is not None
    assert mail.to == ("migrant-fp@ilo.example",)


def test_a_body_is_answered_by_its_own_name(database: store.Database) -> None:
    message = office.file_message(database, agency="RC", body="ECE", sender="population-unit@ece.example")
    mail = answer(database, message)
    assert mail is not None
    assert (mail.agency, mail.to) == ("ECE", ("population-unit@ece.example",))


def test_a_held_message_is_said_to_be_with_a_person(database: store.Database) -> None:
    mail = answer(database, office.file_message(database, place=Place.HELD))
    assert mail is not None
    assert "a person looks at it" in mail.text
    assert "Recorded" not in mail.text
