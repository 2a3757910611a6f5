"""Who wrote: the roster first, then the agency's own domain, never a display name. See: docs/analysis/threading.md."""

from dataclasses import dataclass, replace

from pipeline.core.authentication import find_authentication
from pipeline.core.context import Context
from pipeline.core.lookalikes import find_lookalike, find_named
from pipeline.core.model import Agency, Certainty, Clue, MachineMail, Mailbox, ParsedMail, Role, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whom the From field belongs to."""

    #: member code; None when nobody's
    agency: str | None = None
    body: str | None = None
    #: None when the address is not on the roster
    role: Role | None = None
    certainty: Certainty = Certainty.GUESS
    clues: tuple[Clue, ...] = ()
    authentication_failed: bool = False
    lookalike_of: str | None = None
    #: known by the domain alone
    by_domain: bool = False


def find_sender(mail: ParsedMail, machine: MachineMail | None, context: Context) -> Sender:
    """Who wrote `mail`; for reports of machines: whose address they speak of."""
    reported = _find_reported(machine, context)
    if reported is not None:
        return reported
    if mail.sender is None:
        return Sender(clues=(Clue(source="sender", points_to="", words="The message has no sender."),))
    found = find_by_address(mail.sender.address, context.roster)
    if found.agency is None and found.role is None:
        found = _find_behind_list(mail, context) or found
    if found.agency is not None or found.role is not None:
        return _check_authentication(mail, found, context)
    return _describe_stranger(mail, found, machine, context)


def find_by_address(address: str, roster: Roster) -> Sender:
    """The member an address belongs to: listed, or by its domain."""
    listed = [
        (agency, contact.role)
        for agency in roster.agencies
        for contact in agency.contacts
        if contact.address == address
    ]
    if any(role is Role.SECRETARIAT for _, role in listed):
        clue = Clue(
            source="roster_address", points_to="", words=f"{address} is the chair's own mailbox, not an agency."
        )
        return Sender(role=Role.SECRETARIAT, certainty=Certainty.SURE, clues=(clue,))
    if listed:
        return _pick_listed(address, listed)
    return _find_by_domain(address, roster)


def _pick_listed(address: str, listed: list[tuple[Agency, Role]]) -> Sender:
    members = {agency.member or agency.code for agency, _ in listed}
    if len(members) > 1:
        words = f"{address} is on the roster of {' and '.join(sorted(members))}."
        return Sender(clues=(Clue(source="roster_address", points_to="", words=words),))
    # A coordinating body shares its address with the member: the body wrote.
    agency, role = next((pair for pair in listed if pair[0].member), listed[0])
    words = f"{address} is on the roster as {role.value.replace('_', ' ')} of {agency.code}."
    return Sender(
        agency=agency.member or agency.code,
        body=agency.code if agency.member else None,
        role=role,
        certainty=Certainty.SURE,
        clues=(Clue(source="roster_address", points_to=agency.code, words=words),),
    )


def _find_by_domain(address: str, roster: Roster) -> Sender:
    domain = address.rpartition("@")[2]
    owned = [
        (len(own), agency)
        for agency in roster.agencies
        for own in agency.domains
        if domain == own or domain.endswith(f".{own}")
    ]
    if not owned:
        return Sender()
    longest = max(length for length, _ in owned)
    owners = {agency.code: agency for length, agency in owned if length == longest}
    if len(owners) > 1:
        words = f"{domain} belongs to {' and '.join(sorted(owners))}."
        return Sender(clues=(Clue(source="agency_domain", points_to="", words=words),))
    (agency,) = owners.values()
    words = f"{address} is not on the roster, but {domain} is a domain of {agency.code}."
    return Sender(
        agency=agency.member or agency.code,
        body=agency.code if agency.member else None,
        certainty=Certainty.LIKELY,
        clues=(Clue(source="agency_domain", points_to=agency.code, words=words),),
        by_domain=True,
    )


def _find_reported(machine: MachineMail | None, context: Context) -> Sender | None:
    """A delivery report comes from any mail server: the failed address tells the agency."""
    if machine is None or not machine.failed_recipients:
        return None
    for failed in machine.failed_recipients:
        found = find_by_address(failed.address, context.roster)
        if found.agency is not None:
            return found
    return None


def _find_behind_list(mail: ParsedMail, context: Context) -> Sender | None:
    """The writer behind a list that puts its own address into From because of DMARC: "A. Person via List"."""
    if mail.sender is None or " via " not in mail.sender.name.lower() or len(mail.reply_to) != 1:
        return None
    found = find_by_address(mail.reply_to[0].address, context.roster)
    if found.agency is None or found.by_domain:
        return None
    words = f"A list rewrote From; Reply-To is {mail.reply_to[0].address} of {found.agency}."
    clue = Clue(source="reply_to", points_to=found.agency, words=words)
    return Sender(
        agency=found.agency, body=found.body, role=found.role, certainty=Certainty.LIKELY, clues=(*found.clues, clue)
    )


def _check_authentication(mail: ParsedMail, found: Sender, context: Context) -> Sender:
    result = find_authentication(mail, context.authserv_id)
    if not result.failed:
        return found
    words = "Our mail server could not confirm the sender " + (
        f"(spf={result.spf or 'none'}, dkim={result.dkim or 'none'}, dmarc={result.dmarc or 'none'})."
    )
    clue = Clue(source="authentication", points_to="", words=words)
    return Sender(
        agency=found.agency,
        body=found.body,
        role=found.role,
        certainty=Certainty.GUESS,
        clues=(*found.clues, clue),
        authentication_failed=True,
        by_domain=found.by_domain,
    )


def _describe_stranger(mail: ParsedMail, found: Sender, machine: MachineMail | None, context: Context) -> Sender:
    sender = mail.sender
    if found.clues or machine is not None or sender is None:
        return found
    lookalike = find_lookalike(sender, context.roster)
    if lookalike is not None:
        words = f"{sender.address} looks like {lookalike} but is not one of its domains."
        return Sender(clues=(Clue(source="lookalike", points_to=lookalike, words=words),), lookalike_of=lookalike)
    words = f"{sender.address} is on no roster and its domain belongs to no member."
    clue = Clue(source="unknown_sender", points_to="", words=words)
    return _weigh_shown_name(mail, sender, Sender(clues=(clue,)), context)


def _weigh_shown_name(mail: ParsedMail, sender: Mailbox, stranger: Sender, context: Context) -> Sender:
    """A focal point may write from a private box: its name is a suggestion to a person, and nothing more.

    With failed authentication it is a forgery like any other.
    """
    named = find_named(sender, context.roster)
    if not named:
        return stranger
    words = f"It shows the name of {' and '.join(named)}, as anybody can. If it is they, put the address on the roster."
    clue = Clue(source="shown_name", points_to=named[0] if len(named) == 1 else "", words=words)
    failed = find_authentication(mail, context.authserv_id).failed
    return replace(stranger, clues=(*stranger.clues, clue), lookalike_of=named[0] if failed else None)
