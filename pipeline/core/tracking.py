"""Who has answered what, who may be chased: a pure function of the log. See: docs/analysis/tracking.md."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from pipeline.core.answers import Answer, find_answer, is_unread
from pipeline.core.model import (
    Agency,
    Deadline,
    Decision,
    Draft,
    Filing,
    MailKind,
    Place,
    Response,
    ResponseState,
    Roster,
    Round,
    RoundEnd,
    RoundPurpose,
)
from pipeline.core.recipients import find_recipients

#: states in which an answer is still owed
OPEN = frozenset(
    {
        ResponseState.AWAITING,
        ResponseState.ACKNOWLEDGED,
        ResponseState.PARTIAL,
        ResponseState.EXTENSION_GRANTED,
        ResponseState.OVERDUE,
        ResponseState.BOUNCED,
    }
)
#: kinds that count as the answer of a body; a receipt or a question does not
ANSWERS = frozenset(
    {
        MailKind.CONTRIBUTION,
        MailKind.NO_COMMENT,
        MailKind.ENDORSEMENT,
        MailKind.OBJECTION,
        MailKind.DECLINE,
    }
)
#: messages that may hold an answer although they do not count as one
_IN_SIGHT = frozenset({Place.FILED, Place.HELD, Place.FAILED, Place.QUARANTINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Where a member stands while its log is read from the start."""

    state: ResponseState
    since: datetime
    by: int | None = None
    #: receipt instant of the message in `by`
    heard_at: datetime | None = None
    entered: Decision | None = None
    #: latest answer of each body
    bodies: tuple[tuple[str, Filing], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """What one member wrote and what was decided about it, each in order."""

    filed: Sequence[Filing]
    #: mail since the call that waits for a person, and nobody knows yet which round it belongs to
    astray: Sequence[Filing]
    decided: Sequence[Decision]
    #: more time for one body moves the deadline of that body alone
    decided_on_bodies: Sequence[Decision]


_Event = TypeVar("_Event", Filing, Decision)


def responses(
    round: Round,
    draft: Draft,
    roster: Roster,
    filings: Sequence[Filing],
    decisions: Sequence[Decision],
    now: datetime,
) -> tuple[Response, ...]:
    """Where every member the round concerns stands at `now`, in the order of the roster.

    Members are those the round addresses (or a body of theirs), those that lead the draft and those that wrote.
    Filings and decisions of other rounds and of after `now` are left out.
    """
    known = [filing for filing in filings if filing.received_at <= now]
    filed = _group(filing for filing in known if filing.round_id == round.id)
    astray = _group(filing for filing in known if filing.round_id is None and filing.received_at >= round.opened_at)
    decided = _group(decision for decision in decisions if decision.round_id == round.id and decision.at <= now)
    bodies = _group_bodies(roster)
    concerned = _concerned(round, draft, roster, filed)
    found = []
    for member in roster.members:
        if member.code in concerned:
            of_bodies = [each for body in bodies[member.code] for each in decided[body.code]]
            log = _Log(
                filed=filed[member.code],
                astray=astray[member.code],
                decided=decided[member.code],
                decided_on_bodies=of_bodies,
            )
            found.append(_respond(member, bodies[member.code], round, draft, log, now))
    return tuple(found)


def heard_bodies(response: Response) -> tuple[str, ...]:
    """Codes of the bodies whose answer came in, in order of the roster; receipts and questions do not count."""
    return tuple(code for code, kind in response.bodies if kind in ANSWERS)


def is_done(response: Response) -> bool:
    """Whether nothing more is expected from this member; False for leads, who are never asked."""
    return response.state not in OPEN and response.state is not ResponseState.LEAD


def find_silent(round: Round, answers: Iterable[Response], now: datetime) -> tuple[str, ...]:
    """Codes of the members whose silence counts, or would count if the round were closed now; empty elsewhere."""
    if round.purpose is not RoundPurpose.SILENCE or now < round.deadline.at:
        return ()
    if round.closed_at is not None and round.closed_at <= now:
        kept = round.end is RoundEnd.NO_OBJECTION
        return tuple(response.agency for response in answers if kept and response.state in OPEN)
    return tuple(response.agency for response in answers if response.outstanding)


def _group(events: Iterable[_Event]) -> defaultdict[str, list[_Event]]:
    """Filings or decisions by agency, each in order of its instant."""
    groups: defaultdict[str, list[_Event]] = defaultdict(list)
    for event in sorted(events, key=_when):
        groups[event.agency].append(event)
    return groups


def _group_bodies(roster: Roster) -> defaultdict[str, list[Agency]]:
    """The bodies of each member, in order of the roster."""
    groups: defaultdict[str, list[Agency]] = defaultdict(list)
    for agency in roster.agencies:
        if agency.member is not None:
            groups[agency.member].append(agency)
    return groups


def _concerned(round: Round, draft: Draft, roster: Roster, filed: Mapping[str, object]) -> frozenset[str]:
    """Codes of the members a round concerns."""
    asked = {addressee.agency for addressee in round.addressees}
    members = {agency.member or agency.code for agency in roster.agencies if agency.code in asked}
    return frozenset(members | set(draft.leads) | set(filed))


def _respond(
    member: Agency, bodies: Sequence[Agency], round: Round, draft: Draft, log: _Log, now: datetime
) -> Response:
    """The response of one member."""
    deadline = _find_deadline(round, log.decided)
    if member.code in draft.leads:
        return Response(agency=member.code, state=ResponseState.LEAD, by=None, since=round.opened_at, deadline=deadline)
    standing = _read_log(member, bodies, round, log)
    return _apply_clock(member, bodies, round, standing, deadline, _find_obstacle(log), now)


def _find_deadline(round: Round, decided: Sequence[Decision]) -> Deadline:
    """The instant that applies: the latest grant, else the round's own deadline."""
    granted = [decision.until for decision in decided if decision.kind == "grant_extension" and decision.until]
    return granted[-1] if granted else round.deadline


def _find_obstacle(log: _Log) -> str:
    """Why nobody may chase this member automatically; "" when nothing of it waits for a person."""
    for filing in reversed((*log.astray, *log.filed)):
        if filing.attention_open and filing.place in _IN_SIGHT:
            return f"needs attention: message {filing.message_id}"
    asked = [
        filing for filing in log.filed if filing.kind is MailKind.EXTENSION_REQUEST and filing.place is Place.FILED
    ]
    decided = (*log.decided, *log.decided_on_bodies)
    answered = [each.at for each in decided if each.kind in {"grant_extension", "refuse_extension"}]
    if asked and (not answered or max(answered) < asked[-1].received_at):
        return f"extension pending: message {asked[-1].message_id}"
    return ""


def _read_log(member: Agency, bodies: Sequence[Agency], round: Round, log: _Log) -> _Standing:
    """Where the member stands after its whole log, without regard to the clock."""
    standing = _Standing(state=ResponseState.AWAITING, since=round.opened_at)
    events: list[Filing | Decision] = sorted([*log.filed, *log.decided], key=_when)
    unread: list[Filing] = []
    for event in events:
        if isinstance(event, Decision):
            standing = _apply_decision(standing, event)
            unread = [] if event.kind == "set_state" else unread
        elif event.place is Place.FILED:
            standing = _apply_filing(standing, event, member, bodies, round, waiting=bool(unread))
            unread += [event] if is_unread(event) and event.attention_open else []
    return standing


def _when(event: Filing | Decision) -> tuple[datetime, bool, int]:
    """Sort key: by instant, at the same instant mail before decisions."""
    if isinstance(event, Decision):
        return (event.at, True, 0)
    return (event.received_at, False, event.message_id)


def _apply_decision(standing: _Standing, decision: Decision) -> _Standing:
    """The standing after a person's decision."""
    if decision.kind == "set_state" and decision.state is not None:
        by = decision.message_id
        return replace(standing, state=decision.state, since=decision.at, by=by, heard_at=None, entered=decision)
    if decision.kind == "grant_extension" and standing.state in OPEN:
        return replace(standing, state=ResponseState.EXTENSION_GRANTED, since=decision.at)
    return standing


def _apply_filing(
    standing: _Standing, filing: Filing, member: Agency, bodies: Sequence[Agency], round: Round, *, waiting: bool
) -> _Standing:
    """The standing after one filed message; `waiting`: an unreadable answer before it still lies with a person."""
    answer = find_answer(filing, round, waiting=waiting)
    if answer is None:
        return standing
    if bodies:
        standing = _note_body(standing, filing)
        answer = _answer_for_member(standing, filing, answer, member, bodies)
    state = _next_state(standing.state, answer, round)
    if state is None:
        return standing
    same = state is standing.state
    return replace(
        standing,
        state=state,
        since=standing.since if same else filing.received_at,
        by=filing.message_id,
        heard_at=filing.received_at,
        entered=standing.entered if same else None,
    )


def _next_state(state: ResponseState, answer: Answer, round: Round) -> ResponseState | None:
    """The state an answer leads to; None when it says nothing about the state, not even that it stays."""
    if answer is Answer.OTHER:
        # an unclear mail after a request for time still shows who wrote last; it opens nothing by itself
        return state if state in {ResponseState.ACKNOWLEDGED, ResponseState.EXTENSION_GRANTED} else None
    if answer is Answer.RECEIPT:
        return _after_receipt(state)
    if answer is Answer.UNREAD:
        settled = {ResponseState.NO_COMMENT, ResponseState.DECLINED, ResponseState.ENDORSED}
        return ResponseState.ACKNOWLEDGED if state in settled else _after_receipt(state)
    if answer is Answer.PARTIAL:
        return ResponseState.PARTIAL if state in OPEN else None
    if answer is Answer.OBJECTED:
        return ResponseState.OBJECTED
    if answer is Answer.CONTRIBUTED:
        return None if state is ResponseState.OBJECTED else ResponseState.CONTRIBUTED
    return ResponseState(answer.value) if state in _may_become(answer, round) else None


def _after_receipt(state: ResponseState) -> ResponseState | None:
    """The state after a mail that is not an answer."""
    if state in {ResponseState.AWAITING, ResponseState.OVERDUE, ResponseState.BOUNCED}:
        return ResponseState.ACKNOWLEDGED
    return state if state in {ResponseState.ACKNOWLEDGED, ResponseState.EXTENSION_GRANTED} else None


def _may_become(answer: Answer, round: Round) -> frozenset[ResponseState]:
    """From which states "no comments", a refusal or an endorsement counts."""
    if answer is not Answer.ENDORSED:
        return OPEN | {ResponseState(answer.value)}
    settled = OPEN | {ResponseState.NO_COMMENT, ResponseState.DECLINED, ResponseState.ENDORSED}
    return settled if round.purpose is RoundPurpose.INPUTS else settled | {ResponseState.CONTRIBUTED}


def _note_body(standing: _Standing, filing: Filing) -> _Standing:
    """The standing with what a body wrote; a receipt never takes the place of an answer."""
    known = dict(standing.bodies)
    if filing.body is None:
        return standing
    before = known.get(filing.body)
    if before is None or filing.kind in ANSWERS or before.kind not in ANSWERS:
        known[filing.body] = filing
    return replace(standing, bodies=tuple(known.items()))


def _answer_for_member(
    standing: _Standing, filing: Filing, answer: Answer, member: Agency, bodies: Sequence[Agency]
) -> Answer:
    """What the mail of a body, or of the member's own box, means for the member as a whole."""
    consolidated = "consolidated" in filing.flags and filing.body in {None, member.coordinator}
    if answer in {Answer.OBJECTED, Answer.OTHER, Answer.UNREAD}:
        return answer
    contributed = any(_is_contribution(told) for _, told in standing.bodies)
    if consolidated:
        return Answer.CONTRIBUTED if contributed else answer
    if answer is Answer.RECEIPT:
        return answer
    kinds = {told.kind for _, told in standing.bodies if told.kind in ANSWERS and not _is_open_question(told)}
    heard = {code for code, told in standing.bodies if told.kind in ANSWERS and not _is_open_question(told)}
    if heard != {body.code for body in bodies}:
        return Answer.PARTIAL
    return _sum_up(kinds)


def _is_contribution(filing: Filing) -> bool:
    """Whether changes or comments of it could be read."""
    return filing.kind is MailKind.CONTRIBUTION and not is_unread(filing)


def _is_open_question(filing: Filing) -> bool:
    """Whether a person has to look before this counts as the answer of a body."""
    return is_unread(filing) or (filing.attention_open and filing.kind is not MailKind.CONTRIBUTION)


def _sum_up(kinds: set[MailKind]) -> Answer:
    """The member's answer when all its bodies have answered: the one that claims least agreement."""
    if MailKind.CONTRIBUTION in kinds or MailKind.OBJECTION in kinds:
        return Answer.CONTRIBUTED
    if kinds == {MailKind.ENDORSEMENT}:
        return Answer.ENDORSED
    return Answer.DECLINED if kinds == {MailKind.DECLINE} else Answer.NO_COMMENT


def _apply_clock(
    member: Agency,
    bodies: Sequence[Agency],
    round: Round,
    standing: _Standing,
    deadline: Deadline,
    obstacle: str,
    now: datetime,
) -> Response:
    """The response of a member that is asked, at `now`."""
    owed = standing.state in OPEN
    why = obstacle if owed else ""
    state, since = standing.state, standing.since
    bounced = _find_bounce(member, now)
    if owed and not why and bounced:
        state, since, why = ResponseState.BOUNCED, max(since, bounced), "no address works: every one has bounced"
    overdue = owed and not why and now >= deadline.at and round.purpose is not RoundPurpose.SILENCE
    if overdue:
        state, since = ResponseState.OVERDUE, deadline.at
    answers = dict(standing.bodies)
    return Response(
        agency=member.code,
        state=state,
        by=standing.by,
        since=since,
        deadline=deadline,
        bodies=tuple((body.code, answers[body.code].kind) for body in bodies if body.code in answers),
        do_not_chase=why,
        outstanding=owed and not why and (round.closed_at is None or now < round.closed_at),
        overdue=overdue,
        late=standing.heard_at is not None and standing.heard_at > deadline.at,
        entered=standing.entered,
    )


def _find_bounce(member: Agency, now: datetime) -> datetime | None:
    """The instant from which on no address of the member works; None while one does."""
    if not member.contacts or find_recipients(member, now).to:
        return None
    return max(contact.bounced_at for contact in member.contacts if contact.bounced_at is not None)
