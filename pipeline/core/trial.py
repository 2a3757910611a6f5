"""A mail before it leaves: what is in it, and a copy for the person who wants to see it first."""

import hashlib
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from pipeline.core import tokens
from pipeline.core.model import Occasion, OutgoingMail

#: fields by which an answer would find the thread of an agency
_THREAD = ("In-Reply-To", "References", "Thread-Index", "Thread-Topic")
#: what the subject of a copy begins with
MARK = "Test: "


def list_attachments(raw: bytes) -> tuple[tuple[str, int], ...]:
    """Name and size in bytes of each file in a mail of ours, in order."""
    files = message_from_bytes(raw, _class=EmailMessage, policy=SMTP).iter_attachments()
    return tuple((file.get_filename() or "", len(file.get_payload(decode=True) or b"")) for file in files)


def make_trial(mail: OutgoingMail, to: str, now: datetime, secret: bytes) -> OutgoingMail:
    """A copy of a mail as it would be received, to one other address, outside every thread and round.

    Text, HTML and files are those of the mail; the subject says that it is a test.
    """
    copy = message_from_bytes(mail.raw, _class=EmailMessage, policy=SMTP)
    domain = mail.message_id.rpartition("@")[2].rstrip(">")
    key = f"{Occasion.TRIAL.value}:{now.isoformat()}:{hashlib.sha256(mail.raw).hexdigest()[:12]}"
    message_id = tokens.make_message_id(secret, draft="trial", revision="", agency="", key=key, domain=domain)
    for name in ("To", "Cc", "Subject", "Message-ID", "X-Penholder", *_THREAD):
        del copy[name]
    copy["To"] = Address(addr_spec=to)
    copy["Subject"] = f"{MARK}{mail.subject}"
    copy["Message-ID"] = message_id
    copy["X-Penholder"] = Occasion.TRIAL.value
    return replace(
        mail,
        message_id=message_id,
        occasion=Occasion.TRIAL,
        key=key,
        to=(to,),
        cc=(),
        subject=f"{MARK}{mail.subject}",
        raw=copy.as_bytes(policy=SMTP),
        not_before=now,
        agency=None,
        round_id=None,
    )
