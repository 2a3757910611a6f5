"""Commands that end a round: close it, enter answers by hand, let the notices of broken silence leave."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of

if TYPE_CHECKING:
    from pipeline.close import Ending
    from pipeline.core.model import OutgoingMail

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")


@click.command("close")
@click.argument("number", type=int)
@click.option("--reason", default="", help="A sentence for the record and for the mail to every addressee.")
@DRY_RUN
@click.pass_context
def close(ctx: click.Context, number: int, reason: str, dry_run: bool) -> None:
    """Close the round of this NUMBER; late mail is still filed.

    After silence or endorsement every addressee is told how it ended; --dry-run lists those mails, who said what, and
    what stands against closing.
    """
    from pipeline.close import close_round, read_ending

    with office_of(ctx) as office:
        now, secret = office.clock(), office.desk.secret
        if dry_run:
            ending = read_ending(office.database, number, now, secret, reason)
        else:
            ending = close_round(office.database, number, by="command line", now=now, secret=secret, reason=reason)
    list_mails(ending.mails)
    for words in _describe(ending):
        click.echo(words, err=True)
    done = f"{'would be' if dry_run else 'is'} closed: {ending.closing.end.value.replace('_', ' ')}"
    click.echo(f"Round {number} on {ending.round.draft} {ending.round.current_revision} {done}.", err=True)


@click.command("enter")
@click.argument("number", type=int)
@click.argument("agency")
@click.argument(
    "answer",
    type=click.Choice(["endorsed", "reservation", "objected", "contributed", "no_comment", "declined", "awaiting"]),
)
@click.option("--reason", required=True, help="How you know, in a sentence for the record.")
@click.option("--message", type=int, help="Number of the mail it rests on; nobody needs to look at that one any more.")
@click.option("--level", type=click.Choice(["working", "principal"]), help="At which level the agency spoke.")
@click.option("--paragraph", "paragraphs", multiple=True, help="A paragraph it objects to; may be repeated.")
@DRY_RUN
@click.pass_context
def enter(
    ctx: click.Context,
    number: int,
    agency: str,
    answer: str,
    reason: str,
    message: int | None,
    level: str | None,
    paragraphs: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Enter by hand where AGENCY stands in the round of this NUMBER: by telephone, withdrawn, with a reservation."""
    from pipeline.core.model import Level, ResponseState
    from pipeline.enter import enter_answer

    with office_of(ctx) as office:
        enter_answer(
            office.database,
            number,
            agency,
            ResponseState(answer),
            by="command line",
            now=office.clock(),
            reason=reason,
            message_id=message,
            level=Level(level) if level else None,
            paragraphs=paragraphs,
            dry_run=dry_run,
        )
    verb = "would be entered" if dry_run else "is entered"
    click.echo(f"{agency} {verb} as {answer.replace('_', ' ')} in round {number}.", err=True)


@click.command("announce")
@click.argument("number", type=int)
@DRY_RUN
@click.pass_context
def announce(ctx: click.Context, number: int, dry_run: bool) -> None:
    """Let the held notices leave that tell everybody the silence of the round of this NUMBER is broken."""
    from pipeline.close import release_notices

    with office_of(ctx) as office:
        released = release_notices(office.database, number, by="command line", now=office.clock(), dry_run=dry_run)
    list_mails(sent.mail for sent in released)
    click.echo(f"{len(released)} notices {'would leave' if dry_run else 'leave with the clock'}.", err=True)


def list_mails(mails: "Iterable[OutgoingMail]") -> None:
    """Print a line for each mail: whose it is, where it goes, its subject."""
    for mail in mails:
        click.echo(f"{mail.agency or '':<10} {', '.join(mail.to):<40} {mail.subject}")


def _describe(ending: "Ending") -> Iterable[str]:
    """Who said what, who did not, and what stands against closing."""
    for each in ending.positions:
        level = f", {each.level.value} level" if each.level else ""
        named = f", paragraph {', '.join(each.paragraphs)}" if each.paragraphs else ""
        source = f"message {each.message_id}" if each.message_id else f"{each.entered_by}: {each.reason}"
        yield f"{each.agency}: {each.state.value} {each.revision}{level}{named} ({source})"
    closing = ending.closing
    told = {"neither yes nor no": closing.unclear, "silent": closing.silent}
    told |= {} if closing.silent else {"missing": closing.missing}
    for words, names in told.items():
        if names:
            yield f"{words}: {', '.join(names)}"
    yield from closing.obstacles
