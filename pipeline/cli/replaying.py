"""`penholder replay`: what a changed rule would do to the messages that are stored, and then doing it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from pipeline.cli.shell import office_of, print_json

if TYPE_CHECKING:
    from pipeline.replay import Replayed, Standing


@click.command()
@click.argument("messages", nargs=-1, type=int)
@click.option("--apply", is_flag=True, help="Keep the new reading. Without it nothing is changed.")
@click.option("--dry-run", is_flag=True, help="Only say what would change; this is what happens anyway.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.pass_context
def replay(ctx: click.Context, messages: tuple[int, ...], apply: bool, dry_run: bool, as_json: bool) -> None:
    """Read stored MESSAGES (numbers; all without one) again, after a rule changed, and show what would change.

    What a person decided stays as it is. With --apply the new reading is kept, and receipts it leads to are queued.
    """
    from pipeline import replay as use_case
    from pipeline.errors import UsageError

    if apply and dry_run:
        raise UsageError("Choose one: --dry-run shows what would change, --apply changes it.")
    with office_of(ctx) as office:
        chosen = use_case.list_replayable(office.desk, messages)
        run = use_case.replay if apply else use_case.rehearse
        found = list(_watch(run(office.desk, chosen, office.clock()), len(chosen), shown=not as_json))
    if as_json:
        print_json({"applied": apply, "read": len(chosen), "changes": found})
        return
    verb = "changed" if apply else "would change; nothing was (keep it with --apply)"
    click.echo(f"{len(chosen)} messages read again, {len(found)} {verb}.", err=True)


def _watch(replayed: Iterable["Replayed"], count: int, *, shown: bool) -> Iterator["Replayed"]:
    """The messages that differ, each printed as soon as it is known."""
    from pipeline.cli.files import progress

    with progress(count) as tell:
        for number, each in enumerate(replayed, 1):
            tell(number, f"message {each.message_id}")
            if each.changed:
                if shown:
                    _print(each)
                yield each


def _print(each: "Replayed") -> None:
    click.echo(f"message {each.message_id}  {each.subject}")
    for name, old, new in _list_differences(each.before, each.after):
        click.echo(f"  {name:<9} {old or '-'} -> {new or '-'}")
    if each.mails:
        click.echo(f"  receipts  {each.mails}")
    click.echo(f"  because   {each.reason}")


def _list_differences(before: "Standing", after: "Standing") -> list[tuple[str, str, str]]:
    """Name, old and new of everything that differs."""
    old, new = _write(before), _write(after)
    return [(name, old[name], new[name]) for name in old if old[name] != new[name]]


def _write(standing: "Standing") -> dict[str, str]:
    return {
        "place": standing.place.value,
        "kind": standing.kind,
        "agency": standing.agency,
        "draft": standing.draft,
        "certainty": "/".join(standing.certainty),
        "flags": ", ".join(standing.flags),
        "a person": "has to look" if standing.attention else "need not look",
        "proposals": f"{standing.proposals} ({standing.wording})" if standing.proposals else "0",
    }
