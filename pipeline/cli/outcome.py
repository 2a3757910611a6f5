"""Outcome mails: prepared, looked at, released."""

from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of

if TYPE_CHECKING:
    from pipeline.outcome import Outcomes


@click.command()
@click.argument("code")
@click.option("--base", default="", help="The revision that was proposed on (default: the one before the newer).")
@click.option("--revision", "newer", default="", help="The newer revision (default: the newest).")
@click.option("--release", is_flag=True, help="Let the mails go that were prepared.")
@click.option("--show", is_flag=True, help="Print each mail as its recipient gets it.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.pass_context
def outcome(ctx: click.Context, code: str, base: str, newer: str, release: bool, show: bool, dry_run: bool) -> None:
    """Tell each agency what became of its own proposals on draft CODE.

    The mails wait in the outbox until --release, or a click in the admin, lets them go; prepared again, they say what
    is decided then.
    """
    from pipeline.outcome import prepare_outcomes, read_outcomes

    if release:
        _release(ctx, code, base, newer, dry_run)
        return
    with office_of(ctx) as office:
        now, secret = office.clock(), office.desk.secret
        if dry_run:
            outcomes = read_outcomes(office.database, code, now, secret, base=base, newer=newer)
        else:
            outcomes = prepare_outcomes(office.database, code, now, secret, by="command line", base=base, newer=newer)
    for mail in outcomes.mails:
        click.echo(f"{mail.agency or '':<10} {', '.join((*mail.to, *mail.cc))}")
        if show:
            click.echo(f"\n{mail.text}")
    _say_rest(outcomes)
    click.echo(f"{len(outcomes.mails)} mails {'would be prepared' if dry_run else 'wait for --release'}.", err=True)


def _release(ctx: click.Context, code: str, base: str, newer: str, dry_run: bool) -> None:
    from pipeline.outcome import choose_revisions, list_held, release_outcomes

    with office_of(ctx) as office:
        if dry_run:
            with office.database.read() as db:
                held = list_held(db, code, choose_revisions(db, code, base, newer))
        else:
            held = release_outcomes(
                office.database, code, by="command line", now=office.clock(), base=base, newer=newer
            )
    for sent in held:
        click.echo(f"{sent.mail.agency or '':<10} {', '.join((*sent.mail.to, *sent.mail.cc))}")
    words = "would be released" if dry_run else "are in the outbox; the clock sends them"
    click.echo(f"{len(held)} mails {words}.", err=True)


def _say_rest(outcomes: "Outcomes") -> None:
    """What a person should know before releasing."""
    if outcomes.told:
        click.echo(f"Not written again, because released or cancelled: {', '.join(outcomes.told)}.", err=True)
    if outcomes.unreachable:
        click.echo(f"No address works: {', '.join(outcomes.unreachable)}.", err=True)
    if outcomes.undecided:
        click.echo(f"{outcomes.undecided} proposals on {outcomes.revisions[0]} are not decided yet.", err=True)
