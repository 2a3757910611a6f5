"""Complaints: a recipient marked our mail as spam, and the provider of the mailbox tells us.

See: RFC 5965, docs/analysis/machine-mail.md.
"""

import re

from pipeline.core.model import Clue, MachineKind, MachineMail, ParsedMail

#: the field in which a large provider names the recipient who complained
_RECIPIENT_FIELD = "x-hmxmroriginalrecipient"
_SUBJECT = re.compile(
    r"^(?:fw:\s*)?(?:.{0,30}\b)?(?:complaint about (?:a )?(?:message|mail|e-?mail|spam)|"
    r"(?:e-?mail|spam|abuse|user)[ -](?:feedback|abuse|complaint) (?:report|notification)|"
    r"(?:spam|abuse|junk) (?:report|complaint)|feedback (?:loop )?report|feedback loop)\b",
    re.I,
)
_SENTENCE = re.compile(
    r"this is an? (?:e-?mail )?(?:abuse|spam|feedback|complaint|junk)[ -]?(?:mail )?(?:feedback )?(?:report|complaint)|"
    r"(?:marked|reported|flagged|classified|designated) (?:it |this |your |the )?"
    r"(?:message |e-?mail |mail )?as (?:spam|junk|unsolicited|abuse)|"
    r"(?:has|have|was) (?:complained|received a complaint) about (?:a|the|this|your) (?:message|e-?mail|mail)",
    re.I,
)
_DESK = re.compile(r"^(?:abuse|fbl|feedback\w*|complaints?|scomp|staff|postmaster|spam\w*|jmrp|no-?reply)\b", re.I)


def find_complaint(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    """The complaint of a provider that sends no feedback report; None when it is none.

    A person who writes about spam has none of a provider's fields, and no abuse desk's address.
    """
    named = mail.get_header(_RECIPIENT_FIELD) is not None
    if not named and not _is_report(mail):
        return None
    sentence = "A provider passes on that a recipient marked our mail as spam."
    clue = Clue(source="header" if named else "text", points_to=MachineKind.COMPLAINT.value, words=sentence)
    return MachineMail(kind=MachineKind.COMPLAINT, clues=(clue,))


def _is_report(mail: ParsedMail) -> bool:
    """Two of three: its subject, its sentence, a desk that passes on complaints."""
    if mail.in_reply_to:
        return False
    titled = bool(_SUBJECT.match(mail.subject))
    desk = mail.sender is not None and bool(_DESK.match(mail.sender.address))
    return (titled and desk) or ((titled or desk) and _SENTENCE.search(mail.text[:2_000]) is not None)
