"""Commands that stay: the poller, the clock, and everything in one process."""

import threading
from threading import Event

import click

from pipeline.bootstrap import Office, mailbox_settings, sender_settings
from pipeline.cli.shell import office_of


@click.command()
@click.option("--once", is_flag=True, help="One look, then leave.")
@click.option("--dry-run", is_flag=True, help="Say what lies in the mailbox; store nothing.")
@click.pass_context
def poll(ctx: click.Context, once: bool, dry_run: bool) -> None:
    """Read the mailbox, for ever or --once. The mailbox itself is not changed."""
    from pipeline.adapters.imap import ImapMailbox
    from pipeline.poll import keep_polling, poll_once

    with office_of(ctx) as office:
        settings = mailbox_settings(office.settings)
        if dry_run:
            with ImapMailbox(settings) as mailbox:
                click.echo(mailbox.survey().describe())
        elif once:
            with ImapMailbox(settings) as mailbox:
                found = poll_once(office.desk, mailbox, settings, office.clock)
            click.echo(found.first_words or f"{found.new} new messages.")
            for receipt in found.receipts:
                click.echo(f"{receipt.message_id:>6}  {receipt.place:<12} {receipt.kind:<18} {receipt.reason}")
        else:
            keep_polling(office.desk, settings, office.clock, Event(), office.settings.poll_seconds)


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then leave.")
@click.option("--dry-run", is_flag=True, help="Say what would leave; queue and send nothing.")
@click.pass_context
def clock(ctx: click.Context, once: bool, dry_run: bool) -> None:
    """Send what is due: reminders and everything in the outbox."""
    from pipeline.clock import keep_time, tick
    from pipeline.deliver import recover

    with office_of(ctx) as office:
        if dry_run:
            _list_due(office)
        elif once:
            recover(office.database, office.clock())
            for words in tick(office.database, sender_settings(office.settings), office.clock(), office.desk.secret):
                click.echo(words)
        else:
            keep_time(office.database, sender_settings(office.settings), office.clock, office.desk.secret, Event())


def _list_due(office: Office) -> None:
    from pipeline.adapters import store
    from pipeline.rehearse import rehearse_all

    now = office.clock()
    with office.database.read() as db:
        waiting = store.outbox.list_due(db, now)
    for sent in waiting:
        click.echo(f"in the outbox: {sent.mail.to[0]}  {sent.mail.subject}")
    known = {(sent.mail.key, sent.mail.to) for sent in waiting}
    for each in rehearse_all(office.database, now, now):
        if not each.skipped and not each.held and each.at <= now and (each.key, each.to) not in known:
            click.echo(f"{each.occasion.value} due: {each.agency or each.to[0]}  {each.step}".rstrip())


@click.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Everything in one process: poller, clock and admin."""
    with office_of(ctx) as office:
        stop = Event()
        click.echo(f"The admin is at http://{office.settings.admin_host}:{office.settings.admin_port}/", err=True)
        run_all(office, stop)


def run_all(office: Office, stop: Event) -> None:
    """Poll, keep time and serve until interrupted; threads end before this returns."""
    from admin.serve import serve
    from pipeline.clock import keep_time
    from pipeline.poll import keep_polling

    mailbox, sender = mailbox_settings(office.settings), sender_settings(office.settings)
    threads = (
        threading.Thread(
            target=keep_polling, args=(office.desk, mailbox, office.clock, stop, office.settings.poll_seconds)
        ),
        threading.Thread(target=keep_time, args=(office.database, sender, office.clock, office.desk.secret, stop)),
    )
    for thread in threads:
        thread.start()
    try:
        serve(office)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
