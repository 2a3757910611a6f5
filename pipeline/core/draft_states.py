"""How far a draft has come: a pure function of its rounds and its steps. See: docs/analysis/closing.md."""

from collections.abc import Collection, Sequence

from pipeline.core.model import Draft, DraftState, DraftStep, Round, RoundEnd, RoundPurpose, Rule, StepKind

_OPEN = {
    RoundPurpose.INPUTS: DraftState.OUT_FOR_INPUTS,
    RoundPurpose.SILENCE: DraftState.UNDER_SILENCE,
    RoundPurpose.ENDORSEMENT: DraftState.AWAITING_ENDORSEMENT,
}
_ENDED = {
    RoundEnd.ENDORSED: DraftState.ENDORSED,
    RoundEnd.NO_OBJECTION: DraftState.NO_OBJECTION,
    RoundEnd.SILENCE_BROKEN: DraftState.SILENCE_BROKEN,
}
_STEPS = {StepKind.PUBLISHED: DraftState.PUBLISHED, StepKind.WITHDRAWN: DraftState.WITHDRAWN}
_WORDS = {
    RoundEnd.ENDORSED: "endorsed by all members",
    RoundEnd.NO_OBJECTION: "not objected to by any member, closed",
}
#: what a draft has to have come to before it is published
_DONE = {
    Rule.INPUTS: frozenset({DraftState.CONSOLIDATING, DraftState.NO_OBJECTION, DraftState.ENDORSED}),
    Rule.SILENCE: frozenset({DraftState.NO_OBJECTION, DraftState.ENDORSED}),
    Rule.ENDORSEMENT: frozenset({DraftState.ENDORSED}),
}


def find_draft_state(
    rounds: Sequence[Round], steps: Sequence[DraftStep], broken: Collection[int] = frozenset()
) -> DraftState:
    """The state of the draft these rounds and steps are of, both oldest first.

    `broken`: numbers of open silence rounds that somebody objects to. Of several open rounds the newest counts, of
    closed ones that which was closed last.
    """
    if steps and (state := _STEPS.get(steps[-1].kind)):
        return state
    still_open = [round for round in rounds if round.closed_at is None]
    if still_open:
        newest = still_open[-1]
        return DraftState.SILENCE_BROKEN if newest.id in broken else _OPEN[newest.purpose]
    last = find_last_closed(rounds)
    if last is None:
        return DraftState.PLANNED
    return _ENDED.get(last.end, DraftState.CONSOLIDATING) if last.end else DraftState.CONSOLIDATING


def find_last_closed(rounds: Sequence[Round]) -> Round | None:
    """The round that was closed last; None while none was."""
    closed = [(round.closed_at, round.id, round) for round in rounds if round.closed_at is not None]
    return max(closed, key=lambda each: each[:2])[2] if closed else None


def may_publish(draft: Draft, state: DraftState) -> bool:
    """Whether a draft in this state is done by its own rule."""
    return state in _DONE[draft.rule]


def describe_text(rounds: Sequence[Round], revision: str) -> str:
    """What a file says a text has come to: "endorsed by all members on 12 December 2012", else "not endorsed".

    `rounds`: those of its draft. The one that asked for a yes to this revision and was closed last decides.
    """
    last = find_last_closed(
        [round for round in rounds if round.current_revision == revision and round.purpose is not RoundPurpose.INPUTS]
    )
    words = _WORDS.get(last.end) if last and last.end else None
    if last is None or last.closed_at is None or words is None:
        return "not endorsed"
    day = last.closed_at.astimezone(last.deadline.local.tzinfo)
    return f"{words} on {day.day} {day:%B %Y}"
