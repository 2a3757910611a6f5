"""What the group has in view for the year: the texts it plans, and what it was told to do by when."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A day that matters to a planned text."""

    day: date
    #: a few words: "25th session of HLCP"
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDraft:
    """A text of the work plan, from before its first mail until after its last."""

    #: the code its draft has, or will have: "YTH"
    code: str
    title: str
    #: free words: "thematic report"
    type: str = "draft"
    #: codes of members
    leads: tuple[str, ...] = ()
    #: when the first text is to go out; None while nobody knows
    circulate: date | None = None
    #: until when inputs are wanted; None while nobody knows
    inputs_by: date | None = None
    #: in order of their days
    milestones: tuple[Milestone, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day the plan names for it."""
        named = (self.circulate, self.inputs_by, *(each.day for each in self.milestones))
        return tuple(sorted(day for day in named if day is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """What a meeting of the group decided, and what somebody has to do about it until when."""

    #: as the record of the meeting counts it: "2012-11/6"
    number: str
    decided_on: date
    #: who decided: "GMG Principals"
    by: str
    #: what was decided, in the words of the record
    text: str
    #: who has to act: "working level", or the code of a member
    owner: str
    #: the last day; None where none was set
    due: date | None = None
    #: None while it is open
    done_on: date | None = None
    #: what came of it; "" while it is open
    outcome: str = ""
