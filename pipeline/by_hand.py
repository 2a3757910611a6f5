"""Enter an answer that came by another way than mail: by telephone, in a meeting, or in a file a person could read."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Decision, ResponseState, RoundPurpose
from pipeline.errors import UsageError

#: what a person may say about a member; the rest follows from mail and clock
ENTERED = (
    ResponseState.AWAITING,
    ResponseState.ACKNOWLEDGED,
    ResponseState.CONTRIBUTED,
    ResponseState.NO_COMMENT,
    ResponseState.DECLINED,
    ResponseState.ENDORSED,
    ResponseState.OBJECTED,
)
_ON_A_FINAL_TEXT = frozenset({ResponseState.ENDORSED, ResponseState.OBJECTED})


def list_states(purpose: RoundPurpose) -> tuple[ResponseState, ...]:
    """What may be entered in a round of this purpose: a call for inputs is neither endorsed nor objected to."""
    return tuple(state for state in ENTERED if purpose is not RoundPurpose.INPUTS or state not in _ON_A_FINAL_TEXT)


def enter_answer(
    database: store.Database,
    round_id: int,
    agency: str,
    state: ResponseState,
    *,
    reason: str,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Decision:
    """The decision that says where a member stands from now on; mail that comes later goes on from there.

    Raises: UsageError without a reason, for a stranger, a body or a lead, or a state that does not fit the round.
    """
    with database.read() if dry_run else database.begin() as db:
        round = store.rounds.get_round(db, round_id)
        members = {member.code for member in store.rosters.get_roster(db).members}
        if agency not in members:
            raise UsageError(
                f"{agency} is no member: name one of {', '.join(sorted(members))}; a body has no answer alone."
            )
        if agency in store.drafts.get_draft(db, round.draft).leads:
            raise UsageError(f"{agency} leads {round.draft}: it owes no answer to its own text.")
        if state not in list_states(round.purpose):
            raise UsageError(f"In a round for {round.purpose} an answer cannot be {state}.")
        if not reason.strip():
            raise UsageError("Say in a sentence how the answer came: it stands in the record.")
        decision = Decision(
            agency=agency, round_id=round_id, kind="set_state", at=now, by=by, state=state, reason=reason.strip()
        )
        if not dry_run:
            store.rounds.decide(db, decision)
            store.audit.write(db, now, by, f"entered {state} for {agency}: {reason.strip()}", f"round {round_id}")
        return decision
