"""Mail that a mailing list wrote itself: bulk, digests, posts held or refused. See: docs/analysis/machine-mail.md."""

import re

from pipeline.core.auto_reply import says_yes, subject
from pipeline.core.bounce import ADDRESS
from pipeline.core.model import Clue, FailedRecipient, MachineKind, MachineMail, ParsedMail

_BULK = {"bulk", "junk"}
_MARKETING = (
    "x-campaign",
    "x-campaignid",
    "x-campaign-id",
    "x-mailchimp-id",
    "feedback-id",
    "x-mailgun-tag",
    "x-sg-eid",
    "x-mc-user",
    "list-unsubscribe-post",
)
_ROBOT = re.compile(
    r"^(?:no-?reply|do-?not-?reply|newsletters?|news|notifications?|alerts?|info-noreply|announcements?|"
    r"mailing|listserv|mailman|majordomo|sympa|ezmlm|listmaster)\b",
    re.I,
)
_OFFICE = re.compile(
    r"[-+_.](?:admin|bounces?|owner|request|help|errors|return|moderators?|confirm\w*|noreply)\b", re.I
)
_DIGEST = re.compile(
    r"\bdigest\b.{0,30}(?:\bvol(?:ume)?\b|\bissue\b|#|\d)|^\[[^\]]{1,60}\] (?:daily |weekly )?digest\b", re.I
)
_LIST_FIELDS = ("list-id", "list-post", "list-help", "list-subscribe", "x-mlserver", "x-ml-name", "mailing-list")
_REFUSED = re.compile(
    r"(?:you are|you're|(?:is|are)) not (?:a |an )?(?:(?:list |registered |subscribed )?(?:member|subscriber)s?|"
    r"subscribed|(?:allowed|authori[sz]ed|permitted|entitled) to (?:post|send|write|submit))|"
    r"(?:message|mail|post(?:ing)?|e-?mail|submission)\b[^.\n]{0,40} (?:has been|was|is) "
    r"(?:automatically )?(?:rejected|refused|discarded|not (?:posted|distributed|accepted))|"
    r"(?:only|restricted to) (?:list )?(?:members|subscribers)(?: (?:can|may))?|(?:closed|"
    r"members-only) (?:mailing )?list|"
    r"n'(?:êtes|est) pas (?:abonné|autorisé|membre|inscrit)|(?:n[aã]o|no) (?:é|está|es|esta) (?:inscri|suscri|autoriz)|"
    r"nicht berechtigt|kein (?:mitglied|abonnent)|не (?:являетесь (?:подписчик|член)|подписан)",
    re.I,
)
_SPEAKS_OF_LIST = re.compile(
    r"\b(?:mailing|distribution|discussion|e-?mail) list\b|\bthe \S+ list\b|\bthis list\b", re.I
)
_HELD = re.compile(
    r"(?:is being|has been|was|will be) (?:held|forwarded to the moderator|queued for)|await(?:s|ing) (?:the )?"
    r"(?:moderat|approv|list)|pending (?:review|approval|moderat)|(?:held|pending|waiting) for (?:moderat|approv|"
    r"review)|moderator (?:can|will|must|"
    r"has to) |"
    r"en attente de (?:modération|validation)|wartet auf (?:die )?(?:freigabe|moderation)",
    re.I,
)


def find_list_mail(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    """What a list wrote by itself; None for a person's mail that a list sent on."""
    if _is_bulk(mail) or _is_digest(mail) or _is_held_post(mail):
        return _answer(MachineKind.LIST, "It is bulk mail of a list.")
    return None


def _answer(kind: MachineKind, sentence: str, failed: tuple[FailedRecipient, ...] = ()) -> MachineMail:
    return MachineMail(
        kind=kind,
        clues=(Clue(source="list_headers", points_to=kind.value, words=sentence),),
        failed_recipients=failed,
    )


def _is_bulk(mail: ParsedMail) -> bool:
    """Bulk mail that nobody can answer. A person's mail that a list sent on has List-Post or is an answer."""
    if says_yes(mail.get_header("x-list-administrivia")):
        return True
    if mail.in_reply_to or mail.get_header("list-post") is not None:
        return False
    bulk = (mail.get_header("precedence") or "").strip().lower() in _BULK
    unsubscribe = mail.get_header("list-unsubscribe") is not None
    if not (bulk or unsubscribe):
        return False
    robot = mail.sender is not None and bool(_ROBOT.match(mail.sender.address))
    marketing = any(mail.get_header(name) is not None for name in _MARKETING)
    return (unsubscribe and (bulk or marketing or robot)) or (bulk and robot)


def _is_digest(mail: ParsedMail) -> bool:
    """Many people's posts in one mail. See: RFC 2046 5.1.5."""
    return not mail.in_reply_to and bool(_DIGEST.search(subject(mail))) and _has_list_field(mail)


def _has_list_field(mail: ParsedMail) -> bool:
    return any(mail.get_header(name) is not None for name in _LIST_FIELDS)


def find_refused_post(mail: ParsedMail, ours: frozenset[str]) -> MachineMail | None:
    """A list that does not take our mail is a recipient that was not reached; a post that is held may still be."""
    text = f"{mail.subject}\n{mail.text[:3_000]}"
    if not _is_list_office(mail) or not _REFUSED.search(text) or _HELD.search(text):
        return None
    sentence = "A mailing list refuses what we posted to it."
    return _answer(MachineKind.BOUNCE, sentence, _find_list_address(mail, ours))


def _is_held_post(mail: ParsedMail) -> bool:
    """A post that waits for a moderator, told by the list's own software."""
    return _is_desk_of_list(mail) and bool(_HELD.search(f"{mail.subject}\n{mail.text[:3_000]}"))


def _is_list_office(mail: ParsedMail) -> bool:
    """Whether the list's own software or desk writes, and not a member through it."""
    if says_yes(mail.get_header("x-list-administrivia")) or _is_desk_of_list(mail):
        return True
    return not mail.in_reply_to and _is_from_desk(mail) and bool(_SPEAKS_OF_LIST.search(mail.text[:1_000]))


def _is_desk_of_list(mail: ParsedMail) -> bool:
    bulk = (mail.get_header("precedence") or "").strip().lower() in _BULK
    return not mail.in_reply_to and _is_from_desk(mail) and (bulk or _has_list_field(mail))


def _is_from_desk(mail: ParsedMail) -> bool:
    return mail.sender is not None and _is_desk(mail.sender.address)


def _find_list_address(mail: ParsedMail, ours: frozenset[str]) -> tuple[FailedRecipient, ...]:
    """The list: named in a field, else the first other address in the text, else its desk's without the suffix."""
    named = " ".join(mail.get_header(name) or "" for name in ("x-beenthere", "list-post"))
    excluded = (
        ours
        | {mailbox.address for mailbox in (*mail.to, *mail.reply_to)}
        | ({mail.sender.address} if mail.sender else set())
    )
    written = (
        address.lower().strip(".'`") for address in ADDRESS.findall(f"{named}\n{mail.subject}\n{mail.text[:3_000]}")
    )
    candidates = [address for address in dict.fromkeys(written) if address not in excluded and not _is_desk(address)]
    if not candidates and mail.sender:
        local, _, domain = mail.sender.address.partition("@")
        candidates = [f"{shorter}@{domain}"] if (shorter := _OFFICE.sub("", local)) != local else []
    return tuple(FailedRecipient(address=address, permanent=True) for address in candidates[:1])


def _is_desk(address: str) -> bool:
    local = address.partition("@")[0]
    return bool(_ROBOT.match(local) or _OFFICE.search(local) or local.endswith(("-ctl", "-subscribe", "-unsubscribe")))
