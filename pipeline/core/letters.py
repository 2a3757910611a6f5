"""The letters of a round: what each says, to whom, in which thread."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.core import compose
from pipeline.core.calendar_entry import make_entry
from pipeline.core.closing import Closing
from pipeline.core.compose import Letter, Letterhead, UnreachableError
from pipeline.core.deadlines import describe_day
from pipeline.core.model import (
    Addressee,
    Agency,
    Attachment,
    Deadline,
    Occasion,
    OutgoingMail,
    PlannedReminder,
    Response,
    RoundPurpose,
)
from pipeline.core.outcomes import ProposalOutcome, fill_outcomes
from pipeline.core.positions import Position
from pipeline.core.receipts import Receipt, fill_receipts
from pipeline.core.recipients import Recipients, find_recipients
from pipeline.core.schedule import reminder_key
from pipeline.core.tracking import heard_bodies

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SUFFIXES = {
    RoundPurpose.INPUTS: "for-comment",
    RoundPurpose.SILENCE: "under-silence",
    RoundPurpose.ENDORSEMENT: "for-endorsement",
}


__all__ = [
    "Letterhead",
    "UnreachableError",
    "acknowledgement",
    "call",
    "extension",
    "name_file",
    "name_objections",
    "name_outcomes",
    "new_revision",
    "outcome",
    "read_notice",
    "reminder",
    "result",
    "silence_broken",
]


def name_file(letterhead: Letterhead, *, extension: str = "docx") -> str:
    """The name of the circulated file: "GMG-YTH_r0_for-comment.docx"."""
    round = letterhead.round
    return f"{letterhead.roster.code}-{round.draft}_{round.current_revision}_{_SUFFIXES[round.purpose]}.{extension}"


def call(letterhead: Letterhead, addressee: Addressee, docx: bytes, now: datetime) -> OutgoingMail:
    """The mail that asks one addressee, with the text and the deadline. Raises: UnreachableError."""
    round, name = letterhead.round, name_file(letterhead)
    agency = letterhead.roster.get_agency(addressee.agency)
    letter = Letter(
        template=compose.CALLS[round.purpose],
        occasion=Occasion.CALL,
        key=f"call:{round.id}:{agency.code}",
        agency=agency,
        recipients=find_recipients(agency, now),
        deadline=round.deadline,
        values={"filename": name, "for_information": _leads(letterhead, agency), **_bodies(letterhead, agency)},
        attachments=(
            Attachment(filename=name, content_type=DOCX, content=docx),
            _make_entry(letterhead, agency, round.deadline, now),
        ),
    )
    return compose.compose(letterhead, letter, now)


def new_revision(letterhead: Letterhead, addressee: Addressee, docx: bytes, now: datetime) -> OutgoingMail:
    """The mail that sends a new base within the round. Raises: UnreachableError."""
    round, agency = letterhead.round, letterhead.roster.get_agency(addressee.agency)
    letter = Letter(
        template="new_revision",
        occasion=Occasion.NEW_REVISION,
        key=f"revision:{round.id}:{round.current_revision}:{agency.code}",
        agency=agency,
        recipients=find_recipients(agency, now),
        deadline=addressee.extension or round.deadline,
        values={"filename": name_file(letterhead), "for_information": _leads(letterhead, agency)},
        attachments=(Attachment(filename=name_file(letterhead), content_type=DOCX, content=docx),),
        thread=_thread(addressee),
    )
    return compose.compose(letterhead, letter, now)


def reminder(letterhead: Letterhead, planned: PlannedReminder, response: Response, now: datetime) -> OutgoingMail:
    """The mail of one step of the ladder, in the thread of the call. Raises: UnreachableError."""
    agency = letterhead.roster.get_agency(planned.agency)
    called = letterhead.round.opened_at.astimezone(response.deadline.local.tzinfo).date()
    letter = Letter(
        template="reminder",
        occasion=Occasion.REMINDER,
        key=reminder_key(planned),
        agency=agency,
        recipients=find_recipients(agency, now),
        deadline=response.deadline,
        values={
            "overdue": now >= response.deadline.at,
            "call_day": describe_day(called, agency.language),
            "heard": ", ".join(heard_bodies(response)),
            **_bodies(letterhead, agency),
        },
        thread=_thread(_find_addressee(letterhead, planned.agency)),
    )
    return compose.compose(letterhead, letter, now)


def acknowledgement(
    letterhead: Letterhead, agency: Agency, receipts: Sequence[Receipt], to: str, deadline: Deadline, now: datetime
) -> OutgoingMail:
    """The receipt for the messages of one sender, to the address they came from, in their thread.

    The first message names the mail: a receipt that gains another one stays the same mail.
    """
    answered = [message_id for receipt in receipts for message_id in receipt.answers]
    letter = Letter(
        template="acknowledgement",
        occasion=Occasion.ACKNOWLEDGEMENT,
        key=f"acknowledgement:{receipts[0].message_id}",
        agency=agency,
        recipients=Recipients(to=(to,)),
        deadline=deadline,
        values=fill_receipts(receipts, agency),
        thread=(*_thread(_find_addressee(letterhead, agency.code)), *answered),
    )
    return compose.compose(letterhead, letter, now)


def extension(
    letterhead: Letterhead, addressee: Addressee, until: Deadline | None, number: int, reason: str, now: datetime
) -> OutgoingMail:
    """The mail that confirms or refuses more time; `until` is None for a refusal.

    `number`: which decision on this agency it is. Raises: UnreachableError.
    """
    agency = letterhead.roster.get_agency(addressee.agency)
    deadline = until or addressee.extension or letterhead.round.deadline
    letter = Letter(
        template="extension",
        occasion=Occasion.EXTENSION,
        key=f"extension:{letterhead.round.id}:{number}:{agency.code}",
        agency=agency,
        recipients=find_recipients(agency, now),
        deadline=deadline,
        values={"granted": until is not None, "reason": reason},
        attachments=(_make_entry(letterhead, agency, deadline, now),) if until else (),
        thread=_thread(addressee),
    )
    return compose.compose(letterhead, letter, now)


def outcome(
    letterhead: Letterhead,
    agency: Agency,
    revisions: tuple[str, str],
    outcomes: Sequence[ProposalOutcome],
    replaced: int,
    now: datetime,
) -> OutgoingMail:
    """The mail about what became of one agency's proposals on the first of `revisions` in the second.

    `replaced`: how many more gave way to a later mail of the agency. Raises: UnreachableError.
    """
    base, newer = revisions
    addressee = _find_addressee(letterhead, agency.code) or Addressee(agency=agency.code, message_id=None)
    values = {"base": base, "newer": newer, **fill_outcomes(outcomes, replaced)}
    key = f"{name_outcomes(letterhead.draft.code, revisions)}:{agency.code}"
    return _tell(letterhead, addressee, Occasion.OUTCOME, key, values, now)


def name_outcomes(draft: str, revisions: tuple[str, str]) -> str:
    """What the keys of all outcome mails from one revision to another begin with."""
    return f"{Occasion.OUTCOME.value}:{draft}:{':'.join(revisions)}"


def silence_broken(
    letterhead: Letterhead, addressee: Addressee, objections: Sequence[Position], number: int, now: datetime
) -> OutgoingMail:
    """The notice to one addressee that a text under silence is objected to; `number`: 1 for the first of the round.

    Raises: UnreachableError.
    """
    named = f"{letterhead.round.id}:{number}:{name_objections(objections)}"
    key = f"{Occasion.SILENCE_BROKEN.value}:{named}:{addressee.agency}"
    return _tell(letterhead, addressee, Occasion.SILENCE_BROKEN, key, {"objections": objections}, now)


def name_objections(objections: Sequence[Position]) -> str:
    """Sixteen hexadecimal digits that stand for who objects, since when, and to which paragraphs."""
    told = [(each.agency, each.since.timestamp(), each.paragraphs) for each in objections]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def read_notice(key: str) -> tuple[int, str]:
    """Number and name of the objections from the key of a notice of broken silence."""
    _, _, number, named, _ = key.split(":")
    return int(number), named


def result(
    letterhead: Letterhead,
    addressee: Addressee,
    closing: Closing,
    objections: Sequence[Position],
    reason: str,
    now: datetime,
) -> OutgoingMail:
    """The mail to one addressee about how a round has ended. Raises: UnreachableError."""
    named = {name: ", ".join(getattr(closing, name)) for name in ("missing", "reservations")}
    values = {"end": closing.end.value, "reason": reason, "objections": objections, **named}
    key = f"{Occasion.RESULT.value}:{letterhead.round.id}:{addressee.agency}"
    return _tell(letterhead, addressee, Occasion.RESULT, key, values, now)


def _tell(
    letterhead: Letterhead,
    addressee: Addressee,
    occasion: Occasion,
    key: str,
    values: Mapping[str, object],
    now: datetime,
) -> OutgoingMail:
    """A mail without file in the thread of the call."""
    agency = letterhead.roster.get_agency(addressee.agency)
    letter = Letter(
        template=occasion.value,
        occasion=occasion,
        key=key,
        agency=agency,
        recipients=find_recipients(agency, now),
        deadline=letterhead.round.deadline,
        values=values,
        thread=_thread(addressee),
    )
    return compose.compose(letterhead, letter, now)


def _make_entry(letterhead: Letterhead, agency: Agency, deadline: Deadline, now: datetime) -> Attachment:
    """The deadline of one agency for its calendar."""
    roster, round = letterhead.roster, letterhead.round
    token = f"{roster.code}-{round.draft}"
    return make_entry(
        uid=f"round-{round.id}-{agency.code}@{roster.mailbox.rpartition('@')[2]}".lower(),
        summary=f"[{token}] {letterhead.draft.title}",
        description=compose.make_call_subject(letterhead, agency.language),
        deadline=deadline,
        now=now,
        name=f"{token}_deadline.ics",
    )


def _leads(letterhead: Letterhead, agency: Agency) -> bool:
    """Whether the agency gets the mail for information only."""
    return (agency.member or agency.code) in letterhead.draft.leads


def _bodies(letterhead: Letterhead, agency: Agency) -> dict[str, str]:
    """What a letter says about the bodies of a member; empty words where there are none.

    `coordinator` equals the agency's own code in the letter to the member itself: that one goes to the coordinator.
    """
    roster = letterhead.roster
    if agency.member is not None:
        return {"member": agency.member, "coordinator": roster.get_agency(agency.member).coordinator or ""}
    return {"member": agency.code, "coordinator": agency.code if roster.bodies_of(agency.code) else ""}


def _find_addressee(letterhead: Letterhead, code: str) -> Addressee | None:
    """The addressee of this code; None when the round did not ask it."""
    return next((asked for asked in letterhead.round.addressees if asked.agency == code), None)


def _thread(addressee: Addressee | None) -> tuple[str, ...]:
    """The Message-ID of the call, where there was one."""
    return (addressee.message_id,) if addressee is not None and addressee.message_id else ()
