"""A person enters where an agency stands: told by telephone, withdrawn, agreed with a reservation."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Agency, Decision, Level, ResponseState, Roster, Round
from pipeline.errors import UsageError

#: what can be entered; the clock and the post make the other states
ENTERED = (
    ResponseState.ENDORSED,
    ResponseState.RESERVATION,
    ResponseState.OBJECTED,
    ResponseState.CONTRIBUTED,
    ResponseState.NO_COMMENT,
    ResponseState.DECLINED,
    ResponseState.AWAITING,
)


def enter_answer(
    database: store.Database,
    round_id: int,
    agency: str,
    state: ResponseState,
    *,
    by: str,
    now: datetime,
    reason: str,
    message_id: int | None = None,
    level: Level | None = None,
    paragraphs: tuple[str, ...] = (),
    dry_run: bool = False,
) -> Decision:
    """The decision that says where a member stands from now on; later mail of it may change that again.

    `message_id`: the mail it rests on, which then needs no person any more.

    Raises: UsageError for a round that is unknown or closed, a member it did not ask, a lead, a mail of another
    member or round, a missing reason.
    """
    if not reason:
        raise UsageError("Say in a sentence how you know: it stands in the record of the round.")
    if state not in ENTERED:
        raise UsageError(f"{state.value} cannot be entered: choose one of {', '.join(each.value for each in ENTERED)}.")
    decision = Decision(
        agency=agency,
        round_id=round_id,
        kind="set_state",
        at=now,
        by=by,
        state=state,
        reason=reason,
        message_id=message_id,
        level=level,
        paragraphs=paragraphs,
    )
    with database.read() if dry_run else database.begin() as db:
        round = store.rounds.get_round(db, round_id)
        _check(db, round, decision)
        if not dry_run:
            _keep(db, decision)
    return decision


def _check(db: store.Db, round: Round, decision: Decision) -> None:
    """Nothing when it can be entered. Raises: UsageError."""
    if round.closed_at is not None:
        raise UsageError(f"Round {round.id} is closed: everybody was told how it ended.")
    member = _find_member(store.rosters.get_roster(db), decision.agency)
    asked = {addressee.agency for addressee in round.addressees}
    if not asked & {member.code, *(body.code for body in store.rosters.get_roster(db).bodies_of(member.code))}:
        raise UsageError(f"Round {round.id} did not ask {member.code}: choose one of its addressees.")
    if member.code in store.drafts.get_draft(db, round.draft).leads:
        raise UsageError(f"{member.code} leads this draft: it is not asked.")
    if decision.message_id is not None:
        message = store.messages.get_message(db, decision.message_id)
        identity = message.recognition.identity if message.recognition else None
        if identity is None or identity.agency != member.code:
            raise UsageError(f"Message {message.id} is not known to be of {member.code}: file it first.")


def _find_member(roster: Roster, code: str) -> Agency:
    """The member of this code. Raises: UsageError for a body and for what is not on the roster."""
    for agency in roster.members:
        if agency.code == code:
            return agency
    raise UsageError(f"There is no member {code} on the roster: enter the answer of a body under its member.")


def _keep(db: store.Db, decision: Decision) -> None:
    store.rounds.decide(db, decision)
    state = decision.state.value.replace("_", " ") if decision.state else ""
    words = f"entered {decision.agency} as {state}: {decision.reason}"
    store.audit.write(db, decision.at, decision.by, words, f"round {decision.round_id}")
    if decision.message_id is not None and store.messages.get_message(db, decision.message_id).attention_open:
        store.messages.close_attention(db, decision.message_id, decision.by, decision.at, words)
