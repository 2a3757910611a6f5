"""Who stands where: the board of every round, read in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Draft, Response, ResponseState, Roster, Round
from pipeline.core.tracking import is_done, responses


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBoard:
    """One round and where every member stands in it."""

    round: Round
    draft: Draft
    #: in order of the roster
    responses: tuple[Response, ...]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every round beside every member."""

    roster: Roster
    #: open ones first, then by deadline
    rounds: tuple[RoundBoard, ...]


def read_board(database: store.Database, now: datetime, *, open_only: bool = False) -> Board:
    """The board at one instant. Raises: UsageError while there is no roster."""
    with database.read() as db:
        roster = store.rosters.get_roster(db)
        drafts = {draft.code: draft for draft in store.drafts.list_drafts(db)}
        rounds = store.rounds.list_rounds(db, open_only=open_only)
        boards = tuple(_read_round(db, round_, drafts[round_.draft], roster, now) for round_ in rounds)
    boards = tuple(sorted(boards, key=lambda board: (board.round.closed_at is not None, board.round.deadline.at)))
    return Board(roster=roster, rounds=boards)


def _read_round(db: store.Db, round_: Round, draft: Draft, roster: Roster, now: datetime) -> RoundBoard:
    filings = store.messages.list_filings(db, round_.id, until=now)
    decisions = store.rounds.list_decisions(db, round_.id)
    return RoundBoard(round=round_, draft=draft, responses=responses(round_, draft, roster, filings, decisions, now))
