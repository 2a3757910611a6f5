"""End a round: what it would come to, the click that ends it, the mails that tell. See: docs/analysis/closing.md."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.closing import Closing, find_closing
from pipeline.core.model import Addressee, MailState, Occasion, OutgoingMail, Round, RoundEnd, RoundPurpose
from pipeline.core.tracking import responses
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A round that was or would be closed."""

    #: open still while `closing` names obstacles, and in a dry run
    round: Round
    closing: Closing
    #: the mails that tell every addressee how it ended; none for a round that collected inputs
    mails: tuple[OutgoingMail, ...]


def read_ending(database: store.Database, round_id: int, now: datetime, secret: str, reason: str = "") -> Ending:
    """What closing a round now would come to, with the mails as they would be sent. Raises: UsageError."""
    with database.read() as db:
        return _read_ending(db, round_id, now, secret, reason)


def close_round(
    database: store.Database, round_id: int, *, by: str, now: datetime, secret: str, reason: str = ""
) -> Ending:
    """The closed round, its mails in the outbox, all in one transaction.

    Raises: UsageError when something stands against it; the text names everything that does.
    """
    with database.begin() as db:
        ending = _read_ending(db, round_id, now, secret, reason)
        if ending.closing.obstacles:
            raise UsageError(f"Round {round_id} cannot be closed. {' '.join(ending.closing.obstacles)}")
        _withdraw(db, round_id, now, (Occasion.REMINDER, Occasion.SILENCE_BROKEN))
        store.rounds.close_round(db, round_id, now, ending.closing.end)
        for mail in ending.mails:
            store.outbox.queue(db, mail, now)
        words = f"closed the round: {ending.closing.end.value.replace('_', ' ')}{f' ({reason})' if reason else ''}"
        store.audit.write(db, now, by, words, f"round {round_id}")
        return replace(ending, round=store.rounds.get_round(db, round_id))


def announce_objections(database: store.Database, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The notices of broken silence put into the outbox, held for a person; none when all is told already.

    A notice that still waits when another agency objects gives way to the one that names both.
    """
    with database.read() as db:
        broken = [found for round in _list_under_silence(db) if (found := _read_broken(db, round, now))]
    if not broken:
        return ()
    with database.begin() as db:
        return tuple(mail for round, objecting in broken for mail in _announce(db, round, objecting, now, secret))


def _read_ending(db: store.Db, round_id: int, now: datetime, secret: str, reason: str) -> Ending:
    round = store.rounds.get_round(db, round_id)
    closing = _read_closing(db, round, now)
    letterhead = read_letterhead(db, round, secret)
    told = () if closing.end is RoundEnd.CLOSED else round.addressees
    mails = _write(told, lambda addressee: letters.result(letterhead, addressee, closing, reason, now))
    return Ending(round=round, closing=closing, mails=mails)


def _read_closing(db: store.Db, round: Round, now: datetime) -> Closing:
    draft, roster = store.drafts.get_draft(db, round.draft), store.rosters.get_roster(db)
    filings = store.messages.list_filings(db, round.id, until=now)
    answers = responses(round, draft, roster, filings, store.rounds.list_decisions(db, round.id), now)
    concerned = {answer.agency for answer in answers}
    seen = tuple(each for each in filings if each.round_id == round.id or each.agency in concerned)
    return find_closing(round, answers, seen, store.messages.last_poll(db)[0], now)


def _list_under_silence(db: store.Db) -> tuple[Round, ...]:
    return tuple(each for each in store.rounds.list_rounds(db, open_only=True) if each.purpose is RoundPurpose.SILENCE)


def _read_broken(db: store.Db, round: Round, now: datetime) -> tuple[Round, tuple[str, ...]] | None:
    """The round and who objects; None when nobody does, or everybody was told of just these."""
    objecting = _read_closing(db, round, now).objecting
    keys = store.outbox.list_keys(db, round.id, Occasion.SILENCE_BROKEN)
    told = any(key.startswith(f"{letters.name_notice(round.id, objecting)}:") for key in keys)
    return None if told or not objecting else (round, objecting)


def _announce(
    db: store.Db, round: Round, objecting: tuple[str, ...], now: datetime, secret: str
) -> tuple[OutgoingMail, ...]:
    _withdraw(db, round.id, now, (Occasion.SILENCE_BROKEN,))
    letterhead = read_letterhead(db, round, secret)
    mails = _write(round.addressees, lambda addressee: letters.silence_broken(letterhead, addressee, objecting, now))
    return tuple(mail for mail in mails if store.outbox.queue(db, mail, now, held=True))


def _withdraw(db: store.Db, round_id: int, now: datetime, occasions: tuple[Occasion, ...]) -> None:
    """Cancel what still waits in the outbox and would say what is no longer so."""
    waiting = store.outbox.list_outgoing(
        db, states=(MailState.QUEUED, MailState.HELD), round_id=round_id, with_raw=False, limit=100_000
    )
    for sent in waiting:
        if sent.mail.occasion in occasions:
            store.outbox.cancel(db, sent.id, "penholder", now)


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
