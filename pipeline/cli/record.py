"""Commands that keep the record and take it along: export, import, backup, sending, handover."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json

if TYPE_CHECKING:
    from pipeline.core.chairing import Term
    from pipeline.transfer import Transferred
    from pipeline.unfinished import Unfinished

PathType = click.Path(path_type=Path)
BY = "command line"


# --- Archives -------------------------------------------------------------------------------------------------


@click.command("export")
@click.argument("target", type=PathType)
@click.option("--dry-run", is_flag=True, help="Say how much it would be; write nothing.")
@click.pass_context
def export(ctx: click.Context, target: Path, dry_run: bool) -> None:
    """Write everything to TARGET in open formats: a zip file when it ends in .zip, else a folder."""
    from tempfile import TemporaryDirectory

    from pipeline.transfer import export_all

    with office_of(ctx) as office, TemporaryDirectory(prefix="penholder-export-") as folder:
        place = Path(folder) / "tried.zip" if dry_run else target
        made = export_all(office.database, place, office.clock())
    click.echo(f"{target}: {_sum_up(made)}{' (nothing is written)' if dry_run else ''}.", err=True)


@click.command("import")
@click.argument("source", type=PathType)
@click.option("--dry-run", is_flag=True, help="Check the whole archive; keep nothing of it.")
@click.pass_context
def import_(ctx: click.Context, source: Path, dry_run: bool) -> None:
    """Fill an empty database from SOURCE, which export wrote; no mail leaves until you say so."""
    from pipeline.transfer import import_all

    with office_of(ctx) as office:
        made = import_all(office.database, source, office.clock(), dry_run=dry_run)
    click.echo(f"{source}: {_sum_up(made)}{' (nothing is kept)' if dry_run else ''}.", err=True)
    if not dry_run:
        click.echo("No mail leaves. When nothing leaves from the old place any more: penholder sending on", err=True)


def _sum_up(made: "Transferred") -> str:
    rows = made.rows
    return f"{rows['message']} messages, {rows['draft']} drafts, {rows['call_round']} rounds, {made.files} files"


@click.command()
@click.argument("target", type=PathType)
@click.option("--dry-run", is_flag=True, help="Say where the copy would be; write nothing.")
@click.pass_context
def backup(ctx: click.Context, target: Path, dry_run: bool) -> None:
    """Copy the SQLite database to TARGET while everybody goes on working; a copy sends no mail."""
    with office_of(ctx) as office:
        if not dry_run:
            office.database.back_up(target)
    click.echo(f"{target} {'would be' if dry_run else 'is'} a copy of the database.", err=True)


# --- Sending --------------------------------------------------------------------------------------------------


@click.command()
@click.argument("state", type=click.Choice(["on", "off", "show"]), default="show")
@click.option("--reason", default="Stopped by hand.", help="A sentence for the strip in the admin.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.pass_context
def sending(ctx: click.Context, state: str, reason: str, as_json: bool, dry_run: bool) -> None:
    """Say whether mail leaves; turn it off, or on again after an import or a restored backup."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.begin() as db:
        if state == "on" and not dry_run:
            store.sending.allow(db, BY, office.clock())
        if state == "off" and not dry_run:
            store.sending.stop(db, reason, office.clock())
            store.audit.write(db, office.clock(), BY, "stopped all sending", "sending")
        stop = store.sending.get_stop(db)
    if as_json:
        print_json({"on": stop is None, "since": stop.since if stop else None, "why": stop.why if stop else ""})
    else:
        words = "Mail leaves." if stop is None else f"No mail leaves. {stop.why}"
        click.echo(words + (" (nothing is changed)" if dry_run else ""))


# --- Hand-over ------------------------------------------------------------------------------------------------


@click.command()
@click.option("--to", multiple=True, help="Code of the member that takes over; may be repeated for co-chairs.")
@click.option(
    "--on", "start", help="First day of the new term, as 2013-01-01 (default: as the roster plans, or today)."
)
@click.option("--until", "end", help="Last day of the new term (default: as the roster plans).")
@click.option("--json", "as_json", is_flag=True, help="What is still open, as JSON.")
@click.option("--dry-run", is_flag=True, help="Show what is open and what would change; change nothing.")
@click.pass_context
def handover(
    ctx: click.Context, to: tuple[str, ...], start: str | None, end: str | None, as_json: bool, dry_run: bool
) -> None:
    """Change the chair today, or on a later day by the clock; open rounds stay as they are. Prints what is open."""
    from pipeline.handover import hand_over, plan_hand_over
    from pipeline.unfinished import read_unfinished

    with office_of(ctx) as office:
        found = read_unfinished(office.database, office.clock())
        term = _find_term(found, start, end)
        to = to or found.roster.incoming_chair
        if later := term[0] > found.today:
            planned = plan_hand_over(office.database, to, term, by=BY, now=office.clock(), dry_run=dry_run)
        else:
            done = hand_over(office.database, to, term, by=BY, now=office.clock(), dry_run=dry_run)
    _tell(found, as_json)
    if later:
        words = f"{', '.join(planned.incoming_chair)} takes over when {term[0]} begins"
    else:
        words = f"{', '.join(done.former)} {'would hand' if dry_run else 'handed'} over to {', '.join(done.chair)}"
        words += f"; signs in again: {', '.join(done.ended) or 'nobody'}; closed: {', '.join(done.closed) or 'nobody'}"
    click.echo(f"{words}{' (nothing is changed)' if dry_run else ''}.", err=True)


def _find_term(found: "Unfinished", start: str | None, end: str | None) -> "Term":
    """First and last day. Raises: UsageError."""
    from pipeline.errors import UsageError

    planned = found.roster.incoming_term
    first = parse_day(start) if start else planned[0] if planned else found.today
    if end is None and planned is None:
        raise UsageError("Name the last day of the new term with --until 2013-06-30.")
    return first, parse_day(end) if end else planned[1] if planned else first


def parse_day(text: str) -> date:
    """The day a person typed. Raises: UsageError."""
    from pipeline.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day: write year-month-day, as in 2013-01-01.") from None


def _tell(found: "Unfinished", as_json: bool) -> None:
    if as_json:
        print_json(_describe(found))
        return
    for each in found.rounds:
        until, missing = each.round.deadline.local, ", ".join(one.agency for one in each.missing)
        click.echo(
            f"open: {each.draft.code} {each.round.current_revision} until {until:%Y-%m-%d %H:%M}; missing: {missing}"
        )
    for draft, agency, _ in found.extensions:
        click.echo(f"more time asked for: {draft}, {agency}")
    for draft, revision, number in found.proposals:
        click.echo(f"not decided: {number} proposals on {draft} {revision}")
    click.echo(f"messages that need a person: {found.attention}")
    for state, number in found.mails:
        click.echo(f"mails {state}: {number}")
    for mandate in found.mandates:
        click.echo(f"due {mandate.due or '(no day)'}: decision {mandate.number}, {mandate.owner}")
    for text in found.planned:
        click.echo(f"planned until {text.days[-1]}: {text.code} {text.title}")
    for address in found.addresses:
        click.echo(f"counts as ours, belongs to the chair's agency: {address}")


def _describe(found: "Unfinished") -> dict[str, object]:
    return {
        "chair": found.roster.chair,
        "term": found.roster.chair_term,
        "incoming": found.roster.incoming_chair,
        "rounds": [
            {
                "round": each.round.id,
                "draft": each.draft.code,
                "revision": each.round.current_revision,
                "deadline": each.round.deadline,
                "missing": [one.agency for one in each.missing],
            }
            for each in found.rounds
        ],
        "extensions": [{"draft": draft, "agency": agency, "why": why} for draft, agency, why in found.extensions],
        "proposals": [
            {"draft": draft, "revision": revision, "open": number} for draft, revision, number in found.proposals
        ],
        "attention": found.attention,
        "mails": {state.value: number for state, number in found.mails},
        "decisions": found.mandates,
        "planned": found.planned,
        "addresses": found.addresses,
    }
