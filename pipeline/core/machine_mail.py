"""Mail that no person wrote, told by a ladder of evidence: headers first, wording last.

See: docs/analysis/machine-mail.md.
"""

import re
from collections.abc import Callable

from pipeline.core import machine_words as words
from pipeline.core.auto_reply import auto_submitted, find_auto_reply, is_absence, subject
from pipeline.core.bounce import ADDRESS, STATUS, find_failed_recipients, names_recipient, read_prose, read_reports
from pipeline.core.complaints import find_complaint
from pipeline.core.list_mail import find_list_mail, find_refused_post
from pipeline.core.model import Attachment, Clue, FailedRecipient, MachineKind, MachineMail, ParsedMail
from pipeline.core.notifications import find_notification

#: the private header of everything we send, lower case
OWN_HEADER = "x-penholder"

_IN_BRACKETS = re.compile(r"\([^()]{5,80}\)\s*$")
_REPLY_CODE = re.compile(r"\b[45]\d\d[ -]")
_CALENDAR_METHOD = re.compile(rb"^METHOD:(?:REPLY|REQUEST|CANCEL|COUNTER|DECLINECOUNTER|REFRESH|ADD)\b", re.I | re.M)
_REFUSED = re.compile(
    r"\b(?:5\d\d|4\d\d)[ -][#(]?[45]\.\d|user unknown|unknown user|does not exist|no such user|"
    r"mailbox (?:is )?full|over ?quota|could not be delivered|"
    r"undeliverable|not delivered|not yet been delivered|did not reach|(?:has been|was|being) returned|"
    r"invalid (?:user|recipient|address|mailbox)|(?:5[05]\d|4[25]\d) - \w|"
    r"(?:message|e-?mail|mail|delivery)\b[^.\n]{0,50} (?:was|has been) (?:stopped|blocked|refused|quarantined)|"
    r"(?:mail)?box[^.\n]{0,40}(?:full|exceed|disabled|inactive)|account[^.\n]{0,40}(?:suspended|disabled|inactive|"
    r"closed)|"
    r"may not exist|service unavailable|has been frozen|did(?: not|n't) receive (?:it|your)|restricted|"
    r"unknown (?:here|in)|"
    r"n[aã]o (?:p[oô]de|foi poss[ií]vel)[^.\n]{0,40}entreg|nicht erreicht|existiert nicht|nicht (?:gefunden|vorhanden)|"
    r"nie (?:mo[gż]\w+)[^.\n]{0,40}dostarcz|neb[yly]+ možné[^.\n]{0,20}doručit|nem (?:sikerült|"
    r"lehetett)[^.\n]{0,20}kézbesít|"
    r"(?:gick inte|går inte) att leverera|(?:kunne|kan) ikke leveres?|ei voitu toimittaa|teslim edilemedi|iletilemedi|"
    r"παράδοση|ανεπίδοτ|не доставлен|تعذر (?:ال)?تسليم|لم يتم تسليم|"
    r"배달(?:할 수 없|되지)|전송(?:할 수 없|에 실패)|退回|退信|"
    r"送信できません|permanent(?: fatal)? error|delivery (?:has )?failed|unable to deliver|"
    r"couldn't be delivered|can(?:not|'t) be delivered|"
    r"not (?:been )?(?:successfully )?deliver|recipient(?:s)? (?:rejected|unknown|not found)|"
    r"n'(?:a pas pu [eê]tre|ont pas pu [eê]tre) (?:remis|d[eé]livr|distribu|achemin)|"
    r"no (?:se )?(?:ha |pudo |puede )?(?:podido )?(?:ser )?entregar|nicht zugestellt werden|"
    r"non è stato (?:possibile )?(?:recapitat|consegnat)|"
    r"не (?:было|может быть|удалось) достав|无法(?:投递|送达)|配信できません|届けできません",
    re.I,
)


# the sentence with which servers begin: a person would not set it above a bare address
_NOTICE = re.compile(
    r"^[^\n]{0,40}(?:message|mail|courriel|mensaje|mensagem|nachricht)[^\n]{0,40}(?:could not be|"
    r"n'a pas pu [eê]tre|not) [^\n]{0,30}"
    r"(?:deliver|d[eé]livr|remis|reach)[^\n]{0,40}\n\s*[\"<]?[^\s@<>]+@|"
    r"^\s*(?:could not be delivered|undeliverable|delivery failed|not delivered|failed) to ?: ?<?[^\s@<>]+@",
    re.I | re.M,
)


def find_machine_mail(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail | None:
    """What kind of machine wrote `mail`, with the facts in it; None when a person did.

    See: RFC 3464, RFC 3834, RFC 5965, RFC 8098.
    """
    finders: tuple[Callable[[ParsedMail, frozenset[str]], MachineMail | None], ...] = (
        _find_own, _find_report, find_notification, _find_calendar, _find_recall, find_complaint, _find_prose_bounce,
        find_refused_post, _find_receipt, find_auto_reply, find_list_mail,
    )  # fmt: skip
    return next((found for find in finders if (found := find(mail, own_addresses)) is not None), None)


def _clue(source: str, kind: MachineKind, sentence: str) -> Clue:
    return Clue(source=source, points_to=kind.value, words=sentence)


def _find_own(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail | None:
    from_us = mail.sender is not None and mail.sender.address in own_addresses
    if mail.get_header(OWN_HEADER) is not None:
        sentence = "It carries the private header of our own mail."
    elif from_us and auto_submitted(mail):
        sentence = "It comes from our own address and says that a machine sent it."
    else:
        return None
    return MachineMail(kind=MachineKind.OWN, clues=(_clue("own_header", MachineKind.OWN, sentence),))


def _find_report(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail | None:
    kinds = {media_type for media_type, _ in mail.reports}
    declared = mail.content_type.lower()
    if "message/feedback-report" in kinds or "report-type=feedback-report" in declared.replace('"', ""):
        return _plain(
            MachineKind.COMPLAINT, "content_type", "It is a feedback report: a recipient marked our mail as spam."
        )
    if any("disposition-notification" in kind for kind in kinds) or "disposition-notification" in declared:
        if words.REFUSED_BY_RULE.search(mail.text[:2_000]):
            return _refused_by_rule(mail)
        return _plain(MachineKind.RECEIPT, "content_type", "It is a disposition notification: a receipt for reading.")
    if "message/delivery-status" in kinds or "message/global-delivery-status" in kinds:
        return _read_delivery_report(mail, own_addresses)
    return None


def _plain(kind: MachineKind, source: str, sentence: str) -> MachineMail:
    return MachineMail(kind=kind, clues=(_clue(source, kind, sentence),))


def _refused_by_rule(mail: ParsedMail) -> MachineMail:
    """Filters refuse a mail with a notification that it was deleted. See: RFC 5429 2.1.2."""
    fields = "\n".join(text for _, text in mail.reports)
    named = re.search(rf"(?im)^final-recipient\s*:[^;\n]*;\s*<?({ADDRESS.pattern})", fields)
    failed = (FailedRecipient(address=named[1].lower(), permanent=True),) if named else ()
    clue = _clue("content_type", MachineKind.BOUNCE, "A filter of the recipient refused the mail.")
    return MachineMail(kind=MachineKind.BOUNCE, clues=(clue,), failed_recipients=failed)


def _read_delivery_report(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail:
    reports = read_reports(mail)
    actions = {report.action for report in reports}
    if actions and actions <= {"delivered", "relayed", "expanded"}:
        return _plain(
            MachineKind.RECEIPT, "delivery_status", "It is a delivery report and says that the mail was delivered."
        )
    if "failed" in actions:
        kind = MachineKind.BOUNCE
    elif "delayed" in actions or _is_delay(mail, own_addresses):
        kind = MachineKind.DELAY
    else:
        kind = MachineKind.BOUNCE
    sentence = {
        MachineKind.BOUNCE: "It is a delivery report and says that the mail was not delivered.",
        MachineKind.DELAY: "It is a delivery report and says that the server is still trying.",
    }[kind]
    return _bounce(mail, own_addresses, kind, (_clue("delivery_status", kind, sentence),))


def _bounce(mail: ParsedMail, own_addresses: frozenset[str], kind: MachineKind, clues: tuple[Clue, ...]) -> MachineMail:
    recipients = find_failed_recipients(mail, own_addresses, delayed=kind is MachineKind.DELAY)
    return MachineMail(kind=kind, clues=clues, failed_recipients=recipients)


def _is_delay(mail: ParsedMail, _: frozenset[str]) -> bool:
    """Whether a notice speaks of further tries and of nothing final."""
    text = f"{mail.subject}\n{read_prose(mail)}"
    codes = {code[0] for code in STATUS.findall(text)}
    if "5" in codes:
        return False
    return bool(words.STILL_TRYING.search(text)) or bool(
        words.DELAY_WORDS.search(text) and not words.GAVE_UP.search(text)
    )


def _find_calendar(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    parts = [file for file in mail.attachments if file.content_type == "text/calendar"]
    others = [file for file in mail.attachments if file not in parts and not _goes_with_invitations(file)]
    meeting = mail.content_type.startswith("text/calendar") or any(
        _CALENDAR_METHOD.search(part.content[:4_000]) for part in parts
    )
    named = bool(words.CALENDAR_PREFIX.match(subject(mail)))
    meeting_class = (mail.get_header("content-class") or "").lower().startswith("urn:content-classes:calendarmessage")
    if others or not (meeting or (named and meeting_class)):
        return None
    return _plain(MachineKind.CALENDAR, "content_type", "It is an invitation or an answer to one.")


def _goes_with_invitations(file: Attachment) -> bool:
    return file.content_type.startswith(("image/", "application/ics")) or file.filename.lower().endswith(".ics")


def _find_recall(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    named = words.RECALL_PREFIX.match(subject(mail))
    body = mail.text[:2_000].strip()
    if not named or not (words.RECALL_SENTENCE.search(body) or (not body and not mail.attachments)):
        return None
    return _plain(MachineKind.RECALL, "subject", "Its sender asks to recall an earlier message. Nothing is deleted.")


def _find_prose_bounce(mail: ParsedMail, own_addresses: frozenset[str]) -> MachineMail | None:
    clues = tuple(_bounce_clues(mail))
    if len(clues) < 2:
        return None
    kind = MachineKind.DELAY if _is_delay(mail, own_addresses) else MachineKind.BOUNCE
    found = _bounce(mail, own_addresses, kind, tuple(_clue(source, kind, sentence) for source, sentence in clues))
    # an absence notice may come from a null path and speak of delivery, and so may a person behind a forwarder
    server = _is_named_daemon(mail) or _is_declared_report(mail)
    if not server and (mail.in_reply_to or words.CONTRIBUTION.search(read_prose(mail))):
        return None
    return found if found.failed_recipients or (server and not is_absence(mail)) else None


def _is_declared_report(mail: ParsedMail) -> bool:
    return "report-type=delivery-status" in mail.content_type.lower().replace('"', "")


def _bounce_clues(mail: ParsedMail) -> list[tuple[str, str]]:
    clues = []
    if _is_from_daemon(mail) or _is_from_shared_box(mail) or mail.get_header("x-failed-recipients"):
        clues.append(("sender", "A mail server wrote it: the return path is empty or the sender is a daemon."))
    if _is_declared_report(mail):
        clues.append(("content_type", "It calls itself a delivery report."))
    if _is_bounce_subject(subject(mail)):
        clues.append(("subject", "The subject speaks of failed delivery."))
    if clues and _speaks_of_delivery(mail):
        clues.append(("text", "The text speaks of a refused recipient."))
    return (
        clues
        if any(source in ("sender", "content_type") for source, _ in clues) or _has_robot_evidence(mail, clues)
        else []
    )


def _speaks_of_delivery(mail: ParsedMail) -> bool:
    """Words of refusal or of further tries; or, from a daemon, an address where servers set one they refuse."""
    prose = read_prose(mail)
    if _REFUSED.search(prose) or (_is_from_daemon(mail) and words.STILL_TRYING.search(prose)):
        return True
    return _is_daemon_box(mail) and names_recipient(prose)


def _is_daemon_box(mail: ParsedMail) -> bool:
    """A box that servers alone write from: what comes from it is no answer of a person."""
    local = mail.sender.address.partition("@")[0] if mail.sender else ""
    return not mail.in_reply_to and bool(words.DAEMON.match(local))


def _is_bounce_subject(words_of_it: str) -> bool:
    """People answer bounces; a server that answers sets its finding in brackets behind our subject."""
    if re.match(r"(?:re|aw|sv|fwd?|tr|wg|antw)\s*:", words_of_it, re.I):
        words_of_it = found[0] if (found := _IN_BRACKETS.search(words_of_it)) else ""
    return bool(words.BOUNCE_SUBJECT.search(words_of_it[:200]))


def _is_from_daemon(mail: ParsedMail) -> bool:
    """The null return path, or a daemon in it or in From, where daemons often leave the address out."""
    if mail.return_path is not None and (
        not mail.return_path or words.DAEMON.match(mail.return_path.partition("@")[0])
    ):
        return True
    return _is_named_daemon(mail)


def _is_named_daemon(mail: ParsedMail) -> bool:
    """Whether From names a daemon, by its box or by its words."""
    written = mail.get_header("from") or ""
    address = mail.sender.address if mail.sender else written.split("<")[0].strip().lower()
    return bool(words.DAEMON.match(address.partition("@")[0]) or words.DAEMON_NAME.search(written))


def _is_from_shared_box(mail: ParsedMail) -> bool:
    """A box that a server or a person may write from; people answer."""
    local = mail.sender.address.partition("@")[0] if mail.sender else ""
    return not mail.in_reply_to and bool(words.SHARED_BOX.match(local))


def _has_robot_evidence(mail: ParsedMail, clues: list[tuple[str, str]]) -> bool:
    """Subject and text alone could be a person's complaint: then the text must be a server's answer."""
    if len(clues) != 2 or mail.in_reply_to:
        return False
    if auto_submitted(mail) or (mail.sender and words.NO_REPLY.match(mail.sender.address)):
        return True
    text = read_prose(mail)
    return bool(STATUS.search(text) or _REPLY_CODE.search(text) or _NOTICE.search(text[:600]))


def _find_receipt(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    if not words.RECEIPT_PREFIX.match(subject(mail)) or mail.attachments:
        return None
    beginning = mail.text[:2_000]
    told = words.RECEIPT_SENTENCE.search(beginning) and words.OUR_MESSAGE.search(beginning[:300])
    if (not told and beginning.strip()) or words.CONTRIBUTION.search(beginning):
        return None
    return _plain(MachineKind.RECEIPT, "subject", "The subject and the text are those of a receipt.")
