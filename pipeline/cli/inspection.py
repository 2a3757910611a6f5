"""`penholder inspect`: what the pipeline makes of a message, with its reasons. Nothing is stored."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.shell import print_json

if TYPE_CHECKING:
    from pipeline.closely import CloseReading
    from pipeline.core.forward import Forward
    from pipeline.core.model import Clue, MachineMail, ParsedMail, Recognition
    from pipeline.reading import MessageReading
    from pipeline.understand import Desk, Understanding

#: what a message is when no machine wrote it and it could be read
HUMAN = "human"
#: what a message is that no parser may see or that took its reader down
MALFORMED = "malformed"


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON.")
@click.option("--jsonl", type=click.Path(path_type=Path), help="Every *.eml of a folder, one JSON object a line.")
@click.pass_context
def inspect(ctx: click.Context, file: Path | None, as_json: bool, jsonl: Path | None) -> None:
    """Show what the pipeline makes of one message, with its reasons.

    Uses the roster and rounds of your configuration where there is one; works without. Nothing is stored or sent.
    """
    from pipeline.cli.files import read_bytes
    from pipeline.errors import MailTooComplexError, SandboxError, UsageError

    if jsonl is not None:
        for line in read_folder(jsonl):
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    if file is None:
        raise UsageError("Name a message: penholder inspect letter.eml, or a folder with --jsonl.")
    raw = read_bytes(file)
    try:
        with open_desk(ctx.obj["config"]) as desk:
            close, understanding = look_at(raw, desk)
    except (MailTooComplexError, SandboxError) as error:
        if not as_json:
            raise
        print_json(describe_malformed(file.name, str(error)))
        return
    if as_json:
        known = describe_recognition(understanding.recognition) if understanding else {}
        print_json(describe(file.name, close) | known)
    else:
        _print(file.name, close.reading, understanding)


def look_at(raw: bytes, desk: "Desk") -> tuple["CloseReading", "Understanding | None"]:
    """A message read closely, and held against the rounds where a roster is there. Raises: PenholderError."""
    from pipeline.closely import read_closely
    from pipeline.situation import has_roster, own_addresses
    from pipeline.understand import understand

    with desk.database.read() as db:
        own = own_addresses(db)
        known = has_roster(db)
    close = desk.reader.call(read_closely, raw, own, desk.authserv_id)
    received_at = close.reading.mail.date or _now()
    return close, understand(raw, received_at, desk) if known else None


def read_folder(folder: Path) -> Iterator[dict[str, Any]]:
    """One description for every *.eml in `folder`; a message that cannot be parsed gets its line all the same."""
    from pipeline.adapters.sandbox import Sandbox
    from pipeline.closely import read_closely
    from pipeline.errors import PenholderError, UsageError

    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder: name the one that holds the *.eml files.")
    with Sandbox() as sandbox:
        for path in sorted(folder.glob("*.eml")):
            try:
                yield describe(path.name, sandbox.call(read_closely, path.read_bytes(), frozenset(), ""))
            except PenholderError as error:
                yield describe_malformed(path.name, str(error))
            except OSError as error:
                yield describe_malformed(path.name, f"The file cannot be read: {error.strerror}.")


def describe_malformed(name: str, reason: str) -> dict[str, Any]:
    """The line of a message that could not be read."""
    return {"file": name, "class": MALFORMED, "reason": reason}


def describe(name: str, close: "CloseReading") -> dict[str, Any]:
    """A message as plain values, judged by itself."""
    mail, reply, machine = close.reading.mail, close.reading.reply, close.reading.machine
    return {
        "file": name,
        "class": machine.kind.value if machine else HUMAN,
        "from": _describe_sender(mail),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": mail.references,
        "text": close.shown_text,
        "reply_text": reply.new_text,
        "reply_text_with_signature": reply.new_text_with_signature,
        "failed_recipients": _describe_failed(machine),
        "attachments": _describe_attachments(close),
        "forwarded": _describe_forwarded(close.forwarded),
        "auth": _describe_authentication(close),
        "defects": mail.defects,
        "clues": [_describe_clue(clue) for clue in machine.clues] if machine else [],
    }


def describe_recognition(recognition: "Recognition") -> dict[str, Any]:
    """What was made of a message with the roster and the rounds known."""
    identity, verdict = recognition.identity, recognition.verdict
    clues = (*(identity.clues if identity else ()), *verdict.clues)
    return {
        "kind": verdict.kind,
        "agency": identity.agency if identity else None,
        "body": identity.body if identity else None,
        "draft": identity.draft if identity else None,
        "certainty": {
            "kind": verdict.certainty,
            "agency": identity.who if identity else None,
            "draft": identity.which if identity else None,
        },
        "clues": [_describe_clue(clue) for clue in clues],
        "place": recognition.action.place,
        "reason": recognition.action.reason,
        "flags": verdict.flags,
    }


def _describe_clue(clue: "Clue") -> dict[str, str]:
    return {"source": clue.source, "points_to": clue.points_to, "words": clue.words}


def _describe_sender(mail: "ParsedMail") -> dict[str, str] | None:
    """A From field without an address still names somebody."""
    if mail.sender:
        return {"name": mail.sender.name, "address": mail.sender.address}
    written = mail.get_header("from")
    return {"name": written.strip(' "'), "address": ""} if written else None


def _describe_failed(machine: "MachineMail | None") -> list[dict[str, Any]]:
    failed = machine.failed_recipients if machine else ()
    return [{"address": one.address, "permanent": one.permanent, "status": one.status} for one in failed]


def _describe_attachments(close: "CloseReading") -> list[dict[str, Any]]:
    """The files; a detached signature without a name belongs to the envelope."""
    return [
        {"filename": one.filename, "content_type": one.content_type, "size": len(one.content)}
        for one in close.shown_files
        if one.filename or not one.content_type.endswith("-signature")
    ]


def _describe_forwarded(found: "Forward | None") -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "type": found.type,
        "from": found.sender,
        "subject": found.subject,
        "date": found.date,
        "text": found.text,
        "text_top": found.text_top,
        "raw_text": found.raw_text,
    }


def _describe_authentication(close: "CloseReading") -> dict[str, Any]:
    """What a server stated; "trusted" says whether it is the configured one, whose word alone counts."""
    results = {name: getattr(close.authentication, name) or "none" for name in ("dmarc", "spf", "dkim")}
    return results | {"server": close.authserv_id, "trusted": close.trusted}


@contextmanager
def open_desk(config: Path | None) -> Iterator["Desk"]:
    """The configured desk; without a configuration, one with an empty database in memory."""
    from pipeline.bootstrap import open_office
    from pipeline.config import DEFAULT_FILE, Settings, default_settings, read_settings

    there = config is not None or Path(DEFAULT_FILE).exists()
    settings: Settings = read_settings(config) if there else default_settings()
    with open_office(settings) as office:
        yield office.desk


def _now() -> datetime:
    from pipeline.bootstrap import now

    return now()


def _print(name: str, reading: "MessageReading", understanding: "Understanding | None") -> None:
    mail = reading.mail
    sender = f"{mail.sender.name} <{mail.sender.address}>".strip() if mail.sender else "nobody"
    click.echo(f"{name}\n  from     {sender}\n  subject  {mail.subject}")
    if understanding is None:
        kind = reading.machine.kind.value if reading.machine else HUMAN
        click.echo(f"  class    {kind}\n  no roster is configured, so who and which draft stay open")
    else:
        _print_recognition(understanding)
    for defect in mail.defects:
        click.echo(f"  defect   {defect}")
    click.echo("  new text")
    for line in reading.reply.new_text.splitlines():
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
