"""What `round open` and `round circulate` share: listing the mails, showing one, a test to oneself."""

from typing import TYPE_CHECKING

import click

from pipeline.bootstrap import Office

if TYPE_CHECKING:
    from pipeline.circulate import Circulation

SHOW = click.option("--show", help="Print the mail to this agency as it gets it; nothing goes out.")
TEST_TO = click.option("--test-to", help="Send that mail, or the first one, to this address of yours; to nobody else.")


def is_rehearsal(dry_run: bool, show: str | None, test_to: str | None) -> bool:
    """Whether nothing may be opened or circulated."""
    return dry_run or show is not None or test_to is not None


def report(office: Office, circulation: "Circulation", *, dry_run: bool, show: str | None, test_to: str | None) -> None:
    """Say who gets what, or show one mail, or send the test; `circulation` is a rehearsal unless none was asked for."""
    from pipeline.trial import choose_mail, send_trial

    if test_to is not None:
        mail = choose_mail(circulation, show or "")
        if not dry_run:
            now, secret = office.clock(), office.desk.secret
            send_trial(office.database, mail, test_to, by="command line", now=now, secret=secret)
        words = "would go" if dry_run else "is in the outbox; the clock sends it"
        click.echo(f"The mail to {mail.agency} {words} to {test_to}, and to nobody else.", err=True)
    elif show is not None:
        _show(circulation, show)
    else:
        _list(circulation, dry_run)


def _list(circulation: "Circulation", dry_run: bool) -> None:
    for mail in circulation.mails:
        click.echo(f"{mail.agency or '':<10} {', '.join((*mail.to, *mail.cc)):<40} {mail.subject}")
    if circulation.unreachable:
        click.echo(f"No address works: {', '.join(circulation.unreachable)}.", err=True)
    words = "would leave" if dry_run else "are in the outbox; the clock sends them"
    click.echo(f"{len(circulation.mails)} mails {words}.", err=True)


def _show(circulation: "Circulation", agency: str) -> None:
    from pipeline.core.trial import list_attachments
    from pipeline.trial import choose_mail

    mail = choose_mail(circulation, agency)
    click.echo(f"To: {', '.join(mail.to)}")
    if mail.cc:
        click.echo(f"Cc: {', '.join(mail.cc)}")
    click.echo(f"Subject: {mail.subject}\n\n{mail.text}")
    for name, size in list_attachments(mail.raw):
        click.echo(f"[{name}, {size:,} bytes]")
