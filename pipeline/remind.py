"""Remind whom a round still waits for: the mails that are due, and those that wait and are wanted no more."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters, schedule
from pipeline.core.ladder import read_ladder
from pipeline.core.model import MailState, Occasion, OutgoingMail, PlannedReminder, Round, SentMail
from pipeline.core.rehearsal import RoundState
from pipeline.core.tracking import responses

#: states in which a mail has not left and may still be taken back
WAITING = (MailState.QUEUED, MailState.HELD)
#: more reminders than any round has
_ALL = 100_000


def remind(database: store.Database, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The reminders that fell due and are in the outbox now; run twice, the second time finds nothing.

    Those of a round that asks first are held there until a person releases them. A reminder still waiting in the
    outbox whose agency has answered meanwhile is taken out again, and one that missed the office hours of its addressee
    waits for the next.
    """
    with database.read() as db:
        busy = [round.id for round, waiting in _list_rounds(db) if _needs_a_write(db, round, waiting, now)]
    if not busy:
        return ()
    with database.begin() as db:
        found = [(round, waiting) for round, waiting in _list_rounds(db) if round.id in busy]
        return tuple(mail for round, waiting in found for mail in _remind_round(db, round, waiting, now, secret))


def set_ladder(
    database: store.Database, round_id: int, words: str, *, ask_first: bool, by: str, now: datetime
) -> tuple[str, ...]:
    """The steps at which the round reminds from now on, as named in "T-7 T-2 T+1"; what went out stays.

    Raises: UsageError for an unknown round, or steps that cannot be read.
    """
    ladder = read_ladder(words)
    with database.begin() as db:
        store.rounds.get_round(db, round_id)
        store.rounds.set_reminding(db, round_id, ladder, ask_first)
        said = f"set the reminders to {' '.join(ladder) or 'none'}" + (", to be released by hand" if ask_first else "")
        store.audit.write(db, now, by, said, f"round {round_id}")
    return ladder


def list_held(db: store.Db, round_id: int) -> tuple[SentMail, ...]:
    """The reminders of a round that wait for a release, oldest first."""
    found = store.outbox.list_outgoing(
        db, states=(MailState.HELD,), round_id=round_id, occasion=Occasion.REMINDER, with_raw=False, limit=_ALL
    )
    return found[::-1]


def settle_held(
    database: store.Database, round_id: int, ids: Collection[int], *, skip: bool, by: str, now: datetime
) -> int:
    """How many of these held reminders were released, or skipped for good; others are left alone."""
    step = store.outbox.cancel if skip else store.outbox.release
    with database.begin() as db:
        chosen = [sent.id for sent in list_held(db, round_id) if sent.id in ids]
        for id in chosen:
            step(db, id, by, now)
    return len(chosen)


def read_state(db: store.Db, round: Round, waiting: Sequence[SentMail], now: datetime) -> RoundState:
    """Everything the timetable of a round depends on; `waiting`: what of its mail has not left yet."""
    draft, roster = store.drafts.get_draft(db, round.draft), store.rosters.get_roster(db)
    filings = store.messages.list_filings(db, round.id, until=now)
    decisions = store.rounds.list_decisions(db, round.id)
    keys = store.outbox.list_keys(db, None, Occasion.REMINDER, Occasion.DIGEST, Occasion.NUDGE)
    start = f"reminder:{round.id}:"
    return RoundState(
        round=round,
        draft=draft,
        roster=roster,
        responses=responses(round, draft, roster, filings, decisions, now),
        sent=frozenset(key for key in keys if key.startswith(start)),
        absences=store.absences.list_absences(db, now),
        waiting=tuple(waiting),
        briefed=frozenset(key for key in keys if not key.startswith("reminder:")),
    )


def _list_rounds(db: store.Db) -> Iterator[tuple[Round, tuple[SentMail, ...]]]:
    """Every open round, and closed ones of which a reminder still waits; each with its waiting reminders."""
    waiting = defaultdict[int | None, list[SentMail]](list)
    found = store.outbox.list_outgoing(db, states=WAITING, occasion=Occasion.REMINDER, with_raw=False, limit=_ALL)
    for sent in found:
        waiting[sent.mail.round_id].append(sent)
    for round in store.rounds.list_rounds(db):
        if round.closed_at is None or round.id in waiting:
            yield round, tuple(waiting[round.id])


def _needs_a_write(db: store.Db, round: Round, waiting: Sequence[SentMail], now: datetime) -> bool:
    """Whether anything is due or waits in vain: most ticks of the clock find nothing, and most of those read little."""
    if not waiting:
        sent = set(store.outbox.list_keys(db, round.id, Occasion.REMINDER))
        if all(key in sent for key in schedule.list_open(round, store.rosters.get_roster(db), now)):
            return False
    state = read_state(db, round, waiting, now)
    due = _find_due(db, state, now)
    return bool(due) or any(_review(state, _list_agencies(due), now))


def _remind_round(
    db: store.Db, round: Round, waiting: Sequence[SentMail], now: datetime, secret: str
) -> tuple[OutgoingMail, ...]:
    """What is due in one round, queued; a closed one only has its waiting reminders taken out."""
    state = read_state(db, round, waiting, now)
    due = _find_due(db, state, now)
    for sent, leave in _review(state, _list_agencies(due), now):
        if leave is None:
            store.outbox.cancel(db, sent.id, "penholder", now)
        else:
            store.outbox.postpone(db, sent.id, leave)
    letterhead = read_letterhead(db, round, secret)
    mails = (_write(letterhead, state, planned, now) for planned in due)
    return tuple(mail for mail in mails if store.outbox.queue(db, mail, now, held=round.ask_first))


def _find_due(db: store.Db, state: RoundState, now: datetime) -> tuple[PlannedReminder, ...]:
    last_poll, _ = store.messages.last_poll(db)
    return schedule.find_due(
        state.round,
        state.draft,
        state.roster,
        state.responses,
        state.sent,
        state.absences,
        now=now,
        last_poll=last_poll,
    )


def _list_agencies(planned: Sequence[PlannedReminder]) -> frozenset[str]:
    return frozenset(each.agency for each in planned)


def _review(state: RoundState, replaced: Collection[str], now: datetime) -> Iterator[tuple[SentMail, datetime | None]]:
    """The waiting reminders to change, each with the instant it may leave; None for those to cancel.

    To cancel are those of agencies that have answered, past their use, or `replaced`. The others leave in the office
    hours of their addressee only.
    """
    if not state.waiting:
        return
    wanted = _list_wanted(state, now)
    for sent in state.waiting:
        step = wanted.get(sent.mail.key)
        if step is None or sent.mail.agency in replaced:
            yield sent, None
        elif (leave := schedule.find_leave(step, state.roster.get_agency(step.agency), now)) > max(
            now, sent.mail.not_before
        ):
            yield sent, leave


def _list_wanted(state: RoundState, now: datetime) -> Mapping[str, PlannedReminder]:
    """The steps by key, as if nothing had been sent: only the answer and the clock speak against one."""
    planned = schedule.plan(state.round, state.draft, state.roster, state.responses, (), state.absences, now=now)
    return {schedule.reminder_key(each): each for each in planned if not each.skipped}


def _write(letterhead: letters.Letterhead, state: RoundState, planned: PlannedReminder, now: datetime) -> OutgoingMail:
    member = state.roster.get_agency(planned.agency).member or planned.agency
    answer = next(each for each in state.responses if each.agency == member)
    return letters.reminder(letterhead, planned, answer, now)
