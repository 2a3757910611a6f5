"""Who stands where, and what leaves next: the board of every round, read in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import schedule
from pipeline.core.closing import objects_in_time
from pipeline.core.draft_states import find_draft_state, may_publish
from pipeline.core.model import (
    Absence,
    Decision,
    Draft,
    DraftState,
    DraftStep,
    Filing,
    Occasion,
    PlannedReminder,
    Response,
    ResponseState,
    Roster,
    Round,
    RoundPurpose,
)
from pipeline.core.tracking import find_silent, is_done, responses
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBoard:
    """One round and where every member stands in it."""

    round: Round
    draft: Draft
    #: in order of the roster
    responses: tuple[Response, ...]
    #: codes of the members whose silence counts as consent, once a silence round is over and nobody objected
    silent: tuple[str, ...] = ()
    #: reminders in order of their instants, sent and skipped ones too; empty once the round is closed
    planned: tuple[PlannedReminder, ...] = ()

    @property
    def asked(self) -> tuple[Response, ...]:
        """The members that owe an answer: all but the leads."""
        return tuple(response for response in self.responses if response.state is not ResponseState.LEAD)

    @property
    def answered(self) -> tuple[Response, ...]:
        """The members that have answered."""
        return tuple(response for response in self.asked if is_done(response))

    @property
    def missing(self) -> tuple[Response, ...]:
        """The members that have not answered, overdue ones first."""
        open_ones = [response for response in self.asked if not is_done(response)]
        return tuple(sorted(open_ones, key=lambda response: not response.overdue))

    @property
    def objecting(self) -> tuple[Response, ...]:
        """The members whose objection counts: it came before the closing instant, or a person entered it."""
        return tuple(response for response in self.responses if objects_in_time(self.round, response))


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every round beside every member."""

    roster: Roster
    #: open ones with the nearest deadline to come first, then those past it, the latest first; closed ones last
    rounds: tuple[RoundBoard, ...]
    #: of all rounds, oldest first
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBoard:
    """One draft and how far it has come."""

    draft: Draft
    state: DraftState
    #: oldest first
    rounds: tuple[Round, ...]
    #: who published, withdrew or reopened it, oldest first
    steps: tuple[DraftStep, ...]

    @property
    def publishable(self) -> bool:
        """Whether it is done by its own rule."""
        return may_publish(self.draft, self.state)


def read_drafts(database: store.Database, now: datetime) -> tuple[DraftBoard, ...]:
    """Every draft in the order in which they were added."""
    with database.read() as db:
        drafts, steps = store.drafts.list_drafts(db), store.drafts.list_steps(db)
        rounds = store.rounds.list_rounds(db)
        broken = frozenset(round.id for round in rounds if _is_broken(db, round, now))
    return tuple(_make_draft_board(draft, rounds, steps, broken) for draft in drafts)


def read_draft(database: store.Database, code: str, now: datetime) -> DraftBoard:
    """How far one draft has come. Raises: UsageError when it is unknown."""
    found = [board for board in read_drafts(database, now) if board.draft.code == code]
    if not found:
        raise UsageError(f"There is no draft {code}: see penholder draft list.")
    return found[0]


def _make_draft_board(
    draft: Draft, rounds: Sequence[Round], steps: Sequence[DraftStep], broken: Collection[int]
) -> DraftBoard:
    own = tuple(round for round in rounds if round.draft == draft.code)
    made = tuple(step for step in steps if step.draft == draft.code)
    return DraftBoard(draft=draft, state=find_draft_state(own, made, broken), rounds=own, steps=made)


def _is_broken(db: store.Db, round: Round, now: datetime) -> bool:
    """Whether somebody objects to the text of an open silence round."""
    if round.closed_at is not None or round.purpose is not RoundPurpose.SILENCE:
        return False
    roster, draft = store.rosters.get_roster(db), store.drafts.get_draft(db, round.draft)
    filings = store.messages.list_filings(db, round.id, until=now)
    answers = responses(round, draft, roster, filings, store.rounds.list_decisions(db, round.id), now)
    return any(objects_in_time(round, answer) for answer in answers)


def read_board(database: store.Database, now: datetime, *, open_only: bool = False) -> Board:
    """The board at one instant. Raises: UsageError while there is no roster."""
    with database.read() as db:
        roster = store.rosters.get_roster(db)
        drafts = {draft.code: draft for draft in store.drafts.list_drafts(db)}
        rounds = store.rounds.list_rounds(db, open_only=open_only)
        filings = store.messages.list_filings(db, None, until=now)
        decisions = store.rounds.list_decisions(db, None)
        sent = store.outbox.list_keys(db, None, Occasion.REMINDER)
        absences = store.absences.list_absences(db, now)
    boards = (_make_board(each, drafts[each.draft], roster, filings, decisions, sent, absences, now) for each in rounds)
    ranked = tuple(sorted(boards, key=lambda board: _rank(board.round, now)))
    return Board(roster=roster, rounds=ranked, decisions=decisions)


def _make_board(
    round: Round,
    draft: Draft,
    roster: Roster,
    filings: Sequence[Filing],
    decisions: Sequence[Decision],
    sent: Collection[str],
    absences: Sequence[Absence],
    now: datetime,
) -> RoundBoard:
    answers = responses(round, draft, roster, filings, decisions, now)
    planned = schedule.plan(round, draft, roster, answers, sent, absences, now=now) if round.closed_at is None else ()
    broken = any(objects_in_time(round, answer) for answer in answers)
    return RoundBoard(
        round=round,
        draft=draft,
        responses=answers,
        silent=() if broken else find_silent(round, answers, now),
        planned=planned,
    )


def _rank(round: Round, now: datetime) -> tuple[bool, bool, float, int]:
    ahead = round.deadline.at.timestamp() - now.timestamp()
    return round.closed_at is not None, ahead < 0, abs(ahead), round.id
