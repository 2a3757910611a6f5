"""A message as plain values, for people and programs that ask: the JSON of `penholder inspect`."""

from typing import Any

from pipeline.closely import CloseReading, read_closely
from pipeline.core.forward import Forward
from pipeline.core.model import Clue, MachineMail, ParsedMail, Recognition

#: what a message is when no machine wrote it and it could be read
HUMAN = "human"
#: what a message is that no parser may see or that took its reader down
MALFORMED = "malformed"


def describe_message(name: str, raw: bytes, own_addresses: frozenset[str], authserv_id: str) -> dict[str, Any]:
    """A message judged by itself; runs in the child process. Raises: MailTooComplexError."""
    return describe(name, read_closely(raw, own_addresses, authserv_id))


def describe_malformed(name: str, reason: str) -> dict[str, Any]:
    """The line of a message that could not be read."""
    return {"file": name, "class": MALFORMED, "reason": reason}


def describe(name: str, close: CloseReading) -> dict[str, Any]:
    """A message as plain values, judged by itself."""
    mail, reply, machine = close.reading.mail, close.reading.reply, close.reading.machine
    return {
        "file": name,
        "class": machine.kind.value if machine else HUMAN,
        "from": _describe_sender(mail),
        "subject": mail.subject,
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "text": close.shown_text,
        "reply_text": reply.new_text,
        "reply_text_with_signature": reply.new_text_with_signature,
        "failed_recipients": _describe_failed(machine),
        "attachments": _describe_attachments(close),
        "forwarded": _describe_forwarded(close.forwarded),
        "auth": _describe_authentication(close),
        "defects": list(mail.defects),
        "clues": [_describe_clue(clue) for clue in machine.clues] if machine else [],
    }


def describe_recognition(recognition: Recognition) -> dict[str, Any]:
    """What was made of a message with the roster and the rounds known."""
    identity, verdict = recognition.identity, recognition.verdict
    clues = (*(identity.clues if identity else ()), *verdict.clues)
    return {
        "kind": verdict.kind,
        "agency": identity.agency if identity else None,
        "body": identity.body if identity else None,
        "draft": identity.draft if identity else None,
        "certainty": {
            "kind": verdict.certainty,
            "agency": identity.who if identity else None,
            "draft": identity.which if identity else None,
        },
        "clues": [_describe_clue(clue) for clue in clues],
        "place": recognition.action.place,
        "reason": recognition.action.reason,
        "flags": list(verdict.flags),
    }


def _describe_clue(clue: Clue) -> dict[str, str]:
    return {"source": clue.source, "points_to": clue.points_to, "words": clue.words}


def _describe_sender(mail: ParsedMail) -> dict[str, str] | None:
    """A From field without an address still names somebody."""
    if mail.sender:
        return {"name": mail.sender.name, "address": mail.sender.address}
    written = mail.get_header("from")
    return {"name": written.strip(' "'), "address": ""} if written else None


def _describe_failed(machine: MachineMail | None) -> list[dict[str, Any]]:
    failed = machine.failed_recipients if machine else ()
    return [{"address": one.address, "permanent": one.permanent, "status": one.status} for one in failed]


def _describe_attachments(close: CloseReading) -> list[dict[str, Any]]:
    """The files; a detached signature without a name belongs to the envelope."""
    return [
        {"filename": one.filename, "content_type": one.content_type, "size": len(one.content)}
        for one in close.shown_files
        if one.filename or not one.content_type.endswith("-signature")
    ]


def _describe_forwarded(found: Forward | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "type": found.type,
        "from": found.sender,
        "subject": found.subject,
        "date": found.date,
        "text": found.text,
        "text_top": found.text_top,
        "raw_text": found.raw_text,
    }


def _describe_authentication(close: CloseReading) -> dict[str, Any]:
    """What a server stated; "trusted" says whether it is the configured one, whose word alone counts."""
    results = {name: getattr(close.authentication, name) or "none" for name in ("dmarc", "spf", "dkim")}
    return results | {"server": close.authserv_id, "trusted": close.trusted}
