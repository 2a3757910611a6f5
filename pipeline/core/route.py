"""Where a message ends, and whether a receipt goes out. See: docs/analysis/classification.md, RFC 3834."""

from pipeline.core.flags import ANSWERS
from pipeline.core.model import (
    Action,
    Certainty,
    FileKind,
    FileReading,
    Identity,
    MailKind,
    ParsedMail,
    Place,
    Role,
    Verdict,
)

_MACHINE = (
    MailKind.BOUNCE,
    MailKind.DELAY,
    MailKind.COMPLAINT,
    MailKind.AUTO_REPLY,
    MailKind.RECEIPT,
    MailKind.CALENDAR,
    MailKind.RECALL,
    MailKind.OWN_MAIL,
    MailKind.LIST,
)
_ACKNOWLEDGED = (*ANSWERS, MailKind.EXTENSION_REQUEST, MailKind.LEAD_REVISION)
_DANGEROUS = (FileKind.MACRO, FileKind.EXECUTABLE)
#: what a person finds when a filed message needs one, by the flag that says so
_FOR_A_PERSON = {
    "empty_message": "It is empty.",
    "unreadable_attachment": "A file in it could not be read.",
    "link_only": "It brings a link instead of a file.",
    "credential_in_body": "It brings a password.",
    "conditional_endorsement": "It agrees on a condition.",
    "subject_to_clearance": "The agency has not cleared it yet.",
    "withdrawal": "It takes back something said before.",
    "corrects": "It says that an earlier mail was for another draft.",
    "mixed_signal": "It says two things at once.",
    "thread_content_mismatch": "Its file belongs to another draft than its thread.",
}


def route(verdict: Verdict, identity: Identity, mail: ParsedMail, files: tuple[FileReading, ...]) -> Action:
    """The place of a message with the reason. Nothing is filed on one weak line too many, nothing unsafe is opened."""
    place, reason = _find_place(verdict, identity, files)
    asked = "needs_attention" in verdict.flags or "confirm_match" in verdict.flags
    waits = place in (Place.HELD, Place.FAILED) or (place is Place.QUARANTINED and identity.agency is not None)
    words = _explain_attention(verdict) if place is Place.FILED and asked else ""
    return Action(
        place=place,
        reason=f"{reason} {words}".rstrip(),
        needs_attention=asked or waits,
        acknowledge=place is Place.FILED and _may_acknowledge(verdict, identity, mail),
    )


def _find_place(verdict: Verdict, identity: Identity, files: tuple[FileReading, ...]) -> tuple[Place, str]:
    if verdict.kind in _MACHINE:
        return Place.IGNORED, "Machine mail: the facts in it are noted, nothing else."
    danger = _find_danger(verdict, identity, files)
    if danger:
        return Place.QUARANTINED, danger
    if "parse_defect" in verdict.flags and verdict.kind is MailKind.OTHER:
        return Place.FAILED, "A part of the message could not be decoded; its bytes are kept."
    doubt = _find_doubt(verdict, identity)
    if doubt:
        return Place.HELD, doubt
    if Certainty.LIKELY in (identity.who, identity.which):
        return Place.FILED, f"Filed to {identity.draft} for {identity.body or identity.agency}; please confirm."
    return Place.FILED, f"{identity.body or identity.agency} wrote about {identity.draft}: two lines of evidence agree."


def _find_danger(verdict: Verdict, identity: Identity, files: tuple[FileReading, ...]) -> str:
    """Why a message must not be opened; "" when it may."""
    if identity.authentication_failed:
        return f"The sender claims to be {identity.agency or 'ours'}, but our mail server could not confirm it."
    if identity.lookalike_of is not None:
        return f"The sender looks like {identity.lookalike_of} but is not."
    if any(file.kind in _DANGEROUS for file in files) or verdict.kind is MailKind.SPAM:
        return "An attached file can run a program. Ask the sender for a plain .docx."
    return ""


def _find_doubt(verdict: Verdict, identity: Identity) -> str:
    """Why a person has to file a message; "" when it can be filed."""
    if identity.role is Role.SECRETARIAT:
        return "The chair's own mailbox wrote; it answers for no agency."
    if identity.agency is None:
        perhaps = f" It may be {identity.suggested_agency}." if identity.suggested_agency else ""
        return f"The writer belongs to no member.{perhaps}"
    if identity.draft is None and len(identity.candidates) > 1:
        return f"It may be about {' or '.join(identity.candidates)}."
    if identity.draft is None or identity.which is Certainty.GUESS:
        suggestion = f" Perhaps {identity.suggested_draft}." if identity.suggested_draft else ""
        return f"Nothing in it shows clearly which draft it is about.{suggestion}"
    if identity.who is Certainty.GUESS or (identity.who, identity.which) == (Certainty.LIKELY, Certainty.LIKELY):
        return "Neither the writer nor the draft is certain."
    if identity.round_id is None and verdict.kind is not MailKind.LEAD_REVISION:
        return f"{identity.draft} has no call for inputs that this could answer."
    return ""


def _explain_attention(verdict: Verdict) -> str:
    """What a person has to look at in a filed message; "" when no flag says more than that."""
    flags = {flag.partition(":")[0] for flag in verdict.flags}
    return " ".join(words for flag, words in _FOR_A_PERSON.items() if flag in flags)


def _may_acknowledge(verdict: Verdict, identity: Identity, mail: ParsedMail) -> bool:
    """Answers of known agencies only, and never a message whose return path is empty."""
    return verdict.kind in _ACKNOWLEDGED and identity.agency is not None and mail.return_path != ""
