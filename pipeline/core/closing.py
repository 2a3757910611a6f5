"""How a round would end at an instant, and what stands against ending it. See: docs/analysis/closing.md."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import Filing, MailKind, Place, Response, ResponseState, Round, RoundEnd, RoundPurpose
from pipeline.core.tracking import OPEN

#: what counts as agreement where everybody has to agree
_AGREED = frozenset({ResponseState.ENDORSED, ResponseState.RESERVATION})
#: changes sent where a yes or a no was asked for
_CHANGES = frozenset({ResponseState.CONTRIBUTED, ResponseState.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How a round would end; every tuple of codes is in the order of the roster."""

    end: RoundEnd
    #: why it cannot be closed now, a sentence each
    obstacles: tuple[str, ...] = ()
    #: members that were asked and have not answered, or not in the words that were asked for
    missing: tuple[str, ...] = ()
    endorsed: tuple[str, ...] = ()
    reservations: tuple[str, ...] = ()
    #: members whose objection came in time
    objecting: tuple[str, ...] = ()
    #: members that said nothing, once silence counts
    silent: tuple[str, ...] = ()
    #: messages with an objection that came after the closing instant
    late_objections: tuple[int, ...] = ()


def find_closing(
    round: Round, answers: Sequence[Response], filings: Sequence[Filing], last_poll: datetime | None, now: datetime
) -> Closing:
    """How `round` would end at `now`.

    `filings`: every message the tracking of this round sees. `last_poll`: when the mailbox was last read to its end.
    """
    asked = [answer for answer in answers if answer.state is not ResponseState.LEAD]
    objecting = _find_objecting(round, asked, filings)
    return Closing(
        end=_find_end(round, asked, objecting),
        obstacles=tuple(_find_obstacles(round, asked, objecting, filings, last_poll, now)),
        missing=_codes(asked, lambda answer: _is_missing(round, answer)),
        endorsed=_codes(asked, lambda answer: answer.state is ResponseState.ENDORSED),
        reservations=_codes(asked, lambda answer: answer.state is ResponseState.RESERVATION),
        objecting=objecting,
        silent=_find_silent(round, asked, now),
        late_objections=tuple(filing.message_id for filing in filings if _is_late_objection(round, filing)),
    )


def _find_end(round: Round, asked: Sequence[Response], objecting: Sequence[str]) -> RoundEnd:
    if round.purpose is RoundPurpose.INPUTS:
        return RoundEnd.CLOSED
    if round.purpose is RoundPurpose.SILENCE:
        return RoundEnd.SILENCE_BROKEN if objecting else RoundEnd.NO_OBJECTION
    return RoundEnd.ENDORSED if all(answer.state in _AGREED for answer in asked) else RoundEnd.NOT_ENDORSED


def _find_objecting(round: Round, asked: Sequence[Response], filings: Sequence[Filing]) -> tuple[str, ...]:
    """Who objects, and did so in time; an objection a person recorded was."""
    if round.purpose is RoundPurpose.INPUTS:
        return ()
    in_time = {filing.agency for filing in filings if _is_objection(filing) and not _is_late_objection(round, filing)}
    objecting = [answer for answer in asked if answer.state is ResponseState.OBJECTED]
    return tuple(answer.agency for answer in objecting if answer.by is None or answer.agency in in_time)


def _is_objection(filing: Filing) -> bool:
    return filing.kind is MailKind.OBJECTION and filing.place is Place.FILED


def _is_late_objection(round: Round, filing: Filing) -> bool:
    silence = round.purpose is RoundPurpose.SILENCE and filing.round_id == round.id
    return silence and _is_objection(filing) and filing.received_at > round.deadline.at


def _is_missing(round: Round, answer: Response) -> bool:
    if round.purpose is RoundPurpose.ENDORSEMENT:
        return answer.state not in _AGREED
    return answer.state in OPEN


def _find_silent(round: Round, asked: Sequence[Response], now: datetime) -> tuple[str, ...]:
    if round.purpose is not RoundPurpose.SILENCE or now < round.deadline.at:
        return ()
    spoke = _AGREED | _CHANGES | {ResponseState.OBJECTED}
    return tuple(answer.agency for answer in asked if answer.state not in spoke)


def _find_obstacles(
    round: Round,
    asked: Sequence[Response],
    objecting: Sequence[str],
    filings: Sequence[Filing],
    last_poll: datetime | None,
    now: datetime,
) -> Iterator[str]:
    if round.closed_at is not None:
        yield "It is closed already."
        return
    if round.purpose is RoundPurpose.INPUTS or (round.purpose is RoundPurpose.SILENCE and objecting):
        return
    if round.purpose is RoundPurpose.SILENCE:
        yield from _find_early(round, last_poll, now)
        yield from (
            f"{answer.agency} sent changes: record whether it objects, has a reservation, or withdraws them."
            for answer in asked
            if answer.state in _CHANGES
        )
        yield from (
            f"{answer.agency} cannot be reached, every address bounces: its silence says nothing."
            for answer in asked
            if answer.state is ResponseState.BOUNCED
        )
    for filing in filings:
        if filing.attention_open or filing.place is Place.HELD:
            yield f"Message {filing.message_id} of {filing.agency} waits for a person: look at it first."


def _find_early(round: Round, last_poll: datetime | None, now: datetime) -> Iterator[str]:
    closes = f"{round.deadline.local:%Y-%m-%d %H:%M} {round.deadline.zone}"
    if now <= round.deadline.at:
        yield f"The closing instant, {closes}, has not passed."
    elif last_poll is None or last_poll <= round.deadline.at:
        yield f"The mailbox has not been read since the closing instant, {closes}: an objection may lie in it."


def _codes(answers: Sequence[Response], wanted: Callable[[Response], bool]) -> tuple[str, ...]:
    return tuple(answer.agency for answer in answers if wanted(answer))
