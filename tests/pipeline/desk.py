"""An office that recognises real mail in this process: the small round of `tests.demo.tiny`, opened on 1 October."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.adapters import store
from pipeline.circulate import open_round
from pipeline.config import HOME
from pipeline.core.model import (
    Deadline,
    Draft,
    InboundMessage,
    MailKind,
    RawMessage,
    Recognition,
    Revision,
    RoundPurpose,
    Rule,
    SentMail,
)
from pipeline.core.roster import load_roster
from pipeline.core.rules import load_rules
from pipeline.demo.documents import AuthoredEdit, build_base_docx, build_reply_docx
from pipeline.demo.scenario import ScenarioEdit
from pipeline.demo.texts import parse_markdown
from pipeline.demo.wordml import Origin
from pipeline.receive import Receipt, recognise_all
from pipeline.understand import Desk
from tests.demo import tiny
from tests.dump import dump_all
from tests.make_mail import make_mail

SECRET = "a secret for tests only"
OPENED = datetime.fromisoformat("2012-10-01T10:00+02:00")
HOUR = timedelta(hours=1)
NOW = OPENED + 24 * HOUR
DEADLINE = Deadline(at=datetime.fromisoformat("2012-10-31T18:00+01:00"), zone="Europe/Vienna")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ORIGIN = Origin(title="Safe Water", author="WTG drafts", saved=OPENED, stamp=("WTG", "WAT", "r0"))


@dataclass(slots=True)
class Reader:
    """Calls in this process; what it meets an error for, it raises."""

    #: name of a function -> the error it ends with, once for each item; the last one stays
    errors: Mapping[str, list[Exception | None]] = field(default_factory=dict)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns."""
        planned = self.errors.get(function.__name__, [])
        error = (planned.pop(0) if len(planned) > 1 else planned[0]) if planned else None
        if error is not None:
            raise error
        return function(*arguments)


@cache
def base_docx() -> bytes:
    """The draft as circulated."""
    return build_base_docx(parse_markdown(tiny.DRAFT), _ORIGIN)


@cache
def rules() -> Any:
    """The rules that come with the product."""
    return load_rules(HOME / "inbox_rules")


def edit(old: str, new: str, para: int, author: str = "ILO Water", at: datetime = OPENED) -> AuthoredEdit:
    """A tracked change in one paragraph."""
    planned = ScenarioEdit(
        id=f"{author}-{para}-{old}",
        agency="",
        draft="WAT",
        base="r0",
        para=para,
        op="replace",
        old=old,
        new=new,
        type="",
    )
    return AuthoredEdit(edit=planned, author=author, date=at)


def reply_docx(*edits: AuthoredEdit) -> bytes:
    """The draft with tracked changes."""
    return build_reply_docx(parse_markdown(tiny.DRAFT), edits, _ORIGIN)


def fill(database: store.Database, *, opened: datetime | None = OPENED) -> None:
    """Put the group, its draft and an open round into a database; the mailbox was first connected at `opened`."""
    roster, plans = load_roster(tiny.ROSTER)
    plan = plans[0]
    draft = Draft(code=plan.code, title=plan.title, type=plan.type, leads=plan.leads, rule=Rule.INPUTS)
    with database.begin() as db:
        store.rosters.save_roster(db, roster)
        store.drafts.add_draft(db, draft)
        for name, content in (("r0", base_docx()),):
            digest = sha256(content).hexdigest()
            store.drafts.add_revision(
                db, Revision(draft="WAT", name=name, sha256=digest, docx=content, circulated_at=None)
            )
        if opened is not None:
            store.messages.open_mailbox(db, opened)
    purpose = RoundPurpose.INPUTS
    open_round(database, "WAT", revision="r0", deadline=DEADLINE, purpose=purpose, now=OPENED, secret=SECRET)


def make_desk(database: store.Database, reader: Reader | None = None) -> Desk:
    """A desk on this database."""
    return Desk(
        database=database, reader=reader or Reader(), rules=rules(), authserv_id="mx.wtg.example", secret=SECRET
    )


@contextmanager
def open_desk(folder: Path, reader: Reader | None = None, **told: Any) -> Iterator[Desk]:
    """A desk on a database of its own in `folder`."""
    database = store.open_database(f"sqlite:///{folder}/penholder.db")
    fill(database, **told)
    yield make_desk(database, reader)
    database.dispose()


def with_reader(desk: Desk, reader: Reader) -> Desk:
    """The same desk, another reader."""
    return replace(desk, reader=reader)


def call_id(desk: Desk, agency: str) -> str:
    """The Message-ID of the call for inputs that went to an agency."""
    with desk.database.read() as db:
        asked = store.rounds.get_round(db, 1).addressees
    return next(each.message_id or "" for each in asked if each.agency == agency)


def answer(desk: Desk, agency: str = "ILO", text: str = "We have no comments on this draft.", **mail: Any) -> bytes:
    """A reply of an agency's focal point to its call for inputs."""
    place = agency.lower()
    told = {
        "sender": f"{agency} Water <water@{place}.example>",
        "to": "drafts@wtg.example",
        "subject": "RE: [WTG-WAT] inputs",
        "message_id": f"<{sha256(f'{agency}{text}'.encode()).hexdigest()[:12]}@{place}.example>",
        "in_reply_to": call_id(desk, agency),
        "text": text,
        "date": "Mon, 01 Oct 2012 12:00:00 +0200",
    }
    return make_mail(**(told | mail))


def with_file(desk: Desk, agency: str, *edits: AuthoredEdit, name: str = "WAT_comments.docx", **mail: Any) -> bytes:
    """A reply with a file of tracked changes."""
    told = {"text": f"Please find attached our comments, {name}.", "attachments": [(name, reply_docx(*edits), DOCX)]}
    return answer(desk, agency, **(told | mail))


def raw(content: bytes, uid: int = 1, at: datetime = OPENED + HOUR, uid_validity: int = 7) -> RawMessage:
    """The bytes as the mailbox shows them."""
    return RawMessage(raw=content, folder="INBOX", uid=uid, uid_validity=uid_validity, internal_date=at)


def take(desk: Desk, *mails: bytes, at: datetime = OPENED + HOUR, now: datetime = NOW) -> tuple[Receipt, ...]:
    """What became of mails that arrived at one instant, in order."""
    with desk.database.begin() as db:
        for content in mails:
            store.messages.record(db, raw(content, uid=int(sha256(content).hexdigest()[:6], 16), at=at), now)
    return recognise_all(desk, now)


def dump(desk: Desk, *without: str) -> dict[str, list[dict[str, Any]]]:
    """The whole database as plain values."""
    with desk.database.read() as db:
        return dump_all(db, frozenset(without))


def get_message(desk: Desk, message_id: int) -> InboundMessage:
    """Our record of a message."""
    with desk.database.read() as db:
        return store.messages.get_message(db, message_id)


def list_proposals(desk: Desk, **where: Any) -> tuple[store.StoredProposal, ...]:
    """The proposals that meet every condition."""
    with desk.database.read() as db:
        return store.proposals.list_proposals(db, **where)


def list_mails(desk: Desk, occasion: str = "") -> tuple[SentMail, ...]:
    """The outgoing mails, oldest first."""
    with desk.database.read() as db:
        mails = store.outbox.list_outgoing(db, limit=1000)[::-1]
    return tuple(each for each in mails if not occasion or each.mail.occasion == occasion)


@contextmanager
def open_desk_again(folder: Path) -> Iterator[Desk]:
    """A desk on the database that is already in `folder`."""
    database = store.open_database(f"sqlite:///{folder}/penholder.db")
    yield make_desk(database)
    database.dispose()


def misread(made: Recognition) -> Recognition:
    """The same recognition, as a program with poorer rules would have made it."""
    return replace(made, verdict=replace(made.verdict, kind=MailKind.QUESTION))
