"""`penholder inspect`: what the pipeline makes of a message, with its reasons. Nothing is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.shell import print_json, to_json

if TYPE_CHECKING:
    from pipeline.understand import Desk, Understanding


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--jsonl", type=click.Path(path_type=Path), help="Every *.eml of a folder, one JSON object a line.")
@click.pass_context
def inspect(ctx: click.Context, file: Path | None, as_json: bool, jsonl: Path | None) -> None:
    """Show what the pipeline makes of one message, with its reasons.

    Uses the roster and rounds of your configuration where there is one; works without. Nothing is stored or sent.
    """
    from pipeline.errors import UsageError

    if (file is None) == (jsonl is None):
        raise UsageError("Name one: a message (penholder inspect letter.eml), or a folder with --jsonl.")
    if jsonl is not None:
        _print_folder(jsonl, ctx.obj["config"])
    elif file is not None:
        _print_file(file, as_json, ctx.obj["config"])


def _print_folder(folder: Path, config: Path | None) -> None:
    from pipeline.cli.files import progress
    from pipeline.errors import UsageError

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder: name the one that holds the *.eml files.")
    paths = sorted(folder.glob("*.eml"))
    with open_desk(config, workers=_count_cores()) as desk, progress(len(paths)) as tell:
        for number, line in enumerate(read_files(paths, desk), 1):
            click.echo(to_json(line))
            tell(number, line["file"])


def _print_file(file: Path, as_json: bool, config: Path | None) -> None:
    from pipeline.cli.files import read_bytes
    from pipeline.describe import describe_malformed
    from pipeline.errors import MailTooComplexError, SandboxError

    raw = read_bytes(file)
    with open_desk(config) as desk:
        try:
            described, understanding = look_at(file.name, raw, desk, find_own(desk))
        except (MailTooComplexError, SandboxError) as error:
            if not as_json:
                raise
            described, understanding = describe_malformed(file.name, str(error)), None
    if as_json:
        print_json(described)
    else:
        _print(described, understanding)


def find_own(desk: "Desk") -> frozenset[str] | None:
    """Our own addresses; None without a roster."""
    from pipeline.situation import has_roster, own_addresses

    with desk.database.read() as db:
        return own_addresses(db) if has_roster(db) else None


def look_at(
    name: str, raw: bytes, desk: "Desk", own: frozenset[str] | None
) -> tuple[dict[str, Any], "Understanding | None"]:
    """A message as plain values, and held against the rounds when we know who we are. Raises: PenholderError."""
    from pipeline.describe import describe_message, describe_recognition
    from pipeline.understand import understand

    described = desk.reader.call(describe_message, name, raw, own or frozenset(), desk.authserv_id)
    if own is None:
        return described, None
    received_at = datetime.fromisoformat(described["date"]) if described["date"] else _now()
    understanding = understand(raw, received_at, desk)
    return described | describe_recognition(understanding.recognition), understanding


def read_files(paths: list[Path], desk: "Desk") -> Iterator[dict[str, Any]]:
    """One description for every file, in order; a message that cannot be parsed gets its line all the same."""
    from functools import partial

    from pipeline.adapters.sandbox import map_in_order

    yield from map_in_order(partial(_describe_file, desk=desk, own=find_own(desk)), paths, _count_cores())


def _describe_file(path: Path, *, desk: "Desk", own: frozenset[str] | None) -> dict[str, Any]:
    from pipeline.core.limits import check_size
    from pipeline.describe import describe_malformed
    from pipeline.errors import PenholderError

    # opening a pipe would wait for whoever writes into it
    if not path.is_file():
        return describe_malformed(path.name, "This is no file.")
    try:
        check_size(path.stat().st_size)
        return look_at(path.name, path.read_bytes(), desk, own)[0]
    except PenholderError as error:
        return describe_malformed(path.name, str(error))
    except OSError as error:
        return describe_malformed(path.name, f"The file cannot be read: {error.strerror}.")


def _count_cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def open_desk(config: Path | None, *, workers: int = 1) -> Iterator["Desk"]:
    """The configured desk; without a configuration, one with an empty database in memory."""
    from pipeline.bootstrap import open_office
    from pipeline.config import DEFAULT_FILE, Settings, default_settings, read_settings

    there = config is not None or Path(DEFAULT_FILE).exists()
    settings: Settings = read_settings(config) if there else default_settings()
    with open_office(settings, workers=workers) as office:
        yield office.desk


def _now() -> datetime:
    from pipeline.bootstrap import now

    return now()


def _print(described: dict[str, Any], understanding: "Understanding | None") -> None:
    writer = described["from"]
    sender = f"{writer['name']} <{writer['address']}>".strip() if writer else "nobody"
    click.echo(f"{described['file']}\n  from     {sender}\n  subject  {described['subject']}")
    if understanding is None:
        click.echo(f"  class    {described['class']}\n  no roster is configured, so who and which draft stay open")
    else:
        _print_recognition(understanding)
    for defect in described["defects"]:
        click.echo(f"  defect   {defect}")
    click.echo("  new text")
    for line in described["reply_text"].splitlines():
        click.echo(f"    {line}")


def _print_recognition(understanding: "Understanding") -> None:
    recognition = understanding.recognition
    identity, verdict, action = recognition.identity, recognition.verdict, recognition.action
    click.echo(f"  kind     {verdict.kind} ({verdict.certainty})")
    if identity is not None:
        click.echo(f"  agency   {identity.body or identity.agency or 'unknown'} ({identity.who})")
        click.echo(f"  draft    {identity.draft or 'unknown'} ({identity.which})")
    click.echo(f"  place    {action.place}: {action.reason}")
    for clue in (*(identity.clues if identity else ()), *verdict.clues):
        click.echo(f"  because  {clue.words}")
    for file in recognition.files:
        click.echo(f"  file     {file.filename}: {file.kind}{f', {file.reason}' if file.reason else ''}")
    for finding in understanding.findings:
        for change in finding.changes.changes if finding.changes else ():
            click.echo(f"  proposes {change.kind}: {change.old!r} -> {change.new!r}")
    for edit in verdict.typed_edits:
        click.echo(f"  proposes {edit.operation} in paragraph {edit.paragraph}: {edit.old!r} -> {edit.new!r}")
