"""The record of who did what: to read, and to prove that nobody changed it."""

import sys

import click

from pipeline.cli.shell import office_of, print_json


@click.group()
def audit() -> None:
    """Read the record of who did what, and prove it."""


@audit.command("list")
@click.option("--subject", default=None, help='Only what was done to this: "message 12", "round 1".')
@click.option("--limit", default=50, type=click.IntRange(min=1), help="How many entries, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def list_entries(ctx: click.Context, subject: str | None, limit: int, as_json: bool) -> None:
    """Who did what, and to what, the newest first."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.read() as db:
        entries = store.audit.list_entries(db, limit, subject)
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(f"{entry.id:>6}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.who:<14} {entry.subject}: {entry.what}")


@audit.command("verify")
@click.option("--head", default="", help="A hash printed earlier, which the record still has to hold.")
@click.pass_context
def verify(ctx: click.Context, head: str) -> None:
    """Prove that no entry was changed or taken out, and print the hash the record ends with.

    Keep the hash elsewhere: with --head a record that was cut off at its end is found too. Exit code 1 says that the
    record is not whole.
    """
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.read() as db:
        broken, last, known = store.audit.verify(db), store.audit.get_head(db), store.audit.has_hash(db, head)
    if broken is not None:
        click.echo(f"The record is not whole: entry {broken} was changed, or the one before it is missing.", err=True)
        sys.exit(1)
    if head and not known:
        click.echo("The record is not whole: the entry with this hash is missing at its end.", err=True)
        sys.exit(1)
    click.echo(last)
