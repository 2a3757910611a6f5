"""Delivery notices that a sending service writes as JSON into an ordinary mail. See: docs/analysis/machine-mail.md."""

import re
from collections.abc import Iterator

from pipeline.core.bounce import ADDRESS
from pipeline.core.model import Clue, FailedRecipient, MachineKind, MachineMail, ParsedMail

#: characters of the text that are searched
MAX_NOTICE = 60_000

_KIND = re.compile(r'"(?:notification|event)Type"\s*:\s*"(\w{1,30})"')
_KINDS = {
    "bounce": MachineKind.BOUNCE,
    "reject": MachineKind.BOUNCE,
    "deliverydelay": MachineKind.DELAY,
    "complaint": MachineKind.COMPLAINT,
    "delivery": MachineKind.RECEIPT,
}
_RECIPIENTS = re.compile(r'"(?:bounced|delayed)Recipients"\s*:\s*\[([^\]]*)\]')
_ADDRESS = re.compile(r'"emailAddress"\s*:\s*"([^"]{1,400})"')
_STATUS = re.compile(r'"status"\s*:\s*"([245]\.\d{1,3}\.\d{1,3})"')
_DIAGNOSTIC = re.compile(r'"diagnosticCode"\s*:\s*"[^"]*?\b([45]\.\d{1,3}\.\d{1,3})\b')
_FOR_GOOD = re.compile(r'"bounceType"\s*:\s*"(?:Permanent|Suppressed)"', re.I)
# relays that hold lines to 998 octets cut them anywhere, some with a "!" at the cut
_CUT = re.compile(r"!?\r?\n ?")


def find_notification(mail: ParsedMail, _: frozenset[str]) -> MachineMail | None:
    """What the JSON in the text says became of a mail; None when the text is no such notice."""
    text = mail.text.lstrip()[:MAX_NOTICE]
    if not text.startswith("{"):
        return None
    notice = _CUT.sub("", text).replace('\\"', '"')
    named = _KIND.search(notice)
    kind = _KINDS.get(named[1].lower()) if named else None
    if kind is None:
        return None
    sentence = f"A sending service reports {kind.value.replace('_', ' ')} as JSON."
    return MachineMail(
        kind=kind,
        clues=(Clue(source="text", points_to=kind.value, words=sentence),),
        failed_recipients=tuple(_read_recipients(notice)),
    )


def _read_recipients(notice: str) -> Iterator[FailedRecipient]:
    listed = _RECIPIENTS.search(notice)
    for entry in re.findall(r"\{[^{}]*\}", listed[1]) if listed else ():
        value = _ADDRESS.search(entry)
        address = ADDRESS.search(value[1]) if value else None
        found = _STATUS.search(entry) or _DIAGNOSTIC.search(entry)
        status = found[1] if found else ""
        if address:
            permanent = bool(_FOR_GOOD.search(notice)) or status.startswith("5")
            yield FailedRecipient(address=address[0].lower(), permanent=permanent, status=status)
