"""Builders for what the store keeps: every argument has a sensible default, so that a test names only what matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.adapters import store
from pipeline.core.model import (
    Action,
    Addressee,
    Agency,
    Certainty,
    Deadline,
    Draft,
    FocalPoint,
    Identity,
    Mailbox,
    MailKind,
    Occasion,
    OutgoingMail,
    Place,
    RawMessage,
    Recognition,
    Revision,
    Role,
    Roster,
    Round,
    RoundPurpose,
    Rule,
    Verdict,
)
from pipeline.redline.model import Change, ChangeKind, Origin

NOW = datetime(2012, 10, 8, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def make_url(directory: Path) -> str:
    """The URL of a database in `directory`."""
    return f"sqlite:///{directory}/penholder.db"


@contextmanager
def open_store(directory: Path) -> Iterator[store.Database]:
    """An empty database in `directory`."""
    database = store.open_database(make_url(directory))
    yield database
    database.dispose()


def write_store(directory: Path) -> Iterator[store.Db]:
    """For fixtures: one write transaction on an empty database."""
    with open_store(directory) as database, database.begin() as db:
        yield db


def make_roster() -> Roster:
    """Two members, each with a focal point."""
    agencies = tuple(
        Agency(
            code=code,
            name=code.title(),
            timezone="Europe/Zurich",
            contacts=(FocalPoint(address=f"fp@{code.lower()}.example", role=Role.FOCAL_POINT),),
        )
        for code in ("ILO", "UNICEF")
    )
    return Roster(
        code="GMG",
        name="Global Migration Group",
        mailbox="drafts@gmg.example",
        from_name="GMG Chair",
        aliases=(),
        chair=("UNICEF",),
        timezone="Europe/Vienna",
        workdays=("mon", "tue"),
        holidays=(NOW.date(),),
        agencies=agencies,
        chair_term=(NOW.date(), NOW.date() + DAY),
    )


def make_draft(code: str = "YTH") -> Draft:
    """A thematic report led by UNICEF."""
    return Draft(code=code, title="Youth and migration", type="thematic report", leads=("UNICEF",), rule=Rule.INPUTS)


def make_revision(draft: str = "YTH", name: str = "r0") -> Revision:
    """A revision whose file is no real document."""
    return Revision(draft=draft, name=name, sha256=sha256(b"PK").hexdigest(), docx=b"PK", circulated_at=None)


def make_round(draft: str = "YTH", agencies: tuple[str, ...] = ("ILO", "UNICEF")) -> Round:
    """A call for inputs on r0 with ten days to answer."""
    return Round(
        id=0,
        draft=draft,
        revision="r0",
        current_revision="r0",
        purpose=RoundPurpose.INPUTS,
        opened_at=NOW,
        deadline=Deadline(at=NOW + 10 * DAY, zone="Europe/Vienna"),
        addressees=tuple(Addressee(agency=code, message_id=None) for code in agencies),
        subject=f"[GMG-{draft}] inputs",
    )


def add_round(db: store.Db, draft: str = "YTH") -> Round:
    """A stored round with all that it needs."""
    store.drafts.add_draft(db, make_draft(draft))
    store.drafts.add_revision(db, make_revision(draft))
    return store.rounds.open_round(db, make_round(draft))


def make_raw(text: str = "We have no comments.", *, uid: int = 1, **changed: Any) -> RawMessage:
    """A short mail; `text` makes it another one."""
    head = f"From: fp@ilo.example\r\nMessage-ID: <{len(text)}.{text[:9]!r}@ilo.example>\r\nSubject: Re\r\n\r\n"
    values: dict[str, Any] = {"raw": (head + text).encode(), "folder": "INBOX", "uid": uid, "uid_validity": 7}
    return RawMessage(**(values | {"internal_date": NOW} | changed))


def add_message(db: store.Db, text: str = "We have no comments.", *, uid: int = 1, **changed: Any) -> int:
    """The number of a newly recorded message."""
    return store.messages.record(db, make_raw(text, uid=uid, **changed), NOW).id


def make_identity(**changed: Any) -> Identity:
    """ILO about YTH, for sure."""
    values: dict[str, Any] = {"agency": "ILO", "body": None, "role": Role.FOCAL_POINT, "draft": "YTH", "round_id": None}
    values |= {"revision": "r0", "who": Certainty.SURE, "which": Certainty.SURE, "clues": ()}
    return Identity(**(values | changed))


def make_recognition(
    *,
    place: Place = Place.FILED,
    needs_attention: bool = False,
    kind: MailKind = MailKind.CONTRIBUTION,
    flags: tuple[str, ...] = (),
    text: str = "Please find our comments.",
    subject: str = "Re: [GMG-YTH] inputs",
    message_id: str | None = "<1@ilo.example>",
    **identity: Any,
) -> Recognition:
    """A filed contribution of ILO about YTH; other arguments change the identity."""
    return Recognition(
        identity=make_identity(**identity),
        verdict=Verdict(kind=kind, certainty=Certainty.SURE, clues=(), flags=flags),
        action=Action(place=place, reason="two lines agree", needs_attention=needs_attention, acknowledge=True),
        subject=subject,
        sender=Mailbox(name="", address="fp@ilo.example"),
        message_id=message_id,
        date=NOW,
        new_text=text,
        text=text,
    )


def make_change(start: int = 0, new: str = "x") -> Change:
    """An insertion of `new` at `start`."""
    return Change(
        kind=ChangeKind.INSERTION, origin=Origin.TRACKED, story="body", start=start, end=start, old="", new=new
    )


def make_outgoing(key: str = "reminder:1:T-7:ILO", to: str = "fp@ilo.example", **changed: Any) -> OutgoingMail:
    """A reminder that may go out now."""
    values: dict[str, Any] = {"message_id": f"<{key}.{to}@gmg.example>", "occasion": Occasion.REMINDER, "key": key}
    values |= {"to": (to,), "cc": ("alt@ilo.example",), "subject": "Reminder", "text": "Dear colleagues"}
    return OutgoingMail(
        **(values | {"raw": b"Subject: Reminder\r\n\r\nDear colleagues\r\n", "not_before": NOW} | changed)
    )
