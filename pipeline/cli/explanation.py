"""`penholder explain`: why a message is where it is, rung by rung."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json

if TYPE_CHECKING:
    from pipeline.core.model import Clue, Recognition
    from pipeline.explain import Explanation, Sight
    from pipeline.understand import Desk


@click.command()
@click.argument("message")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def explain(ctx: click.Context, message: str, as_json: bool) -> None:
    """Show the ladder of evidence for MESSAGE with what each rung saw.

    MESSAGE is a file, the number of a stored message, or its sha256 (eight digits will do). A stored message is shown
    as it was judged; a file as it would be judged now. Nothing is stored or sent.
    """
    with office_of(ctx) as office:
        found = find_explanation(office.desk, message)
    if as_json:
        print_json(found)
    else:
        _print(found)


def find_explanation(desk: "Desk", message: str) -> "Explanation":
    """The explanation of a file or of a stored message. Raises: PenholderError."""
    from pipeline.bootstrap import now
    from pipeline.cli.files import read_bytes
    from pipeline.errors import UsageError
    from pipeline.explain import explain_letter, explain_stored, find_stored

    if Path(message).is_file():
        return explain_letter(desk, read_bytes(Path(message)), now())
    stored = find_stored(desk, message)
    if stored is None:
        raise UsageError(f"{message} is neither a file nor a stored message: look it up in the inbox.")
    return explain_stored(desk, stored.id)


def _print(found: "Explanation") -> None:
    made = found.recognition
    sender = f"{made.sender.name} <{made.sender.address}>".strip() if made.sender else "nobody"
    click.echo(f"message {found.message_id or '(not stored)'}\n  from     {sender}\n  subject  {made.subject}")
    for answers, decision in _list_decisions(made):
        click.echo(f"\n{answers}: {decision}")
        for sight in found.ladder:
            if sight.rung.answers == answers or (sight.rung.answers == "both" and sight.clues):
                _print_sight(sight)
    click.echo(f"\nwhat for: {made.verdict.kind} ({made.verdict.certainty})")
    _print_clues(found.kind)
    for words in found.contradictions:
        click.echo(f"\nagainst it: {words}")
    for file in made.files:
        click.echo(f"\nfile {file.filename}: {file.kind}{f', {file.reason}' if file.reason else ''}")
    if made.verdict.flags:
        click.echo(f"\nflags: {', '.join(made.verdict.flags)}")
    click.echo(f"\nplace: {made.action.place}. {made.action.reason}")


def _list_decisions(made: "Recognition") -> list[tuple[str, str]]:
    from pipeline.explain import WHICH, WHO

    identity = made.identity
    if identity is None:
        return [(WHO, "unknown, it could not be read"), (WHICH, "unknown, it could not be read")]
    draft = identity.draft or (f"{identity.suggested_draft} as a suggestion" if identity.suggested_draft else "unknown")
    return [
        (WHO, f"{identity.body or identity.agency or 'unknown'} ({identity.who})"),
        (WHICH, f"{draft} ({identity.which})"),
    ]


def _print_sight(sight: "Sight") -> None:
    mark = "  BUT  " if sight.contradicts else "  saw  " if sight.clues else "  -    "
    click.echo(f"{mark}{sight.rung.name} ({sight.rung.alone} alone){'' if sight.clues else ': nothing'}")
    _print_clues(sight.clues)


def _print_clues(clues: tuple["Clue", ...]) -> None:
    for clue in clues:
        click.echo(f"         {clue.words}")
