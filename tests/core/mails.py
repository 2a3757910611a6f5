"""Mails of the sample round for tests. `python -m tests.core.mails` writes the golden files anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.core import compose, digest, letters, tracking
from pipeline.core.closing import Closing
from pipeline.core.compose import Letterhead
from pipeline.core.model import (
    Absence,
    Deadline,
    MailKind,
    OutgoingMail,
    PlannedReminder,
    Response,
    ResponseState,
    RoundEnd,
    RoundPurpose,
    Unreadable,
)
from pipeline.core.outcomes import ProposalOutcome
from pipeline.core.positions import Position
from pipeline.core.receipts import Receipt
from tests.core import gmg

GOLDEN = Path(__file__).parents[1] / "golden" / "mail"
SECRET = b"a secret for tests only"
DOCX = b"PK\x03\x04 stands for a document"
NOW = datetime.fromisoformat("2012-10-01T10:00:00+02:00")


def make_letterhead(name: str = "YTH r0", **changes: Any) -> Letterhead:
    """The letterhead of one round of the scenario, its subject made as for a real round."""
    round = replace(gmg.get_rounds()[name], **changes)
    letterhead = Letterhead(roster=gmg.get_roster(), draft=gmg.get_drafts()[round.draft], round=round, secret=SECRET)
    subject = compose.make_call_subject(letterhead, "en")
    return replace(letterhead, round=replace(round, subject=subject))


def make_call(name: str, agency: str, **changes: Any) -> OutgoingMail:
    """The call of one round to one agency."""
    letterhead = make_letterhead(name, **changes)
    addressee = next(asked for asked in letterhead.round.addressees if asked.agency == agency)
    return letters.call(letterhead, addressee, DOCX, letterhead.round.opened_at)


def make_response(letterhead: Letterhead, agency: str, now: datetime) -> Response:
    """Where the member of an agency stands."""
    roster = letterhead.roster
    member = roster.get_agency(agency).member or agency
    found = tracking.responses(letterhead.round, letterhead.draft, roster, gmg.get_filings(), gmg.get_decisions(), now)
    return next(response for response in found if response.agency == member)


def make_reminder(name: str, agency: str, step: str, at: str, **changes: Any) -> OutgoingMail:
    """The reminder of one step to one agency."""
    letterhead, now = make_letterhead(name, **changes), datetime.fromisoformat(at)
    planned = PlannedReminder(round_id=letterhead.round.id, agency=agency, step=step, at=now)
    return letters.reminder(letterhead, planned, make_response(letterhead, agency, now), now)


def make_receipt(kind: str = "contribution", **changes: Any) -> Receipt:
    """The facts of an acknowledgement."""
    plain = Receipt(
        message_id=7,
        received_at=datetime.fromisoformat("2012-10-30T14:02:00+01:00"),
        kind=MailKind(kind),
        answers=("<their.mail@agency.example>",),
        changes=0,
        comments=0,
        read=(),
        unread=(),
        link_only=False,
        late=False,
        replaced=False,
        endorsed="",
        waits=False,
    )
    return replace(plain, **changes)


def make_acknowledgement(name: str, agency: str, *receipts: Receipt) -> OutgoingMail:
    """The acknowledgement of messages to the focal point of an agency."""
    letterhead = make_letterhead(name)
    found = letterhead.roster.get_agency(agency)
    to = found.contacts[0].address
    return letters.acknowledgement(letterhead, found, receipts, to, letterhead.round.deadline, NOW)


def make_extension(agency: str, until: Deadline | None, reason: str = "") -> OutgoingMail:
    """The answer to a request for more time in the youth round."""
    letterhead = make_letterhead()
    addressee = next(asked for asked in letterhead.round.addressees if asked.agency == agency)
    return letters.extension(letterhead, addressee, until, 1, reason, NOW)


def make_revision(agency: str) -> OutgoingMail:
    """The mail that sends HLD r1 within the round of r0."""
    letterhead = make_letterhead("HLD r0")
    moved = replace(letterhead, round=replace(letterhead.round, current_revision="r1"))
    addressee = next(asked for asked in moved.round.addressees if asked.agency == agency)
    return letters.new_revision(moved, addressee, DOCX, datetime.fromisoformat("2012-12-03T09:00+01:00"))


OUTCOMES = (
    ProposalOutcome(
        part="text",
        number="3",
        kind="replacement",
        old="protected from harm",
        new="protected from violence and harm",
        comment="",
        decision="accepted",
        amended="",
        remark="",
        stands=True,
        now_number="4",
    ),
    ProposalOutcome(
        part="text",
        number="5",
        kind="deletion",
        old="This paragraph may go.",
        new="",
        comment="",
        decision="rejected",
        amended="",
        remark="It was agreed at the meeting of 2 November.",
        stands=True,
        now_number="6",
    ),
    ProposalOutcome(
        part="text",
        number="7",
        kind="new_paragraph",
        old="",
        new="Young people shall be heard.",
        comment="",
        decision="amended",
        amended="Young people should be heard in all of it.",
        remark="",
        stands=True,
    ),
    ProposalOutcome(
        part="text",
        number="",
        kind="comment",
        old="figures of 2010",
        new="",
        comment="Are there newer ones?",
        decision="noted",
        amended="",
        remark="The lead looks for them.",
        stands=False,
    ),
    ProposalOutcome(
        part="text",
        number="9",
        kind="move",
        old="Data are limited.",
        new="11",
        comment="",
        decision="bracketed",
        amended="",
        remark="",
        stands=True,
        now_number="10",
    ),
    ProposalOutcome(
        part="whole",
        number="",
        kind="comment",
        old="",
        new="",
        comment="Rather long.",
        decision="open",
        amended="",
        remark="",
    ),
)


def make_outcome(
    name: str, agency: str, outcomes: Sequence[ProposalOutcome] = OUTCOMES, replaced: int = 0
) -> OutgoingMail:
    """The mail on what became of an agency's proposals on r0."""
    letterhead = make_letterhead(name)
    found = letterhead.roster.get_agency(agency)
    return letters.outcome(letterhead, found, ("r0", "r1"), outcomes, replaced, NOW)


def make_standing(name: str, at: datetime, **changes: Any) -> digest.Standing:
    """Where one round stands at an instant."""
    letterhead = make_letterhead(name)
    round, draft, roster = letterhead.round, letterhead.draft, letterhead.roster
    found = tracking.responses(round, draft, roster, gmg.get_filings(), gmg.get_decisions(), at)
    return replace(digest.take_stock(round, draft, found), **changes)


def make_chair_mail(kind: str, at: str, language: str = "en", last_poll: str = "") -> OutgoingMail:
    """A digest, or the nudge of the youth round, to a chair of this language."""
    roster, now = gmg.get_roster(), datetime.fromisoformat(at)
    agencies = tuple(replace(each, language=language) for each in roster.agencies)
    roster = replace(roster, agencies=agencies)
    standing = make_standing("YTH r0", now, today=("ILO", "DESA"), held=("UNFPA",))
    read = datetime.fromisoformat(last_poll) if last_poll else None
    away = Absence(
        message_id=5,
        agency="ILO",
        address="migrant-fp@ilo.example",
        received_at=now,
        until=date(2012, 10, 30),
        deputies=("deputy@ilo.example", "migrant-alt@ilo.example"),
    )
    desk = digest.Desk(attention=2, uncertain=1, held=1, last_poll=read, absences=(away,))
    if kind == "nudge":
        made = digest.write_nudge(roster, replace(standing, today=(), held=()), desk, SECRET, now)
    else:
        standings = (standing, make_standing("JST r0", now))
        made = digest.write_digest(roster, standings, desk, f"digest:{now.date()}", SECRET, now)
    assert made is not None
    return made


def make_objections(*objections: tuple[str, tuple[str, ...]]) -> tuple[Position, ...]:
    """Objections to the joint statement, each with the paragraphs it names."""
    return tuple(
        Position(
            agency=agency, state=ResponseState.OBJECTED, since=NOW, revision="r1", level=None, message_id=1,
            paragraphs=paragraphs,
        )
        for agency, paragraphs in objections
    )  # fmt: skip


def make_notice(agency: str, *objections: tuple[str, tuple[str, ...]]) -> OutgoingMail:
    """The notice that the silence on the joint statement is broken."""
    letterhead = make_letterhead("JST r1")
    addressee = next(asked for asked in letterhead.round.addressees if asked.agency == agency)
    return letters.silence_broken(letterhead, addressee, make_objections(*objections), 1, NOW)


def make_result(
    agency: str, end: RoundEnd, *objections: tuple[str, tuple[str, ...]], reason: str = "", **closing: Any
) -> OutgoingMail:
    """How the last round on the joint statement ended."""
    letterhead = make_letterhead("JST r1")
    addressee = next(asked for asked in letterhead.round.addressees if asked.agency == agency)
    told = Closing(end=end, **closing)
    return letters.result(letterhead, addressee, told, make_objections(*objections), reason, NOW)


def make_all() -> dict[str, OutgoingMail]:
    """One mail of every kind, by the name of its golden file."""
    read = make_receipt(changes=3, comments=1, read=("YTH_comments.docx",), late=True, replaced=True)
    unread = make_receipt(unread=("inputs.doc",), causes=(Unreadable.DOC,), waits=True)
    later = datetime.fromisoformat("2012-10-31T18:05:00+01:00")
    several = (
        make_receipt(changes=3, comments=1, read=("YTH_comments.docx",), answers=("<first@agency.example>",)),
        make_receipt(message_id=8, unread=("annex.zip",), causes=(Unreadable.ARCHIVE,), waits=True),
        make_receipt("no_comment", message_id=9, received_at=later, late=True),
    )
    endorsing = RoundPurpose.ENDORSEMENT
    return {
        "call_en": make_call("YTH r0", "WHO"),
        "call_fr": make_call("YTH r0", "UNESCO"),
        "call_lead": make_call("YTH r0", "UNICEF"),
        "call_coordinator": make_call("HLD r0", "RC"),
        "call_body": make_call("HLD r0", "ECLAC"),
        "call_silence_en": make_call("JST r1", "ILO"),
        "call_silence_fr": make_call("JST r1", "UNESCO"),
        "call_endorsement_en": make_call("JST r1", "DESA", purpose=endorsing),
        "call_endorsement_fr": make_call("JST r1", "UNESCO", purpose=endorsing),
        "reminder_en": make_reminder("YTH r0", "DESA", "T-7", "2012-10-24T09:00-04:00"),
        "reminder_fr": make_reminder("YTH r0", "UNESCO", "T-7", "2012-10-24T09:00+02:00"),
        "reminder_coordinator": make_reminder("YTH r0", "RC", "T-7", "2012-10-24T09:00+07:00"),
        "reminder_body": make_reminder("YTH r0", "ECA", "T-7", "2012-10-24T09:00+03:00"),
        "reminder_overdue_en": make_reminder("YTH r0", "DESA", "T+1", "2012-11-01T09:00-04:00"),
        "reminder_overdue_fr": make_reminder("YTH r0", "UNESCO", "T+1", "2012-11-01T09:00+01:00"),
        "reminder_silence": make_reminder("JST r1", "WHO", "T-2", "2012-12-10T09:00+01:00"),
        "acknowledgement_en": make_acknowledgement("YTH r0", "WHO", read),
        "acknowledgement_fr": make_acknowledgement("YTH r0", "UNESCO", read),
        "acknowledgement_unread": make_acknowledgement("YTH r0", "UNCTAD", unread),
        "acknowledgement_several_en": make_acknowledgement("YTH r0", "WHO", *several),
        "acknowledgement_several_fr": make_acknowledgement("YTH r0", "UNESCO", *several),
        "acknowledgement_no_comment": make_acknowledgement("YTH r0", "OHCHR", make_receipt("no_comment")),
        "acknowledgement_extension": make_acknowledgement("YTH r0", "WB", make_receipt("extension_request")),
        "new_revision_en": make_revision("ILO"),
        "new_revision_fr": make_revision("UNESCO"),
        "digest_en": make_chair_mail("digest", "2012-10-24T09:00+02:00", last_poll="2012-10-24T08:59+02:00"),
        "digest_fr": make_chair_mail("digest", "2012-10-24T09:00+02:00", "fr"),
        "nudge_en": make_chair_mail("nudge", "2012-11-01T09:00+01:00", last_poll="2012-11-01T08:59+01:00"),
        "nudge_fr": make_chair_mail("nudge", "2012-11-01T09:00+01:00", "fr", last_poll="2012-10-31T12:00+01:00"),
        "silence_broken_en": make_notice("WHO", ("IOM", ("9", "13")), ("ILO", ())),
        "silence_broken_fr": make_notice("UNESCO", ("IOM", ("9",))),
        "result_no_objection_en": make_result("WHO", RoundEnd.NO_OBJECTION, reservations=("DESA",)),
        "result_broken_fr": make_result("UNESCO", RoundEnd.SILENCE_BROKEN, ("IOM", ("9",))),
        "result_endorsed_fr": make_result("UNESCO", RoundEnd.ENDORSED),
        "result_not_endorsed_en": make_result(
            "WHO", RoundEnd.NOT_ENDORSED, ("IOM", ()), reason="A new text follows in January.", missing=("WB",)
        ),
        "result_withdrawn_en": make_result(
            "WHO", RoundEnd.WITHDRAWN, reason="The summit was put off.", missing=("WB",)
        ),
        "result_withdrawn_fr": make_result("UNESCO", RoundEnd.WITHDRAWN),
        "extension_granted": make_extension("WB", gmg.get_decisions()[0].until),
        "outcome_en": make_outcome("YTH r0", "WHO", replaced=1),
        "outcome_fr": make_outcome("YTH r0", "UNESCO", replaced=2),
        "extension_refused": make_extension("UNESCO", None, "Le texte part à l'impression le 1er novembre."),
    }


def to_golden(mail: OutgoingMail) -> str:
    """What a golden file holds: addresses, subject and text, without the trailing spaces of the wrapping."""
    lines = [f"To: {', '.join(mail.to)}", f"Cc: {', '.join(mail.cc)}", f"Subject: {mail.subject}", ""]
    return "\n".join(line.rstrip() for line in [*lines, *mail.text.split("\n")])


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, mail in make_all().items():
        (GOLDEN / f"{name}.txt").write_text(to_golden(mail), encoding="utf-8")
