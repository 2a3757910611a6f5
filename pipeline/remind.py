"""Remind whom a round still waits for: the timetable, and the mails that are due."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters, schedule
from pipeline.core.model import MailState, Occasion, OutgoingMail, PlannedReminder, Response, Round, SentMail
from pipeline.core.tracking import responses

#: states in which a mail has not left and may still be taken back
_WAITING = (MailState.QUEUED, MailState.HELD)
#: more reminders than any round has
_ALL = 100_000


def plan_all(database: store.Database, now: datetime) -> tuple[PlannedReminder, ...]:
    """The timetable of every open round, in order of the instants."""
    with database.read() as db:
        rounds = store.rounds.list_rounds(db, open_only=True)
        planned = [each for round in rounds for each in _plan(db, round, _read_responses(db, round, now), now)]
    return tuple(sorted(planned, key=lambda each: each.at.timestamp()))


def plan_reminders(database: store.Database, round_id: int, now: datetime) -> tuple[PlannedReminder, ...]:
    """The timetable of one round. Raises: UsageError when it is unknown."""
    with database.read() as db:
        round = store.rounds.get_round(db, round_id)
        return _plan(db, round, _read_responses(db, round, now), now)


def remind(database: store.Database, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The reminders that fell due and are in the outbox now; run twice, the second time finds nothing.

    A reminder still waiting in the outbox whose agency has answered meanwhile is taken out again, and one that missed
    the office hours of its addressee waits for the next.
    """
    if not _is_anything_due(database, now):
        return ()
    with database.begin() as db:
        return tuple(mail for round in store.rounds.list_rounds(db) for mail in _remind_round(db, round, now, secret))


def _is_anything_due(database: store.Database, now: datetime) -> bool:
    """Whether a write is worth it; most ticks of the clock find nothing."""
    with database.read() as db:
        if _list_waiting(db):
            return True
        last_poll, _ = store.messages.last_poll(db)
        return any(
            schedule.due(_plan(db, round, _read_responses(db, round, now), now), now, last_poll)
            for round in store.rounds.list_rounds(db, open_only=True)
        )


def _remind_round(db: store.Db, round: Round, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """What is due in one round, queued; a closed one only has its waiting reminders taken out."""
    answers = _read_responses(db, round, now)
    last_poll, _ = store.messages.last_poll(db)
    due = schedule.due(_plan(db, round, answers, now), now, last_poll)
    _review_waiting(db, round, answers, {planned.agency for planned in due}, now)
    letterhead = read_letterhead(db, round, secret)
    members = {agency.code: agency.member or agency.code for agency in letterhead.roster.agencies}
    by_member = {answer.agency: answer for answer in answers}
    queued: list[OutgoingMail] = []
    for planned in due:
        try:
            mail = letters.reminder(letterhead, planned, by_member[members[planned.agency]], now)
        except letters.UnreachableError:
            continue
        if store.outbox.queue(db, mail, now):
            queued.append(mail)
    return tuple(queued)


def _review_waiting(
    db: store.Db, round: Round, answers: Sequence[Response], replaced: Collection[str], now: datetime
) -> None:
    """Cancel reminders that still wait in the outbox: of agencies that have answered, past their use, or `replaced`.

    The others leave in the office hours of their addressee only.
    """
    waiting = [sent for sent in _list_waiting(db) if sent.mail.round_id == round.id]
    if not waiting:
        return
    # planned as if nothing had been sent, so that only the answer and the clock speak against a step
    planned = _plan(db, round, answers, now, sent=())
    wanted = {schedule.reminder_key(each): each for each in planned if not each.skipped}
    roster = store.rosters.get_roster(db)
    for sent in waiting:
        step = wanted.get(sent.mail.key)
        if step is None or sent.mail.agency in replaced:
            store.outbox.cancel(db, sent.id, "penholder", now)
        elif (leave := schedule.find_leave(step, roster.get_agency(step.agency), now)) > now:
            store.outbox.postpone(db, sent.id, leave)


def _plan(
    db: store.Db, round: Round, answers: Sequence[Response], now: datetime, sent: Sequence[str] | None = None
) -> tuple[PlannedReminder, ...]:
    """The timetable of one round, with what is in its outbox."""
    draft, roster = store.drafts.get_draft(db, round.draft), store.rosters.get_roster(db)
    if sent is None:
        sent = store.outbox.list_keys(db, round.id, Occasion.REMINDER)
    return schedule.plan(round, draft, roster, answers, sent, now=now)


def _read_responses(db: store.Db, round: Round, now: datetime) -> tuple[Response, ...]:
    """Where every member stands in a round."""
    draft, roster = store.drafts.get_draft(db, round.draft), store.rosters.get_roster(db)
    filings = store.messages.list_filings(db, round.id, until=now)
    return responses(round, draft, roster, filings, store.rounds.list_decisions(db, round.id), now)


def _list_waiting(db: store.Db) -> tuple[SentMail, ...]:
    """The reminders of all rounds that have not left yet."""
    found = store.outbox.list_outgoing(db, states=_WAITING, limit=_ALL)
    return tuple(each for each in found if each.mail.occasion is Occasion.REMINDER)
