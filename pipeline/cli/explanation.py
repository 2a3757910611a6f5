"""`penholder explain`: why a message is where it is, rung by rung."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json

if TYPE_CHECKING:
    from pipeline.core.model import Clue, Mailbox, Recognition
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
    click.echo(f"message {found.message_id or '(not stored)'}\n  subject  {made.subject}")
    _print_side(found)
    for answers, decision in _list_decisions(made):
        click.echo(f"\n{answers}: {decision}")
        for sight in found.ladder:
            if sight.rung.answers == answers or (sight.rung.answers == "both" and sight.clues):
                _print_sight(sight)
    _print_purpose(found)
    for words in found.contradictions:
        click.echo(f"\nagainst it: {words}")
    for file in made.files:
        click.echo(f"\nfile {file.filename}: {file.kind}{f', {file.reason}' if file.reason else ''}")
    if made.verdict.flags:
        click.echo(f"\nflags: {', '.join(made.verdict.flags)}")
    click.echo(f"\nplace: {made.action.place}. {made.action.reason}")


def _print_side(found: "Explanation") -> None:
    """From whom it says it is, and what a server says of that."""
    sender = found.recognition.sender
    click.echo(f"  from     {_name(sender) if sender else 'nobody'}")
    side = found.side
    if side is None:
        click.echo("  server   its head could not be read")
        return
    for mailbox in side.reply_to:
        click.echo(f"  reply-to {_name(mailbox)}")
    if side.return_path == "":
        click.echo("  return   an empty return path: it must not be answered")
    methods = ((name, getattr(side.authentication, name)) for name in ("spf", "dkim", "dmarc"))
    results = " ".join(f"{name}={result}" for name, result in methods if result) or "nothing on the sender"
    weight = "" if side.trusted else "; mailbox.authserv_id is not set, so this decides nothing"
    said = f"{side.authserv_id} says {results}{weight}" if side.authserv_id else "none says anything on the sender"
    click.echo(f"  server   {said}")


def _name(mailbox: "Mailbox") -> str:
    return f"{mailbox.name} <{mailbox.address}>".strip()


def _print_purpose(found: "Explanation") -> None:
    """The questions in order until one is answered, and the wording rules that find something."""
    verdict = found.recognition.verdict
    click.echo(f"\nwhat for: {verdict.kind} ({verdict.certainty})")
    for question in found.asked:
        answer = f"yes. {question.answer}" if question.answer else "no"
        click.echo(f"  {'saw' if question.answer else '-  '}  {question.words} {answer}")
    if found.unasked:
        click.echo(f"       {found.unasked} more were not asked")
    _print_clues(found.kind)
    for rule in found.rules:
        click.echo(f'  rule {rule.file}:{rule.rule} ({rule.saying}) found "{rule.hit}" in: {rule.sentence[:120]}')


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
