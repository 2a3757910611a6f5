"""Send a person of ours the mail an agency would get, before anything goes out. See: docs/analysis/sending-once.md."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import Circulation
from pipeline.core.model import OutgoingMail, Role, Roster
from pipeline.core.trial import make_trial
from pipeline.errors import UsageError


def choose_mail(circulation: Circulation, agency: str = "") -> OutgoingMail:
    """The mail to one agency, or the first one. Raises: UsageError when there is none."""
    for mail in circulation.mails:
        if agency in ("", mail.agency):
            return mail
    raise UsageError(f"No mail would go to {agency or 'anybody'}: name one of the agencies listed.")


def send_trial(
    database: store.Database, mail: OutgoingMail, to: str, *, by: str, now: datetime, secret: str
) -> OutgoingMail:
    """The copy that is in the outbox now. Raises: UsageError for what is no address, or an agency's own."""
    address = to.strip().lower()
    with database.begin() as db:
        _check(store.rosters.get_roster(db), address)
        copy = make_trial(mail, address, now, secret.encode())
        store.outbox.queue(db, copy, now)
        store.audit.write(db, now, by, f"sent a test of the mail to {mail.agency} to {address}", "trial")
        return copy


def _check(roster: Roster, address: str) -> None:
    """Nothing where a test may go: to ourselves, never to those who are to be asked."""
    name, _, domain = address.partition("@")
    if not name or "." not in domain or not address.isascii() or any(char in address for char in ' ,;<>"\r\n\t'):
        raise UsageError(f"{address!r} is no address: write one such as you@your-organisation.example.")
    for agency in roster.agencies:
        for contact in agency.contacts:
            if contact.address == address and contact.role is not Role.SECRETARIAT:
                raise UsageError(f"{address} is an address of {agency.code}: send the test to yourself.")
