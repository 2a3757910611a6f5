"""Receipts: where they go out, and where they are switched off."""

import click

from pipeline.cli.shell import office_of, print_json

DRAFT = click.option("--draft", default="", help="Only on this draft. Without it: on all drafts.")
AGENCY = click.option("--agency", default="", help="Only to this agency. Without it: to all agencies.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")


@click.group()
def receipts() -> None:
    """Switch receipts off and on, by draft and by agency."""


@receipts.command("list")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """Where no receipts go out."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.read() as db:
        off = store.receipts.list_off(db)
    if as_json:
        print_json([{"draft": draft or None, "agency": agency or None} for draft, agency in off])
        return
    for draft, agency in off:
        click.echo(f"{draft or 'all drafts':<12} {agency or 'all agencies'}")
    if not off:
        click.echo("Receipts go out on all drafts, to all agencies.", err=True)


@receipts.command()
@DRAFT
@AGENCY
@DRY_RUN
@click.pass_context
def off(ctx: click.Context, draft: str, agency: str, dry_run: bool) -> None:
    """No receipts on a draft, to an agency, or to one agency on one draft."""
    _switch(ctx, draft, agency, on=False, dry_run=dry_run)


@receipts.command()
@DRAFT
@AGENCY
@DRY_RUN
@click.pass_context
def on(ctx: click.Context, draft: str, agency: str, dry_run: bool) -> None:
    """Take back what `off` did with the same options."""
    _switch(ctx, draft, agency, on=True, dry_run=dry_run)


def _switch(ctx: click.Context, draft: str, agency: str, *, on: bool, dry_run: bool) -> None:
    from pipeline.acknowledge import switch_receipts

    with office_of(ctx) as office:
        changed = switch_receipts(
            office.database, draft, agency, on=on, by="command line", now=office.clock(), dry_run=dry_run
        )
    words = f"Receipts on {draft or 'all drafts'} to {agency or 'all agencies'}"
    done = f"{'would be' if dry_run else 'are'} switched {'on' if on else 'off'}"
    click.echo(f"{words} {done if changed else 'stay as they are'}.", err=True)
