"""Addresses a delivery report speaks of, read from its fields or from its prose.

See: RFC 3464, docs/analysis/machine-mail.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.machine_words import DAEMON, DELAY_WORDS, GAVE_UP, SHARED_BOX
from pipeline.core.model import FailedRecipient, ParsedMail

#: prose beyond this many characters is not searched
MAX_PROSE = 60_000

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,200}@(?:\[[\d.:a-f]+\]|[\w-]+(?:\.[\w-]+)*)", re.I)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:/@-])([45]\d\d)(?=[ -]\D|[ -][45]\.\d|#|:)")
_COPY = re.compile(
    r"^(?:[ \t>*_=|]*+(?:-{3,}+.{0,80}(?:original|copy|header|returned|undelivered|message|body|included|follows|"
    r"unsent|transcript of (?:your|message)).{0,80}|"
    r"(?:the )?(?:original|returned|undelivered|unsent|rejected|following|failed) (?:message|mail|"
    r"e-?mail)(?: (?:headers?|body|text|contents?))?\s*(?:was|is|follows|attached|:).{0,80}|"
    r"(?:your (?:original |returned |rejected )?(?:message|mail|e-?mail)\s*:|this is a copy of|"
    r"below this line is a copy|a copy of|here is|the header|first \d+ lines|"
    r"headers? (?:follow|of)|message (?:header|text|body|contents|follow)|"
    r"mensaje original|message d'origine|ursprüngliche nachricht|copie du message|copia del m).{0,100}:?\s*)$|"
    r"(?:Return-Path|Received|Message-ID|X-[\w-]+|DKIM-Signature|MIME-Version|Delivered-To)\s*:)",
    re.I | re.M,
)
_FIELDS_IN_TEXT = re.compile(r"(?im)^final-recipient\s*:\s*rfc822\s*;")
_LIST_FOLLOWS = re.compile(
    r"(?:did not reach|not delivered to|could not be delivered to|not yet been delivered(?: is| to)?|failed (?:to|"
    r"for)|(?:following|these|this|intended)"
    r"[^\n:]{0,20} (?:recipients?|address(?:es)?|users?|destinations?|persons?)[^\n:]{0,40}|"
    r"destinataires? (?:suivants?|ci-dessous)|"
    r"destinatarios? (?:siguientes?|abaixo)|folgende[nr]? empfänger\w*|seguenti destinatari|"
    r"volgende geadresseerden)\s*:?\s*$",
    re.I | re.M,
)
_REFUSAL = re.compile(
    r"unknown|does not exist|doesn't exist|not (?:found|exist|known|valid|listed|allowed|accept|reach|recogni|"
    r"deliver|a (?:known|valid)|our|here)|no such|invalid|"
    r"unavailable|disabled|full|quota|over ?quota|exceed|reject|refus|denied|block|fail|error|bounce|undeliver|"
    r"unrout|can't|cannot|could not|couldn't|unable|"
    r"no longer|suspended|inactive|expired|illegal|bad (?:address|destination)|timed? out|timeout|violat|spam|"
    r"relay|too (?:large|big|many)|delayed|deferred|"
    r"inconnu|n'existe|desconocid|no existe|nicht (?:gefunden|bekannt|zugestellt)|unbekannt|sconosciut|"
    r"inesistente|onbekend|не (?:найден|существует)|неизвест|"
    r"不存在|无效|存在しません|見つかりません",
    re.I,
)
_RCPT = re.compile(
    r"(?:RCPT TO|in reply to RCPT|original-recipient|final-recipient|for|to|user|recipient|mailbox|"
    r"address(?:ee)?)\s*:?\s*[<\"']*$",
    re.I,
)
_EXPANDED = re.compile(rf"[>\s]{{0,20}}\(expanded from:\s*<?({ADDRESS.pattern})>?\)", re.I)


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient block of a delivery-status part. See: RFC 3464 2.3."""

    #: as we wrote it where the report says so: the address on the roster, not where it was forwarded to
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
            found.extend(_read_blocks(text))
    if not found:
        found = [block for text in _find_flattened(mail) for block in _read_blocks(text)]
    return tuple(found)


def _find_flattened(mail: ParsedMail) -> Iterator[str]:
    """Gateways that flatten a report leave its fields in the text, or in a file of text beside it."""
    if _FIELDS_IN_TEXT.search(mail.text):
        yield mail.text[:MAX_PROSE]
    for file in mail.attachments:
        if file.content_type == "text/plain" and _FIELDS_IN_TEXT.search(
            text := file.content[:MAX_PROSE].decode(errors="replace")
        ):
            yield text.replace("\r\n", "\n")


def _read_blocks(text: str) -> list[Report]:
    blocks = re.split(r"\n\s*\n", _split_joined(text))
    return [report for block in blocks if (report := _read_block(block)) is not None]


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
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        if name in fields and (found := ADDRESS.search(_decode_unitext(fields[name].rpartition(";")[2]))):
            address = found[0].lower().strip("'")
            break
    if not address and "action" not in fields:
        return None
    status = STATUS.search(fields.get("status", ""))
    code = status[1] if status else ""
    diagnostic = fields.get("diagnostic-code", "")
    if (not code or code.endswith(".0.0")) and (better := STATUS.search(diagnostic)):
        code = better[1]
    action = re.match(r"[a-z]*", fields.get("action", "delivered" if code.startswith("2") else "").lower())
    return Report(address, action[0] if action else "", code, diagnostic)


def _decode_unitext(address: str) -> str:
    """`address` with the letters written that an ASCII report can only number. See: RFC 6533 3."""
    return re.sub(r"\\x\{(?:0{0,3}([0-9A-F]{2,5}))\}", lambda found: _letter(int(found[1], 16)), address, flags=re.I)


def _letter(number: int) -> str:
    return chr(number).encode("utf-8", "replace").decode()


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
    address = ADDRESS.search(text)
    found = _COPY.search(text, address.end()) if address else None
    return text[: found.start()] if found else text


def _from_prose(mail: ParsedMail, ours: frozenset[str], *, delayed: bool) -> Iterator[FailedRecipient]:
    text = read_prose(mail)
    for address, place in _find_places(mail, text, ours).items():
        status = _nearest_status(text, max(place, 0))
        yield FailedRecipient(
            address=address, permanent=_is_permanent(status, text, delayed=delayed), status=_enhanced(status)
        )


def _find_places(mail: ParsedMail, text: str, ours: frozenset[str]) -> dict[str, int]:
    """Failed address -> where in `text` what is said of it begins. The weakest sources come last."""
    if named := ADDRESS.findall(mail.get_header("x-failed-recipients") or ""):
        return {address.lower(): text.find(address) for address in named}
    others = {mail.sender.address if mail.sender else "", *ours}
    receivers = {mailbox.address for mailbox in mail.to + mail.reply_to}
    return (
        _heaviest(text, others | receivers)
        or _only_returned_recipient(mail, others)
        # a server that bounces to the very address it speaks of
        or {address: place for address, place in _heaviest(text, others).items() if place}
        or dict.fromkeys(_heaviest(mail.subject, others | receivers), 0)
    )


def _heaviest(text: str, excluded: set[str]) -> dict[str, int]:
    """The addresses that stand where recipients stand; a lone address needs no such place."""
    candidates = [(_clean(found[0]), found.end(), weight) for found, weight in _weigh(text)]
    candidates = [candidate for candidate in candidates if not _is_excluded(candidate[0], excluded)]
    best = max((weight for _, _, weight in candidates), default=0)
    if best == 0 and len({address for address, _, _ in candidates}) > 1:
        return {}
    places: dict[str, int] = {}
    for address, place, weight in candidates:
        if weight == best:
            places.setdefault(address, place)
            # the address we wrote to, which an alias file turned into another
            if alias := _EXPANDED.match(text, place):
                places.setdefault(_clean(alias[1]), place)
    return places


def _weigh(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Every address with its weight; those of an announced list weigh more, however long the list is."""
    listed = [found.end() for found in _LIST_FOLLOWS.finditer(text)]
    reach = 0
    for found in ADDRESS.finditer(text):
        weight = _weight(text, found)
        if found.start() < reach or any(0 <= found.start() - end < 400 for end in listed):
            reach = max(reach, found.end() + 400) if weight == 3 else reach
            weight += 4
        yield found, weight


def names_recipient(text: str) -> bool:
    """Whether an address stands in `text` where servers set one that they refuse."""
    return any(_weight(text, found) >= 2 for found in ADDRESS.finditer(text))


def _only_returned_recipient(mail: ParsedMail, excluded: set[str]) -> dict[str, int]:
    """The recipient of the returned message, if it has just one."""
    copies = [
        file.content[:20_000].decode("utf-8", "replace")
        for file in mail.attachments
        if file.content_type == "message/rfc822"
    ]
    copies += [text for media_type, text in mail.reports if media_type == "text/rfc822-headers"]
    copies.append(mail.text[len(read_prose(mail)) :])
    for copy in copies:
        fields = re.findall(r"(?im)^to\s*:((?:.*)(?:\n[ \t].*)*)", copy)[:1]
        found = {_clean(address) for field in fields for address in ADDRESS.findall(field)}
        if len(found) == 1 and not _is_excluded(address := found.pop(), excluded):
            return {address: 0}
    return {}


def _clean(address: str) -> str:
    return address.lower().removeprefix("smtp=").removeprefix("rfc822=").strip(".'`*=/-")


def _is_excluded(address: str, excluded: set[str]) -> bool:
    local, _, domain = address.partition("@")
    return (
        address in excluded
        or bool(DAEMON.match(local) or (SHARED_BOX.match(local) and local != "root"))
        or "." not in domain
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
        if (found := pattern.search(text, place)) and found.start() - place < 1_500:
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
