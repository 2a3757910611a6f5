"""Who stands where, and what leaves next: the board of every round, read in one transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import schedule
from pipeline.core.model import (
    Absence,
    Decision,
    Draft,
    Filing,
    Occasion,
    PlannedReminder,
    Response,
    ResponseState,
    Roster,
    Round,
)
from pipeline.core.tracking import find_silent, is_done, responses


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBoard:
    """One round and where every member stands in it."""

    round: Round
    draft: Draft
    #: in order of the roster
    responses: tuple[Response, ...]
    #: codes of the members whose silence counts as consent, once a silence round is over
    silent: tuple[str, ...] = ()
    #: reminders in order of their instants, sent and skipped ones too; empty once the round is closed
    planned: tuple[PlannedReminder, ...] = ()
    #: what a person decided about its members, in the order in which it was decided
    decisions: tuple[Decision, ...] = ()

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
        """The members that object."""
        return tuple(response for response in self.responses if response.state is ResponseState.OBJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every round beside every member."""

    roster: Roster
    #: open ones with the nearest deadline to come first, then those past it, the latest first; closed ones last
    rounds: tuple[RoundBoard, ...]


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
    boards = (
        _make_board(
            each,
            drafts[each.draft],
            roster,
            filings,
            [made for made in decisions if made.round_id == each.id],
            sent,
            absences,
            now,
        )
        for each in rounds
    )
    return Board(roster=roster, rounds=tuple(sorted(boards, key=lambda board: _rank(board.round, now))))


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
    return RoundBoard(
        round=round,
        draft=draft,
        responses=answers,
        silent=find_silent(round, answers, now),
        planned=planned,
        decisions=tuple(decisions),
    )


def _rank(round: Round, now: datetime) -> tuple[bool, bool, float, int]:
    ahead = round.deadline.at.timestamp() - now.timestamp()
    return round.closed_at is not None, ahead < 0, abs(ahead), round.id
