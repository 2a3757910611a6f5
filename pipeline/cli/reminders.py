"""Commands around reminders: their ladder, those that wait for a release, the rehearsal, the digest."""

from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json

if TYPE_CHECKING:
    from pipeline.core.rehearsal import Departure

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
JSON = click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")


@click.command()
@click.argument("number", type=int)
@JSON
@click.pass_context
def rehearse(ctx: click.Context, number: int, as_json: bool) -> None:
    """Every mail of the round of this NUMBER that will leave if nothing comes in, and why others will not."""
    from pipeline.rehearse import rehearse_round

    with office_of(ctx) as office:
        found = rehearse_round(office.database, number, office.clock())
    _print(found, as_json)


@click.group()
def remind() -> None:
    """Reminders: the timetable, each round's ladder, and those that wait for a release."""


@remind.command("plan")
@JSON
@click.pass_context
def plan(ctx: click.Context, as_json: bool) -> None:
    """Every reminder of the open rounds, with the reason where one will be skipped."""
    from pipeline.core.model import Occasion
    from pipeline.rehearse import rehearse_all

    with office_of(ctx) as office:
        now = office.clock()
        found = rehearse_all(office.database, now, now)
    _print(tuple(each for each in found if each.occasion is Occasion.REMINDER), as_json)


@remind.command("ladder")
@click.argument("number", type=int)
@click.option("--steps", help='Days before and after the deadline: "T-7 T-2 T+1"; "" for none.')
@click.option("--ask-first/--send", default=None, help="Whether reminders wait for a release.")
@DRY_RUN
@click.pass_context
def ladder(ctx: click.Context, number: int, steps: str | None, ask_first: bool | None, dry_run: bool) -> None:
    """Show or change when the round of this NUMBER reminds, and whether a person releases each reminder first."""
    from pipeline.adapters import store
    from pipeline.core.ladder import read_ladder
    from pipeline.remind import set_ladder

    with office_of(ctx) as office:
        with office.database.read() as db:
            round = store.rounds.get_round(db, number)
        words = " ".join(round.ladder) if steps is None else steps
        ask_first = round.ask_first if ask_first is None else ask_first
        found = read_ladder(words)
        if not dry_run and (found, ask_first) != (round.ladder, round.ask_first):
            set_ladder(office.database, number, words, ask_first=ask_first, by="command line", now=office.clock())
    click.echo(f"{' '.join(found) or 'no reminders'}{', each after a release' if ask_first else ''}")


@remind.command("release")
@click.argument("number", type=int)
@click.argument("agencies", nargs=-1)
@click.option("--skip", is_flag=True, help="Do not send them instead.")
@DRY_RUN
@click.pass_context
def release(ctx: click.Context, number: int, agencies: tuple[str, ...], skip: bool, dry_run: bool) -> None:
    """Let the held reminders of the round of this NUMBER leave: all, or those to AGENCIES."""
    from pipeline.remind import list_held, settle_held

    with office_of(ctx) as office:
        with office.database.read() as db:
            held = [each for each in list_held(db, number) if not agencies or each.mail.agency in agencies]
        if not dry_run:
            ids = [each.id for each in held]
            settle_held(office.database, number, ids, skip=skip, by="command line", now=office.clock())
    for each in held:
        click.echo(f"{each.mail.agency or '':<10} {', '.join(each.mail.to):<40} {each.mail.subject}")
    done = "are not sent" if skip else "leave in the office hours of their addressees"
    planned = f"would be {'skipped' if skip else 'released'}"
    click.echo(f"{len(held)} reminders {planned if dry_run else done}.", err=True)


@click.command()
@click.option("--on/--off", "switch", default=None, help="Send it each working morning, or not at all.")
@DRY_RUN
@JSON
@click.pass_context
def digest(ctx: click.Context, switch: bool | None, dry_run: bool, as_json: bool) -> None:
    """The mail the chair gets each working morning, as it would be now."""
    from pipeline.digest import preview_digest, switch_digest
    from pipeline.errors import UsageError

    with office_of(ctx) as office:
        now = office.clock()
        if switch is not None:
            if not dry_run:
                switch_digest(office.database, switch, by="command line", now=now)
            click.echo(f"The digest {'would be' if dry_run else 'is'} switched {'on' if switch else 'off'}.", err=True)
            return
        mail = preview_digest(office.database, now, office.desk.secret)
    if mail is None:
        raise UsageError("Nobody gets it: name a chair_secretariat of the chair on the roster.")
    if as_json:
        print_json(mail)
        return
    click.echo(f"To: {', '.join(mail.to)}\nSubject: {mail.subject}\n\n{mail.text}")


def _print(found: "tuple[Departure, ...]", as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo(
            f"{each.at:%a %d %b %Y %H:%M %Z}  {each.occasion.value:<12} {each.step:<5} "
            f"{each.agency or 'chair':<10} {', '.join(each.to) or '-':<40} {_say(each)}".rstrip()
        )


def _say(each: "Departure") -> str:
    """What becomes of one mail."""
    if each.skipped:
        return f"skipped: {each.skipped}"
    return "; ".join(filter(None, ("waits for a release" if each.held else "leaves", each.moved)))
