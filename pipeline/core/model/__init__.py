"""The nouns of the mail side. Frozen values only; every datetime is aware; addresses are lower case."""

from pipeline.core.model.drafts import (
    Addressee,
    Deadline,
    Draft,
    Revision,
    Round,
    RoundPurpose,
    Rule,
)
from pipeline.core.model.group import (
    Agency,
    FocalPoint,
    Role,
    Roster,
)
from pipeline.core.model.judgement import (
    Action,
    Certainty,
    Clue,
    FileKind,
    FileReading,
    Identity,
    MachineKind,
    MachineMail,
    MailKind,
    Place,
    TypedEdit,
    Unreadable,
    Verdict,
)
from pipeline.core.model.mail import (
    Attachment,
    FailedRecipient,
    Mailbox,
    ParsedMail,
    RawMessage,
    Reply,
)
from pipeline.core.model.outgoing import (
    MailState,
    Occasion,
    OutgoingMail,
    PlannedReminder,
)
from pipeline.core.model.records import (
    InboundMessage,
    Recognition,
    SentMail,
)
from pipeline.core.model.tracking import (
    Decision,
    Filing,
    Response,
    ResponseState,
)
from pipeline.core.model.year import (
    Mandate,
    Milestone,
    PlannedDraft,
)

__all__ = [
    "Action",
    "Addressee",
    "Agency",
    "Attachment",
    "Certainty",
    "Clue",
    "Deadline",
    "Decision",
    "Draft",
    "FailedRecipient",
    "FileKind",
    "FileReading",
    "Filing",
    "FocalPoint",
    "Identity",
    "InboundMessage",
    "MachineKind",
    "MachineMail",
    "MailKind",
    "MailState",
    "Mailbox",
    "Mandate",
    "Milestone",
    "Occasion",
    "OutgoingMail",
    "ParsedMail",
    "Place",
    "PlannedDraft",
    "PlannedReminder",
    "RawMessage",
    "Recognition",
    "Reply",
    "Response",
    "ResponseState",
    "Revision",
    "Role",
    "Roster",
    "Round",
    "RoundPurpose",
    "Rule",
    "SentMail",
    "TypedEdit",
    "Unreadable",
    "Verdict",
]
