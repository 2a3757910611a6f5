"""The messages of a training round as bytes, each in the shape its mail program writes.

See: docs/analysis/sample-round.md
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from html import escape

from pipeline.demo.arrange import Written, arrange
from pipeline.demo.attachments import File, build_file, safe_id
from pipeline.demo.clients import Client, get_client
from pipeline.demo.mime import (
    MimePart,
    encode_words,
    file_part,
    mailbox,
    message_part,
    multipart,
    pick_charset,
    render,
    text_part,
)
from pipeline.demo.quotes import QUOTE_STYLES, QuotedMail, base_style, quote_html, quote_text
from pipeline.demo.reports import build_broken_body, build_receipt, build_report
from pipeline.demo.requests import OutboundMail, default_outbound
from pipeline.demo.scenario import Scenario, ScenarioAttachment, ScenarioMessage
from pipeline.demo.threads import extend_thread_index, find_topic, start_thread_index
from pipeline.errors import UsageError

__all__ = ["OutboundMail", "build_message", "default_outbound", "envelope_from", "message_id_of"]

_REPEAT = "same-as:"
_FORWARD = "fwd:"
#: headers of messages.yaml that say something about the whole instead of being written as they are
_INSTRUCTIONS = ("content-type", "return-path", "message-id")


def envelope_from(message: ScenarioMessage) -> str:
    """The sender the envelope names, "" for the null path. See: RFC 5321 4.5.5."""
    stated = dict(_lower(message.headers)).get("return-path")
    return message.from_address if stated is None else stated.strip("<> ")


def message_id_of(message: ScenarioMessage) -> str:
    """The Message-ID of a message, with angle brackets; always the same one."""
    if stated := dict(_lower(message.headers)).get("message-id"):
        return stated
    digest = hashlib.sha256(f"{message.id}/{message.date.isoformat()}/{message.from_address}".encode()).hexdigest()
    return _client(message).make_id(digest, message.from_address, message.date)


def build_message(
    scenario: Scenario, message: ScenarioMessage, outbound: Mapping[str, OutboundMail] | None = None
) -> bytes:
    """The message as it lies in the mailbox, CRLF line ends; `outbound` says what was really sent before.

    Raises: UsageError naming the message and what to write.
    """
    sent = default_outbound(scenario) if outbound is None else outbound
    repeated = dict(_lower(message.headers)).get("message-id", "")
    if repeated.startswith(_REPEAT):
        return build_message(scenario, scenario.get_message(repeated.removeprefix(_REPEAT)), sent)
    letter = _Letter(scenario=scenario, message=message, outbound=sent, client=_client(message))
    body = letter.build_body()
    return render(body, letter.headers())


def _client(message: ScenarioMessage) -> Client:
    """The program the message is written with. Raises: UsageError."""
    return get_client(message.client, f"messages.yaml, {message.id}")


def _lower(headers: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """The headers with names in lower case."""
    return ((name.lower(), value) for name, value in headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """One message in the making."""

    scenario: Scenario
    message: ScenarioMessage
    outbound: Mapping[str, OutboundMail]
    client: Client

    # --- What it answers ----------------------------------------------------------------------------------------

    @property
    def answered(self) -> str | None:
        """The symbolic name of the mail it answers or forwards."""
        return self.message.in_reply_to and self.message.in_reply_to.removeprefix(_FORWARD)

    def _outbound(self, ref: str) -> OutboundMail:
        """The request mail of this name. Raises: UsageError."""
        if ref not in self.outbound:
            place = f"messages.yaml, {self.message.id}: in_reply_to"
            raise UsageError(f"{place}: no mail {ref!r} was sent; write a ref of outbound.yaml or an earlier id")
        return self.outbound[ref]

    def _ancestors(self) -> list[str]:
        """Message-IDs of the thread, oldest first."""
        found: list[str] = []
        ref = self.answered
        while ref is not None:
            if ref.startswith("out:"):
                return [self._outbound(ref).message_id, *found]
            earlier = self.scenario.get_message(ref)
            found.insert(0, message_id_of(earlier))
            ref = earlier.in_reply_to and earlier.in_reply_to.removeprefix(_FORWARD)
        return found

    def _quoted(self, ref: str | None, edited_html: str = "") -> QuotedMail | None:
        """The mail of this name as history, with the history below it."""
        if ref is None:
            return None
        roster = self.scenario.roster
        if ref.startswith("out:"):
            mail = self._outbound(ref)
            return QuotedMail(
                name=roster.from_name,
                address=roster.mailbox,
                date=mail.date,
                to=mail.to,
                cc=mail.cc,
                subject=mail.subject,
                text=mail.text,
                edited_html=edited_html,
            )
        earlier = self.scenario.get_message(ref)
        below = (earlier.in_reply_to or "").removeprefix(_FORWARD) if earlier.quoted != "none" else ""
        return QuotedMail(
            name=earlier.from_name,
            address=earlier.from_address,
            date=earlier.date,
            to=tuple(roster.from_name if address == roster.mailbox else address for address in earlier.to),
            cc=earlier.cc,
            subject=earlier.subject,
            text=earlier.text,
            earlier=self._quoted(below or None),
            edited_html=edited_html,
        )

    # --- Headers ------------------------------------------------------------------------------------------------

    def headers(self) -> list[tuple[str, str]]:
        """The fields in front of the body, top to bottom."""
        message, charset = self.message, self._header_charset()
        roster = self.scenario.roster
        shown = {roster.mailbox: roster.from_name}
        fields = [*self._trace(), ("From", mailbox(message.from_name, message.from_address, charset))]
        for name, addresses in (("To", message.to), ("Cc", message.cc)):
            if addresses:
                fields.append((name, ",\r\n\t".join(mailbox(shown.get(one, ""), one) for one in addresses)))
        fields += [("Subject", encode_words(message.subject, charset)), *self._thread(charset)]
        fields += [("Date", format_datetime(message.date)), ("Message-ID", message_id_of(message))]
        fields += [(name, value) for name, value in message.headers if name.lower() not in _INSTRUCTIONS]
        fields += self.client.headers
        named = {name.lower() for name, _ in fields}
        return fields if "mime-version" in named else [*fields, ("MIME-Version", "1.0")]

    def _trace(self) -> list[tuple[str, str]]:
        """What the servers on the way put on top. See: RFC 5321 4.4."""
        message, here = self.message, self.scenario.roster.mailbox
        sender = envelope_from(message)
        host = f"mail.{(sender or message.from_address).rpartition('@')[2]}"
        digest = hashlib.sha256(message.id.encode()).digest()
        server = f"mx.{here.rpartition('@')[2]}"
        by = f"by {server} with ESMTP id {digest.hex()[:10].upper()}\r\n\tfor <{here}>"
        network = f"[192.0.2.{digest[0] % 254 + 1}]"
        origin = (
            f"from {host} (unknown {network})" if self.client.name == "unknown" else f"from {host} ({host} {network})"
        )
        return [
            ("Return-Path", f"<{sender}>"),
            ("Received", f"{origin}\r\n\t{by}; {format_datetime(message.received)}"),
        ]

    def _header_charset(self) -> str:
        """The character set of encoded words."""
        latin = () if self.client.charsets else ("iso-8859-1",)
        return pick_charset(self.message.subject, (*self.client.charsets, *latin, self.message.charset))

    def _thread(self, charset: str) -> list[tuple[str, str]]:
        """In-Reply-To, References, Thread-Topic and Thread-Index, as far as the program writes them."""
        ancestors = self._ancestors()
        forwarded = (self.message.in_reply_to or "").startswith(_FORWARD)
        fields = []
        if self.client.indexes:
            fields += [("Thread-Topic", encode_words(find_topic(self.message.subject), charset, "Thread-Topic"))]
            fields += [("Thread-Index", _encode_index(self._thread_index()))]
        # Outlook starts a new Internet thread for a forwarded mail; only Thread-Index goes on.
        if ancestors and self.client.threads and not forwarded:
            fields += [("References", "\r\n\t".join(ancestors)), ("In-Reply-To", ancestors[-1])]
        return fields

    def _thread_index(self) -> bytes:
        """The index of the thread, five bytes longer with every answer."""
        chain: list[ScenarioMessage] = [self.message]
        while (ref := (chain[-1].in_reply_to or "").removeprefix(_FORWARD)) and not ref.startswith("out:"):
            chain.append(self.scenario.get_message(ref))
        root = self._outbound(ref) if ref else None
        if root is None:
            index = start_thread_index(message_id_of(chain[-1]), chain.pop().date)
        else:
            index = root.thread_index[:22] or start_thread_index(root.message_id, root.date)
        for answer in reversed(chain):
            index = extend_thread_index(index, answer.id, answer.date)
        return index

    # --- Body ---------------------------------------------------------------------------------------------------

    def build_body(self) -> MimePart:
        """The body with everything attached. Raises: UsageError."""
        message = self.message
        report = dict(_lower(message.headers)).get("content-type", "")
        original = self._original()
        if "delivery-status" in report:
            return build_report(message, original)
        if "disposition-notification" in report:
            return build_receipt(message, original[0] if original else "")
        if any(attachment.kind == "malformed" for attachment in message.attachments):
            return build_broken_body(message)
        return self._compose()

    def _original(self) -> tuple[str, bytes] | None:
        """Message-ID and bytes of the mail a report is about."""
        if self.answered is None or not self.answered.startswith("out:"):
            return None
        mail, roster = self._outbound(self.answered), self.scenario.roster
        fields = [("From", mailbox(roster.from_name, roster.mailbox)), ("To", ", ".join(mail.to))]
        fields += [("Cc", ", ".join(mail.cc))] if mail.cc else []
        fields += [("Subject", encode_words(mail.subject, "utf-8")), ("Date", format_datetime(mail.date))]
        fields += [("Message-ID", mail.message_id), ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0")]
        return mail.message_id, render(text_part(mail.text + "\n", "plain", "utf-8", "7bit"), fields)

    def _compose(self) -> MimePart:
        """Text, history and files in the order of the program."""
        written = self._write()
        files: list[MimePart] = []
        inner: list[MimePart] = []
        signature: MimePart | None = None
        for attachment in self.message.attachments:
            part = self._attach(attachment)
            if attachment.kind == "smime_p7s":
                signature = part
            elif attachment.kind == "ics":
                inner.append(part)
            else:
                files.append(part)
        body = arrange(self.client, written, files, inner, self.message.id)
        return body if signature is None else self._sign(body, signature)

    def _sign(self, body: MimePart, signature: MimePart) -> MimePart:
        """The body with its detached signature beside it. See: RFC 1847 2.1, RFC 8551 3.5.3."""
        digest = hashlib.sha256(f"{self.message.id}/signed".encode()).hexdigest()
        parameters = ' protocol="application/x-pkcs7-signature";\r\n\tmicalg=SHA1;'
        return multipart("signed", f"----=_NextPart_{digest[:24].upper()}", [body, signature], parameters)

    def _write(self) -> Written:
        """The text in both dresses. Raises: UsageError when the quoting does not fit."""
        message, client = self.message, self.client
        style, zone = self._style(), message.date.tzinfo
        named = message.quoted.partition(":")[2] if message.quoted.startswith("outlook_en_chain") else ""
        history = self._quoted(named or self.answered, message.quoted_html) if style != "none" else None
        quoted = quote_text(style, history, zone, client.rule)
        lines = [escape(line, quote=False) for line in message.text.split("\n")] if message.text else []
        typed = "".join(client.dress(line) for line in lines)
        html = f"{typed}{client.dress('') if quoted else ''}{quote_html(style, history, zone, client.dress)}"
        page = f"{client.page[0]}{html}{client.page[1]}"
        charset = pick_charset(page + message.text + quoted, (*client.charsets, message.charset))
        return Written(
            text=message.text,
            quoted=quoted,
            html=page.replace(
                "<head>", f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
            ),
            charset=charset,
            html_only=message.format == "text/html",
        )

    def _style(self) -> str:
        """The style of the history. Raises: UsageError when it is unknown or there is nothing to quote."""
        style = base_style(self.message.quoted)
        place = f"messages.yaml, {self.message.id}: body: quoted"
        if style != "none" and self.message.quoted.partition(":")[0] not in QUOTE_STYLES:
            raise UsageError(f"{place}: {style!r} is not known; write none or one of {', '.join(QUOTE_STYLES)}")
        if style != "none" and self.answered is None:
            raise UsageError(f"{place}: there is nothing to quote; write none, or say in in_reply_to what it answers")
        return style

    def _attach(self, attachment: ScenarioAttachment) -> MimePart:
        """One attached file as a part."""
        if attachment.kind == "eml":
            return message_part(self._nested(attachment), name=attachment.name)
        file = build_file(self.scenario, self.message, attachment)
        if attachment.kind == "ics":
            part = text_part(file.content.decode(), "calendar", "utf-8", "7bit")
            kind = f'text/calendar; charset="utf-8"; method={attachment.method or "REQUEST"}'
            return MimePart(headers=(("Content-Type", kind), *part.headers[1:]), body=part.body)
        return self._file(file)

    def _file(self, file: File) -> MimePart:
        """A file as the program attaches it; a logo hangs on the text by its Content-ID."""
        latin = pick_charset(file.name, ("iso-8859-1",)) == "iso-8859-1"
        naming = self.client.naming if latin else "rfc2231"
        inline = file.kind == "png_inline"
        identity = f"{safe_id(file.name)}@{safe_id(self.message.id)}" if inline else ""
        place = "inline" if inline else "attachment"
        return file_part(file.content_type, file.name, file.content, place, naming, identity)

    def _nested(self, attachment: ScenarioAttachment) -> bytes:
        """The message inside the message, from another address of the same agency."""
        message = self.message
        sender = attachment.sender or message.from_address
        topic = find_topic(message.subject)
        parts = [text_part("Please find our comments attached.\n", "plain", "utf-8", "7bit")]
        parts += [self._attach(item) for item in attachment.contains]
        digest = hashlib.sha256(f"{message.id}/{attachment.name}".encode()).hexdigest()
        fields = [("From", sender), ("To", message.from_address), ("Subject", encode_words(topic, "utf-8"))]
        fields += [("Date", format_datetime(message.date.astimezone(UTC).replace(minute=0)))]
        fields += [("Message-ID", self.client.make_id(digest, sender, message.date)), ("MIME-Version", "1.0")]
        return render(multipart("mixed", self.client.make_boundary(digest), parts), fields)


def _encode_index(index: bytes) -> str:
    """The index as base64 on one line."""
    return base64.b64encode(index).decode("ascii")
