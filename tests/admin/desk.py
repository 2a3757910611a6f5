"""A small group with one round and a message in every place, for tests of the admin."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx

from admin.auth import hash_password
from pipeline import circulate
from pipeline.adapters import store
from pipeline.bootstrap import Office
from pipeline.config import default_settings
from pipeline.core.model import (
    Action,
    Agency,
    Certainty,
    Clue,
    Deadline,
    Draft,
    FileKind,
    FileReading,
    FocalPoint,
    Identity,
    Mailbox,
    MailKind,
    MailState,
    Place,
    RawMessage,
    Recognition,
    Revision,
    Role,
    Roster,
    RoundPurpose,
    Rule,
    Verdict,
)
from pipeline.core.rules import load_rules
from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.understand import Desk
from tests.make_mail import make_mail

OPENED = datetime.fromisoformat("2012-10-01T10:00+02:00")
NOW = datetime.fromisoformat("2012-10-29T09:00+01:00")
DEADLINE = Deadline(at=datetime.fromisoformat("2012-10-31T18:00+01:00"), zone="Europe/Vienna")
HOUR = timedelta(hours=1)
PASSWORD = "correct horse battery"
HOSTILE = "<script>alert('x')</script>"
ARABIC = "تعليقات على المشروع"
PARAGRAPHS = ("Young migrants need protection.", "Their data should be kept apart.", "This paragraph may go.")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: number of the message in each place or of each kind
ILO, IOM, WHO, HELD, EXTENSION, QUARANTINED, FAILED, REPEATED, LEAD, UNREAD = range(1, 11)


@cache
def make_docx(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs."""
    document, file = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(file)
    return file.getvalue()


class SameProcess:
    """Reads where it is called, without a child process."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def open_office(directory: Path) -> Iterator[Office]:
    """The office on the database in `directory`."""
    settings = replace(default_settings(), store_url=f"sqlite:///{directory}/penholder.db", secret="s" * 64)
    database = store.open_database(settings.store_url)
    desk = Desk(
        database=database, reader=SameProcess(), rules=load_rules(settings.rules), authserv_id="", secret="s" * 64
    )
    yield Office(settings=settings, database=database, desk=desk, clock=Clock())
    database.dispose()


def build(directory: Path) -> None:
    """Fill the database in `directory`."""
    with open_office(directory) as office:
        with office.database.begin() as db:
            store.rosters.save_roster(db, _make_roster())
            store.drafts.add_draft(db, _make_draft())
            store.drafts.add_revision(db, _make_revision())
            for name, role in (("chair", "officer"), ("troika", "reader"), ("former", "officer")):
                store.users.add_user(db, name, hash_password(PASSWORD), role)
            store.users.set_disabled(db, "former", True)
        circulate.open_round(
            office.database,
            "YTH",
            revision="r0",
            deadline=DEADLINE,
            purpose=RoundPurpose.INPUTS,
            now=OPENED,
            secret="s" * 64,
        )
        with office.database.begin() as db:
            _add_messages(db)
            _add_proposals(db)
            _settle_mails(db)
            store.messages.note_poll(db, NOW)


def _make_roster() -> Roster:
    agencies = tuple(
        Agency(
            code=code,
            name=f"Agency {code}",
            timezone="Europe/Zurich",
            domains=(f"{code.lower()}.example",),
            contacts=(FocalPoint(address=f"fp@{code.lower()}.example", role=Role.FOCAL_POINT),),
        )
        for code in ("UNICEF", "ILO", "IOM", "WHO")
    )
    old = FocalPoint(address="old@who.example", role=Role.ALTERNATE, bounced_at=NOW)
    return Roster(
        code="GMG",
        name="Global Migration Group",
        mailbox="gmg-drafts@gmg.example",
        from_name="GMG Chair",
        aliases=(),
        chair=("UNICEF",),
        timezone="Europe/Vienna",
        workdays=("mon", "tue", "wed", "thu", "fri"),
        holidays=(),
        agencies=(*agencies[:3], replace(agencies[3], contacts=(*agencies[3].contacts, old))),
    )


def _make_draft() -> Draft:
    return Draft(code="YTH", title="Youth and migration", type="thematic report", leads=("UNICEF",), rule=Rule.INPUTS)


def _make_revision() -> Revision:
    content = make_docx(*PARAGRAPHS)
    return Revision(draft="YTH", name="r0", sha256=sha256(content).hexdigest(), docx=content, circulated_at=None)


# --- Messages -----------------------------------------------------------------------------------------------------


def _add_messages(db: store.Db) -> None:
    _add(db, "ILO", Place.FILED, file=("comments.docx", make_docx("Young migrants deserve protection."), DOCX))
    _add(db, "IOM", Place.FILED)
    _add(db, "WHO", Place.FILED)
    _add(
        db,
        "",
        Place.HELD,
        kind=MailKind.QUESTION,
        attention=True,
        subject=HOSTILE,
        text=f"{HOSTILE}\n{ARABIC}",
        file=(f"{HOSTILE}.docx", b"PK", DOCX),
    )
    _add(db, "WHO", Place.FILED, kind=MailKind.EXTENSION_REQUEST, attention=True, text="More time, please.")
    _add(db, "ILO", Place.QUARANTINED, attention=True, text="Enable content.", file=("evil.docm", b"PK evil", DOCX))
    _add(db, None, Place.FAILED, attention=True, text="broken")
    repeated = _add(db, "ILO", Place.IGNORED, text="Enable content. ", file=("evil.docm", b"PK evil", DOCX))
    store.messages.save_recognition(db, repeated, _recognise("ILO", Place.IGNORED), duplicate_of=QUARANTINED)
    new_text = make_docx(*PARAGRAPHS, "A new end.")
    _add(db, "UNICEF", Place.FILED, kind=MailKind.LEAD_REVISION, attention=True, file=("rev1.docx", new_text, DOCX))
    store.messages.record(db, _make_raw("not read", None), NOW)


def _make_raw(text: str, file: tuple[str, bytes, str] | None, subject: str = "RE: [GMG-YTH] inputs") -> RawMessage:
    raw = make_mail(
        text=text, subject=subject, attachments=(file,) if file else (), message_id=f"<{hash(text)}@x.example>"
    )
    return RawMessage(raw=raw, folder="INBOX", uid=1, uid_validity=1, internal_date=OPENED + HOUR)


def _add(
    db: store.Db,
    agency: str | None,
    place: Place,
    *,
    text: str | None = None,
    file: tuple[str, bytes, str] | None = None,
    **told: Any,
) -> int:
    """The number of a message that was recorded and recognised as told; agency None: nothing is known of it."""
    text = f"Comments of {agency}" if text is None else text
    raw = _make_raw(text, file, told.get("subject", "RE: [GMG-YTH] inputs"))
    id = store.messages.record(db, raw, OPENED + HOUR).id
    store.messages.save_recognition(db, id, _recognise(agency, place, text=text, file=file, **told))
    return id


def _recognise(
    agency: str | None,
    place: Place,
    *,
    kind: MailKind = MailKind.CONTRIBUTION,
    attention: bool = False,
    subject: str = "RE: [GMG-YTH] inputs",
    text: str = "Comments",
    file: tuple[str, bytes, str] | None = None,
) -> Recognition:
    clue = Clue(source="subject_token", points_to="YTH", words=f"The subject says so: {subject}")
    identity = Identity(
        agency=agency or None,
        body=None,
        role=None,
        draft="YTH" if agency else None,
        round_id=1 if agency else None,
        revision="r0",
        who=Certainty.SURE,
        which=Certainty.SURE,
        clues=(clue,),
        suggested_draft=None if agency else "YTH",
    )
    return Recognition(
        identity=identity if agency is not None else None,
        verdict=Verdict(kind=kind, certainty=Certainty.LIKELY, clues=(clue,), flags=("late",)),
        action=Action(place=place, reason=f"As told: {subject}", needs_attention=attention, acknowledge=False),
        subject=subject,
        sender=Mailbox(name=HOSTILE, address="fp@ilo.example"),
        message_id=None,
        date=OPENED,
        new_text=text,
        text=f"{text}\n> quoted",
        files=(_read_file(file),) if file else (),
    )


def _read_file(file: tuple[str, bytes, str]) -> FileReading:
    return FileReading(
        filename=file[0],
        inside=(),
        sha256=sha256(file[1]).hexdigest(),
        size=len(file[1]),
        kind=FileKind.MACRO if file[0].endswith("docm") else FileKind.DOCX,
    )


# --- Proposals ------------------------------------------------------------------------------------------------------


def _add_proposals(db: store.Db) -> None:
    text = "".join(f"{paragraph}\n" for paragraph in PARAGRAPHS)
    second, third = text.index("Their"), text.index("This")
    need = text.index("need")
    deserve = _change(ChangeKind.REPLACEMENT, need, need + 4, text, "deserve")
    require = replace(deserve, new="require")
    comment = _change(ChangeKind.COMMENT, second, second + 5, text, remark=f"{HOSTILE} {ARABIC}")
    inserted = _change(ChangeKind.INSERTION, third, third, text, "A whole new paragraph.\n")
    removed = _change(ChangeKind.DELETION, third, len(text), text)
    moved = replace(_change(ChangeKind.MOVE, second, third, text), target=0)
    _propose(db, ILO, "ILO", deserve, comment)
    _propose(db, IOM, "IOM", deserve, inserted)
    _propose(db, WHO, "WHO", require, removed, moved)


def _change(kind: ChangeKind, start: int, end: int, text: str, new: str = "", remark: str = "") -> Change:
    return Change(
        kind=kind,
        origin=Origin.TRACKED,
        story="body",
        start=start,
        end=end,
        old=text[start:end],
        new=new,
        remark=remark,
        person=HOSTILE,
    )


def _propose(db: store.Db, message_id: int, agency: str, *changes: Change) -> None:
    store.proposals.add_proposals(
        db, message_id=message_id, round_id=1, draft="YTH", revision="r0", agency=agency, body=None, changes=changes
    )


def _settle_mails(db: store.Db) -> None:
    """The four calls: one sent, one uncertain, one refused, one still waiting."""
    outcomes = (MailState.SENT, MailState.UNCERTAIN, MailState.REFUSED)
    for id, state in enumerate(outcomes, 1):
        store.outbox.claim(db, id)
        store.outbox.settle(db, id, state, NOW, note=HOSTILE)
