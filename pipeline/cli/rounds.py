"""Commands of the secretariat: roster, drafts, rounds, status, consolidation."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli import closing, endings
from pipeline.cli.reminders import rehearse
from pipeline.cli.shell import office_of, print_json
from pipeline.cli.trials import SHOW, TEST_TO, is_rehearsal, report

if TYPE_CHECKING:
    from pipeline.overview import RoundBoard

PathType = click.Path(path_type=Path)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
JSON = click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")


# --- Roster ---------------------------------------------------------------------------------------------------


@click.group()
def roster() -> None:
    """Import or export the group and its contacts."""


@roster.command("import")
@click.argument("file", type=PathType)
@DRY_RUN
@click.pass_context
def import_roster(ctx: click.Context, file: Path, dry_run: bool) -> None:
    """Replace the roster by the one in FILE (TOML; see docs/roster.md)."""
    from pipeline.adapters import store
    from pipeline.cli.files import read_utf8
    from pipeline.core.roster import load_roster

    found, _ = load_roster(read_utf8(file))
    if not dry_run:
        with office_of(ctx) as office, office.database.begin() as db:
            store.rosters.import_roster(db, found)
    bodies = len(found.agencies) - len(found.members)
    click.echo(f"{found.name}: {len(found.members)} members, {bodies} bodies.", err=True)


@roster.command("export")
@click.pass_context
def export_roster(ctx: click.Context) -> None:
    """Print the roster as TOML."""
    from pipeline.adapters import store
    from pipeline.core.roster import dump_roster

    with office_of(ctx) as office, office.database.read() as db:
        click.echo(dump_roster(store.rosters.get_roster(db)), nl=False)


# --- Drafts ---------------------------------------------------------------------------------------------------


@click.group()
def draft() -> None:
    """Add drafts and their revisions; publish or withdraw them."""


draft.add_command(endings.publish)
draft.add_command(endings.withdraw)
draft.add_command(endings.reopen)


@draft.command("add")
@click.argument("code")
@click.argument("file", type=PathType)
@click.option("--title", help="Full title. Needed for a new draft.")
@click.option("--type", "type_", default="draft", help='What it is: "thematic report", "joint statement".')
@click.option("--lead", "leads", multiple=True, help="Code of a lead agency; may be repeated.")
@click.option(
    "--rule", type=click.Choice(["inputs", "endorsement", "silence"]), default="inputs", help="When it is done."
)
@click.option("--revision", default="r0", help="Name of the revision in FILE.")
@DRY_RUN
@click.pass_context
def add_draft(
    ctx: click.Context,
    code: str,
    file: Path,
    title: str | None,
    type_: str,
    leads: tuple[str, ...],
    rule: str,
    revision: str,
    dry_run: bool,
) -> None:
    """Add the text in FILE (.docx) as a revision of draft CODE; a new draft needs --title."""
    from pipeline.cli.files import as_word_file, read_bytes
    from pipeline.core.model import Draft, Rule
    from pipeline.revise import add_revision

    new = Draft(code=code, title=title, type=type_, leads=leads, rule=Rule(rule)) if title else None
    content = read_bytes(file)
    with office_of(ctx) as office, as_word_file(file):
        added = add_revision(office.desk, code, revision, content, new_draft=new, dry_run=dry_run)
    click.echo(f"{added.draft} {added.name}: {added.paragraphs} numbered paragraphs.", err=True)


@draft.command("list")
@JSON
@click.pass_context
def list_drafts(ctx: click.Context, as_json: bool) -> None:
    """Every draft, how far it is, and its revisions."""
    from pipeline.adapters import store
    from pipeline.overview import read_drafts

    with office_of(ctx) as office:
        boards = read_drafts(office.database, office.clock())
        with office.database.read() as db:
            revisions = store.drafts.list_revisions(db)
    rows = [
        {
            "code": each.draft.code,
            "title": each.draft.title,
            "leads": each.draft.leads,
            "rule": each.draft.rule,
            "state": each.state,
            "steps": each.steps,
            "revisions": [revision.name for revision in revisions if revision.draft == each.draft.code],
        }
        for each in boards
    ]
    if as_json:
        print_json(rows)
        return
    for each in boards:
        names = ", ".join(revision.name for revision in revisions if revision.draft == each.draft.code) or "no text yet"
        click.echo(f"{each.draft.code:<8} {names:<12} {each.state.value.replace('_', ' '):<22} {each.draft.title}")


# --- Rounds ---------------------------------------------------------------------------------------------------


@click.group("round")
def round() -> None:
    """Open, extend and close calls for inputs; enter answers by hand."""


round.add_command(closing.close)
round.add_command(closing.enter)
round.add_command(closing.announce)
round.add_command(rehearse)


@round.command("open")
@click.argument("code")
@click.option("--deadline", required=True, help="As 2012-10-31T18:00, on the clock of --zone.")
@click.option("--zone", help="IANA time zone it is announced in (default: that of the roster).")
@click.option("--revision", default="r0", help="The revision to send out.")
@click.option(
    "--purpose", type=click.Choice(["inputs", "silence", "endorsement"]), default="inputs", help="What is asked."
)
@click.option("--only", multiple=True, help="Code of a member to ask, instead of all of them; may be repeated.")
@SHOW
@TEST_TO
@DRY_RUN
@click.pass_context
def open_(
    ctx: click.Context,
    code: str,
    deadline: str,
    zone: str | None,
    revision: str,
    purpose: str,
    only: tuple[str, ...],
    show: str | None,
    test_to: str | None,
    dry_run: bool,
) -> None:
    """Send the call for inputs on draft CODE to every agency, or some.

    --dry-run lists the mails, --show prints one, --test-to sends one to you: none of them opens anything.
    """
    from pipeline.adapters import store
    from pipeline.circulate import open_round
    from pipeline.core.deadlines import parse_deadline
    from pipeline.core.model import RoundPurpose

    with office_of(ctx) as office:
        with office.database.read() as db:
            zone = zone or store.rosters.get_roster(db).timezone
        circulation = open_round(
            office.database,
            code,
            revision=revision,
            deadline=parse_deadline(deadline, zone),
            purpose=RoundPurpose(purpose),
            now=office.clock(),
            secret=office.desk.secret,
            only=only,
            dry_run=is_rehearsal(dry_run, show, test_to),
        )
        report(office, circulation, dry_run=dry_run, show=show, test_to=test_to)


@round.command("circulate")
@click.argument("number", type=int)
@click.argument("revision")
@SHOW
@TEST_TO
@DRY_RUN
@click.pass_context
def circulate(
    ctx: click.Context, number: int, revision: str, show: str | None, test_to: str | None, dry_run: bool
) -> None:
    """Send REVISION to everybody in the round of this NUMBER; it is the text to work on from then.

    --dry-run lists the mails, --show prints one, --test-to sends one to you: none of them circulates anything.
    """
    from pipeline.circulate import circulate_revision

    with office_of(ctx) as office:
        circulation = circulate_revision(
            office.database,
            number,
            revision,
            now=office.clock(),
            secret=office.desk.secret,
            dry_run=is_rehearsal(dry_run, show, test_to),
        )
        report(office, circulation, dry_run=dry_run, show=show, test_to=test_to)


@round.command("extend")
@click.argument("number", type=int)
@click.argument("agency")
@click.option("--until", help="The new deadline, as 2012-11-05T18:00, on the clock of the round's zone.")
@click.option("--refuse", is_flag=True, help="Say no instead.")
@click.option("--reason", default="", help="A sentence for the agency.")
@DRY_RUN
@click.pass_context
def extend(
    ctx: click.Context, number: int, agency: str, until: str | None, refuse: bool, reason: str, dry_run: bool
) -> None:
    """Grant AGENCY more time in the round of this NUMBER, or --refuse it; it is told by mail."""
    from pipeline.adapters import store
    from pipeline.core.deadlines import parse_deadline
    from pipeline.errors import UsageError
    from pipeline.extend import decide_extension

    if refuse == bool(until):
        raise UsageError("Name the new deadline with --until, or say no with --refuse.")
    with office_of(ctx) as office:
        with office.database.read() as db:
            found = store.rounds.get_round(db, number)
        deadline = parse_deadline(until, found.deadline.zone) if until else None
        if not dry_run:
            decide_extension(
                office.database,
                number,
                agency,
                deadline,
                by="command line",
                now=office.clock(),
                secret=office.desk.secret,
                reason=reason,
            )
    words = f"until {_local(deadline.local)} {deadline.zone}" if deadline else "no more time"
    click.echo(
        f"{agency}, {found.draft} {found.revision}: {words}{' (nothing is changed)' if dry_run else ''}.", err=True
    )


# --- Status ---------------------------------------------------------------------------------------------------


@click.command()
@JSON
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Who has not answered, for each open round."""
    from pipeline.overview import read_board

    with office_of(ctx) as office:
        board = read_board(office.database, office.clock(), open_only=True)
    if as_json:
        print_json([_describe_round(each) for each in board.rounds])
        return
    for each in board.rounds:
        missing = ", ".join(f"{one.agency}{' (overdue)' if one.overdue else ''}" for one in each.missing)
        click.echo(
            f"{each.draft.code} {each.round.revision}: {len(each.answered)} of {len(each.asked)} answered, "
            f"deadline {_local(each.round.deadline.local)} {each.round.deadline.zone}"
        )
        click.echo(f"  missing: {missing or 'nobody'}")
        if each.objecting:
            click.echo(f"  objected: {', '.join(one.agency for one in each.objecting)}")
        for one in each.missing:
            if one.do_not_chase:
                click.echo(f"  not to be chased: {one.agency} ({one.do_not_chase})")


def _describe_round(each: "RoundBoard") -> dict[str, object]:
    return {
        "round": each.round.id,
        "draft": each.draft.code,
        "revision": each.round.revision,
        "deadline": each.round.deadline,
        "answered": [one.agency for one in each.answered],
        "missing": [one.agency for one in each.missing],
        "responses": each.responses,
    }


# --- Consolidation --------------------------------------------------------------------------------------------


@click.command()
@click.argument("code")
@click.option("--revision", default="r0", help="The base that proposals refer to.")
@click.option("--out", type=PathType, default=Path(), help="Folder to write to.")
@click.option("--parcel", type=PathType, help="One .zip for the lead instead: the same with what each agency sent.")
@DRY_RUN
@click.pass_context
def consolidate(ctx: click.Context, code: str, revision: str, out: Path, parcel: Path | None, dry_run: bool) -> None:
    """Write the consolidated draft of CODE, its compilation, matrix, report and ledger."""
    from pipeline.consolidate import DOCUMENTS, name_document, read_consolidation
    from pipeline.parcel import write_parcel

    with office_of(ctx) as office:
        if parcel is not None and not dry_run:
            made = write_parcel(office.desk, code, revision, parcel, office.clock())
            click.echo(f"{parcel}: {made.documents} documents, {made.originals} originals.", err=True)
            return
        consolidation = read_consolidation(office.database, code, revision, office.clock())
    if not dry_run:
        out.mkdir(parents=True, exist_ok=True)
    for document, write in DOCUMENTS.items():
        content, path = write(consolidation), out / name_document(consolidation, document)
        if not dry_run:
            path.write_bytes(content)
        click.echo(f"{path}  {len(content):,} bytes")
    stored, conflicts = len(consolidation.stored), len(consolidation.merge.conflicts)
    click.echo(f"{stored} proposals, {conflicts} conflicts.", err=True)


def _local(at: datetime) -> str:
    return at.strftime("%a %d %b %Y %H:%M %Z")
