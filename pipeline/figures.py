"""A year counted: who was asked, who answered when, what became of the proposals. See: docs/analysis/year.md."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import chairing
from pipeline.core.model import Draft, Mandate, PlannedDraft, Response, Roster, Round
from pipeline.core.tracking import is_done
from pipeline.overview import RoundBoard, read_board
from pipeline.redline.model import Disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Answers owed and given, proposals made and decided."""

    #: calls that asked for an answer: leads owe none
    asked: int = 0
    answered: int = 0
    #: of those answered: by the deadline that applied to the agency
    on_time: int = 0
    #: silence rounds that closed without a word
    silent: int = 0
    #: replaced ones left out
    proposals: int = 0
    accepted: int = 0
    amended: int = 0
    rejected: int = 0
    #: noted, or both wordings kept in brackets
    kept: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The figures of one calendar year; a round counts in the year in which it was opened."""

    year: int
    roster: Roster
    #: drafts with a round in the year, in order of adding, with those rounds in order of their opening
    drafts: tuple[tuple[Draft, tuple[Round, ...], Tally], ...]
    #: every member that was asked, in order of the roster
    agencies: tuple[tuple[str, Tally], ...]
    total: Tally
    #: made in the year, or still open at its end
    mandates: tuple[Mandate, ...]
    #: with a day in the year
    planned: tuple[PlannedDraft, ...]


def count_year(database: store.Database, year: int, now: datetime) -> Year:
    """The figures of `year` as they stand at `now`. Raises: UsageError while there is no roster."""
    board = read_board(database, now)
    roster = board.roster
    rounds = [each for each in board.rounds if chairing.find_day(roster, each.round.opened_at).year == year]
    ids = {each.round.id for each in rounds}
    with database.read() as db:
        proposals = [each for each in store.proposals.list_proposals(db) if each.round_id in ids]
        drafts, mandates, planned = (
            store.drafts.list_drafts(db),
            store.year.list_mandates(db),
            store.year.list_planned(db),
        )
    asked = {response.agency for each in rounds for response in each.asked}
    return Year(
        year=year,
        roster=roster,
        drafts=tuple(_count_draft(draft, rounds, proposals) for draft in drafts if _has_round(draft, rounds)),
        agencies=tuple(
            (member.code, _count_agency(member.code, rounds, proposals))
            for member in roster.members
            if member.code in asked
        ),
        total=_tally(((each, response) for each in rounds for response in each.asked), proposals),
        mandates=tuple(each for each in mandates if _is_of_year(each, year)),
        planned=tuple(each for each in planned if any(day.year == year for day in each.days)),
    )


def _has_round(draft: Draft, rounds: Iterable[RoundBoard]) -> bool:
    return any(each.draft.code == draft.code for each in rounds)


def _is_of_year(mandate: Mandate, year: int) -> bool:
    begun = mandate.decided_on.year <= year
    return begun and (mandate.decided_on.year == year or mandate.done_on is None or mandate.done_on.year >= year)


def _count_draft(
    draft: Draft, rounds: Sequence[RoundBoard], proposals: Iterable[store.StoredProposal]
) -> tuple[Draft, tuple[Round, ...], Tally]:
    own = sorted((each for each in rounds if each.draft.code == draft.code), key=lambda each: each.round.id)
    answers = ((each, response) for each in own for response in each.asked)
    held = tuple(each.round for each in own)
    return draft, held, _tally(answers, (each for each in proposals if each.draft == draft.code))


def _count_agency(code: str, rounds: Iterable[RoundBoard], proposals: Iterable[store.StoredProposal]) -> Tally:
    answers = ((each, response) for each in rounds for response in each.asked if response.agency == code)
    return _tally(answers, (each for each in proposals if each.agency == code))


def _tally(answers: Iterable[tuple[RoundBoard, Response]], proposals: Iterable[store.StoredProposal]) -> Tally:
    responses = list(answers)
    answered = [response for _, response in responses if is_done(response)]
    decided = Counter(each.proposal.disposition for each in proposals)
    decided.pop(Disposition.SUPERSEDED, None)
    return Tally(
        asked=len(responses),
        answered=len(answered),
        on_time=sum(not response.late for response in answered),
        silent=sum(response.agency in board.silent for board, response in responses),
        proposals=decided.total(),
        accepted=decided[Disposition.ACCEPTED],
        amended=decided[Disposition.AMENDED],
        rejected=decided[Disposition.REJECTED],
        kept=decided[Disposition.NOTED] + decided[Disposition.BRACKETED],
        open=decided[Disposition.OPEN],
    )
