"""How a round would end at an instant, and what stands against ending it. See: docs/analysis/closing.md."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import Filing, MailKind, Place, Response, ResponseState, Round, RoundEnd, RoundPurpose
from pipeline.core.tracking import OPEN

#: what counts as agreement where everybody has to agree
_AGREED = frozenset({ResponseState.ENDORSED, ResponseState.RESERVATION})
#: answers to another question than the yes or no that was asked for, in words
_UNCLEAR = {
    ResponseState.CONTRIBUTED: "sent changes",
    ResponseState.PARTIAL: "sent the answer of one body",
    ResponseState.DECLINED: "will not take part",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known of a round besides where its members stand, when it is to be closed."""

    #: every message the tracking of this round sees
    filings: Sequence[Filing] = ()
    #: numbers of messages of unknown senders, or fetched and not read yet, that may be of this round
    astray: Sequence[int] = ()
    #: when the mailbox was last read to its end; None: never
    last_poll: datetime | None = None
    #: whether anybody was told already that the silence is broken
    announced: bool = False


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
    #: members that said nothing, or that they have no comments, once silence counts
    silent: tuple[str, ...] = ()
    #: members that answered a text under silence with neither a yes nor a no
    unclear: tuple[str, ...] = ()
    #: messages with an objection that came after the closing instant
    late_objections: tuple[int, ...] = ()

    @property
    def seal(self) -> str:
        """Sixteen hexadecimal digits that change when the round would end otherwise, or with other names."""
        named = (self.missing, self.endorsed, self.reservations, self.objecting, self.silent, self.unclear)
        told = (self.end.value, *named)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def find_closing(round: Round, asked: Sequence[Response], scene: Scene, now: datetime) -> Closing:
    """How `round` would end at `now`. `asked`: where each member stands that was asked; leads may be among them."""
    asked = [answer for answer in asked if answer.state is not ResponseState.LEAD]
    objecting = _codes(asked, lambda answer: objects_in_time(round, answer))
    broken = _is_silence(round) and (bool(objecting) or scene.announced)
    return Closing(
        end=_find_end(round, asked, broken=broken),
        obstacles=tuple(_find_obstacles(round, asked, scene, now, broken=broken)),
        missing=_codes(asked, lambda answer: _is_missing(round, answer)),
        endorsed=_codes(asked, lambda answer: answer.state is ResponseState.ENDORSED),
        reservations=_codes(asked, lambda answer: answer.state is ResponseState.RESERVATION),
        objecting=objecting,
        silent=_find_silent(round, asked, objecting, now),
        unclear=_codes(asked, lambda answer: _is_silence(round) and answer.state in _UNCLEAR),
        late_objections=tuple(filing.message_id for filing in scene.filings if _is_late_objection(round, filing)),
    )


def objects_in_time(round: Round, answer: Response) -> bool:
    """Whether a member objects, where that counts, and did so before the closing instant; by hand is always in time."""
    if answer.state is not ResponseState.OBJECTED or round.purpose is RoundPurpose.INPUTS:
        return False
    in_time = answer.entered is not None or answer.since <= round.deadline.at
    return in_time or round.purpose is RoundPurpose.ENDORSEMENT


def _find_end(round: Round, asked: Sequence[Response], *, broken: bool) -> RoundEnd:
    if round.purpose is RoundPurpose.INPUTS:
        return RoundEnd.CLOSED
    if _is_silence(round):
        return RoundEnd.SILENCE_BROKEN if broken else RoundEnd.NO_OBJECTION
    return RoundEnd.ENDORSED if all(answer.state in _AGREED for answer in asked) else RoundEnd.NOT_ENDORSED


def _is_silence(round: Round) -> bool:
    return round.purpose is RoundPurpose.SILENCE


def _is_late_objection(round: Round, filing: Filing) -> bool:
    objection = filing.kind is MailKind.OBJECTION and filing.place is Place.FILED and filing.round_id == round.id
    return objection and _is_silence(round) and filing.received_at > round.deadline.at


def _is_missing(round: Round, answer: Response) -> bool:
    if round.purpose is RoundPurpose.ENDORSEMENT:
        return answer.state not in _AGREED
    return answer.state in OPEN


def _find_silent(round: Round, asked: Sequence[Response], objecting: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Who said nothing in time: a late objection is no objection."""
    if not _is_silence(round) or now < round.deadline.at:
        return ()
    return _codes(
        asked, lambda answer: answer.state not in _AGREED | _UNCLEAR.keys() and answer.agency not in objecting
    )


# --- What stands against it -------------------------------------------------------------------------------------


def _find_obstacles(
    round: Round, asked: Sequence[Response], scene: Scene, now: datetime, *, broken: bool
) -> Iterator[str]:
    if round.closed_at is not None:
        yield "It is closed already."
        return
    if round.purpose is RoundPurpose.INPUTS or broken:
        return
    if _is_silence(round):
        yield from _find_early(round, scene.last_poll, now)
        yield from _find_unclear(asked)
    waiting = [each for each in scene.filings if each.attention_open or each.place is Place.HELD]
    heard = {filing.agency for filing in waiting}
    yield from (_ask_to_look(filing.message_id, f" of {filing.agency}") for filing in waiting)
    yield from (_ask_to_look(number, "") for number in scene.astray)
    for answer in asked:
        if answer.do_not_chase and answer.state is not ResponseState.BOUNCED and answer.agency not in heard:
            yield f"{answer.agency} has not answered: {answer.do_not_chase}."


def _find_early(round: Round, last_poll: datetime | None, now: datetime) -> Iterator[str]:
    closes = f"{round.deadline.local:%Y-%m-%d %H:%M} {round.deadline.zone}"
    if now <= round.deadline.at:
        yield f"The closing instant, {closes}, has not passed."
    elif last_poll is None or last_poll <= round.deadline.at:
        yield f"The mailbox has not been read since the closing instant, {closes}: an objection may lie in it."


def _find_unclear(asked: Sequence[Response]) -> Iterator[str]:
    for answer in asked:
        if words := _UNCLEAR.get(answer.state):
            yield f"{answer.agency} {words}: enter whether it objects, has a reservation, or endorses."
        elif answer.state is ResponseState.BOUNCED:
            yield f"{answer.agency} cannot be reached, every address bounces: its silence says nothing."


def _ask_to_look(number: int, whose: str) -> str:
    return f"Message {number}{whose} waits for a person: look at it first."


def _codes(answers: Sequence[Response], wanted: Callable[[Response], bool]) -> tuple[str, ...]:
    return tuple(answer.agency for answer in answers if wanted(answer))
