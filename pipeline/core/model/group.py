"""The group that writes together: its members, their bodies, and everybody's addresses."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """In which capacity an address writes."""

    #: the working-level person or box that gets the calls for inputs
    FOCAL_POINT = "focal_point"
    #: stands in for the focal point, gets copies
    ALTERNATE = "alternate"
    #: a section's mailbox
    GENERIC = "generic"
    #: the office of the head: its endorsement counts at principal level
    PRINCIPAL = "principal_office"
    #: drafts a text on behalf of the lead
    LEAD_DRAFTER = "lead_drafter"
    #: the chair's own mailbox: never an answer of the chair's agency
    SECRETARIAT = "chair_secretariat"


@dataclass(frozen=True, slots=True, kw_only=True)
class FocalPoint:
    """One known address of an agency."""

    #: lower case
    address: str
    role: Role
    #: when a permanent failure was reported for it; None while mail gets through
    bounced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A member of the group, or one body of a member that has bodies."""

    #: short code, upper case: "UNICEF"
    code: str
    name: str
    #: IANA zone of its duty station
    timezone: str
    station: str = ""
    #: BCP 47 tag of the language it is written to
    language: str = "en"
    aliases: tuple[str, ...] = ()
    #: lower-case mail domains that belong to this agency alone
    domains: tuple[str, ...] = ()
    contacts: tuple[FocalPoint, ...] = ()
    un_entity: bool = True
    #: code of the member this is a body of; None for members
    member: str | None = None
    #: code of the body that answers for all bodies; None where there are none
    coordinator: str | None = None
    #: lower-case English three-letter weekday names
    workdays: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The group, its drafts mailbox and everybody in it."""

    code: str
    name: str
    #: the mailbox the poller reads, lower case
    mailbox: str
    #: the display name on outgoing mail
    from_name: str
    #: other addresses that are us, lower case
    aliases: tuple[str, ...]
    #: codes of the chairing members
    chair: tuple[str, ...]
    #: IANA zone in which deadlines are announced unless a draft says otherwise
    timezone: str
    workdays: tuple[str, ...]
    holidays: tuple[date, ...]
    #: members first, in the order of the roster, each followed by its bodies
    agencies: tuple[Agency, ...]
    chair_term: tuple[date, date] | None = None
    #: codes of the members that chair next; empty while nobody is agreed
    incoming_chair: tuple[str, ...] = ()
    #: first and last day of their term; with it the clock hands over when the first day begins
    incoming_term: tuple[date, date] | None = None
    #: codes of the members that chaired before
    troika_previous: tuple[str, ...] = ()

    def get_agency(self, code: str) -> Agency:
        """The member or body with this code. Raises: KeyError."""
        for agency in self.agencies:
            if agency.code == code:
                return agency
        raise KeyError(code)

    @property
    def members(self) -> tuple[Agency, ...]:
        """The agencies that are members, without bodies."""
        return tuple(agency for agency in self.agencies if agency.member is None)

    def bodies_of(self, code: str) -> tuple[Agency, ...]:
        """The bodies of member `code`; empty for most members."""
        return tuple(agency for agency in self.agencies if agency.member == code)
