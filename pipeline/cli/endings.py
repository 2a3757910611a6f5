"""Commands that end a draft, or take it up again."""

import click

from pipeline.cli.closing import DRY_RUN, list_mails
from pipeline.cli.shell import office_of


@click.command("publish")
@click.argument("code")
@click.option("--link", default="", help="Where it can be read: https://...")
@click.option("--reason", default="", help="A sentence for the record.")
@DRY_RUN
@click.pass_context
def publish(ctx: click.Context, code: str, link: str, reason: str, dry_run: bool) -> None:
    """Record that draft CODE is published; nothing of it changes from then on."""
    from pipeline import publish as use_case

    with office_of(ctx) as office:
        step = use_case.publish(
            office.database,
            code,
            by="command line",
            now=office.clock(),
            link=link,
            reason=reason,
            dry_run=dry_run,
        )
    click.echo(f"{code} {step.revision} {'would be' if dry_run else 'is'} published.", err=True)


@click.command("withdraw")
@click.argument("code")
@click.option("--reason", required=True, help="A sentence for everybody who was asked.")
@DRY_RUN
@click.pass_context
def withdraw(ctx: click.Context, code: str, reason: str, dry_run: bool) -> None:
    """Withdraw draft CODE: its open rounds are closed, and everybody they asked is told; --dry-run lists the mails."""
    from pipeline import publish as use_case

    with office_of(ctx) as office:
        withdrawal = use_case.withdraw(
            office.database,
            code,
            by="command line",
            now=office.clock(),
            secret=office.desk.secret,
            reason=reason,
            dry_run=dry_run,
        )
    list_mails(mail for ending in withdrawal.endings for mail in ending.mails)
    click.echo(f"{code} {'would be' if dry_run else 'is'} withdrawn.", err=True)


@click.command("reopen")
@click.argument("code")
@click.option("--reason", required=True, help="A sentence for the record.")
@DRY_RUN
@click.pass_context
def reopen(ctx: click.Context, code: str, reason: str, dry_run: bool) -> None:
    """Take draft CODE up again after it was published or withdrawn; closed rounds stay closed."""
    from pipeline import publish as use_case

    with office_of(ctx) as office:
        use_case.reopen(office.database, code, by="command line", now=office.clock(), reason=reason, dry_run=dry_run)
    click.echo(f"{code} {'would be' if dry_run else 'is'} reopened.", err=True)
