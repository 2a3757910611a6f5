"""What is still open: the page that goes with a change of chair, and that anybody may read on any other day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.adapters import store
from pipeline.core import chairing
from pipeline.core.model import MailState, Mandate, PlannedDraft, Roster
from pipeline.overview import RoundBoard, read_board
from pipeline.redline.model import Disposition

#: mail that has not left, or of which nobody knows whether it did
_UNSETTLED = (MailState.QUEUED, MailState.HELD, MailState.UNCERTAIN, MailState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Everything somebody still has to do, at one instant."""

    roster: Roster
    #: the day it is on the chair's calendar
    today: date
    term_is_over: bool
    #: open ones, the nearest deadline first
    rounds: tuple[RoundBoard, ...]
    #: draft, revision and how many proposals on it nobody has decided
    proposals: tuple[tuple[str, str, int], ...]
    #: draft, agency and why: requests for more time nobody has answered
    extensions: tuple[tuple[str, str, str], ...]
    #: messages that wait for a person
    attention: int
    #: mails in each unsettled state; only what occurs
    mails: tuple[tuple[MailState, int], ...]
    #: open ones, the first due first, those without a day last
    mandates: tuple[Mandate, ...]
    #: texts of the work plan of which a day is still to come
    planned: tuple[PlannedDraft, ...]
    #: addresses that count as ours although their domain is the chair's own
    addresses: tuple[str, ...]
    #: accounts that are not closed
    users: tuple[store.User, ...]


def read_unfinished(database: store.Database, now: datetime) -> Unfinished:
    """What is open at `now`. Raises: UsageError while there is no roster."""
    board = read_board(database, now, open_only=True)
    today = chairing.find_day(board.roster, now)
    with database.read() as db:
        counted = store.proposals.count_by_revision(db)
        mails = store.outbox.counts(db)
        return Unfinished(
            roster=board.roster,
            today=today,
            term_is_over=chairing.is_term_over(board.roster, now),
            rounds=board.rounds,
            proposals=tuple(
                (draft, revision, found[Disposition.OPEN])
                for (draft, revision), found in sorted(counted.items())
                if found.get(Disposition.OPEN)
            ),
            extensions=tuple(each for round in board.rounds for each in _list_extensions(round)),
            attention=store.messages.count_attention(db),
            mails=tuple((state, mails[state]) for state in _UNSETTLED if mails[state]),
            mandates=tuple(sorted((each for each in store.year.list_mandates(db) if not each.done_on), key=_rank)),
            planned=tuple(each for each in store.year.list_planned(db) if each.days and each.days[-1] >= today),
            addresses=tuple(_list_addresses(board.roster)),
            users=tuple(user for user in store.users.list_users(db) if not user.disabled),
        )


def _list_extensions(board: RoundBoard) -> Iterator[tuple[str, str, str]]:
    for response in board.responses:
        if response.do_not_chase.startswith("extension pending"):
            yield board.draft.code, response.agency, response.do_not_chase


def _rank(mandate: Mandate) -> tuple[bool, date, str]:
    return mandate.due is None, mandate.due or date.max, mandate.number


def _list_addresses(roster: Roster) -> Iterator[str]:
    domains = {domain for code in roster.chair for domain in roster.get_agency(code).domains}
    for address in (roster.mailbox, *roster.aliases):
        if address.rpartition("@")[2] in domains:
            yield address
