"""What one filed message says as an answer to a round."""

from enum import StrEnum

from pipeline.core.model import Filing, MailKind, Round, RoundPurpose


class Answer(StrEnum):
    """What a message says to the question of the round; the values of answers are those of `ResponseState`."""

    CONTRIBUTED = "contributed"
    NO_COMMENT = "no_comment"
    DECLINED = "declined"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    #: one of several bodies has answered
    PARTIAL = "partial"
    #: contact without an answer: well received, a question, a request for time
    RECEIPT = "receipt"
    #: an answer, but nobody has been able to read it yet
    UNREAD = "unread"
    #: filed mail that says nothing to the question
    OTHER = "other"


_CONTACT = frozenset({MailKind.ACKNOWLEDGEMENT, MailKind.QUESTION, MailKind.EXTENSION_REQUEST})
_CLEAR = {
    MailKind.NO_COMMENT: Answer.NO_COMMENT,
    MailKind.DECLINE: Answer.DECLINED,
    MailKind.ENDORSEMENT: Answer.ENDORSED,
}


def find_answer(filing: Filing, round: Round, *, waiting: bool) -> Answer | None:
    """What a filed message says; None for mail that is no answer at all (a new base from the lead, machine mail).

    `waiting`: an earlier answer of the same agency could not be read and still lies with a person. Then "no comments"
    may speak of that file, and is not taken at its word.
    """
    if filing.kind is MailKind.OTHER:
        return Answer.OTHER
    if filing.kind in _CONTACT:
        return Answer.RECEIPT
    if is_unread(filing):
        return Answer.UNREAD
    if filing.kind is MailKind.CONTRIBUTION:
        return Answer.CONTRIBUTED
    if filing.kind is MailKind.OBJECTION:
        return Answer.CONTRIBUTED if round.purpose is RoundPurpose.INPUTS else Answer.OBJECTED
    clear = _CLEAR.get(filing.kind)
    if clear is None:
        return None
    doubtful = waiting or filing.attention_open or (clear is Answer.ENDORSED and not _is_of_round(filing, round))
    return Answer.RECEIPT if doubtful else clear


def is_unread(filing: Filing) -> bool:
    """Whether the message is an answer of which nothing could be read.

    A "no comments" with a file that could not be read is one as well: the file may say otherwise.
    """
    if filing.kind is MailKind.CONTRIBUTION:
        return filing.proposals == 0 and (filing.attention_open or has_unread_file(filing))
    return filing.kind in _CLEAR and has_unread_file(filing)


def has_unread_file(filing: Filing) -> bool:
    """Whether something that came with the message, or that it points to, could not be read."""
    return any(flag.startswith("unreadable_attachment") or flag == "link_only" for flag in filing.flags)


def _is_of_round(filing: Filing, round: Round) -> bool:
    """Whether an endorsement is of the text this round is about, and without a condition."""
    if "conditional_endorsement" in filing.flags:
        return False
    named = [flag.partition(":")[2] for flag in filing.flags if flag.startswith("endorsed_revision:")]
    if round.purpose is RoundPurpose.INPUTS:
        return all(name in {round.revision, round.current_revision} for name in named)
    return all(name == round.current_revision for name in named)
