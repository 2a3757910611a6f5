"""One message on the table: everything known of it, and what was decided."""

from dataclasses import dataclass

from pipeline.core.content import Content
from pipeline.core.context import Context
from pipeline.core.model import (
    Certainty,
    FileReading,
    Identity,
    MachineMail,
    MailKind,
    ParsedMail,
    Reply,
    Round,
    RoundPurpose,
)
from pipeline.core.sayings import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is known of one message when it is judged."""

    mail: ParsedMail
    reply: Reply
    machine: MachineMail | None
    identity: Identity
    files: tuple[FileReading, ...]
    context: Context
    content: Content
    words: Words
    #: sentences that limit or suggest, beside the changes that were read
    asides: tuple[str, ...]
    #: None when the round is not known
    round: Round | None

    @property
    def asks_for_assent(self) -> bool:
        """Whether the round is one in which a yes is an endorsement and a no an objection."""
        return self.round is not None and self.round.purpose in (RoundPurpose.SILENCE, RoundPurpose.ENDORSEMENT)

    @property
    def part_lost(self) -> bool:
        """Whether a part of the message could not be decoded."""
        return any(defect.startswith("unreadable:") for defect in self.mail.defects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A kind, and what goes with it."""

    kind: MailKind
    certainty: Certainty
    words: str
    flags: tuple[str, ...] = ()
    #: sentences to be kept as remarks on the whole draft
    remarks: tuple[str, ...] = ()
