"""The request mails that answers thread on and quote: as they were sent, or as outbound.yaml has them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy

from pipeline.demo.scenario import Outbound, Scenario
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMail:
    """A request mail as it really went out: what answers thread on and quote."""

    #: with angle brackets
    message_id: str
    subject: str
    #: aware
    date: datetime
    to: tuple[str, ...]
    #: the plain text
    text: str
    cc: tuple[str, ...] = ()
    #: the 22 bytes of its Thread-Index; empty when it had none
    thread_index: bytes = b""


def read_outbound(raw: bytes) -> OutboundMail:
    """What answers need to know of a request mail, from the bytes that were sent.

    Raises: UsageError when it has no Message-ID or no Date.
    """
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("plain",))
    if mail["Message-ID"] is None or mail["Date"] is None:
        raise UsageError("a request mail has no Message-ID or no Date: nobody can answer it")
    return OutboundMail(
        message_id=mail["Message-ID"].strip(),
        subject=str(mail["Subject"] or ""),
        date=mail["Date"].datetime,
        to=tuple(one.addr_spec for header in mail.get_all("To", []) for one in header.addresses),
        text=str(body.get_content()).strip().replace("\r\n", "\n") if body is not None else "",
        cc=tuple(one.addr_spec for header in mail.get_all("Cc", []) for one in header.addresses),
        thread_index=base64.b64decode(str(mail["Thread-Index"] or ""))[:22],
    )


def default_outbound(scenario: Scenario) -> dict[str, OutboundMail]:
    """The request mails of outbound.yaml with a plausible text, by their symbolic names."""
    titles = {plan.code: plan.title for plan in scenario.plans}
    return {outbound.ref: _default_mail(scenario, outbound, titles) for outbound in scenario.outbound}


def _default_mail(scenario: Scenario, outbound: Outbound, titles: Mapping[str, str]) -> OutboundMail:
    """One request mail; its text repeats what its subject asks for."""
    _, draft, revision, _ = (*outbound.ref.split(":"), "", "", "", "")[:4]
    asked = outbound.subject.rpartition(": ")[2]
    title = titles.get(draft, "the draft")
    text = (
        "Dear colleagues,\n\n"
        f"Please find attached {title} ({revision}): {asked}.\n\n"
        "1. Please make your changes in the attached file with Track Changes switched on; comments are welcome too.\n"
        "2. Reply to this message and attach the file. Short inputs may be typed into the reply.\n"
        "3. If you have no comments, please say so in one line.\n\n"
        "The coordinators will circulate a consolidated version to all members.\n\n"
        f"Kind regards\n{scenario.roster.from_name}\n"
    )
    return OutboundMail(
        message_id=outbound.message_id,
        subject=outbound.subject,
        date=outbound.date,
        to=(outbound.to,),
        text=text.strip(),
        cc=outbound.cc,
    )
