"""End a round: what it would come to, the click that ends it, the mails that tell. See: docs/analysis/closing.md."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import letters
from pipeline.core.closing import Closing, Scene, find_closing
from pipeline.core.compose import Letterhead
from pipeline.core.model import (
    Addressee,
    MailState,
    Occasion,
    OutgoingMail,
    Response,
    Roster,
    Round,
    RoundEnd,
    RoundPurpose,
    SentMail,
)
from pipeline.core.positions import Position, find_positions, list_evidence
from pipeline.core.tracking import responses
from pipeline.errors import UsageError

#: states of a mail that has left, or may have
_LEFT = (MailState.SENDING, MailState.SENT, MailState.UNCERTAIN)
#: states of a mail that may still be taken back
_WAITING = (MailState.QUEUED, MailState.HELD)
#: more mails than any round has
_ALL = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A round that was or would be closed."""

    #: open still while `closing` names obstacles, and in a look
    round: Round
    #: what its mails have in common
    letterhead: Letterhead
    closing: Closing
    #: who endorsed, objected or goes along with a reservation, in the order of the roster
    positions: tuple[Position, ...]
    #: where every member stands that was asked, leads too, in the order of the roster
    answers: tuple[Response, ...]
    #: the notices of broken silence, whatever became of them, oldest first
    notices: tuple[SentMail, ...]
    last_poll: datetime | None
    #: the mails that tell every addressee how it ended; none for a round that collected inputs
    mails: tuple[OutgoingMail, ...] = ()

    @property
    def objections(self) -> tuple[Position, ...]:
        """The positions that break a silence, or stand against an endorsement."""
        return tuple(position for position in self.positions if position.agency in self.closing.objecting)


def read_ending(database: store.Database, round_id: int, now: datetime, secret: str, reason: str = "") -> Ending:
    """What closing a round now would come to, with the mails as they would be sent. Raises: UsageError."""
    with database.read() as db:
        return _write_results(_look(db, store.rounds.get_round(db, round_id), now, secret), reason, now)


def close_round(
    database: store.Database,
    round_id: int,
    *,
    by: str,
    now: datetime,
    secret: str,
    reason: str = "",
    seal: str | None = None,
) -> Ending:
    """The closed round, its mails in the outbox, all in one transaction.

    `seal`: that of the closing somebody has looked at; None closes it as it is.

    Raises: UsageError when something stands against it, with everything that does, or when the seal is another one.
    """
    with database.begin() as db:
        ending = _write_results(_look(db, store.rounds.get_round(db, round_id), now, secret), reason, now)
        if ending.closing.obstacles:
            raise UsageError(f"Round {round_id} cannot be closed. {' '.join(ending.closing.obstacles)}")
        if seal not in (None, ending.closing.seal):
            raise UsageError(f"Round {round_id} would end otherwise now: look at its page again, then close it.")
        return _end(db, ending, by, now, reason)


def withdraw_round(
    db: store.Db,
    round: Round,
    told: Collection[str],
    *,
    by: str,
    now: datetime,
    secret: str,
    reason: str,
    dry_run: bool,
) -> Ending:
    """A round closed because its draft is withdrawn; everybody who was asked is told, but for those `told` already."""
    found = _look(db, round, now, secret)
    withdrawn = replace(found, closing=replace(found.closing, end=RoundEnd.WITHDRAWN, obstacles=()))
    written = _write_results(withdrawn, reason, now)
    ending = replace(written, mails=tuple(mail for mail in written.mails if mail.agency not in told))
    return ending if dry_run else _end(db, ending, by, now, reason)


def announce_objections(database: store.Database, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The notices of broken silence put into the outbox, held for a person; none when all is told already.

    A notice that still waits gives way when another agency objects, when one names other paragraphs, and when the
    last objection is withdrawn.
    """
    with database.read() as db:
        stale = [round for round in _list_under_silence(db) if _is_untold(_look(db, round, now, secret))]
    if not stale:
        return ()
    with database.begin() as db:
        return tuple(mail for round in stale for mail in _announce(db, round, now, secret))


def release_notices(
    database: store.Database, round_id: int, *, by: str, now: datetime, dry_run: bool = False
) -> tuple[SentMail, ...]:
    """The held notices of broken silence of a round, which leave from now on. Raises: UsageError without any."""
    with database.read() if dry_run else database.begin() as db:
        store.rounds.get_round(db, round_id)
        held = tuple(sent for sent in _list_notices(db, round_id) if sent.state is MailState.HELD)
        if not held:
            raise UsageError(f"No notice of round {round_id} waits to be released.")
        for sent in () if dry_run else held:
            store.outbox.release(db, sent.id, by, now)
        return held


# --- What it would come to ----------------------------------------------------------------------------------------


def _look(db: store.Db, round: Round, now: datetime, secret: str) -> Ending:
    """What a round would come to, or came to when it was closed, without the mails that tell of it."""
    now = round.closed_at or now
    draft, roster = store.drafts.get_draft(db, round.draft), store.rosters.get_roster(db)
    filings = store.messages.list_filings(db, round.id, until=now)
    standing = responses(round, draft, roster, filings, store.rounds.list_decisions(db, round.id), now)
    members = _find_members(round, roster)
    answers = tuple(answer for answer in standing if answer.agency in members)
    seen = tuple(
        each for each in filings if each.round_id or (each.agency in members and each.received_at >= round.opened_at)
    )
    notices = _list_notices(db, round.id)
    scene = Scene(
        filings=seen,
        astray=store.messages.list_astray(db, round.id, round.opened_at, round.deadline.at),
        last_poll=store.messages.last_poll(db)[0],
        announced=any(sent.state in _LEFT for sent in notices),
    )
    messages = store.messages.find_messages(db, list_evidence(answers, seen))
    return Ending(
        round=round,
        letterhead=Letterhead(roster=roster, draft=draft, round=round, secret=secret.encode()),
        closing=find_closing(round, answers, scene, now),
        positions=find_positions(round, answers, seen, messages),
        answers=answers,
        notices=notices,
        last_poll=scene.last_poll,
    )


def _find_members(round: Round, roster: Roster) -> frozenset[str]:
    """Codes of the members that were asked, themselves or a body of theirs."""
    asked = {addressee.agency for addressee in round.addressees}
    return frozenset(agency.member or agency.code for agency in roster.agencies if agency.code in asked)


def _list_notices(db: store.Db, round_id: int) -> tuple[SentMail, ...]:
    found = store.outbox.list_outgoing(
        db, round_id=round_id, occasion=Occasion.SILENCE_BROKEN, with_raw=False, limit=_ALL
    )
    return found[::-1]


def _write_results(ending: Ending, reason: str, now: datetime) -> Ending:
    """The ending with the mails that tell of it."""
    if ending.closing.end is RoundEnd.CLOSED:
        return ending
    letterhead, closing, objections = ending.letterhead, ending.closing, ending.objections
    mails = _write(
        ending.round.addressees,
        lambda addressee: letters.result(letterhead, addressee, closing, objections, reason, now),
    )
    return replace(ending, mails=mails)


def _write(
    addressees: tuple[Addressee, ...], write_letter: Callable[[Addressee], OutgoingMail]
) -> tuple[OutgoingMail, ...]:
    """One mail for each addressee that can be reached."""
    mails: list[OutgoingMail] = []
    for addressee in addressees:
        try:
            mails.append(write_letter(addressee))
        except letters.UnreachableError:
            continue
    return tuple(mails)


# --- What follows ---------------------------------------------------------------------------------------------------


def _end(db: store.Db, ending: Ending, by: str, now: datetime, reason: str) -> Ending:
    """Close the round as its ending says and queue what tells of it."""
    round, end = ending.round, ending.closing.end
    _take_back(db, round.id, now, (Occasion.REMINDER, Occasion.SILENCE_BROKEN))
    store.rounds.close_round(db, round.id, now, end)
    for mail in ending.mails:
        store.outbox.queue(db, mail, now)
    words = f"closed the round: {end.value.replace('_', ' ')}{f' ({reason})' if reason else ''}"
    store.audit.write(db, now, by, words, f"round {round.id}")
    return replace(ending, round=store.rounds.get_round(db, round.id))


def _take_back(db: store.Db, round_id: int, now: datetime, occasions: tuple[Occasion, ...]) -> None:
    """Cancel what still waits in the outbox and would say what is no longer so."""
    waiting = store.outbox.list_outgoing(db, states=_WAITING, round_id=round_id, with_raw=False, limit=_ALL)
    for sent in waiting:
        if sent.mail.occasion in occasions:
            store.outbox.cancel(db, sent.id, "penholder", now)


def _list_under_silence(db: store.Db) -> tuple[Round, ...]:
    return tuple(each for each in store.rounds.list_rounds(db, open_only=True) if each.purpose is RoundPurpose.SILENCE)


def _is_untold(ending: Ending) -> bool:
    """Whether the newest notice says something else than is so."""
    if not ending.objections:
        return any(sent.state in _WAITING for sent in ending.notices)
    return _find_newest(ending)[1] != letters.name_objections(ending.objections)


def _find_newest(ending: Ending) -> tuple[int, str]:
    """The number of the newest notice and the objections it tells of, as `letters` names them."""
    return max((letters.read_notice(sent.mail.key) for sent in ending.notices), default=(0, ""))


def _announce(db: store.Db, round: Round, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The next notice of a round in the outbox, held, in place of one that still waits there."""
    ending = _look(db, round, now, secret)
    _take_back(db, round.id, now, (Occasion.SILENCE_BROKEN,))
    if not ending.objections:
        return ()
    number, letterhead, objections = _find_newest(ending)[0] + 1, ending.letterhead, ending.objections
    mails = _write(
        round.addressees, lambda addressee: letters.silence_broken(letterhead, addressee, objections, number, now)
    )
    return tuple(mail for mail in mails if store.outbox.queue(db, mail, now, held=True))
