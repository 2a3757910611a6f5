"""The words people read for what the program calls by name; one table for each noun."""

from enum import StrEnum

from admin.phrases import gettext, ngettext
from pipeline.core.model import (
    Certainty,
    DraftState,
    FileKind,
    Level,
    MailKind,
    MailState,
    Occasion,
    Place,
    Role,
    RoundEnd,
    RoundPurpose,
    StepKind,
)
from pipeline.redline.model import ChangeKind, Origin


def word(value: StrEnum) -> str:
    """The word for a member of one of our enumerations; its own value where no better one is known."""
    return _TABLES.get(type(value), dict)().get(value, value.replace("_", " "))


def word_step(step: str) -> str:
    """A step of the ladder of reminders in words: "2 days before the deadline" for "T-2"."""
    days = int(step[1:] or 0)
    if days > 0:
        return ngettext("%(num)s day after the deadline", "%(num)s days after the deadline", days)
    return ngettext("%(num)s day before the deadline", "%(num)s days before the deadline", -days)


def _places() -> dict[StrEnum, str]:
    return {
        Place.RECEIVED: gettext("not read yet"),
        Place.FILED: gettext("filed"),
        Place.HELD: gettext("held"),
        Place.IGNORED: gettext("ignored"),
        Place.QUARANTINED: gettext("quarantined"),
        Place.FAILED: gettext("could not be read"),
    }


def _mail_kinds() -> dict[StrEnum, str]:
    return {
        MailKind.CONTRIBUTION: gettext("contribution"),
        MailKind.NO_COMMENT: gettext("no comments"),
        MailKind.ACKNOWLEDGEMENT: gettext("acknowledgement"),
        MailKind.EXTENSION_REQUEST: gettext("asks for more time"),
        MailKind.QUESTION: gettext("question"),
        MailKind.ENDORSEMENT: gettext("endorsement"),
        MailKind.OBJECTION: gettext("objection"),
        MailKind.DECLINE: gettext("will not take part"),
        MailKind.LEAD_REVISION: gettext("new text from the lead"),
        MailKind.BOUNCE: gettext("could not be delivered"),
        MailKind.DELAY: gettext("delivery is delayed"),
        MailKind.COMPLAINT: gettext("complaint"),
        MailKind.AUTO_REPLY: gettext("out of office"),
        MailKind.RECEIPT: gettext("read receipt"),
        MailKind.CALENDAR: gettext("calendar"),
        MailKind.RECALL: gettext("recall"),
        MailKind.OWN_MAIL: gettext("our own mail"),
        MailKind.LIST: gettext("mailing list"),
        MailKind.SPAM: gettext("spam"),
        MailKind.OTHER: gettext("something else"),
    }


def _file_kinds() -> dict[StrEnum, str]:
    return {
        FileKind.DOCX: gettext("Word document"),
        FileKind.ODT: gettext("OpenDocument text"),
        FileKind.RTF: gettext("RTF text"),
        FileKind.MATRIX: gettext("comment table"),
        FileKind.XLSX: gettext("workbook"),
        FileKind.PDF: "PDF",
        FileKind.IMAGE: gettext("picture"),
        FileKind.DOC: gettext("Word 97-2003"),
        FileKind.ENCRYPTED: gettext("protected by a password"),
        FileKind.MACRO: gettext("document with macros"),
        FileKind.EXECUTABLE: gettext("program"),
        FileKind.ARCHIVE: gettext("archive"),
        FileKind.CALENDAR: gettext("calendar"),
        FileKind.ORNAMENT: gettext("logo, card or signature"),
        FileKind.OTHER: gettext("unknown kind"),
    }


def _change_kinds() -> dict[StrEnum, str]:
    return {
        ChangeKind.INSERTION: gettext("insertion"),
        ChangeKind.DELETION: gettext("deletion"),
        ChangeKind.REPLACEMENT: gettext("other wording"),
        ChangeKind.MOVE: gettext("move"),
        ChangeKind.ROW_INSERTION: gettext("new table rows"),
        ChangeKind.ROW_DELETION: gettext("table row taken out"),
        ChangeKind.TABLE_INSERTION: gettext("new table"),
        ChangeKind.COMMENT: gettext("comment"),
        ChangeKind.FORMATTING: gettext("formatting"),
    }


def _origins() -> dict[StrEnum, str]:
    return {
        Origin.TRACKED: gettext("tracked"),
        Origin.SILENT: gettext("untracked"),
        Origin.TYPED: gettext("typed in the mail"),
        Origin.MATRIX: gettext("from a comment table"),
    }


def _certainties() -> dict[StrEnum, str]:
    return {
        Certainty.SURE: gettext("sure"),
        Certainty.LIKELY: gettext("likely"),
        Certainty.GUESS: gettext("a guess"),
    }


def _mail_states() -> dict[StrEnum, str]:
    return {
        MailState.QUEUED: gettext("waiting"),
        MailState.SENDING: gettext("being sent"),
        MailState.SENT: gettext("sent"),
        MailState.UNCERTAIN: gettext("uncertain"),
        MailState.REFUSED: gettext("refused"),
        MailState.HELD: gettext("held back"),
        MailState.CANCELLED: gettext("cancelled"),
    }


def _occasions() -> dict[StrEnum, str]:
    return {
        Occasion.CALL: gettext("call for inputs"),
        Occasion.REMINDER: gettext("reminder"),
        Occasion.ACKNOWLEDGEMENT: gettext("acknowledgement"),
        Occasion.NEW_REVISION: gettext("new text"),
        Occasion.EXTENSION: gettext("answer to a request for more time"),
        Occasion.OUTCOME: gettext("what came of proposals"),
        Occasion.TRIAL: gettext("test to ourselves"),
        Occasion.DIGEST: gettext("morning digest"),
        Occasion.NUDGE: gettext("the deadline has passed"),
        Occasion.SILENCE_BROKEN: gettext("notice that the silence is broken"),
        Occasion.RESULT: gettext("how the round ended"),
    }


def _purposes() -> dict[StrEnum, str]:
    return {
        RoundPurpose.INPUTS: gettext("inputs"),
        RoundPurpose.SILENCE: gettext("silence"),
        RoundPurpose.ENDORSEMENT: gettext("endorsement"),
    }


def _ends() -> dict[StrEnum, str]:
    return {
        RoundEnd.CLOSED: gettext("closed"),
        RoundEnd.ENDORSED: gettext("endorsed by all"),
        RoundEnd.NOT_ENDORSED: gettext("not endorsed by all"),
        RoundEnd.NO_OBJECTION: gettext("no objection"),
        RoundEnd.SILENCE_BROKEN: gettext("silence broken"),
        RoundEnd.WITHDRAWN: gettext("withdrawn"),
    }


def _draft_states() -> dict[StrEnum, str]:
    return {
        DraftState.PLANNED: gettext("planned"),
        DraftState.OUT_FOR_INPUTS: gettext("out for inputs"),
        DraftState.CONSOLIDATING: gettext("being consolidated"),
        DraftState.UNDER_SILENCE: gettext("under silence"),
        DraftState.SILENCE_BROKEN: gettext("silence broken"),
        DraftState.AWAITING_ENDORSEMENT: gettext("waiting for endorsement"),
        DraftState.NO_OBJECTION: gettext("no objection"),
        DraftState.ENDORSED: gettext("endorsed by all"),
        DraftState.PUBLISHED: gettext("published"),
        DraftState.WITHDRAWN: gettext("withdrawn"),
    }


def _step_kinds() -> dict[StrEnum, str]:
    return {
        StepKind.PUBLISHED: gettext("published"),
        StepKind.WITHDRAWN: gettext("withdrawn"),
        StepKind.REOPENED: gettext("reopened"),
    }


def _levels() -> dict[StrEnum, str]:
    return {Level.WORKING: gettext("working level"), Level.PRINCIPAL: gettext("head of the agency")}


def _roles() -> dict[StrEnum, str]:
    return {
        Role.FOCAL_POINT: gettext("focal point"),
        Role.ALTERNATE: gettext("alternate"),
        Role.GENERIC: gettext("section mailbox"),
        Role.PRINCIPAL: gettext("office of the head"),
        Role.LEAD_DRAFTER: gettext("drafts for the lead"),
        Role.SECRETARIAT: gettext("chair's own mailbox"),
    }


_TABLES = {
    Place: _places,
    MailKind: _mail_kinds,
    FileKind: _file_kinds,
    ChangeKind: _change_kinds,
    Origin: _origins,
    Certainty: _certainties,
    MailState: _mail_states,
    Occasion: _occasions,
    RoundPurpose: _purposes,
    RoundEnd: _ends,
    DraftState: _draft_states,
    StepKind: _step_kinds,
    Level: _levels,
    Role: _roles,
}
