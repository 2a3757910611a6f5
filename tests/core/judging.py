"""Small builders of the values the recogniser works on."""

from datetime import UTC, datetime

from pipeline.core.context import Context
from pipeline.core.model import (
    Addressee,
    Agency,
    Deadline,
    Draft,
    FileKind,
    FileReading,
    FocalPoint,
    Mailbox,
    ParsedMail,
    Reply,
    Role,
    Roster,
    Round,
    RoundPurpose,
    Rule,
    Unreadable,
)

NOW = datetime(2031, 3, 10, 12, 0, tzinfo=UTC)
CALL = "<call-abc@group.example>"


def make_agency(code: str, *domains: str, member: str | None = None, name: str = "") -> Agency:
    contact = FocalPoint(address=f"fp@{domains[0]}", role=Role.FOCAL_POINT)
    return Agency(
        code=code,
        name=name or f"{code} Organisation",
        timezone="UTC",
        domains=domains,
        contacts=(contact,),
        member=member,
    )


AGENCIES = (
    make_agency("ALPHA", "alpha.example", "alpha-hq.example"),
    make_agency("BETALAND", "betaland.example"),
    make_agency("PAIR", "pair.example"),
    make_agency("EAST", "east.pair.example", member="PAIR"),
)
ROSTER = Roster(
    code="GRP", name="Group on Rivers", mailbox="drafts@group.example", from_name="Group", aliases=(), chair=("ALPHA",),
    timezone="UTC", workdays=(), holidays=(), agencies=AGENCIES,
)  # fmt: skip
WATER = Draft(
    code="WAT", title="Report on Clean Water for Cities", type="report", leads=("BETALAND",), rule=Rule.INPUTS
)
ENERGY = Draft(code="NRG", title="Energy Statement", type="statement", leads=(), rule=Rule.SILENCE)


def make_round(
    number: int = 1,
    draft: str = "WAT",
    purpose: RoundPurpose = RoundPurpose.INPUTS,
    *,
    opened: datetime = datetime(2031, 3, 1, tzinfo=UTC),
    deadline: datetime = datetime(2031, 3, 20, tzinfo=UTC),
    current: str = "r0",
    extension: Deadline | None = None,
) -> Round:
    return Round(
        id=number, draft=draft, revision="r0", current_revision=current, purpose=purpose, opened_at=opened,
        deadline=Deadline(at=deadline, zone="UTC"), subject=f"[GRP-{draft}] call",
        addressees=(Addressee(agency="ALPHA", message_id=CALL, extension=extension),),
    )  # fmt: skip


def make_context(*rounds: Round, at: datetime = NOW) -> Context:
    chosen = rounds or (make_round(1, "WAT"), make_round(2, "NRG", RoundPurpose.SILENCE))
    return Context(
        roster=ROSTER, drafts=(WATER, ENERGY), rounds=chosen,
        outgoing={CALL: (chosen[0].id, chosen[0].draft, "r0", "ALPHA")},
        thread_indexes={"01ce": (chosen[0].id, chosen[0].draft, "r0", "ALPHA")}, own_by_message_id={},
        authserv_id="mx.group.example", received_at=at,
    )  # fmt: skip


def make_mail(
    sender: str = "fp@alpha.example",
    subject: str = "",
    *,
    name: str = "",
    parent: str | tuple[str, ...] = "",
    references: tuple[str, ...] = (),
    thread_index: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    reply_to: tuple[str, ...] = (),
    defects: tuple[str, ...] = (),
    encrypted: bool = False,
    return_path: str | None = None,
    date: datetime | None = NOW,
    reports: tuple[tuple[str, str], ...] = (),
) -> ParsedMail:
    return ParsedMail(
        message_id="<m@alpha.example>", references=references,
        in_reply_to=parent if isinstance(parent, tuple) else tuple(filter(None, (parent,))),
        thread_index=thread_index, subject=subject, date=date, sender=Mailbox(name=name, address=sender),
        reply_to=tuple(Mailbox(name="", address=address) for address in reply_to), to=(), cc=(),
        return_path=return_path, headers=headers, content_type="text/plain", text="", html="", attachments=(),
        reports=reports, defects=defects,
        encrypted=encrypted,
    )  # fmt: skip


def make_reply(
    text: str = "", *, quoted: str = "", edits: tuple[tuple[str, str], ...] = (), interleaved: bool = False
) -> Reply:
    return Reply(new_text=text, new_text_with_signature=text, quoted=quoted, quote_edits=edits, interleaved=interleaved)


def make_file(
    kind: FileKind = FileKind.DOCX,
    *,
    draft: str = "",
    share: float = 0.9,
    revision: str = "r0",
    stamp: tuple[str, str] | None = None,
    tracked: int = 0,
    silent: int = 0,
    unreadable: Unreadable | None = None,
    name: str = "file.docx",
    inside: tuple[str, ...] = (),
    also: tuple[tuple[str, str, float], ...] = (),
) -> FileReading:
    return FileReading(
        filename=name, inside=inside, sha256="0" * 64, size=9, kind=kind, unreadable=unreadable, stamp=stamp,
        likeness=(((draft, revision, share),) if draft else ()) + also, tracked=tracked, silent=silent,
    )  # fmt: skip
