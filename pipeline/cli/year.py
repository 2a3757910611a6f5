"""Commands of the year: the work plan, the register of decisions, the calendar, the annual report."""

from pathlib import Path

import click

from pipeline.cli.record import BY, parse_day
from pipeline.cli.shell import office_of, print_json

PathType = click.Path(path_type=Path)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")


@click.group()
def year() -> None:
    """The work plan, the register of decisions, the calendar."""


@year.command("import")
@click.argument("file", type=PathType)
@DRY_RUN
@click.pass_context
def import_year(ctx: click.Context, file: Path, dry_run: bool) -> None:
    """Enter the planned texts and decisions in FILE (TOML; see docs/year.md); what is there already is replaced."""
    from pipeline.cli.files import read_utf8
    from pipeline.core.year_file import load_year
    from pipeline.year import save_year

    planned, mandates = load_year(read_utf8(file))
    with office_of(ctx) as office:
        save_year(office.database, planned, mandates, by=BY, now=office.clock(), dry_run=dry_run)
    click.echo(f"{len(planned)} planned texts, {len(mandates)} decisions{_unchanged(dry_run)}.", err=True)


@year.command("list")
@click.argument("number", type=int, required=False, metavar="[YEAR]")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def list_year(ctx: click.Context, number: int | None, as_json: bool) -> None:
    """The work plan and the register of decisions, of all years or of one."""
    from pipeline.adapters import store

    with office_of(ctx) as office, office.database.read() as db:
        planned, mandates = store.year.list_planned(db), store.year.list_mandates(db)
    if number is not None:
        planned = tuple(each for each in planned if any(day.year == number for day in each.days))
        mandates = tuple(
            each for each in mandates if number in {each.decided_on.year, (each.due or each.decided_on).year}
        )
    if as_json:
        print_json({"planned": planned, "decisions": mandates})
        return
    for text in planned:
        click.echo(f"{text.code:<8} out {text.circulate or '–'}  inputs by {text.inputs_by or '–'}  {text.title}")
        for milestone in text.milestones:
            click.echo(f"         {milestone.day}  {milestone.title}")
    for each in mandates:
        state = f"done {each.done_on}" if each.done_on else f"due {each.due or '–'}"
        click.echo(f"{each.number:<12} {state:<16} {each.owner}: {each.text}")


@year.command("plan")
@click.argument("code")
@click.option("--title", required=True, help="Full title.")
@click.option("--type", "type_", default="draft", help='What it is: "thematic report".')
@click.option("--lead", "leads", multiple=True, help="Code of a lead agency; may be repeated.")
@click.option("--circulate", help="When the first text is to go out, as 2012-10-01.")
@click.option("--inputs-by", help="Until when inputs are wanted.")
@click.option(
    "--milestone", "milestones", multiple=True, help='A day and what is on it: "2012-11-20 HLCP"; may be repeated.'
)
@DRY_RUN
@click.pass_context
def plan(
    ctx: click.Context,
    code: str,
    title: str,
    type_: str,
    leads: tuple[str, ...],
    circulate: str | None,
    inputs_by: str | None,
    milestones: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Put the text CODE on the work plan, or replace what the plan says of it."""
    from pipeline.core.model import Milestone
    from pipeline.core.year_file import make_planned
    from pipeline.year import save_year

    days = [(each.partition(" ")[0], each.partition(" ")[2].strip()) for each in milestones]
    planned = make_planned(
        code=code,
        title=title,
        type=type_,
        leads=leads,
        circulate=parse_day(circulate) if circulate else None,
        inputs_by=parse_day(inputs_by) if inputs_by else None,
        milestones=[Milestone(day=parse_day(day), title=words) for day, words in days],
    )
    with office_of(ctx) as office:
        save_year(office.database, [planned], [], by=BY, now=office.clock(), dry_run=dry_run)
    click.echo(f"{code}: on the work plan, {len(planned.days)} days{_unchanged(dry_run)}.", err=True)


@year.command("drop")
@click.argument("code")
@DRY_RUN
@click.pass_context
def drop(ctx: click.Context, code: str, dry_run: bool) -> None:
    """Take the text CODE off the work plan; its draft and rounds stay."""
    from pipeline.year import remove_planned

    with office_of(ctx) as office:
        remove_planned(office.database, code, by=BY, now=office.clock(), dry_run=dry_run)
    click.echo(f"{code}: off the work plan{_unchanged(dry_run)}.", err=True)


@year.command("decide")
@click.argument("number")
@click.argument("text")
@click.option("--on", "decided_on", required=True, help="The day of the decision, as 2012-11-14.")
@click.option("--by", "by_whom", required=True, help='Who decided: "GMG Principals".')
@click.option("--owner", required=True, help='Who has to act: "working level", or the code of a member.')
@click.option("--due", help="The last day to do it.")
@DRY_RUN
@click.pass_context
def decide(
    ctx: click.Context,
    number: str,
    text: str,
    decided_on: str,
    by_whom: str,
    owner: str,
    due: str | None,
    dry_run: bool,
) -> None:
    """Enter the decision TEXT under NUMBER, or replace the one of this number."""
    from pipeline.core.model import Mandate
    from pipeline.year import save_year

    day = parse_day(decided_on)
    made = Mandate(
        number=number, decided_on=day, by=by_whom, text=text, owner=owner, due=parse_day(due) if due else None
    )
    with office_of(ctx) as office:
        save_year(office.database, [], [made], by=BY, now=office.clock(), dry_run=dry_run)
    click.echo(f"Decision {number} is due {made.due or 'on no day'}{_unchanged(dry_run)}.", err=True)


@year.command("done")
@click.argument("number")
@click.argument("outcome")
@click.option("--on", "day", help="The day it was done (default: today).")
@DRY_RUN
@click.pass_context
def done(ctx: click.Context, number: str, outcome: str, day: str | None, dry_run: bool) -> None:
    """Note that the decision NUMBER was carried out, and in OUTCOME what came of it."""
    from pipeline.year import close_mandate

    on = parse_day(day) if day else None
    with office_of(ctx) as office:
        closed = close_mandate(office.database, number, on, outcome, by=BY, now=office.clock(), dry_run=dry_run)
    click.echo(f"Decision {number}: done on {closed.done_on}{_unchanged(dry_run)}.", err=True)


@year.command("calendar")
@click.option("-o", "--out", type=PathType, help="The .ics file to write (default: standard output).")
@DRY_RUN
@click.pass_context
def calendar(ctx: click.Context, out: Path | None, dry_run: bool) -> None:
    """Deadlines, milestones, due decisions and terms of the chair as one .ics file."""
    from pipeline.agenda import read_calendar
    from pipeline.cli.files import write_results

    with office_of(ctx) as office:
        content = read_calendar(office.database, office.clock())
    if out is None:
        click.echo(content, nl=False)
    elif not dry_run:
        write_results({out: content})
    click.echo(f"{content.count(b'BEGIN:VEVENT')} entries{_unchanged(dry_run)}.", err=True)


@click.command()
@click.argument("number", type=int, metavar="YEAR")
@click.option("-o", "--out", type=PathType, required=True, help="The Word file to write.")
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON too.")
@DRY_RUN
@click.pass_context
def report(ctx: click.Context, number: int, out: Path, as_json: bool, dry_run: bool) -> None:
    """The annual report of YEAR: texts, answers, on-time rates, proposals accepted per agency, decisions."""
    from pipeline.annual import write_annual_report
    from pipeline.cli.files import check_targets, write_results
    from pipeline.figures import count_year

    check_targets([out], [])
    with office_of(ctx) as office:
        figures = count_year(office.database, number, office.clock())
    if not dry_run:
        write_results({out: write_annual_report(figures)})
    if as_json:
        print_json({"total": figures.total, "agencies": dict(figures.agencies)})
    total = figures.total
    click.echo(
        f"{out}: {len(figures.drafts)} texts, {total.answered} of {total.asked} answers, "
        f"{total.proposals} proposals{_unchanged(dry_run)}.",
        err=True,
    )


def _unchanged(dry_run: bool) -> str:
    return " (nothing is changed)" if dry_run else ""
