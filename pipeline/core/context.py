"""What the recogniser knows about the group when it looks at one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.core.model import Addressee, Agency, Deadline, Draft, Roster, Round

#: what we know of a mail we sent: round id, draft code, revision name, code of the agency it asked
OurMail = tuple[int, str, str, str]
#: what we know of a mail filed earlier: agency code, draft code, round id
FiledMail = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The group, its drafts and rounds, and the mails a reply may point to."""

    roster: Roster
    drafts: tuple[Draft, ...]
    #: open and past ones
    rounds: tuple[Round, ...]
    #: our Message-IDs, with angle brackets
    outgoing: Mapping[str, OurMail]
    #: Thread-Index of our mails as hex of its first 22 bytes
    thread_indexes: Mapping[str, OurMail]
    #: Message-IDs of mails from agencies that were filed
    own_by_message_id: Mapping[str, FiledMail]
    #: name our own mail server writes into Authentication-Results. See: RFC 8601 2.5
    authserv_id: str
    #: receipt instant of this message: lateness and open rounds are judged by it
    received_at: datetime
    #: Message-IDs of our receipts -> ids of the messages they are about
    receipts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def find_draft(self, code: str | None) -> Draft | None:
        """The draft with this code, None when there is none."""
        return next((draft for draft in self.drafts if draft.code == code), None)

    def find_round(self, round_id: int | None) -> Round | None:
        """The round with this id, None when there is none."""
        return next((found for found in self.rounds if found.id == round_id), None)

    def rounds_of(self, draft: str) -> tuple[Round, ...]:
        """The rounds of a draft that had been opened at receipt, oldest first."""
        opened = [found for found in self.rounds if found.draft == draft and found.opened_at <= self.received_at]
        return tuple(sorted(opened, key=lambda found: (found.opened_at, found.id)))

    def is_open(self, round_: Round) -> bool:
        """Whether the round was open at receipt."""
        return round_.opened_at <= self.received_at and (
            round_.closed_at is None or round_.closed_at > self.received_at
        )

    def choose_round(self, draft: str, thread_round: int | None) -> Round | None:
        """The thread's round when it is of this draft, else the newest open one, else the newest one."""
        of_thread = self.find_round(thread_round)
        if of_thread is not None and of_thread.draft == draft:
            return of_thread
        opened = self.rounds_of(draft)
        still_open = tuple(found for found in opened if self.is_open(found))
        return next(reversed(still_open or opened), None)

    def list_asking(self, agency: str | None, body: str | None) -> tuple[Round, ...]:
        """The rounds open at receipt that ask an agency or this body of it for an answer, oldest first.

        A member that wrote by itself is asked where one of its bodies is.
        """
        own = {agency, body} if body else {agency, *(each.code for each in self.roster.bodies_of(agency or ""))}
        asking = [
            found
            for found in self.rounds
            if self.is_open(found) and not own.isdisjoint(each.agency for each in found.addressees)
        ]
        return tuple(sorted(asking, key=lambda found: (found.opened_at, found.id)))

    def deadline_for(self, round_: Round, agency: str, body: str | None) -> Deadline:
        """The deadline that applies to an agency, with its extension or that of its body."""
        extensions = [asked.extension for asked in self._asked(round_, agency, body) if asked.extension]
        return max([round_.deadline, *extensions], key=lambda deadline: deadline.at)

    def due_day(self, round_: Round | None, agency: str | None, body: str | None) -> date | None:
        """The last day of that deadline, in the zone it was announced in; None without a round."""
        if round_ is None or agency is None:
            return None
        deadline = self.deadline_for(round_, agency, body)
        return deadline.at.astimezone(ZoneInfo(deadline.zone)).date()

    def _asked(self, round_: Round, agency: str, body: str | None) -> tuple[Addressee, ...]:
        return tuple(asked for asked in round_.addressees if asked.agency in (agency, body))

    def find_agency(self, code: str | None) -> Agency | None:
        """The member or body with this code, None when there is none."""
        return next((agency for agency in self.roster.agencies if agency.code == code), None)
