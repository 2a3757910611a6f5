"""A database with the sample group, its drafts and a round, for tests of the use cases."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx

from pipeline import circulate
from pipeline.adapters import store
from pipeline.circulate import Circulation
from pipeline.core.model import (
    Action,
    Certainty,
    Deadline,
    Identity,
    Mailbox,
    MailKind,
    OutgoingMail,
    Place,
    RawMessage,
    Recognition,
    Revision,
    Role,
    RoundPurpose,
    SentMail,
    Verdict,
)
from tests.core import gmg

SECRET = "a secret for tests only"
OPENED = datetime.fromisoformat("2012-10-01T10:00+02:00")
DEADLINE = Deadline(at=datetime.fromisoformat("2012-10-31T18:00+01:00"), zone="Europe/Vienna")
#: 09:00 in Vienna and Geneva, seven days before the deadline
T7 = datetime.fromisoformat("2012-10-24T09:00+02:00")
HOUR = timedelta(hours=1)


@cache
def make_docx(words: str = "The text of the draft.") -> bytes:
    """A small document of one paragraph."""
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(file)
    return file.getvalue()


def make_revision(draft: str, name: str) -> Revision:
    """A revision that is not circulated yet."""
    content = make_docx(f"{draft} {name}")
    return Revision(draft=draft, name=name, sha256=sha256(content).hexdigest(), docx=content, circulated_at=None)


@contextmanager
def open_office(directory: Path) -> Iterator[store.Database]:
    """A database with the sample group, its three drafts, and r0 and r1 of each."""
    database = store.open_database(f"sqlite:///{directory}/penholder.db")
    with database.begin() as db:
        store.rosters.save_roster(db, gmg.get_roster())
        for draft in gmg.get_drafts().values():
            store.drafts.add_draft(db, draft)
            for name in ("r0", "r1"):
                store.drafts.add_revision(db, make_revision(draft.code, name))
    yield database
    database.dispose()


def open_round(database: store.Database, code: str = "YTH", **changes: Any) -> Circulation:
    """The youth round, or another one, opened on 1 October."""
    told: dict[str, Any] = {"revision": "r0", "deadline": DEADLINE, "purpose": RoundPurpose.INPUTS, "now": OPENED}
    return circulate.open_round(database, code, secret=SECRET, **(told | changes))


def list_mails(database: store.Database) -> tuple[SentMail, ...]:
    """Everything in the outbox, oldest first."""
    with database.read() as db:
        return store.outbox.list_outgoing(db, limit=1000)[::-1]


def note_poll(database: store.Database, at: datetime) -> None:
    """The mailbox was read at this instant."""
    with database.begin() as db:
        store.messages.note_poll(db, at)


def file_message(
    database: store.Database,
    kind: str = "no_comment",
    *,
    agency: str = "ILO",
    body: str | None = None,
    at: datetime = OPENED + HOUR,
    round_id: int | None = 1,
    sender: str | None = "migrant-fp@ilo.example",
    place: Place = Place.FILED,
    acknowledge: bool = True,
    attention: bool = False,
    duplicate_of: int | None = None,
    identity: dict[str, Any] | None = None,
    **verdict: Any,
) -> int:
    """The id of a message that was recorded and recognised as told."""
    raw = RawMessage(
        raw=f"From: {sender} {at} {kind}".encode(), folder="INBOX", uid=1, uid_validity=1, internal_date=at
    )
    who = Identity(
        agency=agency,
        body=body,
        role=Role.FOCAL_POINT,
        draft="YTH",
        round_id=round_id,
        revision="r0",
        who=Certainty.SURE,
        which=Certainty.SURE,
        clues=(),
    )
    recognition = Recognition(
        identity=replace(who, **(identity or {})),
        verdict=Verdict(kind=MailKind(kind), certainty=Certainty.SURE, clues=(), **verdict),
        action=Action(place=place, reason="as told", needs_attention=attention, acknowledge=acknowledge),
        subject="Re: inputs",
        sender=Mailbox(name="", address=sender) if sender else None,
        message_id=f"<{kind}.{at:%Y%m%d%H%M}@agency.example>",
        date=at,
        new_text="",
        text="",
    )
    with database.begin() as db:
        id = store.messages.record(db, raw, at).id
        store.messages.save_recognition(db, id, recognition, duplicate_of)
    return id


def get_keys(mails: tuple[OutgoingMail, ...]) -> set[str]:
    """The occasion keys of mails."""
    return {mail.key for mail in mails}
