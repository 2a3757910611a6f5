"""Send out a text: open a call for inputs, or circulate a new revision within one."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import letters
from pipeline.core.compose import Letterhead, make_call_subject
from pipeline.core.model import (
    Addressee,
    Agency,
    Deadline,
    OutgoingMail,
    Revision,
    Roster,
    Round,
    RoundPurpose,
)
from pipeline.errors import UsageError
from pipeline.redline.stamp import find_stamp, stamp

#: what the stamp in a circulated file says about it
_NOTES = {
    RoundPurpose.INPUTS: "for comment, not endorsed",
    RoundPurpose.SILENCE: "under silence, not endorsed",
    RoundPurpose.ENDORSEMENT: "for endorsement, not endorsed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """A round and the mails that tell of it."""

    round: Round
    #: one for each addressee that can be reached, in the order of the roster
    mails: tuple[OutgoingMail, ...]
    #: codes of addressees no mail reaches: every address bounced, or none is known
    unreachable: tuple[str, ...] = ()


def open_round(
    database: store.Database,
    draft_code: str,
    *,
    revision: str,
    deadline: Deadline,
    purpose: RoundPurpose,
    now: datetime,
    secret: str,
    only: Collection[str] = (),
    dry_run: bool = False,
) -> Circulation:
    """The opened round with its calls in the outbox, all in one transaction; a dry run stores nothing.

    `only` names the members, or single bodies, that are asked; empty for all of them. Leads get theirs for information.
    For a member with bodies, its own mail goes to the coordinator and every other body gets one.

    Raises: UsageError for an unknown, published or withdrawn draft, an unknown revision or member, a deadline in the
    past, a round still open on this revision.
    """
    if deadline.at <= now:
        raise UsageError(f"The deadline {deadline.local:%Y-%m-%d %H:%M} {deadline.zone} has passed: name a later one.")
    if dry_run:
        with database.read() as db:
            letterhead, circulated = _prepare(db, draft_code, revision, deadline, purpose, now, secret, only)
            return _write(letterhead, circulated, now, letters.call)
    with database.begin() as db:
        letterhead, circulated = _prepare(db, draft_code, revision, deadline, purpose, now, secret, only)
        stored = store.rounds.open_round(db, letterhead.round)
        circulation = _write(replace(letterhead, round=stored), circulated, now, letters.call)
        _keep_calls(db, circulation, now)
        return replace(circulation, round=store.rounds.get_round(db, stored.id))


def circulate_revision(
    database: store.Database, round_id: int, revision: str, *, now: datetime, secret: str, dry_run: bool = False
) -> Circulation:
    """The round with a newer text as its base, and the mails that send it to everybody, in their threads.

    Deadline, answers and proposals stay. A revision that is the base already is not sent again.

    Raises: UsageError for an unknown round or revision, or a round that is closed or asks for a yes to one text.
    """
    with database.read() if dry_run else database.begin() as db:
        round = store.rounds.get_round(db, round_id)
        if round.closed_at is not None:
            raise UsageError(f"Round {round_id} is closed: open a new one on {revision}.")
        if round.purpose is not RoundPurpose.INPUTS:
            raise UsageError(
                f"Round {round_id} asks for a yes to {round.current_revision}: open a new one on {revision}."
            )
        circulated = store.drafts.get_revision(db, round.draft, revision)
        if round.current_revision == revision:
            return Circulation(round=round, mails=())
        moved = replace(round, current_revision=revision)
        letterhead = read_letterhead(db, moved, secret)
        circulation = _write(letterhead, circulated, now, letters.new_revision)
        if not dry_run:
            _keep_revision(db, moved, circulation, now)
        return circulation


def read_letterhead(db: store.Db, round: Round, secret: str) -> Letterhead:
    """What every mail of a round has in common. Raises: UsageError before a roster was imported."""
    return Letterhead(
        roster=store.rosters.get_roster(db),
        draft=store.drafts.get_draft(db, round.draft),
        round=round,
        secret=secret.encode(),
    )


def _prepare(
    db: store.Db,
    draft_code: str,
    revision: str,
    deadline: Deadline,
    purpose: RoundPurpose,
    now: datetime,
    secret: str,
    only: Collection[str],
) -> tuple[Letterhead, Revision]:
    """The letterhead of a round that is not stored yet, and the revision it is about."""
    store.drafts.check_open(db, draft_code)
    draft, roster = store.drafts.get_draft(db, draft_code), store.rosters.get_roster(db)
    circulated = store.drafts.get_revision(db, draft.code, revision)
    for other in store.rounds.list_rounds(db, draft_code, open_only=True):
        if other.current_revision == revision and other.purpose is purpose:
            raise UsageError(f"Round {other.id} on {draft_code} {revision} is open already: close it first.")
    asked = select_addressees(roster, only, draft.leads)
    round = Round(
        id=0,
        draft=draft_code,
        revision=revision,
        current_revision=revision,
        purpose=purpose,
        opened_at=now,
        deadline=deadline,
        addressees=tuple(Addressee(agency=agency.code, message_id=None) for agency in asked),
        subject="",
    )
    letterhead = Letterhead(roster=roster, draft=draft, round=round, secret=secret.encode())
    return replace(letterhead, round=replace(round, subject=make_call_subject(letterhead, "en"))), circulated


def find_addressees(roster: Roster) -> tuple[Agency, ...]:
    """Everybody a round asks: the members and their bodies, but for bodies that get the member's own mail."""
    coordinators = {member.coordinator for member in roster.members}
    return tuple(agency for agency in roster.agencies if agency.member is None or agency.code not in coordinators)


def select_addressees(roster: Roster, only: Collection[str], leads: Collection[str]) -> tuple[Agency, ...]:
    """Whom a round asks when it asks these members alone, each with its bodies, and the leads for their information.

    Empty `only`: everybody. Raises: UsageError for a code that is not on the roster.
    """
    everybody = find_addressees(roster)
    if strangers := sorted(set(only) - {agency.code for agency in roster.agencies}):
        raise UsageError(f"{strangers[0]} is not on the roster: name members or bodies by their codes.")
    if not only:
        return everybody
    wanted = {*only, *leads}
    # what is sent to a member with bodies goes to its coordinator
    return tuple(each for each in everybody if wanted & {each.code, each.member, each.coordinator})


def _write(
    letterhead: Letterhead,
    revision: Revision,
    now: datetime,
    write_letter: Callable[[Letterhead, Addressee, bytes, datetime], OutgoingMail],
) -> Circulation:
    """One mail for each addressee that can be reached, the stamped file in each."""
    docx = _stamp(revision, letterhead.round.purpose)
    mails: list[OutgoingMail] = []
    unreachable: list[str] = []
    for addressee in letterhead.round.addressees:
        try:
            mails.append(write_letter(letterhead, addressee, docx, now))
        except letters.UnreachableError:
            unreachable.append(addressee.agency)
    return Circulation(round=letterhead.round, mails=tuple(mails), unreachable=tuple(unreachable))


def _stamp(revision: Revision, purpose: RoundPurpose) -> bytes:
    """The file as it goes out; one that says already what it is goes out as it is."""
    if find_stamp(revision.docx) == (revision.draft, revision.name):
        return revision.docx
    return stamp(revision.docx, draft=revision.draft, revision=revision.name, note=_NOTES[purpose])


def _keep_calls(db: store.Db, circulation: Circulation, now: datetime) -> None:
    """Queue the calls of a round that was just stored and keep their Message-IDs."""
    round = circulation.round
    for mail in circulation.mails:
        store.rounds.set_call(db, round.id, mail.agency or "", mail.message_id)
        store.outbox.queue(db, mail, now)
    store.drafts.circulate_revision(db, round.draft, round.revision, now)
    store.audit.write(db, now, "penholder", f"opened the round on {round.draft} {round.revision}", f"round {round.id}")


def _keep_revision(db: store.Db, round: Round, circulation: Circulation, now: datetime) -> None:
    """Store the new base and queue its mails."""
    store.rounds.set_current_revision(db, round.id, round.current_revision)
    store.drafts.circulate_revision(db, round.draft, round.current_revision, now)
    for mail in circulation.mails:
        store.outbox.queue(db, mail, now)
    store.audit.write(db, now, "penholder", f"circulated {round.current_revision}", f"round {round.id}")
