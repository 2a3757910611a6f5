"""What machines write about a mail: delivery reports, receipts, and a message a gateway has broken."""

import re

from pipeline.demo.mime import MimePart, message_part, multipart, text_part
from pipeline.demo.scenario import ScenarioMessage

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def build_report(message: ScenarioMessage, original: tuple[str, bytes] | None) -> MimePart:
    """A delivery report: the words of the message, the facts in it for machines, the original. See: RFC 3464."""
    server = message.from_address.rpartition("@")[2]
    status = next(iter(_STATUS.findall(message.text)), "5.0.0")
    action = "delayed" if status.startswith("4") else "failed"
    blocks = [f"Reporting-MTA: dns; {server}\r\n"]
    for address in dict.fromkeys(_ADDRESS.findall(message.text)):
        lines = (f"Original-Recipient: rfc822; {address}", f"Final-Recipient: rfc822; {address}", f"Action: {action}")
        reason = f"Diagnostic-Code: smtp; 550 {status} recipient rejected"
        blocks.append("".join(f"{line}\r\n" for line in (*lines, f"Status: {status}", reason)))
    parts = [text_part(message.text + "\n", "plain", "utf-8", "7bit")]
    parts.append(message_part("\r\n".join(blocks).encode(), "delivery-status"))
    parts += [message_part(original[1])] if original else []
    return multipart("report", f"=_report_{message.id}", parts, " report-type=delivery-status;")


def build_receipt(message: ScenarioMessage, original_id: str) -> MimePart:
    """A receipt: read, or deleted unread. See: RFC 8098."""
    agent = "Microsoft Exchange Server" if "Outlook" in message.client else message.client
    lines = [f"Reporting-UA: {agent}", f"Final-Recipient: rfc822; {message.from_address}"]
    lines += [f"Original-Message-ID: {original_id}"] if original_id else []
    lines += ["Disposition: manual-action/MDN-sent-manually; displayed"]
    facts = message_part("".join(f"{line}\r\n" for line in lines).encode(), "disposition-notification")
    parts = [text_part(message.text + "\n", "plain", "utf-8", "7bit"), facts]
    return multipart("report", f"=_receipt_{message.id}", parts, " report-type=disposition-notification;")


def build_broken_body(message: ScenarioMessage) -> MimePart:
    """A multipart cut off in the middle: unknown character set, letters that are not base64, no closing boundary."""
    boundary = f"=_broken_{message.id}"
    names = [attachment.name for attachment in message.attachments if attachment.kind == "malformed"]
    head = f'--{boundary}\r\nContent-Type: text/plain; charset="x-user-defined"\r\nContent-Transfer-Encoding: 8bit\r\n'
    text = b"\r\nPlease see \x93attached\x94 \xff\xfe\r\n"
    kind = 'Content-Type: application/octet-stream; name="{0}"\r\nContent-Transfer-Encoding: base64\r\n'
    place = 'Content-Disposition: attachment; filename="{0}"\r\n\r\n'
    files = "".join(
        f"--{boundary}\r\n{(kind + place).format(name)}UEsDBBQ*AAgI%%%A!!=A=\r\nAAAA=B=\r\n" for name in names
    )
    body = head.encode() + text + files.encode() + b"UEsDBBQAAAAIA"
    return MimePart(headers=(("Content-Type", f'multipart/mixed; boundary="{boundary}"'),), body=body)
