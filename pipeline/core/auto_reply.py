"""Automatic replies told from what people write, and what they say of absence. See: RFC 3834."""

import re

from pipeline.core import machine_words as words
from pipeline.core.away import find_alternates, find_away_until
from pipeline.core.model import Clue, MachineKind, MachineMail, ParsedMail
from pipeline.core.quote import read_reply
from pipeline.core.sieve import Sieve

# every vendor has its own, X-Mail-Autoreply or X-Vendor-Auto-Response; X-Auto-Response-Suppress is only a wish
_AUTO_HEADER = re.compile(r"x-(?:\w+-)*auto-?(?:reply|respon[ds]e?r?|answer|generated)(?!-suppress)(?:-\w+)*$")
_AUTO_PRECEDENCE = {"auto_reply", "auto-reply", "auto_generated"}
_BULK = {"bulk", "junk"}
#: a confirmation of receipt is no longer than this many characters
_LETTER = 2_500
#: a bare promise is no longer than this; a person's answer behind one usually is
_PROMISE = 400
_ACKNOWLEDGES = Sieve(words.AUTOMATIC, words.RECEIVED, words.CHALLENGE)
_ASKS = re.compile(r"https?://|\breply\b|\bclick\b|répond|antwort|respond", re.I)


def subject(mail: ParsedMail) -> str:
    """The subject without the tags gateways put before it."""
    line = mail.subject
    while found := words.TAGS.match(line):
        line = line[found.end() :]
    return line.strip()


def auto_submitted(mail: ParsedMail) -> str:
    """The keyword of Auto-Submitted in lower case; "" when absent or "no". See: RFC 3834 5."""
    value = (mail.get_header("auto-submitted") or "").partition(";")[0].strip().lower()
    return "" if value == "no" else value


def is_absence(mail: ParsedMail) -> bool:
    """Whether subject or text speak of being away."""
    line = subject(mail)
    return bool(
        words.AUTO_REPLY_PREFIX.match(line)
        or words.AUTO_REPLY_SUBJECT.match(line)
        or words.ABSENCE.search(mail.text[:3_000])
    )


def find_auto_reply(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail | None:
    """The automatic reply with the days and addresses in it; None when a person wrote."""
    found = _auto_reply_evidence(mail)
    if found is None:
        return None
    text = read_reply(mail).new_text_with_signature
    return MachineMail(
        kind=MachineKind.AUTO_REPLY,
        clues=(Clue(source=found[0], points_to=MachineKind.AUTO_REPLY.value, words=found[1]),),
        away_until=find_away_until(mail, f"{mail.subject}\n{text}") if is_absence(mail) else None,
        alternates=find_alternates(mail, text, own_addresses),
    )


def _auto_reply_evidence(mail: ParsedMail) -> tuple[str, str] | None:
    """(source, sentence) of the strongest evidence; None when there is none."""
    if submitted := auto_submitted(mail):
        return "auto_submitted", f"The sender's system says Auto-Submitted: {submitted[:40]}."
    precedence = (mail.get_header("precedence") or "").strip().lower()
    if precedence in _AUTO_PRECEDENCE or any(
        _AUTO_HEADER.match(name) and says_yes(value) for name, value in mail.headers
    ):
        return "header", "A header says that it is an automatic reply."
    if words.AUTO_REPLY_PREFIX.match(subject(mail)):
        return "subject", "The subject begins as automatic replies do."
    return _weak_auto_reply_evidence(mail, precedence) or _acknowledgement_evidence(mail, precedence)


def _is_hinted(mail: ParsedMail, precedence: str) -> bool:
    """Whether a header hints at a machine, which none of them proves."""
    return (
        mail.return_path == ""
        or precedence in _BULK
        or mail.get_header("x-auto-response-suppress") is not None
        or mail.get_header("x-ms-exchange-generated-message-source") is not None
    )


def _weak_auto_reply_evidence(mail: ParsedMail, precedence: str) -> tuple[str, str] | None:
    """Hints that count only together with words of absence."""
    named = bool(words.AUTO_REPLY_SUBJECT.match(subject(mail)))
    hinted = _is_hinted(mail, precedence)
    if mail.attachments or not (hinted or named) or not words.ABSENCE.search(mail.text[:1_500]):
        return None
    if words.CONTRIBUTION.search(read_reply(mail).new_text):
        return None
    if named or mail.return_path == "" or precedence in _BULK:
        return "text", "It speaks of absence, and its subject or its headers are those of an automatic reply."
    return (
        ("text", "It speaks of absence and its system asks for no automatic answer.")
        if len(mail.text) < 2_000
        else None
    )


def _acknowledgement_evidence(mail: ParsedMail, precedence: str) -> tuple[str, str] | None:
    """A desk that confirms receipt, or a filter that asks who writes. Both are short and without files."""
    beginning = mail.text[:_LETTER]
    if mail.attachments or not _ACKNOWLEDGES.may_find(beginning):
        return None
    if not _is_acknowledgement(beginning, _is_hinted(mail, precedence)):
        return None
    text = read_reply(mail).new_text_with_signature
    if (
        len(text) > _LETTER
        or words.CONTRIBUTION.search(text)
        or not _is_acknowledgement(text, _is_hinted(mail, precedence))
    ):
        return None
    return "text", "It says that something came in, or asks for a confirmation, as machines do."


def _is_acknowledgement(text: str, hinted: bool) -> bool:
    """It calls itself automatic and says what for; or its headers hint at a machine, and it only promises."""
    automatic, received = bool(words.AUTOMATIC.search(text)), bool(words.RECEIVED.search(text))
    if automatic and (received or hinted or words.ABSENCE.search(text)):
        return True
    if words.CHALLENGE.search(text):
        return hinted or bool(_ASKS.search(text))
    return hinted and received and len(text) < _PROMISE and bool(words.PROMISE.search(text))


def says_yes(value: str | None) -> bool:
    """Whether a yes-or-no header is there and does not say no."""
    return value is not None and value.strip().lower() not in ("no", "false", "0", "")
