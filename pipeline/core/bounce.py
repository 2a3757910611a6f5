"""Addresses a delivery report speaks of, read from its fields or from its prose. See: RFC 3464, docs/analysis/machine-mail.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.machine_words import DAEMON, DELAY_WORDS, GAVE_UP
from pipeline.core.model import FailedRecipient, ParsedMail

#: prose beyond this many characters is not searched
MAX_PROSE = 60_000

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:\[[\d.:a-f]+\]|[\w-]+(?:\.[\w-]+)*)", re.I)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:/@-])([45]\d\d)(?=[ -]\D|[ -][45]\.\d|#|:)")
_COPY = re.compile(
    r"^(?:[\s>*_=|-]*(?:-{2,}.{0,80}(?:original|copy|header|returned|undelivered|message|body|included|follows|unsent|transcript of (?:your|message)).{0,80}|"
    r"(?:the )?(?:original|returned|undelivered|unsent|rejected|following|failed) (?:message|mail|e-?mail)(?: (?:headers?|body|text|contents?))?\s*(?:was|is|follows|attached|:).{0,80}|"
    r"(?:your|this is a copy of|below this line is a copy|a copy of|here is|the header|first \d+ lines|headers? (?:follow|of)|message (?:header|text|body|contents|follow)|"
    r"mensaje original|message d'origine|ursprüngliche nachricht|copie du message|copia del m).{0,100}:?\s*)$|"
    r"(?:Return-Path|Received|Message-ID|X-[\w-]+|DKIM-Signature|MIME-Version|Delivered-To)\s*:)",
    re.I | re.M,
)
_REFUSAL = re.compile(
    r"unknown|does not exist|doesn't exist|not (?:found|exist|known|valid|listed|allowed|accept|reach|recogni|deliver|a (?:known|valid)|our|here)|no such|invalid|"
    r"unavailable|disabled|full|quota|over ?quota|exceed|reject|refus|denied|block|fail|error|bounce|undeliver|unrout|can't|cannot|could not|couldn't|unable|"
    r"no longer|suspended|inactive|expired|illegal|bad (?:address|destination)|timed? out|timeout|violat|spam|relay|too (?:large|big|many)|delayed|deferred|"
    r"inconnu|n'existe|desconocid|no existe|nicht (?:gefunden|bekannt|zugestellt)|unbekannt|sconosciut|inesistente|onbekend|не (?:найден|существует)|неизвест|"
    r"不存在|无效|存在しません|見つかりません",
    re.I,
)
_RCPT = re.compile(
    r"(?:RCPT TO|in reply to RCPT|original-recipient|final-recipient|for|to|user|recipient|mailbox|address(?:ee)?)\s*:?\s*[<\"']*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient block of a delivery-status part. See: RFC 3464 2.3."""

    address: str
    #: "failed", "delayed", "delivered", "relayed", "expanded", "" when missing
    action: str
    status: str
    #: the text of the block
    diagnostic: str


def read_reports(mail: ParsedMail) -> tuple[Report, ...]:
    """The recipient blocks of all delivery-status parts, in order."""
    found = []
    for media_type, text in mail.reports:
        if media_type in ("message/delivery-status", "message/global-delivery-status"):
            found.extend(filter(None, map(_read_block, re.split(r"\n\s*\n", _split_joined(text)))))
    return tuple(found)


def _split_joined(text: str) -> str:
    """Some servers put no empty line between recipients."""
    pieces = re.split(r"(?im)^(?=final-recipient\s*:)", text)
    if len(pieces) < 3:
        return text
    return "\n\n".join(piece.strip("\n") for piece in pieces)


def _read_block(block: str) -> Report | None:
    fields = {
        name.lower(): value.strip()
        for name, value in re.findall(r"(?m)^([\w-]+)\s*:[ \t]*((?:.*)(?:\n[ \t].*)*)", block)
    }
    address = ""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        if name in fields and (found := ADDRESS.search(fields[name].rpartition(";")[2])):
            address = found[0].lower().strip("'")
            break
    if not address and "action" not in fields:
        return None
    status = STATUS.search(fields.get("status", ""))
    code = status[1] if status else ""
    diagnostic = fields.get("diagnostic-code", "")
    if (not code or code.endswith(".0.0")) and (better := STATUS.search(diagnostic)):
        code = better[1]
    action = re.match(r"[a-z]*", fields.get("action", "").lower())
    return Report(address, action[0] if action else "", code, diagnostic)


def find_failed_recipients(mail: ParsedMail, ours: frozenset[str], *, delayed: bool) -> tuple[FailedRecipient, ...]:
    """The recipients that were not reached, in order, once each; from fields if there are any, else from prose."""
    reports = [report for report in read_reports(mail) if report.action not in ("delivered", "relayed", "expanded")]
    named = [report for report in reports if report.address]
    if named:
        found = [_from_report(report, delayed=delayed) for report in named]
    else:
        found = list(_from_prose(mail, ours, delayed=delayed))
    return tuple({recipient.address: recipient for recipient in reversed(found)}.values())[::-1]


def _from_report(report: Report, *, delayed: bool) -> FailedRecipient:
    permanent = report.action != "delayed" and not (report.status.startswith("4") and delayed)
    if report.action == "failed" and report.status.startswith("4"):
        permanent = bool(GAVE_UP.search(report.diagnostic)) or report.status in ("4.4.7", "4.4.1")
    return FailedRecipient(address=report.address, permanent=permanent, status=report.status)


def read_prose(mail: ParsedMail) -> str:
    """The part of the notice that a mail server wrote, without the copy of the message it returns."""
    text = mail.text[:MAX_PROSE]
    for found in _COPY.finditer(text):
        if ADDRESS.search(text, 0, found.start()):
            return text[: found.start()]
    return text


def _from_prose(mail: ParsedMail, ours: frozenset[str], *, delayed: bool) -> Iterator[FailedRecipient]:
    text = read_prose(mail)
    named = [address.lower() for address in ADDRESS.findall(mail.get_header("x-failed-recipients") or "")]
    candidates = [(found, _weight(text, found)) for found in ADDRESS.finditer(text)]
    candidates = [(found, weight) for found, weight in candidates if not _is_excluded(_clean(found[0]), mail, ours)]
    best = max((weight for _, weight in candidates), default=0)
    places = {address: text.find(address) for address in named}
    if not named:
        for found, weight in candidates:
            if weight == best and (weight or len(candidates) == 1 or len({_clean(f[0]) for f, _ in candidates}) == 1):
                places.setdefault(_clean(found[0]), found.end())
    for address, place in places.items():
        status = _nearest_status(text, max(place, 0))
        yield FailedRecipient(
            address=address, permanent=_is_permanent(status, text, delayed=delayed), status=_enhanced(status)
        )


def _clean(address: str) -> str:
    return address.lower().strip(".'`*=/-")


def _is_excluded(address: str, mail: ParsedMail, ours: frozenset[str]) -> bool:
    local = address.partition("@")[0]
    senders = {mail.sender.address if mail.sender else "", *(mailbox.address for mailbox in mail.to + mail.reply_to)}
    return (
        address in ours
        or address in senders
        or (bool(DAEMON.match(local)) and local != "root")
        or "." not in address.partition("@")[2]
    )


def _weight(text: str, found: re.Match[str]) -> int:
    """How much the place of an address says that it is a recipient: 0 to 3."""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.end())
    line = text[start : end if end >= 0 else len(text)]
    before, after = line[: found.start() - start], line[found.end() - start :]
    if not before.strip(" \t<>*\"'(-:") and not after.strip(" \t<>*\"')-.,;:"):
        return 3
    if before.strip().endswith("<") and after.lstrip().startswith((">:", "> :", "> (")) and not before.strip(" \t<"):
        return 3
    if not before.strip(" \t<\"'*") and _REFUSAL.search(after):
        return 3
    if _RCPT.search(before) and (_REFUSAL.search(line) or _REPLY_CODE.search(line) or STATUS.search(line)):
        return 2
    return 2 if _REFUSAL.search(line) or STATUS.search(line) else 1 if _RCPT.search(before) else 0


def _nearest_status(text: str, place: int) -> str:
    """The first code after `place`, else the last before it; "" when there is none."""
    for pattern in (STATUS, _REPLY_CODE):
        if found := pattern.search(text, place):
            if found.start() - place < 1_500:
                return found[1]
    before = [
        found[1] for pattern in (STATUS, _REPLY_CODE) for found in pattern.finditer(text, max(0, place - 800), place)
    ]
    return before[-1] if before else ""


def _is_permanent(status: str, text: str, *, delayed: bool) -> bool:
    if status.startswith("5"):
        return True
    if delayed:
        return False
    return not status.startswith("4") or bool(GAVE_UP.search(text)) or not DELAY_WORDS.search(text)


def _enhanced(status: str) -> str:
    return status if "." in status else ""
